"""Sensitivities point the right way; goals are met by the growth they name."""

from __future__ import annotations

import numpy as np
import pytest

from csmcalc.plan.plan import make_plan
from csmcalc.plan.timeline.sensitivity import frame_of_live, sensitivity_of
from csmcalc.plan.timeline.timeline import (
    Timeline,
    make_timeline,
)
from tests.books import book
from tests.plan.timelines import demo, settings_with


def test_sensitivities_point_the_right_way(timeline: Timeline) -> None:
    found = sensitivity_of(timeline)
    swing = {one.driver: one for one in found.swings}
    assert swing["churn"].net_low > found.base_net > swing["churn"].net_high
    assert swing["new_accounts"].net_low < found.base_net < swing["new_accounts"].net_high
    assert swing["cost"].net_low > swing["cost"].net_high
    assert (np.diff(found.grid.csms, axis=0) >= 0).all()
    assert (np.diff(found.grid.csms, axis=1) <= 0).all()
    rates = [one.new_accounts for one in found.goals if one.new_accounts is not None]
    assert rates == sorted(rates)
    assert all(one.margin > 0 for one in found.levers)
    assert found.breakeven_end < found.breakeven_now


def test_a_goal_is_met_by_the_growth_it_names() -> None:
    plan = demo(hiring={"basis": "rule"})
    goal = sensitivity_of(make_timeline(plan, months=24)).goals[-1]
    assert goal.new_accounts is not None
    for rate, reached in ((goal.new_accounts + 1e-6, True), (goal.new_accounts - 1e-4, False)):
        told = demo(hiring={"basis": "rule"}, timeline={"new_accounts": rate})
        needed = frame_of_live(make_timeline(told, months=24)).needed[0, -1]
        assert bool(needed >= goal.csms) is reached


def test_goals_of_a_large_team_lie_apart() -> None:
    """One CSM more of many is no growth that a table shows."""
    told = settings_with(hiring={"basis": "rule"})
    found = sensitivity_of(make_timeline(make_plan(book(arr=[400_000.0] * 900), told), months=12))
    apart = int(found.base_csms) // 50
    asked = [goal.csms - found.base_csms for goal in found.goals]
    assert asked == [step * apart for step in (-2, -1, 1, 2, 5)]
    assert apart > 1
    rates = [goal.new_accounts for goal in found.goals if goal.new_accounts is not None]
    assert len({round(rate, 3) for rate in rates}) == len(rates) == 5


def test_sensitivities_of_the_optimal_plan_begin_from_it() -> None:
    made = make_timeline(demo(), months=12, policy="optimal")
    found = sensitivity_of(made)
    assert found.base_net == pytest.approx(made.best.net_value)


def test_goals_of_a_small_team_are_five_different_ones() -> None:
    """Nobody asks twice for one CSM, nor for what is needed already."""
    for accounts in (1, 12):
        told = settings_with(hiring={"basis": "rule"})
        plan = make_plan(book(arr=[250_000.0] * accounts), told)
        found = sensitivity_of(make_timeline(plan, months=12))
        asked = [goal.csms for goal in found.goals]
        assert len(set(asked)) == len(asked) == 5
        assert asked == sorted(asked)
        assert asked[0] >= 1
        assert found.base_csms not in asked
