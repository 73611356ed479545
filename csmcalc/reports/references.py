"""From headings to addresses: where tables and named cells stand, and what formulas refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csmcalc.io.files.headings import column_letters
from csmcalc.reports.model import Cell, Grid, List, Placed, Report, Sheet, Table, Text


def _letter(column: int) -> str:
    """The letters of a column counted from 1."""
    return column_letters(column - 1)


_REFERENCE = re.compile(
    r'(?P<words>"(?:[^"]|"")*")'
    r"|(?P<table>[A-Za-z_]\w*)?\[(?P<same_row>@)?(?P<heading>[^\[\]]+)\]"
)
"""A reference to a column; words in quotation marks are passed over, whatever they hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its sheet, body rows, and the column letter of each heading."""

    sheet: str
    name: str
    header: int
    first: int
    last: int
    letters: dict[str, str]
    is_list: bool

    def column(self, heading: str, *, absolute: bool = True) -> str:
        """The body of a column as a range on its sheet."""
        letter, dollar = self._letter(heading), "$" if absolute else ""
        return f"{dollar}{letter}{dollar}{self.first}:{dollar}{letter}{dollar}{self.last}"

    def cell(self, heading: str, row: int) -> str:
        """One cell of a column, its column fixed."""
        return f"${self._letter(heading)}{row}"

    def _letter(self, heading: str) -> str:
        try:
            return self.letters[heading]
        except KeyError:
            raise LookupError(f"table {self.name} has no column {heading!r}") from None


class References:
    """All tables, grids and named cells of a report, and formulas resolved against them."""

    def __init__(self, report: Report) -> None:
        """Find out where everything of a report stands."""
        self._report = report
        self.places = {place.name: place for place in _places(report)}
        self.names = dict(_names(report))
        self.grid_rows = dict(grid_rows(report))

    def anchors(self) -> dict[str, str]:
        """Where each short table and each grid stands, by its name."""
        return dict(_anchors(self._report))

    def table_id(self, name: str) -> int:
        """The number of an Excel table, unique in the workbook."""
        return [place.name for place in self.places.values() if place.is_list].index(name) + 1

    def resolve(
        self, formula: str, sheet: str, table: str | None, row: int, column: int = 0
    ) -> str:
        """A formula as the file stores it, standing in a row of a table (or outside any).

        `column` is that of the month in which a formula of a grid stands.
        """

        def address(match: re.Match[str]) -> str:
            if match["words"]:
                return match["words"]
            place = self.places[match["table"] or table or ""]
            heading = match["heading"]
            if place.is_list:
                place.column(heading)
                inner = f"[#This Row],[{heading}]" if match["same_row"] else heading
                return f"{place.name}[{inner}]"
            if match["same_row"]:
                return place.cell(heading, row)
            prefix = "" if place.sheet == sheet else f"{quoted(place.sheet)}!"
            return prefix + place.column(heading)

        def months(match: re.Match[str]) -> str:
            if match["words"]:
                return match["words"]
            line = self.grid_rows[match["key"]]
            prefix = "" if line.sheet == sheet else f"{quoted(line.sheet)}!"
            return prefix + line.cells(match["which"] or "", column)

        return _GRID_REFERENCE.sub(months, _REFERENCE.sub(address, formula))

    def choices(self, source: str, sheet: str) -> str:
        """The cells that list what may be typed: a column, or those from one name to another."""
        first, between, last = source.partition(":")
        if not between:
            return self.resolve(source, sheet, None, 0)
        return f"{self.names[first]}:{self.names[last].rpartition('!')[2]}"


_GRID_REFERENCE = re.compile(r'(?P<words>"(?:[^"]|"")*")|\{(?P<key>\w+)(?:\.(?P<which>\w+))?\}')


@dataclass(frozen=True, slots=True)
class GridLine:
    """Where a row of a grid stands: sheet and row, columns of the opening and of the last month."""

    sheet: str
    row: int
    opening: int
    last: int

    def cells(self, which: str, column: int) -> str:
        """The cells that a reference means, seen from a column; see `model.GridRow`."""
        first, row = self.opening + 1, self.row
        columns = {
            "": (column,),
            "before": (column - 1,),
            "past": (-self.opening, column - 1),
            "sofar": (-first, column),
            "all": (-first, -self.last),
            "last": (-self.last,),
            "opening": (-self.opening,),
        }[which]
        return ":".join(f"{'$' * (at < 0)}{_letter(abs(at))}{row}" for at in columns)


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _places(report: Report) -> Iterator[Place]:
    for sheet in report.sheets:
        for placed in sheet.placed:
            if isinstance(placed.block, (Table, List)):
                yield _place(sheet, placed, placed.block)


def _place(sheet: Sheet, placed: Placed, block: Table | List) -> Place:
    letters: dict[str, str] = {}
    column = placed.column
    if isinstance(block, Table):
        for heading in block.columns:
            letters[heading.heading] = _letter(column)
            column += heading.span
        length = len(block.rows)
    else:
        for series in block.series:
            letters[series.heading] = _letter(column)
            column += 1
        length = block.length
    first = placed.row + 1
    is_list = isinstance(block, List)
    return Place(sheet.name, block.name, placed.row, first, first + length - 1, letters, is_list)


GRID_COLUMNS = 3
"""Columns of a grid before its first month: title, unit, opening."""


def grid_rows(report: Report) -> Iterator[tuple[str, GridLine]]:
    """Each row of a grid by its key, and where it stands."""
    for sheet in report.sheets:
        for placed in sheet.placed:
            if isinstance(placed.block, Grid):
                opening = placed.column + GRID_COLUMNS - 1
                for offset, row in enumerate(placed.block.rows):
                    if row.key:
                        last = opening + placed.block.months
                        yield row.key, GridLine(sheet.name, placed.row + offset, opening, last)


def _anchors(report: Report) -> Iterator[tuple[str, str]]:
    """The first and the last cell of each short table, headings included, and of each grid."""
    for sheet in report.sheets:
        for row, column, block in ((p.row, p.column, p.block) for p in sheet.placed):
            if isinstance(block, Table):
                height = len(block.rows) + (1 if block.total else 0)
                width = sum(heading.span for heading in block.columns) - 1
            elif isinstance(block, Grid):
                height, width = len(block.rows) - 1, GRID_COLUMNS + block.months - 1
            else:
                continue
            first = f"${_letter(column)}${row}"
            last = f"${_letter(column + width)}${row + height}"
            yield block.name, f"{quoted(sheet.name)}!{first}:{last}"


def _names(report: Report) -> Iterator[tuple[str, str]]:
    """Each named cell and its address."""
    for sheet in report.sheets:
        for row, column, cell in cells_of(sheet):
            if cell.name:
                yield cell.name, f"{quoted(sheet.name)}!${_letter(column)}${row}"


def cells_of(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    """Every cell of a sheet's texts and short tables with its row and column."""
    for placed in sheet.placed:
        block = placed.block
        if isinstance(block, Text):
            yield placed.row, placed.column, block.cell
        elif isinstance(block, Grid):
            for offset, line in enumerate(block.rows):
                if line.opening:
                    yield placed.row + offset, placed.column + GRID_COLUMNS - 1, line.opening
        elif isinstance(block, Table):
            rows = [*block.rows, *([block.total] if block.total else [])]
            for offset, row in enumerate(rows, start=1):
                column = placed.column
                for heading, cell in zip(block.columns, row, strict=True):
                    yield placed.row + offset, column, cell
                    column += heading.span
