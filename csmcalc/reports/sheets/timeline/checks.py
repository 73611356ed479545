"""Checks of the months: corkscrews close, the team covers, the optimum is proven and fresh."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.plan.cells import ROOM, row_cell
from csmcalc.plan.checks import CENT, PROVEN
from csmcalc.plan.timeline.cases import rates_of
from csmcalc.plan.timeline.digest import guard_of
from csmcalc.plan.timeline.drivers import FACTORS
from csmcalc.plan.timeline.sensitivity import frame_of_live, team_of_live
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.origin import Origin, is_fresh, origin_table
from csmcalc.reports.sheets.timeline.drivers import FACTOR_TITLES
from csmcalc.reports.sheets.timeline.opening import segment_key
from csmcalc.reports.wording import Phrase, literal, number, phrase, when

_WIDTHS = (2, 58, 14, 16, 12, 60)
_ORIGINS = "MonthInputs"
MONTHS_FRESH = is_fresh(_ORIGINS)
"""The condition that the drivers still are those that csmcalc's answers were computed from."""
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
    row = page.section(row + 2, "Computed from; a change turns starts and sensitivities stale")
    row = page.table(row, month_origins(timeline))
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def month_origins(timeline: Timeline) -> Table:
    """What the engine's answers were computed from, and whether it still holds."""
    return origin_table(_ORIGINS, list(_origins(timeline)))


def month_checks(timeline: Timeline) -> Iterator[tuple[str, bool, str | None, Phrase]]:
    """Title, whether it holds, the condition in cells, and what it says."""
    frame, team = frame_of_live(timeline), team_of_live(timeline)
    arr = float(timeline.opening.arr.sum())
    yield (
        "The months begin with the ARR of the plan", abs(arr - timeline.plan.arr) <= CENT,
        f"ABS({{arr_close.opening}}-arr_planned)<={CENT}", literal("To the cent"),
    )  # fmt: skip
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
    some = phrase("Up to ", number("MAX({gap.all})", missing, 1), " FTE are missing in a month")
    yield (
        "The team covers what is required", holds, covered,
        when(covered, holds, "In every month", some),
    )  # fmt: skip
    guard = guard_of(timeline)["margin_guard"][timeline.frame.cases.names.index(timeline.live)]
    unguarded, failing = 'COUNTIF({guard.all},"LOOK")', int((~guard).sum())
    months = phrase("More than the guard allows in ", number(unguarded, failing), " months")
    yield (
        "Support and success cost less than the ARR allows", bool(guard.all()),
        f"{unguarded}=0", when(f"{unguarded}=0", bool(guard.all()), "In every month", months),
    )  # fmt: skip
    gap, full = timeline.best.gap, timeline.plan.book.full
    said = "What its bound leaves open is nothing" if full else f"Gap to its bound {gap:.1e}"
    yield (
        "The optimal hiring plan is proven", gap <= PROVEN,
        "month_gap<=proven" if full else None, literal(said),
    )  # fmt: skip
    again = "csmcalc fill --update" if full else "csmcalc timeline again"
    stale = f"Stale, for a driver was changed since: run {again}"
    yield (
        "Starts and sensitivities were computed from the drivers as they stand", True,
        MONTHS_FRESH, when(MONTHS_FRESH, True, "No driver was changed since", stale),
    )  # fmt: skip
    assert frame.flows.months == len(timeline.months)


def _inputs(timeline: Timeline) -> Iterator[Origin]:
    """Inputs that stand in a workbook with all of them, and only the engine looks at."""
    settings, titles = timeline.plan.settings, _titles(timeline)
    yield Origin("Exchange rate", settings.money.exchange_rate, "exchange_rate")
    for name in ("budget", "most_starts", "paths"):
        yield Origin(titles[name], float(getattr(settings.hiring, name)), name)
    for at in range(ROOM["levers"]):
        lever = settings.levers[at] if at < len(settings.levers) else None
        for name, unit in (("driver", Unit.TEXT), ("change", Unit.SHARE), ("cost", Unit.MONEY)):
            cell, nothing = row_cell("levers", at, name), "" if unit is Unit.TEXT else 0.0
            told = getattr(lever, name) if lever else nothing
            now = f'{cell}&""' if unit is Unit.TEXT else f"N({cell})"
            yield Origin(f"Lever {at + 1}: {name}", told, now, unit)


def _titles(timeline: Timeline) -> dict[str, str]:
    """What the settings of hiring and service are called."""
    told = timeline.plan.settings.entries()
    return {one.name: one.title for section, one, _ in told if section in ("hiring", "service")}


_OF_A_SEGMENT = {
    "accounts": "accounts",
    "arr": "ARR",
    "new_accounts": "new accounts",
    "new_a_month": "new accounts a month",
    "new_acv": "ARR of a new account",
    "churn": "churn",
    "contraction": "contraction",
    "expansion": "expansion",
    "price": "price",
    "hours": "hours of an account",
}

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
    for at, case in enumerate(plan.settings.scenarios):
        for name in FACTORS:
            cell = row_cell("scenarios", at, name)
            yield Origin(f"{FACTOR_TITLES[name]}, case {at + 1}", getattr(case, name), cell)
    for at, segment in enumerate(opening.names):
        key, row = segment_key(at), own.get(segment)
        fields = {"accounts": float(opening.accounts[at]), "arr": float(opening.arr[at])}
        for field in ("new_accounts", "new_acv", "churn", "contraction", "expansion", "price"):
            told = getattr(row, field, None)
            fields[field] = getattr(base, field) if told is None else told
        fields["hours"] = float(opening.hours[at])
        fields["new_a_month"] = getattr(row, "new_per_month", None) or 0.0
        for field, value in fields.items():
            # An empty cell, for none told, may read as words.
            yield Origin(f"{segment}: {_OF_A_SEGMENT[field]}", float(value), f"N({key}_{field})")
    hiring, titles = plan.settings.hiring, _titles(timeline)
    yield Origin("Heads today", opening.heads, "heads_today")
    for name in ("ramp_months", "months_to_fill", "attrition", "part_time", "hiring_cost"):
        yield Origin(titles[name], getattr(hiring, name), name)
    yield Origin("Required by", hiring.basis, "basis", Unit.TEXT)
    for name in ("onboarding_factor", "onboarding_window", "onboarding_taper"):
        yield Origin(titles[name], getattr(plan.settings.service, name), name)
    yield Origin("Discount rate", plan.settings.margin.discount, "discount", Unit.SHARE)
    yield Origin("Loaded cost", plan.rates.loaded_cost, "loaded_cost", Unit.MONEY)
    yield Origin("Effective hours", plan.rates.effective_hours, "effective_hours", Unit.HOURS)
    yield Origin("ARR per CSM", plan.rates.arr_per_csm, "target_arr", Unit.MONEY)
    yield Origin("Hiring", timeline.policy, "policy", Unit.TEXT)
    if plan.book.full:
        yield from _inputs(timeline)
    for policy in ("level", "optimal"):
        starts = timeline.policies[policy].starts[0]
        turns = math.fsum(starts * np.arange(1, len(timeline.months) + 1))
        title = f"Starts, {policy}, by month"
        yield Origin(title, turns, f"SUMPRODUCT({{{policy}_starts.all}}*{{n.all}})")
