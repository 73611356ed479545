"""The one place that writes the rows of a table into the XML of a sheet.

Rows come in blocks. What stands between row numbers and values is alike in every row of a block:
the pieces of one row are repeated as a list, numbers and values are dropped into their places for
all rows at once, and the list is joined. No cell costs a call of a function of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from csmcalc.reports.template.cells import rest_of_cell
from csmcalc.reports.template.columns import Block, Column, Kind

_BLOCK = 1000
_LEFT = 2
"""The piece that ends the tag of a row."""
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


@dataclass(frozen=True, slots=True)
class Body:
    """Where the rows of a table start and how they look."""

    first: int
    attributes: str
    columns: tuple[BodyColumn, ...]
    epoch_1904: bool = False

    def blank(self) -> Body:
        """The same without formulas, for a table without data."""
        columns = tuple(replace(c, formula="", shifting=()) for c in self.columns)
        return replace(self, columns=columns)


Beside = Mapping[int, tuple[str, str]]
"""Row -> cells left and right of the table in that row, which stay where they are."""


def written_rows(
    body: Body, values: Sequence[Column | None], count: int, beside: Beside | None = None
) -> Iterator[bytes]:
    """The rows of a body of `count` rows, in pieces; a column without values holds its formula."""
    for start in range(0, count, _BLOCK):
        stop = min(count, start + _BLOCK)
        blocks = [
            _block(data, start, stop, computed=bool(column.formula))
            for data, column in zip(values, body.columns, strict=True)
        ]
        flat, width = _filled(body, blocks, body.first + start, stop - start)
        if beside:
            _put_beside(flat, width, body.first + start, beside)
        yield "".join(flat).encode()


def _block(column: Column | None, start: int, stop: int, *, computed: bool) -> Block:
    if column is None:
        return Kind.NUMBER, [""] * (stop - start)
    return column.block(start, stop, computed=computed)


def _filled(body: Body, blocks: list[Block], row: int, count: int) -> tuple[list[str], int]:
    """The pieces of a block in the order of the file, and how many of them a row has."""
    line = _between(f'<row r="{ROW}"{body.attributes}>')
    holes: list[tuple[int, Sequence[str]]] = []
    before = ""
    for column, (kind, texts) in zip(body.columns, blocks, strict=True):
        begin = f'{before}<c r="{column.letter}{ROW}"'
        if kind is Kind.MIXED or column.shifting:
            texts, before = _one_by_one(body, column, kind, texts, row), ""
        else:
            formula = f"<f>{column.formula}</f>" if column.formula else ""
            begin, before = f"{begin}{column.style}{kind.value}>{formula}<v>", _END
        line += _between(begin)
        holes.append((len(line), texts))
        line.append("")
    line.append(f"{before}</row>")
    return _repeated(line, holes, row, count), len(line)


def _between(pattern: str) -> list[str]:
    """A pattern as words and, in every second place, `ROW`."""
    words = pattern.split(ROW)
    return [piece for word in words[:-1] for piece in (word, ROW)] + words[-1:]


def _repeated(
    line: list[str], holes: list[tuple[int, Sequence[str]]], row: int, count: int
) -> list[str]:
    width = len(line)
    flat = line * count
    numbers = [str(number) for number in range(row, row + count)]
    for at, piece in enumerate(line):
        if piece is ROW:
            flat[at::width] = numbers
    for at, texts in holes:
        flat[at::width] = texts
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


def _put_beside(flat: list[str], width: int, row: int, beside: Beside) -> None:
    """Cells left of a table come first in their row, those right of it last."""
    count = len(flat) // width
    for number, (left, right) in beside.items():
        if row <= number < row + count:
            at = (number - row) * width
            flat[at + _LEFT] += left
            flat[at + width - 1] = flat[at + width - 1].replace("</row>", f"{right}</row>")
