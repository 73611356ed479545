"""Checks of the months: corkscrews close, the team covers, the optimum is proven and fresh."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.core.setting import Setting, settings_of
from csmcalc.plan.cells import AS_OF, ROOM, row_cell
from csmcalc.plan.checks import CENT, PROVEN, churn_told
from csmcalc.plan.timeline.cases import rates_of
from csmcalc.plan.timeline.digest import guard_of
from csmcalc.plan.timeline.drivers import FACTORS, Hiring, Lever
from csmcalc.plan.timeline.sensitivity import frame_of_live, team_of_live
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.portfolio.service import Service
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.assumptions import unit_of
from csmcalc.reports.sheets.origin import Origin, origin_table, put_origins
from csmcalc.reports.sheets.timeline.drivers import FACTOR_TITLES
from csmcalc.reports.sheets.timeline.opening import DRIVER_TITLES, segment_key
from csmcalc.reports.sheets.timeline.stale import LIVE_CASE_ROW, MONTHS_FRESH, ORIGINS, again
from csmcalc.reports.sheets.value.names import FRESH
from csmcalc.reports.wording import Phrase, counted, literal, number, phrase, when

_WIDTHS = (2, 58, 14, 16, 16, 60)
_WORDS = ("OK", "LOOK")


def month_checks_sheet(timeline: Timeline, name: str) -> Sheet:
    """The sheet of all checks of the months, and what the engine's results were computed from."""
    page = Page(name, _WIDTHS)
    row = page.head("Checks", "OK: as it should be · LOOK: true, and worth a look before deciding")
    lines = tuple(month_checks(timeline))
    rows = tuple(
        (
            Cell(title),
            Cell("OK" if holds else "LOOK", formula and f'IF({formula},"OK","LOOK")',
                 look=Look.STRONG, coloured=_WORDS),
            Cell(finding.value, None if finding.is_fixed else finding.formula, look=Look.MUTED),
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
    title = "Computed from; a change turns starts and sensitivities stale"
    origins = month_origins(timeline, beside_value=name != "Checks")
    row = put_origins(page, row + 2, title, origins)
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def month_origins(timeline: Timeline, *, beside_value: bool = True) -> Table:
    """What the engine's answers were computed from, and whether it still holds.

    `beside_value` where the value view, from which they come too, has its inputs in the workbook.
    """
    origins = list(_origins(timeline))
    if beside_value:
        same = "as computed"
        now = f'IF({FRESH},"{same}","changed")'
        origins.append(Origin("Inputs of the value view", same, now, Unit.TEXT))
    return origin_table(ORIGINS, origins)


def month_checks(timeline: Timeline) -> Iterator[tuple[str, bool, str | None, Phrase]]:
    """Title, whether it holds, the condition in cells, and what it says."""
    frame, team = frame_of_live(timeline), team_of_live(timeline)
    arr = float(timeline.opening.arr.sum())
    yield (
        "The months begin with the ARR of the plan", abs(arr - timeline.plan.arr) <= CENT,
        f"ABS({{arr_close.opening}}-arr_planned)<={CENT}", literal("To the cent"),
    )  # fmt: skip
    if timeline.plan.book.full:
        yield (
            "The months begin no earlier than the month of the list", True,
            f"first_month>={AS_OF}-DAY({AS_OF})+1",
            literal("Else today's customers would stand in months gone by"),
        )  # fmt: skip
    else:
        for check in churn_told(timeline.plan):
            yield check.title, check.ok, None, literal(check.finding)
    for what, keys in (("ARR", _ARR), ("accounts", _ACCOUNTS)):
        opening, plus, minus, close = keys
        total = "+".join(f"SUM({{{key}.all}})" for key in plus)
        less = "".join(f"-SUM({{{key}.all}})" for key in minus)
        yield (
            f"The corkscrew of {what} closes", True,
            f"ABS({{{opening}.opening}}+{total}{less}-{{{close}.last}})<={CENT}",
            literal("Opening + all that came - all that went = closing"),
        )  # fmt: skip
    heads = team.heads[0]
    yield (
        "The corkscrew of heads closes, and nobody is negative", bool((heads >= 0).all()),
        "AND(MIN({heads.all})>=0,ABS({heads.opening}-SUM({leavers.all})+SUM({starts.all})"
        "-{heads.last})<=whole_tolerance*(1+{heads.last}))",
        literal("Today - leavers + starts = heads at the end"),
    )  # fmt: skip
    missing = float(np.maximum(team.gap, 0).max())
    covered = "MAX({gap.all})<=whole_tolerance*(1+MAX({exact.all}))"
    most = float(frame.demand.exact(frame.hiring.basis).max())
    holds = bool(missing <= WHOLE_TOLERANCE * (1 + most))
    most_missing = number("MAX({gap.all})", missing, 1)
    some = when(
        "ROUND(MAX({gap.all}),1)=0",
        most_missing.value == "0.0",
        "Less than a tenth of an FTE is missing in a month",
        phrase("Up to ", most_missing, " FTE are missing in a month"),
    )
    yield (
        "The team covers what is required", holds, covered,
        when(covered, holds, "In every month", some),
    )  # fmt: skip
    guard = guard_of(timeline)["margin_guard"][timeline.frame.cases.names.index(timeline.live)]
    unguarded, failing = 'COUNTIF({guard.all},"LOOK")', int((~guard).sum())
    months = phrase("More than the guard allows in ", counted(unguarded, failing, "month"))
    yield (
        "Support and success cost less than the ARR allows", bool(guard.all()),
        f"{unguarded}=0", when(f"{unguarded}=0", bool(guard.all()), "In every month", months),
    )  # fmt: skip
    yield _proven(timeline)
    stale = f"Stale, for a driver was changed since: run {again(timeline)}"
    yield (
        "Starts and sensitivities were computed from the drivers as they stand", True,
        MONTHS_FRESH, when(MONTHS_FRESH, True, "No driver was changed since", stale),
    )  # fmt: skip
    assert frame.flows.months == len(timeline.months)


def _proven(timeline: Timeline) -> tuple[str, bool, str | None, Phrase]:
    best, full = timeline.best, timeline.plan.book.full
    proven = best.gap <= PROVEN
    said = literal(
        f"There is none: {best.why_not}" if best.why_not else f"Gap to its bound {best.gap:.1e}"
    )
    if full:
        left = "A gap is left to its bound, or no plan keeps within the budget"
        said = when("month_gap<=proven", proven, "What its bound leaves open is nothing", left)
    holds = f"AND(month_gap<=proven,{MONTHS_FRESH})" if full else MONTHS_FRESH
    stale = f"Stale: found for other drivers; run {again(timeline)}"
    return (
        "The optimal hiring plan is proven", proven, holds if full or proven else None,
        when(MONTHS_FRESH, True, said, stale),
    )  # fmt: skip


def _inputs(timeline: Timeline) -> Iterator[Origin | str]:
    """Inputs that stand in a workbook with all of them, and only the engine looks at."""
    settings = timeline.plan.settings
    yield Origin("Exchange rate", settings.money.exchange_rate, "exchange_rate")
    for name in ("budget", "most_starts", "paths"):
        yield Origin(_title(Hiring, name), float(getattr(settings.hiring, name)), name)
    yield "Growth levers"
    for at in range(ROOM["levers"]):
        lever = settings.levers[at] if at < len(settings.levers) else None
        for name, unit in (("driver", Unit.TEXT), ("change", Unit.SHARE), ("cost", Unit.MONEY)):
            cell, nothing = row_cell("levers", at, name), "" if unit is Unit.TEXT else 0.0
            told = getattr(lever, name) if lever else nothing
            now = f'{cell}&""' if unit is Unit.TEXT else f"N({cell})"
            yield Origin(f"Lever {at + 1}: {_title(Lever, name).lower()}", told, now, unit)


_ARR = (
    "arr_close",
    ("arr_new", "arr_expansion", "arr_price"),
    ("arr_contraction", "arr_churned"),
    "arr_close",
)
_ACCOUNTS = ("accounts_close", ("accounts_new",), ("accounts_churned",), "accounts_close")


def _title(rules: type, name: str) -> str:
    """What a setting is called where people read it."""
    return _declared(rules, name).title


def _declared(rules: type, name: str) -> Setting:
    return next(one for one in settings_of(rules) if one.name == name)


_UNITS = {
    "accounts": Unit.COUNT,
    "arr": Unit.MONEY,
    "new_acv": Unit.PLAIN,
    "new_a_month": Unit.PLAIN,
    "hours": Unit.HOURS,
}
"""Of what is told of a segment; the rest are shares a year."""


def _origins(timeline: Timeline) -> Iterator[Origin | str]:
    """Everything that the engine's answers depend on, then and now."""
    plan = timeline.plan
    yield "Cases"
    yield Origin(LIVE_CASE_ROW, timeline.live, "live_case", Unit.TEXT)
    for at, case in enumerate(plan.settings.scenarios):
        for name in FACTORS:
            cell = row_cell("scenarios", at, name)
            title = f"{FACTOR_TITLES[name]}, case {at + 1}"
            yield Origin(title, getattr(case, name), cell)
    yield from _of_segments(timeline)
    hiring = plan.settings.hiring
    yield "The team"
    yield Origin("Heads today", timeline.opening.heads, "heads_today")
    for name in ("ramp_months", "months_to_fill", "attrition", "part_time", "hiring_cost"):
        yield _setting(Hiring, name, getattr(hiring, name))
    yield Origin("Required by", hiring.basis, "basis", Unit.TEXT)
    for name in ("onboarding_factor", "onboarding_window", "onboarding_taper"):
        yield _setting(Service, name, getattr(plan.settings.service, name))
    yield Origin("Discount rate", plan.settings.margin.discount, "discount", Unit.SHARE)
    yield Origin("Loaded cost", plan.rates.loaded_cost, "loaded_cost", Unit.MONEY)
    yield Origin("Effective hours", plan.rates.effective_hours, "effective_hours", Unit.HOURS)
    yield Origin("ARR per CSM", plan.rates.arr_per_csm, "target_arr", Unit.MONEY)
    yield Origin("Hiring", timeline.policy, "policy", Unit.TEXT)
    if plan.book.full:
        yield from _inputs(timeline)
    yield "Found by csmcalc"
    for policy in ("level", "optimal"):
        starts = timeline.policies[policy].starts[0]
        turns = math.fsum(starts * np.arange(1, len(timeline.months) + 1))
        title = f"Starts, {policy}, by month"
        yield Origin(title, turns, f"SUMPRODUCT({{{policy}_starts.all}}*{{n.all}})")


def _setting(rules: type, name: str, value: float) -> Origin:
    declared = _declared(rules, name)
    return Origin(declared.title, value, name, unit_of(declared))


def _of_segments(timeline: Timeline) -> Iterator[Origin | str]:
    """The first day of each segment, and how its customers come and go."""
    opening, base = timeline.opening, rates_of(timeline.plan)
    own = {row.segment: row for row in timeline.plan.settings.growth}
    for at, segment in enumerate(opening.names):
        yield segment
        key, row = segment_key(at), own.get(segment)
        fields = {"accounts": float(opening.accounts[at]), "arr": float(opening.arr[at])}
        for field in ("new_accounts", "new_acv", "churn", "contraction", "expansion", "price"):
            told = getattr(row, field, None)
            fields[field] = getattr(base, field) if told is None else told
        fields["hours"] = float(opening.hours[at])
        fields["new_a_month"] = getattr(row, "new_per_month", None) or 0.0
        for field, value in fields.items():
            # An empty cell, for none told, may read as words.
            title = f"{segment}: {DRIVER_TITLES[field]}"
            unit = _UNITS.get(field, Unit.RATE)
            yield Origin(title, float(value), f"N({key}_{field})", unit)
