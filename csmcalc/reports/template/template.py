"""A compiled template: filled as often as wanted, in this process or in another."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any

from csmcalc.errors import InputError, WorkbookError
from csmcalc.reports.template.archive import Archive, CopiedParts, Part, compressed, packed
from csmcalc.reports.template.bound import Bound
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.findings import Finding, TemplateTable
from csmcalc.reports.template.follow import LAST_ROW, Box
from csmcalc.reports.template.region import Region, Rows
from csmcalc.reports.template.slots import Filling, check_names, filled

Table = Mapping[str, Any]
"""The columns of a table by heading: a pandas frame, or any mapping to sequences."""

STREAMED_FROM = 1000
"""Rows of a body from which on its sheet is written piece by piece."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A long sheet that was written, and all that it was written from."""

    made_of: tuple[bytes | Rows, ...] = field(repr=False)
    part: Part = field(repr=False)


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
        self,
        tables: Mapping[str, Table] | None = None,
        names: Mapping[str, Any] | None = None,
        ahead: Collection[Ahead] = (),
    ) -> bytes:
        """The bytes of one report: rows for some tables, values for some names.

        What gets no data stays as the template has it. Columns without a place in the table are
        passed over. A sheet written `ahead` is taken if it would become the same now.
        """
        out = io.BytesIO()
        self.stamp_to(out, tables, names, ahead)
        return out.getvalue()

    def stamp_to(
        self,
        stream: IO[bytes],
        tables: Mapping[str, Table] | None = None,
        names: Mapping[str, Any] | None = None,
        ahead: Collection[Ahead] = (),
    ) -> None:
        """The same into a file that can go back (`wb`); long tables take no memory."""
        filling = self._filling(tables or {}, names or {})
        written = {one.part.name: one for one in ahead}
        archive = Archive(stream)
        archive.copy(self.copied)
        for name, pieces in self.filled:
            if not _is_long(pieces, filling):
                archive.add(compressed(name, filled(pieces, filling)))
                continue
            made_of, before = _resolved(pieces, filling), written.get(name)
            if before and before.made_of == made_of:
                archive.add(before.part)
            else:
                archive.stream(name, _streamed(made_of))
        archive.close()

    def ahead(self, tables: Mapping[str, Table]) -> tuple[Ahead, ...]:
        """The long sheets alone, for a report whose other data are not known yet.

        Columns to be written again should be given as `Column`: they are told apart by identity.
        """
        filling = self._filling(tables, {})
        made = [
            (name, _resolved(pieces, filling))
            for name, pieces in self.filled
            if _is_long(pieces, filling)
        ]
        return tuple(Ahead(made_of, packed(name, _streamed(made_of))) for name, made_of in made)

    def _filling(self, tables: Mapping[str, Table], names: Mapping[str, Any]) -> Filling:
        check_names(names, self.names, self.source)
        bound = {name: self._bind(name, data) for name, data in tables.items()}
        return Filling(self.boxes, bound, names)

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
        if isinstance(values, Column):
            return values
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


def _is_long(pieces: Sequence[Any], filling: Filling) -> bool:
    """Whether a table grows here to so many rows that they are written piece by piece."""
    long = {name for name, data in filling.bound.items() if data.count > STREAMED_FROM}
    return any(isinstance(p, Region) and p.has(long) for p in pieces) if long else False


def _resolved(pieces: Sequence[Any], filling: Filling) -> tuple[bytes | Rows, ...]:
    """Pieces with all that one report puts into them; rows are yet to be written."""
    return tuple(
        p.rows_of(filling) if isinstance(p, Region) else filled([p], filling) for p in pieces
    )


def _streamed(resolved: Sequence[bytes | Rows]) -> Iterator[bytes]:
    for piece in resolved:
        if isinstance(piece, Rows):
            yield from piece.stream()
        else:
            yield piece
