"""The unit that amounts are whole multiples of, where they have one."""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.problem import Floats

_SAME = 1e-9
"""How far a multiple may be off, as a share of the largest amount: the rounding of a scale."""

_MOST = 1_000_000
"""Units of the largest amount from which a unit would only be rounding."""


def common_unit(amounts: Floats) -> float:
    """The largest unit that every amount is a whole multiple of; 0 where there is none.

    >>> round(common_unit(np.array([1.5, 2.5, 4.0])), 9)
    0.5
    """
    amounts = np.unique(np.abs(amounts))
    largest = float(amounts.max(initial=0.0))
    if not 0 < largest < np.inf:
        return 0.0
    unit, rest = largest, amounts
    while True:
        # Euclid: what is left over by the unit so far is a multiple of the unit that is sought
        rest = np.abs(rest - unit * np.round(rest / unit))
        rest = rest[rest > _SAME * largest]
        if not len(rest):
            break
        unit, rest = float(rest.min()), np.append(rest, unit)
        if largest / unit > _MOST:
            return 0.0
    # the unit of the largest amount has the least rounding in it
    unit = largest / np.round(largest / unit)
    off = np.abs(amounts - unit * np.round(amounts / unit)).max()
    return float(unit) if off <= _SAME * largest else 0.0
