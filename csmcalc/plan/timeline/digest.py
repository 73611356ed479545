"""A timeline as plain data, for pipelines: one record for each month and scenario."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from csmcalc.plan.timeline.chance import random_paths
from csmcalc.plan.timeline.sensitivity import (
    Sensitivity,
    first_csm,
    frame_of_live,
    sensitivity_of,
    team_of_live,
)
from csmcalc.plan.timeline.team import BASES, Team
from csmcalc.plan.timeline.timeline import Timeline

_FLOWS = (
    "accounts_open",
    "accounts_new",
    "accounts_churned",
    "accounts_close",
    "arr_open",
    "arr_new",
    "arr_expansion",
    "arr_price",
    "arr_contraction",
    "arr_churned",
    "arr_close",
    "hours",
    "onboarding_hours",
)
_TEAM = (
    "starts",
    "leavers",
    "heads",
    "productive",
    "gap",
    "uncovered_arr",
    "arr_lost",
    "managers",
    "cost_csms",
    "cost_hires",
    "cost_managers",
    "cost_ramp",
    "cost",
    "value",
    "net_value",
)


def timeline_digest(timeline: Timeline, scenarios: tuple[str, ...]) -> dict[str, Any]:
    """Every month of some scenarios, the policies side by side, the hires, the sensitivities."""
    plan = timeline.plan
    return {
        "source": plan.book.source,
        "as_of": plan.book.as_of.isoformat(),
        "currency": plan.book.currency,
        "months": len(timeline.months),
        "first_month": _month(timeline.months[0]),
        "segments": list(timeline.opening.names),
        "policy": timeline.policy,
        "basis": plan.settings.hiring.basis,
        "scenario": timeline.live,
        "records": [
            record
            for name in scenarios
            for record in _records(timeline, timeline.frame.cases.names.index(name))
        ],
        "policies": {
            name: policy_totals(team) | dataclasses.asdict(bridge_of(team))
            for name, team in possible(timeline).items()
        },
        "optimum": _optimum(timeline),
        "requisitions": [_requisition(one) for one in timeline.requisitions],
        "first_csm": _first(timeline),
        "attrition_paths": _paths(timeline),
        "sensitivity": _sensitivity(sensitivity_of(timeline)),
    }


def _optimum(timeline: Timeline) -> dict[str, Any]:
    best = timeline.best
    if best.why_not:
        return {"net_value": None, "bound": None, "gap": None, "why_not": best.why_not}
    return {"net_value": best.net_value, "bound": best.bound, "gap": best.gap}


def _month(day: Any) -> str:
    return f"{day:%Y-%m}"


def _records(timeline: Timeline, case: int) -> list[dict[str, Any]]:
    frame, team = timeline.frame, timeline.team
    sums = {name: getattr(frame.flows, name)[case].sum(axis=1) for name in _FLOWS}
    columns: dict[str, Any] = {name: values.tolist() for name, values in sums.items()}
    for basis in BASES:
        columns[f"fte_{basis}"] = frame.demand.exact(basis)[case].tolist()
        columns[f"csms_{basis}"] = frame.demand.csms(basis)[case].tolist()
    columns["needed"] = frame.needed[case].tolist()
    columns |= {name: getattr(team, name)[case].tolist() for name in _TEAM}
    columns |= {name: values[case].tolist() for name, values in guard_of(timeline).items()}
    records = []
    for at, day in enumerate(timeline.months):
        head = {
            "scenario": frame.cases.names[case],
            "month": _month(day),
            "fiscal_year": timeline.fiscal_years[at],
        }
        records.append(head | {name: values[at] for name, values in columns.items()})
    return records


def guard_of(timeline: Timeline) -> dict[str, Any]:
    """Cost of CS as a share of ARR, and whether support and success stay below the ARR allowed."""
    frame, team = timeline.frame, timeline.team
    arr = frame.flows.arr_close.sum(axis=2)
    support = (frame.flows.arr_close * frame.opening.support).sum(axis=2)
    success = team.cost * 12
    share = np.divide(success, arr, out=np.zeros_like(arr), where=arr > 0)
    allowed = timeline.plan.settings.margin.max_share * arr
    return {"cs_cost_share": share, "margin_guard": support + success < allowed}


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """What the months of one scenario come to under the policy chosen.

    Attributes:
        arr: ARR at the end of the last month; currency per year.
        needed: CSMs required in the last month.
        heads: CSMs there in the last month.
        starts: CSMs who start in the months.
        cost: what the team costs over the months; currency.
        uncovered_arr: ARR that nobody covers, mean of the months; currency per year.
        arr_lost: ARR lost for want of service over the months; currency per year.
        net_value: what service is worth less what it costs, over the months; currency.
    """

    arr: float
    needed: float
    heads: float
    starts: float
    cost: float
    uncovered_arr: float
    arr_lost: float
    net_value: float


def ending_of(timeline: Timeline) -> Ending:
    """The live scenario at the end of the months, and its sums."""
    totals = policy_totals(timeline.policies[timeline.policy])
    frame = frame_of_live(timeline)
    return Ending(
        arr=float(frame.flows.arr_close[0, -1].sum()),
        needed=float(frame.needed[0, -1]),
        heads=totals.pop("heads_at_end"),
        **totals,
    )


def policy_totals(team: Team) -> dict[str, float]:
    """What a policy starts, costs, leaves uncovered, loses and is worth over the months."""
    return {
        "starts": float(team.starts.sum()),
        "heads_at_end": float(team.heads[0, -1]),
        "cost": float(team.cost.sum()),
        "uncovered_arr": float(team.uncovered_arr.mean()),
        "arr_lost": float(team.arr_lost.sum()),
        "net_value": float(team.net_value.sum()),
    }


def meaning_of(timeline: Timeline) -> str:
    """What net value and cost are, in words."""
    settings = timeline.plan.settings
    years = settings.value.years
    horizon = "one year" if years == 1 else f"{years} years"
    return (
        f"Net value: what the hours given are worth by the value view ({horizon} of the margin "
        f"they retain) less CSMs and hires, each month discounted at "
        f"{100 * settings.margin.discount:g} % a year; managers are not weighed. "
        f"{BY_LEVELS if settings.value.menu == 'levels' else ''}"
        "Cost: CSMs, hires and managers, not discounted."
    )


BY_LEVELS = (
    "Hours between two service levels are divided between accounts: the worth may lie above whole "
    "levels by one account's step, and one for each segment whose guard binds. "
)


def possible(timeline: Timeline) -> dict[str, Team]:
    """The policies that can be followed: the optimal one where a plan keeps within the budget."""
    teams = dict(timeline.policies)
    if timeline.best.why_not:
        del teams["optimal"]
    return teams


@dataclasses.dataclass(frozen=True, slots=True)
class Bridge:
    """From the worth of service to net value, and to cost, over the months; currency.

    Worth less CSMs, hires and discounting is the net value; CSMs, hires and managers are the cost.
    """

    worth: float
    csms: float
    hires: float
    discounting: float
    managers: float


def bridge_of(team: Team) -> Bridge:
    """What stands between cost and net value of one scenario's team."""
    worth, csms, hires, net = (
        float(amount.sum())
        for amount in (team.value, team.cost_csms, team.cost_hires, team.net_value)
    )
    managers = float(team.cost_managers.sum())
    return Bridge(worth, csms, hires, worth - csms - hires - net, managers)


