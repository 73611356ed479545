"""What every reader hands on: one table as the file has it, nothing interpreted yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import Problem

EPOCH_1900 = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A header row and the cells below it.

    Attributes:
        source: file and sheet, as messages name them.
        headers: the header of each column, made unique for display.
        cells: a column per header, labelled 0..n-1; `str` from text files, objects otherwise.
        rows: the row of the file in which each row of `cells` stands.
        header_row: the row of the file that holds the headers.
        problems: what is wrong with rows whatever their meaning (too many fields).
        unread: the rows left out of `cells` for such a reason, all of them.
        notes: what the reader had to assume.
        grouping: the sign that groups thousands where the kind of file suggests one.
        epoch: day 0 of the dates that are stored as numbers.
        formats: column -> what the number formats of its cells say, where a workbook has them.
        places: column -> its sheet and letters where messages are to name cells, not rows.
    """

    source: str
    headers: tuple[str, ...]
    cells: pd.DataFrame
    rows: NDArray[np.int64]
    header_row: int
    problems: tuple[Problem, ...] = ()
    unread: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    grouping: str | None = None
    epoch: dt.date = EPOCH_1900
    formats: Mapping[int, ColumnFormat] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)

    def column(self, index: int) -> pd.Series[Any]:
        """The cells of one column."""
        return self.cells[index]

    def where(self, position: int, index: int) -> str:
        """Where the cell of a column at a position of the rows stands, as messages say it."""
        row = int(self.rows[position])
        return f"{self.places[index]}{row}" if index in self.places else f"row {row}"


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """What the number formats of a column's cells say.

    Attributes:
        currencies: currency code or sign -> rows of the file whose number is shown with it.
        percents: rows of the file whose number is shown as a percentage.
    """

    currencies: Mapping[str, NDArray[np.int64]]
    percents: NDArray[np.int64]
