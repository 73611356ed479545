"""A relaxation that stays in HiGHS: bounds of arcs change, the next solution starts from the last.

After a few changed bounds that takes a few steps of the simplex, not hundreds.
"""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.highs import library, quiet_highs, run_quietly


class Relaxed:
    """Shares of arcs at the least cost; `share` and `value` are those of the last solution."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        self.problem = problem
        self.share: Floats = np.zeros(len(problem.agent))
        self.value = np.inf
        self._clock = clock
        self._programme = Programme(problem)
        self._highs = quiet_highs()
        # sizes stand in their means already
        self._highs.setOptionValue("simplex_scale_strategy", 0)
        self._highs.passModel(self._programme.model())

    def solve(self) -> bool:
        """Solve; False where nothing keeps the limits and the bounds, or the time is over."""
        highs, clock = self._highs, self._clock
        if clock.seconds is not None:
            # HiGHS counts the time of all runs together
            highs.setOptionValue("time_limit", highs.getRunTime() + max(clock.left, 1e-3))
        with clock.stop.ends(lambda: highs.setOptionValue("time_limit", 0.0)):
            run_quietly(highs)
        if highs.getModelStatus() != library().HighsModelStatus.kOptimal:
            return False
        self.share = np.array(highs.getSolution().col_value)[: len(self.share)]
        self.value = highs.getInfo().objective_function_value
        return True

    def bound(self, arcs: Ints, low: Floats, high: Floats) -> None:
        """The least and the largest share of some arcs."""
        self._highs.changeColsBounds(len(arcs), arcs.astype(np.int32), low, high)

    def settle(self, chosen: Ints) -> None:
        """Items take these arcs, and none of their others."""
        first, item = self.problem.first, self.problem.item[chosen]
        arcs = np.concatenate([np.arange(first[j], first[j + 1]) for j in item])
        taken = np.isin(arcs, chosen).astype(np.float64)
        self.bound(arcs, taken, taken)

    def prices(self) -> Prices:
        """Prices of loads at the last solution."""
        duals = np.array(self._highs.getSolution().row_dual)
        return Prices.of(self.problem, *self._programme.prices(duals))
