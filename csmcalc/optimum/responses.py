"""How customers respond to hours: saturating curves with a floor and a cap each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from csmcalc.core.arguments import shown
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum.hull import Floats

MULTIPLE_OF_FLOOR = 60.0
"""Caps this many times 1 / kappa are as good as none: what lies beyond is worth below 1e-26."""

DUST = 1e-12
"""Hours above the floor of which kappa makes no more than this are rounding."""


@dataclass(frozen=True, slots=True)
class Responses:
    """How customers respond to hours; a row may stand for many accounts alike.

    Attributes:
        scale: value of saturated service over none, per account.
        kappa: how fast it saturates; per hour.
        low: fewest hours of an account.
        high: most hours of an account.
        accounts: how many accounts each row stands for.
    """

    scale: Floats
    kappa: Floats
    low: Floats
    high: Floats
    accounts: Floats

    def value(self, hours: Floats) -> Floats:
        """Value of hours of one account, row by row."""
        return self.scale * -np.expm1(-self.kappa * hours)

    def hours_at(self, price: float) -> Floats:
        """The hours each account is worth at a price of an hour."""
        if price <= 0:
            return np.where(self.scale > 0, self.high, self.low)
        with np.errstate(divide="ignore"):
            wanted = np.log(self.scale * self.kappa / price) / self.kappa
        # At the price where hours begin, rounding leaves a hair of one above the floor.
        wanted = np.where(wanted - self.low <= DUST / self.kappa, self.low, wanted)
        return np.clip(wanted, self.low, self.high)


def responses_of(
    scale: ArrayLike, kappa: ArrayLike, low: ArrayLike, high: ArrayLike, accounts: ArrayLike
) -> Responses:
    """Checked responses; a row each, or scalars that hold for all rows."""
    given = (np.asarray(one, dtype=np.float64) for one in (scale, kappa, low, high, accounts))
    columns = tuple(np.atleast_1d(array) for array in np.broadcast_arrays(*given))
    for name, array in zip(Responses.__slots__, columns, strict=True):
        good = ~np.isnan(array) & (array >= 0)
        good &= np.isfinite(array) | (name == "high")
        if name == "kappa":
            good &= array > 0
        if not good.all():
            row = int(np.flatnonzero(~good)[0])
            allowed = "above 0" if name == "kappa" else "at least 0"
            raise InputError(f"{name} of row {row} is {shown(array[row])}; it must be {allowed}")
    found = Responses(*columns)
    if (found.low > found.high).any():
        row = int((found.low > found.high).argmax())
        raise InfeasibleError(
            f"row {row} (counted from 0) has a floor of {found.low[row]:,.6g} hours above its cap "
            f"of {found.high[row]:,.6g}; lower the floor or raise the cap"
        )
    enough = np.maximum(found.low, MULTIPLE_OF_FLOOR / found.kappa)
    return replace(found, high=np.minimum(found.high, enough))
