"""Dives: from the relaxation down to whole items, the heaviest first, solving anew on the way.

A relaxation shares out few items: no more than it has rows of loads. The heaviest of them are given
to one agent, the relaxation is solved again, and so on until only light items are shared; what
a heavy item upsets, the lighter ones put right at little cost. Where the first items decide most,
each of their agents is tried (strong diving).
"""

from __future__ import annotations

import dataclasses

import numpy as np

from csmcalc.optimum.assignment.parts import part
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.optimum.assignment.start import by_weight
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.relaxed import Relaxed

_ARCS, _MANY = (1.5, 3.0), 4000
"""Arcs per item that a dive looks at, those of the lowest reduced cost; the more if that are not
too many."""

_EACH = 2.0
"""Arcs to each agent, of the lowest reduced cost, in parts of its even share of the items."""

_HEAVY = 10
"""Heaviest items per agent whose arcs are all looked at."""

_ALL = 2000
"""Arcs up to which a dive looks at all of them."""

_BATCH = 0.3
"""Share of the shared items that are decided before the relaxation is solved again."""

_TRIED = 3
"""Agents that are tried for an item that decides much."""

_WHOLE = 1 - 1e-6


def rounded(problem: Problem, share: Floats) -> Ints:
    """Each item's arc of the largest share."""
    by = np.lexsort((-share, problem.item))
    return np.asarray(by[problem.first[:-1]])


class Dive:
    """One dive within some arcs of a problem; items of a single one are settled from the start."""

    def __init__(
        self, problem: Problem, arcs: Ints, clock: Clock, random: np.random.Generator
    ) -> None:
        self.problem, self.clock, self.random = problem, clock, random
        item = problem.item[arcs]
        alone = np.bincount(item, minlength=problem.items)[item] == 1
        self._base = np.full(problem.items, -1)
        self._base[item[alone]] = arcs[alone]
        inner = part(problem, arcs[~alone], np.arange(problem.agents))
        self._arcs, self._items = inner.arcs, inner.items
        load = problem.loads(arcs[alone])
        self._inner = dataclasses.replace(
            inner.problem,
            target=problem.target - load,
            low=problem.low - load,
            high=problem.high - load,
        )
        self._cost = float(problem.cost[arcs[alone]].sum())
        self._rank = by_weight(problem)[inner.items]
        self._done = np.zeros(len(inner.items), dtype=bool)

    def run(
        self, below: float = np.inf, strong: int = 0, noise: float = 0.0, until: float = 0.5
    ) -> Ints | None:
        """An answer, not always within the limits; None where it would not be below a value.

        Args:
            strong: how many of the heaviest items are tried with several agents.
            noise: what the shares are shaken by before one is taken.
            until: share of the items that are looked at; lighter ones are rounded.
        """
        if not len(self._arcs):
            return self._base
        self._relaxed = Relaxed(self._inner, self.clock)
        last = until * self.problem.items
        if not self._relaxed.solve():
            return None
        while self._relaxed.value + self._cost < below:
            shared = self._shared()
            if not len(shared) or self._rank[shared[0]] > last or self.clock.over():
                return self._answer()
            few = shared[:1] if self._rank[shared[0]] < strong else self._few(shared)
            if len(few) == 1 or not self._settle(few, noise):
                few = shared[:1]
                self._try(int(shared[0]), noise)
            self._done[few] = True
        return None

    def _shared(self) -> Ints:
        """Items that the relaxation shares out, the heaviest first."""
        most = np.maximum.reduceat(self._relaxed.share, self._inner.first[:-1])
        shared: Ints = np.flatnonzero((most < _WHOLE) & ~self._done)
        return shared[np.argsort(self._rank[shared], kind="stable")]

    def _few(self, shared: Ints) -> Ints:
        """The heaviest of them, of about the same weight."""
        few = shared[: max(1, int(_BATCH * len(shared)))]
        lead = self._rank[few[0]]
        alike: Ints = few[self._rank[few] <= max(2 * lead, lead + 2)]
        return alike

    def _shaken(self, noise: float) -> Ints:
        share = self._relaxed.share
        if noise > 0:
            share = share + noise * self.random.random(len(share)) * (share > 1e-6)
        return rounded(self._inner, share)

    def _settle(self, items: Ints, noise: float) -> bool:
        """Give items to the agents of their largest shares, unless no answer is left then."""
        self._relaxed.settle(self._shaken(noise)[items])
        if self._relaxed.solve():
            return True
        self._free(items)
        return False

    def _free(self, items: Ints) -> None:
        arcs = np.flatnonzero(np.isin(self._inner.item, items))
        self._relaxed.bound(arcs, np.zeros(len(arcs)), np.ones(len(arcs)))

    def _try(self, item: int, noise: float) -> None:
        """Give an item to the agent with which the relaxation stays cheapest, if there is one."""
        relaxed, first = self._relaxed, self._inner.first
        arcs = np.arange(first[item], first[item + 1])
        taken = arcs[np.argsort(-relaxed.share[arcs], kind="stable")]
        taken = taken[relaxed.share[taken] > 1e-6][:_TRIED]
        lowest, best = np.inf, -1
        for arc in taken.tolist():
            relaxed.settle(np.array([arc]))
            value = relaxed.value if relaxed.solve() else np.inf
            value *= 1 + 0.01 * noise * self.random.random()
            if value < lowest:
                lowest, best = value, arc
            self._free(np.array([item]))
        if best >= 0:
            relaxed.settle(np.array([best]))
        relaxed.solve()

    def _answer(self) -> Ints:
        chosen = self._base.copy()
        chosen[self._items] = self._arcs[rounded(self._inner, self._relaxed.share)]
        return chosen


def core(problem: Problem, reduced: Floats, share: Floats) -> Mask:
    """The arcs a dive looks at: those the relaxation takes a share of, of the lowest rise over the
    item's best arc, or of a heavy item.
    """
    if len(reduced) <= _ALL:
        return np.ones(len(reduced), dtype=bool)
    rise = reduced - np.minimum.reduceat(reduced, problem.first[:-1])[problem.item]
    least, most = (int(per * problem.items) for per in _ARCS)
    few = min(max(least, min(most, _MANY)), len(rise) - 1)
    # of arcs that cost the same, rounding alone says which has the lower rise
    keep: Mask = (rise <= np.partition(rise, few)[few]) | (share > 0)
    # at other prices of the same value another agent may be the cheap one
    lead = np.lexsort((rise, problem.agent))
    place = np.empty(len(rise), dtype=np.int64)
    start = np.searchsorted(problem.agent[lead], np.arange(problem.agents))
    place[lead] = np.arange(len(rise)) - start[problem.agent[lead]]
    keep |= place < _EACH * problem.items / problem.agents
    keep |= by_weight(problem)[problem.item] < _HEAVY * problem.agents
    return keep
