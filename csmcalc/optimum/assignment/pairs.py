"""Exchanges between two agents whose items weigh the same with both: met in a grid.

As in `exchange`, up to four items change hands at once. Here what one agent loses the other gains,
so that a set of moves is one point: by how much it changes each load. A partner for a set must lie
in a box around the point that would put everything right; all points are sorted into a grid of such
boxes, and only neighbours are weighed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem

_LEAST = 1e-9
_MOST = 62
"""Moves of a pair: one bit each in a word."""

_MEETINGS = 50_000
"""Partners that are weighed at most for one pair of agents; the box is narrowed to that."""

_CHUNK = 1 << 18
_SPREAD = 7.0
"""Width of what pairs of sets change, in standard deviations of one set."""


def weighs_alike(problem: Problem) -> bool:
    """Whether every item weighs the same with all its agents."""
    lead = problem.size[:, problem.first[:-1]][:, problem.item]
    return bool((problem.size == lead).all())


@lru_cache(maxsize=64)
def _subsets(moves: int) -> tuple[Ints, Ints, Ints]:
    """None, one and two of some moves: their positions (the last stands for none) and bits."""
    left, right = np.triu_indices(moves, 1)
    none = np.full(moves + 1, moves)
    first = np.concatenate([[moves], np.arange(moves), left])
    second = np.concatenate([none, right])
    bits = np.append(1 << np.arange(moves, dtype=np.int64), 0)
    return first, second, bits[first] | bits[second]


@dataclass(frozen=True)
class _Sides:
    """What loads cost when a change passes from the second agent to the first."""

    first_off: Floats
    second_off: Floats
    first_over: Floats
    first_under: Floats
    second_over: Floats
    second_under: Floats

    def price(self, row: int, change: Floats | float) -> Floats:
        """What both agents' loads of a row cost after a change."""
        first = self.first_off[row] + change
        second = self.second_off[row] - change
        return np.asarray(
            np.maximum(first, 0) * self.first_over[row]
            - np.minimum(first, 0) * self.first_under[row]
            + np.maximum(second, 0) * self.second_over[row]
            - np.minimum(second, 0) * self.second_under[row]
        )

    @property
    def best(self) -> tuple[Floats, Floats]:
        """The change between which both loads are as right as they can be."""
        return (
            np.minimum(-self.first_off, self.second_off),
            np.maximum(-self.first_off, self.second_off),
        )

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """What a unit below and above that costs at least."""
        return self.first_under + self.second_over, self.first_over + self.second_under


class PairExchanger:
    """A state and the exchanges between pairs of agents that improve it; counts its looks."""

    def __init__(self, problem: Problem, prices: Prices, chosen: Ints, singles: int = 40) -> None:
        self.problem, self.prices = problem, prices
        self.chosen = chosen.copy()
        self.loads = problem.loads(chosen)
        self.changed: frozenset[int] = frozenset()
        self.looks = 0
        self._singles = min(singles, _MOST)
        self._size = problem.size[:, problem.first[:-1]]
        owner = problem.agent[chosen]
        by = np.argsort(owner, kind="stable")
        cuts = np.searchsorted(owner[by], np.arange(1, problem.agents))
        self._members = list(np.split(by, cuts))

    def improve(self, pair: Sequence[int]) -> float:
        """Make the best exchange between two agents; returns by how much the value fell."""
        self.looks += 1
        first, second = pair
        arcs, items, sign = self._moves(first, second)
        if not len(arcs):
            return 0.0
        found = self._best(arcs, items, sign, first, second)
        if found is None:
            return 0.0
        gain, chosen = found
        self._make(arcs[chosen], items[chosen], sign[chosen], first, second)
        return gain

    def _moves(self, first: int, second: int) -> tuple[Ints, Ints, Floats]:
        """The moves of the lowest rise in key between two agents, and to which of them they go."""
        problem, key = self.problem, self.prices.key
        here, there = self._members[first], self._members[second]
        items = np.concatenate([here, there])
        to = np.concatenate([np.full(len(here), second), np.full(len(there), first)])
        arcs = problem.arcs(items, to)
        use = arcs >= 0
        arcs, items, to = arcs[use], items[use], to[use]
        rise = key[arcs] - key[self.chosen[items]]
        if len(rise) > self._singles:
            few = np.argpartition(rise, self._singles)[: self._singles]
            few.sort()
            arcs, items, to = arcs[few], items[few], to[few]
        return arcs, items, np.where(to == first, 1.0, -1.0)

    def _best(
        self, arcs: Ints, items: Ints, sign: Floats, first: int, second: int
    ) -> tuple[float, Ints] | None:
        problem = self.problem
        one, two, bits = _subsets(len(arcs))
        step = np.append(problem.cost[arcs] - problem.cost[self.chosen[items]], 0.0)
        shift = np.concatenate([self._size[:, items] * sign, np.zeros((len(self._size), 1))], 1)
        cost = step[one] + step[two]
        change = shift[:, one] + shift[:, two]
        sides = self._sides(first, second)
        rows = len(change)
        now = float(sum(sides.price(row, 0.0) for row in range(rows)))
        lowest = sum(
            min(float(sides.price(row, sides.best[side][row])) for side in (0, 1))
            for row in range(rows)
        )
        budget = now - lowest - 2 * min(float(cost.min()), 0.0)
        if budget <= _LEAST * max(1.0, now):
            return None
        best, found = now - _LEAST * max(1.0, now), None
        low, high = self._room(first, second)
        order = np.argsort(-change.std(axis=1) * np.minimum(*sides.slopes), kind="stable")
        for x, y in _neighbours(change, sides, order, budget):
            keep = (bits[x] & bits[y]) == 0
            x, y = x[keep], y[keep]
            paid = cost[x] + cost[y]
            for row in order.tolist():
                both = change[row][x] + change[row][y]
                paid = paid + sides.price(row, both)
                keep = (paid < best) & (both >= low[row]) & (both <= high[row])
                x, y, paid = x[keep], y[keep], paid[keep]
                if not len(x):
                    break
            if len(x):
                at = int(np.argmin(paid))
                best, found = float(paid[at]), bits[x[at]] | bits[y[at]]
        if found is None:
            return None
        return now - best, np.flatnonzero((found >> np.arange(len(arcs))) & 1)

    def _sides(self, first: int, second: int) -> _Sides:
        problem = self.problem
        off = self.loads - problem.target
        return _Sides(
            off[:, first], off[:, second],
            problem.over[:, first], problem.under[:, first],
            problem.over[:, second], problem.under[:, second],
        )  # fmt: skip

    def _room(self, first: int, second: int) -> tuple[Floats, Floats]:
        """The changes that keep both agents' limits; one that is broken must not get worse."""
        low, high = self.problem.slack
        one, two = self.loads[:, first], self.loads[:, second]
        least = np.maximum(
            np.minimum(low[:, first], one) - one, two - np.maximum(high[:, second], two)
        )
        most = np.minimum(
            np.maximum(high[:, first], one) - one, two - np.minimum(low[:, second], two)
        )
        return least, most

    def _make(self, arcs: Ints, items: Ints, sign: Floats, first: int, second: int) -> None:
        self.changed = frozenset((first, second))
        change = (self._size[:, items] * sign).sum(axis=1)
        self.loads[:, first] += change
        self.loads[:, second] -= change
        self.chosen[items] = arcs
        both = np.concatenate([self._members[first], self._members[second]])
        owner = self.problem.agent[self.chosen[both]]
        for agent in (first, second):
            self._members[agent] = both[owner == agent]
            self.loads[:, agent] = self._size[:, self._members[agent]].sum(axis=1)


