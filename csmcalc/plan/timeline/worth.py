"""What service is worth in every month: the static value curve, grown with the customers.

With a times as many accounts of r times the ARR, a segment's hours at a price are a times those it
has today at the price over r, and their value a r times. At today's customers this is the value
view itself. A team that is too small for the floors of the segments gives its hours without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum.line import Line
from csmcalc.plan.timeline.flows import Flows
from csmcalc.plan.timeline.opening import Opening

Floats = NDArray[np.float64]
_HALVINGS = 48
_LOWEST, _HIGHEST = 1e-9, 1e12
"""Prices of an hour between which every useful one lies."""


@dataclass(frozen=True, slots=True)
class Worth:
    """The value of service by scenario and month.

    Attributes:
        opening: the customers today.
        more: accounts in the month, of those today; by scenario, month, segment.
        richer: ARR of an account in the month, of that today.
    """

    opening: Opening
    more: Floats
    richer: Floats

    def at_price(self, price: Floats) -> tuple[Floats, Floats]:
        """Hours and value of all customers at prices of an hour, within the floors."""
        return self._added(self.opening.lines, price)

    def of_hours(self, hours: Floats, *, floors: bool = False) -> tuple[Floats, Floats]:
        """What hours are worth where they bring most, and the price of the last of them."""
        lines = self.opening.lines if floors else self.opening.free
        low = np.full(hours.shape, np.log(_LOWEST))
        high = np.full(hours.shape, np.log(_HIGHEST))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            too_cheap = self._added(lines, np.exp(middle))[0] > hours
            low, high = np.where(too_cheap, middle, low), np.where(too_cheap, high, middle)
        price = np.exp(high)
        given, value = self._added(lines, price)
        useful, most = self._added(lines, np.zeros(hours.shape))
        # What is left goes at the price found; beyond all useful hours it is worth nothing.
        spare = np.clip(np.minimum(hours, useful) - given, 0.0, None)
        enough = hours >= useful
        return np.where(enough, most, value + price * spare), np.where(enough, 0.0, price)

    def _added(self, lines: Sequence[Line], price: Floats) -> tuple[Floats, Floats]:
        hours, value = np.zeros(price.shape), np.zeros(price.shape)
        for at, line in enumerate(lines):
            more, richer = self.more[..., at], self.richer[..., at]
            own_hours, own_value = line.at_price(price / richer)
            hours += more * own_hours
            value += more * richer * own_value
        return hours, value


def worth_of(opening: Opening, flows: Flows) -> Worth:
    """The value of service for the customers at the end of every month."""
    more = flows.accounts_close / opening.accounts
    arr = flows.arr_close / np.where(opening.arr > 0, opening.arr, 1.0)
    richer = np.divide(arr, more, out=np.ones_like(more), where=(more > 0) & (arr > 0))
    return Worth(opening, more, richer)
