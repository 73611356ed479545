"""What is said about books: sums that tie, moves with reasons, what-if."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.portfolio.books import answers, whatif
from csmcalc.portfolio.books.assign import assign
from csmcalc.portfolio.books.rules import parse_rules
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import Csm
from csmcalc.portfolio.books.value import book_value, common_price, wanted_hours
from csmcalc.portfolio.books.weights import Weights
from tests.books_assign.teams import NAMES, customers, task, team


def test_books_add_up_to_the_list() -> None:
    one = task(30, 1)
    one.customers["segment"] = np.where(one.customers["arr"] > 20_000, "Star", "Cash Cow")
    found = assign(one, work=10)
    books = answers.books(one, found.owner)
    frame = one.customers
    assert books["csm"].tolist() == list(NAMES[:3])
    assert books["customers"].sum() == 30
    for column in ("arr", "hours", "risk"):
        assert books[column].sum() == pytest.approx(frame[column].sum())
    assert books[[*answers.MONTHS]].sum().sum() == pytest.approx(frame["arr"].sum())
    assert books["segment: Star"].sum() == (frame["segment"] == "Star").sum()
    assert books["utilisation"].tolist() == (books["hours"] / books["capacity"]).tolist()
    assert (books["utilisation"] <= 1 + 1e-9).all()


def test_balance_before_and_after() -> None:
    one = task(30, 1)
    after = answers.balance(one, assign(one, work=10).owner).set_index("load")
    before = answers.balance(one, answers.owners_today(one)).set_index("load")
    assert (after.loc["hours", ["cv", "gini"]] < before.loc["hours", ["cv", "gini"]]).all()
    even = answers.balance(
        Task(customers(4).assign(hours=1.0), team(customers(4), 2)), ["Ana", "Ben"] * 2
    ).set_index("load")
    assert even.loc["hours"].tolist() == [0.0, 0.0, 1.0]


def test_every_move_has_its_reason() -> None:
    frame = customers(24, 2)
    frame["owner"] = ["Ana"] * 16 + ["Gone"] * 4 + [None] * 4
    csms = tuple(dataclasses.replace(csm, region=frozenset({"EMEA"})) if csm.name == "Ana" else csm
                 for csm in team(frame))  # fmt: skip
    one = dataclasses.replace(
        task(24, 2, ["assign A3 to Cleo"]),
        customers=frame,
        team=csms,
        weights=Weights(continuity=0),
    )
    found = assign(one, work=10)
    moves = answers.moves(found).set_index("id")
    changed = frame["id"][(frame["owner"].to_numpy(dtype=object) != np.array(found.owner))]
    assert set(moves.index) == set(changed)
    assert moves.loc["A3", "reason"] == 'rule "assign A3 to Cleo"'
    assert set(moves.loc[["A16", "A17"], "reason"]) == {"Gone is not in the CSM list"}
    assert set(moves.loc[["A20", "A21"], "reason"]) == {"had no owner"}
    amer = frame["id"][
        (frame["region"] == "AMER") & (frame["owner"] == "Ana") & (frame["id"] != "A3")
    ]
    assert set(moves.loc[list(amer), "reason"]) == {"Ana may not serve it"}


def test_a_book_over_its_target_says_why() -> None:
    frame = customers(12)
    frame.loc[0, "arr"] = 10 * frame["arr"].sum()
    found = assign(Task(frame, team(frame)), work=10)
    first = answers.over(found)[0]
    assert (first.csm, first.load) == (found.owner[0], "arr")
    assert "Customer 0 alone is" in first.why
    assert first.above > 1


def test_a_rule_costs_what_dropping_it_would_gain() -> None:
    one = task(
        9, 3, ["customers at most 4 per CSM", "assign hours > 0 to Ana, Ben, Cleo"], room=2.0
    )
    found = assign(one, work=20)
    costs = answers.rule_costs(found, work=20)
    free = assign(dataclasses.replace(one, rules=one.rules[1:]), work=20)
    assert costs[0].gain == pytest.approx(found.value - free.value, abs=1e-6)
    assert costs[1].gain == pytest.approx(0, abs=1e-6)
    assert all(cost.gain <= cost.up_to + 1e-6 for cost in costs)


def test_keeping_owners_does_not_make_books_even() -> None:
    """Nine of ten like customers are Ana's: by the targets of all, whoever has to keep them."""
    frame = customers(10).assign(arr=1e5, hours=10.0, risk=0.0, owner=["Ana"] * 9 + ["Ben"])
    free = Task(frame, team(frame, 2, room=3))
    kept = dataclasses.replace(free, rules=parse_rules(["keep owner"]))
    best, found = assign(free, work=10), assign(kept, work=10)
    assert found.proven
    assert found.value > best.value + 1
    assert {k: v.tolist() for k, v in found.targets.items()} == {
        k: v.tolist() for k, v in best.targets.items()
    }
    (cost,) = answers.rule_costs(found, work=10)
    assert cost.gain == pytest.approx(found.value - best.value)
    assert cost.gain <= cost.up_to


