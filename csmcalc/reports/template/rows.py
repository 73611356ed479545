"""The one place that writes the rows of tables into the XML of a sheet.

Rows come in blocks. What stands between row numbers and values is alike in every row of a block:
the pieces of one row are repeated as a list, numbers and values are dropped into their places for
all rows at once, and the list is joined. No cell costs a call of a function of its own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from csmcalc.reports.template.cells import Look, rest_of_cell
from csmcalc.reports.template.columns import Block, Column, Kind, numerals

_BLOCK = 2000
"""Rows whose values become texts at once."""

_JOINED = 20_000
"""Words and values joined at once: so few that memory is used again instead of asked for anew."""

_END = "</v></c>"

Piece = str | int | Sequence[str]
"""Of a row: words; the number of a row, by its distance; the values of a column."""


@dataclass(frozen=True, slots=True)
class BodyColumn:
    """A column of a table's body: its place, the look of its cells, its formula.

    The formula is escaped; between its words stands how far the rows it names are from its own.
    """

    position: int
    letter: str
    look: Look
    formula: tuple[str | int, ...] = ()

    def element(self, row: int) -> str:
        """The formula as it stands in a row."""
        words = (str(row + p) if isinstance(p, int) else p for p in self.formula)
        return f"<f>{''.join(words)}</f>" if self.formula else ""


@dataclass(frozen=True, slots=True)
class Body:
    """Where the rows of a table start and how they look."""

    first: int
    attributes: str
    columns: tuple[BodyColumn, ...]

    def blank(self) -> Body:
        """The same without formulas, for a table without data."""
        return replace(self, columns=tuple(replace(c, formula=()) for c in self.columns))


class Strand(NamedTuple):
    """One column of a body and its values; None where its formula stands alone."""

    column: BodyColumn
    values: Column | None
    first: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows from `first` up to `stop` in which the same columns stand, from left to right."""

    first: int
    stop: int
    attributes: str
    strands: tuple[Strand, ...]


class Others(NamedTuple):
    """Cells of a row that belong to no body: where they stand, and what they are."""

    attributes: str
    cells: Sequence[tuple[int, str]]


def strips(bodies: Sequence[tuple[Body, Sequence[Column | None], int]]) -> list[Strip]:
    """Bodies with their values and counts, cut where one of them begins or ends."""
    cuts = {body.first for body, _, _ in bodies} | {body.first + n for body, _, n in bodies}
    made = []
    for first, stop in itertools.pairwise(sorted(cuts)):
        there = [b for b in bodies if b[0].first <= first and stop <= b[0].first + b[2]]
        strands = [
            Strand(column, values, body.first)
            for body, data, _ in there
            for column, values in zip(body.columns, data, strict=True)
        ]
        if there:
            ordered = tuple(sorted(strands, key=lambda strand: strand.column.position))
            made.append(Strip(first, stop, there[0][0].attributes, ordered))
    return made


Quick = Callable[[Strip, int, int, bool], Iterator[Any]]


def written_rows(
    made: Sequence[Strip],
    others: Mapping[int, Others],
    *,
    epoch_1904: bool = False,
    quick: Quick | None = None,
) -> Iterator[Any]:
    """All rows in the order of the sheet, in pieces; `quick` writes those of bodies alone."""
    waiting = sorted(others)
    for strip in made:
        yield _alone([row for row in waiting if row < strip.first], others)
        inside = [row for row in waiting if strip.first <= row < strip.stop and others[row].cells]
        waiting = [row for row in waiting if row >= strip.stop]
        for start, stop, mixed in _runs(strip, inside):
            if quick and not mixed:
                yield from quick(strip, start, stop, epoch_1904)
                continue
            for at in range(start, stop, _BLOCK):
                end = min(at + _BLOCK, stop)
                cells = {row - at: others[row].cells for row in range(at, end)} if mixed else {}
                yield from _written(strip, at, end, cells, epoch_1904)
    yield _alone(waiting, others)


def _alone(rows: Sequence[int], others: Mapping[int, Others]) -> bytes:
    return "".join(
        f'<row r="{row}"{others[row].attributes}>'
        f"{''.join(text for _, text in others[row].cells)}</row>"
        for row in rows
    ).encode()


