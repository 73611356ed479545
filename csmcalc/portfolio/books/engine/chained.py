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
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem

_LEAST_SECONDS = 4.0
"""Time below which it is not worth while to compile."""

_MOST = 20_000_000
"""Items times agents up to which tables of all pairs are kept."""

_WIDE = 6
"""Agents of the lowest keys that an item may go to."""

_HEAT = 0.05
"""How much dearer an answer may be and yet be kept, in parts of a common rise of a key."""

_UNITS = 30.0
"""Units of weight that a common item has."""

_LOW = 0.01
"""The least price of a capacity, in parts of the highest one."""


def plain(problem: Problem) -> bool:
    """Whether every agent has one upper limit, no lower one, and loads have no price."""
    one = problem.size.shape[0] == 1 and problem.items * problem.agents <= _MOST
    bare = not (problem.over.any() or problem.under.any() or np.isfinite(problem.low).any())
    fills = bool(np.isfinite(problem.high).all() and (problem.size >= 0).all())
    return one and bare and fills and problem.agents > 1


class Chained:
    """Where the search with chains stands; `ready` once they are compiled."""

    def __init__(self, problem: Problem, prices: Prices, seed: int) -> None:
        self._problem = problem
        self._compiling = _start()
        self._state = np.array([12345 + seed * 7919 % 1_000_000], dtype=np.int64)
        self._rounds, self._start = 50, np.zeros(0, dtype=np.int64)
        self._tables(prices)

    @classmethod
    def of(
        cls, problem: Problem, prices: Prices, seed: int, seconds: float | None
    ) -> Chained | None:
        """The search with chains, where it fits the problem, the time and what is installed."""
        if seconds is None or seconds < _LEAST_SECONDS or not plain(problem) or not wanted(1, 0):
            return None
        return cls(problem, prices, seed)

    def _tables(self, prices: Prices) -> None:
        problem = self._problem
        shape = (problem.items, problem.agents)
        at = (problem.item, problem.agent)
        self._cost, self._weight = np.full(shape, np.inf), np.zeros(shape)
        self._cost[at], self._weight[at] = problem.cost, problem.size[0]
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

    @property
    def ready(self) -> bool:
        """Whether they are compiled."""
        return self._compiling.done() and self._compiling.result() is not None

    def run(self, current: Ints, seconds: float) -> Ints:
        """The cheapest answer of about so many seconds; the given one where there is no better."""
        kernel, problem = self._compiling.result(), self._problem
        assert kernel is not None
        given = problem.agent[current]
        if not len(self._start):
            self._start = given.copy()
        best, least = given.copy(), problem.value(current)
        begin = time.monotonic()
        reached = float(
            kernel(
                self._cost, self._key, self._weight, self._limit, self._near, self._low,
                self._price, self._start, best, least, self._state, self._log, self._rounds,
                self._heat,
            )
        )  # fmt: skip
        took = max(time.monotonic() - begin, 1e-4)
        self._rounds = int(np.clip(self._rounds * np.clip(seconds / took, 0.3, 3), 20, 1_000_000))
        if not reached < least:
            return current
        chosen = problem.arcs(np.arange(problem.items), best)
        # loads are kept by adding and taking away: the sums of floats are looked at anew
        return chosen if problem.feasible(chosen) else current

    def restart(self, current: Ints) -> None:
        """Go on from here."""
        self._start = self._problem.agent[current].copy()


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
