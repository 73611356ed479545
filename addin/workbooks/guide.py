"""The first sheet of the reference: whether Python answers, how to read it, every function."""

from __future__ import annotations

from collections.abc import Mapping

from addin.workbooks.paging import Paper
from csmcalc.catalog import CATALOGUE, groups
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Look, Sheet, Text
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 30, 88, 30)
_NAME, _GIVES, _UNIT = 2, 3, 4
_SILENT = "They do not answer: choose Enable Content, or run  csmcalc addin doctor"
NOT_RUN = "Not asked yet: choose Enable Content"
VERSION = Cell(NOT_RUN, f'IFERROR(CSM_VERSION(),"{_SILENT}")', spill=(1, 1))
"""Which versions answer; its value says that nobody asked, for a preview must not claim more."""

_HABITS = (
    ("Ranges", "A range in, a range out: =BCG_SEGMENT(C2:C500,D2:D500) fills 499 cells."),
    ("Empty cells", "In an optional argument the default is taken, in a required one it is #N/A."),
    ("Errors", "#NUM! impossible number, #DIV/0! zero base, #N/A no value, #VALUE! no number."),
    ("The reason", "=CSM_LAST_ERROR() says why the last function had no result."),
    ("Units", "Shares as 90% or 0.9, amounts in one currency, months as numbers, days as dates."),
    ("Your own", "Save a copy in the folder of this workbook; elsewhere Python is not found."),
)


def guide_sheet(places: Mapping[str, tuple[str, int]]) -> Sheet:
    """The sheet; `places` are sheet and row of each function."""
    page = Page("Guide", _WIDTHS)
    title = "Which function answers the question?"
    subtitle = f"{len(CATALOGUE)} functions for customer success planning, each with an example"
    row = page.head(title, subtitle, Look.TITLE)
    row = _status(page, row)
    row = _habits(page, row + 1)
    row = _legend(page, row + 1)
    row = _contents(page, row + 1, places)
    return page.sheet(printed=(row - 1, _UNIT), one_page=False, repeated_row=2)


def _status(page: Page, row: int) -> int:
    page.text(row, _NAME, "The functions", Look.STRONG)
    page.add(row, _GIVES, Text(VERSION))
    page.text(row, _UNIT, "")
    page.heights[row] = theme.ROW_HEIGHT
    return row + 1


def _habits(page: Page, row: int) -> int:
    row = page.section(row, "How they behave")
    for name, text in _HABITS:
        page.text(row, _NAME, name, Look.STRONG)
        page.text(row, _GIVES, text, span=2)
        page.heights[row] = theme.ROW_HEIGHT
        row += 1
    return row


def _legend(page: Page, row: int) -> int:
    row = page.section(row, "Colours")
    for sample, look, colour, text in (
        ("1,000", Look.INPUT, None, "An input: change it."),
        ("1,000", Look.TOTAL, None, "A result: a formula."),
        ("#NUM!", Look.BODY, theme.WRONG, "What a mistake shows, on purpose."),
        ("CSM_RATIO", Look.BODY, theme.ACCENT, "A way to a function: click it."),
    ):
        page.text(row, _NAME, sample, look, colour=colour)
        page.text(row, _GIVES, text, span=2)
        page.heights[row] = theme.ROW_HEIGHT
        row += 1
    return row


def _contents(page: Page, row: int, places: Mapping[str, tuple[str, int]]) -> int:
    paper = Paper(_WIDTHS)
    for group, entries in groups().items():
        first = row
        row = page.section(row, group)
        for column, heading in ((_NAME, "Function"), (_GIVES, "Gives"), (_UNIT, "Unit")):
            page.text(row, column, heading, Look.HEADER)
        page.heights[row] = theme.ROW_HEIGHT
        for entry in entries:
            row += 1
            sheet, at = places[entry.name]
            link = f'HYPERLINK("#\'{sheet}\'!B{at}","{entry.name}")'
            page.add(row, FIRST_COLUMN, Text(Cell(entry.name, link, colour=theme.ACCENT)))
            page.text(row, _GIVES, entry.summary)
            page.text(row, _UNIT, entry.unit, Look.MUTED)
        row += 2
        paper.block(first, row, page.heights)
    page.breaks.extend(paper.breaks)
    return row - 1
