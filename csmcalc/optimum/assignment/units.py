"""Measures of amounts: the unit they are whole multiples of, and how far they spread."""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Problem

_SAME = 1e-9
"""How far a multiple may be off, as a share of the largest amount: the rounding of a scale."""

_PART = 1e-5
"""By what part of a unit a sum of amounts may be off whole units."""

_MOST = 1_000_000
"""Units of the largest amount from which a unit would only be rounding."""


def common_unit(amounts: Floats, terms: int = 1) -> float:
    """The largest unit that every amount is a whole multiple of; 0 where there is none.

    So are sums of so many `terms`, to a small part of the unit.

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
    # beside a large amount small ones would pass for rounding
    least = min(float(amounts[amounts > 0].min()), unit)
    return float(unit) if off <= _SAME * least and off * terms <= _PART * unit else 0.0


def spread(problem: Problem) -> float:
    """How far costs are apart: by item its mean above its least, added up; 1 where all are alike.

    What is measured by it does not change where the costs of an item are all raised alike.
    """
    first = problem.first[:-1]
    mean = np.add.reduceat(problem.cost, first) / np.diff(problem.first)
    apart = float((mean - np.minimum.reduceat(problem.cost, first)).sum())
    return apart if apart > 0 else 1.0
