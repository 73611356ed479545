"""Rows written by compiled loops: the bytes are those of `rows`, several times sooner.

The texts of all columns of a block stand in one buffer, each ended by 0; numbers with few decimals
are whole numbers and a count of decimals, from which their shortest digits follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.compiled import Kernel, compiled, wanted
from csmcalc.reports.template.columns import Kind, all_missing, escaped, joined_texts, numerals
from csmcalc.reports.template.kernels import (
    DECIMAL,
    ELSE,
    KERNELS,
    NOT_ALL,
    ODD,
    ODD_END,
    ROW,
    SLACK,
    TEXT,
    WHOLE,
)
from csmcalc.reports.template.rows import (
    BodyColumn,
    Piece,
    Strand,
    Strip,
    mixed_texts,
    row_pieces,
)

WORTH_IT = 50_000_000
"""Cells of one table from which on the loops are loaded for it alone.

They save half of the time and take 110 MB; a batch loads them once for all (`loaded`).
"""

_BLOCK = 2_000
_MOST_DIGITS = 24
_MOST_FORMS = 200

_loaded: dict[str, Kernel] = {}


def quick_rows(cells: int) -> QuickRows | None:
    """The compiled way, where it is loaded or so many cells are worth it."""
    if not wanted(cells, 0 if _loaded else WORTH_IT):
        return None
    if not _loaded:
        load()
    return QuickRows(_loaded) if _loaded else None


def load() -> None:
    """Load the loops; from then on every table is written by them."""
    _loaded.update(compiled(KERNELS))


class Hole(NamedTuple):
    """A value between the words of a row: its kind, and which column of that kind it is from."""

    kind: int
    column: int


class Form(NamedTuple):
    """What all rows of some columns have in common, as the loops take it.

    `columns` are kept alive, because the form is found again by their identity.
    """

    columns: tuple[BodyColumn, ...]
    words: NDArray[np.uint8]
    ends: NDArray[np.int64]
    kinds: NDArray[np.int64]
    which: NDArray[np.int64]


_forms: dict[Any, Form] = {}


class QuickRows:
    """Writes the rows of strips with compiled loops."""

    def __init__(self, loops: Mapping[str, Kernel]) -> None:
        self._loops = loops

    def __call__(self, strip: Strip, start: int, stop: int, epoch_1904: bool) -> Iterator[Any]:
        """The rows of a strip from one to another, in pieces."""
        for at in range(start, stop, _BLOCK):
            yield _Block(strip, at, min(at + _BLOCK, stop), epoch_1904, self._loops).written()


class _Block:
    """Some rows, with their values as the loops take them; numbers by their place in the strip."""

    def __init__(
        self, strip: Strip, start: int, stop: int, epoch_1904: bool, loops: Mapping[str, Kernel]
    ) -> None:
        self.strip, self.start, self.count = strip, start, stop - start
        self.epoch_1904, self.loops = epoch_1904, loops
        self.texts: list[bytes] = []
        shape = len(strip.strands), self.count
        self.floats, self.numbers = np.empty(shape), np.empty(shape, dtype=np.int64)
        self.decimals = np.zeros(len(strip.strands), dtype=np.int64)

    def written(self) -> memoryview:
        """The bytes of the rows."""
        columns = [self._column(n, strand) for n, strand in enumerate(self.strip.strands)]
        kinds = np.array([hole.kind for _, hole in columns])
        self.loops["fixed"](self.floats, self.numbers, kinds, self.decimals)
        for n in np.flatnonzero(self.decimals < 0).tolist():
            columns[n] = self._not_fixed(n)
        text, starts, odd = self._scanned()
        mixed = self._odd(columns, odd.tolist())
        for n in mixed:
            hole = columns[n][1]
            self.texts[hole.column] = self._mixed(n)
            columns[n] = Kind.MIXED, hole
        if mixed:
            text, starts, _ = self._scanned()
        return self._filled(self._form(columns), text, starts)

    def _column(self, n: int, strand: Strand) -> tuple[Kind, Hole]:
        if strand.values is None:
            return Kind.FORMULA, Hole(ELSE, 0)
        values = self._values(strand)
        if all_missing(values):
            return Kind.BLANK, Hole(ELSE, 0)
        if not isinstance(values, np.ndarray):
            joined = _joined(values)
            if joined is None:
                return Kind.MIXED, self._text(self._mixed(n))
            return Kind.TEXT, self._text(joined)
        if values.dtype.kind == "f":
            self.floats[n] = values
            return Kind.NUMBER, Hole(DECIMAL, n)
        self.numbers[n] = values
        kind = Kind.BOOLEAN if values.dtype.kind == "b" else Kind.NUMBER
        return kind, Hole(WHOLE, n)

    def _not_fixed(self, n: int) -> tuple[Kind, Hole]:
        """Numbers with many decimals, as their digits; what is not all numbers, value by value."""
        if self.decimals[n] == NOT_ALL:
            return Kind.MIXED, self._text(self._mixed(n))
        digits = f"{numerals(self.floats[n].tolist())},".replace(",", "\0")
        return Kind.NUMBER, self._text(digits.encode())

    def _values(self, strand: Strand) -> NDArray[Any] | list[Any]:
        assert strand.values is not None
        first = self.start - strand.first
        return strand.values.raw(first, first + self.count)

    def _text(self, content: bytes) -> Hole:
        self.texts.append(content)
        return Hole(TEXT, len(self.texts) - 1)

    def _mixed(self, n: int) -> bytes:
        strand = self.strip.strands[n]
        values = self._values(strand)
        listed = values.tolist() if isinstance(values, np.ndarray) else values
        texts = mixed_texts(strand, self.start, listed, self.epoch_1904)
        return "\0".join([*texts, ""]).encode()

    def _odd(self, columns: Sequence[tuple[Kind, Hole]], odd: Sequence[int]) -> list[int]:
        """The columns of text that need a look.

        What a formula gives is never blank and is not typed again: its ends may be odd.
        """
        if not any(odd):
            return []
        return [
            n
            for n, (kind, hole) in enumerate(columns)
            if kind is Kind.TEXT
            and odd[hole.column] & (ODD if self.strip.strands[n].column.formula else ODD | ODD_END)
        ]

    def _scanned(self) -> tuple[Any, Any, Any]:
        """All texts in one buffer, where each begins, and what is odd in which column."""
        text = np.frombuffer(b"".join([*self.texts, bytes(SLACK)]), dtype=np.uint8)
        bounds = _sums(self.texts)
        starts = np.empty((len(self.texts), self.count + 1), dtype=np.int64)
        odd = np.zeros(len(self.texts), dtype=np.int64)
        self.loops["scan"](text, bounds, self.count, starts, odd)
        return text, starts, odd

    def _form(self, columns: Sequence[tuple[Kind, Hole]]) -> Form:
        """The form of these rows, which in a batch is that of many reports."""
        strands = self.strip.strands
        looks = [strand.values.needs if strand.values else "" for strand in strands]
        ids = [id(strand.column) for strand in strands]
        key = (self.strip.attributes, *ids, *looks, *[(k.value, hole) for k, hole in columns])
        form = _forms.get(key)
        if form is None:
            if len(_forms) >= _MOST_FORMS:
                _forms.clear()
            line, _ = row_pieces(self.strip, columns)
            form = _forms[key] = _form_of(line, tuple(strand.column for strand in strands))
        return form

    def _filled(self, form: Form, text: Any, starts: Any) -> memoryview:
        most = self.count * (int(form.ends[-1]) + len(form.kinds) * _MOST_DIGITS)
        out = np.empty(most + len(text) + SLACK, dtype=np.uint8)
        where = form.words, form.ends, form.kinds, form.which
        what = text, starts, self.numbers, self.decimals
        size = self.loops["write"](out, self.start, *where, *what)
        return out[:size].data


def _joined(values: Sequence[Any]) -> bytes | None:
    try:
        return escaped(joined_texts([*values, ""], "\0")).encode()
    except (TypeError, UnicodeEncodeError):
        return None


def _form_of(line: Sequence[Piece], columns: tuple[BodyColumn, ...]) -> Form:
    words: list[bytes] = []
    holes: list[Any] = []
    word = ""
    for piece in line:
        if isinstance(piece, str):
            word += piece
            continue
        words.append(word.encode())
        holes.append(Hole(ROW, piece) if isinstance(piece, int) else piece)
        word = ""
    words.append(word.encode())
    return Form(
        columns,
        np.frombuffer(b"".join([*words, bytes(SLACK)]), dtype=np.uint8),
        _sums(words),
        np.array([hole.kind for hole in holes]),
        np.array([hole.column for hole in holes]),
    )


def _sums(pieces: Sequence[bytes]) -> NDArray[np.int64]:
    """Where each piece ends when they stand one after another, 0 first."""
    sums = np.zeros(len(pieces) + 1, dtype=np.int64)
    np.cumsum([len(piece) for piece in pieces], out=sums[1:])
    return sums
