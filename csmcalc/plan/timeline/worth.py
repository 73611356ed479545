"""What service is worth in every month: the static value curve, grown with the customers.

With a times as many accounts of r times the ARR, a segment's hours at a price are a times those it
has today at the price over r, and their value a r times. At today's customers this is the value
view itself, whatever its model. The hours of a team too small for the floors count at what the best
such team brings for each: the steepest line from nothing that the curve within the floors touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from csmcalc.plan.timeline.flows import Flows
from csmcalc.plan.timeline.opening import Opening

Floats = NDArray[np.float64]
_STEPS = 100
_LOWEST, _HIGHEST = 1e-9, 1e12
"""Prices of an hour between which every useful one lies."""


@dataclass(frozen=True)
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
        hours, value, _ = self._added(price)
        return hours, value

    @cached_property
    def floors(self) -> Floats:
        """The fewest hours that keep all floors."""
        return self._added(np.full(self.more.shape[:-1], _HIGHEST))[0]

    @cached_property
    def useful(self) -> tuple[Floats, Floats]:
        """All hours that are worth anything, and what they are worth."""
        return self.at_price(np.zeros(self.more.shape[:-1]))

    def of_hours(self, hours: Floats, *, near: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """What hours are worth where they bring most, and the price of the last of them.

        `near` is a price from which the search sets out.
        """
        value, price = self.within_floors(hours, near=near)
        floors = self.floors
        small = (floors > 0) & ((hours < floors) | (value < price * hours))
        if small.any():
            shape = (*hours.shape, len(self.opening.lines))
            more, richer = (np.broadcast_to(a, shape)[small] for a in (self.more, self.richer))
            each = Worth(self.opening, more, richer)._most_each()
            value[small], price[small] = each * hours[small], each
        return value, price

    def within_floors(self, hours: Floats, *, near: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """The same for hours that are no fewer than the floors."""
        useful, most = self.useful
        price = self._price_of(np.minimum(hours, useful), near)
        given, value, _ = self._added(price)
        # What is left goes at the price found; beyond all useful hours it is worth nothing.
        spare = np.clip(np.minimum(hours, useful) - given, 0.0, None)
        enough = hours >= useful
        return np.where(enough, most, value + price * spare), np.where(enough, 0.0, price)

    def _most_each(self) -> Floats:
        """The most that an hour is worth on average, floors kept (Dinkelbach's method).

        At a price equal to the average so far the best hours have a higher one, until none has.
        """
        hours, value = self.useful
        each: Floats = value / hours
        for _ in range(_STEPS):
            hours, value, _ = self._added(np.maximum(each, 0.0))
            higher = value / hours
            if (higher <= each + 1e-15 * np.abs(each)).all():
                break
            each = higher
        return each

    def _price_of(self, hours: Floats, near: Floats | float) -> Floats:
        """The lowest price at which no more than these hours are given, by Newton's method.

        Hours are a broken line in the logarithm of the price; where a step would leave what is
        known of it, the middle is tried.
        """
        low = np.full(hours.shape, np.log(_LOWEST))
        high = np.full(hours.shape, np.log(_HIGHEST))
        x = np.broadcast_to(np.clip(np.log(near), low, high), hours.shape)
        for _ in range(_STEPS):
            given, _, slope = self._added(np.exp(x))
            too_many = given > hours
            low, high = np.where(too_many, x, low), np.where(too_many, high, x)
            missing = given - hours
            if (np.abs(missing) <= 1e-12 * hours).all() or (high - low <= 1e-14).all():
                break
            step = x + np.divide(missing, slope, out=np.full_like(x, np.nan), where=slope > 0)
            inside = (step >= low) & (step <= high)
            # Where the answer is an end of what is known, to the last digit, look just inside it.
            within = np.clip(step, np.nextafter(low, high), np.nextafter(high, low))
            x = np.where(inside, within, (low + high) / 2)
        found: Floats = np.exp(np.where(np.abs(missing) <= 1e-12 * hours, x, high))
        return found

    def _added(self, price: Floats) -> tuple[Floats, Floats, Floats]:
        hours, value, slope = (np.zeros(price.shape) for _ in range(3))
        for at, line in enumerate(self.opening.lines):
            more, richer = self.more[..., at], self.richer[..., at]
            own_hours, own_value, own_slope = line.at_price(price / richer)
            hours += more * own_hours
            value += more * richer * own_value
            slope += more * own_slope
        return hours, value, slope


def worth_of(opening: Opening, flows: Flows) -> Worth:
    """The value of service for the customers at the end of every month."""
    more = flows.accounts_close / np.where(opening.accounts > 0, opening.accounts, np.inf)
    arr = flows.arr_close / np.where(opening.arr > 0, opening.arr, 1.0)
    richer = np.divide(arr, more, out=np.ones_like(more), where=(more > 0) & (arr > 0))
    return Worth(opening, more, richer)
