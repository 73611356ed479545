"""Bounds from knapsacks: at a price of each item, every agent fills its capacity as best it can.

With a price u_j for being assigned, no assignment costs less than

    sum_j u_j  -  sum_i  max { sum_j (u_j - c_ij) x_j :  sum_j w_ij x_j <= capacity_i, x binary }

and the best prices give a bound that is never below the linear relaxation's, and far above it where
agents hold few items. Each maximum is found by dynamic programming over loads in whole units; where
sizes have no common unit they are rounded down, which keeps the bound valid.
Source: Fisher, Jaikumar, Van Wassenhove (1986), A multiplier adjustment method for the generalized
assignment problem; what an arc costs at least: Posta, Ferland, Michelon (2012), An exact method
with variable fixing for solving the generalized assignment problem.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.problem import TOLERANCE, Floats, Ints, Mask, Problem
from csmcalc.optimum.assignment.units import common_unit

_FINEST = 4_000
"""Units of the largest capacity up to which a common unit is used as it is."""

_COARSE = 2_000
"""Units of a capacity where sizes have no common unit, or one that is too fine."""

_CELLS = 30_000_000
"""Cells of a table (arcs that could pay, times loads) up to which this is worth while."""

_STALLED = 20
"""Steps without a better bound after which the steps become shorter."""

_SHORTEST = 1e-4
"""Length of a step, against the first, at which the bound rises no more."""

_TARGET = 1e-3
"""How far above the bound, as a share of it, steps aim at most."""

_REVIEWED = 60
"""Steps after which arcs that no better answer can use are left out."""

_CLOSE = 1e-5
"""Share of the target that a step aims up at least."""

_KEPT = 0.7
"""What the direction of the last step counts in the next one."""


def has_capacities_alone(problem: Problem) -> bool:
    """Whether every agent has one upper limit, no lower one, and loads have no price."""
    bare = not (problem.over.any() or problem.under.any() or np.isfinite(problem.low).any())
    fills = bool(np.isfinite(problem.high).all() and (problem.size >= 0).all())
    return problem.size.shape[0] == 1 and bare and fills and problem.agents > 1


@dataclass(frozen=True)
class Filled:
    """What knapsacks at some prices prove, how often each item was taken, and by which arcs."""

    prices: Floats
    bound: float
    times: Ints
    arcs: Ints

    @property
    def whole(self) -> bool:
        """Whether every item was taken once: then that is an answer, and it costs the bound."""
        return bool((self.times == 1).all())


@dataclass(frozen=True)
class Climbed:
    """The best bound found, and by arc of the problem what an answer with it costs at least.

    Answers that are no better than the value climbed towards are left out of both; `least` is
    infinite for what only they could use.
    """

    bound: float
    prices: Floats
    least: Floats


class Knapsacks:
    """The knapsacks of a problem whose agents have one capacity each."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        high = problem.slack[1][0]
        size, self._room = _in_units(problem, np.maximum(high, 0.0))
        self._loads = int(self._room.max(initial=0)) + 1
        arcs = np.flatnonzero(size <= self._room[problem.agent])
        # by agent: what one table works on stands together
        arcs = arcs[np.argsort(problem.agent[arcs], kind="stable")]
        self._take(arcs, size[arcs])

    def _take(self, arcs: Ints, size: Ints) -> None:
        problem = self._problem
        self._arcs, self._size = arcs, size
        self._agent, self._item = problem.agent[arcs], problem.item[arcs]
        self._cost = problem.cost[arcs]

    @classmethod
    def of(cls, problem: Problem) -> Knapsacks | None:
        """The knapsacks, where agents have one capacity each and the tables are not too large."""
        if not has_capacities_alone(problem):
            return None
        knapsacks = cls(problem)
        return knapsacks if knapsacks.cells <= _CELLS else None

    @property
    def cells(self) -> int:
        """How large the tables are at most: arcs times loads."""
        return len(self._arcs) * self._loads

    def look(self, prices: Floats) -> Filled:
        """The bound at some prices of the items."""
        wanted = _Wanted.of(self, prices)
        most, taken = wanted.filled()
        times = np.bincount(self._item[taken], minlength=self._problem.items)
        return Filled(prices, float(prices.sum() - most.sum()), times, self._arcs[taken])

    def climb(
        self, prices: Floats, value: Callable[[], float], stop: Callable[[], bool]
    ) -> Climbed:
        """Raise the bound step by step towards the best value known, infinite where none is.

        What no better answer can use is left out on the way.
        """
        sacks, way = self, Ascent(self, prices, _STALLED)
        for turn in itertools.count(1):
            best = way.best
            if best.bound >= value() or stop():
                break
            if turn % _REVIEWED == 0 and np.isfinite(value()):
                sacks = sacks.below(sacks.least(best.prices), value())
            target = min(value(), best.bound + _TARGET * abs(best.bound))
            if not way.step(sacks, target):
                break
        least = sacks.least(way.best.prices)
        return Climbed(min(way.best.bound, value()), way.best.prices, least)

    def below(self, least: Floats, limit: float, item: int = -1, arc: int = -1) -> Knapsacks:
        """The knapsacks of what an answer below a limit can use.

        One `item` is given to one `arc` of its own where they are named; with the item -1 that arc
        is left out.
        """
        keep = least[self._arcs] < limit
        if arc >= 0:
            keep &= (self._item != item) | (self._arcs == arc) if item >= 0 else self._arcs != arc
        fewer = copy.copy(self)
        fewer._take(self._arcs[keep], self._size[keep])
        return fewer

    def arcs(self) -> tuple[Ints, Ints]:
        """The arcs that are in, and the item of each."""
        return self._arcs, self._item

    def least(self, prices: Floats) -> Floats:
        """By arc of the problem, the least that any assignment costs which takes that arc.

        Infinite where the item does not fit; an arc whose least is above a known value can be left
        out of the search for a better one.
        """
        wanted = _Wanted.of(self, prices)
        bound = float(prices.sum() - wanted.filled()[0].sum())
        taken, left = wanted.rises()
        without = np.bincount(self._item, left, self._problem.items)[self._item] - left
        least = np.full(len(self._problem.agent), np.inf)
        least[self._arcs] = bound + taken + without
        return least


