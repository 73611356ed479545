"""The bodies of the tables of a sheet: the look and the formulas of their first rows, totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csmcalc.reports.template.cells import escape
from csmcalc.reports.template.computed import CONSTANTS, cell_of, first_row, formula_of
from csmcalc.reports.template.context import Context
from csmcalc.reports.template.findings import FindingKind
from csmcalc.reports.template.follow import in_a_row
from csmcalc.reports.template.formulas import formula_cell
from csmcalc.reports.template.names import Added, insert_cells
from csmcalc.reports.template.region import Growing, Region, TemplateCell, TemplateRow, Totals
from csmcalc.reports.template.rows import Body, BodyColumn
from csmcalc.reports.template.sheet import Cell, Row, SheetMap, column_letter
from csmcalc.reports.template.slots import FormulaCell, TotalsCell
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.xmlmap import Edits, attribute_place


def region_of(tables: Sequence[ExcelTable]) -> tuple[int, int]:
    """The bytes from the first row of a sheet's first body to the end of its rows."""
    sheet, first = tables[0].sheet, min(table.box.first for table in tables)
    rows = [row for row in sheet.rows if row.number >= first]
    return rows[0].element.start if rows else sheet.data.inside_end, sheet.data.inside_end


def compile_region(
    context: Context,
    tables: Sequence[ExcelTable],
    inside: Edits,
    added: Sequence[Added],
) -> Region:
    """All rows of a region as one slot; `added` are cells that the file does not have."""
    sheet = tables[0].sheet
    first = min(table.box.first for table in tables)
    rows = [
        _template_row(sheet, row, tables, inside, added)
        for row in sheet.rows
        if row.number >= first
    ]
    new = {row for row, _, _ in added} - {row.number for row in rows}
    rows += [TemplateRow(number, "", _added(number, added)) for number in new]
    # Only now: a cell that is put in before another would be taken for a part of it.
    insert_cells(inside, sheet, added)
    return Region(
        tables=tuple(_growing(context, table, inside) for table in tables),
        rows=tuple(sorted(rows, key=lambda row: row.number)),
        original=tuple(inside.part(*region_of(tables))),
        epoch_1904=context.epoch_1904,
    )


def _template_row(
    sheet: SheetMap,
    row: Row,
    tables: Sequence[ExcelTable],
    inside: Edits,
    added: Sequence[Added],
) -> TemplateRow:
    cells = [
        TemplateCell(
            cell.column,
            _owner(tables, cell),
            tuple(inside.part(cell.element.start, cell.element.end)),
        )
        for cell in row.cells
    ]
    cells = sorted([*cells, *_added(row.number, added)], key=lambda cell: cell.position)
    return TemplateRow(row.number, sheet.row_attributes(row), tuple(cells))


def _added(number: int, added: Sequence[Added]) -> tuple[TemplateCell, ...]:
    return tuple(TemplateCell(at, "", (slot,)) for row, at, slot in added if row == number)


def _owner(tables: Sequence[ExcelTable], cell: Cell) -> str:
    """The table in whose columns a cell stands, in its body or below."""
    for table in tables:
        box = table.box
        if box.left <= cell.column <= box.right and cell.row >= box.first:
            return table.name
    return ""


def _growing(context: Context, table: ExcelTable, inside: Edits) -> Growing:
    box, first = table.box, first_row(table)
    columns, following = [], {}
    for position in range(len(table.headings)):
        column, formula = _body_column(context, table, position, first)
        if any(not isinstance(piece, (str, int)) for piece in formula):
            following[position] = formula
        columns.append(column)
    for row in table.sheet.rows:
        if box.first < row.number <= box.last and any(c.formula for c in row.cells):
            _uneven(context, table, row, first)
    attributes = table.sheet.row_attributes(first, shown=True) if first else ""
    if first and first.element.attributes.get("hidden") in ("1", "true"):
        place = f"{table.sheet.name}!{first.number}:{first.number}"
        context.find(FindingKind.NOTE, place, "is hidden; the rows of a report are shown")
    body = Body(box.first, attributes, tuple(columns))
    totals = _totals(context, table, inside)
    return Growing(table.name, body, totals, table.bottom, following)


def _uneven(context: Context, table: ExcelTable, row: Row, first: Row | None) -> None:
    """Formulas in later rows of a column whose first row has none are not carried on."""
    for cell in row.cells:
        position = cell.column - table.box.left
        if cell.formula and 0 <= position < len(table.headings):
            formula = table.sheet.formula_text(cell)
            if formula not in CONSTANTS and not formula_of(table, position, first):
                context.find(
                    FindingKind.LOST,
                    f"{table.sheet.name}!{cell.address}",
                    f"the first row of column {table.headings[position]} has no formula: this one "
                    "is replaced",
                )


def _body_column(
    context: Context, table: ExcelTable, position: int, first: Row | None
) -> tuple[BodyColumn, tuple[Any, ...]]:
    column, cell = table.box.left + position, cell_of(table, position, first)
    style = cell.style if cell else table.sheet.column_style(column)
    formula = formula_of(table, position, first)
    context.has_formulas |= bool(formula)
    context.check_call(f"column {table.headings[position]} of table {table.name}", formula)
    pieces = in_a_row(formula, table.sheet.name, context.boxes, table.box.first)
    escaped = tuple(escape(p) if isinstance(p, str) else p for p in pieces)
    fixed = tuple(p for p in escaped if isinstance(p, (str, int)))
    letter = column_letter(column)
    return BodyColumn(column, letter, context.styles.look(style), fixed), escaped


def _totals(context: Context, table: ExcelTable, inside: Edits) -> Totals | None:
    if not table.totals:
        return None
    row = next((row for row in table.sheet.rows if row.number == table.bottom), None)
    if row is None:
        return Totals("", ())
    cells: list[tuple[int, FormulaCell | TotalsCell]] = []
    for cell in row.cells:
        if not table.box.left <= cell.column <= table.box.right:
            continue
        if cell.formula is not None:
            cells.append((cell.column, formula_cell(context, table.sheet, cell)))
            continue
        cells.append((cell.column, _totals_cell(table, cell, inside)))
    return Totals(table.sheet.row_attributes(row), tuple(cells))


def _totals_cell(table: ExcelTable, cell: Cell, inside: Edits) -> TotalsCell:
    """What follows the address of a cell, with the words that are filled in."""
    start, end = cell.element.start, cell.element.end
    first, *rest = inside.part(start, end)
    assert isinstance(first, bytes)
    head = f'<c r="{cell.address}"'.encode()
    if first.startswith(head):
        return TotalsCell(cell.letter, (first.removeprefix(head), *rest))
    _, behind = attribute_place(table.sheet.content, cell.element, "r")
    return TotalsCell(cell.letter, (first[behind + 1 - start :], *rest))
