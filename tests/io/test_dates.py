import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.io.cells.dates import Day, EitherWay, take_apart
from csmcalc.io.raw import EPOCH_1904
from csmcalc.io.values.columns import date_column


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-12-30 3:15:52", "2020-12-30"),
        ("2021-01-01T10:00:00Z", "2021-01-01"),
        ("2021-01-01T23:30:00.123+05:00", "2021-01-01"),
        ("2018-12-18 18:20:30.829", "2018-12-18"),
        ("2021/1/5", "2021-01-05"),
        ("31.12.2025", "2025-12-31"),
        ("01.02.2025", "2025-02-01"),
        ("1.2.25", "2025-02-01"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025 11:59 PM", "2025-12-31"),
        ("5/5/2020", "2020-05-05"),
        ("1 Jan 2021", "2021-01-01"),
        ("Jan 1, 2021", "2021-01-01"),
        ("January 1st, 2021", "2021-01-01"),
        ("01-Jan-21", "2021-01-01"),
        ("1. März 2024", "2024-03-01"),
        ("12 août 2023", "2023-08-12"),
        ("Mon, 3 Feb 2020", "2020-02-03"),
        ("Sept. 4, 2020", "2020-09-04"),
        ("Mar 2024", "2024-03-01"),
        ("Mar-24", "2024-03-01"),
        ("Mar '24", "2024-03-01"),
        ("Sep-2024", "2024-09-01"),
        ("2024-03", "2024-03-01"),
        ("2024/3", "2024-03-01"),
        ("44197", "2021-01-01"),
        ("44197.75", "2021-01-01"),
        ("20210131", "2021-01-31"),
        ("1609459200000", "2021-01-01"),
        ("1609459200", "2021-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_one_reading(text, iso):
    assert take_apart(text).date.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    [
        "2021",
        "202101",
        "2021-13-01",
        "30/02/2021",
        "0000-00-00",
        "99999999999",
        "1 Jan",
        "Jan 24",
        "2024-13",
        "Mar-2",
        "Total",
        "12 Foo 2020",
        "13:00",
        "yesterday",
        "1",
        "2021-02-30",
        "32/32/2020",
        "9" * 70,
    ],
)
def test_no_dates(text):
    assert take_apart(text) is None


def test_day_and_month_can_be_exchanged():
    assert take_apart("03/04/2026") == EitherWay(3, 4, 2026)
    assert take_apart("31/12/2025") == Day(dt.date(2025, 12, 31), "dmy")
    assert take_apart("12/31/2025") == Day(dt.date(2025, 12, 31), "mdy")


def test_serials_follow_the_date_system():
    assert take_apart("34519", EPOCH_1904).date == dt.date(1998, 7, 5)
    column = date_column(pd.Series([34519.0], dtype=object), EPOCH_1904)
    assert str(column.plain[0]) == "1998-07-05"


STYLES = {
    "%Y-%m-%d": None,
    "%Y-%m-%dT%H:%M:%SZ": None,
    "%d.%m.%Y": None,
    "%d %b %Y": None,
    "%B %d, %Y": None,
    "%Y%m%d": None,
    "%d/%m/%Y": "dmy",
    "%m/%d/%Y": "mdy",
    "%m-%d-%Y": "mdy",
}


@given(
    day=st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), style=st.sampled_from(sorted(STYLES))
)
def test_any_style_gives_the_same_day(day, style):
    found = take_apart(day.strftime(style))
    order = STYLES[style]
    if isinstance(found, EitherWay):
        assert order is not None
        assert found.day(order) == day
    else:
        assert found.date == day
        assert found.order in (None, order)


@given(st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), min_size=1))
def test_a_column_of_spreadsheet_serials(days):
    serials = [float((day - dt.date(1899, 12, 30)).days) for day in days]
    read = date_column(pd.Series(serials, dtype=object)).settle(None)[0]
    assert read.tolist() == days


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_none(text):
    assert isinstance(take_apart(text), (Day, EitherWay, type(None)))


def test_a_column_settles_in_one_order():
    column = date_column(
        pd.Series(["2021-01-05", "05/13/2020", "", "03/04/2020", "x"], dtype="str")
    )
    assert column.evidence == {"mdy", "?"}
    days, bad = column.settle("mdy")
    assert [str(day) for day in days] == ["2021-01-05", "2020-05-13", "NaT", "2020-03-04", "NaT"]
    assert np.flatnonzero(bad).tolist() == [4]
    assert np.flatnonzero(column.settle("dmy")[1]).tolist() == [1, 4]


@pytest.mark.parametrize("cell", ["0001-01-01", "1899-12-31 00:00:00", dt.date(202, 5, 1)])
def test_a_year_no_list_means_is_no_date(cell):
    _, bad = date_column(pd.Series([cell, "2026-01-01"], dtype=object)).settle(None)
    assert bad.tolist() == [True, False]
