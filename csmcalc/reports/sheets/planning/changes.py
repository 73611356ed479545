"""Change log: who changed what, when and why; typed by people."""

from __future__ import annotations

from csmcalc.reports.model import Allowed, List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 14, 20, 30, 46, 46)
_HEADER_ROW = 5
_COLUMNS = (
    ("Date", Unit.DATE, "The day of the change."),
    ("Who", Unit.TEXT, "Who made it."),
    ("Where", Unit.TEXT, "Sheet and cell, such as Inputs, ARR per CSM."),
    ("What was changed", Unit.TEXT, "From what to what."),
    ("Why", Unit.TEXT, "Why, or who decided it."),
)


def changes_sheet() -> Sheet:
    """The sheet of the log: a table that grows as it is typed into."""
    page = Page("Change log", _WIDTHS)
    page.head("What was changed, by whom and why?", "A line for each change that others must know")
    series = tuple(
        Series(heading, unit, [None], None, Look.INPUT, (), _allowed(heading, unit, words))
        for heading, unit, words in _COLUMNS
    )
    page.add(_HEADER_ROW, FIRST_COLUMN, List("Changes", series))
    return page.sheet(
        printed=(_HEADER_ROW + 1, len(_WIDTHS)),
        one_page=False,
        frozen=(_HEADER_ROW, 0),
        repeated_row=_HEADER_ROW,
    )


def _allowed(heading: str, unit: Unit, words: str) -> Allowed:
    if unit is Unit.DATE:
        return Allowed("a date", low=1, high=2_958_465, day=True, title=heading, help=words)
    return Allowed("at most 255 letters", longest=255, title=heading, help=words)
