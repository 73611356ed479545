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
from csmcalc.reports.sheets.planning.customers import ORDER_STEP
from csmcalc.reports.sheets.reach import LOWEST_GROWTH, Floats, Reach, reach_of

DRAWN, NAMED = 100, 10
"""Accounts that are drawn, and that carry their names: more would hide each other."""

COVERED = 6.0
"""The area of all bubbles, that of the largest being 1, up to which none need be drawn smaller."""

APART = (0.2, 0.05)
"""How far from any larger account one must stand to carry its name, as shares of the axes."""


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
    def named(self) -> tuple[int, ...]:
        """The largest accounts that stand free of larger ones."""
        x, y = self.places
        free = [at for at in np.flatnonzero(self.known).tolist() if not self._hidden(x, y, at)]
        return tuple(free)

    def _hidden(self, x: Floats, y: Floats, at: int) -> bool:
        near = (abs(x[:at] - x[at]) < APART[0]) & (abs(y[:at] - y[at]) < APART[1])
        return bool((near & self.known[:at]).any())
