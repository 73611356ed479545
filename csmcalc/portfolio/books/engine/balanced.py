"""Moves where loads have a price: dives and kicks."""

from __future__ import annotations

from collections import deque

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask
from csmcalc.optimum.assignment.start import by_weight
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.dive import Dive, core, rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found
from csmcalc.portfolio.books.engine.search import Search

_STRONG = 3
"""Heaviest items per agent that the first dive tries with several agents."""

_AT_LEISURE, _STRONG_SHORT, _UNTIL_SHORT = 10_000, 1, 0.1
"""Arcs that there has to be a second for; else fewer items are tried, and fewer looked at."""

_KEPT = (0.3, 0.5, 0.7, 0.9)
"""Shares of the items that stay in a dive from an answer."""

_HEAVY, _ONLY_HEAVY = 0.3, 0.5
"""Share of the items that are heavy, and how often all others are free."""

_UNTIL = (0.5, 0.7, 0.85)
"""Shares of the items that dives look at; lighter ones are rounded and exchanged."""

_DIVES = 0.4
"""Share of the effort of dives; the rest is for kicks."""

_PATIENCE = 0.3
"""By how much of a kick's size an answer may be worse and yet be taken, on average."""

_DEAR = 5
"""Steps that a dive counts as."""


class Balanced(Kicks):
    """Moves from one answer of a part to the next."""

    def __init__(self, search: Search, linear: Found) -> None:
        assert linear.balance is not None
        assert linear.limit is not None
        assert linear.reduced is not None
        assert linear.share is not None
        super().__init__(search, Prices.of(search.problem, linear.balance, linear.limit))
        self._share = linear.share
        self._rank = by_weight(self.problem)
        self._starts: deque[tuple[Floats, int]] = deque()
        self._core = core(self.problem, linear.reduced, linear.share)
        self._spent = np.zeros(2)

    def begin(self) -> None:
        """The relaxation rounded and exchanged where time is short, then a first dive."""
        clock = self.search.clock
        short = clock.left < len(self.problem.agent) / _AT_LEISURE
        if short:
            self.search.offer(self.settled(rounded(self.problem, self._share), wide=False))
        if self.search.best is None:
            clock = clock.lenient()
        strong = (_STRONG_SHORT if short else _STRONG) * self.problem.agents
        until = _UNTIL_SHORT if short else _UNTIL[0]
        first = self._within(None, None, clock)
        chosen = first.run(strong=strong, until=until)
        self.take(rounded(self.problem, self._share) if chosen is None else chosen)

    def also(self, share: Floats, whole: int) -> None:
        """Go on from here as well: shares of arcs of which so many of the heaviest are whole."""
        self._starts.append((share, whole))

    def start(self) -> Ints | None:
        """A dive from the next of these."""
        if not self._starts:
            return None
        share, whole = self._starts.popleft()
        given = rounded(self.problem, share)
        strong = _STRONG * self.problem.agents
        chosen = self._within(given, self._rank < whole).run(strong=strong)
        return None if chosen is None else self.take(chosen)

    def step(self, current: Ints) -> Ints:
        """A new answer from the current one, taken unless it is clearly worse."""
        clock = self.search.clock
        begin = clock.spent
        dive = self._spent[0] <= _DIVES * self._spent.sum()
        if dive:
            new = self._dive(current)
            clock.step(_DEAR - 1)
        else:
            new = self.kick(current)
        self._spent[0 if dive else 1] += max(clock.spent - begin, 1e-4)
        allowed = _PATIENCE * self.noise * self.random.exponential()
        better = self.problem.value(new) <= self.problem.value(current) + allowed
        return new if better else current

    def _within(self, given: Ints | None, keep: Mask | None, clock: Clock | None = None) -> Dive:
        """A dive in which some items stay with an answer and the others may."""
        search, arcs = self.search, self._core
        if given is not None and keep is not None:
            arcs = arcs & ~keep[self.problem.item]
            arcs[given] = True
        elif search.best is not None:
            arcs = arcs.copy()
            arcs[search.best] = True
        return Dive(self.problem, np.flatnonzero(arcs), clock or search.clock, search.random)

    def _dive(self, current: Ints) -> Ints:
        """Some items stay, the others are decided anew."""
        problem, random = self.problem, self.random
        chosen = self._within(current, self._kept()).run(
            below=self.search.value,
            strong=int(random.choice((0, 2 * problem.agents))),
            noise=float(random.choice((0.0, 0.5))),
            until=float(random.choice(_UNTIL)),
        )
        if chosen is None:
            return current
        chosen = self.settled(chosen, wide=False)
        return chosen if problem.feasible(chosen) else current

    def _kept(self) -> Mask:
        """Which items stay, by lot."""
        items, random = self.problem.items, self.random
        keep: Mask = random.random(items) < random.choice(_KEPT)
        if random.random() < _ONLY_HEAVY:
            keep &= self._rank < _HEAVY * items
        return keep
