"""A good assignment in a moment and without a solver, the same on every machine.

Few enough assignments are all looked at. Otherwise: a greedy start, prices, exchanges, then kicks
(some items elsewhere, exchanges again) for a number of steps that does not depend on the clock.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.exchange import descend
from csmcalc.optimum.assignment.pairs import PairExchanger
from csmcalc.optimum.assignment.parts import Part, split
from csmcalc.optimum.assignment.prices import dual
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.optimum.assignment.repair import relieved
from csmcalc.optimum.assignment.start import greedy

_ALL = 1 << 16
"""Assignments up to which every one is looked at."""

_FEW, _SINGLES = 24, 40
"""Moves of a pair of agents that are combined: while searching, and at the end."""

_MOST_LOOKS = 1200
"""Pairs of agents that are looked at in all: a cell must not keep its user waiting."""

_CLIMB = 300
"""Steps towards the prices."""


@dataclass(frozen=True)
class Quick:
    """What was found: the arc of each item (None where the limits were not kept) and a bound."""

    chosen: Ints | None
    bound: float


def quick(problem: Problem, work: int = 120, seed: int = 0) -> Quick:
    """A good assignment; `work` is how many pairs of agents the kicks may look at."""
    chosen = np.empty(problem.items, dtype=np.int64)
    bound = 0.0
    parts = [part for part in split(problem) if len(part.items)]
    for part in parts:
        found = _part(part, work * len(part.arcs) // max(1, len(problem.agent)), seed)
        if found.chosen is None:
            return Quick(None, found.bound)
        chosen[part.items] = part.arcs[found.chosen]
        bound += found.bound
    return Quick(chosen, bound)


def _part(part: Part, work: int, seed: int) -> Quick:
    problem = part.problem
    choices = np.diff(problem.first)
    if np.log2(choices).sum() <= np.log2(_ALL):
        return _every_one(problem)
    return _Local(problem, work, seed).run()


def _every_one(problem: Problem) -> Quick:
    """The best of all assignments."""
    choices = [range(a, b) for a, b in itertools.pairwise(problem.first.tolist())]
    arcs = np.array(np.meshgrid(*choices, indexing="ij")).reshape(len(choices), -1)
    owner = problem.agent[arcs]
    value = problem.cost[arcs].sum(axis=0)
    allowed = np.ones(arcs.shape[1], dtype=bool)
    low, high = problem.slack
    for agent, k in itertools.product(range(problem.agents), range(len(problem.size))):
        load = np.where(owner == agent, problem.size[k][arcs], 0.0).sum(axis=0)
        above = load - problem.target[k, agent]
        value += np.maximum(above, 0) * problem.over[k, agent]
        value += np.maximum(-above, 0) * problem.under[k, agent]
        allowed &= (load >= low[k, agent]) & (load <= high[k, agent])
    if not allowed.any():
        return Quick(None, np.inf)
    best = int(np.argmin(np.where(allowed, value, np.inf)))
    return Quick(arcs[:, best], float(value[best]))


class _Local:
    """The search within one part."""

    def __init__(self, problem: Problem, work: int, seed: int) -> None:
        self.problem, self.work, self.looks, self.spent = problem, work, 0, 0
        self.random = np.random.default_rng(seed)
        self.pairs = list(itertools.combinations(range(problem.agents), 2))

    def run(self) -> Quick:
        problem = self.problem
        first = greedy(problem, problem.cost)
        climbed = dual(problem, problem.value(first), _CLIMB)
        self.prices = climbed.prices
        likely = np.lexsort((-climbed.share, problem.item))[problem.first[:-1]]
        starts = (likely, greedy(problem, climbed.prices.key), first)
        kept = [one for one in map(self._kept, starts) if one is not None]
        if not kept:
            return Quick(None, climbed.bound)
        best = min((self._settled(one, self.pairs, _FEW) for one in kept), key=problem.value)
        best = self._kicked(best)
        return Quick(self._settled(best, self.pairs, _SINGLES), climbed.bound)

    def _kept(self, chosen: Ints) -> Ints | None:
        """The assignment, or one near it that keeps the limits."""
        if not self.problem.feasible(chosen):
            chosen = relieved(self.problem, chosen, lambda: False)
        return chosen if self.problem.feasible(chosen) else None

    def _settled(self, chosen: Ints, pairs: list[tuple[int, int]], moves: int) -> Ints:
        """Exchanged until nothing gains; every pair looked at counts as work."""
        exchanger = PairExchanger(self.problem, self.prices, chosen, moves)
        descend(exchanger, pairs, lambda: self.looks + exchanger.looks >= _MOST_LOOKS)
        self.spent = exchanger.looks
        self.looks += self.spent
        return exchanger.chosen

    def _kicked(self, best: Ints) -> Ints:
        problem, left = self.problem, self.work
        current, value = best, problem.value(best)
        noise = self._noise()
        while left > 0 and self.pairs and self.looks < _MOST_LOOKS:
            agents, kicked = self._kick(current, noise)
            touched = [pair for pair in self.pairs if not agents.isdisjoint(pair)]
            new = self._settled(kicked, touched, _FEW)
            left -= max(1, self.spent)
            if problem.value(new) <= value + 1e-12 and problem.feasible(new):
                current, value = new, problem.value(new)
        return current

    def _noise(self) -> float:
        key = self.prices.key
        lowest = np.minimum.reduceat(key, self.problem.first[:-1])
        rise = key - lowest[self.problem.item]
        rise = rise[rise > 1e-12]
        return float(np.quantile(rise, 0.1)) if len(rise) else 1.0

    def _kick(self, chosen: Ints, noise: float) -> tuple[frozenset[int], Ints]:
        """A few items of a few agents elsewhere, rather where it costs little."""
        problem, random = self.problem, self.random
        agents = random.choice(problem.agents, min(problem.agents, 3), replace=False)
        owner = problem.agent[chosen]
        inside = np.isin(owner, agents)[problem.item] & np.isin(problem.agent, agents)
        inside[chosen] = False
        arcs = np.flatnonzero(inside)
        if not len(arcs):
            return frozenset(agents.tolist()), chosen
        rise = self.prices.key[arcs] - self.prices.key[chosen][problem.item[arcs]]
        few = np.argsort(rise + noise * random.exponential(size=len(arcs)) * 3, kind="stable")
        kicked = chosen.copy()
        for arc in arcs[few[: int(random.integers(1, 4))]].tolist():
            kicked[problem.item[arc]] = arc
        kept = kicked if problem.feasible(kicked) else chosen
        return frozenset(agents.tolist()), kept
