"""Hours and value of all customers together, in steps, as the price of an hour falls.

The counterpart of `line` where hours come in levels or a response is S-shaped: the increments of
the concave hulls, best value per hour first. Between two steps an increment is given in part, so
that what hours are worth is the bound of whole levels: above them by a part of one increment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.hull import Floats


@dataclass(frozen=True, slots=True)
class Steps:
    """Running sums of hours and value over the increments, by the price at which each is given."""

    price: Floats
    hours: Floats
    value: Floats

    @classmethod
    def of(cls, gain: Floats, hours: float, value: float) -> Steps:
        """Sort increments (a row of hours and value each) on top of what is given in any case."""
        each = gain[:, 1] / gain[:, 0]
        order = np.argsort(-each, kind="stable")
        added = np.vstack([[[hours, value]], gain[order]]).cumsum(axis=0)
        return cls(each[order], added[:, 0], added[:, 1])

    def at_price(self, price: Floats) -> tuple[Floats, Floats, Floats]:
        """Hours and value when every hour worth more than a price is given.

        Third comes how many hours fewer they are for each step of the price's logarithm: none,
        between two steps.
        """
        at = np.searchsorted(-self.price, -price)
        return self.hours[at], self.value[at], np.zeros(np.shape(price))
