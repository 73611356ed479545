"""From a problem to the best assignment found, a bound that nothing can beat, and the gap."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.parts import Part, split
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK, Clock
from csmcalc.portfolio.books.engine.keyboard import ended, keyboard, lanes
from csmcalc.portfolio.books.engine.priced import Priced
from csmcalc.portfolio.books.engine.search import is_balanced
from csmcalc.portfolio.books.engine.solver import Solver
from csmcalc.portfolio.books.engine.standing import rounding
from csmcalc.portfolio.books.engine.unpriced import Unpriced
from csmcalc.portfolio.books.engine.wide import Wide
from csmcalc.portfolio.highs import library

_USABLE = 0.93
"""Share of the time that is planned for; the rest is for what cannot be stopped at once."""

_OPENED = 0.25
"""Share of the time in which first answers may be mended; the relaxation finds and refuses more."""

_DEALT = 100_000
"""Items up to which they are dealt out before any part is looked at closely."""


_COSTS, _COSTED = (1e-2, 1e6), 1e3
"""Common costs with which HiGHS works well, and what others are brought near."""


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        chosen: the arc of each item; None where no assignment within the limits was found.
        value: its objective.
        bound: no assignment has a lower objective.
        seconds: how long it took.
        infeasible: whether it is proven that the limits cannot all be kept.
        interrupted: whether the search was ended from the keyboard.
    """

    chosen: Ints | None
    value: float
    bound: float
    seconds: float
    infeasible: bool = False
    interrupted: bool = False

    @property
    def gap(self) -> float:
        """How far the value may be from the best one, in units of the objective."""
        return max(0.0, self.value - self.bound)

    @property
    def proven(self) -> bool:
        """Whether nothing better exists (to rounding)."""
        return self.gap <= rounding(self.value)


def solve(
    problem: Problem,
    seconds: float | None = None,
    seed: int = 0,
    work: int = DEFAULT_WORK,
    threads: int = 2,
) -> Answer:
    """Assign every item; by the clock when `seconds` is given, else by repeatable steps.

    An interrupt from the keyboard ends the search with the best answer so far (`keyboard.py`).
    """
    begin = time.monotonic()
    library()
    whole_problem, scale = problem, _scale(problem)
    problem = dataclasses.replace(problem, cost=problem.cost / scale)
    parts = [part for part in split(problem) if len(part.items)]
    solvers = [_solver(part.problem, seed) for part in parts]
    with keyboard() as keys, lanes(max(1, threads), keys.stop) as pool, lanes(1, keys.stop) as one:
        helper = one if threads > len(parts) and seconds is not None else None
        whole = Clock(None if seconds is None else _USABLE * seconds, stop=keys.stop)
        if problem.items <= _DEALT:
            enough = (1 - _OPENED) * whole.left
            ended([pool.submit(solver.open, lambda: whole.left < enough) for solver in solvers])
        clocks = _Clocks(parts, whole, work, min(threads, len(parts)))
        # the parts that are hard to satisfy go first: time may be short for the last ones
        order = sorted(range(len(parts)), key=lambda at: solvers[at].best is not None)

        def run(at: int) -> None:
            if not any(solver.infeasible for solver in solvers):
                with clocks.next(at) as clock:
                    solvers[at].run(clock, helper)

        ended([pool.submit(run, at) for at in order])
    interrupted = whole.stop.is_set()
    return _together(whole_problem, scale, parts, solvers, time.monotonic() - begin, interrupted)


def _scale(problem: Problem) -> float:
    """What costs are divided by for HiGHS: a power of two, so that nothing is rounded.

    By what an item costs at least: a few costs may be huge, so that nobody takes them.
    """
    if is_balanced(problem) or not problem.items:
        return 1.0
    least = np.minimum.reduceat(np.abs(problem.cost), problem.first[:-1])
    common = float(np.median(least[least > 0])) if least.any() else 1.0
    if _COSTS[0] <= common <= _COSTS[1]:
        return 1.0
    return float(2.0 ** np.round(np.log2(common / _COSTED)))


def _solver(problem: Problem, seed: int) -> Solver:
    if not is_balanced(problem):
        return Unpriced(problem, seed)
    return (Wide if Wide.fits(problem) else Priced)(problem, seed)


class _Clocks:
    """A clock for each part as it begins: of the time or the steps left, in proportion to size."""

    def __init__(self, parts: list[Part], whole: Clock, work: int, lanes: int) -> None:
        self._arcs = np.array([len(part.arcs) for part in parts], dtype=float)
        self._steps = np.maximum(10, np.round(work * self._arcs / self._arcs.sum())).astype(int)
        self._whole, self._lanes = whole, lanes
        self._left = float(self._arcs.sum())
        self._running: list[Clock] = []
        self._keeping = threading.Lock()

    @contextmanager
    def next(self, at: int) -> Iterator[Clock]:
        """The clock of the part that begins now."""
        with self._keeping:
            seconds = self._seconds(at) if self._whole.seconds is not None else None
            self._left -= float(self._arcs[at])
            whole, steps = self._whole, int(self._steps[at])
            clock = Clock(seconds, steps, whole.end, whole.stop, whole.seconds)
            self._running.append(clock)
        yield clock
        with self._keeping:
            self._running.remove(clock)

    def _seconds(self, at: int) -> float:
        """Its share of what all lanes have left beside the parts that run."""
        left = self._whole.left
        taken = sum(min(clock.left, left) for clock in self._running)
        free = max(self._lanes * left - taken, 0.0)
        return max(0.05, min(left, free * float(self._arcs[at]) / self._left))


def _together(
    problem: Problem,
    scale: float,
    parts: list[Part],
    solvers: list[Solver],
    seconds: float,
    interrupted: bool,
) -> Answer:
    bound = scale * float(sum(solver.bound for solver in solvers))
    infeasible = any(solver.infeasible for solver in solvers)
    if any(solver.best is None for solver in solvers):
        return Answer(None, np.inf, bound, seconds, infeasible, interrupted)
    chosen = np.empty(problem.items, dtype=np.int64)
    for part, solver in zip(parts, solvers, strict=True):
        assert solver.best is not None
        chosen[part.items] = part.arcs[solver.best]
    value = problem.value(chosen)
    return Answer(chosen, value, min(bound, value), seconds, interrupted=interrupted)
