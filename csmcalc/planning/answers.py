"""What a planning workbook shows, cell by cell: each by the table, grid or name it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from csmcalc.reports.model import Cell, Grid, List, Look, Report, Sheet, Table, Text
from csmcalc.reports.references import GRID_COLUMNS


class Answer(NamedTuple):
    """One cell that the report fills.

    `block` is its table or grid, and `down` and `across` how far it is from the block's first
    cell; a text has none and stands at `row` (from 1) and `column` (from 0) of the report's sheet.
    """

    sheet: str
    block: str
    down: int
    across: int
    row: int
    column: int
    value: Any
    formula: str | None
    name: str | None
    found: bool


class Block(NamedTuple):
    """A table or grid of a report: where it stands there, how large it is, its labels."""

    sheet: str
    name: str
    row: int
    column: int
    height: int
    width: int
    headings: tuple[str | None, ...]
    labels: tuple[str | None, ...]


def lists_of(report: Report) -> dict[str, List]:
    """The Excel tables of a report by name."""
    return {
        placed.block.name: placed.block
        for sheet in report.sheets
        for placed in sheet.placed
        if isinstance(placed.block, List)
    }


def blocks_of(report: Report) -> Iterator[Block]:
    """The short tables and grids, and the headings and first cells by which lines are told."""
    for sheet in report.sheets:
        for row, column, block in ((p.row, p.column - 1, p.block) for p in sheet.placed):
            if isinstance(block, Table):
                yield _of_table(sheet.name, row, column, block)
            elif isinstance(block, Grid):
                labels = tuple(None if one.title_formula else one.title for one in block.rows)
                width = GRID_COLUMNS + block.months
                yield Block(
                    sheet.name, block.name, row, column, len(labels), width, (None,) * width, labels
                )


def _of_table(sheet: str, row: int, column: int, table: Table) -> Block:
    headings: list[str | None] = []
    for heading in table.columns:
        headings += [None if heading.live else heading.heading, *[None] * (heading.span - 1)]
    lines = [*table.rows, *([table.total] if table.total else [])]
    labels = (headings[0], *(_label(line[0]) for line in lines))
    return Block(
        sheet, table.name, row, column, len(labels), len(headings), tuple(headings), labels
    )


def _label(cell: Cell) -> str | None:
    fixed = cell.formula is None and not cell.found and cell.look is not Look.INPUT
    return cell.value if fixed and isinstance(cell.value, str) else None


def answers_of(report: Report) -> Iterator[Answer]:
    """Every cell whose value follows from inputs and customers; lists stand for themselves."""
    for sheet in report.sheets:
        for row, column, block in ((p.row, p.column - 1, p.block) for p in sheet.placed):
            if isinstance(block, Text):
                if _is_answer(block.cell):
                    yield _answer(sheet, "", 0, 0, row, column, block.cell)
            elif isinstance(block, Table):
                yield from _of_cells(sheet, row, column, block)
            elif isinstance(block, Grid):
                yield from _of_grid(sheet, row, column, block)


def words_of(report: Report) -> Iterator[Answer]:
    """The free words that never change, by which it is told where their lines went."""
    for sheet in report.sheets:
        for row, column, block in ((p.row, p.column - 1, p.block) for p in sheet.placed):
            if isinstance(block, Text) and _label(block.cell) and not _is_answer(block.cell):
                yield _answer(sheet, "", 0, 0, row, column, block.cell)


def _of_cells(sheet: Sheet, row: int, column: int, table: Table) -> Iterator[Answer]:
    across = 0
    starts = []
    for heading in table.columns:
        starts.append(across)
        if heading.live and heading.live.formula:
            yield _answer(sheet, table.name, 0, across, row, column + across, heading.live)
        across += heading.span
    lines = [*table.rows, *([table.total] if table.total else [])]
    for down, line in enumerate(lines, start=1):
        for at, cell in zip(starts, line, strict=True):
            if _is_answer(cell):
                yield _answer(sheet, table.name, down, at, row + down, column + at, cell)


def _of_grid(sheet: Sheet, row: int, column: int, grid: Grid) -> Iterator[Answer]:
    name, first = grid.name, GRID_COLUMNS
    for down, line in enumerate(grid.rows):
        at = row + down
        if line.title_formula:
            title = Cell(line.title, line.title_formula)
            yield _answer(sheet, name, down, 0, at, column, title)
        if line.opening and _is_answer(line.opening):
            yield _answer(sheet, name, down, first - 1, at, column + first - 1, line.opening)
        if not line.key:
            continue
        for month in range(grid.months):
            value, across = line.values[month], first + month
            if line.formula or not isinstance(value, str):
                yield Answer(
                    sheet.name, name, down, across, at, column + across, value, line.formula, None,
                    True,
                )  # fmt: skip


def _answer(
    sheet: Sheet, block: str, down: int, across: int, row: int, column: int, cell: Cell
) -> Answer:
    found = cell.found or cell.look is Look.FOUND
    return Answer(
        sheet.name, block, down, across, row, column, cell.value, cell.formula, cell.name, found
    )


def _is_answer(cell: Cell) -> bool:
    """Whether a cell is neither an input nor words that never change."""
    if cell.formula:
        return True
    if cell.look is Look.INPUT:
        return False
    told = cell.found or cell.look is Look.FOUND
    return told or cell.value is None or isinstance(cell.value, (int, float, dt.date))
