"""Checks of the months: corkscrews close, the team covers, the optimum is proven and fresh."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from csmcalc.plan.checks import CENT, PROVEN
from csmcalc.plan.timeline.cases import rates_of
from csmcalc.plan.timeline.digest import guard_of
from csmcalc.plan.timeline.drivers import FACTORS
from csmcalc.plan.timeline.sensitivity import frame_of_live, team_of_live
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.origin import Origin, is_fresh, origin_table
from csmcalc.reports.sheets.timeline.opening import segment_key

_WIDTHS = (2, 58, 14, 16, 12, 60)
_ORIGINS = "MonthInputs"
_WORDS = ("OK", "LOOK")


def month_checks_sheet(timeline: Timeline, name: str) -> Sheet:
    """The sheet of all checks of the months, and what the engine's results were computed from."""
    page = Page(name, _WIDTHS)
    row = page.head("Checks", "OK: as it should be · LOOK: true, and worth a look before deciding")
    lines = tuple(_checks(timeline))
    rows = tuple(
        (
            Cell(title),
            Cell("OK" if holds else "LOOK", formula and f'IF({formula},"OK","LOOK")',
                 look=Look.STRONG, coloured=_WORDS),
            Cell(finding, look=Look.MUTED),
        )
        for title, holds, formula, finding in lines
    )  # fmt: skip
    columns = (Column("Check"), Column("Status"), Column("What it says", span=3))
    row = page.table(row, Table("MonthChecks", columns, rows)) + 1
    looks = 'COUNTIF(MonthChecks[Status],"LOOK")'
    count = sum(not holds for _, holds, _, _ in lines)
    words = "✓ All checks OK" if count == 0 else f"{count} want a look"
    page.text(
        row, FIRST_COLUMN,
        Cell(words, f'IF({looks}=0,"✓ All checks OK",{looks}&" want a look")', name="month_check"),
        Look.CARD_LABEL,
    )  # fmt: skip
    row = page.section(row + 2, "Computed from; a change turns starts and sensitivities stale")
    row = page.table(row, origin_table(_ORIGINS, list(_origins(timeline))))
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def _checks(timeline: Timeline) -> Iterator[tuple[str, bool, str | None, str]]:
    """Title, whether it holds, the condition in cells, and what it says."""
    frame, team = frame_of_live(timeline), team_of_live(timeline)
    arr = float(timeline.opening.arr.sum())
    yield (
        "The months begin with the ARR of the plan", abs(arr - timeline.plan.arr) <= CENT,
        f"ABS({{arr_close.opening}}-arr_planned)<={CENT}", "To the cent",
    )  # fmt: skip
    for what, keys in (("ARR", _ARR), ("accounts", _ACCOUNTS)):
        opening, plus, minus, close = keys
        total = "+".join(f"SUM({{{key}.all}})" for key in plus)
        less = "".join(f"-SUM({{{key}.all}})" for key in minus)
        yield (
            f"The corkscrew of {what} closes", True,
            f"ABS({{{opening}.opening}}+{total}{less}-{{{close}.last}})<={CENT}",
            "Opening + all that came - all that went = closing",
        )  # fmt: skip
    heads = team.heads[0]
    yield (
        "The corkscrew of heads closes, and nobody is negative", bool((heads >= 0).all()),
        "AND(MIN({heads.all})>=0,ABS({heads.opening}-SUM({leavers.all})+SUM({starts.all})"
        "-{heads.last})<=whole_tolerance*(1+{heads.last}))",
        "Today - leavers + starts = heads at the end",
    )  # fmt: skip
    missing = float(np.maximum(team.gap, 0).max())
    yield (
        "The team covers what is required", missing <= 1e-6,
        "MAX({gap.all})<=whole_tolerance*(1+MAX({exact.all}))",
        f"Up to {missing:,.1f} FTE are missing in a month" if missing > 1e-6 else "In every month",
    )  # fmt: skip
    guard = guard_of(timeline)["margin_guard"][timeline.frame.cases.names.index(timeline.live)]
    yield (
        "Support and success cost less than the ARR allows", bool(guard.all()),
        'COUNTIF({guard.all},"LOOK")=0', "In every month",
    )  # fmt: skip
    gap = timeline.best.gap
    yield "The optimal hiring plan is proven", gap <= PROVEN, None, f"Gap to its bound {gap:.1e}"
    yield (
        "Starts and sensitivities were computed from the drivers as they stand", True,
        is_fresh(_ORIGINS), "Else stale: run csmcalc timeline again",
    )  # fmt: skip
    assert frame.flows.months == len(timeline.months)


_ARR = (
    "arr_close",
    ("arr_new", "arr_expansion", "arr_price"),
    ("arr_contraction", "arr_churned"),
    "arr_close",
)
_ACCOUNTS = ("accounts_close", ("accounts_new",), ("accounts_churned",), "accounts_close")


def _origins(timeline: Timeline) -> Iterator[Origin]:
    """Everything that the engine's answers depend on, then and now."""
    plan, opening = timeline.plan, timeline.opening
    base = rates_of(plan)
    own = {row.segment: row for row in plan.settings.growth}
    yield Origin("Live case", timeline.live, "live_case", Unit.TEXT)
    live = next(one for one in plan.settings.scenarios if one.name == timeline.live)
    for name in FACTORS:
        yield Origin(f"Factor: {name}", getattr(live, name), f"factor_{name}")
    for at, segment in enumerate(opening.names):
        key, row = segment_key(at), own.get(segment)
        fields = {"accounts": float(opening.accounts[at]), "arr": float(opening.arr[at])}
        for field in ("new_accounts", "new_acv", "churn", "contraction", "expansion", "price"):
            told = getattr(row, field, None)
            fields[field] = getattr(base, field) if told is None else told
        fields["hours"] = float(opening.hours[at])
        fields["new_a_month"] = getattr(row, "new_per_month", None) or 0.0
        for field, value in fields.items():
            yield Origin(f"{segment}: {field}", float(value), f"{key}_{field}")
    hiring = plan.settings.hiring
    yield Origin("Heads today", opening.heads, "heads_today")
    for name in ("ramp_months", "months_to_fill", "attrition", "part_time", "hiring_cost"):
        yield Origin(name, getattr(hiring, name), name)
    yield Origin("Required by", hiring.basis, "basis", Unit.TEXT)
    for name in ("onboarding_factor", "onboarding_window", "onboarding_taper"):
        yield Origin(name, getattr(plan.settings.service, name), name)
    yield Origin("Discount rate", plan.settings.margin.discount, "discount", Unit.SHARE)
    yield Origin("Loaded cost", plan.rates.loaded_cost, "loaded_cost", Unit.MONEY)
    yield Origin("Effective hours", plan.rates.effective_hours, "effective_hours", Unit.HOURS)
    yield Origin("ARR per CSM", plan.rates.arr_per_csm, "target_arr", Unit.MONEY)
    yield Origin("Hiring", timeline.policy, "policy", Unit.TEXT)
    for policy in ("level", "optimal"):
        starts = timeline.policies[policy].starts[0]
        turns = math.fsum(starts * np.arange(1, len(timeline.months) + 1))
        title = f"Starts, {policy}, by month"
        yield Origin(title, turns, f"SUMPRODUCT({{{policy}_starts.all}}*{{n.all}})")
