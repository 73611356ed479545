"""A part where loads have no price: bounds of knapsacks, small cores, and a search among them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from csmcalc.optimum.assignment.knapsacks import Climbed, Knapsacks
from csmcalc.optimum.assignment.tree import Tree
from csmcalc.portfolio.books.engine.cores import Cores
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.plain import Plain
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.solver import NODES, Solver
from csmcalc.portfolio.books.engine.standing import rounding

_CLIMB, _CELLS, _LOOKS = 0.12, 2e6, (20, 300)
"""Share of the time for the bound of knapsacks; where steps are counted, the cells of tables that
one step pays for, and the looks that are taken at least and at most."""

_ABOVE = 0.01
"""How far above the relaxation, as a share of it, the best answer is taken to be at first."""

_PROOF, _PROOF_ALONE, _PROOF_BEFORE = 0.4, 0.6, 0.3
"""Share of the time for proofs: beside a search with chains, beside one without, and before it."""

_LEVELS = 8
"""Levels between the bound and the best answer, where costs have no unit."""

_NODES = 3
"""Nodes of a tree of knapsacks that one step pays for."""

_QUICK = 0.1
"""Share of what proofs have left within which a level is settled so soon that the next is further.
"""

_SLICE = 0.5
"""Share of what proofs have left that one of them may take."""


class Unpriced(Solver):
    """A part where loads have no price."""

    def go_on(self, search: Search, linear: Found, helper: ThreadPoolExecutor | None) -> None:
        """Search, and beside it or before it prove; cores are narrower as the bound is better."""
        moves = Plain(search, linear)
        beside = helper.submit(self._beside, moves, linear) if helper is not None else None
        moves.begin()
        if beside is None:
            self._prove(moves, linear, _PROOF_BEFORE)
        search.go_on(moves, self.enough)
        if beside is not None:
            beside.result()

    def _beside(self, moves: Plain, linear: Found) -> None:
        """Prove; in what time that leaves, search from another seed as well."""
        self._prove(moves, linear, _PROOF if moves.chains else _PROOF_ALONE)
        search = Search(self.problem, self.clock, self.seed + 1, self.found)
        other = Plain(search, linear)
        other.use(moves.cores)
        if self.best is not None and not self.clock.over():
            search.offer(self.best)
            search.go_on(other, self.enough)

    def _prove(self, moves: Plain, linear: Found, share: float) -> None:
        """Raise the bound for a share of the time; `moves` gets the cores."""
        clock, problem, key = self.clock, self.problem, moves.prices.key
        last = 0.0 if clock.seconds is None else clock.left - share * clock.seconds
        sacks = Knapsacks.of(problem)
        if sacks is None:
            assert linear.reduced is not None
            cores = Cores(problem, linear.value + np.maximum(linear.reduced, 0.0), key)
            moves.use(cores)
            self._levels(lambda limit: self._core(cores, limit, last), last)
            return
        begin = np.minimum.reduceat(key, problem.first[:-1])
        enough = self._enough_looks(sacks.cells, _CLIMB)
        climbed = sacks.climb(begin, lambda: self.value, enough)
        self.lift(climbed.bound)
        moves.use(Cores(problem, climbed.least, key))
        self._levels(lambda limit: self._tree(sacks, climbed, limit, last), last)

    def _enough_looks(self, cells: int, share: float) -> Callable[[], bool]:
        """When to climb no further: by the clock, or after looks at tables of so many cells."""
        clock = self.clock
        if clock.seconds is not None:
            last = clock.left - share * clock.seconds
            return lambda: clock.left <= last
        looks = iter(range(int(np.clip(clock.work * _CELLS / max(cells, 1), *_LOOKS))))
        return lambda: clock.over() or next(looks, None) is None

    def _levels(self, settle: Callable[[float], bool], last: float) -> None:
        """Look for answers level by level from the bound up.

        `settle` says whether it is known of all answers below a limit which is the best, or that
        there is none: then the bound is the limit. Levels are further apart where that takes a
        moment.
        """
        clock, reach = self.clock, 0
        dearest = float(np.maximum.reduceat(self.problem.cost, self.problem.first[:-1]).sum())
        while not self.done() and not self.infeasible and clock.left > last:
            step = self.unit or self._step()
            # costs in whole units have none between them: half of one keeps rounding away
            limit = self.bound + (reach + (0.5 if self.unit else 1.0)) * step
            begin = clock.left
            if not settle(min(limit, self.value)):
                return
            self.infeasible = self.best is None and self.bound > dearest + rounding(dearest)
            quick = clock.seconds is not None and clock.left > begin - _QUICK * (begin - last)
            reach = 2 * reach + 1 if quick or self.best is None else 0

    def _step(self) -> float:
        """From one level to the next, where costs have no unit."""
        value = self.value if np.isfinite(self.value) else self.bound + _ABOVE * abs(self.bound)
        return max((value - self.bound) / _LEVELS, rounding(self.bound))

    def _tree(self, sacks: Knapsacks, climbed: Climbed, limit: float, last: float) -> bool:
        """By branch and bound with knapsacks."""
        clock = self.clock
        nodes = iter(range(_NODES * clock.work if clock.seconds is None else sys.maxsize))
        end = last + (1 - _SLICE) * (clock.left - last) if clock.seconds is not None else 0.0

        def stop() -> bool:
            return clock.left <= end or self.done() or next(nodes, None) is None

        tree = Tree(self.problem, limit, stop)
        settled = tree.search(sacks.below(climbed.least, limit), climbed.prices)
        if settled.chosen is not None:
            self.found(settled.chosen, self.problem.value(settled.chosen))
        elif settled.complete:
            self.lift(limit)
        return settled.complete

    def _core(self, cores: Cores, limit: float, last: float) -> bool:
        """By HiGHS, among the arcs that an answer below the limit can use."""
        problem, clock = self.problem, self.clock
        core = cores.below(limit)
        if not cores.some(limit):
            self.lift(limit)
            return True
        inner = problem.restricted(core)
        nodes = clock.work * int(np.clip(NODES / len(inner.agent), 1, 300))
        effort = clock.effort(1.0, nodes, looks=5 * self.looks(inner))
        if clock.seconds is not None:
            effort = dataclasses.replace(effort, seconds=_SLICE * (clock.left - last))
        found = Programme(inner).run(effort, whole=np.ones(len(inner.agent), dtype=bool))
        if found.share is not None:
            chosen = np.flatnonzero(core)[rounded(inner, found.share)]
            if problem.feasible(chosen):
                self.found(chosen, problem.value(chosen))
        if found.infeasible:
            self.infeasible = bool(core.all()) and self.best is None
            self.lift(limit)
            return True
        self.lift(min(found.bound, limit))
        return found.value - found.bound <= rounding(found.value)
