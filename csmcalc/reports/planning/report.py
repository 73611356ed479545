"""The planning workbook as a report: which sheets it has, and what makes it last.

It is laid out once and filled with many lists. So its formulas and its shape follow from the
settings alone, its amounts scale themselves, and its constants have names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csmcalc.errors import InputError
from csmcalc.io.phrases import counted
from csmcalc.plan.cells import LONGEST_RULE, ROOM, RULES
from csmcalc.plan.settings import TABLES, Settings
from csmcalc.reports.model import (
    Block,
    Cell,
    Grid,
    GridRow,
    List,
    Look,
    Report,
    Series,
    Sheet,
    Table,
    Text,
    Unit,
)
from csmcalc.reports.sheets.headcount import headcount_sheet
from csmcalc.reports.sheets.planning.books import Carried, books_sheet
from csmcalc.reports.sheets.planning.changes import changes_sheet
from csmcalc.reports.sheets.planning.checks import all_checks, checks_sheet
from csmcalc.reports.sheets.planning.constants import with_names
from csmcalc.reports.sheets.planning.customers import customers_sheet
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.planning.functions import functions_sheet
from csmcalc.reports.sheets.planning.guide import guide_sheet
from csmcalc.reports.sheets.planning.inputs import inputs_sheet
from csmcalc.reports.sheets.planning.segments import segments_sheet
from csmcalc.reports.sheets.planning.sources import sources_sheet
from csmcalc.reports.sheets.planning.summary import summary_sheet
from csmcalc.reports.sheets.planning.workings import workings_sheet
from csmcalc.reports.sheets.timeline.hiring import hiring_sheet
from csmcalc.reports.sheets.timeline.months import timeline_sheet
from csmcalc.reports.sheets.timeline.scenarios import scenarios_sheet
from csmcalc.reports.sheets.timeline.sensitivity import sensitivity_sheet
from csmcalc.reports.sheets.value.sheet import value_sheet

_FOOTER = "csmcalc · planning workbook"
_NO_SIGN = ""
"""The currency is an input: amounts stand without its sign, and headings name it."""

FOUND = frozenset(
    {
        "Priced",
        "Proof",
        "ValueCurve",
        "ValueRanges",
        "ValueTornado",
        "Policies",
        "NetValue",
        "Ends",
        "Swings",
        "GrowthByChurn",
        "BreakEven",
        "Goals",
        "Levers",
    }
)
"""Tables of which csmcalc finds what is no formula."""


def planning_report(filled: Filled) -> Report:
    """The whole workbook as data."""
    plan, timeline = filled.plan, filled.timeline
    check_room(plan.settings)
    carried = Carried(plan, filled.team)
    checks = all_checks(filled, carried)
    sheets = (
        guide_sheet(filled, checks),
        summary_sheet(filled, checks),
        inputs_sheet(plan),
        scenarios_sheet(timeline),
        filled.customers or customers_sheet(plan),
        segments_sheet(plan),
        headcount_sheet(plan),
        value_sheet(plan, filled.bars),
        timeline_sheet(timeline),
        hiring_sheet(timeline, filled.paths),
        sensitivity_sheet(timeline),
        books_sheet(carried),
        workings_sheet(filled),
        checks_sheet(filled, checks),
        changes_sheet(),
        sources_sheet(plan),
        *((functions_sheet(filled),) if filled.functions else ()),
    )
    return report_of_sheets(sheets)


def report_of_sheets(sheets: Sequence[Sheet]) -> Report:
    """Sheets of the workbook as they stand in it."""
    return Report(
        title="How many customer success managers, and when?",
        footer=_FOOTER,
        currency=_NO_SIGN,
        sheets=tuple(map(lasting, sheets)),
        anchored=True,
    )


def check_room(settings: Settings) -> None:
    """Refuse settings that the workbook has no rows for."""
    for table, room in ROOM.items():
        count = len(getattr(settings, table))
        if count > room:
            raise InputError(
                f"[[{table}]] has {counted(count, 'row')}; a planning workbook has room for "
                f"{room}: {TABLES[table].note}"
            )
    rules = settings.books.rules
    if len(rules) > RULES:
        raise InputError(
            f"[books] rules has {len(rules)} rules; a planning workbook has room for {RULES}"
        )
    for rule in rules:
        if len(rule) > LONGEST_RULE:
            raise InputError(
                f"[books] rules: {rule[:60]}... has {len(rule)} letters; a planning workbook has "
                f"room for {LONGEST_RULE} a rule"
            )


# --- what makes a sheet last -----------------------------------------------------------------


def lasting(sheet: Sheet) -> Sheet:
    """A sheet whose formulas hold no bare numbers and whose amounts scale themselves."""
    placed = tuple(replace(one, block=_lasting(one.block)) for one in sheet.placed)
    return replace(sheet, placed=placed)


def _lasting(block: Block) -> Block:
    if isinstance(block, Text):
        return replace(block, cell=_cell(block.cell))
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Grid):
        return replace(block, rows=tuple(map(_grid_row, block.rows)))
    if isinstance(block, List):
        return replace(block, series=tuple(map(_series, block.series)))
    return block


_SCALED = frozenset({Unit.MONEY, Unit.MILLIONS, Unit.BILLIONS})


def _unit(unit: Unit, look: Look) -> Unit:
    if unit is Unit.TEXT and look is Look.INPUT:
        # Or what is typed becomes a number or a date: an id such as 007, a month such as 2027-01.
        return Unit.WORDS
    return Unit.SCALED if unit in _SCALED else unit


def _cell(cell: Cell) -> Cell:
    formula = cell.formula and with_names(cell.formula)
    unit = _unit(cell.unit, cell.look)
    if formula == cell.formula and unit is cell.unit:
        return cell  # as most are: there are thousands
    return replace(cell, formula=formula, unit=unit)


def _table(table: Table) -> Table:
    found = table.name in FOUND

    def lasting_cell(cell: Cell) -> Cell:
        made = _cell(cell)
        is_found = found and made.formula is None and made.look is Look.BODY
        is_told = made.found or not isinstance(made.value, str)
        return replace(made, look=Look.FOUND) if is_found and is_told else made

    def cells(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(map(lasting_cell, row))

    columns = tuple(
        replace(one, unit=_unit(one.unit, Look.HEADER), live=one.live and _cell(one.live))
        for one in table.columns
    )
    total = table.total and cells(table.total)
    return replace(table, columns=columns, rows=tuple(map(cells, table.rows)), total=total)


def _grid_row(row: GridRow) -> GridRow:
    formula = row.formula and with_names(row.formula)
    title = row.title_formula and with_names(row.title_formula)
    opening = row.opening and _cell(row.opening)
    look = Look.FOUND if row.key and formula is None and row.look is not Look.STRONG else row.look
    return replace(
        row,
        formula=formula,
        title_formula=title,
        opening=opening,
        unit=_unit(row.unit, look),
        look=look,
    )


def _series(series: Series) -> Series:
    unit = Unit.WORDS if _is_words(series) else series.unit
    return replace(series, formula=series.formula and with_names(series.formula), unit=unit)


def _is_words(series: Series) -> bool:
    return series.unit is Unit.TEXT and series.look is Look.INPUT
