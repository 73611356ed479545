"""Places in the parts of a template that each report fills anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from xml.sax.saxutils import escape

from csmcalc.errors import InputError
from csmcalc.reports.template.aggregates import Aggregate
from csmcalc.reports.template.bound import Bound
from csmcalc.reports.template.cells import cell_text, is_missing, rest_of_cell
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.follow import Box, Following
from csmcalc.reports.template.rows import Body, written_rows

MOST_CACHED = 10_000
"""Points of a chart kept in its cache; a chart of more is drawn from the cells alone."""


@dataclass(slots=True)
class Filling:
    """What one report puts into a template."""

    boxes: Mapping[str, Box]
    bound: Mapping[str, Bound]
    names: Mapping[str, Any]
    lasts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table, data in self.bound.items():
            self.lasts[table] = self.boxes[table].first + data.rows - 1


class Slot(Protocol):
    """A place that is filled with text."""

    def fill(self, filling: Filling) -> str:
        """The text of one report."""
        ...


Piece = bytes | Slot


def filled(pieces: Sequence[Any], filling: Filling) -> bytes:
    """Pieces of a part as the bytes of one report."""
    return b"".join(
        [piece if isinstance(piece, bytes) else piece.fill(filling).encode() for piece in pieces]
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A text whose references follow the tables."""

    text: Following
    in_attribute: bool = False

    def fill(self, filling: Filling) -> str:
        """The text, escaped."""
        moved = self.text.text(filling.boxes, filling.lasts)
        return escape(moved, {'"': "&quot;"} if self.in_attribute else {})


@dataclass(frozen=True, slots=True)
class Scalar:
    """The one cell of a defined name; `original` stays where a report gives no value."""

    name: str
    begin: str
    style: str
    text_style: str
    original: bytes
    epoch_1904: bool

    def fill(self, filling: Filling) -> str:
        """The cell with its value."""
        if self.name not in filling.names:
            return self.original.decode()
        value, late = filling.names[self.name], self.epoch_1904
        rest = rest_of_cell(value, "", self.style, self.text_style, epoch_1904=late)
        return self.begin + rest


@dataclass(frozen=True, slots=True)
class Words:
    """`{{name}}` inside text; in a header or footer of a page, & begins a code."""

    name: str
    in_footer: bool = False

    def fill(self, filling: Filling) -> str:
        """The value in words."""
        if self.name not in filling.names:
            return "{{" + self.name + "}}"
        text = cell_text(in_words(filling.names[self.name]))
        return text.replace("&amp;", "&amp;&amp;") if self.in_footer else text


def in_words(value: Any) -> str:
    """A value inside a text: numbers with their shortest digits, days as YYYY-MM-DD."""
    if is_missing(value):
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula outside of a body, and its value if it is one of those that we can compute."""

    letter: str
    row: int
    attributes: str
    opening: str
    formula: str | Following
    aggregate: Aggregate | None = None

    def fill(self, filling: Filling) -> str:
        """The cell where the template has it."""
        return self.at(self.row, filling)

    def at(self, row: int, filling: Filling) -> str:
        """The cell in a row."""
        text = self.formula
        if isinstance(text, Following):
            text = text.text(filling.boxes, filling.lasts)
        formula = f"{self.opening}{escape(text)}</f>"
        begin = f'<c r="{self.letter}{row}"'
        known = self.aggregate and self.aggregate.value(filling.bound)
        if known is None:
            return f"{begin}{self.attributes}>{formula}</c>"
        return begin + rest_of_cell(known, formula, self.attributes, self.attributes)


@dataclass(frozen=True, slots=True)
class TotalsCell:
    """A cell of a totals row that is no formula; it moves with its row."""

    letter: str
    rest: bytes

    def at(self, row: int, _: Filling) -> str:
        """The cell in a row."""
        return f'<c r="{self.letter}{row}"{self.rest.decode()}'


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals row below a body."""

    attributes: str
    cells: tuple[FormulaCell | TotalsCell, ...]


Neighbours = tuple[Sequence[Any], Sequence[Any], str]
"""Cells left and right of a table in one row, and the attributes of a row that holds them alone."""


@dataclass(frozen=True, slots=True)
class BodyRows:
    """The rows from the first of a table's body to the end of the sheet."""

    table: str
    body: Body
    totals: Totals | None
    beside: Mapping[int, Neighbours]
    original: tuple[Any, ...]

    def fill(self, filling: Filling) -> str:
        """The whole, where it is short; long ones are streamed."""
        return b"".join(self.stream(filling)).decode()

    def stream(self, filling: Filling) -> Iterator[bytes]:
        """The rows, piece by piece."""
        data = filling.bound.get(self.table)
        if data is None:
            yield filled(self.original, filling)
            return
        beside = {
            row: (filled(left, filling).decode(), filled(right, filling).decode())
            for row, (left, right, _) in self.beside.items()
        }
        body, columns = self.body, data.columns
        if not data.count:
            body = body.blank()
            columns = (Column([None]),) * len(data.columns)
        yield from written_rows(body, columns, data.rows, beside)
        yield from self._below(body.first + data.rows, beside, filling)

    def _below(
        self, row: int, beside: Mapping[int, tuple[str, str]], filling: Filling
    ) -> Iterator[bytes]:
        if self.totals:
            left, right = beside.get(row, ("", ""))
            cells = "".join(cell.at(row, filling) for cell in self.totals.cells)
            attributes = self.totals.attributes
            yield f'<row r="{row}"{attributes}>{left}{cells}{right}</row>'.encode()
            row += 1
        for number, (left, right) in beside.items():
            if number >= row and (left or right):
                attributes = self.beside[number][2]
                yield f'<row r="{number}"{attributes}>{left}{right}</row>'.encode()


@dataclass(frozen=True, slots=True)
class ChartCache:
    """The values of a chart over one column of a table; `original` while the table is not bound."""

    table: str
    column: int
    prefix: str
    before: str
    numeric: bool
    original: bytes

    def fill(self, filling: Filling) -> str:
        """The cache of one report."""
        data = filling.bound.get(self.table)
        if data is None:
            return self.original.decode()
        column = data.columns[self.column]
        if column is None or data.count > MOST_CACHED:
            return ""
        p = self.prefix
        points = "".join(
            f'<{p}pt idx="{index}"><{p}v>{text}</{p}v></{p}pt>'
            for index, text in enumerate(column.words(self.numeric))
            if text
        )
        kind = "numCache" if self.numeric else "strCache"
        count = f'<{p}ptCount val="{data.count}"/>'
        return f"<{p}{kind}>{self.before}{count}{points}</{p}{kind}>"


def check_names(wanted: Mapping[str, Any], known: Sequence[str], source: str) -> None:
    """Refuse values for names that a template does not have."""
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        has = ", ".join(sorted(known)) or "none"
        raise InputError(f"{source}: has no name {unknown[0]!r}; its names: {has}")
