"""From a list to the jobs of a run: what is sliced, what each report is called, what its key is."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc import __version__
from csmcalc.batch.binding import bound
from csmcalc.batch.jobs import Job, Maker, Source
from csmcalc.batch.makers import BookSource, PlanMaker, RowSource
from csmcalc.batch.manifest import MANIFEST
from csmcalc.batch.names import NamePattern, check_collisions
from csmcalc.batch.slices import Slices, digest_of, digests, labels_of, slices_of
from csmcalc.core.setting import unknown_name
from csmcalc.errors import InputError
from csmcalc.io.columns import typed_columns
from csmcalc.io.customers import customers_of
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.slices import pinned, problems_of, shares_of_growth, shares_of_team
from csmcalc.plan.timeline.cases import RATES
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.evidence import Evidence
from csmcalc.reports.template import Template

INDEX = "index.xlsx"
ALL = "all"
"""In place of the names of scenarios: every one."""

FIXED = frozenset({"what", "by", "name", "scenarios"})
"""Inputs that a run keeps when it is taken up again: without them its reports are others."""

ReadTable = Callable[[], RawTable]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a run needs.

    `inputs` say what the reports are made from, with a digest each; `whole` is the plan of the
    whole list, where plans are made; `notes` are for the reader.
    """

    inputs: Mapping[str, str]
    jobs: tuple[Job, ...]
    empty: tuple[Job, ...]
    source: Source
    maker: Maker
    whole: Plan | None = None
    notes: tuple[str, ...] = ()


def prepare_plans(
    read: ReadTable,
    options: ReadOptions,
    settings: Settings,
    by: str,
    name: str | None,
    subscriptions: Path | None = None,
    scenarios: Sequence[str] = (),
    *,
    every_segment: bool = False,
    members: tuple[str, ...] | None = None,
) -> Prepared:
    """The plan of every slice of a customer list; one for each of some scenarios.

    `every_segment` is how the months are told, as of `make_timeline`; `members` are the team where
    a workbook names it.
    """
    cases = _scenarios(settings, scenarios)
    usual = "{slice}-{scenario}.xlsx" if cases else "{slice}.xlsx"
    pattern = NamePattern(usual if name is None else name, by, ".xlsx", cases)
    raw = read()
    labels = labels_of(raw, by, options)
    book = customers_of(lambda: raw, options, subscriptions)
    book = dataclasses.replace(book, members=members)
    by_row = pd.Series(labels.to_numpy(), index=raw.rows, dtype="str")
    planned, left_out = _cut(book, by_row, by)
    whole = make_plan(book, settings)
    shared = pinned(settings, whole)
    inputs = {
        "what": "plan",
        "by": by,
        "name": pattern.pattern,
        "as_of": str(options.as_of),
        "program": __version__,
        "settings": digest_of(settings),
        "lines": digest_of(whole.lines),
        "rates": digest_of([getattr(shared.timeline, name) for name in RATES]),
        "evidence": digest_of([_told(one) for one in whole.evidence]),
        "list": digest_of(_of_the_list(book), dataclasses.asdict(options)),
    }
    if cases:
        inputs["scenarios"] = ", ".join(cases)
    accounts = [planned.rows(position) for position in range(len(planned.labels))]
    csms, team = shares_of_team(whole, accounts), whole.view("today").csms
    growth = shares_of_growth(whole, accounts, every_segment=every_segment)
    inside = _book_digests(book, planned, left_out)
    content = [
        f"{one}{digest_of(part, team, *([own] if own else []))}"
        for one, part, own in zip(inside, csms, growth, strict=True)
    ]
    slices = list(zip(planned.labels, content, planned.sizes(), strict=True))
    jobs = _jobs(pattern, options, inputs, slices, [INDEX], cases or ("",))
    with_accounts = [job for job in jobs if len(planned.rows(job.position))]
    return Prepared(
        inputs=inputs,
        jobs=tuple(with_accounts),
        empty=tuple(job for job in jobs if not len(planned.rows(job.position))),
        source=BookSource(book, planned, left_out, csms, team, growth),
        # Else a slice in which no account has a verdict would go by tier, unlike the whole.
        maker=PlanMaker(
            shared, whole.evidence, every_segment or (bool(settings.growth) and whole.has_growth)
        ),
        whole=whole,
    )


def _scenarios(settings: Settings, wanted: Sequence[str]) -> tuple[str, ...]:
    names = [one.name for one in settings.scenarios]
    for name in wanted:
        if name not in names and name != ALL:
            raise unknown_name("--scenarios", name, [*names, ALL])
    return tuple(name for name in names if name in wanted or ALL in wanted)


