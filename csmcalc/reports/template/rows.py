"""The one place that writes the rows of a table into the XML of a sheet.

Rows come in blocks of a thousand. All pieces of a block between the values are the same for every
thousand rows but for the leading digits of the row number, so they are made once per template: a
block is its values dropped between ready pieces, joined, and the digits put in by one replacement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from csmcalc.reports.template.cells import rest_of_cell
from csmcalc.reports.template.columns import Block, Column, Kind

_BLOCK = 1000
_LEADING = "\x01"
"""Stands for the digits of the row number before the last three; no text in a cell holds it."""
_END = "</v></c>"


ROW = "\x00"
"""Stands for the row number in the formula of a column."""


@dataclass(frozen=True, slots=True)
class BodyColumn:
    """A column of a table's body: letter, styles of plain text and of text like a formula.

    `formula` is escaped, with `ROW` for the number of its own row; where it names other rows too,
    `shifting` has its words and, between them, how far those rows are.
    """

    letter: str
    style: str
    text_style: str
    formula: str = ""
    shifting: tuple[str | int, ...] = ()

    def element(self, row: int) -> str:
        """The formula as it stands in a row."""
        if self.shifting:
            words = (str(p + row) if isinstance(p, int) else p for p in self.shifting)
            return f"<f>{''.join(words)}</f>"
        return f"<f>{self.formula.replace(ROW, str(row))}</f>" if self.formula else ""


@dataclass(slots=True)
class Body:
    """Where the rows of a table start, how they look, and the pieces made for them so far."""

    first: int
    attributes: str
    columns: tuple[BodyColumn, ...]
    epoch_1904: bool = False
    _pieces: dict[tuple[str, bool], list[str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __getstate__(self) -> tuple[Any, ...]:
        return self.first, self.attributes, self.columns, self.epoch_1904

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.first, self.attributes, self.columns, self.epoch_1904 = state
        self._pieces = {}

    def blank(self) -> Body:
        """The same without formulas, for a table without data."""
        columns = tuple(replace(c, formula="", shifting=()) for c in self.columns)
        return Body(self.first, self.attributes, columns, self.epoch_1904)

    def pieces(self, pattern: str, *, small: bool) -> list[str]:
        """A pattern with the row numbers of a block in place of `ROW`, made once."""
        made = self._pieces.get((pattern, small))
        if made is None:
            numbers = (str(n) if small else f"{_LEADING}{n:03}" for n in range(_BLOCK))
            made = self._pieces[pattern, small] = [pattern.replace(ROW, n) for n in numbers]
        return made


Beside = Mapping[int, tuple[str, str]]
"""Row -> cells left and right of the table in that row, which stay where they are."""


def written_rows(
    body: Body, values: Sequence[Column | None], count: int, beside: Beside | None = None
) -> Iterator[bytes]:
    """The rows of a body of `count` rows, in pieces; a column without values holds its formula."""
    start = 0
    while start < count:
        row = body.first + start
        stop = min(count, start + _BLOCK - row % _BLOCK)
        blocks = [_block(column, start, stop) for column in values]
        flat = _filled(body, blocks, row, stop - start)
        text = "".join(_with_neighbours(flat, len(blocks), row, stop - start, beside or {}))
        leading = row // _BLOCK
        yield (text.replace(_LEADING, str(leading)) if leading else text).encode()
        start = stop


def _block(column: Column | None, start: int, stop: int) -> Block:
    return (Kind.NUMBER, [""] * (stop - start)) if column is None else column.block(start, stop)


def _filled(body: Body, blocks: list[Block], row: int, count: int) -> list[str]:
    """The pieces and the values of a block in the order in which they stand in the file."""
    inside, small = row % _BLOCK, row < _BLOCK
    part = slice(inside, inside + count)
    width = 2 * len(blocks) + 2
    flat = [""] * (width * count)
    flat[0::width] = body.pieces(f'<row r="{ROW}"{body.attributes}>', small=small)[part]
    before = ""
    for number, (column, (kind, texts)) in enumerate(zip(body.columns, blocks, strict=True)):
        at = 1 + 2 * number
        pattern = f'{before}<c r="{column.letter}{ROW}"'
        if kind is Kind.MIXED or column.shifting:
            texts, before = _one_by_one(body, column, kind, texts, row), ""
        else:
            formula = f"<f>{column.formula}</f>" if column.formula else ""
            pattern, before = f"{pattern}{column.style}{kind.value}>{formula}<v>", _END
        flat[at::width] = body.pieces(pattern, small=small)[part]
        flat[at + 1 :: width] = texts
    flat[width - 1 :: width] = [f"{before}</row>"] * count
    return flat


def _one_by_one(
    body: Body, column: BodyColumn, kind: Kind, values: Sequence[Any], first: int
) -> list[str]:
    style, text_style, late = column.style, column.text_style, body.epoch_1904
    formulas = (column.element(row) for row in range(first, first + len(values)))
    if kind is Kind.MIXED:
        return [
            rest_of_cell(value, formula, style, text_style, epoch_1904=late)
            for value, formula in zip(values, formulas, strict=True)
        ]
    begin = f"{style}{kind.value}>"
    return [f"{begin}{f}<v>{v}{_END}" for v, f in zip(values, formulas, strict=True)]


def _with_neighbours(
    flat: list[str], columns: int, row: int, count: int, beside: Beside
) -> list[str]:
    width = 2 * columns + 2
    for number, (left, right) in beside.items():
        if row <= number < row + count:
            at = (number - row) * width
            flat[at] += left
            flat[at + width - 1] = flat[at + width - 1].replace("</row>", f"{right}</row>")
    return flat
