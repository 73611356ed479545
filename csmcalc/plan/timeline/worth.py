"""What service is worth in every month: the static value curve, grown with the customers.

With a times as many accounts of r times the ARR, a segment's hours at a price are a times those it
has today at the price over r, and their value a r times. At today's customers this is the value
view itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.plan.timeline.flows import Flows
from csmcalc.plan.timeline.opening import Opening

Floats = NDArray[np.float64]
_HALVINGS = 60


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
        """Hours and value of all customers at prices of an hour, by scenario and month."""
        hours, value = np.zeros(price.shape), np.zeros(price.shape)
        for at, line in enumerate(self.opening.lines):
            richer = self.richer[..., at]
            own_hours, own_value = line.at_price(price / richer)
            hours += self.more[..., at] * own_hours
            value += self.more[..., at] * richer * own_value
        return hours, value

    def of_hours(self, hours: Floats) -> Floats:
        """What hours are worth where they bring most, by scenario and month."""
        low, high = np.full(hours.shape, -60.0), np.full(hours.shape, 60.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            given, _ = self.at_price(np.exp(middle))
            low, high = np.where(given > hours, middle, low), np.where(given > hours, high, middle)
        given, value = self.at_price(np.exp(high))
        # Hours between two prices that are the same to the last digit go at that price.
        spare = np.maximum(hours - given, 0.0)
        useful, most = self.at_price(np.zeros(hours.shape))
        value = value + np.exp(high) * np.minimum(spare, np.maximum(useful - given, 0.0))
        fewest, least = self.at_price(np.full(hours.shape, np.exp(60.0)))
        under = np.divide(hours, fewest, out=np.ones_like(hours), where=fewest > 0)
        return np.where(hours < fewest, least * under, np.minimum(value, most))


def worth_of(opening: Opening, flows: Flows) -> Worth:
    """The value of service for the customers at the end of every month."""
    more = flows.accounts_close / opening.accounts
    acv = np.divide(
        flows.arr_close,
        flows.accounts_close,
        out=np.zeros_like(more),
        where=flows.accounts_close > 0,
    )
    richer = np.divide(acv, opening.acv, out=np.ones_like(more), where=opening.acv > 0)
    return Worth(opening, more, np.where(richer > 0, richer, 1.0))
