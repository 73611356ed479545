"""One part of a problem: answers and bounds, side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.prices import dual
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.repair import relieved
from csmcalc.optimum.assignment.start import by_weight, greedy
from csmcalc.portfolio.books.engine.chained import Chained
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.search import (
    Search,
    first_level,
    is_balanced,
    rounded,
)

_SMALL = 3_000
"""Arcs up to which the last proof of a part has all items whole."""

_TINY = 300
"""Arcs up to which a part is handed to HiGHS whole at once, without a first level."""

_WIDER = (4, 8, 16)
"""Largest items per agent that are whole in the proofs beside the search, one after the other."""

_CLIMB = 150
"""Steps towards a first bound, before the relaxation."""

_LEVEL_GAP = 3e-3
"""Share of the value by which the first level may be off its own best."""

_NODES = 10_000
"""Arcs times nodes of the tree that one step of work pays for: small parts are searched deeper."""

_LOOKS = 600
"""Arcs times looks of HiGHS that one step of work pays for at the first level, where those are few;
a proof has half of them."""

_MANY = 1_000_000
"""Looks for a tiny part: there it is the nodes that count."""

_PROOF = 0.4
"""Share of the time for the proof by reduced cost, where compiled chains can use the rest."""

_FIRST = 0.35
"""Share of the time for the first level."""


class Solver:
    """One part: a search for answers and a search for bounds, side by side."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem = problem
        self.best: Ints | None = None
        self.value = np.inf
        # loads cost nothing at best, and no item less than its cheapest arc
        self.bound = float(np.minimum.reduceat(problem.cost, problem.first[:-1]).sum())
        self.infeasible = False
        self.clock = Clock(None)
        self._seed = seed
        self._keeping = threading.Lock()
        self._balanced = is_balanced(problem)
        self._tiny = len(problem.agent) <= _TINY
        self._whole_numbers = not self._balanced and bool(
            (problem.cost == np.round(problem.cost)).all()
        )

    def open(self, stop: Callable[[], bool], late: Callable[[], bool]) -> None:
        """A first answer and, unless it is late, a first bound, in moments and without HiGHS."""
        dealt = self._mended(greedy(self.problem, self.problem.cost), stop)
        if len(self.problem.agent) <= _TINY or late():
            return
        climbed = dual(self.problem, self.problem.value(dealt), _CLIMB, late)
        self._raise(climbed.bound)
        if not late():
            self._mended(greedy(self.problem, climbed.prices.key), stop)

    def _mended(self, chosen: Ints, stop: Callable[[], bool]) -> Ints:
        """Keep an answer, where need be and nothing else is known after mending it."""
        if not self.problem.feasible(chosen) and self.best is None:
            chosen = relieved(self.problem, chosen, stop)
        if self.problem.feasible(chosen):
            self._found(chosen, self.problem.value(chosen))
        return chosen

    def run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        """Relax, decide the first level, then search; beside it, or before it, prove more."""
        self.clock = clock
        clock.start()
        if clock.over():
            return
        programme = Programme(self.problem)
        linear = programme.run(self.clock.effort(1.0, 1))
        self._raise(linear.bound)
        self.infeasible = linear.infeasible
        if linear.infeasible:
            return
        search = Search(self.problem, self.clock, self._seed, self._found)
        if self.best is not None:
            search.offer(self.best)
        proving = helper.submit(self._prove, programme, search) if helper and self._tiny else None
        level = self._first_level(programme)
        if self.infeasible:
            return
        if helper and self._balanced and not self._tiny:
            proving = helper.submit(self._prove, programme, search)
        prices = search.begin(linear, level)
        if helper and not self._balanced and not self._tiny:
            proving = helper.submit(self._beside, programme, search, linear, prices)
        if helper is None and not self._balanced and self.clock.seconds is None:
            self._prove_core(programme, search, linear)
        elif helper is None and (self._tiny or self.clock.seconds is None):
            self._prove(programme, search)
        search.go_on(prices, lambda: self.bound)
        if proving is not None:
            proving.result()

    def _first_level(self, programme: Programme) -> Found | None:
        """The heaviest items whole, the others shared: its bound holds for the whole problem."""
        if not self._balanced or self._tiny:
            return None
        looks = self._looks(self.problem)
        effort = self.clock.effort(_FIRST, self.clock.work, _LEVEL_GAP, looks)
        found = programme.run(effort, whole=first_level(self.problem))
        self._raise(found.bound)
        self.infeasible = found.infeasible
        return found

    def _prove(self, programme: Programme, search: Search) -> None:
        """More and more items whole, as far as the effort goes; what that finds is a new start."""
        arcs, work = len(self.problem.agent), self.clock.work
        rank = by_weight(self.problem)[self.problem.item]
        whole = [] if self._tiny else [many * self.problem.agents for many in _WIDER]
        if arcs <= _SMALL or not self._balanced:
            whole = [many for many in whole if many < self.problem.items] + [self.problem.items]
        for many in whole:
            if self.clock.left <= 0 or self._done():
                return
            nodes = work * int(np.clip(_NODES / arcs, 1, 300))
            effort = self.clock.effort(1.0, nodes, looks=self._looks(self.problem) // 2)
            found = programme.run(effort, whole=rank < many, start=self.best, proof=not self._tiny)
            self._raise(found.bound)
            self.infeasible = found.infeasible and self.best is None
            if found.share is None:
                return
            if many < self.problem.items:
                search.also(found.share, many)
                continue
            chosen = rounded(self.problem, found.share)
            if self.problem.feasible(chosen):
                self._found(chosen, self.problem.value(chosen))

    def _beside(
        self, programme: Programme, search: Search, linear: Found, prices: Prices | None
    ) -> None:
        """Prove; what time that leaves, search from another seed as well."""
        chains = None
        if prices is not None:
            chains = Chained.of(self.problem, prices, self._seed + 1, self.clock.seconds)
        self._prove_core(programme, search, linear, _PROOF if chains else 1.0)
        while chains and chains.ready and self.best is not None and not self.clock.over():
            if self._done():
                return
            chosen = chains.run(self.best, min(1.0, self.clock.left))
            self._found(chosen, self.problem.value(chosen))

    def _prove_core(
        self, programme: Programme, search: Search, linear: Found, share: float = 1.0
    ) -> None:
        """The whole without the arcs that no better answer can use, by their reduced cost."""
        if self.best is None or linear.reduced is None:
            self._prove(programme, search)
            return
        best, value = self.best, self.value
        keep = linear.reduced <= value - linear.value + 1e-6 * max(1.0, abs(value))
        keep[best] = True
        core = self.problem.restricted(keep)
        start = np.searchsorted(np.flatnonzero(keep), best)
        nodes = self.clock.work * int(np.clip(_NODES / len(core.agent), 1, 300))
        looks = 5 * self._looks(core)
        whole = np.ones(len(core.agent), dtype=bool)
        found = Programme(core).run(
            self.clock.effort(share, nodes, looks=looks), whole=whole, start=start
        )
        self._raise(value if found.infeasible else min(found.bound, value))
        if found.share is not None:
            chosen = np.flatnonzero(keep)[rounded(core, found.share)]
            if self.problem.feasible(chosen):
                self._found(chosen, self.problem.value(chosen))

    def _looks(self, problem: Problem) -> int:
        """Looks of HiGHS that the steps of this part pay for."""
        arcs = len(problem.agent)
        return _MANY if arcs <= _TINY else max(10, self.clock.work * _LOOKS // arcs)

    def _done(self) -> bool:
        """Whether the best answer is proven."""
        return self.best is not None and self.value <= self.bound + 1e-9 * abs(self.value)

    def _found(self, chosen: Ints, value: float) -> None:
        with self._keeping:
            if value < self.value:
                self.best, self.value = chosen, value

    def _raise(self, bound: float) -> None:
        if self._whole_numbers and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)