def _requisition(one: Any) -> dict[str, Any]:
    days = ("opens", "starts", "productive")
    return dataclasses.asdict(one) | {name: getattr(one, name).isoformat() for name in days}


def _first(timeline: Timeline) -> dict[str, Any]:
    first = first_csm(timeline)
    return {
        "month": None if first.month is None else _month(timeline.months[first.month]),
        "worth": first.worth,
        "cost": first.cost,
    }


def _paths(timeline: Timeline) -> dict[str, Any]:
    frame = frame_of_live(timeline)
    starts = team_of_live(timeline).starts[0]
    paths = random_paths(frame, starts, timeline.plan.settings.hiring.paths)
    return {
        name: {f"p{p}": row.tolist() for p, row in zip((10, 50, 90), rows, strict=True)}
        for name, rows in (
            ("heads", paths.heads),
            ("productive", paths.productive),
            ("missing", paths.missing),
        )
    }


def _sensitivity(found: Sensitivity) -> dict[str, Any]:
    return {
        "base": {"csms_at_end": found.base_csms, "net_value": found.base_net},
        "tornado": [dataclasses.asdict(one) for one in found.swings],
        "growth_by_churn": {
            "steps": list(found.grid.steps),
            "csms_at_end": found.grid.csms.tolist(),
            "arr_at_end": found.grid.arr.tolist(),
        },
        "breakeven_nrr_points": {"now": found.breakeven_now, "at_end": found.breakeven_end},
        "goal_seek": [dataclasses.asdict(one) for one in found.goals],
        "levers": [
            {
                "lever": one.lever.name,
                "driver": one.lever.driver,
                "change": one.lever.change,
                "cost": one.cost,
                "arr_at_end": one.arr,
                "gross_margin": one.margin,
                "per_dollar": one.per_dollar,
            }
            for one in found.levers
        ],
    }
