"""Any table, not only one of customers: its columns as numbers, days or text.

A column is what all its cells are. What looks like a number but names something (007, an account
number of twenty digits) stays text; what can be read in two ways is asked, as in a customer list.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import InputError
from csmcalc.io.cells.headers import understood
from csmcalc.io.naming.recognise import Column
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable
from csmcalc.io.values.columns import (
    DateColumn,
    NumberColumn,
    date_column,
    number_column,
    text_column,
)
from csmcalc.io.values.settle import date_order_of, decimal_of
from csmcalc.portfolio.book import Kind

_NAMES_SOMETHING = r"[+-]?0\d+|[+-]?\d{16,}"
_SAMPLE = 1000


def typed_columns(raw: RawTable, options: ReadOptions) -> pd.DataFrame:
    """The columns of a table by heading, each of one type where its cells are."""
    numbers: dict[int, NumberColumn] = {}
    days: dict[int, DateColumn] = {}
    for index in range(len(raw.headers)):
        if isinstance(raw.column(index).dtype, pd.StringDtype):
            _take_apart(raw, index, numbers, days)
    frame = {}
    for index, header in enumerate(raw.headers):
        if index in numbers:
            frame[header] = _numbers(raw, index, numbers, options)
        elif index in days:
            frame[header] = _days(raw, index, days, options)
        elif isinstance(raw.column(index).dtype, pd.StringDtype):
            frame[header] = text_column(raw.column(index))
        else:
            frame[header] = _objects(raw.column(index))
    return pd.DataFrame(frame, index=pd.RangeIndex(len(raw.rows)))


def _take_apart(
    raw: RawTable, index: int, numbers: dict[int, NumberColumn], days: dict[int, DateColumn]
) -> None:
    """Sort a column of texts among the numbers or the days, where all its cells are such."""
    column = raw.column(index)
    texts = column.fillna("").str.strip()
    filled = texts[texts != ""]
    if not len(filled):
        return
    some = filled.iloc[:_SAMPLE]
    if _all_numbers(number_column(some)):
        content = number_column(column)
        if _all_numbers(content) and not filled.str.fullmatch(_NAMES_SOMETHING).any():
            numbers[index] = content
    elif _all_days(date_column(some, raw.epoch)):
        found = date_column(column, raw.epoch)
        if _all_days(found):
            days[index] = found


def _all_numbers(content: NumberColumn) -> bool:
    """Whether every cell that is filled can be read as a number, in one way or another."""
    return None not in content.written and bool((content.blank == content.cells.blank).all())


def _all_days(content: DateColumn) -> bool:
    unread = np.isnat(content.plain) & (content.codes < 0) & ~content.blank
    return None not in content.written and not unread.any()


def _numbers(
    raw: RawTable, index: int, contents: dict[int, NumberColumn], options: ReadOptions
) -> Any:
    content = contents[index]
    others = {str(other): one for other, one in contents.items() if other != index}
    decimal = decimal_of(raw, _column(raw, index), Kind.NUMBER, content, others, options.decimal)
    values, bad = content.settle(decimal)
    return text_column(raw.column(index)) if bad.any() else values


def _days(raw: RawTable, index: int, contents: dict[int, DateColumn], options: ReadOptions) -> Any:
    content = contents[index]
    others = [one for one in contents.values() if one is not content]
    order = date_order_of(raw, _column(raw, index), content, others, options.date_order)
    values, bad = content.settle(order)
    return text_column(raw.column(index)) if bad.any() else values.astype("datetime64[s]")


def _objects(column: pd.Series[Any]) -> Any:
    """What a workbook or a database says the cells are; a column of numbers alone is one."""
    if column.dtype != object:
        return column.to_numpy()
    kinds = {type(cell) for cell in column if cell is not None}
    if kinds and kinds <= {int, float}:
        return pd.to_numeric(column).to_numpy()
    return column.astype(object)


def _column(raw: RawTable, index: int) -> Column:
    header = raw.headers[index]
    return Column(header, index, header, understood(header))


def column_named(raw: RawTable, wanted: str) -> int | None:
    """The position of the one column that a heading names; None where there is none.

    Raises:
        InputError: several columns are called so.
    """
    wanted = wanted.strip()
    key = understood(wanted).key
    ways = (
        [i for i, header in enumerate(raw.headers) if header == wanted],
        [i for i, header in enumerate(raw.headers) if header.casefold() == wanted.casefold()],
        [i for i, header in enumerate(raw.headers) if key and understood(header).key == key],
    )
    found = next(filter(None, ways), [])
    if len(found) > 1:
        names = ", ".join(f'"{raw.headers[i]}"' for i in found)
        raise InputError(f"{raw.source}: --by {wanted} could be any of {names}; name one of them")
    return found[0] if found else None
