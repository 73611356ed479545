"""Exchanges within a few agents: up to four items change hands at once, the best such change.

Loads are evened out by moving small sets of items whose sizes add up to just what is wrong. There
are millions of them even among two or three agents, so they are met in the middle: all sets of up
to two moves are listed once and sorted, and only those pairs of sets are weighed that could pay.

What could pay is known from prices. With any price u of a load between what lies above its target
costs and what lies below it, and any price of a hard limit, an arc's key is its cost plus its
load at these prices; a change can only lower the value when its keys add up to less than the
budget, which is what today's loads cost more than they would at these prices.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem

_LEAST = 1e-9
_CHUNK = 1 << 18
_EMPTY = -1


@dataclass(frozen=True)
class Prices:
    """Prices of loads, by measure and agent, and the key of each arc that follows from them.

    Attributes:
        balance: price of a unit within what lies above and below the target costs.
        limit: price of a hard limit; positive for the upper one, negative for the lower one.
        key: cost of each arc plus its sizes at both prices.
    """

    balance: Floats
    limit: Floats
    key: Floats

    @classmethod
    def of(cls, problem: Problem, balance: Floats, limit: Floats) -> Prices:
        """Prices made valid, and the keys."""
        balance = np.clip(balance, -problem.under, problem.over)
        limit = np.where(limit > 0, np.where(np.isfinite(problem.high), limit, 0.0), limit)
        limit = np.where(limit < 0, np.where(np.isfinite(problem.low), limit, 0.0), limit)
        price = (balance + limit)[:, problem.agent]
        return cls(balance, limit, problem.cost + (price * problem.size).sum(axis=0))

    def budget(self, problem: Problem, loads: Floats) -> Floats:
        """By agent, what its loads cost more than they would at these prices."""
        above = loads - problem.target
        paid = problem.prices(loads) - self.balance * above
        at = np.where(self.limit > 0, problem.high, problem.low)
        room = np.where(self.limit == 0, 0.0, np.where(np.isfinite(at), at - loads, 0.0))
        return np.asarray((paid + self.limit * room).sum(axis=0))


@dataclass(frozen=True)
class _Sets:
    """Sets of up to two moves: positions in the list of moves, what they change, cost and key."""

    moves: Ints
    change: Floats
    cost: Floats
    key: Floats


class Exchanger:
    """A state (the chosen arc of each item) and the exchanges that improve it."""

    def __init__(
        self, problem: Problem, prices: Prices, chosen: Ints, singles: int = 120, pairs: int = 4000
    ) -> None:
        self.problem = problem
        self.prices = prices
        self.chosen = chosen.copy()
        self.loads = problem.loads(chosen)
        self._singles = singles
        self._pairs = pairs
        self._members = _by_agent(problem, chosen)
        self.changed: frozenset[int] = frozenset()

    def improve(self, group: Sequence[int]) -> float:
        """Make the best exchange within a group of agents; returns by how much the value fell.

        `changed` then holds the agents whose items changed.
        """
        agents = np.array(group)
        budget = float(self.prices.budget(self.problem, self.loads)[agents].sum())
        moves, items = self._moves(agents, budget)
        if not len(moves):
            return 0.0
        sets = self._sets(moves, items, agents)
        found = self._best(sets, items, agents, budget)
        if found is None:
            return 0.0
        gain, both = found
        self._make(moves[both], items[both])
        return gain

    def _moves(self, agents: Ints, budget: float) -> tuple[Ints, Ints]:
        """Arcs to other agents of the group that could be part of an exchange that pays."""
        problem, key = self.problem, self.prices.key
        inside = np.concatenate([self._members[a] for a in agents.tolist()])
        arcs = [problem.arcs(inside, np.full(len(inside), a)) for a in agents.tolist()]
        flat = np.concatenate(arcs)
        items = np.tile(inside, len(agents))
        use = (flat >= 0) & (flat != self.chosen[items])
        flat, items = flat[use], items[use]
        rise = key[flat] - key[self.chosen[items]]
        lowest = 3 * min(0.0, float(rise.min())) if len(rise) else 0.0
        by = np.argsort(rise, kind="stable")[: self._singles]
        by = by[rise[by] < budget - lowest]
        return flat[by], items[by]

    def _sets(self, moves: Ints, items: Ints, agents: Ints) -> _Sets:
        """The empty set, every move, and the pairs of moves with the lowest keys."""
        problem, count = self.problem, len(moves)
        old = self.chosen[items]
        rows, width = problem.size.shape[0], len(agents)
        change = np.zeros((rows, width, count))
        at = np.arange(count)
        for arcs, sign in ((moves, 1.0), (old, -1.0)):
            side = np.searchsorted(np.sort(agents), problem.agent[arcs])
            change[:, side, at] += sign * problem.size[:, arcs]
        cost = problem.cost[moves] - problem.cost[old]
        key = self.prices.key[moves] - self.prices.key[old]
        left, right = np.triu_indices(count, 1)
        apart = items[left] != items[right]
        left, right = left[apart], right[apart]
        if len(left) > self._pairs:
            few = np.argpartition(key[left] + key[right], self._pairs)[: self._pairs]
            left, right = left[few], right[few]
        none = np.full(count + 1, _EMPTY)
        first = np.concatenate([[_EMPTY], at, left])
        second = np.concatenate([none, right])
        listed = np.column_stack([first, second])
        flat = np.concatenate([change.reshape(rows * width, count), np.zeros((rows * width, 1))], 1)
        return _Sets(
            listed,
            flat[:, first] + flat[:, second],
            np.append(cost, 0.0)[listed].sum(axis=1),
            np.append(key, 0.0)[listed].sum(axis=1),
        )

    def _best(
        self, sets: _Sets, items: Ints, agents: Ints, budget: float
    ) -> tuple[float, Ints] | None:
        agents = np.sort(agents)
        problem = self.problem
        target, over, under, base = (
            rows[:, agents].ravel()
            for rows in (problem.target, problem.over, problem.under, self.loads)
        )
        low, high = (rows[:, agents].ravel() for rows in problem.slack)
        # a load outside its limits may stay there, but must not get worse
        low, high = np.minimum(low, base), np.maximum(high, base)
        spread = sets.change.std(axis=1) * np.maximum(over, under)
        limited = np.isfinite(low) | np.isfinite(high)
        rows = [int(r) for r in np.argsort(-spread, kind="stable") if spread[r] > 0 or limited[r]]
        priced = [float(_price(base, target, over, under)[row]) for row in rows]
        now = sum(priced)
        by, begin, end = _windows(sets, budget, now, base, target, over, under, rows)
        best, found = now - _LEAST * max(1.0, now), None
        moved = np.append(items, -np.arange(1, 2))
        for x, y in _meetings(begin, end):
            x, y = by[x], by[y]
            paid = sets.cost[x] + sets.cost[y]
            for row in rows:
                if not len(x):
                    break
                load = base[row] + sets.change[row][x] + sets.change[row][y]
                paid = paid + _price(load, target[row], over[row], under[row])
                keep = (paid < best) & (load <= high[row]) & (load >= low[row])
                x, y, paid = x[keep], y[keep], paid[keep]
            if not len(x):
                continue
            keep = _disjoint(sets.moves[x], sets.moves[y], moved)
            keep &= paid < best
            x, y, paid = x[keep], y[keep], paid[keep]
            if len(x):
                k = int(np.argmin(paid))
                best = float(paid[k])
                found = np.concatenate([sets.moves[x[k]], sets.moves[y[k]]])
        return None if found is None else (now - best, found[found != _EMPTY])

    def _make(self, arcs: Ints, items: Ints) -> None:
        problem = self.problem
        touched = np.unique(problem.agent[np.concatenate([self.chosen[items], arcs])])
        self.changed = frozenset(touched.tolist())
        self.chosen[items] = arcs
        affected = np.concatenate([self._members[a] for a in touched.tolist()])
        affected.sort()
        owner = problem.agent[self.chosen[affected]]
        for agent in touched.tolist():
            members = affected[owner == agent]
            self._members[agent] = members
            self.loads[:, agent] = problem.size[:, self.chosen[members]].sum(axis=1)


def _by_agent(problem: Problem, chosen: Ints) -> list[Ints]:
    owner = problem.agent[chosen]
    by = np.argsort(owner, kind="stable")
    return list(np.split(by, np.searchsorted(owner[by], np.arange(1, problem.agents))))


def _price(load: Floats, target: Floats, over: Floats, under: Floats) -> Floats:
    above = load - target
    return np.asarray(np.where(above > 0, above * over, -above * under))


def _windows(
    sets: _Sets,
    budget: float,
    now: float,
    base: Floats,
    target: Floats,
    over: Floats,
    under: Floats,
    rows: list[int],
) -> tuple[Ints, Ints, Ints]:
    """For each set, the range of partners it could pay with, in an order of the sets.

    Two orders are tried, by key and by the dearest load, and the one with fewer meetings is taken.
    """
    by = np.argsort(sets.key, kind="stable")
    key = sets.key[by]
    end = np.minimum(np.searchsorted(key, budget - key), np.arange(len(key)) + 1)
    begin = np.zeros_like(end)
    if rows and min(over[rows[0]], under[rows[0]]) > 0:
        row = rows[0]
        by2 = np.argsort(sets.change[row], kind="stable")
        at = sets.change[row][by2]
        allowed = now - sets.cost[by2] - sets.cost.min()
        lo = np.searchsorted(at, target[row] - allowed / under[row] - base[row] - at)
        hi = np.searchsorted(at, target[row] + allowed / over[row] - base[row] - at, side="right")
        hi = np.minimum(hi, np.arange(len(at)) + 1)
        lo = np.minimum(np.where(allowed > 0, lo, hi), hi)
        if (hi - lo).sum() < end.sum():
            return by2, lo, hi
    return by, begin, end


def _meetings(begin: Ints, end: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of positions (x, partner of x), in chunks that fit the cache."""
    counts = end - begin
    total = np.cumsum(counts)
    start = 0
    while start < len(counts):
        done = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, done + _CHUNK, side="right")))
        some = counts[start:stop]
        x = np.repeat(np.arange(start, stop), some)
        offset = np.arange(len(x)) - np.repeat(np.cumsum(some) - some, some)
        yield x, np.repeat(begin[start:stop], some) + offset
        start = stop


