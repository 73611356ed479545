"""Whole columns of numbers, dates, words: read once, then settled for the file as a whole.

A file has one decimal sign and one order of day and month. Each column says what its cells prove
("evidence"); what one column leaves open another may settle; what stays open is a question.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.io.cells import dates, numbers
from csmcalc.io.cells.content import UNPRINTABLE, Cells, content, split
from csmcalc.io.cells.numbers import MISSING, Written
from csmcalc.io.raw import EPOCH_1900

OPEN = "?"
"""Stands among the evidence of a column where a cell can be read in two ways."""


@dataclass(slots=True)
class NumberColumn:
    """A column of numbers of which only the decimal sign may still be open.

    Attributes:
        cells: the column, split by kind.
        blank: where there is no number, and none is meant.
        plain: what reads as a number in any style, or proves to be written with a point.
        dotted: where `plain` was written with a point.
        codes: for each cell the position in `written`, -1 for cells that need no second look.
        written: the distinct other texts, taken apart; None for what is no number.
        evidence: the decimal signs that the texts prove, `OPEN` where one fits both.
    """

    cells: Cells
    blank: NDArray[np.bool_]
    plain: NDArray[np.float64]
    dotted: NDArray[np.bool_]
    codes: NDArray[np.int64]
    written: list[Written | None]
    evidence: set[str]

    def settle(self, decimal: str | None) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The numbers, and where a cell is none; without a decimal sign each proves its own."""
        values = self.plain.copy()
        if decimal == ",":
            values[self.dotted] = np.nan
        readings = np.array([*(_settled(w, decimal) for w in self.written), np.nan])
        again = self.codes >= 0
        values[again] = readings[self.codes[again]]
        return values, np.isnan(values) & ~self.blank

    def currencies(self) -> NDArray[np.object_]:
        """The currency written beside each number, None where there is none."""
        named = np.array([*(w.currency if w else None for w in self.written), None], dtype=object)
        return np.asarray(named[self.codes], dtype=object)

    def percents(self) -> NDArray[np.bool_]:
        """Where a number carries a percent sign."""
        marked = np.array([*(bool(w and w.percent) for w in self.written), False])
        return np.asarray(marked[self.codes], dtype=bool)

    def open_cores(self) -> dict[int, Written]:
        """The numbers that can be read in two ways: their position in `written`."""
        return {
            code: written
            for code, written in enumerate(self.written)
            if written and numbers.decimal_sign(written.core) == OPEN
        }


def _settled(written: Written | None, decimal: str | None) -> float:
    if written is None:
        return np.nan
    sign = decimal or numbers.decimal_sign(written.core) or "."
    number = None if sign == OPEN else numbers.number_of(written, sign)
    return np.nan if number is None else number


def number_column(column: pd.Series[Any]) -> NumberColumn:
    """Read a column of numbers as far as its cells allow.

    Digits alone take the fast road; what people add to them is taken apart once per distinct text.
    """
    cells = split(column)
    positions = np.flatnonzero(cells.is_text)
    texts = cells.text.iloc[positions]
    fast = _floats(texts)
    pointed = texts.str.contains(".", regex=False).to_numpy(dtype=bool)
    two_ways = pointed.copy()
    two_ways[pointed] = texts[pointed].str.fullmatch(_POINT_OR_GROUP).to_numpy(dtype=bool)
    plain_text = np.isfinite(fast) & ~two_ways
    plain, dotted = cells.numbers.copy(), np.zeros(len(column), dtype=bool)
    plain[positions[plain_text]] = fast[plain_text]
    dotted[positions[plain_text & pointed]] = True
    codes = np.full(len(column), -1, dtype=np.int64)
    codes[positions[~plain_text]], distinct = pd.factorize(texts[~plain_text])
    others = [str(text) for text in distinct]
    written = [numbers.take_apart(text) for text in others]
    missing = np.array([*(text.lower() in MISSING for text in others), False])
    evidence = numbers.proven_signs(w.core for w in written if w) | (
        {"."} if dotted.any() else set()
    )
    blank = cells.blank | missing[codes]
    return NumberColumn(cells, blank, plain, dotted, codes, written, evidence)


