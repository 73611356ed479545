"""Assignments by cost alone, with one capacity each: deals, where chains are not compiled."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from csmcalc.optimum.assignment.deals import DEALS, Dealer, Table, can_deal
from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.knapsacks import has_capacities_alone
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.clock import Clock

_MOST = 200_000
"""Items times agents up to which there is time for enough deals of each item."""

_FEWEST = 30
"""Agents from which deals find more than programmes of some of the agents do."""

_FIRST, _EACH, _PAID = 40, 3_000, 100
"""Deals for each item in the first cycle and in the others, and those that a step of work pays for.
"""

_BRIEF, _LONG, _TURN = 0.05, 0.9, 0.7
"""Share of the time that the first cycle takes at most, share of what is left that another one does
(one long cycle finds more than two short ones), and the share of the time for them all."""


class Dealt:
    """Cycles of deals; each begins with items where they are cheapest, whatever the capacities."""

    def __init__(self, problem: Problem, prices: Prices, seed: int, clock: Clock) -> None:
        self._problem, self._clock = problem, clock
        self._seed, self._turn, self._spent = seed, 0, 0.0
        self._begin, self._fits = time.monotonic(), True
        self._table = Table.of(problem, prices)

    @classmethod
    def of(cls, problem: Problem, prices: Prices, seed: int, clock: Clock) -> Dealt | None:
        """The cycles, where they fit the problem and what is installed."""
        fits = problem.items * problem.agents <= _MOST and has_capacities_alone(problem)
        many = problem.agents >= _FEWEST
        return cls(problem, prices, seed, clock) if fits and many and can_deal() else None

    @property
    def due(self) -> bool:
        """Whether cycles have had less of the time than is theirs; where there is a clock."""
        passed = time.monotonic() - self._begin
        return self._fits and self._clock.seconds is not None and self._spent < _TURN * passed

    def run(self) -> Ints | None:
        """One cycle: its cheapest answer, None where none kept to the capacities."""
        problem, begin = self._problem, time.monotonic()
        self._turn += 1
        table = self._table
        dealer = Dealer(table, table.cheapest(), self._seed + 101 * self._turn)
        owner, _ = dealer.run(self._progress())
        self._spent += time.monotonic() - begin
        if owner is None:
            self._fits = self._turn == 1
            return None
        chosen = problem.arcs(np.arange(problem.items), owner)
        # rooms are kept by adding and taking away: the sums of floats are looked at anew
        return chosen if problem.feasible(chosen) else None

    def _progress(self) -> Callable[[], float]:
        """How far a cycle is: by its deals, or by the clock where that is sooner over."""
        clock, dealt, begin = self._clock, 0, time.monotonic()
        first = self._turn == 1
        wanted = (_FIRST if first else _EACH) * self._problem.items
        allowed = np.inf
        if clock.seconds is None:
            wanted = min(wanted, _PAID * clock.work)
        else:
            allowed = _BRIEF * clock.seconds if first else _LONG * clock.left

        def progress() -> float:
            nonlocal dealt
            done = 1.0 if clock.over() else dealt / wanted
            dealt += DEALS
            return max(done, (time.monotonic() - begin) / max(allowed, 1e-9))

        return progress
