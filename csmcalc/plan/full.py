"""A book with every field a list may have: what a planning workbook stands on.

A workbook is laid out once and filled with many lists, or typed into by hand. Its columns, rows and
formulas must not depend on what one list happens to tell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from csmcalc.portfolio.book import FIELDS, Book, Kind

RESOLVED = ("acv", "mrr", "tenure", "status", "currency")
"""Fields that a reader turns into others; a book has no columns for them."""

_TYPES: Mapping[Kind, str] = {Kind.TEXT: "str", Kind.DATE: "datetime64[s]"}
_NUMBERS = "float64"


def full_book(book: Book) -> Book:
    """The same book with every column, empty where the list tells nothing."""
    return replace(
        book,
        customers=_with_all(book.customers),
        excluded=_with_all(book.excluded),
        full=True,
    )


def empty_book(currency: str, as_of: dt.date) -> Book:
    """A full book without any account."""
    nobody = pd.DataFrame({"row": pd.Series(dtype="int64")})
    left_out = nobody.assign(reason=pd.Series(dtype="str"))
    return full_book(Book("", nobody, left_out, (), (), (), (), currency, as_of))


def _with_all(accounts: pd.DataFrame) -> pd.DataFrame:
    missing = {
        field.name: pd.Series(None, index=accounts.index, dtype=_TYPES.get(field.kind, _NUMBERS))
        for field in FIELDS
        if field.name not in RESOLVED and field.name not in accounts
    }
    return accounts.assign(**missing)
