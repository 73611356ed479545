"""Prices of loads without a solver: the best bound that a few hundred steps uphill find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Floats, Ints, Problem

_STALLED = 12
"""Steps without a better bound after which the steps become shorter."""


_LATE = 0.05
"""What the last step counts in how often an arc was chosen."""


@dataclass(frozen=True)
class Dual:
    """Prices, the bound they prove, the arc each item would choose by itself, and how often.

    `share` is how often each arc was chosen lately: near what the relaxation takes of it.
    """

    prices: Prices
    bound: float
    chosen: Ints
    share: Floats


def proven(problem: Problem, prices: Prices) -> float:
    """The bound that prices prove: no assignment is cheaper."""
    lowest = np.minimum.reduceat(prices.key, problem.first[:-1])
    at = np.where(prices.limit > 0, problem.high, problem.low)
    earned = np.where(prices.limit == 0, 0.0, prices.limit * np.where(np.isfinite(at), at, 0.0))
    return float(lowest.sum() - (prices.balance * problem.target).sum() - earned.sum())


def dual(
    problem: Problem, value: float, steps: int, stop: Callable[[], bool] = lambda: False
) -> Dual:
    """Raise the bound step by step towards a known value.

    At prices u of balanced loads (between what lies below and above the target costs) and of hard
    limits, no assignment is cheaper than each item's best arc plus what the prices earn at targets
    and limits. Steps go along the loads that are off, shorter ones when the bound stalls.
    """
    climb = _Climb(problem, value)
    for _step in range(steps):
        if stop() or not climb.step():
            break
    return climb.best


class _Climb:
    """The prices now, the best so far, and how far to step."""

    def __init__(self, problem: Problem, value: float) -> None:
        self.problem, self.value = problem, value
        zero = np.zeros_like(problem.target)
        self.balance, self.limit, self.run = zero, zero.copy(), zero.copy()
        self.scale = 1.0 / np.maximum(np.abs(problem.size).mean(axis=1), 1e-300)[:, None]
        self.reach, self.stalled, self.steps = 1.0, 0, 0
        self.share = np.zeros(len(problem.agent))
        self.best = self._look()

    def _look(self) -> Dual:
        """The bound at the prices now."""
        problem = self.problem
        prices = Prices.of(problem, self.balance, self.limit)
        lowest = np.minimum.reduceat(prices.key, problem.first[:-1])
        found = np.flatnonzero(prices.key == lowest[problem.item])
        chosen = found[np.searchsorted(problem.item[found], np.arange(problem.items))]
        return Dual(prices, proven(problem, prices), chosen, self.share)

    def step(self) -> bool:
        """One step; False where nothing is off any more."""
        now = self._look()
        self.steps += 1
        late = max(_LATE, 1 / self.steps)
        self.share *= 1 - late
        self.share[now.chosen] += late
        if now.bound > self.best.bound:
            self.best, self.stalled = now, 0
        else:
            self.stalled += 1
            if self.stalled >= _STALLED:
                self.stalled, self.reach = 0, self.reach / 2
                prices = self.best.prices
                self.balance, self.limit = prices.balance.copy(), prices.limit.copy()
                self.run = np.zeros_like(self.run)
                return self.reach > 1e-4
        loads = self.problem.loads(now.chosen)
        self.run = 0.7 * self.run + 0.3 * (loads - self.problem.target) * self.scale
        over = self._over(loads) * self.scale
        length = float((self.run**2).sum() + (over**2).sum())
        if length <= 0:
            return False
        far = self.reach * max(self.value - now.bound, 1e-6 * abs(self.value)) / length
        priced = (self.problem.over > 0) | (self.problem.under > 0)
        self.balance = np.where(priced, self.balance + far * self.run * self.scale, 0.0)
        self.balance = np.clip(self.balance, -self.problem.under, self.problem.over)
        self.limit = self._signed(self.limit + far * over * self.scale)
        return True

    def _over(self, loads: Floats) -> Floats:
        """How far loads are beyond the limit that has, or would get, a price."""
        high, low = self.problem.high, self.problem.low
        above = np.where(np.isfinite(high), loads - high, 0.0)
        below = np.where(np.isfinite(low), loads - low, 0.0)
        return np.where((self.limit > 0) | (above > 0), above, np.minimum(below, 0.0))

    def _signed(self, limit: Floats) -> Floats:
        """Prices of limits keep the sign of the limit they belong to."""
        only_high = np.where(np.isfinite(self.problem.low), limit, np.maximum(limit, 0.0))
        return np.where(np.isfinite(self.problem.high), only_high, np.minimum(only_high, 0.0))
