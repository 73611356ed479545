"""Hours and value of all customers together, as the price of an hour falls.

A customer whose hours h bring scale x (1 - exp(-kappa h)) wants ln(scale kappa / price) / kappa of
them at a price of an hour, within its floor and cap. In the logarithm of the price each customer's
hours are a straight line between two bends, so that all together they are one broken line: the
bends sorted once, with running sums, give the price of any number of hours, and the value at it, in
closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.hull import Floats
from csmcalc.optimum.responses import Responses


@dataclass(frozen=True, slots=True)
class Line:
    """Hours and value of all customers together, by the logarithm of the price.

    Between two bends hours are `height` - `slope` x, and value is `worth` - `slope` exp(x), with x
    the logarithm of the price; `fixed_value` is what those at floor or cap bring. `rising` are the
    bends with the sign in which they can be searched.
    """

    bend: Floats
    rising: Floats
    fixed_value: Floats
    height: Floats
    slope: Floats
    worth: Floats
    hours: Floats

    @classmethod
    def of(cls, responses: Responses) -> Line:
        """Sort the bends, highest price first, and add up what changes at each."""
        r = responses
        moves = (r.scale > 0) & (r.high > r.low)
        scale, kappa, low, high, many = (
            column[moves] for column in (r.scale, r.kappa, r.low, r.high, r.accounts)
        )
        top = np.log(scale) + np.log(kappa)
        leaves, stops = top - kappa * low, top - kappa * high
        bend = np.concatenate([leaves, stops])
        order = np.argsort(-bend)
        bend = bend[order]
        at_low, at_high = (
            many * scale * -np.expm1(-kappa * low),
            many * scale * -np.expm1(-kappa * high),
        )
        slope = many / kappa
        rest_hours = float((r.low * r.accounts).sum())
        rest_value = float((r.value(r.low) * r.accounts).sum())

        def running(at_leaving: Floats, at_stopping: Floats, start: float = 0.0) -> Floats:
            return start + np.append(
                0.0, np.cumsum(np.concatenate([at_leaving, at_stopping])[order])
            )

        fixed_hours = running(-many * low, many * high, rest_hours)
        fixed_value = running(-at_low, at_high, rest_value)
        # Measured from each bend's own height, level and slope do not cancel each other.
        height = fixed_hours + running(slope * top, -slope * top)
        slopes = running(slope, -slope)
        worth = fixed_value + running(many * scale, -many * scale)
        hours = height[1:] - slopes[1:] * bend
        hours = np.maximum.accumulate(np.append(rest_hours, hours))
        return cls(bend, -bend, fixed_value, height, slopes, worth, hours)

    def at(self, limits: Floats) -> tuple[Floats, Floats]:
        """Price and value when these hours are given, or all that is useful where that is less."""
        if not len(self.bend):
            return np.zeros(len(limits)), np.full(len(limits), self.fixed_value[0])
        between = np.searchsorted(self.hours, limits, side="right") - 1
        enough = between >= len(self.bend)
        at = np.minimum(between, len(self.bend) - 1)
        slope = np.where(self.slope[at] > 0, self.slope[at], np.inf)
        x = (self.height[at] - limits) / slope
        upper = np.append(self.bend[0], self.bend)[at]
        x = np.clip(x, self.bend[at], upper)
        price = np.where(enough, 0.0, np.exp(x))
        value = self.worth[at] - self.slope[at] * np.exp(x)
        value = np.where(limits > self.hours[0], value, self.fixed_value[0])
        return price, np.where(enough, self.fixed_value[-1], value)

    def at_price(self, price: Floats) -> tuple[Floats, Floats, Floats]:
        """Hours and value when every hour worth more than a price is given.

        Third comes how many hours fewer they are for each step of the price's logarithm.
        """
        if (price > 0).all():
            x = own = np.log(price)
        else:
            with np.errstate(divide="ignore"):
                x = np.log(price)
            own = np.where(np.isneginf(x), 0.0, x)
        at = np.searchsorted(self.rising, -x, side="right")
        slope = self.slope[at]
        hours = self.height[at] - slope * own
        value = self.worth[at] - slope * price
        return hours, value, slope

    def dual(self, price: Floats, limits: Floats) -> Floats:
        """The most that any allocation can be worth: at this price, all customers at their best."""
        if not len(self.bend):
            return np.full(len(limits), self.fixed_value[0])
        hours, value, _ = self.at_price(price)
        return value + price * (limits - hours)
