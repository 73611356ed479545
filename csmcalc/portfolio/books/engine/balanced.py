"""Moves where loads have a price: dives and kicks."""

from __future__ import annotations

from collections import deque

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints
from csmcalc.optimum.assignment.start import by_weight
from csmcalc.portfolio.books.engine.dive import Dives, rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found
from csmcalc.portfolio.books.engine.search import Search

_STRONG = 3
"""Heaviest items per agent that the first dive tries with several agents."""

_KEPT = (0.3, 0.5, 0.7, 0.9)
"""Shares of the items that stay in a dive from an answer."""

_HEAVY = 0.3
"""Share of the items that are heavy: at times all others are free."""

_UNTIL = (0.5, 0.7, 0.85)
"""Shares of the items that dives look at; lighter ones are rounded and exchanged."""

_DIVES = 0.5
"""How often a step is a dive rather than a kick."""

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
        self._reduced, self._share = linear.reduced, linear.share
        self._rank = by_weight(self.problem)
        self._starts: deque[tuple[Floats, int]] = deque()
        self._dives: Dives | None = None

    def begin(self) -> None:
        """A first dive."""
        self._dives = self._within()
        chosen = self._dives.dive(strong=_STRONG * self.problem.agents)
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
        self._dives = self._within(given)
        strong = _STRONG * self.problem.agents
        chosen = self._dives.dive(given, self._rank < whole, strong=strong)
        return None if chosen is None else self.take(chosen)

    def step(self, current: Ints) -> Ints:
        """A new answer from the current one, taken unless it is clearly worse."""
        if self._dives is not None and self.random.random() < _DIVES:
            new = self._dive(current)
            self.search.clock.step(_DEAR - 1)
        else:
            new = self.kick(current)
        allowed = _PATIENCE * self.noise * self.random.exponential()
        better = self.problem.value(new) <= self.problem.value(current) + allowed
        return new if better else current

    def _within(self, *given: Ints) -> Dives:
        best = () if self.search.best is None else (self.search.best,)
        search = self.search
        return Dives(self.problem, self._reduced, search.clock, search.random, given + best)

    def _dive(self, current: Ints) -> Ints:
        """Some items stay, the others are decided anew."""
        problem, random = self.problem, self.random
        assert self._dives is not None
        keep = random.random(problem.items) < random.choice(_KEPT)
        if random.random() < 0.5:
            keep &= self._rank < _HEAVY * problem.items
        chosen = self._dives.dive(
            current,
            keep,
            below=self.search.value,
            strong=int(random.choice((0, 2 * problem.agents))),
            noise=float(random.choice((0.0, 0.5))),
            until=float(random.choice(_UNTIL)),
        )
        if chosen is None:
            return current
        chosen = self.settled(chosen, wide=False)
        return chosen if problem.feasible(chosen) else current
