"""Columns of data, block by block, as the texts that cells hold.

A column of one kind (numbers, booleans, text without oddities) costs some tens of nanoseconds a
cell; a block with a blank, an escape or anything unusual is written value by value.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.dates import LAST_SERIAL
from csmcalc.errors import FaultKind
from csmcalc.reports.template.cells import (
    DAYS_FROM_1900_TO_1904,
    EXACT,
    LONGEST_TEXT,
    Look,
    cell_number,
    cell_text,
    escape,
    is_missing,
    workbook_text,
)

try:
    import msgspec
except ImportError:  # an optional quicker way; the digits are the same
    msgspec = None  # type: ignore[assignment]

_ODD_FIRST = np.zeros(256, dtype=bool)
_ODD_FIRST[list(b"=+-@ \n")] = True
_SPACE = ord(" ")
_EPOCH = np.datetime64("1899-12-30", "us")
_DAY_US = 86_400_000_000
_DAYS_TO_1970 = 25_569
_LEAP_BUG = 60


class Kind(Enum):
    """What all cells of a block have in common.

    `MIXED` have nothing in common; `FORMULA` have no value, `BLANK` none but that of being missing.
    """

    NUMBER = "n"
    BOOLEAN = "b"
    TEXT = "str"
    MIXED = "mixed"
    FORMULA = "formula"
    BLANK = "blank"

    @property
    def attribute(self) -> str:
        """The attribute that tells the type of a cell; numbers need none."""
        return f' t="{self.value}"' if self in (Kind.BOOLEAN, Kind.TEXT) else ""


Block = tuple[Kind, Sequence[Any]]


class Column:
    """The values of one column, whatever holds them."""

    def __init__(self, values: Any, *, epoch_1904: bool = False) -> None:
        """Take any sequence: a list, an array, a pandas column."""
        self._epoch_1904 = epoch_1904
        self._values, self.needs = _plain(values, epoch_1904)
        self._unsigned = isinstance(self._values, np.ndarray) and self._values.dtype == np.uint64

    def __len__(self) -> int:
        return len(self._values)

    def raw(self, start: int, stop: int) -> NDArray[Any] | list[Any]:
        """Some of the values: an array of numbers or booleans, or a list of anything."""
        values = self._values[start:stop]
        if self._unsigned:  # no signed number may be so large
            numbers = np.asarray(values)
            return numbers if _exact(numbers) else list(numbers.tolist())
        return values

    def block(self, start: int, stop: int, *, computed: bool = False) -> Block:
        """Some of the values as texts of one kind, or as they are.

        What a formula gives is never blank and is not typed again: its texts are all alike.
        """
        values = self.raw(start, stop)
        if all_missing(values):
            return Kind.BLANK, []
        if not isinstance(values, np.ndarray):
            texts = plain_texts(values, computed=computed)
            return (Kind.MIXED, values) if texts is None else (Kind.TEXT, texts)
        if values.dtype.kind == "b":
            return Kind.BOOLEAN, np.where(values, "1", "0").tolist()
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            return Kind.MIXED, values.tolist()
        if values.dtype == np.int64 and not _exact(values):
            return Kind.MIXED, values.tolist()
        return Kind.NUMBER, numerals(values.tolist()).split(",")

    def look(self, look: Look) -> Look:
        """The look of its cells, given that of the column: days need a format to read as days."""
        return look._replace(plain=getattr(look, self.needs)) if self.needs != "plain" else look

    def numbers(self) -> NDArray[np.float64]:
        """Its numbers alone, as sums see them: no text, no boolean, no blank."""
        values = self._values
        if isinstance(values, np.ndarray) and (values.dtype.kind not in "iu" or _exact(values)):
            if values.dtype.kind == "b":
                return np.empty(0)
            return values[~np.isnan(values)] if values.dtype.kind == "f" else values.astype(float)
        listed = values.tolist() if isinstance(values, np.ndarray) else values[:]
        found = [cell_number(value, epoch_1904=self._epoch_1904) for value in listed]
        return np.array([number for number in found if number is not None], dtype=float)

    def count_filled(self) -> int:
        """How many cells are not blank."""
        values = self._values
        if isinstance(values, np.ndarray):
            blank = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)
            return int(len(values) - np.count_nonzero(blank))
        listed = values[:]
        if set(map(type, listed)) == {str}:
            return len(listed) - listed.count("")
        return sum(1 for value in listed if not is_missing(value) and value != "")

    def words(self, numeric: bool) -> list[str]:
        """Each value as the cache of a chart holds it; nothing for a blank."""
        values = self._values
        values = values.tolist() if isinstance(values, np.ndarray) else values[:]
        if not numeric:
            return ["" if is_missing(v) else cell_text(str(v)) for v in values]
        found = [cell_number(value, epoch_1904=self._epoch_1904) for value in values]
        return ["" if n is None or not math.isfinite(n) else repr(n) for n in found]


def all_missing(values: NDArray[Any] | list[Any]) -> bool:
    """Whether none of some values is there."""
    if isinstance(values, np.ndarray):
        return values.dtype.kind == "f" and bool(np.isnan(values).all())
    return not values or (values[0] is None and values.count(None) == len(values))


def _plain(values: Any, epoch_1904: bool) -> tuple[_Values, str]:
    """A plain array of numbers, or Python's own values; and which look of a column they need."""
    if getattr(values, "ndim", 1) != 1:
        raise TypeError("it has more than one dimension; are there two columns of the name?")
    if isinstance(values, (str, bytes, Mapping)):
        raise TypeError(f"it is one {type(values).__name__}")
    dtype = getattr(values, "dtype", None)
    if dtype is None:
        return _of_one_type(values if isinstance(values, list) else list(values), epoch_1904)
    if getattr(dtype, "tz", None) is not None:
        values = values.dt.tz_localize(None) if hasattr(values, "dt") else values
        dtype = values.dtype
    kind = getattr(dtype, "kind", "O")
    if not isinstance(dtype, np.dtype):
        missing = np.asarray(values.isna()) if hasattr(values, "isna") else None
        if missing is not None and len(missing) and missing.all():
            return [None] * len(missing), "plain"
        if kind in "fiub" and missing is not None and not missing.any():
            return np.asarray(values.to_numpy(dtype=dtype.numpy_dtype)), "plain"
        return _Slices(values), "plain"
    if kind == "f" and dtype.itemsize != np.dtype(float).itemsize:
        return np.asarray(values, dtype=float), "plain"
    if kind in "fiub":
        return np.asarray(values), "plain"
    if kind == "M":
        return _days(np.asarray(values), epoch_1904)
    if kind == "m":
        return np.asarray(values) / np.timedelta64(1, "D"), "duration"
    return _Slices(values), "plain"


