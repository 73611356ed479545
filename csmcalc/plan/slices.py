"""The plan of a slice of a book, so made that the slices add up to the plan of the whole.

An account must stand in the same segment and cost the same hours in its slice as in the whole. What
of a plan is found from the book as a whole is therefore found once, from the whole book, and handed
to the slices: the lines of the matrix and the rates of the last year as fixed settings, and what
history tells of the response to service. Today's team is shared out: an owner who works in several
slices is a part of a person in each; so are new accounts that are told by number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.setting import SMALLEST
from csmcalc.errors import Problem
from csmcalc.plan.plan import Plan, csms_in, owners_of
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.cases import RATES, rates_of
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.plan.timeline.opening import by_segment
from csmcalc.portfolio.book import Book


def pinned(settings: Settings, whole: Plan) -> Settings:
    """The settings of the slices of a book: what its plan found of the whole holds in each."""
    lines, rates = whole.lines, rates_of(whole)
    matrix: dict[str, Any] = {
        "profitability_method": "fixed",
        "profitability_threshold": _as_setting(lines.profitability),
    }
    if lines.growth is not None:
        matrix |= {"growth_method": "fixed", "growth_threshold": _as_setting(lines.growth)}
    months: dict[str, Any] = {name: _as_setting(getattr(rates, name)) for name in RATES}
    months["rates_from_list"] = False
    return settings.replace("bcg", **matrix).replace("timeline", **months).replace("team", csms=0.0)


def shares_of_team(whole: Plan, slices: Sequence[NDArray[np.int64]]) -> list[float]:
    """How many of today's CSMs each slice has, some in part, so that they add up to the whole.

    A slice is some accounts by their positions. An owner counts in it by the planned hours of their
    accounts there, an hour a year for each at least. CSMs whom the settings count are shared out as
    the owners are, or by hours alone where the list tells no owner.
    """
    owners = owners_of(whole.book)
    known = owners >= 0 if (owners >= 0).any() else np.ones(len(owners), dtype=bool)
    place, count = np.maximum(owners, 0), int(owners.max(initial=0)) + 1
    hours = np.maximum(whole.accounts["planned_hours"].to_numpy(dtype=float), 1.0)
    work = np.where(known, hours, 0.0)
    parts = work / np.bincount(place, work, count)[place] * (whole.view("today").csms / count)
    return [_near_whole(math.fsum(parts[rows])) for rows in slices]


def shares_of_growth(
    whole: Plan, slices: Sequence[NDArray[np.int64]], *, every_segment: bool = False
) -> list[tuple[Growth, ...]]:
    """How the customers of each slice come and go: accounts told by number are shared out.

    New accounts of a segment are shared out as its accounts are, as those are that a rate brings;
    of a segment without any, as all accounts are.
    """
    growth = whole.settings.growth
    if not growth:
        return [()] * len(slices)
    segments = by_segment(whole, every_segment=every_segment)
    names = whole.accounts["segment" if segments else "tier"].astype(str).to_numpy()
    inside = {row.segment: names == row.segment for row in growth}
    for name, there in inside.items():
        if not there.any():
            inside[name] = np.ones(len(names), dtype=bool)

    def part(row: Growth, rows: NDArray[np.int64]) -> Growth:
        if row.new_per_month is None:
            return row
        there = inside[row.segment]
        share = np.count_nonzero(there[rows]) / np.count_nonzero(there)
        return replace(row, new_per_month=row.new_per_month * share)

    return [tuple(part(row, rows) for row in growth) for rows in slices]


def _near_whole(csms: float) -> float:
    return float(round(csms)) if abs(csms - round(csms)) < SMALLEST else csms


def fitting(settings: Settings, book: Book, csms: float, growth: tuple[Growth, ...]) -> Settings:
    """The settings of one slice: its part of the team and of the new accounts told by number.

    Of the minimum service it has that of the accounts it holds.
    """
    if csms != csms_in(book):
        settings = settings.replace("team", csms=csms)
    settings = replace(settings, growth=growth)
    if not settings.minimum_service:
        return settings
    here = set(book.customers["id"].astype(str))
    kept = tuple(row for row in settings.minimum_service if row.account in here)
    return replace(settings, minimum_service=kept)


def _as_setting(line: float) -> float:
    """A line read off a book may be nearer to zero than a setting can be."""
    return 0.0 if abs(line) < SMALLEST else line


def slice_of(
    book: Book, label: str, planned: NDArray[np.int64], left_out: NDArray[np.int64]
) -> Book:
    """Some accounts of a book, by their positions, as a book of their own."""
    excluded = book.excluded.iloc[left_out].reset_index(drop=True)
    return replace(
        book,
        source=f"{book.source} · {label}",
        customers=book.customers.iloc[planned].reset_index(drop=True),
        excluded=excluded,
        problems=problems_of(book, left_out),
    )


def problems_of(book: Book, left_out: NDArray[np.int64]) -> tuple[Problem, ...]:
    """The problems of some rows that were left out, by their positions."""
    if not len(left_out):
        return ()
    rows = set(book.excluded["row"].to_numpy()[left_out].tolist())
    return tuple(problem for problem in book.problems if problem.row in rows)


@dataclass(frozen=True, slots=True)
class Headcount:
    """One view of a plan: exact demand, whole people (today's may be parts), managers and cost."""

    exact: float
    csms: float
    managers: int
    cost: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What of a plan adds up over slices, and the whole people that do not."""

    accounts: int
    arr: float
    left_out: int
    left_out_arr: float
    hours: float
    fte: float
    cost_to_serve: float
    contribution: float
    segments: Mapping[str, tuple[int, float]]
    views: Mapping[str, Headcount]

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return asdict(self)

    @classmethod
    def of_plain(cls, content: Mapping[str, Any]) -> Figures:
        """From what `plain` gave; a ValueError, TypeError or KeyError from anything else."""
        segments = {key: (int(n), float(arr)) for key, (n, arr) in content["segments"].items()}
        views = {key: Headcount(**numbers(view)) for key, view in content["views"].items()}
        rest = {key: value for key, value in content.items() if key not in ("segments", "views")}
        return cls(**numbers(rest), segments=segments, views=views)


def numbers(content: Mapping[str, Any]) -> dict[str, Any]:
    """Content that is numbers only."""
    for name, value in content.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{name} is no number: {value!r}")
    return dict(content)


def figures_of(plan: Plan) -> Figures:
    """The figures of a plan, summed exactly."""
    accounts, excluded = plan.accounts, plan.book.excluded

    def total(column: str) -> float:
        return math.fsum(accounts[column])

    return Figures(
        accounts=len(accounts),
        arr=total("arr"),
        left_out=len(excluded),
        left_out_arr=math.fsum(excluded["arr"].dropna()),
        hours=total("planned_hours"),
        fte=total("planned_hours") / plan.rates.effective_hours,
        cost_to_serve=total("cost_to_serve"),
        contribution=total("contribution"),
        segments={
            str(name): (int(line["accounts"]), float(line["arr"]))
            for name, line in plan.by_segment.iterrows()
        },
        views={
            view.key: Headcount(view.exact, view.csms, view.managers, view.cost)
            for view in plan.views
        },
    )


def nothing_planned(book: Book) -> Figures:
    """The figures of a slice of which every account is left out."""
    left = math.fsum(book.excluded["arr"].dropna())
    return Figures(0, 0.0, len(book.excluded), left, 0.0, 0.0, 0.0, 0.0, {}, {})


def together(figures: Iterable[Figures]) -> Figures:
    """Slices put together: sums, whole people of each slice included."""
    parts = list(figures)
    names = dict.fromkeys(name for part in parts for name in part.segments)
    keys = dict.fromkeys(key for part in parts for key in part.views)
    return Figures(
        accounts=sum(part.accounts for part in parts),
        arr=math.fsum(part.arr for part in parts),
        left_out=sum(part.left_out for part in parts),
        left_out_arr=math.fsum(part.left_out_arr for part in parts),
        hours=math.fsum(part.hours for part in parts),
        fte=math.fsum(part.fte for part in parts),
        cost_to_serve=math.fsum(part.cost_to_serve for part in parts),
        contribution=math.fsum(part.contribution for part in parts),
        segments={
            name: (
                sum(part.segments[name][0] for part in parts if name in part.segments),
                math.fsum(part.segments[name][1] for part in parts if name in part.segments),
            )
            for name in names
        },
        views={key: _added([p.views[key] for p in parts if key in p.views]) for key in keys},
    )


def _added(views: list[Headcount]) -> Headcount:
    return Headcount(
        exact=math.fsum(view.exact for view in views),
        csms=math.fsum(view.csms for view in views),
        managers=sum(view.managers for view in views),
        cost=math.fsum(view.cost for view in views),
    )
