"""References that follow tables when they grow or shrink."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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


Boxes = Mapping[str, Box]
Lasts = Mapping[str, int]
"""Where the bodies of tables end in a report; those that are not named end where they did."""


@dataclass(frozen=True, slots=True)
class MovingRow:
    """A row number that follows the tables in whose columns it stands.

    `begin` is the first row of the range that it ends, if it ends one; `area` says that it belongs
    to a range; one that `rides` keeps its distance to what stands below the tables.
    """

    tables: tuple[str, ...]
    number: int
    dollar: str = ""
    begin: int = 0
    area: bool = False
    rides: bool = False

    def text(self, boxes: Boxes, lasts: Lasts) -> str:
        """The number when the bodies of tables end at these rows."""
        ends = [(boxes[t], lasts.get(t, boxes[t].last)) for t in self.tables]
        return f"{self.dollar}{max(self._moved(box, last) for box, last in ends)}"

    def _moved(self, box: Box, last: int) -> int:
        """Rows of the body stay; its last row is where the body ends; what is below moves with it.

        A range that begins inside the body, such as its last three rows, does not grow.
        """
        number = self.number
        whole = self.begin and self.begin <= box.first and number == box.last
        if self.rides or whole or (number > box.last and number < LAST_ROW):
            return min(number + last - box.last, LAST_ROW)
        return min(number, max(last, box.first)) if self.area and number <= box.last else number


@dataclass(frozen=True, slots=True)
class MovingArea:
    """A single cell that is an area, as in the ranges of rules: it may become several."""

    column: str
    first: MovingRow
    last: MovingRow

    def text(self, boxes: Boxes, lasts: Lasts) -> str:
        """The cell, or the range, when the bodies of tables end at these rows."""
        one, end = (row.text(boxes, lasts) for row in (self.first, self.last))
        return f"{self.column}{one}" if one == end else f"{self.column}{one}:{self.column}{end}"


Row = MovingRow | MovingArea


@dataclass(frozen=True, slots=True)
class Following:
    """A text in which some row numbers follow tables."""

    pieces: tuple[str | Row, ...]

    def text(self, boxes: Boxes, lasts: Lasts) -> str:
        """The text when the bodies of tables end at these rows."""
        return "".join(p if isinstance(p, str) else p.text(boxes, lasts) for p in self.pieces)


@dataclass(frozen=True, slots=True)
class _Found:
    """One reference in a text and the tables that it follows."""

    match: re.Match[str]
    tables: tuple[str, ...]

    def row(self, group: str, *, area: bool = False, rides: bool = False) -> MovingRow:
        written = self.match[group]
        begin = _number(self.match["r1"]) if group == "r2" else 0
        dollar = "$" if written.startswith("$") else ""
        inside = area or bool(self.match["r2"])
        return MovingRow(self.tables, _number(written), dollar, begin, inside, rides)


def following(text: str, sheet: str, boxes: Boxes, *, areas: bool = False) -> Following | None:
    """A text on a sheet whose references are to follow; None where none of them would move.

    With `areas` a single cell is an area too, as in the ranges of rules and charts.

    >>> box = {"T": Box("Data", 0, 6, 3, 6)}
    >>> found = following("SUM(Data!B6:B6)+Data!B7", "Other", box)
    >>> found.text(box, {"T": 9})
    'SUM(Data!B6:B9)+Data!B10'
    """
    if not _concerned(text, sheet, boxes):
        return None
    pieces: list[str | Row] = []
    at = 0
    for found in _references(text, sheet, boxes):
        match = found.match
        if not found.tables:
            continue
        if areas and not match["r2"]:
            pieces += [text[at : match.start("c1")], _alone(found)]
        else:
            for group in ("r1", "r2") if match["r2"] else ("r1",):
                pieces += [text[at : match.start(group)], found.row(group)]
                at = match.end(group)
        at = match.end()
    return Following((*pieces, text[at:])) if pieces else None


def _alone(found: _Found) -> MovingArea:
    first = found.row("r1", area=True)
    last = MovingRow(first.tables, first.number, first.dollar, first.number, area=True)
    return MovingArea(found.match["c1"], first, last)


def of_a_rule(text: str, sheet: str, boxes: Boxes, ranges: str) -> Following | None:
    """The formula of a rule: rows without $ keep their distance to the first cell of its ranges.

    >>> box = {"T": Box("Data", 0, 6, 3, 6)}
    >>> of_a_rule("A6<>A7", "Data", box, "A6")
    >>> of_a_rule("A6>MAX(A$6:A$6)", "Data", box, "A6").text(box, {"T": 9})
    'A6>MAX(A$6:A$9)'
    >>> of_a_rule("A8>1", "Data", box, "A8").text(box, {"T": 9})
    'A11>1'
    """
    if not _concerned(text, sheet, boxes) and not _concerned(ranges, sheet, boxes):
        return None
    anchor = next(_references(ranges, sheet, boxes), None)
    below = anchor.tables if anchor else ()
    row = _number(anchor.match["r1"]) if anchor else 0
    below = tuple(table for table in below if row > boxes[table].last)
    pieces: list[str | Row] = []
    at = 0
    for found in _references(text, sheet, boxes):
        for group in ("r1", "r2"):
            written = found.match[group]
            if not written:
                continue
            if written.startswith("$") and found.tables:
                moving = found.row(group)
            elif not written.startswith("$") and below:
                moving = MovingRow(below, _number(written), rides=True)
            else:
                continue
            pieces += [text[at : found.match.start(group)], moving]
            at = found.match.end(group)
    return Following((*pieces, text[at:])) if pieces else None


def in_a_row(text: str, sheet: str, boxes: Boxes, row: int) -> tuple[str | int | Row, ...]:
    """The formula of a table's row: words; how far other rows are from its own; rows that follow.

    >>> in_a_row("C6/$D$2+C5", "Data", {}, 6)
    ('C', 0, '/$D$2+C', -1)
    """
    pieces: list[str | int | Row] = []
    at = 0
    for found in _references(text, sheet, boxes):
        for group in ("r1", "r2"):
            written = found.match[group]
            if not written or (written.startswith("$") and not found.tables):
                continue
            moving = found.row(group) if written.startswith("$") else _number(written) - row
            pieces += [text[at : found.match.start(group)], moving]
            at = found.match.end(group)
    return (*pieces, text[at:]) if text[at:] else tuple(pieces)


def _concerned(text: str, sheet: str, boxes: Boxes) -> bool:
    """Whether a text on a sheet can refer to a sheet on which tables grow: most cannot."""
    sheets = {box.sheet.casefold() for box in boxes.values()}
    folded = text.casefold()
    return sheet.casefold() in sheets or any(s.replace("'", "''") in folded for s in sheets)


def _references(text: str, sheet: str, boxes: Boxes) -> Iterator[_Found]:
    for match in _REFERENCE.finditer(text):
        if match["c1"]:
            yield _Found(match, _tables(match, sheet, boxes))


def _tables(match: re.Match[str], sheet: str, boxes: Boxes) -> tuple[str, ...]:
    where, left, _, right, bottom = _area(match, sheet)
    return tuple(
        name
        for name, box in boxes.items()
        if where.casefold() == box.sheet.casefold()
        and box.touches(left, right)
        and bottom >= box.first
    )


Area = tuple[str, int, int, int, int]
"""Sheet, left, top, right, bottom."""


def sheets_and_areas(text: str, sheet: str) -> Sequence[Area]:
    """Each reference of a text."""
    return [_area(match, sheet) for match in _REFERENCE.finditer(text) if match["c1"]]


def _area(match: re.Match[str], sheet: str) -> Area:
    named = match["sheet"]
    where = named[:-1].strip("'").replace("''", "'") if named else sheet
    left, top = column_number(match["c1"].lstrip("$")), _number(match["r1"])
    right = column_number((match["c2"] or match["c1"]).lstrip("$"))
    return where, left, top, right, _number(match["r2"] or match["r1"])


def _number(row: str) -> int:
    return int(row.lstrip("$"))
