"""What is known of one part so far: the best answer, and the bound that nothing can beat."""

from __future__ import annotations

import threading

import numpy as np

from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.search import is_balanced


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
        self._whole_numbers = not self.balanced and bool(
            (problem.cost == np.round(problem.cost)).all()
        )

    def done(self) -> bool:
        """Whether the best answer is proven."""
        return self.best is not None and self.value <= self.bound + rounding(self.value)

    def found(self, chosen: Ints, value: float) -> None:
        """Keep a feasible answer if it is the best."""
        with self._keeping:
            if value < self.value:
                self.best, self.value = chosen, value

    def lift(self, bound: float) -> None:
        """Keep a bound if it is the highest; whole costs cannot come to what lies between them."""
        if self._whole_numbers and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        with self._keeping:
            self.bound = max(self.bound, bound)
