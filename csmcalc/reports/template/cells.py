"""Values as the XML of a cell: text stays text, whatever it begins with; no value is a blank."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any, NamedTuple

import numpy as np

from csmcalc.core.dates import LAST_SERIAL, excel_serial
from csmcalc.errors import FaultKind

READS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of text that a spreadsheet would take for a formula when it is typed again."""
LONGEST_TEXT = 32_767
"""Characters of a cell; one beyond Unicode's first plane, such as an emoji, counts twice."""
DAYS_FROM_1900_TO_1904 = 1462
EXACT = 2**53
"""Up to here a cell tells all whole numbers apart."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SHOWN_DIGITS = 15
_FIRST_SERIAL, _LAST_SERIAL = 1, LAST_SERIAL + 1


class Look(NamedTuple):
    """The style of a cell as an attribute, and its twins for values that need another.

    `text` marks text that reads as a formula. `day` to `duration` are those of a cell without a
    number format, in which a day would show as 46266; with a format of its own all are alike.
    """

    plain: str
    text: str
    day: str
    moment: str
    time: str
    duration: str

    @classmethod
    def fixed(cls, style: str) -> Look:
        """One style for all values."""
        return cls(*[style] * len(cls._fields))


def escape(text: str) -> str:
    """Text without the three signs that XML reads as its own.

    The standard library has the same in `xml.sax.saxutils`, which loads all that reads the web.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_text(text: str) -> str:
    """Text as XML holds it; characters that XML forbids show as a replacement mark."""
    plain = cut(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), LONGEST_TEXT)
    # A bare carriage return would be read as a line feed.
    return escape(workbook_text(plain)).replace("\r", "_x000D_")


def cut(text: str, longest: int) -> str:
    """Text of so many characters at most, as Excel counts them.

    >>> cut("abc", 2), cut("\N{ROCKET}\N{ROCKET}", 3) == "\N{ROCKET}"
    ('ab', True)
    """
    if 2 * len(text) <= longest:
        return text
    return text.encode("utf-16-le", "replace")[: 2 * longest].decode("utf-16-le", "ignore")


def workbook_text(text: str) -> str:
    """Text as a workbook spells it: what looks like the code of a character is no code.

    >>> workbook_text("_x0041_"), workbook_text("snake_case")
    ('_x005F_x0041_', 'snake_case')
    """
    return _CODE.sub("_x005F_", text)


def rest_of_cell(value: Any, formula: str, look: Look, *, epoch_1904: bool = False) -> str:
    """What follows the address of a cell: its style, kind, formula and value.

    A missing value is a blank, or empty text where a formula stands; an infinite number is #NUM!; a
    whole number with more digits than a cell holds and a day before the first of Excel's are text.
    `formula` is the whole element, or nothing.

    >>> rest_of_cell("=1+1", "", Look.fixed(' s="2"')._replace(text=' s="3"'))
    ' s="3" t="str"><v>=1+1</v></c>'
    """
    style = look.plain
    if type(value) is float and math.isfinite(value):
        return f"{style}>{formula}<v>{value!r}</v></c>"
    if isinstance(value, FaultKind):
        return f'{style} t="e">{formula}<v>{value}</v></c>'
    if isinstance(value, str):
        return _text(value, formula, look)
    if is_missing(value):
        return _nothing(formula, style)
    if isinstance(value, (bool, np.bool_)):
        return f'{style} t="b">{formula}<v>{int(value)}</v></c>'
    number = cell_number(value, epoch_1904=epoch_1904)
    if number is None:
        return _text(in_words(value), formula, look)
    if math.isfinite(number):
        return f"{_style_of(value, number, look)}>{formula}<v>{number!r}</v></c>"
    return f'{style} t="e">{formula}<v>#NUM!</v></c>'


def _style_of(value: Any, number: float, look: Look) -> str:
    if isinstance(value, (dt.date, np.datetime64)):
        return look.day if number.is_integer() else look.moment
    if isinstance(value, dt.time):
        return look.time
    return look.duration if isinstance(value, dt.timedelta) else look.plain


def in_words(value: Any) -> str:
    """A value inside a text: numbers with their shortest digits, days as YYYY-MM-DD."""
    if isinstance(value, np.datetime64):
        day = value.astype("datetime64[D]")
        return str(day if day == value else value.astype("datetime64[s]")).replace("T", " ")
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, float):
        return f"{value:.15g}"
    try:
        return str(value)
    except ValueError:  # Python refuses to print thousands of digits
        return "a number beyond all cells"


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # NA says neither yes nor no
        return "NA" in type(value).__name__
    except ArithmeticError:  # a signalling NaN of decimal
        return True


def cell_number(value: Any, *, epoch_1904: bool = False) -> float | None:
    """The number that a cell holds for a value; None for what is no such number or missing.

    >>> cell_number(dt.datetime(2026, 9, 1, 12)), cell_number("1"), cell_number(True)
    (46266.5, None, None)
    """
    if isinstance(value, float):
        return float(value) if value == value else None
    if isinstance(value, (str, bool, np.bool_)) or value is None:
        return None
    serial = excel_serial(value)
    if serial is not None:
        serial -= DAYS_FROM_1900_TO_1904 if epoch_1904 else 0
        return serial if _FIRST_SERIAL <= serial < _LAST_SERIAL else None
    if isinstance(value, dt.time):
        since = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return since / 86_400
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, np.datetime64):
        return None  # beyond all years that Excel knows
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(value, (int, np.integer)) and not _shows_all(int(value), number):
        return None
    return number if number == number else None


def _shows_all(whole: int, number: float) -> bool:
    """Whether a cell holds a whole number and Excel, which shows 15 digits, shows it too."""
    if -EXACT <= whole <= EXACT:
        return True
    return int(number) == whole and len(str(abs(whole)).rstrip("0")) <= _SHOWN_DIGITS


def _text(text: str, formula: str, look: Look) -> str:
    style = look.plain
    if formula:
        return f'{style} t="str">{formula}<v>{cell_text(text)}</v></c>'
    if not text:
        return f"{style}/>"
    chosen = look.text if text.startswith(READS_AS_FORMULA) else style
    written = cell_text(text)
    if written.strip() == written and "\n" not in written:
        return f'{chosen} t="str"><v>{written}</v></c>'
    return f'{chosen} t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


def _nothing(formula: str, style: str) -> str:
    return f'{style} t="str">{formula}<v></v></c>' if formula else f"{style}/>"
