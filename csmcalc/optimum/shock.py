"""Quantiles of a sum over customers who may leave or grow, under a shock that all share.

Independent fates cancel out among many customers; what they share does not. The shock moves every
customer's log-odds at once. Given the shock, the characteristic function of the sum is a product:
exact factors of the customers who are large beside the rest, and one factor for all others, close
to a normal, with their first four cumulants. Averaged over the shock and inverted by a Fourier
transform it gives the whole distribution. Of a few customers every outcome is counted instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from csmcalc.core.arguments import shown
from csmcalc.errors import InputError
from csmcalc.optimum.hull import Floats, Ints

Complex = NDArray[np.complex128]

NODES, NODES_BY_SHOCK = 17, 45
"""Shocks at which the cumulants of many customers are computed; a polynomial joins them. The wider
they lie, the more it takes."""

BLOCK = 4096
REACH = 5.0
"""Standard deviations of the shock that are looked at on either side."""

COUNTED = 10
"""Customers up to which every outcome is counted."""

LARGE = 0.1
"""A customer is large whose standard deviation is more than this of all not larger together."""

MOST_LARGE = 200
"""Customers that may be large; a book of no more is taken as one of large customers alone."""

FEWEST_SHOCKS, MOST_SHOCKS = 41, 513

NEGLIGIBLE = 1e-10
"""Characteristic functions below this are as good as none."""

STEPS = 8192
"""Points of the grid on which the sum's distribution is found."""

BLUR = 1.5
"""Steps of the grid over which it is smoothed, so that no outcome falls between two."""


@dataclass(frozen=True, slots=True)
class Fates:
    """What each customer may bring, and how likely.

    Attributes:
        stays: probability to stay, in an ordinary year.
        grows: probability that one who stays grows.
        amount: what it brings if it stays.
        grown: what it brings if it stays and grows.
    """

    stays: Floats
    grows: Floats
    amount: Floats
    grown: Floats

    def parted(self, which: NDArray[np.bool_]) -> tuple[Fates, Fates]:
        """Some of the customers, and all others."""
        return self.only(which), self.only(~which) if which.any() else self

    def only(self, which: Any) -> Fates:
        """Some of the customers."""
        return Fates(self.stays[which], self.grows[which], self.amount[which], self.grown[which])

    @property
    def variance(self) -> Floats:
        """Variance of what each brings, in an ordinary year."""
        mean, square = (self.stays * moment for moment in self.moments(2))
        variance: Floats = np.maximum(square - mean * mean, 0)
        return variance

    def moments(self, most: int) -> list[Floats]:
        """Moments of what each brings if it stays, from the first on."""
        plain, more = np.ones_like(self.amount), np.ones_like(self.amount)
        found = []
        for _ in range(most):
            plain, more = plain * self.amount, more * self.grown
            found.append(plain + self.grows * (more - plain))
        return found


@dataclass(frozen=True, slots=True)
class Distribution:
    """How likely the sum stays at or below each of some ascending values.

    Attributes:
        value: the values.
        probability: that the sum does not exceed them.
        stepped: whether the sum takes these values alone, and none between them.
    """

    value: Floats
    probability: Floats
    stepped: bool

    def quantile(self, share: float) -> float:
        """The smallest value that the sum does not exceed with this probability."""
        if not self.stepped:
            return float(np.interp(share, self.probability, self.value))
        at = np.searchsorted(self.probability, share * (1 - 1e-12))
        return float(self.value[min(int(at), len(self.value) - 1)])


def fates(
    stays: ArrayLike, grows: ArrayLike, amount: ArrayLike, grown: ArrayLike | None = None
) -> Fates:
    """Checked fates; a customer each, or scalars that hold for all of them.

    Without `grown`, growing brings nothing more.
    """
    given = stays, grows, amount, amount if grown is None else grown
    columns = np.broadcast_arrays(*(np.asarray(one, float) for one in given))
    for name, array in zip(("stays", "grows"), columns[:2], strict=True):
        good = (array >= 0) & (array <= 1)
        if not good.all():
            wrong = array[~good].ravel()[0]
            raise InputError(f"{name} is {shown(wrong)}; a probability lies between 0 and 1")
    return Fates(*(np.atleast_1d(column) for column in columns))


def distribution(customers: Fates, shock: float, constant: float = 0.0) -> Distribution:
    """The distribution of what all customers bring together.

    Args:
        customers: what each may bring, and how likely.
        shock: standard deviation of the shared shock on the log-odds of staying.
        constant: what is added whatever happens.
    """
    squares = customers.variance
    sure, customers = customers.parted(squares == 0)
    constant += float((sure.stays * sure.moments(1)[0]).sum())
    squares = squares[squares > 0]
    if len(squares) <= COUNTED:
        return _counted(customers, shock, constant)
    large = np.zeros(len(squares), dtype=bool)
    large[_large(squares)] = True
    return _transformed(*customers.parted(large), shock, constant)


def _large(squares: Floats) -> Ints:
    """The customers who are large beside all that are not larger, by their variance."""
    if len(squares) <= MOST_LARGE:
        return np.arange(len(squares))
    top = np.argpartition(-squares, MOST_LARGE)[:MOST_LARGE]
    top = top[np.argsort(-squares[top], kind="stable")]
    larger = np.append(0.0, np.cumsum(squares[top])[:-1])
    is_large = squares[top] > LARGE**2 * (squares.sum() - larger)
    return top[: int(np.append(is_large, False).argmin())]


