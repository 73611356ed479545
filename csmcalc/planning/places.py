"""Where something stands in a workbook, and how that is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from csmcalc.io.files.areas import cell_name
from csmcalc.io.files.sheetscan import column_number

_REFERENCE = re.compile(
    r"=?(?:'((?:[^']|'')+)'|([^'!:]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})"
    r"(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells on a sheet; rows count from 1, columns from 0, ends inclusive."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def first(self) -> str:
        """Sheet and cell of its upper left corner, as messages name them."""
        return place(self.sheet, self.top, self.left)

    @property
    def is_cell(self) -> bool:
        """Whether it is one cell."""
        return (self.top, self.left) == (self.bottom, self.right)

    @property
    def words(self) -> str:
        """Sheet and range."""
        last = cell_name(self.bottom - 1, self.right)
        return self.first if self.is_cell else f"{self.first}:{last}"


def place(sheet: str, row: int, column: int) -> str:
    """A cell as messages name it.

    >>> place("Change log", 5, 1)
    'Change log!B5'
    """
    return f"{sheet}!{address(row, column)}"


def address(row: int, column: int) -> str:
    """A cell's name, its row counted from 1 and its column from 0."""
    return cell_name(row - 1, column)


def area_of(reference: str) -> Area | None:
    """The cells that a name means; None where it means something else, or nothing any more.

    >>> area_of("'My plan'!$B$2:$C$10").words, area_of("Inputs!#REF!")
    ('My plan!B2:C10', None)
    """
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        return None
    quoted, plain, *corners = match.groups()
    sheet = quoted.replace("''", "'") if quoted else plain
    left, top = column_number(corners[0]), int(corners[1])
    right = column_number(corners[2]) if corners[2] else left
    return Area(sheet, top, left, int(corners[3] or top), right)
