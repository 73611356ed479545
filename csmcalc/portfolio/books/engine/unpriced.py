"""A part where loads have no price: bounds of knapsacks, small cores, and a search among them."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from csmcalc.optimum.assignment.knapsacks import Climbed, Knapsacks
from csmcalc.optimum.assignment.tree import Tree
from csmcalc.optimum.assignment.units import spread
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

_ABOVE = 0.0015
"""How far above the bound, as a share of the spread of costs, the best answer is taken to be."""

_BAD = 1000
"""How many times as far as it may be a bad answer is above the bound."""

_PROOF, _PROOF_DEALT, _PROOF_ALONE, _PROOF_BEFORE = 0.4, 0.15, 0.6, 0.3
"""Share of the time for the first proof: beside a search with chains, with deals, with neither, and
before the search."""

_LEVELS = 8
"""Levels between the bound and the best answer, where costs have no unit."""

_NODES, _PROBED, _LOWEST = 3, 40, 4
"""Nodes of a tree of knapsacks that one step pays for, and those of a look for a better answer in
the lowest part, one of so many, of the gap."""

_ONWARD = 0.8
"""Share of the time for each proof after the first one that came to an end."""

_FURTHEST = 1 << 40
"""Steps between levels at most."""

_MOMENT, _QUICK = 0.05, 0.25
"""Share of what proofs have left within which a level is settled so soon that the next is further,
or as far.
"""

_SLICE = 0.5
"""Share of the time for proofs in which better answers may be looked for first."""


class Unpriced(Solver):
    """A part where loads have no price."""

    @cached_property
    def _spread(self) -> float:
        return spread(self.problem)

    def go_on(self, search: Search, linear: Found, helper: ThreadPoolExecutor | None) -> None:
        """Search, and beside it or before it prove; cores are narrower as the bound is better."""
        moves = Plain(search, linear, self)
        beside = helper.submit(self._beside, moves, linear) if helper is not None else None
        moves.begin()
        if beside is None:
            self._prove(moves, linear, _PROOF_BEFORE)
        search.go_on(moves, self.enough)
        if beside is not None:
            beside.result()

    def _beside(self, moves: Plain, linear: Found) -> None:
        """Prove; in what time that leaves, search from another seed as well."""
        share = _PROOF if moves.chains else _PROOF_DEALT if moves.deals else _PROOF_ALONE
        self._prove(moves, linear, share)
        search = Search(self.problem, self.clock, self.seed + 1, self.found)
        other = Plain(search, linear, self, first=False)
        other.use(moves.cores)
        if self.best is not None and not self.clock.over():
            search.offer(self.best)
            search.go_on(other, self.enough)

    def _prove(self, moves: Plain, linear: Found, share: float) -> None:
        """Raise the bound as long as each step takes a share of the time; `moves` gets cores."""
        problem, key = self.problem, moves.prices.key
        sacks = Knapsacks.of(problem)
        if sacks is None:
            assert linear.reduced is not None
            cores = Cores(problem, linear.value + np.maximum(linear.reduced, 0.0), key)
            moves.use(cores)
            self._levels(lambda limit, last: self._core(cores, limit, last), share)
            return
        begin = np.minimum.reduceat(key, problem.first[:-1])
        climbed = sacks.climb(begin, lambda: self.value, self._enough_looks(sacks.cells))
        self.lift(climbed.bound)
        moves.use(Cores(problem, climbed.least, key))
        self._probe(sacks, climbed, self._last(_SLICE * share))
        self._levels(lambda limit, last: self._tree(sacks, climbed, limit, last), share)

    def _last(self, share: float) -> float:
        """What is left of the time after a share of it."""
        return 0.0 if self.clock.seconds is None else (1 - share) * self.clock.left

    def _probe(self, sacks: Knapsacks, climbed: Climbed, last: float) -> None:
        """Look for an answer in the lowest part of the gap, while a few nodes are enough."""
        clock, nodes = self.clock, _PROBED if self.clock.seconds is not None else self.clock.work
        growth = 1.0
        while not self.done() and clock.left > last:
            part, before = growth * self._gap() / _LOWEST, (self.bound, self.value)
            if self.unit:
                part = (part // self.unit + 0.5) * self.unit
            limit = min(self.bound + part, self.value)
            settled = self._tree(sacks, climbed, limit, last, nodes)
            if not settled or self.best is None or before == (self.bound, self.value):
                return
            growth = 1.0 if self.value < before[1] else 2 * growth

    def _enough_looks(self, cells: int) -> Callable[[], bool]:
        """When to climb no further: by the clock, or after looks at tables of so many cells."""
        clock = self.clock
        if clock.seconds is not None:
            last = clock.left - _CLIMB * clock.seconds
            return lambda: clock.left <= last
        looks = iter(range(int(np.clip(clock.work * _CELLS / max(cells, 1), *_LOOKS))))
        return lambda: clock.over() or next(looks, None) is None

    def _levels(self, settle: Callable[[float, float], bool], share: float) -> None:
        """Look for answers level by level from the bound up.

        `settle` says whether it is known of all answers below a limit which is the best, or that
        there is none, before only so much of the time is left. Levels are further apart where that
        takes a moment; the first one that takes more than its share of the time is the last.
        """
        clock, reach = self.clock, 0
        dearest = float(np.maximum.reduceat(self.problem.cost, self.problem.first[:-1]).sum())
        while not self.done() and not self.infeasible and not clock.over():
            step = self.unit or max(self._gap() / _LEVELS, rounding(self.bound))
            # costs in whole units have none between them: half of one keeps rounding away
            limit = self.bound + (reach + (0.5 if self.unit else 1.0)) * step
            begin, last = clock.left, self._last(share)
            before = self.bound, self.value
            if not settle(min(limit, self.value), last) or before == (self.bound, self.value):
                return
            self.infeasible = self.best is None and self.bound > dearest + rounding(dearest)
            share = max(share, _ONWARD)
            took = 0.0 if not self.unit else 1.0
            if clock.seconds is not None:
                took = (begin - clock.left) / max(begin - last, 1e-9)
            if took < _MOMENT or self.best is None:
                reach = min(2 * reach + 1, _FURTHEST)
            elif took >= _QUICK:
                reach = 0

    def _gap(self) -> float:
        """How far the best answer is above the bound, or may be where none is good."""
        near = _ABOVE * self._spread
        if self.best is None:
            return near
        gap = self.value - self.bound
        return min(gap, max(near, gap / _BAD))

    def _tree(
        self, sacks: Knapsacks, climbed: Climbed, limit: float, last: float, nodes: int = 0
    ) -> bool:
        """By branch and bound with knapsacks; of so many nodes at most where they are told."""
        clock = self.clock
        if not nodes:
            nodes = _NODES * clock.work if clock.seconds is None else sys.maxsize
        tree = Tree(self.problem, limit, lambda: clock.left <= last or self.done(), nodes)
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
            effort = dataclasses.replace(effort, seconds=clock.left - last)
        found = Programme(inner).run(effort, whole=np.ones(len(inner.agent), dtype=bool))
        kept = False
        if found.share is not None:
            chosen = np.flatnonzero(core)[rounded(inner, found.share)]
            # HiGHS keeps limits less closely
            kept = problem.feasible(chosen)
            if kept:
                self.found(chosen, problem.value(chosen))
        if found.infeasible:
            self.infeasible = bool(core.all()) and self.best is None
            self.lift(limit)
            return True
        self.lift(min(found.bound, limit))
        return self.bound >= limit or (kept and found.value - found.bound <= rounding(found.value))
