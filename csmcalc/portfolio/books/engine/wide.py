"""A part of more arcs than can be relaxed in time: a core of them, and loads of little weight last.

Where every agent may have every item, nearly all arcs cost the same, and a few of each item are as
good as all of them. A relaxation among those prices all others; what is cheaper joins it (column
generation), so that its bound holds for the whole. Where that would take too long, agents are drawn
into blocks, each with items of its own, and each block is relaxed. Loads that weigh little, such as
what renews in each month, have many rows and little to say: a bound without them holds as well, and
they are evened out at the end.
"""

from __future__ import annotations

import dataclasses
import math
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.parts import part
from csmcalc.optimum.assignment.prices import proven
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.optimum.assignment.start import by_weight, completed, greedy, weight_of
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.books.engine.priced import Priced
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.swapped import warm_up

_ARCS, _PER_ITEM = 100_000, 12
"""Arcs of a part, and arcs of an item on average, above which a part is wide."""

_LIGHT = 0.1
"""What a load weighs at most, in parts of the heaviest, to be left for the end."""

_EACH, _FEW = 8, 4
"""Arcs of an item in the core at most; with fewer than the latter there are blocks."""

_RATE, _STEPPED = 1_000_000, 5_000_000
"""Arcs times agents that HiGHS relaxes in a second, and where steps are counted."""

_RELAXING, _LAST = 0.35, 0.2
"""Shares of the time: for relaxations, and for the end."""

_PATIENT = 0.5
"""Share of what is left that it is worth to wait for compiled exchanges: they take a twentieth."""

_ROUNDS, _JOIN, _CHEAPER, _NEAR = 4, 2, 1e-7, 5e-3
"""Relaxations at most; arcs of an item that join the core between two, and by how much they are
cheaper; by what share of its value the bound of a core may be off."""


_WHOLE = 1 - 1e-6


@dataclasses.dataclass(frozen=True, slots=True)
class _Linear:
    """A relaxation: prices of loads, the arcs that it comes nearest to, and the items it shares."""

    value: float
    balance: Floats
    limit: Floats
    chosen: Ints
    shared: Ints


