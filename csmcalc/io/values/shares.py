"""Shares: `12%`, `0.12`, and columns that write 12 and mean percent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import InputError
from csmcalc.io.naming.recognise import Column
from csmcalc.io.raw import RawTable
from csmcalc.portfolio.book import FIELDS
from csmcalc.portfolio.books.team import CSM_FIELDS

_LIMITS = {one.name: one.high for one in (*CSM_FIELDS, *FIELDS)} | {"fte": None}
"""The most that a share may be; an FTE of 2 may mean two people and is not taken for 2%."""

_CLEARLY_PERCENT = 5.0


def as_fractions(
    raw: RawTable,
    column: Column,
    values: NDArray[np.float64],
    marked: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """The shares of a column as fractions, and a note where it was understood as percent.

    Numbers `marked` or formatted with a percent sign are fractions already. The others are percent
    when all of them lie above 1 and the header or their size says so; a mixture is a question. In a
    table that people mend in its place they count as they stand.
    """
    if raw.places:  # the workbook's own formulas take 12 for 1,200 %
        return values, ()
    if column.index in raw.formats:
        marked = marked | np.isin(raw.rows, raw.formats[column.index].percents)
    open_ones = ~marked & ~np.isnan(values) & (values != 0)
    sizes = np.abs(values[open_ones])
    if not (sizes > 1).any():
        return values, ()
    if not _are_percent(sizes, column.header.percent, _LIMITS[column.field]):
        small = open_ones & (np.abs(values) <= 1)
        raise InputError(_question(raw, column, values, open_ones, small))
    fractions = np.where(~marked, values / 100, values)
    note = f'{raw.source}: "{column.title}" is in percent without the sign; 12 is read as 12%'
    return fractions, (note,)


def _are_percent(sizes: NDArray[np.float64], header_says: bool, high: float | None) -> bool:
    if header_says:
        return bool((sizes > 1).all() or high is None)
    if not (sizes > 1).all():
        return False
    return high is not None or bool(np.median(sizes) >= _CLEARLY_PERCENT)


def _question(
    raw: RawTable,
    column: Column,
    values: NDArray[np.float64],
    open_ones: NDArray[np.bool_],
    small: NDArray[np.bool_],
) -> str:
    large = int(np.flatnonzero(open_ones & (np.abs(values) > 1))[0])
    seen = f"{values[large]:g} ({raw.where(large, column.index)})"
    if small.any():
        first = int(np.flatnonzero(small)[0])
        seen += f" beside {values[first]:g} ({raw.where(first, column.index)})"
    return (
        f'{raw.source}: column "{column.title}" has {seen}: percent or fractions? Write every '
        'value with a percent sign ("12%") or as a fraction ("0.12"), or leave the column out '
        f'with --column {column.spelled}=""'
    )
