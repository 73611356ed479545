"""A part whose loads have a price: dives and exchanges, and proofs of more and more whole items."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from csmcalc.optimum.assignment.start import by_weight
from csmcalc.portfolio.books.engine.balanced import Balanced
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.solver import NODES, Solver

_SMALL = 3_000
"""Arcs up to which the last proof of a part has all items whole."""

_WIDER = (4, 8, 16)
"""Largest items per agent that are whole in the proofs beside the search, one after the other."""

_LEVEL_GAP = 3e-3
"""Share of the value by which the first level may be off its own best."""

_FIRST = 0.35
"""Share of the time for the first level."""

_SOON, _SOONEST, _PATIENT = 0.12, 0.4, 0.9
"""After which share of the time, or how many seconds, the search of a tiny part leaves it to the
proof, and for how much of what is left."""

PER_AGENT = 2
"""Largest items per agent that the first level decides as whole; the rest may be shared there."""

_CLOSE, _LONG = 1e-3, 40
"""Share of the value within which a first level has nothing to win, and items per agent from which
the relaxation is as good, where other parts wait."""


class Priced(Solver):
    """A part whose loads have a price."""

    def go_on(self, search: Search, linear: Found, helper: ThreadPoolExecutor | None) -> None:
        """Dive, then search; beside it, or before it, prove more."""
        moves = Balanced(search, linear)
        proving = self._early(moves, helper)
        moves.begin()
        if proving is None:
            self._first_proof(moves)
        if self.tiny and self.clock.seconds is not None:
            soon = min(_SOON, _SOONEST / self.clock.seconds)
            search.go_on(moves, lambda: self.bound, soon)
            self._prove_from_best()
            if self.best is not None:
                search.offer(self.best)
        search.go_on(moves, self.enough)
        if proving is not None:
            proving.result()

    def _early(self, moves: Balanced, helper: ThreadPoolExecutor | None) -> Future[None] | None:
        """Where there is a helper, it proves from the start."""
        if helper is None:
            return None
        # HiGHS makes cuts of its own for what is tiny
        programme = Programme(self.problem, cuts=False) if self.tiny else self.programme
        return helper.submit(self._prove, programme, moves)

    def _first_proof(self, moves: Balanced) -> None:
        """Prove more before the search goes on, where there is no helper."""
        if self.clock.seconds is None:
            self._prove(self.programme, moves)
        elif not self.tiny and not self._close():
            self._first_level(moves)

    def _close(self) -> bool:
        """Whether a first level has little to win."""
        long = self.problem.items >= _LONG * self.problem.agents
        return long or self.value - self.bound <= _CLOSE * abs(self.value)

    def _first_level(self, moves: Balanced) -> None:
        """The heaviest items whole, the others shared: its bound holds for the whole problem."""
        looks = self.looks(self.problem)
        effort = self.clock.effort(_FIRST, self.clock.work, _LEVEL_GAP, looks)
        many = PER_AGENT * self.problem.agents
        found = self.programme.run(effort, whole=by_weight(self.problem)[self.problem.item] < many)
        self.lift(found.bound)
        self.infeasible = found.infeasible
        if found.share is not None:
            moves.also(found.share, many)

    def _prove(self, programme: Programme, moves: Balanced) -> None:
        """More and more items whole, as far as the effort goes; what that finds is a new start."""
        if not self.tiny:
            self._first_level(moves)
        arcs, work = len(self.problem.agent), self.clock.work
        rank = by_weight(self.problem)[self.problem.item]
        whole = [] if self.tiny else [many * self.problem.agents for many in _WIDER]
        if arcs <= _SMALL:
            whole = [many for many in whole if many < self.problem.items] + [self.problem.items]
        for many in whole:
            if self.clock.left <= 0 or self.done():
                return
            nodes = work * int(np.clip(NODES / arcs, 1, 300))
            effort = self.clock.effort(1.0, nodes, looks=self.looks(self.problem) // 2)
            effort = dataclasses.replace(effort, stop=self.decided)
            # a poor start leads HiGHS astray in a tiny part, where it finds the best by itself
            start = None if self.tiny else self.best
            found = programme.run(effort, whole=rank < many, start=start, proof=not self.tiny)
            self.lift(found.bound)
            self.infeasible = found.infeasible and self.best is None
            if found.share is None:
                return
            if many < self.problem.items:
                moves.also(found.share, many)
                continue
            self.whole(found)

    def _prove_from_best(self) -> None:
        """A proof that begins with the best answer, and looks for no other."""
        if self.best is None or self.done():
            return
        effort = self.clock.effort(_PATIENT, self.clock.work)
        effort = dataclasses.replace(effort, stop=self.decided)
        whole = np.ones(len(self.problem.agent), dtype=bool)
        programme = Programme(self.problem, cuts=False)
        found = programme.run(effort, whole=whole, start=self.best, proof=True)
        self.lift(found.bound)
        self.whole(found)
