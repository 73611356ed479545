"""Laws of the months: corkscrews close, limits reduce to the plan, years are years."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.errors import InputError
from csmcalc.plan.plan import make_plan
from csmcalc.plan.timeline.digest import bridge_of, meaning_of, policy_totals, timeline_digest
from csmcalc.plan.timeline.drivers import Scenario
from csmcalc.plan.timeline.opening import opening_of
from csmcalc.plan.timeline.sensitivity import frame_of_live
from csmcalc.plan.timeline.timeline import (
    Timeline,
    fiscal_year,
    frame_of,
    later,
    make_timeline,
)
from tests.books import book
from tests.plan.timelines import SMALL, STILL, S, demo, settings_with, shares


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


RATES = ("new_accounts", "churn", "contraction", "expansion", "price")
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


def test_json_has_a_record_for_each_month_and_scenario(timeline: Timeline) -> None:
    found = timeline_digest(timeline, timeline.frame.cases.names)
    assert len(found["records"]) == 24 * 3
    assert {record["scenario"] for record in found["records"]} == {"base", "upside", "downside"}
    first = found["records"][0]
    assert first["month"] == "2026-10"
    assert first["arr_open"] == pytest.approx(timeline.plan.arr)
    assert set(found["policies"]) == {"ahead", "arrears", "level", "optimal"}
