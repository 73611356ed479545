"""The body of a table: the look and the formulas of its first row, totals, neighbours."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from csmcalc.reports.template.context import Context
from csmcalc.reports.template.findings import FindingKind
from csmcalc.reports.template.follow import by_row
from csmcalc.reports.template.formulas import formula_cell
from csmcalc.reports.template.rows import ROW, Body, BodyColumn
from csmcalc.reports.template.sheet import (
    Cell,
    Row,
    column_letter,
)
from csmcalc.reports.template.slots import (
    BodyRows,
    FormulaCell,
    Neighbours,
    Totals,
    TotalsCell,
)
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.xmlmap import Edits, attribute_place


def region_of(table: ExcelTable) -> tuple[int, int]:
    """The bytes from the first row of a body to the end of the rows of its sheet."""
    rows = [row for row in table.sheet.rows if row.number >= table.box.first]
    if not rows:
        at = table.sheet.data.inside_end
        return at, at
    return rows[0].element.start, rows[-1].element.end


def body_rows(context: Context, table: ExcelTable, original: list[Any], inside: Edits) -> BodyRows:
    """All rows from the first of a body on, as a slot; `original` stays without data."""
    box = table.box
    first = next((row for row in table.sheet.rows if row.number == box.first), None)
    columns = tuple(
        _body_column(context, table, column, first) for column in range(box.left, box.right + 1)
    )
    attributes = table.sheet.row_attributes(first) if first else ""
    for row in table.sheet.rows:
        if box.first < row.number <= box.last and any(c.formula for c in row.cells):
            _uneven(context, table, row, first)
    beside: dict[int, Neighbours] = {}
    totals: Totals | None = None
    for row in table.sheet.rows:
        if row.number < box.first:
            continue
        left = [c for c in row.cells if c.column < box.left]
        right = [c for c in row.cells if c.column > box.right]
        if left or right:
            beside[row.number] = (
                _pieces(inside, left),
                _pieces(inside, right),
                table.sheet.row_attributes(row),
            )
        if table.totals and row.number == box.last + 1:
            totals = _totals(context, table, row)
    if table.totals and totals is None:
        totals = Totals("", ())
    body = Body(box.first, attributes, columns, context.epoch_1904)
    return BodyRows(table.name, body, totals, beside, tuple(original))


def computed_headings(table: ExcelTable) -> frozenset[str]:
    """The columns with a formula, for which data is optional."""
    first = next((r for r in table.sheet.rows if r.number == table.box.first), None)
    cells = {c.column for c in first.cells if c.formula} if first else set()
    return frozenset(
        heading
        for position, heading in enumerate(table.headings)
        if table.calculated[position] or table.box.left + position in cells
    )


def _uneven(context: Context, table: ExcelTable, row: Row, first: Row | None) -> None:
    """Formulas in later rows of a column whose first row has none are not carried on."""
    has = {c.column for c in first.cells if c.formula} if first else set()
    for cell in row.cells:
        box = table.box
        within = box.left <= cell.column <= box.right
        if cell.formula and within and cell.column not in has:
            heading = table.headings[cell.column - box.left]
            if not table.calculated[cell.column - box.left]:
                context.find(
                    FindingKind.LOST,
                    f"{table.sheet.name}!{cell.address}",
                    f"the first row of column {heading} has no formula: this one is replaced",
                )


def _body_column(context: Context, table: ExcelTable, column: int, first: Row | None) -> BodyColumn:
    position = column - table.box.left
    cell = next((c for c in first.cells if c.column == column), None) if first else None
    style = cell.style if cell else table.sheet.column_style(column)
    letter = cell.letter if cell else column_letter(column)
    formula = cell.formula.all_text if cell and cell.formula else table.calculated[position]
    pieces = by_row(formula, table.box.first) if formula else ()
    shifting = any(isinstance(piece, int) and piece for piece in pieces)
    escaped = tuple(escape(p) if isinstance(p, str) else p for p in pieces)
    return BodyColumn(
        letter=letter,
        style=style,
        text_style=context.styles.quoted(style),
        formula="".join(p if isinstance(p, str) else ROW for p in escaped),
        shifting=escaped if shifting else (),
    )


def _totals(context: Context, table: ExcelTable, row: Row) -> Totals:
    cells: list[FormulaCell | TotalsCell] = []
    for cell in row.cells:
        if not table.box.left <= cell.column <= table.box.right:
            continue
        if cell.formula is not None:
            cells.append(formula_cell(context, table.sheet, cell))
            continue
        raw = table.sheet.content[cell.element.start : cell.element.end]
        _, end = attribute_place(table.sheet.content, cell.element, "r")
        rest = raw[end + 1 - cell.element.start :]
        cells.append(TotalsCell(cell.letter, rest))
    return Totals(table.sheet.row_attributes(row), tuple(cells))


def _pieces(inside: Edits, cells: list[Cell]) -> list[Any]:
    made: list[Any] = []
    for cell in cells:
        made += inside.part(cell.element.start, cell.element.end)
    return made