class _Slices:
    """A column of pandas, or an array of objects, whose values become Python's block by block."""

    def __init__(self, values: Any) -> None:
        plain = isinstance(getattr(values, "dtype", None), np.dtype)
        self._values = np.asarray(values) if plain else getattr(values, "array", values)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, part: slice) -> list[Any]:
        values = self._values[part]
        listed = list(values.tolist() if hasattr(values, "tolist") else values)
        if hasattr(values, "isna"):
            missing = np.asarray(values.isna())
            if missing.any():
                return [None if m else v for v, m in zip(listed, missing.tolist(), strict=True)]
        return listed


_Values = NDArray[Any] | list[Any] | _Slices


def _of_one_type(values: list[Any], epoch_1904: bool) -> tuple[_Values, str]:
    """Numbers and days that Python holds one by one, as an array where they are all alike."""
    if values and type(values[0]) is str:
        return values, "plain"
    types = set(map(type, values))
    if types == {float}:
        return np.array(values, dtype=float), "plain"
    if types == {bool}:
        return np.array(values, dtype=bool), "plain"
    if types == {int} and min(values) >= -EXACT and max(values) <= EXACT:
        return np.array(values, dtype=np.int64), "plain"
    if types == {dt.date}:
        return _days(np.array(values, dtype="datetime64[D]"), epoch_1904)
    if _are_moments(types, values):
        return _days(np.array(values, dtype="datetime64[us]"), epoch_1904)
    return values, "plain"


