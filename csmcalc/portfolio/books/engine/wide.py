"""A part of more arcs than can be relaxed in time: a core of them, and loads of little weight last.

Where every agent may have every item, nearly all arcs cost the same, and a few of each item are as
good as all of them. A relaxation among those prices all others; what is cheaper joins it (column
generation), so that its bound holds for the whole. Loads that weigh little, such as what renews in
each month, have many rows and little to say: a bound without them holds as well, and they are
evened out at the end by exchanges.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.prices import dual, proven
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.optimum.assignment.start import greedy, weights
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.priced import Priced
from csmcalc.portfolio.books.engine.search import Search

_ARCS, _PER_ITEM = 10_000, 12
"""Arcs of a part, and arcs of an item on average, above which a part is wide."""

_LIGHT = 0.1
"""What a load weighs at most, in parts of the heaviest, to be left for the end."""

_EACH, _FEWEST = 8, 3
"""Arcs of an item in the core: as many as there is time for; and those that a relaxation needs."""

_RATE = 1_000_000
"""Arcs times agents that HiGHS relaxes in a second."""

_RELAXING, _CLIMBING, _LAST = 0.35, 0.25, 0.2
"""Shares of the time: for relaxations, for prices where there is no time for one, for the end."""

_ROUNDS, _JOIN, _CHEAPER = 4, 2, 1e-7
"""Relaxations at most, arcs of an item that join the core between two, and by how much they are
cheaper."""

_STEPS = 5_000
"""Steps uphill of the prices at most; where steps are counted, those that one of work pays for."""


class Wide(Priced):
    """A part that is solved within a core of its arcs, at first without its light loads."""

    @classmethod
    def fits(cls, problem: Problem) -> bool:
        """Whether a part has that many arcs, and they or its loads can be fewer."""
        arcs = len(problem.agent)
        many = arcs > _PER_ITEM * problem.items
        return arcs > _ARCS and (many or not _heavy(problem).all())

    @cached_property
    def lean(self) -> Problem:
        """The problem without loads of little weight: no assignment is dearer in it."""
        return _of_loads(self.problem, _heavy(self.problem))

    def _run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        self.clock = clock
        clock.start()
        if clock.over():
            return
        core = self._begin()
        core, linear = self._relaxed(core)
        arcs = np.flatnonzero(core)
        if linear is None:
            prices = self._climbed(core)
            start = greedy(self.lean.restricted(core), prices.key[arcs])
        else:
            prices = self._prices(linear)
            start = self._searched(core, linear, helper)
        self._finish(core, prices, start)

    # --- the core --------------------------------------------------------------------------------

    def _begin(self) -> Mask:
        """The cheapest arcs of each item, which one of equals by lot; and the best answer known."""
        problem, clock = self.problem, self.clock
        each = float(_EACH)
        if clock.seconds is not None:
            allowed = _RATE * _RELAXING * clock.seconds / (problem.agents * problem.items)
            each = float(np.clip(allowed, _FEWEST, _EACH))
        lot = np.random.default_rng(self.seed).random(len(problem.agent))
        core = _rank(problem, (lot, problem.cost)) < round(each)
        if self.best is not None:
            core[self.best] = True
        return core

    def _relaxed(self, core: Mask) -> tuple[Mask, Found | None]:
        """Relaxed among arcs of a core, to which those join that are cheaper at its prices."""
        clock, begin = self.clock, self.clock.left
        if clock.seconds is not None:
            wanted = core.sum() * self.problem.agents / _RATE
            if wanted > _RELAXING * clock.seconds:
                return core, None
        for turn in range(_ROUNDS):
            before = clock.left
            found = Programme(self.lean.restricted(core)).run(clock.effort(_RELAXING, 1))
            if found.balance is None:
                return core, None
            key = self._prices(found, lift=True).key
            lowest = np.minimum.reduceat(np.where(core, key, np.inf), self.problem.first[:-1])
            lacking = (key < lowest[self.problem.item] - _CHEAPER) & ~core
            took, spent = before - clock.left, begin - clock.left
            late = clock.seconds is not None and spent + took > 2 * _RELAXING * clock.seconds
            if not lacking.any() or late or turn == _ROUNDS - 1:
                return core, found
            core = core | (_rank(self.problem, (np.where(lacking, key, np.inf),)) < _JOIN) & lacking
        return core, None

    def _prices(self, linear: Found, *, lift: bool = False) -> Prices:
        """The prices of a relaxation for all arcs; with the bound that they prove."""
        assert linear.balance is not None
        assert linear.limit is not None
        prices = Prices.of(self.lean, linear.balance, linear.limit)
        if lift:
            self.lift(proven(self.lean, prices))
        return prices

    def _climbed(self, core: Mask) -> Prices:
        """Prices without a relaxation."""
        clock, inner = self.clock, self.lean.restricted(core)
        value = self.value
        if not np.isfinite(value):
            value = inner.value(greedy(inner, inner.cost))
        last = clock.left * (1 - _CLIMBING)
        timed = clock.seconds is not None
        steps = _STEPS if timed else clock.work
        found = dual(inner, value, steps, lambda: clock.over() or (timed and clock.left < last))
        prices = Prices.of(self.lean, found.prices.balance, found.prices.limit)
        self.lift(proven(self.lean, prices))
        return prices

    # --- answers ---------------------------------------------------------------------------------

    def _searched(self, core: Mask, linear: Found, helper: ThreadPoolExecutor | None) -> Ints:
        """The best answer of the core without light loads."""
        clock = self.clock
        inner = Priced(self.lean.restricted(core), self.seed)
        inner.linear = linear
        if self.best is not None:
            known = np.searchsorted(np.flatnonzero(core), self.best)
            inner.found(known, inner.problem.value(known))
        seconds = None if clock.seconds is None else clock.left - _LAST * clock.seconds
        work = max(1, round((1 - _LAST) * clock.work))
        inner.run(Clock(seconds, work, clock.end, clock.stop, clock.total), helper)
        clock.step(work)
        if inner.best is None:
            return greedy(inner.problem, inner.problem.cost)
        return inner.best

    def _finish(self, core: Mask, prices: Prices, start: Ints) -> None:
        """Exchanges of all loads, from an answer of the core on, as long as there is time."""
        arcs = np.flatnonzero(core)
        problem = self.problem.restricted(core)
        search = Search(
            problem, self.clock, self.seed, lambda chosen, value: self.found(arcs[chosen], value)
        )
        heavy = _heavy(self.problem)
        balance, limit = np.zeros_like(problem.target), np.zeros_like(problem.target)
        balance[heavy], limit[heavy] = prices.balance, prices.limit
        moves = _Shaken(search, Prices.of(problem, balance, limit))
        moves.take(start)
        if search.best is None and self.best is not None:
            search.offer(np.searchsorted(arcs, self.best))
        search.go_on(moves, self.enough)


class _Shaken(Kicks):
    """Kicks and exchanges alone."""

    def start(self) -> Ints | None:
        """There is nothing else to go on from."""
        return None

    def step(self, current: Ints) -> Ints:
        """A kick, unless it is worse."""
        new = self.kick(current)
        return new if self.problem.value(new) <= self.problem.value(current) else current


def _heavy(problem: Problem) -> Mask:
    """The loads that weigh much, or have a limit."""
    weight = np.array([weights(problem, k).sum() for k in range(len(problem.size))])
    limited = (np.isfinite(problem.low) | np.isfinite(problem.high)).any(axis=1)
    heavy: Mask = limited | (weight > _LIGHT * weight.max(initial=0.0))
    return heavy


def _of_loads(problem: Problem, some: Mask) -> Problem:
    """The problem of some of its loads."""
    names = ("size", "low", "high", "target", "over", "under")
    return dataclasses.replace(problem, **{name: getattr(problem, name)[some] for name in names})


def _rank(problem: Problem, keys: tuple[Floats, ...]) -> Ints:
    """Where each arc stands among those of its item, by the last key first."""
    rank = np.empty(len(problem.agent), dtype=np.int64)
    rank[np.lexsort((*keys, problem.item))] = np.arange(len(rank))
    ranks: Ints = rank - problem.first[problem.item]
    return ranks
