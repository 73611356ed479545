"""Kicks: a few books shaken by noise, then exchanges between two books until nothing gains."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from csmcalc.optimum.assignment.exchange import Exchanger, Prices, descend
from csmcalc.optimum.assignment.pairs import PairExchanger, weighs_alike
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.swapped import Swapped

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
        pairs = list(itertools.combinations(range(self.problem.agents), 2))
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._swapped = Swapped.of(self.problem, search.clock.total)

    def wait(self, share: float) -> None:
        """Wait for compiled exchanges, if there are any, a share of what is left at most."""
        if self._swapped is not None:
            self._swapped.wait(share * self.search.clock.left)

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
        agents = np.sort(random.choice(problem.agents, few, replace=False))
        size = self.noise * random.exponential()
        noise = size * random.standard_normal(len(problem.cost))
        among = list(itertools.combinations(agents.tolist(), 2))
        if self._swapped is not None and self._swapped.ready:
            waiting = np.ones(len(among), dtype=bool)
            shaken = self._swapped.exchange(
                current,
                problem.cost + noise,
                self.prices.key + noise,
                np.array(among),
                waiting,
                self.search.clock.over,
                _FEW,
                once=True,
            )
        else:
            noisy = dataclasses.replace(problem, cost=problem.cost + noise)
            prices = dataclasses.replace(self.prices, key=self.prices.key + noise)
            exchanger = self._exchanger(noisy, prices, current, wide=False)
            for pair in among:
                exchanger.improve(pair)
            shaken = exchanger.chosen
        return self._descend(shaken, frozenset(agents.tolist()), wide=False)

    def _descend(self, chosen: Ints, touched: frozenset[int] | None, wide: bool) -> Ints:
        groups = self._pairs[self.random.permutation(len(self._pairs))]
        hit = np.zeros(self.problem.agents, dtype=np.int64)
        hit[list(touched or range(self.problem.agents))] = 1
        hits = hit[groups].sum(axis=1)
        groups, waiting = groups[np.argsort(-hits, kind="stable")], -np.sort(-hits) > 0
        over = self.search.clock.over
        if self._swapped is not None and self._swapped.ready:
            return self._swapped.exchange(
                chosen,
                self.problem.cost,
                self.prices.key,
                groups,
                waiting,
                over,
                _MANY if wide else _FEW,
            )
        exchanger = self._exchanger(self.problem, self.prices, chosen, wide)
        pairs = [(first, second) for first, second in groups.tolist()]
        descend(exchanger, pairs, over, touched)
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
