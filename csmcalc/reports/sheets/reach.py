"""How far an axis of the BCG matrix reaches: over all but outliers, in round steps.

A handful of accounts that grew thirtyfold must not squeeze the others into a line: an axis ends
where a box plot would draw its last whisker, or before; who lies beyond is drawn at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.rounding import WHOLE_TOLERANCE

INSIDE, QUARTILE, FENCE = 0.95, 0.25, 1.5
"""The share of accounts below the upper end; quartiles, and how many widths of theirs beyond."""
LEAST = 0.05
"""How far either end lies from the line of the matrix, at least."""
STEPS_WANTED, MOST_TICKS = 6, 9
STEPS = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0)
LOWEST_GROWTH = -1.0
"""Nobody can lose more than everything."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """The ends of an axis and the step of its figures."""

    low: float
    high: float
    step: float

    def places(self, values: Floats) -> Floats:
        """Where values stand, from 0 to 1; those beyond an end stand on it."""
        return np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)

    def beyond(self, values: Floats) -> NDArray[np.bool_]:
        """Which values lie beyond an end."""
        below = np.asarray(values < self.low - WHOLE_TOLERANCE, dtype=bool)
        return below | (values > self.high + WHOLE_TOLERANCE)

    @property
    def ticks(self) -> tuple[float, ...]:
        """The values that are written beside the axis."""
        found = (self.low + at * self.step for at in range(MOST_TICKS))
        return tuple(one for one in found if one <= self.high + WHOLE_TOLERANCE)


def reach_of(values: Floats, line: float, lowest: float | None = None) -> Reach:
    """The axis for some values around a line of the matrix; NaN is nowhere."""
    known = values[~np.isnan(values)]
    low, high = fences(known) if len(known) else (line, line)
    low, high = min(low, line - LEAST), max(high, line + LEAST)
    low = low if lowest is None else max(low, lowest)
    wanted = (high - low) / STEPS_WANTED
    step = STEPS[min(sum(one + WHOLE_TOLERANCE < wanted for one in STEPS), len(STEPS) - 1)]
    low = float(np.floor(low / step + WHOLE_TOLERANCE)) * step
    low = low if lowest is None else max(low, lowest)
    return Reach(low, -float(np.floor(-high / step + WHOLE_TOLERANCE)) * step, step)


def fences(known: Floats) -> tuple[float, float]:
    """Between which values all but outliers lie."""
    shares = 100 * np.array([1 - INSIDE, QUARTILE, 1 - QUARTILE, INSIDE])
    lowest, lower, upper, highest = (float(one) for one in np.percentile(known, shares))
    width = FENCE * (upper - lower)
    return max(lowest, lower - width), min(highest, upper + width)
