"""Excel's calendar, its false 29 February 1900 included."""

from __future__ import annotations

import calendar
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.core.dates import LAST_SERIAL, add_months, day_of, excel_serial


@pytest.mark.parametrize(
    ("day", "serial"),
    [
        (dt.date(1900, 1, 1), 1),
        (dt.date(1900, 2, 28), 59),
        (dt.date(1900, 3, 1), 61),
        (dt.date(2000, 1, 1), 36_526),
        (dt.date(9999, 12, 31), LAST_SERIAL),
        (dt.datetime(2026, 9, 1, 12), 46_266.5),
    ],
)
def test_serial_numbers_are_excels(day: dt.date, serial: float) -> None:
    assert excel_serial(day) == serial
    assert day_of(serial) == (day.date() if isinstance(day, dt.datetime) else day)


@given(st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)))
def test_days_survive_the_way_to_excel_and_back(day: dt.date) -> None:
    assert day_of(excel_serial(day) or 0) == day


@given(st.dates(dt.date(1901, 1, 1), dt.date(9000, 1, 1)), st.integers(-2400, 2400))
def test_months_are_counted_as_edate_does(day: dt.date, months: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    result = float(add_months(excel_serial(day), months))
    if year < 1900:
        assert np.isnan(result)
        return
    last = calendar.monthrange(year, month + 1)[1]
    if (year, month) == (1900, 1) and day.day > last:
        assert result == 60
        return
    assert day_of(result) == dt.date(year, month + 1, min(day.day, last))


def test_the_false_day_counts() -> None:
    assert add_months(60, 12) == excel_serial(dt.date(1901, 2, 28))
    assert add_months(90, -1) == 60 - 1 + 1
    assert add_months(31, 1) == 60


def test_the_calendar_has_two_ends() -> None:
    assert np.isnan(add_months(1, -1))
    assert np.isnan(add_months(LAST_SERIAL, 1))
    assert np.isnan(add_months(46_266, -1e300))
    assert add_months(LAST_SERIAL, 0) == LAST_SERIAL
