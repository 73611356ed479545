"""Quantiles of a sum over customers who may leave or grow, under a shock that all share.

Independent fates cancel out among many customers; what they share does not. The shock moves every
customer's log-odds at once. Given the shock the sum is close to normal, with mean and variance
that are smooth in it: both are computed at a few nodes, carried to equally likely shocks by a
polynomial, and the mixture of normals is inverted.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike

from csmcalc.core.arguments import shown
from csmcalc.errors import InputError
from csmcalc.optimum.hull import Floats

NODES = 17
SHOCKS = 2001
BLOCK = 2048
REACH = 4.5
"""Standard deviations of the shock that are looked at on either side."""


@dataclass(frozen=True, slots=True)
class Fates:
    """What each customer may bring, and how likely.

    Attributes:
        stays: probability to stay, in an ordinary year.
        grows: probability that one who stays grows, in an ordinary year.
    """

    stays: Floats
    grows: Floats


@dataclass(frozen=True, slots=True)
class Mixture:
    """A sum's mean and spread under equally likely shocks.

    Attributes:
        mean: conditional mean of the sum, by shock.
        spread: conditional standard deviation, by shock.
    """

    mean: Floats
    spread: Floats

    def quantile(self, share: float) -> float:
        """The value that the sum does not exceed with this probability."""
        widest = float(self.spread.max())
        low = float(self.mean.min()) - 9 * widest
        high = float(self.mean.max()) + 9 * widest
        if not high > low:
            return low
        for _ in range(64):
            middle = (low + high) / 2
            if self.probability(middle) < share:
                low = middle
            else:
                high = middle
            if high - low <= 1e-10 * max(abs(low), abs(high)):
                break
        return (low + high) / 2

    def probability(self, value: float) -> float:
        """How likely the sum stays at or below a value."""
        with np.errstate(divide="ignore", invalid="ignore"):
            standard = np.where(
                self.spread > 0,
                (value - self.mean) / self.spread,
                np.where(value >= self.mean, 9.0, -9.0),
            )
        grid, area = _normal_table()
        return float(np.interp(standard, grid, area).mean())


def fates(stays: ArrayLike, grows: ArrayLike = 0.0) -> Fates:
    """Probabilities to stay and, having stayed, to grow."""
    p, q = np.broadcast_arrays(np.asarray(stays, float), np.asarray(grows, float))
    for name, array in (("stays", p), ("grows", q)):
        good = (array >= 0) & (array <= 1)
        if not good.all():
            wrong = array[~good].ravel()[0]
            raise InputError(f"{name} is {shown(wrong)}; a probability lies between 0 and 1")
    return Fates(np.atleast_1d(p), np.atleast_1d(q))


def mixture(
    customers: Fates,
    amount: ArrayLike,
    grown: ArrayLike,
    shock: float,
    *,
    growth_share: float = 1.0,
    constant: float = 0.0,
) -> Mixture:
    """The sum of what customers bring: `amount` if they stay, `grown` if they grow as well.

    Args:
        customers: how likely they stay and grow.
        amount: what each brings if it stays.
        grown: what each brings if it stays and grows.
        shock: standard deviation of the shared shock on the log-odds of staying.
        growth_share: how much of the shock reaches the log-odds of growing.
        constant: what is added whatever happens.
    """
    plain = np.broadcast_to(np.asarray(amount, float), customers.stays.shape)
    extra = np.broadcast_to(np.asarray(grown, float), customers.stays.shape) - plain
    nodes = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES) * REACH
    by = np.zeros(1) if shock == 0 else nodes * shock
    moments = np.zeros((len(by), 2))
    for at in range(0, len(plain), BLOCK):
        part = slice(at, at + BLOCK)
        some = Fates(customers.stays[part], customers.grows[part])
        moments += _moments(some, plain[part], extra[part], by, by * growth_share)
    if shock == 0:
        return Mixture(moments[:1, 0] + constant, np.sqrt(moments[:1, 1]))
    fit = chebyshev.chebfit(nodes / REACH, moments, NODES - 1)
    mean, variance = chebyshev.chebval(_shocks() / REACH, fit)
    return Mixture(mean + constant, np.sqrt(np.maximum(variance, 0)))


def _moments(
    customers: Fates, plain: Floats, extra: Floats, on_staying: Floats, on_growing: Floats
) -> Floats:
    """Mean and variance of the sum, a row per shock."""
    stays = _moved(customers.stays, on_staying)
    grows = _moved(customers.grows, on_growing) if on_growing.any() else customers.grows[None]
    mean = plain + grows * extra
    square = mean * mean + grows * (1 - grows) * (extra * extra)
    expected = stays * mean
    variance = (stays * square).sum(axis=1) - (expected * expected).sum(axis=1)
    return np.column_stack([expected.sum(axis=1), variance])


def _moved(probability: Floats, by: Floats) -> Floats:
    """Probabilities with their log-odds moved, a row per move."""
    # odds x exp(by), written so that 0 and 1 stay what they are
    lifted = np.multiply.outer(np.exp(by), probability)
    moved: Floats = lifted / (lifted + (1 - probability))
    return moved


@functools.cache
def _shocks() -> Floats:
    """Equally likely standard normal shocks: the middle of each slice."""
    normal = NormalDist()
    shocks = np.array([normal.inv_cdf((k + 0.5) / SHOCKS) for k in range(SHOCKS)])
    shocks.flags.writeable = False
    return shocks


@functools.cache
def _normal_table() -> tuple[Floats, Floats]:
    """The area under the normal curve; interpolation adds less than 1e-7."""
    grid = np.linspace(-9, 9, 18_001)
    return grid, np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in grid])