def _neighbours(
    change: Floats, sides: _Sides, order: Ints, budget: float
) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of sets (x before y) that together come near what would put the loads right."""
    low, high = sides.best
    below, above = sides.slopes
    count = change.shape[1]
    rows = [int(row) for row in order if min(below[row], above[row]) > 0 and change[row].any()][:3]
    if not rows:
        yield from _all_pairs(count)
        return
    slack = _slack(change, low, high, below, above, rows, budget)
    cells, wanted, sizes = [], [], []
    for row in rows:
        start = change[row].min()
        width = high[row] - low[row] + slack / below[row] + slack / above[row]
        width = max(width, (change[row].max() - start) / 50_000, 1e-300)
        cells.append(np.floor((change[row] - start) / width).astype(np.int64))
        need = low[row] - slack / below[row] - change[row] - start
        wanted.append(np.floor(need / width).astype(np.int64))
        sizes.append(int(cells[-1].max()) + 1)
    key = _flat(cells, sizes)
    by = np.argsort(key, kind="stable")
    key = key[by]
    for offset in itertools.product((0, 1), repeat=len(rows)):
        near = [cell + step for cell, step in zip(wanted, offset, strict=True)]
        inside = _inside(near, sizes)
        asked = _flat([cell[inside] for cell in near], sizes)
        begin = np.searchsorted(key, asked)
        counts = np.searchsorted(key, asked, side="right") - begin
        for x, place in _spread_out(inside, begin, counts):
            y = by[place]
            keep = x < y
            yield x[keep], y[keep]


def _all_pairs(count: int) -> Iterator[tuple[Ints, Ints]]:
    for x in range(count):
        yield np.full(count - x - 1, x), np.arange(x + 1, count)


def _slack(
    change: Floats,
    low: Floats,
    high: Floats,
    below: Floats,
    above: Floats,
    rows: list[int],
    budget: float,
) -> float:
    """How many points off each row may be for its partners to be few enough."""
    wide = {row: _SPREAD * float(change[row].std()) + 1e-300 for row in rows}

    def meetings(slack: float) -> float:
        share = 1.0
        for row in rows:
            box = high[row] - low[row] + slack / below[row] + slack / above[row]
            share *= min(1.0, float(box) / wide[row])
        return share * float(change.shape[1]) ** 2

    if meetings(budget) <= _MEETINGS:
        return budget
    least, most = budget * 1e-9, budget
    for _step in range(30):
        middle = float(np.sqrt(least * most))
        if meetings(middle) > _MEETINGS:
            most = middle
        else:
            least = middle
    return least


def _flat(cells: list[Ints], sizes: list[int]) -> Ints:
    flat = cells[0]
    for cell, size in zip(cells[1:], sizes[1:], strict=True):
        flat = flat * size + cell
    return flat


def _inside(cells: list[Ints], sizes: list[int]) -> Ints:
    keep: Mask = np.ones(len(cells[0]), dtype=bool)
    for cell, size in zip(cells, sizes, strict=True):
        keep &= (cell >= 0) & (cell < size)
    return np.flatnonzero(keep)


def _spread_out(sets: Ints, begin: Ints, counts: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Each set beside the places of its partners, in chunks that fit the cache."""
    some = counts > 0
    sets, begin, counts = sets[some], begin[some], counts[some]
    total = np.cumsum(counts)
    start = 0
    while start < len(sets):
        done = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, done + _CHUNK, side="right")))
        few = counts[start:stop]
        x = np.repeat(sets[start:stop], few)
        within = np.arange(len(x)) - np.repeat(np.cumsum(few) - few, few)
        yield x, np.repeat(begin[start:stop], few) + within
        start = stop
