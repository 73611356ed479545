"""How a report is made: the plan of a slice, or a template filled with its rows."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.batch.jobs import Job, Made
from csmcalc.batch.slices import Slices
from csmcalc.errors import InputError
from csmcalc.plan.plan import csms_in, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.slices import figures_of, fitting, slice_of
from csmcalc.plan.timeline.digest import ending_of
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.evidence import Evidence
from csmcalc.reports.plan_report import plan_report
from csmcalc.reports.render import render
from csmcalc.reports.template import Template


@dataclass(frozen=True, slots=True)
class PackedBook:
    """The book of a slice and its scenario, its part of the team and of new accounts."""

    book: Book
    scenario: str
    csms: float
    growth: tuple[Growth, ...]


@dataclass(frozen=True, slots=True)
class PlanMaker:
    """Plans a slice of a book with the settings and the evidence that all slices share.

    Where the job names a scenario, its months stand in the same workbook; of `every_segment` where
    the list is a planning workbook.
    """

    settings: Settings
    evidence: tuple[Evidence, ...] = ()
    every_segment: bool = False

    def make(self, packed: Sequence[PackedBook], number: int) -> Made:
        """The full plan of one slice."""
        one = packed[number]
        book, scenario = one.book, one.scenario
        settings = fitting(self.settings, book, one.csms, one.growth)
        plan = make_plan(book, settings, self.evidence)
        figures: dict[str, Any] = {"plan": figures_of(plan).plain()}
        if not scenario:
            return Made(render(plan_report(plan)), figures)
        timeline = make_timeline(plan, scenario=scenario, every_segment=self.every_segment)
        figures["months"] = asdict(ending_of(timeline))
        return Made(render(plan_report(plan, timeline)), figures)


@dataclass(frozen=True, slots=True)
class BookSource:
    """A book and its slices; accounts and those left out are cut alike.

    `csms` is what each slice has of today's `team`, `growth` what it has of the new accounts told
    by number.
    """

    book: Book
    planned: Slices
    left_out: Slices
    csms: Sequence[float]
    team: float
    growth: Sequence[tuple[Growth, ...]]

    def pack(self, jobs: Sequence[Job]) -> list[PackedBook]:
        """The books of some slices, each with its scenario and its part of what is shared out."""
        positions = {job.position for job in jobs}
        books = {position: self.slice(position) for position in positions}
        return [
            PackedBook(books[at], job.scenario, self.csms[at], self.growth[at])
            for at, job in ((job.position, job) for job in jobs)
        ]

    def slice(self, position: int) -> Book:
        """The book of a slice."""
        book = slice_of(
            self.book,
            self.planned.labels[position],
            self.planned.rows(position),
            self.left_out.rows(position),
        )
        shares = self.csms[position] != csms_in(book)
        return replace(book, team=self.team) if shares else book


Columns = Mapping[str, Any]

_STREAMED_FROM = 20_000
"""Rows from which on a report goes to its file piece by piece."""


@dataclass(frozen=True, slots=True)
class PackedRows:
    """The rows of some slices in one piece, and where each of them begins."""

    columns: Columns
    bounds: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TemplateMaker:
    """Fills a template.

    `tables` are those that the rows go to, and which column each of their headings gets; `constant`
    are names that mean the same in every report; `named` leads from names to the columns they stand
    for, whose value must be one in a slice.
    """

    template: Template
    tables: Mapping[str, Mapping[str, str]]
    by_names: tuple[str, ...]
    constant: Mapping[str, Any]
    count_names: tuple[str, ...]
    named: Mapping[str, str]

    def make(self, packed: PackedRows, number: int) -> Made:
        """One report."""
        start, stop = packed.bounds[number], packed.bounds[number + 1]
        columns = {name: _part(values, start, stop) for name, values in packed.columns.items()}
        names = dict(self.constant)
        names |= dict.fromkeys(self.by_names, packed.labels[number])
        names |= dict.fromkeys(self.count_names, stop - start)
        for name, column in self.named.items():
            names[name] = _one_value(name, column, columns[column])
        tables = {
            table: {heading: columns[column] for heading, column in wanted.items()}
            for table, wanted in self.tables.items()
        }
        if stop - start < _STREAMED_FROM:
            return Made(self.template.stamp(tables, names))
        return Made(partial(self._write, tables, names))

    def _write(
        self, tables: Mapping[str, Columns], names: Mapping[str, Any], stream: IO[bytes]
    ) -> None:
        self.template.stamp_to(stream, tables, names)


def _one_value(name: str, column: str, values: Any) -> Any:
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    first = listed[0]
    if any(value != first and not _both_missing(value, first) for value in listed):
        other = next(value for value in listed if value != first)
        raise InputError(
            f'the template\'s "{name}" stands for one value, and "{column}" has several here '
            f"({first}, {other}, ...)"
        )
    return None if _is_missing(first) else first


def _is_missing(value: Any) -> bool:
    return value is None or value != value


def _both_missing(one: Any, other: Any) -> bool:
    return _is_missing(one) and _is_missing(other)


@dataclass(frozen=True, slots=True)
class RowSource:
    """The columns of any table, and its slices."""

    columns: Columns
    slices: Slices

    @classmethod
    def of(cls, frame: pd.DataFrame, slices: Slices, used: Sequence[str]) -> RowSource:
        """The columns that are used, as plain values, in the order of the slices."""
        ordered = {name: _plain(frame[name], slices.order) for name in used}
        return cls(ordered, slices)

    def pack(self, jobs: Sequence[Job]) -> PackedRows:
        """The rows of some slices."""
        spans = [self._span(job.position) for job in jobs]
        labels = tuple(self.slices.labels[job.position] for job in jobs)
        bounds = tuple(np.cumsum([0, *(stop - start for start, stop in spans)]).tolist())
        if all(a[1] == b[0] for a, b in itertools.pairwise(spans)):
            start, stop = spans[0][0], spans[-1][1]
            parts = {name: _part(values, start, stop) for name, values in self.columns.items()}
            return PackedRows(parts, bounds, labels)
        return PackedRows({n: _joined(v, spans) for n, v in self.columns.items()}, bounds, labels)

    def _span(self, position: int) -> tuple[int, int]:
        return int(self.slices.bounds[position]), int(self.slices.bounds[position + 1])


def _part(values: Any, start: int, stop: int) -> Any:
    """Some of the values; all of them are not copied."""
    return values if (start, stop) == (0, len(values)) else values[start:stop]


def _plain(column: pd.Series[Any], order: NDArray[np.int64]) -> Any:
    if column.dtype.kind in "fiubM":
        return column.to_numpy()[order]
    return column.iloc[order].tolist()


def _joined(values: Any, spans: Sequence[tuple[int, int]]) -> Any:
    if isinstance(values, np.ndarray):
        return np.concatenate([values[start:stop] for start, stop in spans])
    return [value for start, stop in spans for value in values[start:stop]]
