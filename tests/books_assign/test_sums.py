"""What sums settle before a search: never what books could keep, and with the least that gives."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.portfolio.books import options
from csmcalc.portfolio.books.assign import assign
from csmcalc.portfolio.books.check import check
from csmcalc.portfolio.books.model import build
from csmcalc.portfolio.books.rules import parse_rules
from csmcalc.portfolio.books.sums import impossible
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import Csm
from tests.books_assign.teams import NAMES, customers, task, team


def told(one: Task) -> str:
    return impossible(one, build(one))


IMPOSSIBLE = {
    "customers at most 3 per CSM": "alone is at most 4 per CSM",
    "customers at most 0 per CSM": "alone is at most 4 per CSM",
    "customers at least 5 per CSM": "must have 15 together; the smallest relaxation by sums alone "
    "is at least 4 per CSM",
    "hours at most 60% of capacity": "alone is at most 71.5% of capacity",
    "arr at least 9M per book": "must have 27,000,000 together",
    "renewals per month at most 1% of a book": "of the ARR renews in ",
    "arr at most 20k per CSM": "alone is at most 130,224 per CSM",
}


@pytest.mark.parametrize("rule", IMPOSSIBLE)
def test_a_rule_that_sums_forbid_is_told_without_a_search(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(options, "solve")
    with pytest.raises(InfeasibleError) as refused:
        assign(task(12, 2, [rule]))
    assert f'rule "{rule}"' in str(refused.value)
    assert IMPOSSIBLE[rule] in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        "customers at most 4 per CSM",
        "customers at least 4 per CSM",
        "hours at most 71.5% of capacity",
        "renewals per month at most 100% of a book",
    ],
)
def test_the_relaxation_that_is_told_is_enough_for_the_sums(rule: str) -> None:
    assert told(task(12, 2, [rule])) == ""


def test_customers_who_can_only_go_to_some_are_summed_on_their_own() -> None:
    frame = customers(12).assign(hours=10.0, region=["EMEA"] * 4 + ["AMER"] * 8)
    emea = (Csm("Ana", 30, region=frozenset({"EMEA"})), Csm("Ben", 900, region=frozenset({"AMER"})))
    assert "4 customers who have 40 hours can only go to Ana, who may have 30" in told(
        Task(frame, emea)
    )
    both = (*emea, Csm("Cleo", 5))
    assert "can only go to Ana, Cleo, who may have 35 together" in told(Task(frame, both))


def test_one_customer_beyond_every_csm_is_named() -> None:
    frame = customers(4).assign(hours=[10.0, 90.0, 10.0, 10.0])
    one = Task(frame, (Csm("Ana", 80), Csm("Ben", 70)))
    assert (
        "customer A1 (Customer 1) has 90 hours, Ana, Ben may have 80 each; the smallest relaxation "
        "by sums alone is 10 more hours (12.5%)" in told(one)
    )


def test_a_csm_who_may_serve_nobody_cannot_have_a_least_load() -> None:
    frame = customers(4).assign(region="EMEA")
    lonely = Csm("Dan", 100, region=frozenset({"AMER"}))
    one = Task(frame, (*team(frame), lonely), rules=parse_rules(["customers at least 1 per CSM"]))
    with pytest.raises(
        InfeasibleError,
        match="no customer may go to Dan, who must have 1",
    ):
        assign(one, work=5)


def random_task(seed: int) -> Task:
    """Tight in one way or another."""
    rules = [
        "customers at most 2 per CSM", "hours at most 85% of capacity", "arr at least 15k",
        "renewals per month at most 60% of a book", "assign region = EMEA to Ana, Ben",
    ]  # fmt: skip
    one = task(4, seed, rules[seed % 3 :: 2], room=1.3)
    return dataclasses.replace(one, team=one.team[:2]) if seed % 2 else one


def test_sums_never_forbid_what_books_could_keep() -> None:
    forbidden = 0
    for seed in (0, 1, 3, 4, 5, 8):
        one = random_task(seed)
        if told(one):
            forbidden += 1
            names = NAMES[: len(one.team)]
            for owner in itertools.product(names, repeat=4):
                assert check(one, owner).violations, (seed, owner)
    assert forbidden == 5


@pytest.mark.parametrize(
    "rule", ["keep at least 50% of arr", "keep 50% of customers", "keep owner"]
)
def test_keeping_todays_owners_where_there_are_none_is_refused(rule: str) -> None:
    frame = customers(6)
    for owners, words in ((None, "they have none"), ("Gone", "they have Gone")):
        one = Task(frame.assign(owner=owners), team(frame), rules=parse_rules([rule]))
        with pytest.raises(InputError, match=words):
            assign(one, work=5)
    bare = Task(frame.drop(columns="owner"), team(frame), rules=parse_rules([rule]))
    with pytest.raises(InputError, match="they have none"):
        assign(bare, work=5)
