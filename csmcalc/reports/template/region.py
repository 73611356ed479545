"""The rows of a sheet from its first table on: bodies, totals, and what stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from csmcalc.reports.template.bound import Bound
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.follow import Row
from csmcalc.reports.template.quick import quick_rows
from csmcalc.reports.template.rows import Body, Others, Strip, strips, written_rows
from csmcalc.reports.template.slots import Filling, FormulaCell, TotalsCell, filled


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals row below a body; its cells by their columns."""

    attributes: str
    cells: tuple[tuple[int, FormulaCell | TotalsCell], ...]


@dataclass(frozen=True, slots=True)
class Growing:
    """A table that takes rows; `bottom` is its last row in the template, totals included.

    `following` are the formulas of columns, by their place, that name rows which follow tables.
    """

    name: str
    body: Body
    totals: Totals | None
    bottom: int
    following: Mapping[int, tuple[str | int | Row, ...]]

    def bound(self, data: Bound, filling: Filling) -> tuple[Body, tuple[Column | None, ...], int]:
        """Its body with the data of one report, ready to be written."""
        if not data.count:
            return self.body.blank(), (Column([None]),) * len(data.columns), data.rows
        return self._followed(filling), data.columns, data.rows

    def _followed(self, filling: Filling) -> Body:
        if not self.following:
            return self.body
        columns = list(self.body.columns)
        for at, pieces in self.following.items():
            formula = tuple(
                p if isinstance(p, (str, int)) else p.text(filling.boxes, filling.lasts)
                for p in pieces
            )
            columns[at] = replace(columns[at], formula=formula)
        return replace(self.body, columns=tuple(columns))


@dataclass(frozen=True, slots=True)
class TemplateCell:
    """A cell of the template, and the table in whose columns it stands, if in any."""

    position: int
    owner: str
    pieces: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A row of the template and its cells."""

    number: int
    attributes: str
    cells: tuple[TemplateCell, ...]


class Rows(NamedTuple):
    """All that the rows of a region are written from; alike ones become the same bytes."""

    strips: list[Strip]
    others: dict[int, Others]
    epoch_1904: bool

    def stream(self) -> Iterator[bytes]:
        """The rows, piece by piece."""
        quick = quick_rows(sum((s.stop - s.first) * len(s.strands) for s in self.strips))
        yield from written_rows(self.strips, self.others, epoch_1904=self.epoch_1904, quick=quick)


@dataclass(frozen=True, slots=True)
class Region:
    """All rows from the first row of the first body on; `original` while no table is bound."""

    tables: tuple[Growing, ...]
    rows: tuple[TemplateRow, ...]
    original: tuple[Any, ...]
    epoch_1904: bool

    def has(self, names: Collection[str]) -> bool:
        """Whether one of these tables grows here."""
        return any(table.name in names for table in self.tables)

    def fill(self, filling: Filling) -> bytes:
        """The whole, where it is short; long ones are streamed."""
        made = self.rows_of(filling)
        return made if isinstance(made, bytes) else b"".join(made.stream())

    def rows_of(self, filling: Filling) -> Rows | bytes:
        """What the rows are to be written from; as they are where no table is bound."""
        bound = [table for table in self.tables if table.name in filling.bound]
        if not bound:
            return filled(self.original, filling)
        bodies = [table.bound(filling.bound[table.name], filling) for table in bound]
        return Rows(strips(bodies), self._others(bound, filling), self.epoch_1904)

    def _others(self, bound: list[Growing], filling: Filling) -> dict[int, Others]:
        """What stands beside and below the bodies, by row: cells that stay, totals that move."""
        names = {table.name for table in bound}
        bottom = max(table.bottom for table in bound)
        others: dict[int, Others] = {}
        for row in self.rows:
            cells = [
                (cell.position, filled(cell.pieces, filling).decode())
                for cell in row.cells
                if cell.owner not in names
            ]
            if row.number > bottom or cells:
                others[row.number] = Others(row.attributes, cells)
        for table in bound:
            if table.totals:
                number = filling.lasts[table.name] + 1
                there = others.get(number, Others(table.totals.attributes, ()))
                totals = [(at, cell.at(number, filling)) for at, cell in table.totals.cells]
                cells = sorted([*there.cells, *totals])
                others[number] = Others(table.totals.attributes, cells)
        return others