class Ascent:
    """Prices on their way up: items that no agent takes become dearer, those taken twice cheaper.

    Steps become shorter when the bound stalls for as many of them as there is `patience` for.
    """

    def __init__(self, sacks: Knapsacks, prices: Floats, patience: int) -> None:
        self.best = self.now = sacks.look(prices)
        self._patience, self._stalled = patience, 0
        self._reach, self._run = 1.0, np.zeros_like(prices)

    def step(self, sacks: Knapsacks, target: float) -> bool:
        """One step towards a bound of `target`; False where steps are too short to matter."""
        self._run = (1.0 - self.now.times) + _KEPT * self._run
        length = float(self._run @ self._run)
        if length <= 0 or self._reach < _SHORTEST:
            return False
        far = self._reach * max(target - self.now.bound, _CLOSE * abs(target)) / length
        self.now = sacks.look(self.now.prices + far * self._run)
        self._stalled += 1
        if self.now.bound > self.best.bound + 1e-9 * abs(self.best.bound):
            self.best, self._stalled = self.now, 0
        elif self._stalled >= self._patience:
            self.now, self._run = self.best, np.zeros_like(self._run)
            self._reach, self._stalled = self._reach / 2, 0
        return True


@dataclass(frozen=True)
class _Wanted:
    """The arcs that pay at some prices, as tables of agents (the fullest first) by place."""

    sacks: Knapsacks
    gain: Floats
    rows: Ints
    counts: Ints
    arcs: Ints
    first: Ints

    @classmethod
    def of(cls, sacks: Knapsacks, prices: Floats) -> _Wanted:
        gain = prices[sacks._item] - sacks._cost
        arcs = np.flatnonzero(gain > 0)
        counts = np.bincount(sacks._agent[arcs], minlength=len(sacks._room))
        rows = np.argsort(-counts, kind="stable")
        first = np.concatenate([[0], np.cumsum(counts)])[:-1]
        return cls(sacks, gain, rows, counts[rows], arcs, first[rows])

    @property
    def places(self) -> int:
        """The most arcs that any agent has."""
        return int(self.counts[0]) if len(self.counts) else 0

    def at(self, place: int) -> tuple[Ints, Ints, Floats]:
        """The arcs at a place, of as many rows as have one; their sizes and gains."""
        many = int(np.searchsorted(-self.counts, -place))
        arcs = self.arcs[self.first[:many] + place]
        return arcs, self.sacks._size[arcs], self.gain[arcs]

    def filled(self) -> tuple[Floats, Ints]:
        """By row the most that a capacity can hold, and the arcs that are in it."""
        table, room = self._table(), self.sacks._room[self.rows]
        kept = []
        for place in range(self.places):
            _arcs, size, gain = self.at(place)
            kept.append(table.add(size, gain))
        most = table.rows[np.arange(len(room)), room]
        taken, left = [], room.copy()
        for place in reversed(range(self.places)):
            arcs, size, _gain = self.at(place)
            here = left[: len(size)]
            into = kept[place][np.arange(len(size)), here]
            here -= np.where(into, size, 0)
            taken.append(arcs[into])
        return most, np.concatenate(taken) if taken else np.zeros(0, dtype=np.int64)

    def _table(self) -> _Table:
        most = int(self.sacks._size[self.arcs].max(initial=0))
        return _Table(len(self.rows), self.sacks._loads, most)

    def rises(self) -> tuple[Floats, Floats]:
        """By arc of the knapsacks, by how much its own falls where it must be taken, or left."""
        sacks, loads = self.sacks, self.sacks._loads
        room = sacks._room[self.rows]
        before, after = self._passes(range(self.places)), self._passes(range(self.places)[::-1])
        taken, left = np.zeros(len(sacks._arcs)), np.zeros(len(sacks._arcs))
        most = before[-1][np.arange(len(room)), room]
        # what all later places make of the room that a load leaves
        rest = room[:, None] - np.arange(loads)
        for place in range(self.places):
            arcs, size, gain = self.at(place)
            many = len(size)
            later = np.take_along_axis(
                after[self.places - place - 1][:many], np.maximum(rest[:many], 0), axis=1
            )
            later[rest[:many] < 0] = -np.inf
            early = before[place][:many]
            left[arcs] = most[:many] - (early + later).max(axis=1)
            within = _shifted(early, size) + later
            taken[arcs] = most[:many] - within.max(axis=1) - gain
        outside = np.flatnonzero(self.gain <= 0)
        at = np.empty(len(room), dtype=np.int64)
        at[self.rows] = np.arange(len(room))
        row = at[sacks._agent[outside]]
        held = before[-1][row, room[row] - sacks._size[outside]]
        taken[outside] = most[row] - held - self.gain[outside]
        return np.maximum(taken, 0.0), np.maximum(left, 0.0)

    def _passes(self, places: range) -> list[Floats]:
        """The tables before the first of these places, and after each of them."""
        table = self._table()
        passed = [table.rows.copy()]
        for place in places:
            _arcs, size, gain = self.at(place)
            table.add(size, gain)
            passed.append(table.rows.copy())
        return passed


