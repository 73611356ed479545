"""What the sheets of books share: the loads by CSM today and in these books, and their names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.plan.books import BookPlan
from csmcalc.portfolio.books import answers
from csmcalc.portfolio.books.model import renewal_months, sizes
from csmcalc.portfolio.books.task import Task
from csmcalc.reports.model import Unit
from csmcalc.reports.sheets.letters import criterion

Floats = NDArray[np.float64]

HEADINGS = {
    "hours": "Hours",
    "arr": "ARR",
    "risk": "Risk",
    "customers": "Customers",
    "value": "Best hours",
}
"""Heading of each load."""

_NAMES = (24.0, 56.0)
"""How wide a column of CSMs is at least and at most."""

WEIGHTS = {"hours": "workload", "customers": "count"}
"""The weight of a load, where it is not called like the load."""


@dataclass(frozen=True)
class Load:
    """One load of every active CSM: what it is called, how it is shown, and its targets."""

    name: str
    heading: str
    unit: Unit
    size: Floats
    today: Floats
    now: Floats
    target: Floats

    @property
    def away(self) -> tuple[float, float]:
        """Mean distance from the target, today and in these books, as a share of it."""
        there = self.target > 0
        if not there.any():
            return 0.0, 0.0
        parts = [np.abs(load[there] / self.target[there] - 1) for load in (self.today, self.now)]
        return float(parts[0].mean()), float(parts[1].mean())


@dataclass(frozen=True)
class Shown:
    """Books and everything their sheets are made of; customers by book, then by falling ARR."""

    made: BookPlan

    @property
    def task(self) -> Task:
        """The question."""
        return self.made.task

    @property
    def currency(self) -> str:
        """Currency of all amounts."""
        return self.made.plan.book.currency

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The customers in the order of the sheets."""
        arr = self.task.customers["arr"].to_numpy(dtype=float)
        return np.lexsort((-arr, self.now))

    @cached_property
    def now(self) -> NDArray[np.int64]:
        """Position in the team of each customer's CSM."""
        return self.task.positions(pd.Series(list(self.made.assigned.owner)))

    @cached_property
    def books(self) -> pd.DataFrame:
        """A row per CSM."""
        return answers.books(self.task, self.made.assigned.owner)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """A row per customer that changes hands, the largest first."""
        return answers.moves(self.made.assigned).sort_values("arr", ascending=False, kind="stable")

    @cached_property
    def owners_today(self) -> list[str | None]:
        """Today's owners as the team spells them; as the list does where the team has them not."""
        task = self.task
        listed = task.customers["owner"] if "owner" in task.customers else [None] * len(self.now)
        return [
            task.names[at] if at >= 0 else (None if pd.isna(word) else str(word))
            for at, word in zip(task.today.tolist(), listed, strict=True)
        ]

    @cached_property
    def active(self) -> NDArray[np.int64]:
        """Positions of the CSMs who have hours now."""
        return np.flatnonzero([csm.share > 0 for csm in self.task.team])

    @cached_property
    def share(self) -> Floats:
        """Of each active CSM, the part of a mean book: hours at today's ramp over their mean."""
        hours = np.array([csm.share for csm in self.task.team])[self.active]
        return np.asarray(hours / hours.mean())

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """The loads that are balanced or told."""
        found = []
        for name, heading in HEADINGS.items():
            size = self._sizes.get(name)
            if size is None or not size.any():
                continue
            if name == "value" and not self.task.weights.value:
                continue
            found.append(self._load(name, heading, size))
        return tuple(found)

    @cached_property
    def _sizes(self) -> dict[str, Floats]:
        return sizes(self.task)

    def _load(self, name: str, heading: str, size: Floats) -> Load:
        count, known = len(self.task.team), self.task.today >= 0
        today = np.bincount(self.task.today[known], size[known], count).astype(np.float64)
        now = np.bincount(self.now, size, count).astype(np.float64)
        target = self.made.assigned.targets[name][self.active]
        unit, active = self._unit(name), self.active
        return Load(name, heading, unit, size, today[active], now[active], target)

    def _unit(self, name: str) -> Unit:
        if name == "arr" or (name == "risk" and not self.made.plan.book.has("risk")):
            return Unit.MONEY
        return Unit.COUNT if name == "customers" else Unit.HOURS

    def weight(self, load: str) -> float:
        """The weight of a load in the objective."""
        return float(getattr(self.task.weights, WEIGHTS.get(load, load)))

    @cached_property
    def months(self) -> NDArray[np.int64]:
        """Calendar month of each customer's renewal, 0 where it is not known."""
        return renewal_months(self.task)

    @property
    def name_width(self) -> float:
        """How wide a column has to be for the names of CSMs; a very long one is cut."""
        longest = max(map(len, self.task.names))
        return min(max(_NAMES[0], 1.1 * longest + 1), _NAMES[1])

    @cached_property
    def has_owners(self) -> bool:
        """Whether any customer has an owner in the team today."""
        return bool((self.task.today >= 0).any())

    def criterion(self, cell: str) -> str:
        """A CSM's name as COUNTIFS is to look for it: letter by letter."""
        names = self.task.names
        if not any(set("*?~") & set(name) or name[0] in "<>=" for name in names):
            return cell
        return criterion(cell)
