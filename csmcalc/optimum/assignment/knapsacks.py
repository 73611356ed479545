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

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.filling import Offers, Wanted
from csmcalc.optimum.assignment.problem import TOLERANCE, Floats, Ints, Problem
from csmcalc.optimum.assignment.units import common_unit, spread

_FINEST = 4_000
"""Units of the largest capacity up to which a common unit is used as it is."""

_COARSE = 2_000
"""Units of a capacity where sizes have no common unit, or one that is too fine."""

_CELLS = 50_000_000
"""Cells of a table (arcs that could pay, times loads) up to which this is worth while."""

_STALLED = 20
"""Steps without a better bound after which the steps become shorter."""

_SHORTEST = 1e-4
"""Length of a step, against the first, at which the bound rises no more."""

_TARGET = 5e-4
"""How far above the bound, as a share of the spread of costs, steps aim at most."""

_REVIEWED = 60
"""Steps after which arcs that no better answer can use are left out."""

_CLOSE = 5e-6
"""Share of the spread of costs that a step aims up at least."""

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
    """The knapsacks of a problem whose agents have one capacity each, for some of its arcs."""

    def __init__(self, problem: Problem, offers: Offers) -> None:
        self._problem, self.offers = problem, offers
        self.spread = spread(problem)

    @classmethod
    def of(cls, problem: Problem) -> Knapsacks | None:
        """The knapsacks, where agents have one capacity each and the tables are not too large."""
        if not has_capacities_alone(problem):
            return None
        size, room = _in_units(problem, np.maximum(problem.slack[1][0], 0.0))
        arcs = np.flatnonzero(size <= room[problem.agent])
        # by agent: what one table works on stands together
        arcs = arcs[np.argsort(problem.agent[arcs], kind="stable")]
        agent, item = problem.agent[arcs], problem.item[arcs]
        offers = Offers(arcs, agent, item, problem.cost[arcs], size[arcs], room)
        knapsacks = cls(problem, offers)
        return knapsacks if knapsacks.cells <= _CELLS else None

    @property
    def cells(self) -> int:
        """How large the tables are at most: arcs times loads."""
        return len(self.offers.arcs) * self.offers.loads

    def look(self, prices: Floats) -> Filled:
        """The bound at some prices of the items."""
        offers = self.offers
        most, taken = Wanted.of(offers, prices).filled()
        times = np.bincount(offers.item[taken], minlength=self._problem.items)
        return Filled(prices, float(prices.sum() - most.sum()), times, offers.arcs[taken])

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
            target = min(value(), best.bound + _TARGET * self.spread)
            if not way.step(sacks, target):
                break
        least = sacks.least(way.best.prices)
        return Climbed(min(way.best.bound, value()), way.best.prices, least)

    def below(self, least: Floats, limit: float, item: int = -1, arc: int = -1) -> Knapsacks:
        """The knapsacks of what an answer below a limit can use.

        One `item` is given to one `arc` of its own where they are named; with the item -1 that arc
        is left out.
        """
        offers = self.offers
        keep = least[offers.arcs] < limit
        if arc >= 0:
            keep &= (
                (offers.item != item) | (offers.arcs == arc) if item >= 0 else offers.arcs != arc
            )
        return Knapsacks(self._problem, offers.kept(keep))

    def least(self, prices: Floats) -> Floats:
        """By arc of the problem, the least that any assignment costs which takes that arc.

        Infinite where the item does not fit; an arc whose least is above a known value can be left
        out of the search for a better one.
        """
        offers, wanted = self.offers, Wanted.of(self.offers, prices)
        bound = float(prices.sum() - wanted.filled()[0].sum())
        taken, left = wanted.rises()
        without = np.bincount(offers.item, left, self._problem.items)[offers.item] - left
        least = np.full(len(self._problem.agent), np.inf)
        least[offers.arcs] = bound + taken + without
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
        far = self._reach * max(target - self.now.bound, _CLOSE * sacks.spread) / length
        self.now = sacks.look(self.now.prices + far * self._run)
        self._stalled += 1
        if self.now.bound > self.best.bound + 1e-9 * sacks.spread:
            self.best, self._stalled = self.now, 0
        elif self._stalled >= self._patience:
            self.now, self._run = self.best, np.zeros_like(self._run)
            self._reach, self._stalled = self._reach / 2, 0
        return True


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
