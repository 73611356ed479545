"""A sheet for each CSM: the book to be handed over, what is new in it, what leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.portfolio.segments import SEGMENTS
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.books.names import sheet_names
from csmcalc.reports.sheets.books.shown import Shown
from csmcalc.reports.wording import counted, number, phrase, share

MOST_SHEETS, MOST_CUSTOMERS = 250, 30_000
"""CSMs and customers with sheets of their own; beyond, nobody leafs: Customers is filtered."""

_WIDTHS = (2, 34)
_WIDTH, _LEAST = 14, 5
"""How wide other columns are, and how many there are at least: those of what is handed over."""

_TABLE_ROW = 5


def has_sheets(shown: Shown) -> bool:
    """Whether every CSM gets a sheet."""
    return len(shown.task.team) <= MOST_SHEETS and len(shown.now) <= MOST_CUSTOMERS


def handover_sheets(shown: Shown, taken: list[str]) -> list[Sheet]:
    """A sheet for each CSM, in the order of the team; none where there are too many."""
    if not has_sheets(shown):
        return []
    names = sheet_names(shown.task.names, taken)
    return [_sheet(shown, at, name) for at, name in enumerate(names)]


def _sheet(shown: Shown, at: int, sheet_name: str) -> Sheet:
    own = shown.order[shown.now[shown.order] == at]
    gone = np.flatnonzero((shown.task.today == at) & (shown.now != at))
    book = _book(shown, at, own) if len(own) else None
    between = (len(book.columns) if book else _LEAST) - 2
    page = Page(sheet_name, (*_WIDTHS, *(_WIDTH for _ in range(between)), shown.name_width))
    page.head(shown.task.names[at], _subtitle(shown, at, len(own)))
    row = _TABLE_ROW
    if book:
        row = page.table(row, book) + 1
    else:
        page.text(row, FIRST_COLUMN, "No customers in these books.", Look.SENTENCE, span=6)
        row += 2
    if len(gone):
        plural = "" if len(gone) == 1 else "s"
        row = page.section(row, f"To hand over: {len(gone):,} customer{plural} who go elsewhere")
        row = page.table(row, _leaving(shown, at, gone))
    return page.sheet(
        printed=(row, len(page.widths)),
        one_page=False,
        frozen=(_TABLE_ROW, 0),
        repeated_row=_TABLE_ROW,
    )


def _subtitle(shown: Shown, at: int, count: int) -> Any:
    hours, capacity = (float(shown.books[c].iloc[at]) for c in ("hours", "capacity"))
    used = hours / capacity if capacity else 0.0
    return phrase(
        counted(f"INDEX(Books[Customers],{at + 1})", count, "customer"),
        " · ",
        number(f"INDEX(Books[Hours],{at + 1})", hours),
        " of ",
        number(f"INDEX(Books[Capacity],{at + 1})", capacity),
        " hours a year, ",
        share(f"INDEX(Books[Utilisation],{at + 1})", used),
        f" · amounts in {shown.currency} · by falling ARR",
    )


def _book(shown: Shown, at: int, own: Any) -> Table:
    """The customers of a book; the last line says whether Books has the same sum."""
    columns, cells = zip(*_columns(shown, own), strict=True)
    rows = tuple(zip(*cells, strict=True))
    return Table(f"Book_{at + 1}", columns, rows, tuple(_total(shown, columns, own)))


def _columns(shown: Shown, own: Any) -> Iterator[tuple[Column, list[Cell]]]:
    frame = shown.task.customers.iloc[own]
    yield _words("Account", frame["name"], Look.STRONG)
    yield _numbers("ARR", Unit.MONEY, frame["arr"])
    yield _numbers("Hours", Unit.HOURS, frame["hours"])
    for load in shown.loads:
        if load.name == "risk":
            yield _numbers("Risk", load.unit, load.size[own])
    yield _words("Touch tier", frame["tier"])
    if shown.made.plan.has_growth:
        column, cells = _words("Segment", frame["segment"])
        yield column, [replace(cell, coloured=SEGMENTS) for cell in cells]
    for field, heading in (("region", "Region"), ("health", "Health")):
        if field in frame and frame[field].notna().any():
            yield _words(heading, frame[field])
    if shown.months.any():
        days = [None if pd.isna(day) else day.date() for day in frame["renewal"]]
        yield Column("Renewal", Unit.DATE), [Cell(day, unit=Unit.DATE) for day in days]
    yield _words("Comes from", list(_from(shown, own)), Look.MUTED)


def _words(heading: str, values: Any, look: Look = Look.BODY) -> tuple[Column, list[Cell]]:
    return Column(heading), [Cell(None if pd.isna(v) else str(v), look=look) for v in values]


def _numbers(heading: str, unit: Unit, values: Any) -> tuple[Column, list[Cell]]:
    return Column(heading, unit), [Cell(float(value), unit=unit) for value in values]


def _from(shown: Shown, own: Any) -> Iterator[str]:
    for at in own.tolist():
        was = shown.owners_today[at]
        if shown.task.today[at] == shown.now[at]:
            yield ""
        else:
            yield "new" if was is None else was


def _total(shown: Shown, columns: tuple[Column, ...], own: Any) -> Iterator[Cell]:
    frame = shown.task.customers.iloc[own]
    sums = {"ARR": float(frame["arr"].sum()), "Hours": float(frame["hours"].sum())}
    sums |= {load.heading: float(load.size[own].sum()) for load in shown.loads}
    for column in columns:
        if column.heading == "Account":
            yield Cell("Total", look=Look.TOTAL)
        elif column.unit in (Unit.TEXT, Unit.DATE):
            yield Cell(None, look=Look.TOTAL)
        else:
            total = sums[column.heading]
            yield Cell(total, f"SUM([{column.heading}])", column.unit, Look.TOTAL)


def _leaving(shown: Shown, at: int, gone: Any) -> Table:
    frame = shown.task.customers
    arr = frame["arr"].to_numpy(dtype=float)
    rows = [
        (
            Cell(str(frame["name"].iloc[one]), look=Look.STRONG),
            Cell(float(arr[one]), unit=Unit.MONEY),
            Cell(float(frame["hours"].iloc[one]), unit=Unit.HOURS),
            Cell(shown.task.names[shown.now[one]]),
        )
        for one in gone[np.argsort(-arr[gone], kind="stable")].tolist()
    ]
    columns = (
        Column("Account"),
        Column("ARR", Unit.MONEY),
        Column("Hours", Unit.HOURS),
        Column("Goes to"),
    )
    return Table(f"Leaving_{at + 1}", columns, tuple(rows))