class Wide(Priced):
    """A part that is relaxed within a core of its arcs, without its light loads; then exchanged."""

    @classmethod
    def fits(cls, problem: Problem) -> bool:
        """Whether a part has that many arcs, and they or its loads can be fewer."""
        arcs = len(problem.agent)
        many = arcs > _PER_ITEM * problem.items
        return arcs > _ARCS and (many or not _heavy(problem).all())

    @cached_property
    def lean(self) -> Problem:
        """The problem without loads of little weight: no assignment is dearer in it."""
        return _of_loads(self.problem, _heavy(self.problem))

    def _run(self, clock: Clock, _: ThreadPoolExecutor | None) -> None:
        self.clock = clock
        clock.start()
        if clock.over():
            return
        warm_up(clock.total)
        lean, problem = self.lean, self.problem
        count = min(math.ceil(_FEW / self._affordable), max(problem.agents // 2, 1))
        prices, start = self._relaxed() if count < 2 else self._in_blocks(count)
        seconds = None if clock.seconds is None else clock.left - _LAST * clock.seconds
        work = max(1, round((1 - _LAST) * clock.work))
        first = Clock(seconds, work, clock.end, clock.stop, clock.total)
        chosen = self._exchanged(Search(lean, first, self.seed, lambda *_: None), prices, start)
        if problem.feasible(chosen):
            self.found(chosen, problem.value(chosen))
        clock.step(work)
        heavy = _heavy(problem)
        balance, limit = np.zeros_like(problem.target), np.zeros_like(problem.target)
        balance[heavy], limit[heavy] = prices.balance, prices.limit
        last = Search(problem, clock, self.seed, self.found)
        self._exchanged(last, Prices.of(problem, balance, limit), chosen)

    def _exchanged(self, search: Search, prices: Prices, start: Ints) -> Ints:
        """The best answer that exchanges find in the time of a search."""
        if search.clock.over():
            return start
        moves = _Shaken(search, prices)
        moves.wait(_PATIENT)
        search.offer(moves.settled(search.kept(start), wide=True))
        if self.best is not None:
            search.offer(self.best)
        search.go_on(moves, self.enough)
        return start if search.best is None else search.best

    # --- relaxed ---------------------------------------------------------------------------------

    @cached_property
    def _affordable(self) -> float:
        """Arcs of each item that can be relaxed in time."""
        problem, seconds = self.problem, self.clock.seconds
        allowed = _STEPPED if seconds is None else _RATE * _RELAXING * seconds
        return max(allowed, 1) / (problem.agents * problem.items)

    def _relaxed(self) -> tuple[Prices, Ints]:
        """Relaxed among arcs of a core, to which those join that are cheaper at its prices."""
        problem, clock, begin = self.lean, self.clock, self.clock.left
        core = self._cheapest(min(_EACH, math.floor(self._affordable)))
        prices = Prices.of(problem, np.zeros_like(problem.target), np.zeros_like(problem.target))
        start = self._known()
        for _turn in range(_ROUNDS):
            before = clock.left
            found = self._linear(problem.restricted(core), _RELAXING)
            if found is None:
                break
            prices = Prices.of(problem, found.balance, found.limit)
            start = np.flatnonzero(core)[found.chosen]
            bound = proven(problem, prices)
            self.lift(bound)
            lowest = np.minimum.reduceat(np.where(core, prices.key, np.inf), problem.first[:-1])
            lacking = (prices.key < lowest[problem.item] - _CHEAPER) & ~core
            next_ends = begin - clock.left + before - clock.left
            late = clock.seconds is not None and next_ends > 2 * _RELAXING * clock.seconds
            if late or found.value - bound <= _NEAR * found.value:
                break
            join = _rank(problem, (np.where(lacking, prices.key, np.inf),)) < _JOIN
            core |= join & lacking
        return prices, start

    def _cheapest(self, each: int, among: Mask | None = None) -> Mask:
        """The cheapest arcs of each item, which one of equals by lot."""
        problem = self.problem
        lot = np.random.default_rng(self.seed).random(len(problem.agent))
        cost = problem.cost if among is None else np.where(among, problem.cost, np.inf)
        core: Mask = _rank(problem, (lot, cost)) < each
        return core if among is None else core & among

    def _known(self) -> Ints:
        """The best answer so far, however poor."""
        return greedy(self.lean, self.lean.cost) if self.best is None else self.best

    def _linear(self, inner: Problem, share: float) -> _Linear | None:
        """A relaxation, if there is one in this share of the time."""
        if self.clock.over():
            return None
        found = Programme(inner).run(self.clock.effort(share, 1), interior=True)
        if found.share is None or found.balance is None or found.limit is None:
            return None
        chosen = rounded(inner, found.share)
        shared = np.flatnonzero(found.share[chosen] < _WHOLE)
        return _Linear(found.value, found.balance, found.limit, chosen, shared)

    def _in_blocks(self, count: int) -> tuple[Prices, Ints]:
        """Relaxed block by block; prices of all are those of each, start is all answers."""
        problem, seed = self.lean, self.seed
        block = np.random.default_rng(seed).permutation(problem.agents) % count
        of_item = _blocks(problem, block, count)
        core = self._cheapest(_FEW, of_item[problem.item] == block[problem.agent])
        balance, limit = np.zeros_like(problem.target), np.zeros_like(problem.target)
        start, shared = self._known().copy(), [np.empty(0, dtype=np.int64)]
        for one in range(count):
            agents = np.flatnonzero(block == one)
            arcs = np.flatnonzero(core & (of_item[problem.item] == one))
            if not len(arcs):
                continue
            inner = part(problem, arcs, agents)
            found = self._linear(inner.problem, _RELAXING / count)
            if found is not None:
                balance[:, agents], limit[:, agents] = found.balance, found.limit
                start[inner.items] = inner.arcs[found.chosen]
                shared.append(inner.items[found.shared])
        prices = Prices.of(problem, balance, limit)
        self.lift(proven(problem, prices))
        return prices, completed(problem, start, np.concatenate(shared))


class _Shaken(Kicks):
    """Kicks and exchanges alone."""

    def start(self) -> Ints | None:
        """There is nothing else to go on from."""
        return None

    def step(self, current: Ints) -> Ints:
        """A kick, unless it is worse."""
        new = self.kick(current)
        return new if self.problem.value(new) <= self.problem.value(current) else current


def _blocks(problem: Problem, block: Ints, count: int) -> Ints:
    """The block of each item: that of its cheapest agent, else the one that lacks most of a load.

    `block` is that of each agent.
    """
    weight = np.maximum(problem.over, problem.under)
    lacking = np.zeros(count)
    np.add.at(lacking, block, (weight * problem.target).sum(axis=0))
    load = (weight[:, problem.agent] * problem.size).sum(axis=0)
    lowest = np.minimum.reduceat(problem.cost, problem.first[:-1])
    cheap = np.flatnonzero(problem.cost <= lowest[problem.item])
    alone = np.bincount(problem.item[cheap], minlength=problem.items) == 1
    sure = cheap[alone[problem.item[cheap]]]
    of_item = np.full(problem.items, -1)
    of_item[problem.item[sure]] = block[problem.agent[sure]]
    np.subtract.at(lacking, block[problem.agent[sure]], load[sure])
    order = np.argsort(by_weight(problem), kind="stable")
    for item in order[~alone[order]].tolist():
        arcs = slice(int(problem.first[item]), int(problem.first[item + 1]))
        arcs_of = np.flatnonzero(problem.cost[arcs] <= lowest[item]) + arcs.start
        best = arcs_of[lacking[block[problem.agent[arcs_of]]].argmax()]
        of_item[item] = block[problem.agent[best]]
        lacking[of_item[item]] -= load[best]
    return of_item


def _heavy(problem: Problem) -> Mask:
    """The loads that weigh much, or have a limit."""
    weight = np.array([weight_of(problem, k) for k in range(len(problem.size))])
    limited = (np.isfinite(problem.low) | np.isfinite(problem.high)).any(axis=1)
    heavy: Mask = limited | (weight > _LIGHT * weight.max(initial=0.0))
    return heavy


def _of_loads(problem: Problem, some: Mask) -> Problem:
    """The problem of some of its loads."""
    names = ("size", "low", "high", "target", "over", "under")
    return dataclasses.replace(problem, **{name: getattr(problem, name)[some] for name in names})


def _rank(problem: Problem, keys: tuple[Floats, ...]) -> Ints:
    """Where each arc stands among those of its item, by the last key first."""
    rank = np.empty(len(problem.agent), dtype=np.int64)
    rank[np.lexsort((*keys, problem.item))] = np.arange(len(rank))
    ranks: Ints = rank - problem.first[problem.item]
    return ranks
