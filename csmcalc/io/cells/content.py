"""The cells of one column, whatever the reader: blank ones, text, numbers, dates, the rest."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LONGEST_SHOWN = 80
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and with it every workbook, cannot hold."""

EXCEL_ERRORS = frozenset(
    {
        *("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"),
        *("#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!"),
    }
)
"""The words that stand in a cell whose formula failed."""

NO_RESULT = "#NO RESULT"
"""Stands in a cell whose formula was saved without its result."""

FAILED = EXCEL_ERRORS | {NO_RESULT}
"""What stands in cells that have no value and must not pass for empty ones."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column split by what its cells are; every position is in exactly one of the four.

    Attributes:
        numbers: the numeric cells, NaN elsewhere.
        dates: the date cells as days, NaT elsewhere.
        text: trimmed text of the text cells, "" elsewhere.
        other: positions of cells that are none of these (TRUE, times).
    """

    numbers: NDArray[np.float64]
    dates: NDArray[np.datetime64]
    text: pd.Series[str]
    other: NDArray[np.int64]

    @property
    def is_text(self) -> NDArray[np.bool_]:
        """Where a cell holds text."""
        return np.asarray(self.text != "", dtype=bool)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Where a cell holds nothing."""
        blank = ~self.is_text & np.isnan(self.numbers) & np.isnat(self.dates)
        blank[self.other] = False
        return blank


def split(column: pd.Series[Any]) -> Cells:
    """Split a column by what its cells are."""
    size = len(column)
    nothing = np.full(size, np.nan)
    no_dates = np.full(size, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    if isinstance(column.dtype, pd.StringDtype):
        return Cells(nothing, no_dates, column.fillna("").str.strip(), np.empty(0, dtype=np.int64))
    if column.dtype.kind == "f":
        numbers = column.to_numpy(dtype=np.float64)
        return Cells(numbers, no_dates, pd.Series([""] * size, dtype=object), _positions([]))
    return _split_objects(column.tolist(), nothing, no_dates)


def _split_objects(
    cells: list[Any], numbers: NDArray[np.float64], dates: NDArray[np.datetime64]
) -> Cells:
    texts = [""] * len(cells)
    other: list[int] = []
    for position, cell in enumerate(cells):
        kind = type(cell)
        if kind is str:
            texts[position] = cell.strip()
        elif kind is float or kind is int:
            numbers[position] = cell
        elif cell is None or cell is pd.NaT:
            continue
        elif isinstance(cell, dt.datetime):
            dates[position] = np.datetime64(cell.date(), "D")
        elif isinstance(cell, dt.date):
            dates[position] = np.datetime64(cell, "D")
        else:
            other.append(position)
    return Cells(numbers, dates, pd.Series(texts, dtype=object), _positions(other))


def _positions(positions: list[int]) -> NDArray[np.int64]:
    return np.array(positions, dtype=np.int64)


def shown(cell: Any) -> str:
    """A cell as messages show it: its content, long text cut."""
    text = content(cell)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def content(cell: Any) -> str:
    """A cell as text: no needless decimals, dates in ISO form.

    >>> content(12346.0), content(True), content(dt.datetime(2026, 1, 2)), content(" x ")
    ('12346', 'TRUE', '2026-01-02', ' x ')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return "" if math.isnan(cell) else whole_or_repr(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return str(cell.date() if cell.time() == dt.time() else cell)
    return "" if cell is None else str(cell)


def whole_or_repr(number: float) -> str:
    """A number with all its digits and no needless ".0".

    >>> whole_or_repr(12346.0), whole_or_repr(0.5), whole_or_repr(2147483649.0)
    ('12346', '0.5', '2147483649')
    """
    if abs(number) < 1e17 and number == int(number):
        return str(int(number))
    return repr(number)
