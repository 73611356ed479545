"""A part where loads have no price: bounds of knapsacks, small cores, and a search among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from csmcalc.optimum.assignment.knapsacks import Knapsacks
from csmcalc.optimum.assignment.problem import Mask
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

_BESIDE = 1e-3
"""Parts of a step by which a level is missed by rounding alone."""

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
        """A bound of knapsacks, and proofs for a share of the time; `moves` gets the cores."""
        cores = self._cores(moves, linear)
        moves.use(cores)
        seconds = self.clock.seconds
        self._from_below(cores, 0.0 if seconds is None else self.clock.left - share * seconds)

    def _cores(self, moves: Plain, linear: Found) -> Cores:
        """What answers with an arc cost at least: by knapsacks, else by the relaxation."""
        problem, key = self.problem, moves.prices.key
        sacks = Knapsacks.of(problem)
        if sacks is None:
            assert linear.reduced is not None
            return Cores(problem, linear.value + np.maximum(linear.reduced, 0.0), key)
        begin = np.minimum.reduceat(key, problem.first[:-1])
        enough = self._looks_enough(sacks.cells)
        climbed = sacks.climb(begin, lambda: self.value, enough)
        self.lift(climbed.bound)
        return Cores(problem, climbed.least, key)

    def _looks_enough(self, cells: int) -> Callable[[], bool]:
        """When to climb no further: by the clock, or after looks at tables of so many cells."""
        clock = self.clock
        if clock.seconds is not None:
            last = clock.left - _CLIMB * clock.seconds
            return lambda: clock.left <= last
        looks = iter(range(int(np.clip(clock.work * _CELLS / max(cells, 1), *_LOOKS))))
        return lambda: clock.over() or next(looks, None) is None

    def _from_below(self, cores: Cores, last: float) -> None:
        """Look for answers level by level from the bound up, each in the core of what it may use.

        Where a level has none, the bound is above it; and the best answer of a core that is just
        too narrow for the level above is often the best of all.
        """
        clock, reach = self.clock, 0
        while not self.done() and not self.infeasible and clock.left > last:
            step = self.unit or self._step()
            level = min(self.bound + reach * step, self.value - self.unit)
            if not cores.some(level + _BESIDE * step):
                self.lift(level + step)
                continue
            begin = clock.left
            if not self._level(cores.below(level + _BESIDE * step), level + self.unit, last):
                return
            quick = clock.left > begin - _QUICK * (begin - last)
            reach = 2 * reach + 1 if quick else 0

    def _step(self) -> float:
        """From one level to the next, where costs have no unit."""
        value = self.value if np.isfinite(self.value) else self.bound + _ABOVE * abs(self.bound)
        return max((value - self.bound) / _LEVELS, rounding(self.bound))

    def _level(self, core: Mask, above: float, last: float) -> bool:
        """Whether it is settled what the best answer of a core is; those outside cost `above`."""
        problem, clock = self.problem, self.clock
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
            self.lift(above)
            return True
        self.lift(min(found.bound, above))
        return found.value - found.bound <= rounding(found.value)
