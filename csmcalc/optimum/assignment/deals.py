"""One item of every agent dealt anew at once, time after time: an assignment problem each.

Each deal finds the best of all ways in which the agents can hand on one item, or none, to each
other: more of them than could be looked at one by one, and the linear assignment problem tells
the best (assignment neighbourhoods: Sarvanov, Doroshko 1981; Punnen 2001).

Capacities take hold slowly. What a load lacks to its capacity costs a rising share of the
capacity's price, and what it has above a rising multiple of it: at first items go where they are
cheapest at these prices, whatever the loads, in the end where they fit.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem

_AT_ONCE = 60
"""Agents that take part in a deal at most; how long it takes grows faster than their number."""

DEALS = 50
"""Deals between two looks at the prices, the noise and the clock."""

_BELOW, _ABOVE = (0.0, 0.9), (0.3, 30.0)
"""What a unit of load below and above the capacity costs in parts of its price, first and last."""

_NOISE = (0.4, 0.1)
"""By how much costs are shaken, in parts of what the second best agent of an item costs more, first
and last."""

_LOW = 0.01
"""The least price of a capacity, in parts of the highest one."""

_FREE = 2
"""Places of an agent that are free where it holds as many items as others, or more."""


def can_deal() -> bool:
    """Whether SciPy is installed and works; it solves the assignment problems."""
    try:
        importlib.import_module("scipy.optimize")
    except ImportError:
        return False
    return True


@dataclass(frozen=True)
class Table:
    """Costs, keys and sizes of all items, and of none in the last row, by agent.

    Attributes:
        cost: what an arc costs; infinite where there is none.
        key: the same at the prices of the capacities; far above all others where there is no arc.
        size: what an item adds to the load of an agent.
        price: by agent, the price of a unit of its capacity.
        limit: by agent, its capacity.
        rank: items in the order of their sizes, the largest first, none last.
        unit: what the second best agent of an item costs more on average, by the keys.
    """

    cost: Floats
    key: Floats
    size: Floats
    price: Floats
    limit: Floats
    rank: Ints
    unit: float

    @classmethod
    def of(cls, problem: Problem, prices: Prices) -> Table:
        """The table of a problem that has one capacity for each agent."""
        shape = problem.items + 1, problem.agents
        at = problem.item, problem.agent
        cost, size = np.full(shape, np.inf), np.zeros(shape)
        cost[-1] = 0.0
        cost[at], size[at] = problem.cost, problem.size[0]
        price = np.maximum(prices.limit[0], _LOW * prices.limit[0].max() + 1e-9)
        key = cost + price * size
        second = np.partition(key[:-1], 1, axis=1)
        rise = (second[:, 1] - second[:, 0])[np.isfinite(second[:, 1])]
        there = np.isfinite(key)
        # dearer than any change of all that takes part
        key[~there] = key[there].max() + problem.agents * float(np.ptp(key[there]) + 1.0)
        unit = float(rise.mean()) if len(rise) else 0.0
        rank = (-size.mean(axis=1)).argsort(kind="stable").argsort()
        return cls(cost, key, size, price, problem.slack[1][0], rank, unit)

    def cheapest(self) -> Ints:
        """The agent of each item where its key is lowest."""
        cheapest: Ints = self.key[:-1].argmin(axis=1)
        return cheapest


class Dealer:
    """Deals among the arcs of a table, from a given agent of each item on."""

    def __init__(self, table: Table, owner: Ints, seed: int) -> None:
        self._table, self._random = table, np.random.default_rng(seed)
        items, agents = len(owner), len(table.limit)
        held = np.bincount(owner, minlength=agents)
        self._places = np.maximum(held, math.ceil(items / agents)) + _FREE
        first = np.cumsum(self._places) - self._places
        self._first = first
        self._agent = np.repeat(np.arange(agents), self._places)
        # the number after the last item is none
        self._item = np.full(len(self._agent), items)
        order = np.argsort(owner, kind="stable")
        rank = np.arange(items) - np.repeat(np.cumsum(held) - held, held)
        self._item[first[owner[order]] + rank] = order
        self._room = table.limit - np.bincount(owner, table.size[np.arange(items), owner], agents)

    def run(self, progress: Callable[[], float]) -> tuple[Ints | None, float]:
        """Deal until the progress is 1: the cheapest agents within the capacities, their cost."""
        best, value = None, np.inf
        while (done := progress()) < 1.0:
            self._deal(done)
            cost = float(self._table.cost[self._item, self._agent].sum())
            if cost < value and (self._room >= 0).all():
                best, value = self._owner(), cost
        return best, value

    def _owner(self) -> Ints:
        owner = np.empty(len(self._table.cost), dtype=np.int64)
        owner[self._item] = self._agent
        return owner[:-1]

    def _deal(self, done: float) -> None:
        """Some deals among some agents, at the prices of one moment."""
        from scipy.optimize import linear_sum_assignment

        table, random = self._table, self._random
        who = np.sort(random.permutation(len(table.limit))[:_AT_ONCE])
        size, price, room = table.size.take(who, 1), table.price[who], self._room[who]
        below = _BELOW[0] + (_BELOW[1] - _BELOW[0]) * done
        above = _ABOVE[0] * (_ABOVE[1] / _ABOVE[0]) ** done
        noise = table.unit * _NOISE[0] * (_NOISE[1] / _NOISE[0]) ** done
        key = table.key.take(who, 1) - below * price * size
        key += noise * random.exponential(size=key.shape)
        dear = -(below + above) * price
        chance = random.random((DEALS, len(who)))
        # Tables are this small that to look something up by one number takes half of the time.
        few = len(who)
        column, row, costs = np.arange(few), np.arange(few) * few, np.empty((few, few))
        for place in self._first[who] + (chance * self._places[who]).astype(np.int64):
            item = self._item.take(place)
            own = item * few + column
            freed = room + size.take(own)
            held = key.take(own) + np.minimum(room, 0.0) * dear
            # The solver takes row by row and mends what was before. It has the less to do the
            # nearer each is to what is best as it stands, and where few have room come first.
            item = item.take(table.rank.take(item).argsort())
            left = freed - size.take(item, 0)
            np.minimum(left, 0.0, out=costs)
            costs *= dear
            costs += key.take(item, 0)
            costs -= held
            taker = linear_sum_assignment(costs)[1]
            self._item[place.take(taker)] = item
            room[taker] = left.take(row + taker)
        self._room[who] = room
