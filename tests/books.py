"""Small books for tests, made as the reader would make them."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.portfolio.book import FIELD, Book, Kind

AS_OF = dt.date(2026, 9, 30)
DATES = {"start", "renewal"}


def book(excluded: dict[str, list[Any]] | None = None, **columns: list[Any]) -> Book:
    """A book of planned accounts with the given columns; ids and names are filled in."""
    count = len(columns["arr"])
    frame = _frame({"id": [f"A{n}" for n in range(count)], **columns})
    left = _frame({"arr": [], "id": [], "name": [], "reason": [], **(excluded or {})})
    return Book(
        source="book.csv",
        customers=frame,
        excluded=left,
        recognised=(),
        unused=(),
        notes=(),
        problems=(),
        currency="USD",
        as_of=AS_OF,
    )


def _frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name in frame:
        if name in DATES:
            frame[name] = pd.to_datetime(frame[name])
        elif name == "reason" or FIELD[str(name)].kind is Kind.TEXT:
            frame[name] = frame[name].replace("", None).astype("str")
        else:
            frame[name] = frame[name].astype(float)
    if "name" not in frame:
        frame["name"] = frame["id"]
    frame.insert(0, "row", range(2, len(frame) + 2))
    return frame


def demo_path() -> Path:
    """The list the package ships."""
    return Path(str(files("csmcalc") / "data" / "demo_customers.csv"))


def demo_book() -> Book:
    """The book of that list."""
    return read_customers(demo_path(), ReadOptions(as_of=AS_OF))
