"""The plan's answers as plain data, for pipelines: names and numbers that JSON can carry."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from csmcalc.plan.checks import checks_of
from csmcalc.plan.plan import Plan, View
from csmcalc.portfolio.book import Reason


def digest(plan: Plan) -> dict[str, Any]:
    """Every figure of the summary; money in `currency` a year, shares as fractions."""
    book, accounts = plan.book, plan.accounts
    return {
        "source": book.source,
        "as_of": book.as_of.isoformat(),
        "currency": book.currency,
        "accounts": len(accounts),
        "arr": plan.arr,
        "arr_in_file": book.arr_in_file,
        "left_out": _left_out(book.excluded),
        "csms": {view.key: _known(view) for view in plan.views},
        "views": {view.key: _view(plan, view) for view in plan.views},
        "planned_hours": float(accounts["planned_hours"].sum()),
        "effective_hours": plan.rates.effective_hours,
        "loaded_cost": plan.rates.loaded_cost,
        "cost_per_hour": plan.rates.cost_per_hour,
        "cost_to_serve": float(accounts["cost_to_serve"].sum()),
        "contribution": float(accounts["contribution"].sum()),
        "profitability_line": plan.lines.profitability,
        "growth_line": plan.lines.growth,
        "segments": _lines(plan.by_segment) if plan.has_growth else None,
        "tiers": _lines(plan.by_tier),
        "retention": _retention(plan),
        "checks": [
            {"check": check.title, "ok": check.ok, "finding": check.finding}
            for check in checks_of(plan)
        ],
        "recognised": {column.field: column.header for column in book.recognised},
        "notes": list(book.notes),
        "problems": [dataclasses.asdict(problem) for problem in book.problems],
    }


def _left_out(excluded: pd.DataFrame) -> dict[str, Any]:
    lines = {}
    for reason in Reason:
        left = excluded[excluded["reason"] == reason.value]
        if len(left):
            lines[reason.value] = {"accounts": len(left), "arr": float(left["arr"].sum())}
    return lines


def _known(view: View) -> float | None:
    """Whole CSMs; None for today's where nothing tells them."""
    return None if view.key == "today" and view.csms == 0 else view.csms


def _view(plan: Plan, view: View) -> dict[str, Any]:
    return {
        "title": view.title,
        "demand": view.exact,
        "csms": _known(view),
        "managers": view.managers,
        "cost": view.cost,
        "arr_per_csm": plan.arr / view.csms if view.csms else None,
    }


def _lines(table: pd.DataFrame) -> dict[str, Any]:
    return {
        str(label): {
            "accounts": int(line["accounts"]),
            "arr": float(line["arr"]),
            "planned_hours": float(line["planned_hours"]),
            "fte": float(line["fte"]),
            "cost_to_serve": float(line["cost_to_serve"]),
            "contribution": float(line["contribution"]),
            "guard_fails": int(line["unguarded"]),
            "margin_guard": bool(line["guard"]) if line["accounts"] else None,
        }
        for label, line in table.iterrows()
    }


def _retention(plan: Plan) -> dict[str, float] | None:
    bridge = plan.bridge
    if bridge is None:
        return None
    return {"grr": bridge.grr, "nrr": bridge.nrr, "logo_retention": bridge.logo_retention}
