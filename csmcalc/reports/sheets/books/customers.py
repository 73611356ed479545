"""Customers: each one's CSM today and in these books, and what its CSM has to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from csmcalc.portfolio.book import FIELD
from csmcalc.reports.model import List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.books.shown import Shown

HEADER_ROW = 5
NEW, MOVES = "new", "moves"


def customers_sheet(shown: Shown) -> Sheet:
    """The sheet of all customers; typing another CSM into it moves a customer by hand."""
    page = Page("Customers", (2,))
    page.head(
        "Customers by book",
        "Type another name into the column CSM to try a move: Books, Summary and Checks follow; "
        f"amounts in {shown.currency}, hours a year",
    )
    series = tuple(_series(shown))
    page.add(HEADER_ROW, FIRST_COLUMN, List("Customers", series))
    return page.sheet(
        printed=(HEADER_ROW + len(shown.now), FIRST_COLUMN + len(series) - 1),
        one_page=False,
        frozen=(HEADER_ROW, FIRST_COLUMN + 1),
        repeated_row=HEADER_ROW,
    )


def _series(shown: Shown) -> Iterator[Series]:
    frame = shown.task.customers.iloc[shown.order]
    owner = [shown.made.assigned.owner[at] for at in shown.order]
    today = [shown.owners_today[at] for at in shown.order]
    if not frame["id"].equals(frame["name"]):
        yield Series("Account id", Unit.TEXT, frame["id"])
    yield Series("Account", Unit.TEXT, frame["name"], look=Look.STRONG)
    yield Series("Owner today", Unit.TEXT, today)
    yield Series("CSM", Unit.TEXT, owner, look=Look.INPUT)
    yield Series("Change", Unit.TEXT, _changes(owner, today), _CHANGE)
    yield Series("ARR", Unit.MONEY, frame["arr"])
    yield Series("Hours", Unit.HOURS, frame["hours"])
    for load in shown.loads:
        if load.name in ("risk", "value"):
            yield Series(load.heading, load.unit, load.size[shown.order])
    for field in ("region", "language", "skill", "category"):
        if field in frame and frame[field].notna().any():
            yield Series(FIELD[field].title, Unit.TEXT, frame[field])
    yield Series("Touch tier", Unit.TEXT, frame["tier"])
    if shown.made.plan.has_growth:
        yield Series("Segment", Unit.TEXT, frame["segment"])
    if shown.months.any():
        months = shown.months[shown.order]
        yield Series("Renewal", Unit.DATE, frame["renewal"])
        values: Any = np.where(months > 0, months.astype(object), "")
        yield Series("Renewal month", Unit.COUNT, values, _MONTH)


_CHANGE = f'IF([@Owner today]="","{NEW}",IF([@Owner today]=[@CSM],"","{MOVES}"))'
_MONTH = 'IF([@Renewal]="","",MONTH([@Renewal]))'


def _changes(owner: list[str], today: list[str | None]) -> list[str]:
    return [
        NEW if not was else ("" if was.casefold() == now.casefold() else MOVES)
        for now, was in zip(owner, today, strict=True)
    ]
