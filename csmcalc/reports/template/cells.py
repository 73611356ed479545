"""Values as the XML of a cell: text stays text, whatever it begins with; no value is a blank."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

from csmcalc.core.dates import excel_serial
from csmcalc.errors import FaultKind

READS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of text that a spreadsheet would take for a formula when it is typed again."""
LONGEST_TEXT = 32_767
DAYS_FROM_1900_TO_1904 = 1462

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def cell_text(text: str) -> str:
    """Text as XML holds it; characters that XML forbids show as a replacement mark."""
    plain = workbook_text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST_TEXT]))
    # A bare carriage return would be read as a line feed.
    return escape(plain, {"\r": "_x000D_"})


def workbook_text(text: str) -> str:
    """Text as a workbook spells it: what looks like the code of a character is no code.

    >>> workbook_text("_x0041_"), workbook_text("snake_case")
    ('_x005F_x0041_', 'snake_case')
    """
    return _CODE.sub("_x005F_", text)


def rest_of_cell(
    value: Any, formula: str, style: str, text_style: str, *, epoch_1904: bool = False
) -> str:
    """What follows the address of a cell: its style, kind, formula and value.

    A missing value is a blank, or empty text where a formula stands; an infinite number is #NUM!.
    `formula` is the whole element, or nothing.

    >>> rest_of_cell("=1+1", "", ' s="2"', ' s="3"')
    ' s="3" t="str"><v>=1+1</v></c>'
    """
    if type(value) is float and math.isfinite(value):
        return f"{style}>{formula}<v>{value!r}</v></c>"
    if isinstance(value, FaultKind):
        return f'{style} t="e">{formula}<v>{value}</v></c>'
    if isinstance(value, str):
        return _text(value, formula, style, text_style)
    if is_missing(value):
        return _nothing(formula, style)
    if isinstance(value, (bool, np.bool_)):
        return f'{style} t="b">{formula}<v>{int(value)}</v></c>'
    try:
        number = cell_number(value, epoch_1904=epoch_1904)
    except OverflowError:  # an integer beyond what a cell can hold
        return f'{style} t="str">{formula}<v>{cell_text(_digits(value))}</v></c>'
    if number is None:
        return _text(str(value), formula, style, text_style)
    if math.isfinite(number):
        return f"{style}>{formula}<v>{number!r}</v></c>"
    return f'{style} t="e">{formula}<v>#NUM!</v></c>'


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # NA says neither yes nor no
        return "NA" in type(value).__name__


def cell_number(value: Any, *, epoch_1904: bool = False) -> float | None:
    """The number that a cell holds for a value; None for what is no number or missing.

    >>> cell_number(dt.datetime(2026, 9, 1, 12)), cell_number("1"), cell_number(True)
    (46266.5, None, None)
    """
    if isinstance(value, float):
        return float(value) if value == value else None
    if isinstance(value, (str, bool, np.bool_)) or value is None:
        return None
    serial = excel_serial(value)
    if serial is not None:
        return serial - (DAYS_FROM_1900_TO_1904 if epoch_1904 else 0)
    if isinstance(value, dt.time):
        since = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return since / 86_400
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if number == number else None


def _text(text: str, formula: str, style: str, text_style: str) -> str:
    if formula:
        return f'{style} t="str">{formula}<v>{cell_text(text)}</v></c>'
    if not text:
        return f"{style}/>"
    chosen = text_style if text.startswith(READS_AS_FORMULA) else style
    written = cell_text(text)
    if written.strip() == written and "\n" not in written:
        return f'{chosen} t="str"><v>{written}</v></c>'
    return f'{chosen} t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'


def _digits(value: Any) -> str:
    try:
        return str(value)
    except ValueError:  # Python refuses to print thousands of digits
        return "a number beyond all cells"


def _nothing(formula: str, style: str) -> str:
    return f'{style} t="str">{formula}<v></v></c>' if formula else f"{style}/>"
