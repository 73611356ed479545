"""Dates as people, spreadsheets and programs write them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from csmcalc.io.cells.headers import without_accents
from csmcalc.io.raw import EPOCH_1900

_TIME = (
    r"(?:[T\s,]+\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.I)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.I)
_WEEKDAY = r"(?:[a-z]+,\s+)?"
_MONTH = r"([a-z]{3,10})"
_DAY_MONTH = re.compile(
    _WEEKDAY
    + r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s\-/.]*"
    + _MONTH
    + r"[.,]?[\s\-/']*(\d{4}|\d{2})"
    + _TIME,
    re.I,
)
_MONTH_DAY = re.compile(
    _WEEKDAY + _MONTH + r"\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?(?:,\s*|[\s\-/]+)(\d{4})" + _TIME,
    re.I,
)
# Excel shows a month as Mar-24; with a blank, Mar 24 would be a day.
_MONTH_YEAR = re.compile(_MONTH + r"\.?(?:[\s\-/]+(?=\d{4})|-(?=\d)|\s?')(\d{4}|\d{2})", re.I)
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_NUMBER = re.compile(r"\d{5,13}(?:\.\d+)?")
LONGEST = 64

_MONTHS: dict[str, int] = {}
for _position, _names in enumerate(
    (
        "january jan januar janner janvier janv",
        "february feb februar fevrier fevr fev",
        "march mar marz mrz maerz mars",
        "april apr avril avr",
        "may mai",
        "june jun juni juin",
        "july jul juli juillet juil",
        "august aug aout",
        "september sep sept septembre",
        "october oct oktober okt octobre",
        "november nov novembre",
        "december dec dezember dez decembre",
    ),
    start=1,
):
    _MONTHS |= dict.fromkeys(_names.split(), _position)

FIRST_YEAR, LAST_YEAR = 1900, 9999
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 110_000


@dataclass(frozen=True, slots=True)
class EitherWay:
    """A date whose day and month can be exchanged: 03/04/2026."""

    first: int
    second: int
    year: int

    def day(self, order: str) -> dt.date:
        """The date in one of the two orders."""
        if order == "dmy":
            return dt.date(self.year, self.second, self.first)
        return dt.date(self.year, self.first, self.second)


@dataclass(frozen=True, slots=True)
class Day:
    """A date that can be read in one way, and the order that this proves, if any."""

    date: dt.date
    order: str | None = None


@lru_cache(maxsize=65536)
def take_apart(text: str, epoch: dt.date = EPOCH_1900) -> Day | EitherWay | None:
    """The date a text stands for; None where it is none.

    >>> take_apart("2020-12-30 3:15:52").date, take_apart("31/12/2025")
    (datetime.date(2020, 12, 30), Day(date=datetime.date(2025, 12, 31), order='dmy'))
    >>> take_apart("03/04/2026"), take_apart("March 4, 2026").date
    (EitherWay(first=3, second=4, year=2026), datetime.date(2026, 3, 4))
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return None
    if text[:1].isdecimal():
        if match := _YEAR_FIRST.fullmatch(text):
            year, month, day = (int(match.group(i)) for i in (1, 3, 4))
            return _day(year, month, day)
        if match := _YEAR_MONTH.fullmatch(text):
            return _day(int(match[1]), int(match[2]), 1)
        if match := _YEAR_LAST.fullmatch(text):
            return _year_last(int(match[1]), int(match[3]), _full_year(match[4]), match[2])
        if _NUMBER.fullmatch(text):
            return _number(text, epoch)
    return _named_month(without_accents(text))


def from_serial(serial: float, epoch: dt.date = EPOCH_1900) -> dt.date | None:
    """The date of a spreadsheet's serial number, where it is a plausible one."""
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        return None
    return epoch + dt.timedelta(days=int(serial))


def _day(year: int, month: int, day: int, order: str | None = None) -> Day | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return Day(dt.date(year, month, day), order)
    except ValueError:
        return None


def _full_year(digits: str) -> int:
    """Two digits as POSIX reads them: 69 to 99 lie in the last century."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 69 else 1900)


def _year_last(first: int, second: int, year: int, separator: str) -> Day | EitherWay | None:
    # Dots stand between day, month and year only where the day comes first.
    if separator == "." or first > 12:
        return _day(year, second, first, None if separator == "." else "dmy")
    if second > 12:
        return _day(year, first, second, "mdy")
    if first == second:
        return _day(year, first, second)
    if _day(year, first, second) is None or _day(year, second, first) is None:
        return None
    return EitherWay(first, second, year)


def _number(text: str, epoch: dt.date) -> Day | None:
    whole = text.partition(".")[0]
    if len(whole) in (5, 6):
        date = from_serial(float(text), epoch)
        return Day(date) if date else None
    if len(whole) == 8:
        return _day(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    if len(whole) in (10, 13):
        seconds = int(whole) / (1000 if len(whole) == 13 else 1)
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return _day(moment.year, moment.month, moment.day)
    return None


def _named_month(text: str) -> Day | None:
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year = match[1], match[2], match[3]
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year = match[1], match[2], match[3]
    elif match := _MONTH_YEAR.fullmatch(text):
        name, day, year = match[1], "1", match[2]
    else:
        return None
    month = _MONTHS.get(name)
    return _day(_full_year(year), month, int(day)) if month else None
