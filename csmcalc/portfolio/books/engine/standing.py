"""What is known of one part so far: the best answer, and the bound that nothing can beat."""

from __future__ import annotations

import threading

import numpy as np

from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.units import common_unit
from csmcalc.portfolio.books.engine.search import is_balanced

_UNITS = 1e8
"""Units of a bound from which its own rounding may be as much as one."""

_BETWEEN = 1e-4
"""Parts of a unit that a bound may be above a whole number of them by rounding."""


def rounding(value: float) -> float:
    """How far a value may be from its bound and yet be proven."""
    return 1e-6 * max(1.0, abs(value))


class Standing:
    """The best answer and bound of a part; several threads may know better."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.best: Ints | None = None
        self.value = np.inf
        # loads cost nothing at best, and no item less than its cheapest arc
        self.bound = float(np.minimum.reduceat(problem.cost, problem.first[:-1]).sum())
        self.infeasible = False
        self.balanced = is_balanced(problem)
        self._keeping = threading.Lock()
        self.unit = 0.0 if self.balanced else common_unit(problem.cost, problem.items)

    def done(self) -> bool:
        """Whether the best answer is proven."""
        return self.best is not None and self.value <= self.bound + rounding(self.value)

    def found(self, chosen: Ints, value: float) -> None:
        """Keep a feasible answer if it is the best."""
        with self._keeping:
            if value < self.value:
                self.best, self.value = chosen, value

    def lift(self, bound: float) -> None:
        """Keep a bound if it is the highest; costs in whole units come to nothing between them."""
        if self.unit and abs(bound) < _UNITS * self.unit:
            bound = float(np.ceil(bound / self.unit - _BETWEEN) * self.unit)
        with self._keeping:
            self.bound = max(self.bound, bound)
