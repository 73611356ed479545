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

DRAWN = 100
"""Accounts that are drawn: more would hide each other."""

INSIDE, LEAST, ROOM = 0.95, 0.05, 1.15
"""Share of the accounts up to either edge of the chart, its least half-width, room around them."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drawing:
    """The largest accounts of a plan as the workbook's formulas find them."""

    plan: Plan

    @cached_property
    def accounts(self) -> Any:
        """The accounts that are drawn, largest first."""
        return largest_first(self.plan).accounts.head(DRAWN)

    @cached_property
    def key(self) -> Floats:
        """The ARR by which they are found, told apart where it is the same."""
        rows = np.arange(len(self.accounts)) + HEADER_ROW + 1
        keys: Floats = self.accounts["arr"].to_numpy() * (1 - rows * ORDER_STEP)
        return keys

    @cached_property
    def off(self) -> tuple[Floats, Floats]:
        """How far each account lies off the lines: margin points, growth points."""
        lines, accounts = self.plan.lines, self.accounts
        assert lines.growth is not None
        across = accounts["margin"].to_numpy(float) - lines.profitability
        return across, accounts["growth_used"].to_numpy(float) - lines.growth

    @cached_property
    def halves(self) -> tuple[float, float]:
        """Half the width and the height of the chart, in points."""
        across, up = (_half(off) for off in self.off)
        return across, up

    @cached_property
    def places(self) -> tuple[Floats, Floats]:
        """Where each account is drawn, from -1 to 1; in the middle without a verdict."""
        known = (self.accounts["segment"] != NO_VERDICT).to_numpy()
        found = []
        for off, half in zip(self.off, self.halves, strict=True):
            place = np.clip(off / half, -1.0, 1.0)
            found.append(np.where(known, place, 0.0))
        return found[0], found[1]

    @cached_property
    def beyond(self) -> NDArray[np.bool_]:
        """Which accounts lie beyond the edge and stand on it."""
        known = (self.accounts["segment"] != NO_VERDICT).to_numpy(dtype=bool)
        across, up = (abs(off) > half for off, half in zip(self.off, self.halves, strict=True))
        beyond: NDArray[np.bool_] = known & (across | up)
        return beyond


def _half(off: Floats) -> float:
    known = off[~np.isnan(off)]
    if not len(known):
        return LEAST
    low, high = np.percentile(known, [100 * (1 - INSIDE), 100 * INSIDE])
    return max(LEAST, float(max(high, -low)) * ROOM)
