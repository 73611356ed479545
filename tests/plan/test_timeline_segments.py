"""Scenarios and segments of one's own, and what onboarding adds."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from csmcalc.errors import InputError
from csmcalc.plan.plan import make_plan
from csmcalc.plan.timeline.drivers import Growth, Scenario
from csmcalc.plan.timeline.opening import onboarding_weights
from csmcalc.plan.timeline.timeline import (
    make_timeline,
)
from tests.books import book, demo_book
from tests.plan.timelines import STILL, S, demo


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


def test_onboarding_is_heavy_and_abates() -> None:
    weights = onboarding_weights(3.0, 90.0, 0.0, 6)
    assert weights[:2] == pytest.approx([2.0, 2.0])
    assert weights.sum() * 365 / 12 == pytest.approx(2.0 * 90)
    tapered = onboarding_weights(3.0, 60.0, 60.0, 6)
    assert tapered.sum() * 365 / 12 == pytest.approx(2.0 * (60 + 30))
    assert (np.diff(tapered) <= 1e-12).all()
