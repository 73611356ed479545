"""The rows below a header: blank ones left out, footers told from customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.io.cells.content import shown
from csmcalc.io.files.headings import shown_headers

_LONGEST_FOOTER = 30


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a header row, its columns labelled 0..n-1.

    `kept` tells which columns of the file they are: those with a header or with content.
    """

    headers: tuple[str, ...]
    kept: tuple[int, ...]
    cells: pd.DataFrame
    rows: NDArray[np.int64]
    notes: tuple[str, ...]


def body_of(
    source: str,
    headers: Sequence[str],
    cells: pd.DataFrame,
    rows: NDArray[np.int64],
    first_column: int = 0,
) -> Body:
    """The rows and columns that carry something; a footer is left out with a note."""
    notes: tuple[str, ...] = ()
    blank = blank_rows(cells)
    if blank.any():
        cells, rows = cells[~blank], rows[~blank]
    footer = footer_length(cells, rows)
    if footer:
        text = shown(next(cell for cell in cells.iloc[-footer] if not _is_blank(cell))).strip()
        notes = (f'{source}: the footer from row {rows[-footer]} on ("{text}") is left out',)
        cells, rows = cells.iloc[:-footer], rows[:-footer]
    kept = tuple(
        position
        for position, header in enumerate(headers)
        if header.strip() or not _blank(cells.iloc[:, position]).all()
    )
    chosen = cells.iloc[:, list(kept)].reset_index(drop=True)
    chosen.columns = pd.RangeIndex(len(kept))
    titles = shown_headers(headers, first_column)
    return Body(tuple(titles[position] for position in kept), kept, chosen, rows, notes)


def blank_rows(cells: pd.DataFrame) -> NDArray[np.bool_]:
    """Where a row holds nothing but blanks."""
    candidates = np.arange(len(cells))
    for position in range(cells.shape[1]):
        if not candidates.size:
            break
        candidates = candidates[_blank(cells.iloc[candidates, position])]
    blank = np.zeros(len(cells), dtype=bool)
    blank[candidates] = True
    return blank


def footer_length(cells: pd.DataFrame, rows: NDArray[np.int64]) -> int:
    """How many rows at the end are a footer: apart from the table, one filled cell each.

    CRM reports end with lines such as "Confidential Information - Do Not Distribute".
    """
    if cells.shape[1] < 3:
        return 0
    length = 0
    for position in range(len(cells) - 1, max(0, len(cells) - _LONGEST_FOOTER), -1):
        filled = sum(not blank for blank in map(_is_blank, cells.iloc[position]))
        if filled > 1:
            break
        if rows[position] - rows[position - 1] > 1:
            length = len(cells) - position
    return length


def _blank(column: pd.Series[Any]) -> NDArray[np.bool_]:
    if isinstance(column.dtype, pd.StringDtype):
        return np.asarray(column.fillna("").str.strip() == "", dtype=bool)
    if column.dtype == object:
        return np.array([_is_blank(cell) for cell in column], dtype=bool)
    return column.isna().to_numpy(dtype=bool)


def _is_blank(cell: Any) -> bool:
    if isinstance(cell, str):
        return not cell.strip()
    return bool(pd.isna(cell))
