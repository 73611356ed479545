"""A sheet under construction: blocks put in their places, then frozen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from csmcalc.reports import theme
from csmcalc.reports.model import Block, Cell, Look, Placed, Sheet, Table, Text, Wash
from csmcalc.reports.wording import Phrase

FIRST_COLUMN = 2
"""Content starts in column B; column A is a margin."""


class Page:
    """Collects what stands on a sheet, row by row."""

    def __init__(self, name: str, widths: Sequence[float]) -> None:
        """Begin a sheet with the widths of its first columns."""
        self.name = name
        self.widths = tuple(widths)
        self.placed: list[Placed] = []
        self.washes: list[Wash] = []
        self.heights: dict[int, float] = {}
        self.breaks: list[int] = []

    def add(self, row: int, column: int, block: Block) -> None:
        """Put a block with its upper left corner at a cell."""
        self.placed.append(Placed(row, column, block))

    def text(
        self,
        row: int,
        column: int,
        content: Phrase | Cell | str,
        look: Look = Look.BODY,
        *,
        span: int = 1,
        lines: int = 1,
        colour: str | None = None,
    ) -> None:
        """Put one cell: words, a live phrase or a ready cell."""
        if isinstance(content, str):
            cell = Cell(content, look=look, colour=colour)
        elif isinstance(content, Phrase):
            live = None if content.is_fixed else content.formula
            cell = Cell(content.value, live, look=look, colour=colour)
        else:
            cell = replace(content, look=look, colour=colour or content.colour)
        self.add(row, column, Text(cell, span, lines))

    def head(self, title: str, subtitle: Phrase | str, look: Look = Look.SHEET_TITLE) -> int:
        """The sheet's title and the line below it; returns the next free row."""
        self.text(2, FIRST_COLUMN, title, look)
        self.heights[2] = 30 if look is Look.TITLE else 24
        self.text(3, FIRST_COLUMN, subtitle, Look.SUBTITLE)
        return 5

    def section(self, row: int, title: str, column: int = FIRST_COLUMN) -> int:
        """A section's heading; returns the next free row."""
        self.text(row, column, title, Look.SECTION)
        return row + 1

    def table(self, row: int, table: Table, column: int = FIRST_COLUMN) -> int:
        """A table; returns the row after it."""
        self.add(row, column, table)
        return row + 1 + len(table.rows) + (1 if table.total else 0)

    def pages(self, first: int, end: int) -> float:
        """How much of a printed page rows take that are as wide as the sheet.

        A page is A4 on its side, less its margins; a unit of width is 5.25 points, and a column has
        3.75 more.
        """
        height = sum(self.heights.get(row, theme.ROW_HEIGHT) for row in range(first, end))
        points = sum(width * 5.25 + 3.75 for width in self.widths)
        return height / (points / (842 - 72) * (595 - 97))

    def begin_with_headings(self, begin: int, top: int, table: Table) -> int:
        """Begin pages with headings among the rows of a long table; the row that begins the last.

        The first page begins with the row `begin`, the rows of the table with `top`. All rows below
        a heading stay with it, as far as they fit on a page.
        """
        headings = [at for at, cells in enumerate(table.rows) if cells[0].look is Look.STRONG]
        for at, after in itertools.pairwise([*headings, len(table.rows)]):
            if at and self.pages(begin, top + after) > 1:
                self.breaks.append(top + at - 1)
                begin = top + at
        return begin

    def keep_together(self, most: int, begin: int = 1) -> None:
        """Begin a new page with each block that would be cut after `most` rows, if it fits on one.

        A block is a table with the heading above it; what stands beside it goes with it. The first
        page that is looked at begins with the row `begin`.
        """
        tables = [one for one in self.placed if isinstance(one.block, Table)]
        bounds = sorted(
            (one.row - 1, one.row + len(one.block.rows) + bool(one.block.total))
            for one in tables
            if isinstance(one.block, Table) and one.column == FIRST_COLUMN
        )
        for start, end in bounds:
            if end - begin >= most and start > begin:
                self.breaks.append(start - 1)
                begin = start

    def sheet(
        self,
        *,
        printed: tuple[int, int] | None = None,
        one_page: bool = True,
        frozen: tuple[int, int] | None = None,
        repeated_row: int | None = None,
        across: int = 1,
        repeated_columns: int | None = None,
        hidden: bool = False,
    ) -> Sheet:
        """The finished sheet."""
        return Sheet(
            name=self.name,
            placed=tuple(self.placed),
            widths=self.widths,
            heights=self.heights,
            washes=tuple(self.washes),
            printed=printed,
            one_page=one_page,
            frozen=frozen,
            repeated_row=repeated_row,
            across=across,
            repeated_columns=repeated_columns,
            breaks=tuple(self.breaks),
            hidden=hidden,
        )
