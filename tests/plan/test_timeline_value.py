"""Without change the optimum of the months is that of the value view."""

from __future__ import annotations

import dataclasses

import pytest

from csmcalc.optimum.continuous import ContinuousCurve
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.sensitivity import frame_of_live
from csmcalc.plan.timeline.timeline import (
    make_timeline,
)
from csmcalc.portfolio.judgement import Judged, Level, Minimum
from csmcalc.portfolio.value import hulls_of
from tests.books import demo_book
from tests.plan.timelines import STILL, S

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