def _runs(strip: Strip, inside: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    """Runs of rows with other cells in them, and of rows without."""
    at = strip.first
    for _, run in itertools.groupby(enumerate(inside), key=lambda pair: pair[1] - pair[0]):
        rows = [row for _, row in run]
        if at < rows[0]:
            yield at, rows[0], False
        at = rows[-1] + 1
        yield rows[0], at, True
    if at < strip.stop:
        yield at, strip.stop, False


def _written(
    strip: Strip,
    start: int,
    stop: int,
    others: Mapping[int, Sequence[tuple[int, str]]],
    epoch_1904: bool,
) -> Iterator[bytes]:
    blocks = [_block(strand, start, stop, epoch_1904) for strand in strip.strands]
    line, heads = row_pieces(strip, blocks)
    line = line if others else merged(line)
    count = max(1, _JOINED // len(line))
    for at in range(0, stop - start, count):
        end = min(at + count, stop - start)
        flat = _repeated(line, start, at, end)
        for row in range(at, end) if others else ():
            for position, text in reversed(others.get(row, ())):
                behind = next((n for n, head in heads if head > position), len(line) - 1)
                spot = (row - at) * len(line) + behind
                flat[spot] = text + flat[spot]
        yield "".join(flat).encode()


def _block(strand: Strand, start: int, stop: int, epoch_1904: bool) -> Block:
    """The values of some rows as texts; those of a mixed column with all that surrounds them."""
    column, values, first = strand
    if values is None:
        return Kind.FORMULA, []
    computed = bool(column.formula)
    kind, texts = values.block(start - first, stop - first, computed=computed)
    return kind, mixed_texts(strand, start, texts, epoch_1904) if kind is Kind.MIXED else texts


def mixed_texts(strand: Strand, row: int, mixed: Sequence[Any], epoch_1904: bool) -> list[str]:
    """What follows the addresses of cells that have nothing in common."""
    column, values = strand.column, strand.values
    assert values is not None
    look = values.look(column.look)
    if any(isinstance(piece, int) for piece in column.formula):
        pairs = ((value, column.element(row + n)) for n, value in enumerate(mixed))
        return [rest_of_cell(v, f, look, epoch_1904=epoch_1904) for v, f in pairs]
    formula = column.element(row)
    if set(map(type, mixed)) == {float} and math.inf not in mixed and -math.inf not in mixed:
        blank, before = rest_of_cell(None, formula, look), f"{look.plain}>{formula}<v>"
        digits = iter(numerals([v for v in mixed if v == v]).split(","))  # NaN is a blank
        return [blank if v != v else f"{before}{next(digits)}{_END}" for v in mixed]
    words = {v for v in mixed if type(v) is str}
    known = {word: rest_of_cell(word, formula, look) for word in words}
    return [
        known[v] if type(v) is str else rest_of_cell(v, formula, look, epoch_1904=epoch_1904)
        for v in mixed
    ]


def row_pieces(strip: Strip, blocks: Sequence[Block]) -> tuple[list[Piece], list[tuple[int, int]]]:
    """The pieces of a row, and with which of them the cell of each column begins."""
    line: list[Piece] = ['<row r="', 0, f'"{strip.attributes}>']
    heads = []
    for (column, values, _), (kind, texts) in zip(strip.strands, blocks, strict=True):
        heads.append((len(line), column.position))
        line += [f'<c r="{column.letter}', 0]
        if kind is Kind.MIXED:
            line += ['"', texts]
            continue
        look = values.look(column.look) if values else column.look
        if kind is Kind.BLANK:
            line += _blank(column, look)
            continue
        line.append(f'"{look.plain}{kind.attribute}>')
        if column.formula:
            line += ["<f>", *column.formula, "</f>"]
        line += ["</c>"] if kind is Kind.FORMULA else ["<v>", texts, _END]
    line.append("</row>")
    return line, heads


def _blank(column: BodyColumn, look: Look) -> list[Piece]:
    """Cells without a value, as `rest_of_cell` writes one."""
    if not column.formula:
        return [f'"{look.plain}/>']
    return [f'"{look.plain} t="str"><f>', *column.formula, "</f><v></v></c>"]


def merged(line: Sequence[Piece]) -> list[Piece]:
    """The same with neighbouring words in one piece."""
    made: list[Piece] = []
    for piece in line:
        if made and isinstance(piece, str) and isinstance(made[-1], str):
            made[-1] += piece
        else:
            made.append(piece)
    return made


def _repeated(line: Sequence[Piece], first: int, at: int, end: int) -> list[str]:
    """The pieces of some rows of a block that begins with the first."""
    width = len(line)
    flat = [piece if isinstance(piece, str) else "" for piece in line] * (end - at)
    numbers: dict[int, list[str]] = {}
    for place, piece in enumerate(line):
        if isinstance(piece, int):
            if piece not in numbers:
                numbers[piece] = [str(first + piece + row) for row in range(at, end)]
            flat[place::width] = numbers[piece]
        elif not isinstance(piece, str):
            flat[place::width] = piece[at:end]
    return flat
