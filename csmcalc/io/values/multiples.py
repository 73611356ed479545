"""Multiples: `10x`, `2.5`; neither a percentage nor an amount of money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.io.cells.numbers import without_times
from csmcalc.io.naming.recognise import Column
from csmcalc.io.raw import RawTable
from csmcalc.io.values.columns import NumberColumn, number_column

MULTIPLES = frozenset({"potential"})
"""The fields that hold multiples of today's value."""

WHAT = "not a multiple"
REMEDY = "write a multiple of today's ACV such as 2.5 or 10x, or leave the cell empty"

_LARGEST = 1000
"""What is more is the value itself: no customer grows a thousandfold in three years."""


def multiple_column(cells: pd.Series[Any]) -> NumberColumn:
    """Read a column of multiples as far as its cells allow."""
    return number_column(
        cells.map(lambda cell: without_times(cell) if isinstance(cell, str) else cell)
    )


def other_content(
    raw: RawTable, column: Column, content: NumberColumn, numbers: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Where a number is no multiple: growth of 50% is not half of today's ACV."""
    in_money = np.array([sign is not None for sign in content.currencies()], dtype=bool)
    other = content.percents() | in_money | (numbers > _LARGEST)
    if column.index in raw.formats:
        formats = raw.formats[column.index]
        shown_so = [formats.percents, *formats.currencies.values()]
        other |= np.isin(raw.rows, np.concatenate(shown_so)) & ~np.isnan(numbers)
    return np.asarray(other, dtype=bool)
