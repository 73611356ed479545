"""The best headcount of saturating responses without drawing the curve.

Value is concave in hours. Part-time CSMs would be best at a price of an hour equal to its cost; of
whole people one of the two numbers beside is. What hours are worth follows from their price, which
is found by Newton's method: in the logarithm of the price the hours of all are a broken line.
"""

from __future__ import annotations

import numpy as np

from csmcalc.core.rounding import whole_up
from csmcalc.optimum.hull import Floats
from csmcalc.optimum.responses import Responses

_STEPS = 200


def best_headcount(responses: Responses, capacity: float, cost: float) -> tuple[int, float]:
    """The headcount of the highest net value, of several as good the smallest, and that value."""
    r = responses
    useful = np.where(r.scale > 0, r.high, r.low)
    fewest, most = (float(whole_up(hours @ r.accounts / capacity)) for hours in (r.low, useful))
    part_time = float(r.hours_at(cost / capacity) @ r.accounts) / capacity
    beside = np.clip((np.floor(part_time), whole_up(part_time)), fewest, most).tolist()
    with np.errstate(divide="ignore"):
        top = np.log(r.scale) + np.log(r.kappa)
    nets = {csms: _value_of_hours(r, top, csms * capacity) - csms * cost for csms in beside}
    best = max(nets, key=lambda csms: nets[csms])
    return int(best), nets[best]


def _value_of_hours(responses: Responses, top: Floats, hours: float) -> float:
    """What hours are worth when each goes where it brings most."""
    given = _hours_within(responses, top, hours)
    return float(responses.value(given) @ responses.accounts)


def _hours_within(responses: Responses, top: Floats, hours: float) -> Floats:
    """Hours of an account of each row, adding up to `hours` or to all that is useful.

    `top` are the logarithms of the prices at which each gets its first hour.
    """
    r = responses
    useful = np.where(r.scale > 0, r.high, r.low)
    if useful @ r.accounts <= hours:
        return useful
    # Between these prices all stand at their floors and all at their caps.
    bends = top - r.kappa * r.low, top - r.kappa * r.high
    above, below = float(bends[0].max()), float(bends[1][np.isfinite(bends[1])].min())
    price = (above + below) / 2
    slopes = r.accounts / r.kappa
    for _ in range(_STEPS):
        wanted = (top - price) / r.kappa
        given = np.clip(wanted, r.low, r.high)
        missing = hours - float(given @ r.accounts)
        if abs(missing) <= 1e-12 * hours or above - below <= 1e-15 * abs(price):
            break
        above, below = (price, below) if missing > 0 else (above, price)
        between = (wanted > r.low) & (wanted < r.high)
        slope = float(slopes[between].sum())
        price = price - missing / slope if slope > 0 else below - 1.0
        if not below < price < above:
            price = (above + below) / 2
    return given
