"""Exchanges between two books by compiled loops, where they are.

numba compiles them beside the search, once; until then, and where it is not installed, numpy does
the same. Under a limit of steps they are left out: the answer of a seed must not depend on what is
installed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np

from csmcalc.core.compiled import compiled, wanted
from csmcalc.optimum.assignment import swaps
from csmcalc.optimum.assignment.pairs import weighs_alike
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem

_MOST = 20_000_000
"""Items times agents up to which a table of all pairs is kept."""

_LEAST = 1_000
"""Arcs below which a search is over before numba is loaded."""

_LOOKS = 500
"""Pairs of books that are looked at before the clock is."""

_LEAST_SECONDS = 4.0
"""Time of the whole below which it is not worth while to load numba."""


class Swapped:
    """The compiled exchanges of one part; `ready` once they are compiled."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._compiling = _start()
        self._table = np.full((problem.items, problem.agents), -1, dtype=np.int64)
        self._table[problem.item, problem.agent] = np.arange(len(problem.agent))
        self._size = np.ascontiguousarray(problem.size[:, problem.first[:-1]])
        low, high = problem.slack
        rows = (problem.target, problem.over, problem.under, low, high)
        # one layout: numba would compile anew for another
        self._limits = tuple(np.ascontiguousarray(row) for row in rows)

    @classmethod
    def of(cls, problem: Problem, seconds: float | None) -> Swapped | None:
        """The exchanges, where they fit the problem, the time and what is installed."""
        fits = problem.items * problem.agents <= _MOST and len(problem.agent) >= _LEAST
        if seconds is None or not fits or not weighs_alike(problem):
            return None
        return cls(problem) if wanted(seconds, _LEAST_SECONDS) else None

    @property
    def ready(self) -> bool:
        """Whether they are compiled."""
        return self._compiling.done() and self._compiling.result() is not None

    def wait(self, seconds: float) -> None:
        """Wait until they are compiled, so long at most."""
        wait([self._compiling], seconds)

    def exchange(
        self,
        chosen: Ints,
        cost: Floats,
        key: Floats,
        pairs: Ints,
        waiting: Mask,
        stop: Callable[[], bool],
        singles: int,
        once: bool = False,
    ) -> Ints:
        """The answer exchanged within the pairs that wait, once or until none of them gains."""
        kernel = self._compiling.result()
        assert kernel is not None
        problem = self._problem
        owner, loads = problem.agent[chosen], problem.loads(chosen)
        while True:
            left = kernel(
                pairs, waiting, once, singles, owner, self._table, cost, key, self._size, loads,
                *self._limits, _LOOKS,
            )  # fmt: skip
            if left > 0 or stop():
                return self._table[np.arange(problem.items), owner]


def warm_up(seconds: float | None) -> None:
    """Begin to compile, where a search of so many seconds will use it."""
    if seconds is not None and wanted(seconds, _LEAST_SECONDS):
        _start()


@functools.cache
def _start() -> Future[Callable[..., Any] | None]:
    return ThreadPoolExecutor(1).submit(_compile)


def _compile() -> Callable[..., Any] | None:
    """The kernel, compiled by a call for two items and two agents; None without numba."""
    kernel = compiled(swaps.KERNELS).get("descended")
    if kernel is not None:
        row, rows = np.ones(4), np.ones((1, 2))
        owner, table = np.array([0, 1]), np.arange(4).reshape(2, 2)
        pairs, waiting = np.array([[0, 1]]), np.ones(1, dtype=bool)
        kernel(
            pairs, waiting, True, 2, owner, table, row, row, np.ones((1, 2)), rows.copy(),
            rows, rows, rows, rows, rows, 1,
        )  # fmt: skip
    return kernel