def _disjoint(xs: Ints, ys: Ints, item: Ints) -> Mask:
    """Whether two sets of moves move different items; `item[-1]` stands for no move."""
    apart = np.ones(len(xs), dtype=bool)
    for i, j in itertools.product(range(2), range(2)):
        apart &= (item[xs[:, i]] != item[ys[:, j]]) | (xs[:, i] == _EMPTY)
    return apart


class Exchanges(Protocol):
    """What improves a state group by group, and which agents the last improvement changed."""

    changed: frozenset[int]

    def improve(self, group: Sequence[int]) -> float:
        """Make the best exchange within a group; returns by how much the value fell."""


def descend(
    exchanger: Exchanges,
    groups: Sequence[tuple[int, ...]],
    stop: Callable[[], bool],
    touched: frozenset[int] | None = None,
) -> float:
    """Exchange within one group after the other until none of them gains any more.

    A group is looked at again only after one of its agents changed; with `touched` given, the
    others' groups are known to have nothing to gain at first.
    """
    total, left = 0.0, list(groups)
    if touched is not None:
        left = [group for group in groups if not touched.isdisjoint(group)]
    while left and not stop():
        group = left.pop(0)
        gain = exchanger.improve(group)
        if gain > 0:
            total += gain
            waiting = set(left)
            changed = exchanger.changed
            left += [one for one in groups if one not in waiting and not changed.isdisjoint(one)]
    return total
