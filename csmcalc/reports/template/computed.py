"""The columns of a table that its formulas compute; data for them is optional."""

from __future__ import annotations

from csmcalc.reports.template.sheet import Cell, Row
from csmcalc.reports.template.tables import ExcelTable

CONSTANTS = {"TRUE()": True, "FALSE()": False}
"""LibreOffice saves a boolean as a formula."""


def formulas_of(table: ExcelTable) -> dict[str, str]:
    """The formula of each column that has one."""
    first = first_row(table)
    found = {h: formula_of(table, at, first) for at, h in enumerate(table.headings)}
    return {heading: formula for heading, formula in found.items() if formula}


def first_row(table: ExcelTable) -> Row | None:
    """The first row of the body, after which all others are made."""
    return next((row for row in table.sheet.rows if row.number == table.box.first), None)


def cell_of(table: ExcelTable, position: int, first: Row | None) -> Cell | None:
    """The cell of a column in the first row."""
    column = table.box.left + position
    return next((c for c in first.cells if c.column == column), None) if first else None


def formula_of(table: ExcelTable, position: int, first: Row | None) -> str:
    """The formula of a column, as its first cell or the table tells it; "" where it has none."""
    cell = cell_of(table, position, first)
    formula = table.sheet.formula_text(cell) if cell and cell.formula else ""
    return "" if formula in CONSTANTS else formula or table.calculated[position]
