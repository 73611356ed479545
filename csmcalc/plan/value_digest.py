"""The value view as plain data, for pipelines: names and numbers that JSON can carry."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.risk import tornado, uncertainty
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.value import (
    Answer,
    Standing,
    segments_of,
    standing_at,
)


def value_digest(plan: Plan, csms: int | None = None) -> dict[str, Any]:
    """The optimum, or what a given headcount is worth, over the horizon and over one year.

    Money in `currency`, shares as fractions, hours a year.
    """
    view = plan.value
    best = view.chosen.optimum
    at = standing_at(view.chosen, best.csms if csms is None else csms)
    return {
        "source": plan.book.source,
        "as_of": plan.book.as_of.isoformat(),
        "currency": plan.book.currency,
        "accounts": len(plan.accounts),
        "arr": plan.arr,
        "horizon_years": view.chosen.years,
        **_standing(at),
        # Asked for the best headcount, the proof is that of all headcounts.
        **({"bound": best.bound, "gap": best.gap} if csms is None else {}),
        "csms_low": best.csms_low,
        "csms_high": best.csms_high,
        "optimal_csms": best.csms,
        "optimal_net_value": best.net_value,
        "loaded_cost": plan.rates.loaded_cost,
        "effective_hours": plan.rates.effective_hours,
        **_rules(view.chosen),
        "one_year": _one_year(view.cash, csms),
        "segments": _segments(plan, at.csms),
        "ranges": {
            one.name: {"p10": one.p10, "p50": one.p50, "p90": one.p90}
            for one in uncertainty(view, at.csms)
        },
        "tornado": [dataclasses.asdict(bar) for bar in tornado(view.case)],
        "evidence": [_evidence(one) for one in plan.evidence],
        "curve": _curve(view.chosen),
    }


def _standing(at: Standing) -> dict[str, Any]:
    return {**dataclasses.asdict(at), "gap": at.gap}


def _rules(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in answer.rules:
        found[f"{rule.name}_csms"] = rule.csms
        found[f"{rule.name}_net_value"] = rule.net_value
        found[f"{rule.name}_loss"] = rule.loss
    return found


def _one_year(answer: Answer, csms: int | None) -> dict[str, Any]:
    best = answer.optimum
    at = standing_at(answer, best.csms if csms is None else csms)
    return {
        **_standing(at),
        "csms_low": best.csms_low,
        "csms_high": best.csms_high,
        **_rules(answer),
    }


def _segments(plan: Plan, csms: int) -> dict[str, Any]:
    sums = segments_of(plan.value.case, plan.value.accounts_at(csms))
    sums = sums.reindex([name for name in (*SEGMENTS, NO_VERDICT) if name in sums.index])
    columns = ("arr", "hours", "value", "support_cost", "success_cost")
    return {
        str(name): {
            "accounts": int(line["accounts"]),
            **{column: float(line[column]) for column in columns},
            "margin_guard": bool(line["guard"]),
        }
        for name, line in sums.iterrows()
    }


def _evidence(one: Any) -> dict[str, Any]:
    fit = one.fit
    return {
        "tier": one.tier,
        "observations": one.observations,
        "fit": fit and {"none": fit.none, "saturated": fit.saturated, "kappa": fit.kappa},
        "refusal": one.refusal or None,
    }


def _curve(answer: Answer) -> dict[str, list[float | None]]:
    table = answer.table()
    return {
        str(name): [None if math.isnan(value) else value for value in column.tolist()]
        for name, column in table.items()
    }
