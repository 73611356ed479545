"""The search within one part: answers kept, repaired, improved step by step until it is enough."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Protocol

import numpy as np

from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.repair import relieved, softened
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.mip import Programme

_DEAR = 5
"""Steps that it counts as to look at all pairs of books, not at a few."""


def is_balanced(problem: Problem) -> bool:
    """Whether loads have a price; without one it is a plain assignment by cost."""
    return bool((problem.over > 0).any() or (problem.under > 0).any())


class Moves(Protocol):
    """How one answer leads to the next."""

    def start(self) -> Ints | None:
        """Another answer to go on from, where there is one."""

    def step(self, current: Ints) -> Ints:
        """The next answer: the current one, or one near it."""

    def settled(self, chosen: Ints, wide: bool) -> Ints:
        """An answer exchanged until nothing gains."""


class Search:
    """One part's search; `best` holds the best feasible answer at any moment."""

    def __init__(
        self, problem: Problem, clock: Clock, seed: int, report: Callable[[Ints, float], None]
    ) -> None:
        self.problem = problem
        self.clock = clock
        self.seed, self.random = seed, np.random.default_rng(seed)
        self.best: Ints | None = None
        self.value = np.inf
        self._report = report

    def offer(self, chosen: Ints) -> bool:
        """Keep an answer if it is feasible and better than the best one."""
        value = self.problem.value(chosen)
        if value >= self.value - 1e-9 * max(1.0, abs(value)) or not self.problem.feasible(chosen):
            return False
        self.best, self.value = chosen.copy(), value
        self._report(self.best, value)
        return True

    def kept(self, chosen: Ints) -> Ints:
        """The answer, repaired where it breaks a limit and that can be done."""
        if self.problem.feasible(chosen):
            return chosen
        repaired = repair(self.problem, chosen, self.clock)
        return chosen if repaired is None else repaired

    def go_on(self, moves: Moves, floor: Callable[[], float], share: float = 1.0) -> None:
        """Search until the floor (the best bound known) or the clock says that it is enough.

        By the clock, that may be a share of the time.
        """
        if self.best is None:
            return
        seconds = self.clock.seconds
        last = np.inf if seconds is None else share * seconds
        current = self._improved(self.best, moves)
        if self.problem.agents < 2:
            return
        while self.value > floor() + 1e-9 * abs(self.value):
            if self.clock.over() or (seconds is not None and self.clock.spent > last):
                return
            self.clock.step()
            start = moves.start()
            current = moves.step(current) if start is None else self._better(current, start)
            if self.offer(current):
                self.clock.step(_DEAR)
                current = self._improved(current, moves)

    def _improved(self, chosen: Ints, moves: Moves) -> Ints:
        """An answer after a look at all pairs of books."""
        chosen = moves.settled(chosen, wide=True)
        self.offer(chosen)
        return chosen

    def _better(self, current: Ints, start: Ints) -> Ints:
        problem = self.problem
        better = problem.feasible(start) and problem.value(start) < problem.value(current)
        return start if better else current


def repair(problem: Problem, chosen: Ints, clock: Clock) -> Ints | None:
    """An answer near the given one that keeps every limit; None where none was found."""
    nearer = relieved(problem, chosen, clock.lenient().over)
    if problem.feasible(nearer):
        return nearer
    found = Programme(softened(dataclasses.replace(problem, cost=0 * problem.cost), 1.0)).run(
        clock.effort(0.3, 500, 1e-4), whole=np.ones(len(problem.agent), dtype=bool)
    )
    if found.share is None:
        return None
    candidate = rounded(problem, found.share)
    return candidate if problem.feasible(candidate) else None