def test_a_rule_that_the_books_keep_anyway_costs_nothing() -> None:
    one = task(12, 3, ["keep at least 1% of arr with today's owner"], room=2)
    (cost,) = answers.rule_costs(assign(one, work=10), work=60)
    assert cost.gain == 0
    assert cost.up_to < 1


def test_books_in_hand_stay_where_a_rule_less_finds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = assign(task(12, 3, ["keep owner"], room=3), work=10)

    def nothing(*_arguments: object) -> None:
        raise InfeasibleError("not in the time given")

    monkeypatch.setattr(answers, "assign", nothing)
    assert answers.rule_costs(found) == [answers.RuleCost("keep owner", 0.0, found.value)]


def test_a_rule_is_the_reason_of_the_moves_it_asks_for_alone() -> None:
    one = task(24, 2, ["keep region = EMEA from Ana"])
    table = answers.moves(assign(one, work=10))
    named = table["reason"].str.startswith("rule")
    assert set(table.loc[named, "from"]) == {"Ana"}


def test_when_a_csm_leaves_only_that_book_moves() -> None:
    frame = customers(18)
    frame["owner"] = [NAMES[n % 3] for n in range(18)]
    one = Task(frame, team(frame, room=2.0))
    without = whatif.leaves(one, "cleo")
    for by, fewest in (("arr", None), ("customers", 6)):
        found = whatif.fewest_moves(without, by=by, work=20)
        moves = answers.moves(found)
        assert set(moves["from"]) == {"Cleo"}
        assert len(moves) == (fewest or len(moves))
    with pytest.raises(InputError, match='did you mean "Cleo"'):
        whatif.leaves(one, "Clea")


def test_a_new_csm_takes_what_the_ramp_allows() -> None:
    frame = customers(40, 5)
    frame["owner"] = [NAMES[n % 3] for n in range(40)]
    one = Task(frame, team(frame, room=1.5), Weights(continuity=0, arr=0, risk=0, renewals=0))
    hired = whatif.joins(one, Csm("Dan", one.team[0].hours, ramp=0.4))
    found = assign(hired, work=15)
    books = answers.books(hired, found.owner).set_index("csm")
    assert books.loc["Dan", "hours"] == pytest.approx(0.4 * books.loc["Ana", "hours"], rel=0.1)


def test_hours_at_one_price_are_worth_most() -> None:
    random = np.random.default_rng(0)
    scale, kappa = random.uniform(1, 100, 20), random.uniform(0.01, 0.2, 20)
    price = common_price(scale, kappa, 300)
    hours = wanted_hours(scale, kappa, price)
    assert hours.sum() == pytest.approx(300)
    best = book_value(scale, kappa, 300)
    for _try in range(20):
        other = random.dirichlet(np.ones(20)) * 300
        assert (scale * (1 - np.exp(-kappa * other))).sum() <= best
    assert book_value(scale, kappa, 0) == 0


def test_the_value_objective_gives_stars_a_csm_with_time() -> None:
    frame = customers(40, 6)
    frame["value_scale"] = frame["arr"] * np.where(frame["region"] == "EMEA", 5, 0.2)
    frame["kappa"] = 0.03
    plain = Task(frame, team(frame, room=1.6), Weights(continuity=0, renewals=0))
    valued = dataclasses.replace(plain, weights=dataclasses.replace(plain.weights, value=3.0))
    worth = [
        answers.books(one, assign(one, work=15).owner)["book_value"].sum()
        for one in (plain, valued)
    ]
    assert worth[0] < worth[1] <= answers.value_bound(plain)
    assert worth[1] > 0.99 * answers.value_bound(plain)


def test_values_of_a_list_without_owners() -> None:
    one = task(10)
    bare = dataclasses.replace(
        one, customers=one.customers.drop(columns=["owner", "renewal", "risk"])
    )
    found = assign(bare, work=10)
    moves = answers.moves(found)
    assert len(moves) == 10
    assert set(moves["reason"]) == {"had no owner"}
    assert "January" not in answers.books(bare, found.owner)
    assert pd.isna(moves["from"]).all()
