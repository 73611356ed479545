"""How long books are searched for."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.engine.solve import Answer, solve


@dataclass(frozen=True, slots=True)
class Options:
    """How long, from which seed and on how many threads to search."""

    seconds: float | None
    seed: int
    work: int
    threads: int

    def part(self, share: float) -> Options:
        """The same with a share of the time and of the steps."""
        seconds = None if self.seconds is None else self.seconds * share
        return dataclasses.replace(self, seconds=seconds, work=max(10, round(self.work * share)))

    def run(self, problem: Problem) -> Answer:
        """Search for the best answer of a problem."""
        return solve(problem, self.seconds, self.seed, self.work, self.threads)
