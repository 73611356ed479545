"""References that follow a table when it grows or shrinks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csmcalc.io.files.sheetscan import column_number

LAST_ROW = 1_048_576

_REFERENCE = re.compile(
    r'"(?:[^"]|"")*"'  # words
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"  # columns by their headings
    r"|(?<![\w.$])(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    r"(?P<c1>\$?[A-Z]{1,3})(?P<r1>\$?[0-9]{1,7})"
    r"(?::(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?[0-9]{1,7}))?(?![\w.(!\[])"
)


@dataclass(frozen=True, slots=True)
class Box:
    """The body of a table on its sheet; rows count from 1, columns from 0, ends inclusive."""

    sheet: str
    left: int
    first: int
    right: int
    last: int

    def touches(self, left: int, right: int) -> bool:
        """Whether columns are among its own."""
        return left <= self.right and right >= self.left


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or a range whose rows may move; `sheet` is written before it, if it is."""

    sheet: str
    c1: str
    r1: str
    c2: str = ""
    r2: str = ""
    area: bool = False

    def moved(self, box: Box, last: int) -> str:
        """As it reads when the body ends at another row."""
        one = self.c1 + _row(self.r1, box, last, end=False, area=bool(self.c2) or self.area)
        if self.c2:
            return f"{self.sheet}{one}:{self.c2}{_row(self.r2, box, last, end=True, area=True)}"
        if self.area:
            end = self.c1 + _row(self.r1, box, last, end=True, area=True)
            one = one if one == end else f"{one}:{end}"
        return self.sheet + one


def _row(row: str, box: Box, last: int, *, end: bool, area: bool) -> str:
    """Rows of the body stay; its last row is where the body ends; what is below moves with it."""
    number, dollar = int(row.lstrip("$")), "$" if row.startswith("$") else ""
    if number == LAST_ROW or number < box.first:
        return row
    if number > box.last or (end and area and number == box.last):
        moved = number + last - box.last
    else:
        moved = min(number, last) if area else number
    return f"{dollar}{min(moved, LAST_ROW)}"


@dataclass(frozen=True, slots=True)
class Following:
    """A text in which some references follow tables: words, and (table, reference) between them."""

    pieces: tuple[str | tuple[str, Reference], ...]

    def text(self, boxes: Mapping[str, Box], lasts: Mapping[str, int]) -> str:
        """The text when the bodies of tables end at these rows."""
        return "".join(
            piece if isinstance(piece, str) else _moved(piece, boxes, lasts)
            for piece in self.pieces
        )


def _moved(piece: tuple[str, Reference], boxes: Mapping[str, Box], lasts: Mapping[str, int]) -> str:
    table, reference = piece
    return reference.moved(boxes[table], lasts.get(table, boxes[table].last))


def following(
    text: str, sheet: str, boxes: Mapping[str, Box], *, areas: bool = False
) -> Following | None:
    """A text on a sheet whose references are to follow; None where none of them would move.

    With `areas` a single cell is an area too, as in the ranges of rules and charts.

    >>> box = {"T": Box("Data", 0, 6, 3, 6)}
    >>> found = following("SUM(Data!B6:B6)+Data!B7", "Other", box)
    >>> found.text(box, {"T": 9})
    'SUM(Data!B6:B9)+Data!B10'
    """
    pieces: list[str | tuple[str, Reference]] = []
    at = 0
    for match in _REFERENCE.finditer(text):
        table = match["c1"] and _table(match, sheet, boxes)
        if table:
            parts = match["sheet"] or "", match["c1"], match["r1"]
            found = Reference(*parts, match["c2"] or "", match["r2"] or "", areas)
            pieces += [text[at : match.start()], (table, found)]
            at = match.end()
    return Following((*pieces, text[at:])) if pieces else None


def _table(match: re.Match[str], sheet: str, boxes: Mapping[str, Box]) -> str:
    named = match["sheet"]
    where = named[:-1].strip("'").replace("''", "'") if named else sheet
    left = column_number(match["c1"].lstrip("$"))
    right = column_number((match["c2"] or match["c1"]).lstrip("$"))
    bottom = int((match["r2"] or match["r1"]).lstrip("$"))
    for name, box in boxes.items():
        same = where.casefold() == box.sheet.casefold()
        if same and box.touches(left, right) and bottom >= box.first:
            return name
    return ""


def sheets_and_areas(text: str, sheet: str) -> Sequence[tuple[str, int, int, int, int]]:
    """Each reference of a text: sheet, left, top, right, bottom."""
    found = []
    for match in _REFERENCE.finditer(text):
        if match["c1"]:
            named = match["sheet"]
            where = named[:-1].strip("'").replace("''", "'") if named else sheet
            left, top = column_number(match["c1"].lstrip("$")), int(match["r1"].lstrip("$"))
            right = column_number((match["c2"] or match["c1"]).lstrip("$"))
            bottom = int((match["r2"] or match["r1"]).lstrip("$"))
            found.append((where, left, top, right, bottom))
    return found


def by_row(formula: str, row: int) -> tuple[str | int, ...]:
    """A formula of a row as words and, between them, how far the rows it names are from its own.

    >>> by_row("C6/$D$2+C5", 6)
    ('C', 0, '/$D$2+C', -1)
    """
    pieces: list[str | int] = []
    at = 0
    for match in _REFERENCE.finditer(formula):
        for group in ("r1", "r2"):
            if match["c1"] and match[group] and not match[group].startswith("$"):
                pieces += [formula[at : match.start(group)], int(match[group]) - row]
                at = match.end(group)
    return (*pieces, formula[at:]) if formula[at:] else tuple(pieces)
