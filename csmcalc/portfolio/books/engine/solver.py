"""One part of a problem: answers and bounds, side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from csmcalc.optimum.assignment.prices import dual
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.repair import relieved
from csmcalc.optimum.assignment.start import by_weight, greedy
from csmcalc.portfolio.books.engine.balanced import Balanced
from csmcalc.portfolio.books.engine.chained import Chained
from csmcalc.portfolio.books.engine.clock import Clock, Stop
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.plain import Plain
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.standing import Standing, rounding

_SMALL = 3_000
"""Arcs up to which the last proof of a part has all items whole."""

_TINY = 300
"""Arcs up to which a part is handed to HiGHS whole at once, without a first level, and once more
from the best answer of a short search: the one proof is sometimes many times as long as the other.
"""

_WIDER = (4, 8, 16)
"""Largest items per agent that are whole in the proofs beside the search, one after the other."""

_CLIMB = 150
"""Steps towards a bound where there is no time to relax."""

_RELAXED = 30_000
"""Arcs of a part that can be relaxed in a second, at least."""

_LEVEL_GAP = 3e-3
"""Share of the value by which the first level may be off its own best."""

_NODES = 10_000
"""Arcs times nodes of the tree that one step of work pays for: small parts are searched deeper."""

_LOOKS = 300
"""Arcs times looks of HiGHS that one step of work pays for at the first level, where those are few;
a proof has half of them."""

_MANY = 1_000_000
"""Looks for a tiny part: there it is the nodes that count."""

_PROOF = 0.4
"""Share of the time for the proof by reduced cost, where compiled chains can use the rest."""

_FIRST = 0.35
"""Share of the time for the first level."""

_NEAR, _SMALL_SHARE = 1e-3, 0.03
"""How near the bound, as a share of it, a part may stop that has only such a share of the time."""

_SOON, _SOONEST, _PATIENT = 0.12, 0.4, 0.9
"""After which share of the time, or how many seconds, the search of a tiny part leaves it to the
proof, and for how much of what is left."""

PER_AGENT = 2
"""Largest items per agent that the first level decides as whole; the rest may be shared there."""

_CLOSE, _LONG = 1e-3, 40
"""Share of the value within which a first level has nothing to win, and items per agent from which
the relaxation is as good, where other parts wait."""


class Solver(Standing):
    """One part: a search for answers and a search for bounds, side by side."""

    def __init__(self, problem: Problem, seed: int) -> None:
        super().__init__(problem)
        self.clock = Clock(None)
        self._decided = Stop()
        self._seed = seed
        self._tiny = len(problem.agent) <= _TINY

    def open(self, stop: Callable[[], bool]) -> None:
        """A first answer in moments and without HiGHS."""
        problem = self.problem
        dealt = self._mended(greedy(problem, problem.cost), stop)
        if self.best is None:
            prices = dual(problem, problem.value(dealt), _CLIMB, stop).prices
            self._mended(greedy(problem, prices.key), stop)

    def _mended(self, chosen: Ints, stop: Callable[[], bool]) -> Ints:
        """An answer that is kept if its limits can be."""
        if not self.problem.feasible(chosen):
            chosen = relieved(self.problem, chosen, stop)
        if self.problem.feasible(chosen):
            self.found(chosen, self.problem.value(chosen))
        return chosen

    def run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        """All there is time for; at the end at least an answer, however it was come by."""
        with clock.stop.ends(self._decided.set):
            self._run(clock, helper)
        if self.best is None and not self.infeasible:
            self.open(clock.lenient().over)

    def _run(self, clock: Clock, helper: ThreadPoolExecutor | None) -> None:
        """Relax, dive, then search; beside it, or before it, prove more."""
        self.clock = clock
        clock.start()
        if clock.over():
            return
        search = Search(self.problem, clock, self._seed, self.found)
        if self.best is not None:
            search.offer(self.best)
        if clock.left < len(self.problem.agent) / _RELAXED:
            self._brief(search)
            return
        programme = Programme(self.problem)
        linear = programme.run(clock.lenient().effort(1.0, 1))
        self.lift(linear.bound)
        self.infeasible = linear.infeasible
        if linear.balance is None:
            return
        moves = (Balanced if self.balanced else Plain)(search, linear)
        proving = self._early(programme, moves, helper)
        moves.begin()
        if proving is None:
            proving = self._proofs(programme, moves, linear, helper)
        if self._tiny and clock.seconds is not None and (self.balanced or helper is None):
            soon = min(_SOON, _SOONEST / clock.seconds)
            search.go_on(moves, lambda: self.bound, soon)
            self._prove_from_best()
            if self.best is not None:
                search.offer(self.best)
        search.go_on(moves, self._enough)
        if proving is not None:
            proving.result()

    def _enough(self) -> float:
        """The value that needs no more search: the bound, or near it where other parts wait."""
        share = (
            self.clock.seconds / self.clock.total if self.clock.total and self.clock.seconds else 1
        )
        near = _NEAR * abs(self.bound) if share < _SMALL_SHARE else 0.0
        return self.bound + max(near, rounding(self.bound))

    def _early(
        self, programme: Programme, moves: Balanced | Plain, helper: ThreadPoolExecutor | None
    ) -> Future[None] | None:
        """Where loads have a price and there is a helper, it proves from the start."""
        if helper is None or isinstance(moves, Plain):
            return None
        if self._tiny:
            # HiGHS makes cuts of its own
            programme = Programme(self.problem, cuts=False)
        return helper.submit(self._prove, programme, moves)

    def _brief(self, search: Search) -> None:
        """Where there is no time to relax: prices uphill, their bound, and exchanges by them."""
        clock, value = self.clock, self.value
        if not np.isfinite(value):
            value = self.problem.value(greedy(self.problem, self.problem.cost))
        enough = clock.left / 2
        climbed = dual(self.problem, value, _CLIMB, lambda: clock.left < enough)
        self.lift(climbed.bound)
        kicks = Kicks(search, climbed.prices)
        for chosen in (greedy(self.problem, climbed.prices.key), self.best):
            if chosen is not None:
                kicks.take(chosen)

    def _proofs(
        self,
        programme: Programme,
        moves: Balanced | Plain,
        linear: Found,
        helper: ThreadPoolExecutor | None,
    ) -> Future[None] | None:
        """Prove more before the search goes on, or beside it where there is a helper."""
        if isinstance(moves, Plain):
            if helper is not None:
                return helper.submit(self._beside, programme, moves, linear)
            if self.clock.seconds is None:
                self._prove_core(programme, moves, linear)
            return None
        if self.clock.seconds is None:
            self._prove(programme, moves)
        elif not self._tiny and not self._close():
            self._first_level(programme, moves)
        return None

    def _close(self) -> bool:
        """Whether a first level has little to win."""
        long = self.problem.items >= _LONG * self.problem.agents
        return long or self.value - self.bound <= _CLOSE * abs(self.value)

    def _first_level(self, programme: Programme, moves: Balanced | Plain) -> None:
        """The heaviest items whole, the others shared: its bound holds for the whole problem."""
        looks = self._looks(self.problem)
        effort = self.clock.effort(_FIRST, self.clock.work, _LEVEL_GAP, looks)
        many = PER_AGENT * self.problem.agents
        found = programme.run(effort, whole=by_weight(self.problem)[self.problem.item] < many)
        self.lift(found.bound)
        self.infeasible = found.infeasible
        if found.share is not None:
            moves.also(found.share, many)

    def _prove(self, programme: Programme, moves: Balanced | Plain) -> None:
        """More and more items whole, as far as the effort goes; what that finds is a new start."""
        if self.balanced and not self._tiny:
            self._first_level(programme, moves)
        arcs, work = len(self.problem.agent), self.clock.work
        rank = by_weight(self.problem)[self.problem.item]
        whole = [] if self._tiny else [many * self.problem.agents for many in _WIDER]
        if arcs <= _SMALL or not self.balanced:
            whole = [many for many in whole if many < self.problem.items] + [self.problem.items]
        for many in whole:
            if self.clock.left <= 0 or self.done():
                return
            nodes = work * int(np.clip(_NODES / arcs, 1, 300))
            effort = self.clock.effort(1.0, nodes, looks=self._looks(self.problem) // 2)
            effort = dataclasses.replace(effort, stop=self._decided)
            # a poor start leads HiGHS astray in a tiny part, where it finds the best by itself
            start = None if self._tiny else self.best
            found = programme.run(effort, whole=rank < many, start=start, proof=not self._tiny)
            self.lift(found.bound)
            self.infeasible = found.infeasible and self.best is None
            if found.share is None:
                return
            if many < self.problem.items:
                moves.also(found.share, many)
                continue
            self._whole(found)

    def _prove_from_best(self) -> None:
        """A proof that begins with the best answer, and looks for no other."""
        if self.best is None or self.done():
            return
        effort = self.clock.effort(_PATIENT, self.clock.work)
        effort = dataclasses.replace(effort, stop=self._decided)
        whole = np.ones(len(self.problem.agent), dtype=bool)
        programme = Programme(self.problem, cuts=False)
        found = programme.run(effort, whole=whole, start=self.best, proof=True)
        self.lift(found.bound)
        self._whole(found)

    def _whole(self, found: Found) -> None:
        """What HiGHS found where all items are whole; where it is proven, all other proofs end."""
        if found.share is None:
            return
        chosen = rounded(self.problem, found.share)
        if self.problem.feasible(chosen):
            self.found(chosen, self.problem.value(chosen))
        if self.done():
            self._decided.set()

    def _beside(self, programme: Programme, moves: Plain, linear: Found) -> None:
        """Prove; what time that leaves, search from another seed as well."""
        chains = Chained.of(self.problem, moves.prices, self._seed + 1, self.clock.total)
        self._prove_core(programme, moves, linear, _PROOF if chains else 1.0)
        while chains and chains.ready and self.best is not None and not self.clock.over():
            if self.done():
                return
            chosen = chains.run(self.best, min(1.0, self.clock.left))
            self.found(chosen, self.problem.value(chosen))

    def _prove_core(
        self, programme: Programme, moves: Plain, linear: Found, share: float = 1.0
    ) -> None:
        """The whole without the arcs that no better answer can use, by their reduced cost."""
        if self.best is None or linear.reduced is None:
            self._prove(programme, moves)
            return
        best, value = self.best, self.value
        keep = linear.reduced <= value - linear.value + 1e-6 * max(1.0, abs(value))
        keep[best] = True
        core = self.problem.restricted(keep)
        start = np.searchsorted(np.flatnonzero(keep), best)
        nodes = self.clock.work * int(np.clip(_NODES / len(core.agent), 1, 300))
        looks = 5 * self._looks(core)
        whole = np.ones(len(core.agent), dtype=bool)
        found = Programme(core).run(
            self.clock.effort(share, nodes, looks=looks), whole=whole, start=start
        )
        self.lift(value if found.infeasible else min(found.bound, value))
        if found.share is not None:
            chosen = np.flatnonzero(keep)[rounded(core, found.share)]
            if self.problem.feasible(chosen):
                self.found(chosen, self.problem.value(chosen))

    def _looks(self, problem: Problem) -> int:
        """Looks of HiGHS that the steps of this part pay for."""
        arcs = len(problem.agent)
        return _MANY if arcs <= _TINY else max(10, self.clock.work * _LOOKS // arcs)
