"""Lengths of time: `36`, `36 months`, `3 years`; kept in months."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from csmcalc.core.arguments import plain_number
from csmcalc.io.cells.headers import YEARS, Header
from csmcalc.io.values.columns import NumberColumn, number_column

DURATIONS = frozenset({"tenure", "term"})
"""The fields that hold lengths of time."""

_NUMBER = r"(\d{1,5}(?:[.,]\d{1,2})?)[\s-]*"
_YEARS = _NUMBER + r"(?:years?|yrs?|y|jahren?|jahre|ans?)\.?"
_MONTHS = _NUMBER + r"(?:months?|mths?|mos?|m|monaten?|monate|mois)\.?"
_WRITTEN = re.compile(rf"(?:{_YEARS})?[\s,]*(?:{_MONTHS})?", re.I)


def months_a_unit(header: Header) -> int:
    """How many months a bare number of a column stands for."""
    return 12 if YEARS.intersection(header.unit.split()) else 1


def duration_column(cells: pd.Series[Any], header: Header) -> NumberColumn:
    """Read a column of lengths of time, in months or in the years of its header."""
    unit = months_a_unit(header)
    return number_column(
        cells.map(lambda cell: in_units(cell, unit) if isinstance(cell, str) else cell)
    )


def in_units(text: str, months: int) -> str:
    """A length written with its unit as the number of units of so many months; else the text.

    >>> in_units("3 years", 1), in_units("1 yr 6 mo", 1), in_units("36 months", 12)
    ('36', '18', '3')
    >>> in_units("36", 1), in_units("long", 1)
    ('36', 'long')
    """
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return text
    years, rest = (float((found or "0").replace(",", ".")) for found in match.groups())
    return plain_number((12 * years + rest) / months)
