"""Which accounts the matrix shows and where: the values of the formulas that find them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT
from csmcalc.reports.sheets.customers import HEADER_ROW, largest_first
from csmcalc.reports.sheets.names import Bubbled, Names, Space, names_of
from csmcalc.reports.sheets.planning.customers import ORDER_STEP
from csmcalc.reports.sheets.reach import LOWEST_GROWTH, Floats, Reach, reach_of

DRAWN, NAMED = 100, 10
"""Accounts that are drawn, and that carry their names: more would hide each other."""

COVERED = 6.0
"""The area of all bubbles, that of the largest being 1, up to which none need be drawn smaller."""

LETTERS, ROOM = 26, 0.06
"""The longest name, and how far the frame stands off the ends of the axes."""

SPACE = Space(radius=(0.055, 0.14), letter=0.0036, line=0.022, low=-ROOM, high=1 + ROOM, right=1.21)
"""Of the chart as LibreOffice draws it, whose bubbles are the larger ones."""


@dataclass(frozen=True)
class Drawing:
    """The largest accounts of a plan as the workbook's formulas find them."""

    plan: Plan

    @cached_property
    def accounts(self) -> Any:
        """The accounts that are drawn, largest first."""
        return largest_first(self.plan).accounts.head(DRAWN)

    @cached_property
    def told(self) -> list[dict[str, Any]]:
        """Name, segment and ARR of each of them."""
        return list(self.accounts[["name", "segment", "arr"]].to_dict("records"))

    @cached_property
    def key(self) -> Floats:
        """The ARR by which they are found, told apart where it is the same."""
        rows = np.arange(len(self.accounts)) + HEADER_ROW + 1
        keys: Floats = self.accounts["arr"].to_numpy() * (1 - rows * ORDER_STEP)
        return keys

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which of them have a verdict."""
        return np.asarray(self.accounts["segment"] != NO_VERDICT, dtype=bool)

    @cached_property
    def values(self) -> tuple[Floats, Floats]:
        """Margin at standard service and growth of each account."""
        accounts = self.accounts
        return accounts["margin"].to_numpy(float), accounts["growth_used"].to_numpy(float)

    @cached_property
    def lines(self) -> tuple[float, float]:
        """The lines of the matrix."""
        return self.plan.lines.profitability, self.plan.lines.growth or 0.0

    @cached_property
    def reaches(self) -> tuple[Reach, Reach]:
        """How far the axes reach: those with a verdict decide."""
        (margin, growth), (across, up) = self.values, self.lines
        return (
            reach_of(margin[self.known], across),
            reach_of(growth[self.known], up, LOWEST_GROWTH),
        )

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Where each account is drawn, from 0 to 1; at the start without a verdict."""
        across, up = (
            np.where(self.known, reach.places(values), 0.0)
            for reach, values in zip(self.reaches, self.values, strict=True)
        )
        return across, up

    @cached_property
    def widest(self) -> float:
        """The amount that the widest bubble stands for: many alike are drawn smaller."""
        arr = self.accounts["arr"]
        return max(1.0, float(arr.max()), float(arr.sum()) / COVERED) if len(arr) else 1.0

    @cached_property
    def beyond(self) -> NDArray[np.bool_]:
        """Which accounts lie beyond an end of an axis and stand on it."""
        across, up = (r.beyond(v) for r, v in zip(self.reaches, self.values, strict=True))
        outside: NDArray[np.bool_] = self.known & (across | up)
        return outside

    @cached_property
    def places_of_lines(self) -> tuple[float, float]:
        """Where the lines of the matrix are drawn."""
        across, up = (
            (line - reach.low) / (reach.high - reach.low)
            for line, reach in zip(self.lines, self.reaches, strict=True)
        )
        return across, up

    @cached_property
    def bubbles(self) -> Bubbled:
        """The accounts as bubbles; without a verdict none."""
        x, y = self.places
        root = np.sqrt(self.accounts["arr"].to_numpy(float) / self.widest) * self.known
        letters = self.accounts["name"].astype(str).str.len().clip(upper=LETTERS + 1)
        return Bubbled(x, y, root, letters.to_numpy(np.int64))

    @cached_property
    def names(self) -> Names:
        """On which side each account could carry its name, and which do."""
        return names_of(self.bubbles, self.places_of_lines, SPACE)

    @cached_property
    def named(self) -> tuple[int, ...]:
        """The accounts that carry their names: the largest for whose names there is room."""
        return tuple(np.flatnonzero(self.names.free).tolist())
