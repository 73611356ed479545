"""Value by hours: what each customer's best hours are when all hours have one price.

With every CSM's hours spent where they bring most, a book is worth most in sum when the next hour
is worth the same in every book (Skiera & Albers 1998). At that one price each customer asks for
certain hours; books in which these hours fit the CSM's own leave nothing on the table. A customer's
hours h bring scale x (1 - exp(-kappa h)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def wanted_hours(scale: Floats, kappa: Floats, price: float) -> Floats:
    """Hours of each customer at a price of an hour: where the next one is worth just that."""
    with np.errstate(divide="ignore", invalid="ignore"):
        hours = np.log(scale * kappa / price) / kappa
    return np.where(scale * kappa > price, hours, 0.0)


def common_price(scale: Floats, kappa: Floats, hours: float) -> float:
    """The price at which all customers together ask for the hours there are."""
    high = float((scale * kappa).max(initial=0.0))
    if high <= 0:
        return 0.0
    low = high * 1e-18
    if hours <= 0:
        return high
    for _step in range(200):
        middle = float(np.sqrt(low * high))
        if wanted_hours(scale, kappa, middle).sum() > hours:
            low = middle
        else:
            high = middle
    return high


def book_value(scale: Floats, kappa: Floats, hours: float) -> float:
    """What a book brings when its CSM spends the hours where they bring most."""
    if len(scale) == 0 or hours <= 0:
        return 0.0
    spent = wanted_hours(scale, kappa, common_price(scale, kappa, hours))
    return float((scale * -np.expm1(-kappa * spent)).sum())