def _cut(book: Book, by_row: pd.Series[Any], by: str) -> tuple[Slices, Slices]:
    """The slices of the accounts and of those left out, with the same labels in the same order."""
    count = len(book.customers)
    rows = pd.concat([book.customers["row"], book.excluded["row"]], ignore_index=True)
    both = slices_of(rows.astype(int).map(by_row).astype("str"), by)
    codes = np.empty(len(rows), dtype=np.int64)
    codes[both.order] = np.repeat(np.arange(len(both.labels)), np.diff(both.bounds))
    return _of_codes(both, codes[:count]), _of_codes(both, codes[count:])


def _of_codes(slices: Slices, codes: NDArray[np.int64]) -> Slices:
    order = np.argsort(codes, kind="stable").astype(np.int64)
    bounds = np.searchsorted(codes[order], np.arange(len(slices.labels) + 1)).astype(np.int64)
    return Slices(slices.by, slices.labels, order, bounds)


_OF_SLICES = frozenset({"customers", "excluded", "problems"})
"""What of a book every slice has its own part of."""


def _of_the_list(book: Book) -> list[Any]:
    """What the reports of all slices say of the list they are from."""
    names = [one.name for one in dataclasses.fields(book) if one.name not in _OF_SLICES]
    return [(name, getattr(book, name)) for name in names]


def _told(evidence: Evidence) -> dict[str, Any]:
    """Evidence in plain values: the `repr` of an array leaves digits out."""
    told = dataclasses.asdict(evidence)
    if evidence.fit:
        told["fit"]["covariance"] = evidence.fit.covariance.tolist()
    return told


def _book_digests(book: Book, planned: Slices, left_out: Slices) -> list[str]:
    """A digest of what each slice's report shows of the list."""
    positions = range(len(planned.labels))
    ours = digests(book.customers, [planned.rows(n) for n in positions])
    others = digests(book.excluded, [left_out.rows(n) for n in positions])
    contents = [f"{one}{other}" for one, other in zip(ours, others, strict=True)]
    if book.problems:
        problems = (problems_of(book, left_out.rows(n)) for n in positions)
        contents = [
            f"{content}{digest_of(found)}" if found else content
            for content, found in zip(contents, problems, strict=True)
        ]
    return contents


def prepare_stamps(
    read: ReadTable,
    options: ReadOptions,
    template: Template,
    content: bytes,
    by: str,
    name: str | None,
) -> Prepared:
    """A template filled with every slice of a table."""
    pattern = NamePattern(
        f"{{slice}}{template.suffix}" if name is None else name, by, template.suffix
    )
    raw = read()
    slices = slices_of(labels_of(raw, by, options), by)
    if not slices.labels:
        raise InputError(f"{raw.source}: has no rows, so that there is no report to make")
    frame = typed_columns(raw, options)
    maker, used, notes = bound(template, frame, by, options)
    inputs = {
        "what": "template",
        "by": by,
        "name": pattern.pattern,
        "as_of": str(options.as_of),
        "program": __version__,
        "template": hashlib.sha256(content).hexdigest(),
    }
    inside = digests(frame[used], [slices.rows(n) for n in range(len(slices.labels))])
    each = list(zip(slices.labels, inside, slices.sizes(), strict=True))
    return Prepared(
        inputs=inputs,
        jobs=_jobs(pattern, options, inputs, each, []),
        empty=(),
        source=RowSource.of(frame, slices, used),
        maker=maker,
        notes=(*raw.notes, *notes),
    )


def _jobs(
    pattern: NamePattern,
    options: ReadOptions,
    inputs: Mapping[str, str],
    slices: Sequence[tuple[str, str, int]],
    taken: list[str],
    scenarios: Sequence[str] = ("",),
) -> tuple[Job, ...]:
    """The jobs of all slices (label, digest, rows), every file name checked against the others."""
    common = digest_of(sorted(inputs.items()))
    jobs = []
    for position, (label, inside, size) in enumerate(slices):
        for scenario in scenarios:
            file = pattern.name(label, options.as_of, scenario)
            key = digest_of(common, label, file, inside, *([scenario] if scenario else []))
            jobs.append(Job(key, file, label, size, position, scenario))
    own = dict.fromkeys([*taken, MANIFEST], "a file of the run itself")
    about = [f"{job.slice}, {job.scenario}" if job.scenario else job.slice for job in jobs]
    check_collisions([job.file for job in jobs], about, own)
    return tuple(jobs)
