"""Laws of the months: corkscrews close, limits reduce to the plan, policies are what they say."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum.continuous import ContinuousCurve
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline import optimal
from csmcalc.plan.timeline.chance import random_paths
from csmcalc.plan.timeline.digest import bridge_of, meaning_of, policy_totals, timeline_digest
from csmcalc.plan.timeline.drivers import Growth, Scenario
from csmcalc.plan.timeline.opening import onboarding_weights, opening_of
from csmcalc.plan.timeline.sensitivity import first_csm, frame_of_live, sensitivity_of
from csmcalc.plan.timeline.timeline import (
    Timeline,
    fiscal_year,
    frame_of,
    later,
    make_timeline,
)
from csmcalc.portfolio.judgement import Judged, Level, Minimum
from csmcalc.portfolio.value import hulls_of
from tests.books import book, demo_book

S = Settings()
STILL = {
    "new_accounts": 0.0,
    "churn": 0.0,
    "contraction": 0.0,
    "expansion": 0.0,
    "price": 0.0,
    "rates_from_list": False,
}


def demo(**sections: dict[str, Any]) -> Plan:
    return make_plan(demo_book(), settings_with(**sections))


def settings_with(**sections: dict[str, Any]) -> Settings:
    made = S
    for section, values in sections.items():
        made = made.replace(section, **values)
    return made


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return make_timeline(demo(), months=24)


def test_the_corkscrews_close_to_the_cent(timeline: Timeline) -> None:
    f = timeline.frame.flows
    arr = f.arr_open + f.arr_new + f.arr_expansion + f.arr_price
    arr = arr - f.arr_contraction - f.arr_churned
    assert np.abs(arr - f.arr_close).max() < 0.005
    accounts = f.accounts_open + f.accounts_new - f.accounts_churned
    assert accounts == pytest.approx(f.accounts_close)
    assert f.arr_open[:, 1:] == pytest.approx(f.arr_close[:, :-1])
    assert f.arr_open[:, 0].sum(axis=1) == pytest.approx(timeline.plan.arr)
    for name in timeline.policies:
        team = timeline.policies[name]
        before = np.append(timeline.opening.heads, team.heads[0, :-1])
        assert team.heads[0] == pytest.approx(before - team.leavers[0] + team.starts[0])
        assert (team.starts == np.rint(team.starts)).all()


@pytest.mark.parametrize("basis", ["rule", "workload", "value"])
def test_without_change_ramp_and_attrition_the_months_are_the_plan(basis: str) -> None:
    plan = demo(
        timeline=STILL,
        hiring={"attrition": 0.0, "ramp_months": 0.0, "months_to_fill": 0.0, "basis": basis},
        service={"onboarding_factor": 1.0},
    )
    made = make_timeline(plan, months=12)
    frame = frame_of_live(made)
    for view in ("rule", "workload", "value"):
        assert frame.demand.csms(view)[0].tolist() == [plan.view(view).csms] * 12
        assert frame.demand.exact(view)[0] == pytest.approx(plan.view(view).exact)
    needed = plan.view(basis).csms
    team = made.policies["ahead"]
    assert team.heads[0] == pytest.approx(max(needed, made.opening.heads))
    assert team.starts[0].sum() == max(0, needed - made.opening.heads)
    assert (team.uncovered_arr == 0).all()


def shares(most: float) -> st.SearchStrategy[float]:
    """Shares as people plan with: in whole tenths of a per cent."""
    return st.integers(0, round(1000 * most)).map(lambda thousandths: thousandths / 1000)


RATES = ("new_accounts", "churn", "contraction", "expansion", "price")
PRICED = (
    Level(name="none", share=0.0),
    Level(name="pooled", share=0.2, cost=500.0),
    Level(name="standard", share=1.0, cost=3000.0),
)
SHAPED = Judged(tier="mid touch", none=0.8, today=0.9, more=0.93, saturated=0.96)
ADBUDG = tuple(SHAPED if row.tier == SHAPED.tier else row for row in S.response)
VALUE_MODELS: dict[str, Settings] = {
    "default": S,
    "levels": S.replace("value", menu="levels"),
    "levels that cost": dataclasses.replace(
        S.replace("value", menu="levels"), service_levels=PRICED
    ),
    "S-shaped": dataclasses.replace(S, response=ADBUDG),
    "S-shaped levels": dataclasses.replace(
        S.replace("value", menu="levels", bcg_rules=False), response=ADBUDG
    ),
    "guard of segments": S.replace("value", guard="segment").replace("margin", max_share=0.08),
    "levels and guard of segments": S.replace("value", guard="segment", menu="levels").replace(
        "margin", max_share=0.08
    ),
    "no guard": S.replace("value", guard="off", bcg_rules=False),
    "one year": S.replace("value", years=1),
    "a minimum": dataclasses.replace(
        S.replace("value", bcg_rules=False, guard="off", most=400.0),
        minimum_service=(Minimum(account="AC-1001", hours=9000.0),),
    ),
}
AT_REST = {
    "attrition": 0.0,
    "ramp_months": 0.0,
    "months_to_fill": 0.0,
    "hiring_cost": 0.0,
    "basis": "value",
}


def steps_between(plan: Plan) -> float:
    """By how much whole levels may lie lower: a step of one account, one more for each budget."""
    if isinstance(plan.value.chosen.curve, ContinuousCurve):
        return 0.0
    largest = float(hulls_of(plan.value)[0].value.max())
    budgets = len(plan.by_segment) if plan.settings.value.guard == "segment" else 0
    return largest * (1 + budgets)


@pytest.mark.parametrize("name", VALUE_MODELS)
def test_without_change_the_optimum_is_that_of_the_value_view(name: str) -> None:
    told = VALUE_MODELS[name].replace("timeline", **STILL).replace("hiring", **AT_REST)
    told = told.replace("team", csms=1)
    plan = make_plan(demo_book(), told)
    best = plan.value.chosen.optimum
    made = make_timeline(plan, months=2, policy="optimal")
    team = made.policies["optimal"]
    net = ((team.value - team.cost_csms) * 12)[0]
    assert (net >= best.net_value - 1e-6).all()
    assert (net <= best.bound + steps_between(plan) + 1e-6).all()
    assert net == pytest.approx(best.net_value, rel=1e-3 if "segments" in name else 1e-5)
    assert frame_of_live(made).demand.csms_value[0].tolist() == [best.csms] * 2
    assert team.heads[0].tolist() == [best.csms] * 2
    assert made.best.gap <= 1e-9


rates_a_year = st.fixed_dictionaries(
    {
        "new_accounts": shares(2),
        "churn": shares(0.6),
        "contraction": shares(0.3),
        "expansion": shares(1),
        "price": shares(0.3),
    }
)


@given(rates_a_year)
@settings(max_examples=40, deadline=None)
def test_twelve_months_are_the_year_of_the_settings(told: dict[str, float]) -> None:
    flows = flows_with(**told)
    opening = flows.accounts_open[0, 0]
    for year in (slice(0, 12), slice(12, 24)):
        new = flows.accounts_new[0, year].sum(axis=0)
        assert new == pytest.approx(told["new_accounts"] * flows.accounts_open[0, year.start])
    kept = flows_with(**{**told, "new_accounts": 0.0})
    assert kept.accounts_close[0, 11] == pytest.approx(opening * (1 - told["churn"]))
    arr = kept.arr_open[0, 0]
    for flow, rate in (("churned", "churn"), *((name, name) for name in RATES[2:])):
        moved = getattr(kept, f"arr_{flow}")[0, :12].sum(axis=0)
        assert moved == pytest.approx(told[rate] * arr, abs=1e-6)
    nrr = 1 - told["churn"] - told["contraction"] + told["expansion"] + told["price"]
    assert kept.arr_close[0, 11] == pytest.approx(nrr * arr)
    assert kept.arr_close[0, 23] == pytest.approx(nrr**2 * arr)


def flows_with(**told: float) -> Any:
    plan = make_plan(SMALL, settings_with(timeline={**STILL, **told}))
    return frame_of(plan, opening_of(plan), (Scenario(name="base"),), 24).flows


def test_the_year_keeps_the_net_retention_of_the_list() -> None:
    """A year ago 10.0M, now 12.5M: so the months go on."""
    prior = [100_000.0] * 100
    plan = make_plan(book(arr=[125_000.0] * 100, prior_arr=prior), S)
    made = make_timeline(plan, months=12)
    flows = frame_of_live(made).flows
    change = flows.arr_expansion + flows.arr_price - flows.arr_contraction - flows.arr_churned
    factors = 1 + (change / flows.arr_open)[0, :, 0]
    assert factors.prod() == pytest.approx(plan.bridge.nrr)
    assert plan.bridge.nrr == pytest.approx(1.25)


def test_no_more_is_given_up_than_churn_leaves() -> None:
    lost = flows_with(churn=0.9, contraction=0.5)
    assert lost.arr_close[0, 11] == pytest.approx(0.001 * lost.arr_open[0, 0])
    few = flows_with(churn=0.9, expansion=4.0)
    assert few.arr_close[0, 11] == pytest.approx((0.1 + 0.1 * 20) * few.arr_open[0, 0])


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
SMALL = book(
    arr=[900_000.0, 2_500_000.0, 40_000.0, 700_000.0, 5_000_000.0],
    growth=[0.3, 0.0, -0.1, 0.2, 0.05],
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

    def noted(self: Any, whole: bool) -> Any:
        found = run(self, whole)
        if whole:
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


def test_scenarios_and_segments_of_ones_own() -> None:
    told = dataclasses.replace(
        S,
        scenarios=(Scenario(name="base"), Scenario(name="boom", new_accounts=3.0, cost=1.2)),
        growth=(Growth(segment="Star", new_per_month=2.0, churn=0.0),),
    ).replace("timeline", scenario="boom")
    made = make_timeline(make_plan(demo_book(), told), months=12)
    assert made.live == "boom"
    star = made.opening.names.index("Star")
    assert made.frame.flows.accounts_new[:, :, star].tolist() == [[2.0] * 12, [6.0] * 12]
    assert (made.frame.flows.accounts_churned[:, :, star] == 0).all()
    wrong = dataclasses.replace(S, growth=(Growth(segment="Stra", churn=0.1),))
    with pytest.raises(InputError, match='"Stra" is not known; did you mean "Star"'):
        make_timeline(make_plan(demo_book(), wrong))


def test_rates_of_a_segment_in_which_nobody_stands() -> None:
    """One settings file serves many lists and slices: not every segment is in each."""
    told = dataclasses.replace(S, growth=(Growth(segment="Poor Dog", churn=0.4),))
    two = book(arr=[100_000.0, 300_000.0], growth=[0.3, 0.2])
    plan, plain = (make_plan(two, one) for one in (told, S))
    assert "Poor Dog" not in set(plan.accounts["segment"])
    found, usual = make_timeline(plan), make_timeline(plain)
    assert set(found.opening.names) == {*usual.opening.names, "Poor Dog"}
    assert found.frame.flows.arr_close.sum() == pytest.approx(usual.frame.flows.arr_close.sum())
    assert np.isfinite(found.team.net_value).all()
    empty = found.opening.names.index("Poor Dog")
    assert (found.frame.flows.accounts_close[:, :, empty] == 0).all()


def test_rates_of_a_segment_where_no_growth_is_told() -> None:
    told = dataclasses.replace(S, growth=(Growth(segment="Star", churn=0.4),))
    plan = make_plan(book(arr=[100_000.0]), told)
    with pytest.raises(InputError, match=r'"Star" needs growth.*by touch tier; name a tier, such'):
        make_timeline(plan)
    told = dataclasses.replace(S, growth=(Growth(segment="tech touch", churn=0.4),))
    by_tier = make_timeline(make_plan(book(arr=[100_000.0]), told))
    assert by_tier.opening.names == ("tech touch", "high touch")


def test_a_segment_that_dies_out_and_no_growth_at_all() -> None:
    told = dataclasses.replace(S, growth=(Growth(segment="Star", churn=0.999, new_accounts=0.0),))
    made = make_timeline(make_plan(demo_book(), told), months=24)
    star = made.opening.names.index("Star")
    flows = made.frame.flows
    assert flows.accounts_close[0, -1, star] < 1e-5 * flows.accounts_open[0, 0, star]
    assert flows.arr_close[0, -1, star] < 1e-3 * flows.arr_open[0, 0, star]
    assert np.isfinite(made.team.net_value).all()
    still = make_timeline(demo(timeline=STILL), months=60)
    assert still.frame.flows.arr_close[0].sum(axis=1) == pytest.approx(still.plan.arr)


@pytest.mark.parametrize(
    ("day", "begins", "year"),
    [
        (dt.date(2027, 1, 1), 1, 2027),
        (dt.date(2027, 3, 1), 4, 2027),
        (dt.date(2027, 4, 1), 4, 2028),
        (dt.date(2027, 12, 1), 2, 2028),
    ],
)
def test_fiscal_years_are_named_after_their_end(day: dt.date, begins: int, year: int) -> None:
    assert fiscal_year(day, begins) == year


def test_months_leap_years_and_the_first_month() -> None:
    assert later(dt.date(2028, 2, 1), -1) == dt.date(2028, 1, 1)
    assert later(dt.date(2027, 11, 1), 4) == dt.date(2028, 3, 1)
    assert make_timeline(demo(), months=1).months == (dt.date(2026, 10, 1),)
    told = demo(timeline={"start": "2028-02"})
    assert make_timeline(told, months=2).months == (dt.date(2028, 2, 1), dt.date(2028, 3, 1))
    assert make_timeline(demo(timeline={"start": "2026-09"}), months=1).months[0].month == 9
    with pytest.raises(InputError, match=r'start is "2019-01".*2026-09-30.*write "2026-09" or'):
        make_timeline(demo(timeline={"start": "2019-01"}), months=1)
    with pytest.raises(InputError, match='start is "2028-13"; write a month such as'):
        settings_with(timeline={"start": "2028-13"})
    for months in (0, 61):
        with pytest.raises(InputError, match="plan 1 to 60 months"):
            make_timeline(demo(), months=months)


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


def test_onboarding_is_heavy_and_abates() -> None:
    weights = onboarding_weights(3.0, 90.0, 0.0, 6)
    assert weights[:2] == pytest.approx([2.0, 2.0])
    assert weights.sum() * 365 / 12 == pytest.approx(2.0 * 90)
    tapered = onboarding_weights(3.0, 60.0, 60.0, 6)
    assert tapered.sum() * 365 / 12 == pytest.approx(2.0 * (60 + 30))
    assert (np.diff(tapered) <= 1e-12).all()


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


def test_net_value_and_cost_tie(timeline: Timeline) -> None:
    for name, team in timeline.policies.items():
        total, bridge = policy_totals(team), bridge_of(team)
        spent = bridge.csms + bridge.hires
        net = bridge.worth - spent - bridge.discounting
        assert net == pytest.approx(total["net_value"]), name
        assert spent + bridge.managers == pytest.approx(total["cost"]), name
        assert bridge.discounting > 0
    assert "5 years of the margin" in meaning_of(timeline)
    assert "service levels" not in meaning_of(timeline)
    levels = make_timeline(demo(value={"menu": "levels"}), months=2)
    assert "between two service levels" in meaning_of(levels)


def test_sensitivities_of_the_optimal_plan_begin_from_it() -> None:
    made = make_timeline(demo(), months=12, policy="optimal")
    found = sensitivity_of(made)
    assert found.base_net == pytest.approx(made.best.net_value)


def test_json_has_a_record_for_each_month_and_scenario(timeline: Timeline) -> None:
    found = timeline_digest(timeline, timeline.frame.cases.names)
    assert len(found["records"]) == 24 * 3
    assert {record["scenario"] for record in found["records"]} == {"base", "upside", "downside"}
    first = found["records"][0]
    assert first["month"] == "2026-10"
    assert first["arr_open"] == pytest.approx(timeline.plan.arr)
    assert set(found["policies"]) == {"ahead", "arrears", "level", "optimal"}
