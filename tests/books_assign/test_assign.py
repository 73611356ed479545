"""From task to books: brute force, laws, rules kept, and the checker that nobody fools."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.portfolio.books.assign import Assigned, assign
from csmcalc.portfolio.books.check import check
from csmcalc.portfolio.books.model import build
from csmcalc.portfolio.books.relaxation import relaxations
from csmcalc.portfolio.books.rules import parse_rules
from csmcalc.portfolio.books.task import Task, arr_at_risk, make_task
from csmcalc.portfolio.books.team import Csm
from csmcalc.portfolio.books.weights import Weights
from tests.books import demo_book
from tests.books_assign.teams import NAMES, customers, task, team

EVERYTHING = Weights(count=0.3, renewals=0.4, ramp=0.5, value=0.2)


def solved(one: Task) -> Assigned:
    found = assign(one, work=20)
    assert check(one, found.owner).violations == ()
    return found


def with_value(one: Task) -> Task:
    frame = one.customers.assign(value_scale=one.customers["arr"], kappa=0.05)
    ramping = (*one.team[:-1], dataclasses.replace(one.team[-1], ramp=0.5))
    return dataclasses.replace(one, customers=frame, team=ramping)


RULES = [
    [],
    ["keep owner for tier = high touch"],
    ["customers at most 3 per CSM"],
    ["balance hours within 30%"],
    ["keep at least 80% of arr with today's owner"],
    ["assign region = EMEA to Ana, Ben", "keep A3 from Ana"],
]


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "; ".join(rules) or "none")
@pytest.mark.parametrize("seed", [1, 2])
def test_as_good_as_trying_everything(seed: int, rules: list[str]) -> None:
    one = with_value(task(5, seed, rules, weights=EVERYTHING, room=1.8))
    values = [
        verdict.value
        for owner in itertools.product(NAMES[:3], repeat=5)
        if not (verdict := check(one, owner)).violations
    ]
    if not values:
        with pytest.raises(InfeasibleError):
            assign(one, work=20)
        return
    found = solved(one)
    assert found.value == pytest.approx(min(values), abs=1e-6)
    assert found.bound <= min(values) + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_a_share_that_stays_is_proven_in_small_lists(seed: int) -> None:
    """What lies between two prices of a change of hands is found as well."""
    share = "keep at least 60% of customers with today's owner"
    found = solved(task(6, seed, [share, "customers at most 3 per CSM"], room=2))
    assert found.proven


def test_the_solver_and_the_checker_mean_the_same_objective() -> None:
    one = with_value(task(40, 3, ["balance arr within 40%"], csms=4, weights=EVERYTHING))
    found = solved(one)
    model = build(one)
    owner = one.positions(pd.Series(found.owner))
    arcs = model.problem.arcs(np.arange(40), owner)
    assert model.problem.value(arcs) == pytest.approx(found.value, abs=1e-8)
    assert sum(found.terms.values()) == pytest.approx(found.value)


def test_the_order_of_the_lists_does_not_change_the_value() -> None:
    one = task(14, 5)
    first = solved(one)
    shuffled = dataclasses.replace(
        one,
        customers=one.customers.sample(frac=1, random_state=4).reset_index(drop=True),
        team=one.team[::-1],
    )
    assert first.proven
    assert solved(shuffled).value == pytest.approx(first.value, abs=1e-6)


def test_pinning_everything_returns_todays_books() -> None:
    frame = customers(20)
    frame["owner"] = [NAMES[n % 3] for n in range(20)]
    one = Task(frame, team(frame, room=2.5), rules=parse_rules(["keep owner"]))
    found = solved(one)
    assert list(found.owner) == frame["owner"].tolist()
    assert found.proven
    assert found.terms["continuity"] == 0


def test_customers_alike_make_books_within_one_customer() -> None:
    frame = customers(11).assign(arr=1000.0, hours=5.0, risk=10.0, region="EMEA")
    weights = Weights(continuity=0, renewals=0)
    found = solved(Task(frame, team(frame), weights))
    counts = pd.Series(found.owner).value_counts()
    assert counts.max() - counts.min() <= 1


def test_more_capacity_with_the_targets_held_is_never_worse() -> None:
    tight = task(12, 2, ["hours at most 75% of capacity"])
    loose = task(12, 2, ["hours at most 95% of capacity"])
    worse, better = solved(tight), solved(loose)
    assert worse.proven
    assert better.proven
    assert better.value <= worse.value + 1e-6


def test_a_bound_holds_for_what_is_not_proven() -> None:
    one = task(40, 6, csms=4)
    quick, long = assign(one, work=5), assign(one, work=15, seed=1)
    assert quick.bound <= long.value + 1e-9
    assert long.bound <= quick.value + 1e-9
    assert quick.gap == pytest.approx(quick.value - quick.bound)


def test_the_same_seed_gives_the_same_books() -> None:
    one = task(40, 7, csms=4)
    assert assign(one, work=5).owner == assign(one, work=5).owner


def test_books_of_the_sample_list_keep_every_rule() -> None:
    from csmcalc.plan.plan import make_plan
    from csmcalc.plan.settings import Settings

    accounts = make_plan(demo_book(), Settings()).accounts
    owners = sorted(accounts["owner"].dropna().unique())
    hours = accounts["planned_hours"].sum() / len(owners) * 1.2
    rules = parse_rules(["keep owner for tier = dedicated", "balance hours within 25%"])
    one = make_task(accounts, [Csm(name, hours) for name in owners], rules=rules)
    found = assign(one, seconds=3)
    assert check(one, found.owner).violations == ()
    before = check(dataclasses.replace(one, rules=()), accounts["owner"].tolist())
    assert found.value < 0.5 * before.value
    assert 0 < found.bound <= found.value


def test_the_checker_refuses_what_breaks_a_rule() -> None:
    frame = customers(9)
    frame["owner"] = [NAMES[n % 3] for n in range(9)]
    served = (
        Csm("Ana", 1000, region=frozenset({"EMEA"})),
        Csm("Ben", 1000),
        Csm("Cleo", 1.0),
    )
    rules = [
        "keep owner for tier = high touch", "assign A0 to Ben", "customers at most 4 per CSM",
        "balance arr within 1%", "keep at least 99% of customers", "renewals per month at most 1%",
    ]  # fmt: skip
    one = Task(frame, served, Weights(), parse_rules(rules))
    broken = {v.rule for v in check(one, ["Cleo"] * 4 + ["Ana"] * 5).violations}
    assert {"eligibility", "capacity", *(rule.text for rule in one.rules)} <= broken
    assert check(one, ["Nobody"] * 9).violations[0].found == '"Nobody" is not in the team'
    assert check(one, ["Ana"]).violations


def test_what_cannot_be_had_names_the_smallest_relaxation() -> None:
    frame = customers(3).assign(hours=10.0, region="EMEA")
    lumps = Task(frame, (Csm("Ana", 17), Csm("Ben", 17)), rules=parse_rules(["arr at least 1"]))
    with pytest.raises(InfeasibleError, match=r"^the rules cannot .* 3 more hours \(17\.6%\)$"):
        assign(lumps, work=20)
    one = task(12, 2, ["hours at most 60% of capacity"])
    needed = sum(r.amount for r in relaxations(one))
    lacking = one.customers["hours"].sum() - 0.6 * sum(csm.hours for csm in one.team)
    assert needed == pytest.approx(lacking, rel=1e-3)
    assert relaxations(task(12, 2)) == []


def test_a_limit_of_0_has_no_percentage() -> None:
    found = relaxations(task(12, 2, ["customers at most 0 per CSM"]))
    assert {one.share for one in found} == {None}
    assert sum(one.amount for one in found) == pytest.approx(12)


def test_a_customer_nobody_serves_is_named_with_what_it_needs() -> None:
    frame = customers(5).assign(region=["EMEA", "APAC", "EMEA", "EMEA", "EMEA"])
    emea = tuple(dataclasses.replace(csm, region=frozenset({"EMEA"})) for csm in team(frame))
    with pytest.raises(InputError, match=r'customer A1 .*: no CSM with hours serves region "APAC"'):
        assign(Task(frame, emea))
    pinned = Task(frame, (*emea, Csm("Dan", 1e4)), Weights(), parse_rules(["assign A1 to Ana"]))
    with pytest.raises(InputError, match='rule "assign A1 to Ana": leaves customer A1'):
        assign(pinned)


def test_an_unknown_csm_in_a_rule_gets_a_suggestion() -> None:
    with pytest.raises(InputError, match='no CSM is called "Bem"; did you mean "Ben"'):
        task(5, rules=["assign A1 to Bem"])


def test_eligibility_is_kept_whatever_it_costs() -> None:
    frame = customers(20, 4)
    served = [
        Csm("Ana", 1e4, region=frozenset({"emea"}), segment=frozenset({"High-Touch"})),
        Csm("Ben", 1e4, region=frozenset({"EMEA", "AMER"})),
        Csm("Cleo", 1e4, language=frozenset({"fr"})),
    ]
    found = solved(Task(frame, tuple(served)))
    ana = frame[pd.Series(found.owner) == "Ana"]
    assert (ana["region"] == "EMEA").all()
    assert (ana["tier"] == "high touch").all()


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (["green", "Yellow", "red", None], [0, 50, 100, 50]),
        ([100, 50, 0, None], [0, 50, 100, 50]),
        (["?", "", None, "-"], None),
    ],
)
def test_risk_is_the_arr_at_risk(health: list[object], expected: list[float] | None) -> None:
    risk = arr_at_risk(pd.Series(health, dtype=object), pd.Series([100.0] * 4))
    assert (None if risk is None else risk.tolist()) == expected
