"""Branch and bound with bounds of knapsacks: whether any answer costs less than a limit.

At each node the prices of the items climb a few steps from those of the node above, and every arc
with which an answer would cost the limit or more is left out; what remains is split by the arcs of
one item. With a limit just above the bound of the whole the tree is small: the levels above it are
searched one after the other.
Source: Posta, Ferland, Michelon (2012), An exact method with variable fixing for solving the
generalized assignment problem.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.knapsacks import Ascent, Knapsacks
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem

_STEPS, _PATIENCE = 25, 8
"""Steps up at a node, and those without a better bound after which they become shorter."""

_WORTH = 0.05
"""Share of the arcs that has to be left out for another climb at the same node."""

_FEW = 3
"""Arcs of an item up to which a node is split into all of them; else the best one, or not."""


@dataclass(frozen=True)
class Settled:
    """An answer below the limit, if one was found, and whether the tree was searched to its end."""

    chosen: Ints | None
    complete: bool


class Tree:
    """The search for an answer below a limit."""

    def __init__(
        self, problem: Problem, limit: float, stop: Callable[[], bool], nodes: int = sys.maxsize
    ) -> None:
        """A search that ends early when it is told to stop, or after so many nodes."""
        self._problem, self._limit, self._stop = problem, limit, stop
        self._left, self._ended = nodes, False
        self._answer: Ints | None = None

    def search(self, sacks: Knapsacks, prices: Floats) -> Settled:
        """Search all that the knapsacks can use, from the prices of their best bound."""
        waiting = [(sacks, prices)]
        while waiting:
            if self._left <= 0:
                return Settled(None, False)
            self._left -= 1
            # the last one first: what looks best goes deep, and few nodes wait
            waiting += self._node(*waiting.pop())
            if self._answer is not None or self._ended:
                return Settled(self._answer, self._answer is not None)
        return Settled(None, True)

    def _node(self, sacks: Knapsacks, prices: Floats) -> list[tuple[Knapsacks, Floats]]:
        """What has to be looked at instead of this node; nothing where it is settled."""
        many = np.inf
        while True:
            way = Ascent(sacks, prices, _PATIENCE)
            for _step in range(_STEPS):
                if self._over(way) or not way.step(sacks, self._limit):
                    break
            if self._over(way):
                return []
            prices = way.best.prices
            least = sacks.least(prices)
            sacks = sacks.below(least, self._limit)
            arcs, item = sacks.offers.arcs, sacks.offers.item
            counts = np.bincount(item, minlength=self._problem.items)
            if not counts.all():
                return []
            if len(arcs) > (1 - _WORTH) * many:
                break
            many = len(arcs)
        if counts.max() == 1:
            self._take(arcs)
            return []
        return self._split(sacks, way, least, counts)

    def _over(self, way: Ascent) -> bool:
        """Whether a node is settled, by its bound or by an answer, or the search has to end."""
        self._ended = self._ended or self._stop()
        if way.best.bound >= self._limit or self._ended:
            return True
        if way.now.whole:
            self._take(way.now.arcs)
        return self._answer is not None

    def _take(self, arcs: Ints) -> None:
        """Keep an answer if it is within the limits: sizes may have been rounded."""
        problem = self._problem
        chosen = arcs[np.argsort(problem.item[arcs], kind="stable")]
        if problem.feasible(chosen) and problem.value(chosen) < self._limit:
            self._answer = chosen

    def _split(
        self, sacks: Knapsacks, way: Ascent, least: Floats, counts: Ints
    ) -> list[tuple[Knapsacks, Floats]]:
        """By the arcs of an item that is not taken once, of those the one with the fewest."""
        prices, limit = way.best.prices, self._limit
        open_items = np.flatnonzero(counts > 1)
        off = open_items[way.best.times[open_items] != 1]
        among = off if len(off) else open_items
        item = int(among[np.argmin(counts[among])])
        own = sacks.offers.arcs[sacks.offers.item == item]
        own = own[np.argsort(least[own], kind="stable")]
        if len(own) > _FEW:
            with_best = sacks.below(least, limit, item, int(own[0]))
            return [(sacks.below(least, limit, -1, int(own[0])), prices), (with_best, prices)]
        return [(sacks.below(least, limit, item, arc), prices) for arc in own[::-1].tolist()]
