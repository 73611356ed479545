"""A compiled template: filled as often as wanted, in this process or in another."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any

from csmcalc.errors import InputError, WorkbookError
from csmcalc.reports.template.archive import Archive, CopiedParts, compressed
from csmcalc.reports.template.bound import Bound
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.findings import Finding, TemplateTable
from csmcalc.reports.template.follow import LAST_ROW, Box
from csmcalc.reports.template.region import Region
from csmcalc.reports.template.slots import Filling, check_names, filled

Table = Mapping[str, Any]
"""The columns of a table by heading: a pandas frame, or any mapping to sequences."""

STREAMED_FROM = 1000
"""Rows of a body from which on its sheet is written piece by piece."""


@dataclass(frozen=True)
class Template:
    """A workbook that was checked and taken apart; picklable, so that processes can share it.

    Attributes:
        source: what it is called in messages.
        suffix: .xlsx, or .xlsm where it has macros.
        tables: the tables, by name.
        names: the names that take a value: cells, and words in `{{...}}`.
        findings: what binds, what is refused, what is not kept.
    """

    source: str
    suffix: str
    tables: Mapping[str, TemplateTable]
    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    boxes: Mapping[str, Box] = field(repr=False)
    copied: CopiedParts = field(repr=False)
    filled: tuple[tuple[str, tuple[Any, ...]], ...] = field(repr=False)
    epoch_1904: bool = False

    def stamp(
        self, tables: Mapping[str, Table] | None = None, names: Mapping[str, Any] | None = None
    ) -> bytes:
        """The bytes of one report: rows for some tables, values for some names.

        What gets no data stays as the template has it. Columns without a place in the table are
        passed over.
        """
        out = io.BytesIO()
        self.stamp_to(out, tables, names)
        return out.getvalue()

    def stamp_to(
        self,
        stream: IO[bytes],
        tables: Mapping[str, Table] | None = None,
        names: Mapping[str, Any] | None = None,
    ) -> None:
        """The same into a file that can go back (`wb`); long tables take no memory."""
        names = names or {}
        check_names(names, self.names, self.source)
        bound = {name: self._bind(name, data) for name, data in (tables or {}).items()}
        filling = Filling(self.boxes, bound, names)
        archive = Archive(stream)
        archive.copy(self.copied)
        long = {name for name, data in bound.items() if data.count > STREAMED_FROM}
        for name, pieces in self.filled:
            if long and any(isinstance(p, Region) and p.has(long) for p in pieces):
                archive.stream(name, _streamed(pieces, filling))
            else:
                archive.add(compressed(name, filled(pieces, filling)))
        archive.close()

    def _bind(self, name: str, data: Table) -> Bound:
        table = self.tables.get(name)
        if table is None:
            has = ", ".join(self.tables) or "none"
            raise InputError(f"{self.source}: has no table {name!r}; its tables: {has}")
        if table.refusal:
            raise InputError(f"{self.source}: table {name} cannot be filled: {table.refusal}")
        keys = list(getattr(data, "columns", data))
        given = tuple(map(str, keys))
        places = _matched(table.headings, given)
        lacking = [
            heading
            for heading, place in zip(table.headings, places, strict=True)
            if place is None and heading not in table.computed
        ]
        if lacking:
            raise InputError(
                f"{self.source}: table {name} needs a column {lacking[0]!r}; the data has: "
                f"{', '.join(given) or 'none'}"
            )
        columns = [
            None if place is None else self._column(table, heading, data[keys[place]])
            for heading, place in zip(table.headings, places, strict=True)
        ]
        lengths = {
            heading: len(c)
            for heading, c in zip(table.headings, columns, strict=True)
            if c is not None
        }
        count = next(iter(lengths.values()), 0)
        uneven = [heading for heading, length in lengths.items() if length != count]
        if uneven:
            raise InputError(
                f"{self.source}: table {name}: column {uneven[0]!r} has {lengths[uneven[0]]:,} "
                f"values where {next(iter(lengths))!r} has {count:,}"
            )
        box, most = self.boxes[name], LAST_ROW - self.boxes[name].first + 1 - table.totals
        if count > most:
            raise WorkbookError(
                f"{self.source}: table {name}: {count:,} rows are more than a sheet holds from "
                f"row {box.first} on ({most:,}); split the data"
            )
        return Bound(tuple(columns), count)

    def _column(self, table: TemplateTable, heading: str, values: Any) -> Column:
        try:
            return Column(values, epoch_1904=self.epoch_1904)
        except TypeError as error:
            raise InputError(
                f"{self.source}: table {table.name}: column {heading!r} is no list of values "
                f"({error})"
            ) from None


@lru_cache(maxsize=1_000)
def _matched(headings: tuple[str, ...], given: tuple[str, ...]) -> tuple[int | None, ...]:
    """Where each heading of a table is among those given."""
    told = {folded(heading): place for place, heading in enumerate(given)}
    return tuple(told.get(folded(heading)) for heading in headings)


def folded(heading: str) -> str:
    """A heading as it is compared: capitals and blanks do not count."""
    return " ".join(heading.split()).casefold()


def _streamed(pieces: Sequence[Any], filling: Filling) -> Any:
    for piece in pieces:
        if isinstance(piece, Region):
            yield from piece.stream(filling)
        else:
            yield filled([piece], filling)
