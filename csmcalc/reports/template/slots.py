"""Places in the parts of a template that each report fills anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from csmcalc.errors import InputError
from csmcalc.reports.template.aggregates import Aggregate
from csmcalc.reports.template.bound import Bound
from csmcalc.reports.template.cells import (
    Look,
    cell_text,
    cut,
    escape,
    in_words,
    is_missing,
    rest_of_cell,
)
from csmcalc.reports.template.follow import Box, Following

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

    def fill(self, filling: Filling) -> bytes:
        """The text of one report."""
        ...


Piece = bytes | Slot


def filled(pieces: Sequence[Any], filling: Filling) -> bytes:
    """Pieces of a part as the bytes of one report."""
    return b"".join([p if isinstance(p, bytes) else p.fill(filling) for p in pieces])


@dataclass(frozen=True, slots=True)
class Moved:
    """A text whose references follow the tables."""

    text: Following
    in_attribute: bool = False

    def fill(self, filling: Filling) -> bytes:
        """The text, escaped."""
        moved = escape(self.text.text(filling.boxes, filling.lasts))
        return (moved.replace('"', "&quot;") if self.in_attribute else moved).encode()


@dataclass(frozen=True, slots=True)
class Scalar:
    """The one cell of a defined name; `original` stays where a report gives no value."""

    name: str
    begin: str
    look: Look
    original: bytes
    epoch_1904: bool

    def fill(self, filling: Filling) -> bytes:
        """The cell with its value."""
        if self.name not in filling.names:
            return self.original
        value, late = filling.names[self.name], self.epoch_1904
        return (self.begin + rest_of_cell(value, "", self.look, epoch_1904=late)).encode()


@dataclass(frozen=True, slots=True)
class Words:
    """`{{name}}` inside text, and how long its value may be for the whole text to fit.

    In a header or footer of a page & begins a code; in an attribute " ends it.
    """

    name: str
    original: bytes
    longest: int
    in_footer: bool = False
    in_attribute: bool = False

    def fill(self, filling: Filling) -> bytes:
        """The value in words."""
        if self.name not in filling.names:
            return self.original
        value = filling.names[self.name]
        words = "" if is_missing(value) else in_words(value)
        words = cut(words.replace("&", "&&") if self.in_footer else words, self.longest)
        if self.in_footer and (len(words) - len(words.rstrip("&"))) % 2:
            words = words[:-1]  # half of a pair
        text = cell_text(words)
        return (text.replace('"', "&quot;") if self.in_attribute else text).encode()


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A formula outside of a body, and its value if it is one of those that we can compute."""

    letter: str
    row: int
    attributes: str
    opening: str
    formula: str | Following
    aggregate: Aggregate | None = None

    def fill(self, filling: Filling) -> bytes:
        """The cell where the template has it."""
        return self.at(self.row, filling).encode()

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
        return begin + rest_of_cell(known, formula, Look.fixed(self.attributes))


@dataclass(frozen=True, slots=True)
class TotalsCell:
    """A cell of a totals row that is no formula; it moves with its row."""

    letter: str
    rest: tuple[Any, ...]

    def at(self, row: int, filling: Filling) -> str:
        """The cell in a row."""
        return f'<c r="{self.letter}{row}"{filled(self.rest, filling).decode()}'


@dataclass(frozen=True, slots=True)
class ChartCache:
    """The values of a chart over one column of a table; `original` while the table is not bound."""

    table: str
    column: int
    prefix: str
    before: str
    numeric: bool
    original: bytes

    def fill(self, filling: Filling) -> bytes:
        """The cache of one report."""
        data = filling.bound.get(self.table)
        if data is None:
            return self.original
        column = data.columns[self.column]
        if column is None or data.count > MOST_CACHED:
            return b""
        p = self.prefix
        points = "".join(
            f'<{p}pt idx="{index}"><{p}v>{text}</{p}v></{p}pt>'
            for index, text in enumerate(column.words(self.numeric))
            if text
        )
        kind = "numCache" if self.numeric else "strCache"
        count = f'<{p}ptCount val="{data.count}"/>'
        return f"<{p}{kind}>{self.before}{count}{points}</{p}{kind}>".encode()


def check_names(wanted: Mapping[str, Any], known: Sequence[str], source: str) -> None:
    """Refuse values for names that a template does not have."""
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        has = ", ".join(sorted(known)) or "none"
        raise InputError(f"{source}: has no name {unknown[0]!r}; its names: {has}")