def _exact(numbers: NDArray[Any]) -> bool:
    """Whether a cell, which holds 53 bits, tells all of them apart."""
    return bool(len(numbers) == 0 or (numbers.min() >= -EXACT and numbers.max() <= EXACT))


def _are_moments(types: set[type], values: list[Any]) -> bool:
    """Whether all are of one class of moments (Python's or pandas') without a time zone."""
    alike = len(types) == 1 and all(issubclass(one, dt.datetime) for one in types)
    return alike and all(value == value and value.tzinfo is None for value in values)


def _days(days: NDArray[Any], epoch_1904: bool) -> tuple[_Values, str]:
    """Dates as Excel counts them, a missing one as NaN; those before its first stay as they are."""
    if days.dtype == "datetime64[D]" and len(days):
        whole = days.view(np.int64) + _DAYS_TO_1970
        if whole.min() > DAYS_FROM_1900_TO_1904 and whole.max() <= LAST_SERIAL:
            return whole - (DAYS_FROM_1900_TO_1904 if epoch_1904 else 0), "day"
    since = (days.astype("datetime64[us]") - _EPOCH).view(np.int64) / _DAY_US
    if len(since) and since.min() <= _LEAP_BUG:  # early, or missing: the least of all integers
        since = np.where(since > _LEAP_BUG, since, since - 1)
        since[np.isnat(days)] = np.nan
    if epoch_1904:
        since -= DAYS_FROM_1900_TO_1904
    if ((since < 1) | (since >= LAST_SERIAL + 1)).any():
        return list(days.astype("datetime64[us]")), "plain"
    missing = np.isnan(since)
    if (np.floor(since) == since)[~missing].all():
        return since if missing.any() else since.astype(np.int64), "day"
    return since, "moment"


def numerals(numbers: list[Any]) -> str:
    """The shortest digits that give each number again, with a comma between them."""
    if msgspec is not None:
        return str(msgspec.json.encode(numbers)[1:-1], "ascii")
    return ",".join(map(repr, numbers))


def plain_texts(values: Sequence[Any], *, computed: bool = False) -> list[str] | None:
    """The texts as XML holds them; None where one of them needs a look of its own."""
    try:
        joined = joined_texts(values, "\n")
        encoded = np.frombuffer(f"\n{joined}\n".encode(), dtype=np.uint8)
    except (TypeError, UnicodeEncodeError):
        return None
    ends = np.flatnonzero(encoded < _SPACE)
    if len(ends) != len(values) + 1:
        return None
    odd_ends = _ODD_FIRST[encoded[ends[:-1] + 1]] | (encoded[ends[1:] - 1] == _SPACE)
    if not computed and odd_ends.any():
        return None
    # An emoji counts twice in Excel.
    if 2 * len(joined) > LONGEST_TEXT and 2 * max(map(len, values)) > LONGEST_TEXT:
        return None
    if not joined.isascii() and ("\ufffe" in joined or "\uffff" in joined):
        return None
    plain = escaped(joined)
    return list(values) if plain is joined else plain.split("\n")


def joined_texts(values: Sequence[Any], between: str) -> str:
    """Values in one text; a TypeError where not all of them are text."""
    joined = between.join(values)
    if "#" in joined and any(isinstance(value, FaultKind) for value in values):
        raise TypeError("a fault is a word, but no text")
    return joined


def escaped(joined: str) -> str:
    """Texts as XML holds them; the same object where there is nothing to escape."""
    if not any(odd in joined for odd in ("&", "<", ">", "_x")):
        return joined
    return escape(workbook_text(joined))
