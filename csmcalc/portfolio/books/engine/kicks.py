"""Kicks: a few books shaken by noise, then exchanges between two books until nothing gains."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from csmcalc.optimum.assignment.exchange import Exchanger, Prices, descend
from csmcalc.optimum.assignment.pairs import PairExchanger, weighs_alike
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.search import Search

_NARROW, _WIDE = (40, 600), (60, 2000)
"""Single moves and pairs of moves that exchanges combine where weights depend on the agent."""

_FEW, _MANY = 24, 40
"""Single moves that exchanges combine where they do not."""


class Kicks:
    """Kicks and exchanges within one part."""

    def __init__(self, search: Search, prices: Prices) -> None:
        self.search, self.prices = search, prices
        self.problem, self.random = search.problem, search.random
        self.noise = noise_of(self.problem, prices)
        self._alike = weighs_alike(self.problem)
        self._pairs = list(itertools.combinations(range(self.problem.agents), 2))

    def settled(self, chosen: Ints, wide: bool) -> Ints:
        """Exchanged until nothing gains."""
        return self._descend(chosen, None, wide)

    def take(self, chosen: Ints) -> Ints:
        """An answer repaired where need be, exchanged and offered."""
        chosen = self.settled(self.search.kept(chosen), wide=False)
        self.search.offer(chosen)
        return chosen

    def kick(self, current: Ints) -> Ints:
        """A few books shaken by noise, then exchanged."""
        problem, random = self.problem, self.random
        few = min(problem.agents, int(random.integers(2, 5)))
        agents = tuple(random.choice(problem.agents, few, replace=False).tolist())
        size = self.noise * random.exponential()
        cost = problem.cost + size * random.standard_normal(len(problem.cost))
        noisy = dataclasses.replace(problem, cost=cost)
        prices = Prices.of(noisy, self.prices.balance, self.prices.limit)
        exchanger = self._exchanger(noisy, prices, current, wide=False)
        for pair in itertools.combinations(agents, 2):
            exchanger.improve(pair)
        return self._descend(exchanger.chosen, frozenset(agents), wide=False)

    def _descend(self, chosen: Ints, touched: frozenset[int] | None, wide: bool) -> Ints:
        exchanger = self._exchanger(self.problem, self.prices, chosen, wide)
        by = self.random.permutation(len(self._pairs))
        groups = [self._pairs[k] for k in by]
        if touched is not None:
            groups.sort(key=lambda pair: -len(touched & set(pair)))
        descend(exchanger, groups, self.search.clock.over, touched)
        return exchanger.chosen

    def _exchanger(
        self, problem: Problem, prices: Prices, chosen: Ints, wide: bool
    ) -> Exchanger | PairExchanger:
        if self._alike:
            return PairExchanger(problem, prices, chosen, _MANY if wide else _FEW)
        return Exchanger(problem, prices, chosen, *(_WIDE if wide else _NARROW))


def noise_of(problem: Problem, prices: Prices) -> float:
    """A kick's size: what a small item's change of hands costs."""
    key = prices.key
    lowest = np.minimum.reduceat(key, problem.first[:-1])
    rise = key - lowest[problem.item]
    rise = rise[rise > 1e-12]
    return float(np.quantile(rise, 0.1)) if len(rise) else 1.0
