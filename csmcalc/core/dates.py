"""Days as Excel counts them: 1 is 1 January 1900, and 1900 has a 29 February (serial 60)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

_EPOCH = np.datetime64("1899-12-30", "D")
_LEAP_BUG = 60
LAST_SERIAL = 2_958_465


def excel_serial(cell: Any) -> float | None:
    """The serial number of a date or datetime; None for anything else.

    >>> excel_serial(dt.date(2026, 9, 1))
    46266.0
    """
    if isinstance(cell, (dt.date, np.datetime64)) and cell != cell:
        return None  # NaT, which alone differs from itself
    if isinstance(cell, np.datetime64):
        cell = cell.astype("datetime64[us]").item()
    if isinstance(cell, dt.datetime):
        midnight = dt.datetime(cell.year, cell.month, cell.day, tzinfo=cell.tzinfo)
        return _serial_of_day(cell.date()) + (cell - midnight) / dt.timedelta(days=1)
    if isinstance(cell, dt.date):
        return _serial_of_day(cell)
    return None


def _serial_of_day(day: dt.date) -> float:
    days = (day - dt.date(1899, 12, 30)).days
    return float(days if days > _LEAP_BUG else days - 1)


def day_of(serial: float) -> dt.date:
    """The day of a serial number; the false 29 February 1900 becomes the 28th.

    >>> day_of(46266.75)
    datetime.date(2026, 9, 1)
    """
    days = int(serial)
    return dt.date(1899, 12, 30) + dt.timedelta(days=days if days >= _LEAP_BUG else days + 1)


def add_months(serial: Any, months: Any) -> Any:
    """The same day some whole months later or earlier, as Excel's EDATE counts.

    The time of day is dropped; a day the target month lacks becomes its last day. A result before
    1900 or after 9999 is NaN.

    >>> float(add_months(46112.0, -1))  # 31 March 2026 -> 28 February 2026
    46081.0
    """
    day = np.floor(np.asarray(serial, dtype=float)).astype(np.int64)
    year, month, day_of_month = _split(day)
    # More months than the calendar holds would overflow the integers.
    shift = np.clip(np.asarray(months, dtype=float), -1e6, 1e6).astype(np.int64)
    index = year * 12 + month - 1 + shift
    in_calendar = (index >= 1900 * 12) & (index < 10_000 * 12)
    index = np.where(in_calendar, index, 1900 * 12)
    year, month = index // 12, index % 12 + 1
    return np.where(in_calendar, _join(year, month, day_of_month), np.nan)


def _split(day: Any) -> tuple[Any, Any, Any]:
    """Serial number -> year, month, day of month, the false 29 February 1900 included."""
    shifted = np.where(day < _LEAP_BUG, day + 1, day)
    date = _EPOCH + shifted.astype("timedelta64[D]")
    month_start = date.astype("datetime64[M]")
    months = month_start.astype(np.int64)
    of_month = (date - month_start.astype("datetime64[D]")).astype(np.int64) + 1
    false_day = day == _LEAP_BUG
    return (
        1970 + months // 12,
        np.where(false_day, 2, months % 12 + 1),
        np.where(false_day, 29, of_month),
    )


def _join(year: Any, month: Any, day_of_month: Any) -> Any:
    """Year, month, day of month (capped at the month's last) -> serial number."""
    month_index = (year - 1970) * 12 + month - 1
    first = month_index.astype("datetime64[M]").astype("datetime64[D]")
    following = (month_index + 1).astype("datetime64[M]").astype("datetime64[D]")
    length = (following - first).astype(np.int64)
    february_1900 = (year == 1900) & (month == 2)
    last = np.where(february_1900, 29, length)
    serial_of_first = (first - _EPOCH).astype(np.int64)
    serial_of_first = np.where(serial_of_first <= _LEAP_BUG, serial_of_first - 1, serial_of_first)
    return (serial_of_first + np.minimum(day_of_month, last) - 1).astype(float)
