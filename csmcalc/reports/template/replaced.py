"""Whole columns of a long table given other values, row by row; all else stays byte for byte.

The cells of a row are taken apart at once, and in a table that is as usual each row has the same
ones: what has to be found out about them is found out once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.cells import Look, rest_of_cell
from csmcalc.reports.template.columns import numerals
from csmcalc.reports.template.sheet import column_letter

_CELL = re.compile(
    rb'(<c r="[A-Z]{1,3}[0-9]+")([^>/]*)(/>|>)'
    rb"(<f[^>]*>[^<]*</f>|<f[^>]*/>(?=<v|</c)|)(<v>[^<]*</v></c>|<v/></c>|</c>|(?<=/>))"
)
_GROUPS = 6
_KEPT = re.compile(rb'\s(?:s|cm|vm|ph)="[^"]*"')
_LETTERS = re.compile(rb"[A-Z]+")
_PLAIN = Look.fixed("")
_FORMULA = "\0"
"""Stands for a formula; no text of a cell holds it."""


class Values(NamedTuple):
    """Values of some columns (from 0) for all rows from `first` on, and which have formulas."""

    first: int
    columns: Mapping[int, Sequence[Any]]
    computed: frozenset[int]

    def has(self, number: int) -> bool:
        """Whether a row gets values."""
        count = len(next(iter(self.columns.values()), ()))
        return 0 <= number - self.first < count

    def row(self, number: int) -> dict[int, Any]:
        """Those of one row."""
        if not self.has(number):
            return {}
        return {column: values[number - self.first] for column, values in self.columns.items()}


class _Usual(NamedTuple):
    """The cells of a row from left to right: addresses without number, formulas, which column."""

    heads: tuple[bytes, ...]
    computed: tuple[bool, ...]
    places: tuple[int, ...]


class _Styles(dict[bytes, bytes]):
    """What is kept of the attributes of a cell."""

    def __missing__(self, told: bytes) -> bytes:
        kept = self[told] = b"".join(_KEPT.findall(told))
        return kept


class Replaced:
    """Rows of one sheet with other values in some columns."""

    def __init__(self, values: Values, *, epoch_1904: bool = False) -> None:
        """Write the values, column by column."""
        self.values = values
        self._columns = sorted(values.columns)
        self._first = column_letter(self._columns[0]).encode()
        texts = [
            _written(values.columns[one], one in values.computed, epoch_1904)
            for one in self._columns
        ]
        self._openings = list(zip(*(one for one, _ in texts), strict=True))
        self._endings = list(zip(*(one for _, one in texts), strict=True))
        self._styles = _Styles()
        self._usual = _Usual((), (), ())

    def __call__(self, number: int, inside: bytes) -> bytes | None:
        """The cells of a row; None where they are not as usual."""
        at = number - self.values.first
        if not 0 <= at < len(self._openings):
            return None
        begin = inside.find(b'<c r="%b%d"' % (self._first, number))
        if begin < 0:
            return None
        parts = _CELL.split(inside[begin:])
        heads, formulas = parts[1::_GROUPS], parts[4::_GROUPS]
        end = b'%d"' % number
        computed = tuple(map(bool, formulas))
        usual = self._usual
        if usual.computed != computed or heads != [head + end for head in usual.heads]:
            found = self._found(heads, end, computed)
            if found is None:
                return None
            usual = self._usual = found
        openings, endings = self._openings[at], self._endings[at]
        told, styles = parts[2::_GROUPS], self._styles
        made = [inside[:begin], parts[0]]
        between = parts[_GROUPS::_GROUPS]
        for n, place in enumerate(usual.places):
            if place < 0:
                made += parts[1 + n * _GROUPS : (n + 1) * _GROUPS]
            else:
                made += heads[n], styles[told[n]], openings[place], formulas[n], endings[place]
            made.append(between[n])
        return b"".join(made)

    def _found(self, heads: list[bytes], end: bytes, computed: tuple[bool, ...]) -> _Usual | None:
        """What stands in a row; None where a column has no cell of its kind in it."""
        if any(not head.endswith(end) for head in heads):
            return None
        begun = tuple(head[: -len(end)] for head in heads)
        places = []
        for head, has_formula in zip(begun, computed, strict=True):
            letters = _LETTERS.search(head)
            column = column_number(letters[0].decode()) if letters else -1
            if column not in self.values.columns:
                places.append(-1)
                continue
            if has_formula != (column in self.values.computed):
                return None
            places.append(self._columns.index(column))
        whole = sorted(at for at in places if at >= 0) == list(range(len(self._columns)))
        return _Usual(begun, computed, tuple(places)) if whole else None


def _written(
    values: Sequence[Any], computed: bool, epoch_1904: bool
) -> tuple[list[bytes], list[bytes]]:
    """What stands before a formula and behind it; all of it before, where there is none."""
    if values and all(type(value) is float and math.isfinite(value) for value in values):
        texts = numerals(list(values)).encode().split(b",")
        endings = [b"<v>%b</v></c>" % text for text in texts]
        if computed:
            return [b">"] * len(endings), endings
        return [b">" + ending for ending in endings], [b""] * len(endings)
    formula = _FORMULA if computed else ""
    known = {
        word: _text(word, formula, epoch_1904) for word in {v for v in values if type(v) is str}
    }
    pairs = [
        known[value] if type(value) is str else _text(value, formula, epoch_1904)
        for value in values
    ]
    return [before for before, _ in pairs], [behind for _, behind in pairs]


def _text(value: Any, formula: str, epoch_1904: bool) -> tuple[bytes, bytes]:
    written = rest_of_cell(value, formula, _PLAIN, epoch_1904=epoch_1904)
    before, _, behind = written.encode().partition(_FORMULA.encode())
    return before, behind


def in_blocks(pieces: Iterator[bytes], size: int = 1 << 22) -> Iterator[bytes]:
    """Pieces put together, so that there are few."""
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(waiting)
            waiting, length = [], 0
    yield b"".join(waiting)
