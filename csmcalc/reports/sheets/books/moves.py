"""Moves: every customer that changes hands, from whom to whom, and why."""

from __future__ import annotations

import pandas as pd

from csmcalc.io.phrases import counted
from csmcalc.reports.model import List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.books.shown import Shown
from csmcalc.reports.sheets.customers import HEADER_ROW


def moves_sheet(shown: Shown) -> Sheet:
    """The sheet of all moves, the largest first."""
    moves = shown.moves
    page = Page("Moves", (2,))
    if not len(moves):
        page.head("Who changes hands?", "Nobody: every customer stays with today's owner")
        return page.sheet(printed=(4, 8))
    page.head(
        "Who changes hands, and why?",
        f"{len(moves):,} of {counted(len(shown.now), 'customer')} · amounts in "
        f"{shown.currency}, hours a year · of target: today's load of that CSM beside its target",
    )
    series = (
        Series("Account id", Unit.TEXT, moves["id"]),
        Series("Account", Unit.TEXT, moves["name"], look=Look.STRONG),
        Series("ARR", Unit.MONEY, moves["arr"]),
        Series("Hours", Unit.HOURS, moves["hours"]),
        Series("From", Unit.TEXT, [None if pd.isna(name) else name for name in moves["from"]]),
        Series("To", Unit.TEXT, moves["to"]),
        Series("Why", Unit.TEXT, moves["reason"]),
    )
    page.add(HEADER_ROW, FIRST_COLUMN, List("Moves", series))
    return page.sheet(
        printed=(HEADER_ROW + len(moves), FIRST_COLUMN + len(series) - 1),
        one_page=False,
        frozen=(HEADER_ROW, 0),
        repeated_row=HEADER_ROW,
    )
