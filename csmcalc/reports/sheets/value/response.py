"""Response: what is judged about service, or fitted to history, and the bounds it works within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csmcalc.core.setting import Setting, settings_of
from csmcalc.plan.plan import Plan
from csmcalc.plan.settings import TABLES
from csmcalc.portfolio.evidence import Evidence, band_at
from csmcalc.portfolio.judgement import applied
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 26, 18, 14, 14, 14, 14, 14, 14, 44)
_SHOWN = {
    "response": "Net retention by hours of service: judged points",
    "segment_rules": "Bounds by segment, as multiples of today's hours",
    "service_levels": "Service levels, as multiples of today's hours",
    "minimum_service": "Hours that named accounts get in any case",
}
TABLE_NAMES = {
    "response": "JudgedResponse",
    "segment_rules": "SegmentRules",
    "service_levels": "ServiceLevels",
    "minimum_service": "MinimumService",
}
"""What formulas call the tables of settings."""


def response_sheet(plan: Plan) -> Sheet:
    """The sheet of all that the value view takes for granted about service."""
    page = Page("Response", _WIDTHS)
    row = page.head(
        "What is judged about service",
        "The value view rests on these; set them in the settings file · default: csmcalc's "
        "illustration, not a measurement",
    )
    for table, title in _SHOWN.items():
        rows = _rows(plan, table)
        if rows:
            row = page.section(row, title)
            row = page.table(row, _table(table, rows, getattr(plan.settings, table)))
            note = f"{TABLES[table].note} Source: {TABLES[table].source}."
            page.text(row, FIRST_COLUMN, note, Look.REMARK, span=9, lines=1 + len(note) // 150)
            row += 2
    if plan.evidence:
        row = page.section(row, "What the list's own history says")
        row = page.table(row, _evidence(plan, plan.evidence)) + 1
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def _rows(plan: Plan, table: str) -> Sequence[Any]:
    """The rows of a table of settings that apply; tiers left out keep their default response."""
    rows: Sequence[Any] = getattr(plan.settings, table)
    if table != "response":
        return rows
    names = [tier.name for tier in plan.settings.tiers]
    return [row for row in applied(rows, names) if row.tier is None or row.tier in names]


def _table(table: str, rows: Sequence[Any], given: Sequence[Any]) -> Table:
    declared = [
        one
        for one in settings_of(TABLES[table].row)
        if any(getattr(row, one.name) is not None for row in rows)
    ]
    columns = (*(Column(one.title, _unit(one)) for one in declared), Column("Status"))
    lines = []
    for row in rows:
        cells = (
            Cell(getattr(row, one.name), unit=_unit(one), look=_look(position))
            for position, one in enumerate(declared)
        )
        status = "set" if row in given and row not in TABLES[table].default else "default"
        lines.append((*cells, Cell(status, look=Look.MUTED)))
    return Table(TABLE_NAMES[table], columns, tuple(lines))


def _look(position: int) -> Look:
    return Look.STRONG if position == 0 else Look.BODY


def _unit(declared: Setting) -> Unit:
    if declared.kind is str:
        return Unit.TEXT
    return Unit.SHARE if declared.unit.startswith("share") else Unit.PLAIN


def _evidence(plan: Plan, evidence: Sequence[Evidence]) -> Table:
    columns = (
        Column("Touch tier"),
        Column("Accounts with outcome", Unit.COUNT),
        Column("No service", Unit.SHARE),
        Column("At standard hours", Unit.SHARE),
        Column("95 % from", Unit.SHARE),
        Column("95 % to", Unit.SHARE),
        Column("Saturated", Unit.SHARE),
        Column("Used"),
        Column("Why"),
    )
    hours = {tier.name: tier.hours for tier in plan.settings.tiers}
    return Table("Evidence", columns, tuple(_seen(one, hours[one.tier]) for one in evidence))


def _seen(one: Evidence, hours: float) -> tuple[Cell, ...]:
    name = Cell(one.tier, look=Look.STRONG)
    count = Cell(float(one.observations), unit=Unit.COUNT)
    if one.fit is None:
        blanks = (Cell(None) for _ in range(5))
        return name, count, *blanks, Cell("judged"), Cell(one.refusal, look=Look.MUTED)
    low, high = band_at(one.fit, hours)
    points = (one.fit.none, float(one.fit.at(hours)), low, high, one.fit.saturated)
    shares = (Cell(point, unit=Unit.SHARE) for point in points)
    return name, count, *shares, Cell("fitted"), Cell("least squares", look=Look.MUTED)
