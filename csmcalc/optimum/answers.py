"""From a curve to answers: how many CSMs, within what range, and what the next one is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from csmcalc.optimum.exact import PRECISION
from csmcalc.optimum.hull import Floats, Ints

FLAT = 0.01
"""Share of the best net value that still counts as the flat top."""

MOST_REFINED = 64


@dataclass(frozen=True, slots=True)
class Optimum:
    """The headcount of the highest net value, and the proof.

    Attributes:
        csms: the headcount.
        csms_low: the fewest CSMs within the flat top.
        csms_high: the most CSMs within the flat top.
        value: what they are worth, before their cost.
        net_value: less their cost.
        bound: no headcount has a higher net value.
        hour_price: value of one hour more.
        next_csm_value: value of one CSM more, before cost; 0 where no hour more is useful.
    """

    csms: int
    csms_low: int
    csms_high: int
    value: float
    net_value: float
    bound: float
    hour_price: float
    next_csm_value: float

    @property
    def gap(self) -> float:
        """How far the bound lies above the net value, as a share of it; 1 where that is 0."""
        missing = self.bound - self.net_value
        return missing / abs(self.net_value) if self.net_value else float(missing > 0)


def settled(bound: float, net_value: float, most: float) -> float:
    """A bound that lies on what it proves, where only rounding parts the two.

    `most` is the most that the book can be worth: where no CSM pays the net value itself, 0, is no
    measure of what rounding is.
    """
    return net_value if abs(bound - net_value) <= PRECISION * most else bound


Refine = Callable[[int], tuple[float, float]]
"""The exact value and bound of one headcount."""


def optimum(
    csms: Ints,
    value: Floats,
    bound: Floats,
    price: Floats,
    cost: float,
    flat: float = FLAT,
    refine: Refine | None = None,
) -> Optimum:
    """The best headcount of a curve at a cost per CSM; of several as good the smallest.

    With `refine`, headcounts that may be better than the best known one are made exact until none
    is left.
    """
    value, bound = value.copy(), bound.copy()
    if refine is not None:
        _settle(csms, value, bound, cost, refine)
    net = value - cost * csms
    best = int(net.argmax())
    most = float(np.abs(bound).max(initial=0.0))
    top = np.flatnonzero(net >= net[best] - flat * abs(net[best]))
    following = 0.0
    if best + 1 < len(csms):
        following = float(value[best + 1] - value[best])
        if refine is not None:
            refined, _ = refine(int(csms[best + 1]))
            following = max(float(value[best + 1]), refined) - float(value[best])
    return Optimum(
        csms=int(csms[best]),
        csms_low=int(csms[top[0]]),
        csms_high=int(csms[top[-1]]),
        value=float(value[best]) + 0.0,
        net_value=float(net[best]) + 0.0,
        bound=settled(float((bound - cost * csms).max()), float(net[best]) + 0.0, most),
        hour_price=float(price[best]),
        next_csm_value=max(0.0, following),
    )


def _settle(csms: Ints, value: Any, bound: Any, cost: float, refine: Refine) -> None:
    """Make exact what may hold the best net value."""
    charge = cost * csms
    still = np.ones(len(csms), dtype=bool)
    for _ in range(MOST_REFINED):
        promise = np.where(still, bound - charge, -np.inf)
        at = int(promise.argmax())
        if promise[at] <= (value - charge)[~still].max(initial=-np.inf):
            return
        value[at], bound[at] = refine(int(csms[at]))
        still[at] = False
        if still.sum() == 0:
            return
