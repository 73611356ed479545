"""From a problem to the best assignment found, a bound that nothing can beat, and the gap."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.parts import Part, split
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK, Clock
from csmcalc.portfolio.books.engine.mip import library
from csmcalc.portfolio.books.engine.solver import Solver

_USABLE = 0.93
"""Share of the time that is planned for; the rest is for what cannot be stopped at once."""


_LATE = 0.7
"""Share of the time that first bounds leave for first answers that need mending, and the rest."""


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
        return self.gap <= 1e-6 * max(1.0, abs(self.value))


def solve(
    problem: Problem,
    seconds: float | None = None,
    seed: int = 0,
    work: int = DEFAULT_WORK,
    threads: int = 2,
) -> Answer:
    """Assign every item; by the clock when `seconds` is given, else by repeatable steps.

    An interrupt from the keyboard ends the search with the best answer so far.
    """
    begin = time.monotonic()
    library()
    parts = [part for part in split(problem) if len(part.items)]
    solvers = [Solver(part.problem, seed) for part in parts]
    whole = Clock(None if seconds is None else _USABLE * seconds)
    helper = ThreadPoolExecutor(1) if threads > len(parts) and seconds is not None else None

    def late() -> bool:
        return whole.over() or (whole.seconds is not None and whole.left < _LATE * whole.seconds)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        try:
            wait([pool.submit(solver.open, whole.over, late) for solver in solvers])
            clocks = _clocks(parts, whole, work, threads)
            # the parts that are hard to satisfy go first: time may be short for the last ones
            order = sorted(range(len(parts)), key=lambda at: solvers[at].best is not None)
            futures = [pool.submit(solvers[at].run, clocks[at], helper) for at in order]
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            whole.interrupted.set()
    if helper:
        helper.shutdown(wait=False)
    interrupted = whole.interrupted.is_set()
    return _together(problem, parts, solvers, time.monotonic() - begin, interrupted)


def _clocks(parts: list[Part], whole: Clock, work: int, threads: int) -> list[Clock]:
    """A clock for each part: what is left of the time, or the steps, in proportion to its size."""
    arcs = np.array([len(part.arcs) for part in parts], dtype=float)
    share, lanes = arcs / arcs.sum(), min(threads, len(parts))
    clocks = []
    for own in share.tolist():
        seconds = None
        if whole.seconds is not None:
            seconds = max(0.05, whole.left * min(1.0, own * lanes))
        steps = max(10, round(work * own))
        clocks.append(Clock(seconds, steps, whole.end, whole.interrupted))
    return clocks


def _together(
    problem: Problem, parts: list[Part], solvers: list[Solver], seconds: float, interrupted: bool
) -> Answer:
    bound = float(sum(solver.bound for solver in solvers))
    infeasible = any(solver.infeasible for solver in solvers)
    if any(solver.best is None for solver in solvers):
        return Answer(None, np.inf, bound, seconds, infeasible, interrupted)
    chosen = np.empty(problem.items, dtype=np.int64)
    for part, solver in zip(parts, solvers, strict=True):
        assert solver.best is not None
        chosen[part.items] = part.arcs[solver.best]
    value = problem.value(chosen)
    return Answer(chosen, value, min(bound, value), seconds, interrupted=interrupted)
