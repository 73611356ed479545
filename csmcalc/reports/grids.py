"""Grids of months: one formula a row, the value of each month beside it."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from csmcalc.reports import theme
from csmcalc.reports.dress import (
    Wardrobe,
    colour_words,
    hide_while_blank,
    scale_amounts,
    write_text,
)
from csmcalc.reports.model import Cell, Grid, GridRow, Look, Placed, Unit
from csmcalc.reports.references import GRID_COLUMNS, References
from csmcalc.reports.stamp import Stamp


def draw_grid(
    worksheet: Worksheet,
    stamp: Stamp,
    placed: Placed,
    grid: Grid,
    references: References,
    wardrobe: Wardrobe,
) -> None:
    """Lay out a grid; its formulas get their values when the workbook is stamped."""
    for offset, row in enumerate(grid.rows):
        at = placed.row + offset
        worksheet.row_dimensions[at].height = theme.ROW_HEIGHT
        _head(worksheet, stamp, at, placed.column, row, references, wardrobe)
        if not row.key:
            continue
        first = placed.column + GRID_COLUMNS
        if row.opening:
            opening = worksheet, stamp, at, first - 1, row, references, wardrobe
            _opening(*opening, months=grid.months)
        for month in range(grid.months):
            target = worksheet.cell(at, first + month)
            wardrobe.dress(target, Cell(None, unit=row.unit, look=row.look), right=True)
            value = row.values[month]
            if row.formula is None:
                if isinstance(value, str):
                    write_text(target, value)
                else:
                    target.value = value
                continue
            formula = references.resolve(row.formula, worksheet.title, None, at, first + month)
            target.value = f"={formula}"
            stamp.cached[target.coordinate] = value
        last = get_column_letter(first + grid.months - 1)
        cells = f"{get_column_letter(first)}{at}:{last}{at}"
        if row.coloured:
            colour_words(worksheet, cells, row.coloured)
        if row.unit is Unit.SCALED:
            scale_amounts(worksheet, f"{get_column_letter(first - 1)}{at}:{last}{at}")


def _head(
    worksheet: Worksheet,
    stamp: Stamp,
    at: int,
    column: int,
    row: GridRow,
    references: References,
    wardrobe: Wardrobe,
) -> None:
    """Title and unit; a row without a key is a heading over the rows below it."""
    title = worksheet.cell(at, column)
    look = row.look if row.key else Look.SECTION
    wardrobe.dress(title, Cell(row.title, look=look))
    if row.title_formula:
        formula = references.resolve(row.title_formula, worksheet.title, None, at)
        title.value = f"={formula}"
        stamp.cached[title.coordinate] = row.title
    else:
        write_text(title, row.title)
    if row.key:
        unit = worksheet.cell(at, column + 1)
        of_total = row.look is Look.TOTAL
        wardrobe.dress(unit, Cell(row.unit_words, look=Look.TOTAL if of_total else Look.MUTED))
        write_text(unit, row.unit_words)
        wardrobe.dress(worksheet.cell(at, column + 2), Cell(None, unit=row.unit, look=row.look))


def _opening(
    worksheet: Worksheet,
    stamp: Stamp,
    at: int,
    column: int,
    row: GridRow,
    references: References,
    wardrobe: Wardrobe,
    *,
    months: int,
) -> None:
    cell = row.opening
    assert cell is not None
    target = worksheet.cell(at, column)
    unit = row.unit if cell.unit is Unit.TEXT else cell.unit
    wardrobe.dress(target, Cell(cell.value, unit=unit, look=cell.look))
    if cell.formula is None:
        target.value = cell.value
        if row.title_formula:
            title = worksheet.cell(at, column + 1 - GRID_COLUMNS)
            last = get_column_letter(column + months)
            line = f"{title.coordinate}:{last}{at}"
            hide_while_blank(worksheet, target.coordinate, line, f"${title.coordinate}")
        return
    target.value = f"={references.resolve(cell.formula, worksheet.title, None, at)}"
    stamp.cached[target.coordinate] = cell.value
