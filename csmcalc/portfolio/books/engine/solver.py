"""One part of a problem: a first answer, the relaxation, then answers and bounds side by side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from csmcalc.optimum.assignment.prices import dual
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.repair import relieved
from csmcalc.optimum.assignment.start import greedy
from csmcalc.portfolio.books.engine.clock import Clock, Stop
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.standing import Standing, rounding

_TINY = 300
"""Arcs up to which a part is handed to HiGHS whole at once, without a first level, and once more
from the best answer of a short search: the one proof is sometimes many times as long as the other.
"""

_CLIMB = 150
"""Steps towards a bound where there is no time to relax."""

_RELAXED = 30_000
"""Arcs of a part that can be relaxed in a second, at least."""

NODES = 10_000
"""Arcs times nodes of the tree that one step of work pays for: small parts are searched deeper."""

_LOOKS = 300
"""Arcs times looks of HiGHS that one step of work pays for at the first level, where those are few;
a proof has half of them."""

_MANY = 1_000_000
"""Looks for a tiny part: there it is the nodes that count."""

_NEAR, _SMALL_SHARE = 1e-3, 0.03
"""How near the bound, as a share of it, a part may stop that has only such a share of the time."""


class Solver(Standing, ABC):
    """One part: a search for answers and a search for bounds, side by side."""

    def __init__(self, problem: Problem, seed: int) -> None:
        super().__init__(problem)
        self.clock = Clock(None)
        self.seed = seed
        self.tiny = len(problem.agent) <= _TINY
        self.decided = Stop()

    @property
    def lean(self) -> Problem:
        """The problem by which items are dealt at first."""
        return self.problem

    def open(self, stop: Callable[[], bool]) -> None:
        """A first answer in moments and without HiGHS."""
        problem = self.lean
        dealt = self._mended(greedy(problem, problem.cost), stop)
        if self.best is None:
            prices = dual(problem, problem.value(dealt), _CLIMB, stop).prices
            self._mended(greedy(problem, prices.key), stop)

    def _mended(self, chosen: Ints, stop: Callable[[], bool]) -> Ints:
        """An answer that is kept if its limits can be."""
        if not self.problem.feasible(chosen):
            chosen = relieved(self.problem, chosen, stop)
        if self.problem.feasible(chosen):
            self.found(chosen, self.problem.value(chosen))
        return chosen

    def run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        """All there is time for; at the end at least an answer, however it was come by."""
        with clock.stop.ends(self.decided.set):
            self._run(clock, helper)
        if self.best is None and not self.infeasible:
            self.open(clock.lenient().over)

    def _run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        """Relax, then search and prove."""
        self.clock = clock
        clock.start()
        if clock.over():
            return
        search = Search(self.problem, clock, self.seed, self.found)
        if self.best is not None:
            search.offer(self.best)
        if clock.left < len(self.problem.agent) / _RELAXED:
            self._brief(search)
            return
        linear = self.programme.run(clock.lenient().effort(1.0, 1))
        self.lift(linear.bound)
        self.infeasible = linear.infeasible
        if linear.balance is not None:
            self.go_on(search, linear, helper)

    @abstractmethod
    def go_on(self, search: Search, linear: Found, helper: ThreadPoolExecutor | None) -> None:
        """Search and prove, from the relaxation on."""

    @cached_property
    def programme(self) -> Programme:
        """The part for HiGHS."""
        return Programme(self.problem)

    def enough(self) -> float:
        """The value that needs no more search: the bound, or near it where other parts wait."""
        share = (
            self.clock.seconds / self.clock.total if self.clock.total and self.clock.seconds else 1
        )
        near = _NEAR * abs(self.bound) if share < _SMALL_SHARE else 0.0
        return self.bound + max(near, rounding(self.bound))

    def _brief(self, search: Search) -> None:
        """Where there is no time to relax: prices uphill, their bound, and exchanges by them."""
        clock, value = self.clock, self.value
        if not np.isfinite(value):
            value = self.problem.value(greedy(self.problem, self.problem.cost))
        enough = clock.left / 2
        climbed = dual(self.problem, value, _CLIMB, lambda: clock.left < enough)
        self.lift(climbed.bound)
        kicks = Kicks(search, climbed.prices)
        for chosen in (greedy(self.problem, climbed.prices.key), self.best):
            if chosen is not None:
                kicks.take(chosen)

    def whole(self, found: Found) -> None:
        """What HiGHS found where all items are whole; where it is proven, all other proofs end."""
        if found.share is None:
            return
        chosen = rounded(self.problem, found.share)
        if self.problem.feasible(chosen):
            self.found(chosen, self.problem.value(chosen))
        if self.done():
            self.decided.set()

    def looks(self, problem: Problem) -> int:
        """Looks of HiGHS that the steps of this part pay for."""
        arcs = len(problem.agent)
        return _MANY if arcs <= _TINY else max(10, self.clock.work * _LOOKS // arcs)
