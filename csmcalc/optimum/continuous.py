"""Value by headcount where hours may be any number: saturating response, one price per hour.

The price is the dual solution; the bound it proves lies above the value by rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csmcalc.core.arguments import shown
from csmcalc.core.rounding import whole_up
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum import answers
from csmcalc.optimum.curve import HAIR, MOST_CSMS
from csmcalc.optimum.hull import Floats, Ints
from csmcalc.optimum.line import Line
from csmcalc.optimum.responses import Responses, responses_of


@dataclass(frozen=True, slots=True)
class ContinuousCurve:
    """What every headcount is worth when each hour goes where it brings most.

    Attributes:
        csms: the headcounts, from the fewest that cover the minimum hours.
        value: what each headcount is worth; concave and non-decreasing.
        bound: the dual bound at `hour_price`: no allocation is worth more.
        hour_price: value of one hour more; 0 once all useful hours are given.
        capacity: hours of one CSM.
        responses: the responses the curve was drawn for, budgets of groups included.
    """

    csms: Ints
    value: Floats
    bound: Floats
    hour_price: Floats
    capacity: float
    responses: Responses

    @property
    def width(self) -> float:
        """The widest gap between bound and value, as a share of the most the book can be worth."""
        most = float(np.abs(self.bound).max(initial=0.0))
        return float((self.bound - self.value).max(initial=0.0)) / most if most else 0.0

    @property
    def marginal_value(self) -> Floats:
        """What each CSM adds to the value of one fewer; NaN for the first headcount."""
        return np.append(np.nan, np.diff(self.value))

    def net_value(self, cost: float) -> Floats:
        """Value less the cost of the CSMs."""
        return self.value - cost * self.csms

    def optimum(self, cost: float, flat: float = answers.FLAT) -> answers.Optimum:
        """The best headcount at a cost per CSM."""
        columns = self.csms, self.value, self.bound, self.hour_price
        return answers.optimum(*columns, cost, flat)

    def hours_at(self, csms: int) -> Floats:
        """Hours of an account of each row at a headcount."""
        at = int(csms) - int(self.csms[0])
        if csms != int(csms) or at < 0:
            raise InputError(
                f"csms is {shown(csms)}; the curve has whole numbers from {self.csms[0]:,}"
            )
        return self.responses.hours_at(float(self.hour_price[min(at, len(self.csms) - 1)]))


def continuous_curve(
    scale: ArrayLike,
    kappa: ArrayLike,
    capacity: float,
    *,
    low: ArrayLike = 0.0,
    high: ArrayLike = np.inf,
    accounts: ArrayLike = 1.0,
    max_csms: int | None = None,
    groups: ArrayLike | None = None,
    group_hours: ArrayLike | None = None,
) -> ContinuousCurve:
    """The value of every headcount, from saturating responses.

    Args:
        scale: value of saturated service over none, per account.
        kappa: how fast it saturates; per hour.
        capacity: hours a year of one CSM.
        low: fewest hours of an account.
        high: most hours of an account.
        accounts: how many accounts each row stands for.
        max_csms: where the curve ends; by default the most CSMs that are useful.
        groups: group of each row, counted from 0, where groups have a budget of hours.
        group_hours: the most hours that each group may get together.

    >>> curve = continuous_curve([100, 50], [0.1, 0.1], 10, high=40)
    >>> curve.value.round(2)
    array([  0.  ,  64.22,  97.97, 118.44, 130.86, 138.39, 142.96, 145.73,
           147.25])
    """
    if not (math.isfinite(capacity) and capacity > 0):
        raise InputError(f"capacity is {shown(capacity)}; it must be hours above 0")
    responses = responses_of(scale, kappa, low, high, accounts)
    if groups is not None and group_hours is not None:
        responses = _within(responses, np.asarray(groups, np.int64), np.asarray(group_hours, float))
    line = Line.of(responses)
    csms = _headcounts(line, float(capacity), max_csms)
    limits: Floats = np.maximum(float(capacity) * csms, line.hours[0])
    price, value = line.at(limits)
    bound = np.maximum(value, line.dual(price, limits))
    for array in (csms, value, bound, price):
        array.flags.writeable = False
    return ContinuousCurve(csms, value, bound, price, float(capacity), responses)


def _headcounts(line: Line, capacity: float, max_csms: int | None) -> Ints:
    fewest = int(whole_up(line.hours[0] / capacity))
    most = int(whole_up(line.hours[-1] / capacity)) if max_csms is None else int(max_csms)
    if most > MOST_CSMS:
        raise InputError(
            f"all useful hours would keep {most:,} CSMs busy, more than a curve can have "
            f"({MOST_CSMS:,}); check the hours, or give max_csms"
        )
    if fewest > most:
        raise InfeasibleError(
            f"the minimum hours come to {line.hours[0]:,.6g} and need {fewest:,} CSMs of "
            f"{capacity:,.6g} hours; max_csms allows {most:,}; lower the floors or allow more CSMs"
        )
    return np.arange(fewest, most + 1)


def _within(responses: Responses, group: Ints, most: Floats) -> Responses:
    """Lower the caps of groups whose budget binds to what their own price leaves them.

    From where hours are so cheap that a group would take more than its budget it stands still, so
    that its budget becomes a cap of each of its customers.
    """
    high = responses.high.copy()
    for at, budget in enumerate(most):
        rows = group == at
        part = Responses(*(getattr(responses, name)[rows] for name in Responses.__slots__))
        floor = float((part.low * part.accounts).sum())
        if floor > budget * (1 + HAIR):
            raise InfeasibleError(
                f"the minimum hours of group {at} come to {floor:,.6g}; its budget is "
                f"{budget:,.6g}; lower its floors or raise the budget"
            )
        if rows.any():
            price = float(Line.of(part).at(np.array([float(budget)]))[0][0])
            high[rows] = part.hours_at(price)
    return Responses(responses.scale, responses.kappa, responses.low, high, responses.accounts)
