"""From a problem to the best assignment found, a bound that nothing can beat, and the gap."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.parts import Part, split
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.start import by_weight, greedy
from csmcalc.portfolio.books.engine.chained import Chained
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK, Clock
from csmcalc.portfolio.books.engine.mip import Found, Programme, library
from csmcalc.portfolio.books.engine.search import (
    PER_AGENT,
    Search,
    first_level,
    is_balanced,
    repair,
    rounded,
)

_SMALL = 3_000
"""Arcs up to which a part is also handed to HiGHS as a whole, to be proven."""

_TINY = 300
"""Arcs up to which a part is handed to HiGHS whole at once, without a first level."""

_TINY_PROOF = 0.7
"""Share of the time for the proof of such a part."""

_USABLE = 0.93
"""Share of the time that is planned for; the rest is for what cannot be stopped at once."""

_NODES = 10_000
"""Arcs times nodes of the tree that one step of work pays for: small parts are searched deeper."""

_PROOF = 0.4
"""Share of the time for the proof by reduced cost, where compiled chains can use the rest."""

_DEALT = 200_000
"""Arcs up to which items are dealt out before anything else, for an answer in a moment."""

_GRACE = 2.0
"""Seconds beyond the limit in which a first answer is mended, where the time brought none."""

_FIRST = 0.35
"""Share of the time for the first level."""


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
    solvers = _solvers(parts, seconds, seed, work, threads)
    helpers = ThreadPoolExecutor(1) if threads > len(parts) and seconds is not None else None
    with ThreadPoolExecutor(max(1, threads)) as pool:
        # the parts that are hard to satisfy go first: time may be short for the last ones
        first = sorted(solvers, key=_Solver.deal)
        futures = [pool.submit(solver.run, helpers) for solver in first]
        try:
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            for solver in solvers:
                solver.clock.interrupted.set()
            for future in futures:
                future.cancel()
    if helpers:
        helpers.shutdown(wait=False)
    return _together(problem, parts, solvers, time.monotonic() - begin)


def _solvers(
    parts: list[Part], seconds: float | None, seed: int, work: int, threads: int
) -> list[_Solver]:
    """A solver for each part, its time or steps in proportion to its size."""
    arcs = np.array([len(part.arcs) for part in parts], dtype=float)
    share = arcs / arcs.sum()
    lanes = min(threads, len(parts))
    deadline = np.inf if seconds is None else time.monotonic() + _USABLE * seconds
    solvers = []
    for part, own in zip(parts, share, strict=True):
        time_left = (
            None if seconds is None else max(0.05, _USABLE * seconds * min(1.0, own * lanes))
        )
        steps = max(10, round(work * float(own)))
        solvers.append(_Solver(part.problem, Clock(time_left, steps, deadline), seed))
    return solvers


def _together(
    problem: Problem, parts: list[Part], solvers: list[_Solver], seconds: float
) -> Answer:
    bound = float(sum(solver.bound for solver in solvers))
    infeasible = any(solver.infeasible for solver in solvers)
    interrupted = any(solver.clock.interrupted.is_set() for solver in solvers)
    if any(solver.best is None for solver in solvers):
        return Answer(None, np.inf, bound, seconds, infeasible, interrupted)
    chosen = np.empty(problem.items, dtype=np.int64)
    for part, solver in zip(parts, solvers, strict=True):
        assert solver.best is not None
        chosen[part.items] = part.arcs[solver.best]
    value = problem.value(chosen)
    return Answer(chosen, value, min(bound, value), seconds, interrupted=interrupted)


class _Solver:
    """One part: a search for answers and a search for bounds, side by side."""

    def __init__(self, problem: Problem, clock: Clock, seed: int) -> None:
        self.problem = problem
        self.clock = clock
        self.best: Ints | None = None
        self.value = np.inf
        # loads cost nothing at best, and no item less than its cheapest arc
        self.bound = float(np.minimum.reduceat(problem.cost, problem.first[:-1]).sum())
        self.infeasible = False
        self._seed = seed
        self._keeping = threading.Lock()
        self._whole_numbers = not is_balanced(problem) and bool(
            (problem.cost == np.round(problem.cost)).all()
        )

    def run(self, helper: ThreadPoolExecutor | None) -> None:
        """Relax and search; where the time was too short even for that, mend what was dealt out."""
        self.clock.start()
        self._relax_and_search(helper)
        if self.best is None and not self.infeasible:
            dealt = greedy(self.problem, self.problem.cost)
            mended = repair(self.problem, dealt, Clock(_GRACE))
            if mended is not None:
                self._found(mended, self.problem.value(mended))

    def deal(self) -> bool:
        """Give the items out in turn; whether that keeps every limit."""
        if len(self.problem.agent) > _DEALT:
            return False
        dealt = greedy(self.problem, self.problem.cost)
        if self.problem.feasible(dealt):
            self._found(dealt, self.problem.value(dealt))
        return self.best is not None

    def _relax_and_search(self, helper: ThreadPoolExecutor | None) -> None:
        """Relax, decide the first level, then search; beside it, or before it, prove more."""
        programme = Programme(self.problem)
        linear = programme.run(self.clock.effort(1.0, 1))
        self._raise(linear.bound)
        self.infeasible = linear.infeasible
        if linear.infeasible:
            return
        level = self._first_level(programme)
        if self.infeasible:
            return
        search = Search(self.problem, self.clock, self._seed, self._found)
        balanced = is_balanced(self.problem)
        tiny = len(self.problem.agent) <= _TINY
        beside = helper if helper and balanced and not tiny else None
        proving = beside.submit(self._prove, programme) if beside else None
        prices = search.begin(linear, level)
        if helper and not balanced:
            proving = helper.submit(self._beside, programme, linear, prices)
        if balanced and tiny and self.clock.seconds is not None:
            # the proof of a tiny part is soon there, and sooner where nothing else wants the time
            self._prove(programme, _TINY_PROOF)
        if helper is None and self.clock.seconds is None:
            if balanced:
                self._prove(programme)
            else:
                self._prove_core(programme, linear)
        search.go_on(prices, lambda: self.bound)
        if proving is not None:
            proving.result()

    def _first_level(self, programme: Programme) -> Found | None:
        """The heaviest items whole, the others shared: its bound holds for the whole problem."""
        if not is_balanced(self.problem) or len(self.problem.agent) <= _TINY:
            return None
        effort = self.clock.effort(_FIRST, self.clock.work, 1e-3)
        found = programme.run(effort, whole=first_level(self.problem))
        self._raise(found.bound)
        self.infeasible = found.infeasible
        return found

    def _prove(self, programme: Programme, share: float = 1.0) -> None:
        """All items whole where the part is small, more of them where it is not."""
        small = len(self.problem.agent) <= _SMALL or not is_balanced(self.problem)
        many = len(self.problem.agent) if small else 2 * PER_AGENT * self.problem.agents
        whole = by_weight(self.problem)[self.problem.item] < many
        nodes = self.clock.work * int(np.clip(_NODES / len(self.problem.agent), 1, 300))
        found = programme.run(self.clock.effort(share, nodes), whole=whole)
        self._raise(found.bound)
        self.infeasible = found.infeasible
        if found.share is not None:
            chosen = rounded(self.problem, found.share)
            if self.problem.feasible(chosen):
                self._found(chosen, self.problem.value(chosen))

    def _beside(self, programme: Programme, linear: Found, prices: Prices | None) -> None:
        """Prove; what time that leaves, search from another seed as well."""
        chains = None
        if prices is not None:
            chains = Chained.of(self.problem, prices, self._seed + 1, self.clock.seconds)
        self._prove_core(programme, linear, _PROOF if chains else 1.0)
        while chains and chains.ready and self.best is not None and not self.clock.over():
            if self.value <= self.bound + 1e-9 * abs(self.value):
                return
            chosen = chains.run(self.best, min(1.0, self.clock.left))
            self._found(chosen, self.problem.value(chosen))

    def _prove_core(self, programme: Programme, linear: Found, share: float = 1.0) -> None:
        """The whole without the arcs that no better answer can use, by their reduced cost."""
        if self.best is None or linear.reduced is None:
            self._prove(programme)
            return
        best, value = self.best, self.value
        keep = linear.reduced <= value - linear.value + 1e-6 * max(1.0, abs(value))
        keep[best] = True
        core = self.problem.restricted(keep)
        start = np.searchsorted(np.flatnonzero(keep), best)
        nodes = self.clock.work * int(np.clip(_NODES / len(core.agent), 1, 300))
        whole = np.ones(len(core.agent), dtype=bool)
        found = Programme(core).run(self.clock.effort(share, nodes), whole=whole, start=start)
        self._raise(value if found.infeasible else min(found.bound, value))
        if found.share is not None:
            chosen = np.flatnonzero(keep)[rounded(core, found.share)]
            if self.problem.feasible(chosen):
                self._found(chosen, self.problem.value(chosen))

    def _found(self, chosen: Ints, value: float) -> None:
        with self._keeping:
            if value < self.value:
                self.best, self.value = chosen, value

    def _raise(self, bound: float) -> None:
        if self._whole_numbers and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)
