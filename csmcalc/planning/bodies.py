"""Long bodies of tables, kept out of the way while the rest of a workbook is looked at.

A table of 50,000 customers is some hundred megabytes of XML. What stands in its first row is told
of all; its other rows are looked at row by row, as bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from csmcalc.io.files.sheetscan import column_number
from csmcalc.planning.places import Area, area_of
from csmcalc.reports.template.parts import Parts, related
from csmcalc.reports.template.patch import rows_in
from csmcalc.reports.template.xmlmap import mapped

LONG = 4_000_000
"""Bytes of a sheet from which on the body of its longest table is kept out."""

_FIRST_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})[0-9]+"')
_NOTHING = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?/>')
_CLOSE = b"</row>"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its number and the bytes it takes."""

    number: int
    start: int
    end: int


@dataclass(slots=True)
class LongBody:
    """The rows of a table that were kept out, and the sheet's own bytes."""

    content: bytes = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)


class ShortParts(Parts):
    """The parts of a workbook, long bodies cut after their first row."""

    def __init__(self, parts: Parts) -> None:
        """Take over parts that were looked at."""
        super().__init__(parts.package, parts.content, parts.unpacked)
        self.whole = parts
        self.long: dict[str, LongBody] = {}
        self._short: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """The bytes of a part without the long body in it."""
        if name not in self._short:
            content = self.whole.read(name)
            if len(content) < LONG or not name.startswith("xl/worksheets/"):
                return content
            self._short[name] = self._cut(name, content)
        return self._short[name]

    def _cut(self, name: str, content: bytes) -> bytes:
        box = self._longest_table(name)
        if box is None:
            return content
        lines = tuple(
            line
            for line in lines_of(content)
            if box.top + 1 < line.number <= box.bottom and _within(content, line, box)
        )
        if not lines:
            return content
        self.long[name] = LongBody(content, lines)
        kept, at = [], 0
        for line in lines:
            kept.append(content[at : line.start])
            at = line.end
        return b"".join([*kept, content[at:]])

    def _longest_table(self, name: str) -> Area | None:
        found = []
        for target, kind in related(self, name).values():
            if kind == "table" and self.package.has(target):
                told = mapped(self.source, target, self.whole.read(target)).attributes
                found.append(area_of(f"x!{told.get('ref', '')}"))
        boxes = [box for box in found if box is not None]
        return max(boxes, key=lambda box: box.bottom - box.top, default=None)


def without_columns(body: LongBody, first: str, but: Sequence[str] = ()) -> bytes:
    """The sheet of a long body without the cells of its rows from a column on, by its letters.

    The columns of `but` stay, as does a row whose cells are written in an unusual way. Cells that
    hold nothing are left out too.
    """
    kept, at, content = [], 0, body.content
    for line in body.lines:
        cut = content.find(_cell(first, line), line.start, line.end)
        others = [_bounds(content, line, letters) for letters in but] if cut >= 0 else []
        if cut < 0 or None in others:
            continue
        kept += [content[at:cut], *(content[one[0] : one[1]] for one in others if one), _CLOSE]
        at = line.end
    return _NOTHING.sub(b"", b"".join([*kept, content[at:]]))


def _bounds(content: bytes, line: Line, letters: str) -> tuple[int, int] | None:
    """Where a cell of a row begins and ends, alike where it is not there; None if unusual."""
    begin = content.find(_cell(letters, line), line.start, line.end)
    if begin < 0:
        unusual = f"{letters}{line.number}".encode() in content[line.start : line.end]
        return None if unusual else (line.end, line.end)
    end = content.find(b"<c ", begin + 1, line.end)
    return begin, line.end - len(_CLOSE) if end < 0 else end


def _cell(letters: str, line: Line) -> bytes:
    return b'<c r="%b%d"' % (letters.encode(), line.number)


def lines_of(content: bytes) -> Iterator[Line]:
    """The rows of a sheet that have cells."""
    for match in rows_in(content):
        if not match[0].endswith(b"/>"):
            end = content.index(_CLOSE, match.end()) + len(_CLOSE)
            yield Line(int(match[1]), match.start(), end)


def _within(content: bytes, line: Line, box: Area) -> bool:
    """Whether all cells of a row stand in the columns of a table."""
    first = _FIRST_CELL.search(content, line.start, line.end)
    at = content.rfind(b"<c ", line.start, line.end)
    last = _FIRST_CELL.match(content, at, line.end) if at >= 0 else None
    if first is None or last is None:
        return False
    left, right = (column_number(match[1].decode()) for match in (first, last))
    return box.left <= left and right <= box.right