class _Table:
    """By row, the most that loads up to each can hold; in front of them what no load can."""

    def __init__(self, rows: int, loads: int, most: int) -> None:
        self._wide = np.full((rows, most + loads), -np.inf)
        self._wide[:, most:] = 0.0
        self.rows = self._wide[:, most:]
        self._from = most + (most + loads) * np.arange(rows)[:, None] + np.arange(loads)

    def add(self, size: Ints, gain: Floats) -> Mask:
        """Offer one more item to each of the first rows; whether it is taken, by load."""
        many = len(size)
        other = self._wide.ravel().take(self._from[:many] - size[:, None])
        other += gain[:, None]
        rows = self.rows[:many]
        taken: Mask = other > rows
        np.maximum(rows, other, out=rows)
        return taken


def _shifted(rows: Floats, size: Ints) -> Floats:
    """Rows moved up by a size each; nothing can be held below it."""
    at = np.arange(rows.shape[1]) - size[:, None]
    shifted = np.take_along_axis(rows, np.maximum(at, 0), axis=1)
    shifted[at < 0] = -np.inf
    return shifted


def _in_units(problem: Problem, high: Floats) -> tuple[Ints, Ints]:
    """Sizes and capacities in whole units of each agent."""
    size, unit = problem.size[0], np.ones(problem.agents)
    for agent in range(problem.agents):
        own = size[problem.agent == agent]
        fine = common_unit(own)
        if not fine or high[agent] / fine > _FINEST:
            fine = max(high[agent], 1e-300) / _COARSE
        unit[agent] = fine
    whole = np.floor(size / unit[problem.agent] * (1 + TOLERANCE) + TOLERANCE)
    room = np.floor(high / unit * (1 + TOLERANCE) + TOLERANCE)
    top = room.max(initial=0.0)
    return np.minimum(whole, top + 1).astype(np.int64), room.astype(np.int64)
