"""Policies of hiring are what they say: their laws, the optimum, budgets, requisitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.errors import InfeasibleError
from csmcalc.plan.plan import make_plan
from csmcalc.plan.timeline import optimal
from csmcalc.plan.timeline.chance import random_paths
from csmcalc.plan.timeline.digest import timeline_digest
from csmcalc.plan.timeline.sensitivity import first_csm, frame_of_live
from csmcalc.plan.timeline.timeline import (
    Timeline,
    later,
    make_timeline,
)
from tests.books import book
from tests.plan.timelines import SMALL, STILL, demo, settings_with, shares

drivers = st.fixed_dictionaries(
    {
        "new_accounts": shares(1),
        "churn": shares(0.6),
        "expansion": shares(0.5),
        "ramp": st.integers(0, 9),
        "fill": st.integers(0, 6),
        "attrition": shares(0.5),
        "heads": st.integers(0, 30),
        "basis": st.sampled_from(["rule", "workload", "value"]),
    }
)


def of_drivers(d: dict[str, Any], **hiring: Any) -> Timeline:
    told = settings_with(
        timeline={
            **STILL,
            "new_accounts": d["new_accounts"],
            "churn": d["churn"],
            "expansion": d["expansion"],
        },
        hiring={
            "ramp_months": float(d["ramp"]),
            "months_to_fill": float(d["fill"]),
            "attrition": d["attrition"],
            "basis": d["basis"],
            **hiring,
        },
        team={"csms": d["heads"]},
    )
    return make_timeline(make_plan(SMALL, told), months=18)


@given(drivers)
@settings(max_examples=25, deadline=None)
def test_policies_keep_their_laws(d: dict[str, Any]) -> None:
    made = of_drivers(d)
    uncovered = {name: team.uncovered_arr.sum() for name, team in made.policies.items()}
    assert uncovered["ahead"] <= uncovered["arrears"] + 1e-6
    best = made.best
    assert best.gap <= 1e-6
    for name, team in made.policies.items():
        net = team.net_value.sum()
        assert net <= best.bound + 1e-6 * abs(best.bound) + 1e-3, name
    optimal = made.policies["optimal"].net_value.sum()
    assert optimal == pytest.approx(best.net_value, rel=1e-7, abs=1e-3)
    longer = of_drivers({**d, "ramp": d["ramp"] + 3})
    for name in ("ahead", "arrears"):
        assert longer.policies[name].starts.sum() >= made.policies[name].starts.sum()


def test_the_optimum_equals_trying_everything() -> None:
    d = {
        "new_accounts": 0.8, "churn": 0.05, "expansion": 0.3, "ramp": 2, "fill": 1,
        "attrition": 0.2, "heads": 1, "basis": "value",
    }  # fmt: skip
    told = settings_with(
        timeline={**STILL, "new_accounts": 0.8, "churn": 0.05, "expansion": 0.3},
        hiring={"ramp_months": 2.0, "months_to_fill": 1.0, "attrition": 0.2, "basis": "value",
                "most_starts": 3},
        team={"csms": d["heads"]},
    )  # fmt: skip
    made = make_timeline(make_plan(SMALL, told), months=6)
    frame = frame_of_live(made)
    from csmcalc.plan.timeline.team import team_of

    tried = np.array(np.meshgrid(*[np.arange(4)] * 5)).reshape(5, -1).T.astype(float)
    best = -np.inf
    for starts in tried:
        net = team_of(frame, np.append(0.0, starts)[None, :]).net_value.sum()
        best = max(best, net)
    assert made.best.net_value == pytest.approx(best, rel=1e-9)


def test_an_answer_that_comes_again_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """However close bound and worth are wanted, the solver's tolerance ends the search."""
    plan, answers = demo(hiring={"basis": "value"}), []
    usual = make_timeline(plan, months=12).best
    run = optimal._Programme._run

    def noted(self: Any, known: Any) -> Any:
        found = run(self, known)
        if known is not None:
            answers.append(found[0].tobytes())
        return found

    monkeypatch.setattr(optimal, "_GAP", -1.0)
    monkeypatch.setattr(optimal._Programme, "_run", noted)
    best = make_timeline(plan, months=12).best
    assert len(set(answers)) == len(answers) - 1
    assert answers[-1] in answers[:-1]
    assert best.net_value == pytest.approx(usual.net_value, rel=1e-9)
    assert best.bound >= best.net_value * (1 - 1e-9)