def _floats(texts: pd.Series[Any]) -> NDArray[np.float64]:
    """Texts as floats, NaN where one is none; a column of nothing else takes half the time."""
    if not texts.str.contains("_", regex=False).any():
        with contextlib.suppress(ValueError):
            return texts.to_numpy(dtype=np.float64)
    return pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


_POINT_OR_GROUP = r"[+-]?[1-9]\d{0,2}\.\d{3}"


@dataclass(slots=True)
class DateColumn:
    """A column of dates of which only the order of day and month may still be open.

    Attributes:
        blank: where there is no date, and none is meant.
        plain: the dates that can be read in one way, NaT elsewhere.
        codes: for each cell the position in `written`, -1 for cells that need no second look.
        written: the distinct texts, taken apart; None for what is no date.
        evidence: the orders that the texts prove, `OPEN` where a date fits both.
    """

    blank: NDArray[np.bool_]
    plain: NDArray[np.datetime64]
    codes: NDArray[np.int64]
    written: list[dates.Day | dates.EitherWay | None]
    evidence: set[str]

    def settle(self, order: str | None) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
        """The days, and where a cell is none; a date that contradicts the order is none."""
        days = self.plain.copy()
        readings = np.array([*(_day(w, order) for w in self.written), _NO_DAY], "datetime64[D]")
        again = self.codes >= 0
        days[again] = readings[self.codes[again]]
        return days, np.isnat(days) & ~self.blank


_NO_DAY = np.datetime64("NaT", "D")
_FIRST_DAY = np.datetime64(f"{dates.FIRST_YEAR}-01-01", "D")


def _day(written: dates.Day | dates.EitherWay | None, order: str | None) -> np.datetime64:
    if isinstance(written, dates.EitherWay):
        return np.datetime64(written.day(order), "D") if order else _NO_DAY
    if written is None or (order and written.order not in (None, order)):
        return _NO_DAY
    return np.datetime64(written.date, "D")


def date_column(column: pd.Series[Any], epoch: dt.date = EPOCH_1900) -> DateColumn:
    """Read a column of dates as far as its cells allow; ISO dates take the fast road."""
    cells = split(column)
    days = cells.dates.copy()
    serials = np.flatnonzero(~np.isnan(cells.numbers))
    for position in serials.tolist():
        date = dates.from_serial(float(cells.numbers[position]), epoch)
        days[position] = np.datetime64(date, "D") if date else _NO_DAY
    positions = np.flatnonzero(cells.is_text)
    texts = cells.text.iloc[positions]
    iso = texts.str.fullmatch(_ISO).to_numpy(dtype=bool)
    fast = pd.to_datetime(texts[iso].str.slice(0, 10), format="%Y-%m-%d", errors="coerce")
    days[positions[iso]] = fast.to_numpy().astype("datetime64[D]")
    days[days < _FIRST_DAY] = _NO_DAY
    codes = np.full(len(column), -1, dtype=np.int64)
    codes[positions[~iso]], distinct = pd.factorize(texts[~iso])
    others = [str(text) for text in distinct]
    written = [dates.take_apart(text, epoch) for text in others]
    missing = np.array([*(text.lower() in MISSING for text in others), False])
    return DateColumn(cells.blank | missing[codes], days, codes, written, _orders(written))


_ISO = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"


def _orders(written: list[dates.Day | dates.EitherWay | None]) -> set[str]:
    orders = {OPEN for w in written if isinstance(w, dates.EitherWay)}
    return orders | {w.order for w in written if isinstance(w, dates.Day) and w.order}


def text_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """The texts of a column, trimmed; numbers keep their digits, dates take their ISO form.

    Characters that no workbook can hold become blanks (in text files the reader saw to that).
    """
    if isinstance(column.dtype, pd.StringDtype):
        return column.fillna("").str.strip()
    texts = (cell if type(cell) is str else content(cell) for cell in column)
    plain = [t if t.isprintable() else UNPRINTABLE.sub(" ", t) for t in texts]
    return pd.Series([text.strip() for text in plain], dtype=object)
