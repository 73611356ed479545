"""Assignments by cost alone, with one capacity each: the compiled chains of moves, where they are.

numba compiles them beside the search, once; until then, and where it is not installed, the search
goes on with its other steps. Under a limit of steps they are left out: the answer of a seed must
not depend on what is installed.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from csmcalc.core.compiled import compiled, wanted
from csmcalc.optimum.assignment import chains
from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.knapsacks import has_capacities_alone
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem
from csmcalc.portfolio.books.engine.cores import Cores

_LEAST_SECONDS = 4.0
"""Time below which it is not worth while to compile."""

_MOST = 20_000_000
"""Items times agents up to which tables of all pairs are kept."""

_PERIOD, _MOMENT = 1.5, 0.3
"""Seconds of a search among the arcs of one core, and of a step of it."""

_WIDTHS = (2.0, 2.4, 3.0, 1.7, np.inf)
"""Arcs per item of the cores that are searched, one after the other at first."""

_LUCKY, _AFRESH = 0.5, 0.5
"""How often the next core is as wide as the one with the best answer so far, and how often a search
begins from the cheapest arcs, not from the best answer."""

_WIDE = 6
"""Agents of the lowest keys that an item may go to."""

_HEAT = 0.05
"""How much dearer an answer may be and yet be kept, in parts of a common rise of a key."""

_UNITS = 30.0
"""Units of weight that a common item has."""

_LOW = 0.01
"""The least price of a capacity, in parts of the highest one."""


class Chained:
    """A search with chains among some arcs, and where it stands."""

    def __init__(
        self, problem: Problem, prices: Prices, seed: int, arcs: Ints, start: Ints
    ) -> None:
        self._problem, self._kernel = problem, _start().result()
        self._state = np.array([12345 + seed * 7919 % 1_000_000], dtype=np.int64)
        self._rounds, self._owner = 50, problem.agent[start].astype(np.int64)
        self._tables(prices, arcs)
        self._best, self.value = self._owner.copy(), np.inf

    def _tables(self, prices: Prices, arcs: Ints) -> None:
        problem = self._problem
        shape = (problem.items, problem.agents)
        at = (problem.item[arcs], problem.agent[arcs])
        self._cost, self._weight = np.full(shape, np.inf), np.zeros(shape)
        self._cost[at], self._weight[at] = problem.cost[arcs], problem.size[0][arcs]
        # weights in a unit of their own: what passes a limit costs a unit more than it is
        unit = float(problem.size[0].mean()) / _UNITS or 1.0
        self._weight /= unit
        price = prices.limit[0] * unit
        self._low = np.maximum(price, _LOW * price.max() + 1e-9)
        self._key = self._cost + self._low * self._weight
        wide = min(problem.agents, _WIDE)
        near = np.argsort(self._key, axis=1, kind="stable")[:, :wide]
        there = np.isfinite(np.take_along_axis(self._key, near, axis=1))
        self._near = np.where(there, near, -1).astype(np.int32)
        rise = self._key - self._key.min(axis=1, keepdims=True)
        rise = np.sort(rise[(rise > 1e-9) & np.isfinite(rise)])
        self._heat = _HEAT * float(rise[min(len(rise) - 1, problem.items // 2)] if len(rise) else 1)
        self._price = 1.5 * self._low
        self._limit = problem.slack[1][0] / unit
        self._log = np.zeros((20 * problem.items + 100, 2), dtype=np.int64)

    def run(self, seconds: float) -> Ints | None:
        """Go on for about so many seconds: the cheapest answer so far, None where none fits yet."""
        problem = self._problem
        assert self._kernel is not None
        begin = time.monotonic()
        reached = float(
            self._kernel(
                self._cost, self._key, self._weight, self._limit, self._near, self._low,
                self._price, self._owner, self._best, self.value, self._state, self._log,
                self._rounds, self._heat,
            )
        )  # fmt: skip
        took = max(time.monotonic() - begin, 1e-4)
        self._rounds = int(np.clip(self._rounds * np.clip(seconds / took, 0.3, 3), 20, 1_000_000))
        self.value = min(self.value, reached)
        if not np.isfinite(self.value):
            return None
        chosen = problem.arcs(np.arange(problem.items), self._best)
        # loads are kept by adding and taking away: the sums of floats are looked at anew
        return chosen if problem.feasible(chosen) else None


class Chains:
    """Searches with chains, one after the other, in cores of several widths."""

    def __init__(self, problem: Problem, prices: Prices, seed: int) -> None:
        self._problem, self._prices, self._seed = problem, prices, seed
        self._random = np.random.default_rng(seed)
        self._compiling = _start()
        self._now: Chained | None = None
        self._until, self._turn, self._width = 0.0, 0, np.inf
        self._reached: dict[float, float] = {}
        self.cores: Cores | None = None

    @classmethod
    def of(
        cls, problem: Problem, prices: Prices, seed: int, seconds: float | None
    ) -> Chains | None:
        """The searches, where they fit the problem, the time and what is installed."""
        fits = problem.items * problem.agents <= _MOST and has_capacities_alone(problem)
        if seconds is None or seconds < _LEAST_SECONDS or not fits or not wanted(1, 0):
            return None
        return cls(problem, prices, seed)

    @property
    def ready(self) -> bool:
        """Whether they are compiled."""
        return self._compiling.done() and self._compiling.result() is not None

    def run(self, best: Ints, seconds: float) -> Ints | None:
        """A moment of search; its cheapest answer, not always better than the best."""
        now = self._now
        if now is None or time.monotonic() > self._until:
            now = self._now = self._next(best)
        found = now.run(min(_MOMENT, seconds))
        self._reached[self._width] = min(self._reached.get(self._width, np.inf), now.value)
        return found

    def _next(self, best: Ints) -> Chained:
        """The next search: how wide it looks, and from where."""
        self._until = time.monotonic() + _PERIOD
        self._width = np.inf
        arcs = np.arange(len(self._problem.agent))
        start = best
        if self.cores is not None:
            self._width = self._next_width()
            afresh = self._random.random() < _AFRESH
            start = self.cores.first if afresh else best
            arcs = self.cores.narrow(self._width, start)
        self._turn += 1
        seed = self._seed + 101 * self._turn
        return Chained(self._problem, self._prices, seed, arcs, start)

    def _next_width(self) -> float:
        for width in _WIDTHS[:-1]:
            if width not in self._reached:
                return width
        if self._random.random() < _LUCKY:
            return min(self._reached, key=lambda width: self._reached[width])
        return float(self._random.choice(_WIDTHS))


@functools.cache
def _start() -> Future[Callable[..., Any] | None]:
    return ThreadPoolExecutor(1).submit(_compile)


def _compile() -> Callable[..., Any] | None:
    """The kernel, compiled by a call for two items and two agents; None without numba."""
    kernel = compiled(chains.KERNELS).get("kicked")
    if kernel is not None:
        table: Floats = np.ones((2, 2))
        row = np.ones(2)
        kernel(
            table, table, table, row, np.zeros((2, 2), np.int32), row, row.copy(),
            np.zeros(2, np.int64), np.zeros(2, np.int64), 1.0, np.ones(1, np.int64),
            np.zeros((100, 2), np.int64), 1, 1.0,
        )  # fmt: skip
    return kernel