def test_a_budget_and_a_cap_bind_or_are_refused() -> None:
    free = make_timeline(demo(hiring={"basis": "value"}), months=24, policy="optimal")
    capped = make_timeline(
        demo(hiring={"basis": "value", "most_starts": 1}), months=24, policy="optimal"
    )
    assert capped.policies["optimal"].starts.max() <= 1
    assert capped.best.net_value <= free.best.net_value + 1e-6
    budget = 2_000_000.0
    tight = make_timeline(demo(hiring={"budget": budget}), months=24, policy="optimal")
    team = tight.policies["optimal"]
    years = np.array(tight.fiscal_years)
    for year in set(tight.fiscal_years):
        spent = (team.cost_csms + team.cost_hires)[0, years == year].sum()
        assert spent <= budget + 0.01


def test_requisitions_open_in_time() -> None:
    made = make_timeline(demo(hiring={"basis": "rule"}), months=24, policy="ahead")
    assert made.requisitions
    assert sum(one.csms for one in made.requisitions) == made.policies["ahead"].starts.sum()
    for one in made.requisitions:
        assert one.opens >= made.months[0]
        assert later(one.opens, 3) == one.starts
        assert later(one.starts, 5) == one.productive


def test_in_arrears_the_rule_doubles_until_caught_up() -> None:
    plan = demo(hiring={"basis": "rule", "attrition": 0.0}, timeline=STILL)
    made = make_timeline(plan, months=12, policy="arrears")
    doubled, today = plan.view("arrears").csms, made.opening.heads
    assert made.policies["arrears"].starts[0].tolist() == [0, 0, 0, doubled - today] + [0] * 8


def test_random_leavers_scatter_around_the_expected_ones() -> None:
    made = make_timeline(demo(), months=24)
    frame, starts = frame_of_live(made), made.policies["ahead"].starts[0]
    paths = random_paths(frame, starts, 20_000, seed=1)
    assert (paths.heads[0] <= paths.heads[1]).all()
    assert paths.heads[1] == pytest.approx(made.policies["ahead"].heads[0], abs=1.0)
    none = demo(hiring={"attrition": 0.0})
    certain = make_timeline(none, months=24)
    same = random_paths(frame_of_live(certain), certain.policies["ahead"].starts[0], 200)
    assert same.productive[0] == pytest.approx(certain.policies["ahead"].productive[0])


def test_the_first_csm_pays_for_search_ramp_and_hire() -> None:
    """Each start against every month to the end, added up one by one."""
    told = {"timeline": STILL, "team": {"csms": 0}, "hiring": {"attrition": 0.0}}
    plan = make_plan(book(arr=[300_000.0] * 12), settings_with(**told))
    made = make_timeline(plan, months=24)
    found = first_csm(made)
    frame, start = frame_of_live(made), 3  # months to fill
    assert found.month == start
    monthly = plan.rates.loaded_cost / 12
    discount = [1.1 ** (-(month + 1) / 12) for month in range(24)]
    ramp = [min(1.0, (month - start + 0.5) / 5) for month in range(24)]
    cost = sum(discount[start:]) * monthly + 0.2 * 12 * monthly * discount[start]
    assert found.cost == pytest.approx(cost)
    hours = np.array([[max(share, 0.0) for share in ramp]]) * plan.rates.effective_hours
    value = frame.worth.of_hours(hours)[0][0] / 12
    assert found.worth == pytest.approx(value @ discount)
    assert found.worth > found.cost
    # With a few months left the ramp and the hire are never repaid, though full hours would pay.
    short = first_csm(make_timeline(plan, months=5))
    assert short.month is None
    assert short.worth < short.cost
    assert frame.worth.of_hours(np.full((1, 24), hours.max()))[0][0, 0] > plan.rates.loaded_cost
    assert first_csm(make_timeline(plan, months=2)).month is None


def test_a_budget_that_no_plan_keeps_leaves_the_other_policies() -> None:
    plan = demo(hiring={"budget": 1_000.0})
    made = make_timeline(plan, months=12, policy="ahead")
    assert "budget is 1,000 a fiscal year" in made.best.why_not
    assert made.team.starts.sum() > 0
    found = timeline_digest(made, ("base",))
    assert set(found["policies"]) == {"ahead", "arrears", "level"}
    assert found["optimum"]["bound"] is None
    with pytest.raises(InfeasibleError, match="budget is 1,000 a fiscal year"):
        make_timeline(plan, months=12, policy="optimal")
