"""Ranges of cells as people write them: `A5:F200`, `'My sheet'!$A$5:$F$200`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from csmcalc.io.files.headings import column_letters
from csmcalc.io.files.sheetscan import column_number

_AREA = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?"
    r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})"
)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, rows and columns counted from 0, on a sheet if one is named."""

    top: int
    left: int
    bottom: int
    right: int
    sheet: str | None = None


def parse_area(text: str) -> Area | None:
    """The area that a reference names; None where it is none.

    >>> parse_area("'My sheet'!$B$2:C10")
    Area(top=1, left=1, bottom=9, right=2, sheet='My sheet')
    """
    match = _AREA.fullmatch(text.strip())
    if match is None:
        return None
    quoted, plain, *corners = match.groups()
    columns = sorted(column_number(letters) for letters in corners[::2])
    rows = sorted(int(digits) - 1 for digits in corners[1::2])
    sheet = quoted.replace("''", "'") if quoted else plain
    return Area(rows[0], columns[0], rows[1], columns[1], sheet)


def cell_name(row: int, column: int) -> str:
    """A cell's name, its row and column being counted from 0.

    >>> cell_name(0, 27)
    'AB1'
    """
    return f"{column_letters(column)}{row + 1}"