def _shocks(shock: float, count: int) -> tuple[Floats, Floats]:
    """Shocks in equal steps and how likely each is."""
    if shock == 0:
        return np.zeros(1), np.ones(1)
    standard = np.linspace(-REACH, REACH, count)
    likely = np.exp(-(standard**2) / 2)
    return standard * shock, likely / likely.sum()


def _moved(probability: Floats, by: Floats) -> Floats:
    """Probabilities with their log-odds moved, a row per move."""
    # odds x exp(by), written so that 0 and 1 stay what they are
    lifted = np.multiply.outer(np.exp(by), probability)
    moved: Floats = lifted / (lifted + (1 - probability))
    return moved


def _counted(few: Fates, shock: float, constant: float) -> Distribution:
    """Every outcome of a few customers and how likely it is."""
    by, likely = _shocks(shock, FEWEST_SHOCKS)
    value, chance = np.full(1, constant), np.ones((len(by), 1))
    for at, stays in enumerate(_moved(few.stays, by).T[:, :, None]):
        grows = few.grows[at]
        value = np.concatenate([value, value + few.amount[at], value + few.grown[at]])
        kept = chance * stays
        chance = np.hstack([chance - kept, kept * (1 - grows), kept * grows])
    order = np.argsort(value, kind="stable")
    return Distribution(value[order], np.cumsum((likely @ chance)[order]), stepped=True)


def _transformed(large: Fates, others: Fates, shock: float, constant: float) -> Distribution:
    """The distribution by its characteristic function."""
    polynomial = _cumulants(others, shock)
    mean, variance = chebyshev.chebval(np.linspace(-1, 1, FEWEST_SHOCKS), polynomial)[:2]
    spread = np.sqrt(np.maximum(variance, 0))
    both = large.amount, large.grown
    low = float(np.minimum(0, np.minimum(*both)).sum() + (mean - 9 * spread).min())
    high = float(np.maximum(0, np.maximum(*both)).sum() + (mean + 9 * spread).max())
    step = (high - low) / (STEPS - 8 * BLUR)
    low -= 4 * BLUR * step
    # Shocks lie so near each other that the bells of the others overlap.
    moves = float(np.ptp(mean))
    narrow = max(float(spread.min()), BLUR * step)
    count = int(np.clip(moves / narrow, FEWEST_SHOCKS, MOST_SHOCKS))
    blur = max(BLUR * step, moves / count) ** 2 - float(variance.min())
    turns: Floats = 2 * np.pi * np.arange(STEPS // 2 + 1, dtype=float) / (STEPS * step)
    by, likely = _shocks(shock, count)
    cumulants = np.asarray(chebyshev.chebval(by / (shock * REACH or 1.0), polynomial), float)
    cumulants[0] -= low
    cumulants[1] = np.maximum(cumulants[1], 0) + max(blur, 0.0)
    total = _characteristic(large, cumulants, by, likely, turns)
    reached: Floats = np.cumsum(np.fft.irfft(total.conj(), STEPS))
    edges: Floats = low + step * (np.arange(STEPS, dtype=float) + 0.5)
    return Distribution(edges + constant, np.maximum.accumulate(reached), stepped=False)


def _cumulants(customers: Fates, shock: float) -> Floats:
    """The first four cumulants of the sum, as polynomials in the shock over its reach."""
    nodes = max(NODES, math.ceil(NODES_BY_SHOCK * shock))
    at: Floats = np.cos(np.pi * (np.arange(nodes, dtype=float) + 0.5) / nodes)
    found = np.zeros((nodes, 4))
    for begin in range(0, len(customers.stays), BLOCK):
        some = customers.only(slice(begin, begin + BLOCK))
        a, b, c, d = some.moments(4)
        stays = _moved(some.stays, at * (REACH * shock))
        by_power = (
            (a, b, c, d),
            (-a * a, -3 * a * b, -4 * a * c - 3 * b * b),
            (2 * a * a * a, 12 * a * a * b),
            (-6 * a * a * a * a,),
        )
        power = stays
        for first, columns in enumerate(by_power):
            found[:, first:] += power @ np.column_stack(columns)
            power = power * stays
    return np.asarray(chebyshev.chebfit(at, found, nodes - 1), dtype=np.float64)


def _characteristic(
    large: Fates, cumulants: Floats, by: Floats, likely: Floats, turns: Floats
) -> Complex:
    """The characteristic function of the sum at some turns, averaged over the shock."""
    narrowest = float(cumulants[1].min())
    live = np.flatnonzero(turns**2 * narrowest <= -2 * math.log(NEGLIGIBLE))
    given = _of_many(cumulants, turns[live])
    stays = _moved(large.stays, by)
    for at in range(len(large.stays)):
        turn = turns[live]
        grows, plain, grown = large.grows[at], large.amount[at], large.grown[at]
        kept = (1 - grows) * np.exp(1j * turn * plain) + grows * np.exp(1j * turn * grown)
        given *= 1 + np.multiply.outer(stays[:, at], kept - 1)
        if at % 8 == 7:
            # Where many factors have left nothing, further ones need not be looked at.
            still = np.abs(given).max(axis=0) > NEGLIGIBLE
            live, given = live[still], given[:, still]
    total = np.zeros(len(turns), dtype=complex)
    total[live] = likely @ given
    return total


def _of_many(cumulants: Floats, turns: Floats) -> Complex:
    """The characteristic function of a sum of many by its cumulants, a row per shock."""
    mean, variance, third, fourth = cumulants[:, :, None]
    skew = -1j * turns**3 * third / 6
    peak = turns**4 * fourth / 24
    normal = np.exp(1j * turns * mean - turns**2 * variance / 2)
    given: Complex = normal * (1 + skew + peak + skew * skew / 2)
    return given
