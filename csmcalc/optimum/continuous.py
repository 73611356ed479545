"""Value by headcount where hours may be any number: saturating response, one price per hour.

A customer whose hours h bring scale x (1 - exp(-kappa h)) wants ln(scale kappa / price) / kappa of
them at a price of an hour, within its floor and cap. In the logarithm of the price each customer's
hours are a straight line between two bends, so that all together they are one broken line: the
bends sorted once, with running sums, give the price of any number of hours, and the value at it, in
closed form. The price is the dual solution; the bound it proves lies above the value by rounding.
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

MULTIPLE_OF_FLOOR = 60.0
"""Caps this many times 1 / kappa are as good as none: what lies beyond is worth below 1e-26."""


@dataclass(frozen=True, slots=True)
class Responses:
    """How customers respond to hours; a row may stand for many accounts alike.

    Attributes:
        scale: value of saturated service over none, per account.
        kappa: how fast it saturates; per hour.
        low: fewest hours of an account.
        high: most hours of an account.
        accounts: how many accounts each row stands for.
    """

    scale: Floats
    kappa: Floats
    low: Floats
    high: Floats
    accounts: Floats

    def value(self, hours: Floats) -> Floats:
        """Value of hours of one account, row by row."""
        return self.scale * -np.expm1(-self.kappa * hours)

    def hours_at(self, price: float) -> Floats:
        """The hours each account is worth at a price of an hour."""
        if price <= 0:
            return np.where(self.scale > 0, self.high, self.low)
        with np.errstate(divide="ignore"):
            wanted = np.log(self.scale * self.kappa / price) / self.kappa
        return np.clip(wanted, self.low, self.high)


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
    array([ -0.  ,  64.22,  97.97, 118.44, 130.86, 138.39, 142.96, 145.73, 147.25])
    """
    if not (math.isfinite(capacity) and capacity > 0):
        raise InputError(f"capacity is {shown(capacity)}; it must be hours above 0")
    responses = _responses(scale, kappa, low, high, accounts)
    if groups is not None and group_hours is not None:
        responses = _within(responses, np.asarray(groups, np.int64), np.asarray(group_hours, float))
    line = _Line.of(responses)
    csms = _headcounts(line, float(capacity), max_csms)
    limits: Floats = np.maximum(float(capacity) * csms, line.hours[0])
    price, value = line.at(limits)
    bound = np.maximum(value, line.dual(price, limits))
    for array in (csms, value, bound, price):
        array.flags.writeable = False
    return ContinuousCurve(csms, value, bound, price, float(capacity), responses)


@dataclass(frozen=True, slots=True)
class _Line:
    """Hours and value of all customers together, by the logarithm of the price.

    Between two bends hours are `fixed_hours` + `level` - `slope` x, and value is `fixed_value` +
    `saturated` - `slope` exp(x), with x the logarithm of the price: the sums over those at floor or
    cap, and over those between.
    """

    bend: Floats
    fixed_hours: Floats
    fixed_value: Floats
    level: Floats
    slope: Floats
    saturated: Floats
    hours: Floats

    @classmethod
    def of(cls, responses: Responses) -> _Line:
        """Sort the bends, highest price first, and add up what changes at each."""
        r = responses
        moves = (r.scale > 0) & (r.high > r.low)
        scale, kappa, low, high, many = (
            column[moves] for column in (r.scale, r.kappa, r.low, r.high, r.accounts)
        )
        top = np.log(scale * kappa)
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
        level = running(slope * top, -slope * top)
        slopes = running(slope, -slope)
        saturated = running(many * scale, -many * scale)
        hours = fixed_hours[1:] + level[1:] - slopes[1:] * bend
        hours = np.maximum.accumulate(np.append(rest_hours, hours))
        return cls(bend, fixed_hours, fixed_value, level, slopes, saturated, hours)

    def at(self, limits: Floats) -> tuple[Floats, Floats]:
        """Price and value when these hours are given, or all that is useful where that is less."""
        if not len(self.bend):
            return np.zeros(len(limits)), np.full(len(limits), self.fixed_value[0])
        between = np.searchsorted(self.hours, limits, side="right") - 1
        enough = between >= len(self.bend)
        at = np.minimum(between, len(self.bend) - 1)
        slope = np.where(self.slope[at] > 0, self.slope[at], np.inf)
        x = (self.fixed_hours[at] + self.level[at] - limits) / slope
        upper = np.append(self.bend[0], self.bend)[at]
        x = np.clip(x, self.bend[at], upper)
        price = np.where(enough, 0.0, np.exp(x))
        value = self.fixed_value[at] + self.saturated[at] - self.slope[at] * np.exp(x)
        return price, np.where(enough, self.fixed_value[-1], value)

    def dual(self, price: Floats, limits: Floats) -> Floats:
        """The most that any allocation can be worth: at this price, all customers at their best."""
        if not len(self.bend):
            return np.full(len(limits), self.fixed_value[0])
        with np.errstate(divide="ignore"):
            x = np.log(price)
        at = np.searchsorted(-self.bend, -x, side="right")
        own = np.where(np.isneginf(x), 0.0, x)
        hours = self.fixed_hours[at] + self.level[at] - self.slope[at] * own
        value = self.fixed_value[at] + self.saturated[at] - self.slope[at] * price
        return value + price * (limits - hours)


def _responses(*columns: ArrayLike) -> Responses:
    arrays = np.broadcast_arrays(*(np.asarray(column, dtype=np.float64) for column in columns))
    scale, kappa, low, high, accounts = (np.atleast_1d(array) for array in arrays)
    names = ("scale", "kappa", "low", "high", "accounts")
    for name, array in zip(names, (scale, kappa, low, high, accounts), strict=True):
        good = ~np.isnan(array) & (array >= 0)
        good &= np.isfinite(array) | (name == "high")
        if name == "kappa":
            good &= array > 0
        if not good.all():
            row = int(np.flatnonzero(~good)[0])
            allowed = "above 0" if name == "kappa" else "at least 0"
            raise InputError(f"{name} of row {row} is {shown(array[row])}; it must be {allowed}")
    if (low > high).any():
        row = int((low > high).argmax())
        raise InfeasibleError(
            f"row {row} (counted from 0) has a floor of {low[row]:,.6g} hours above its cap of "
            f"{high[row]:,.6g}; lower the floor or raise the cap"
        )
    high = np.minimum(high, np.maximum(low, MULTIPLE_OF_FLOOR / kappa))
    return Responses(scale, kappa, low, high, accounts)


def _headcounts(line: _Line, capacity: float, max_csms: int | None) -> Ints:
    fewest = int(whole_up(line.hours[0] / capacity))
    most = int(whole_up(line.hours[-1] / capacity)) if max_csms is None else int(max_csms)
    if most > MOST_CSMS:
        raise InputError(
            f"the curve would have {most:,} headcounts; give max_csms or check the capacity"
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
            price = float(_Line.of(part).at(np.array([float(budget)]))[0][0])
            high[rows] = part.hours_at(price)
    return Responses(responses.scale, responses.kappa, responses.low, high, responses.accounts)
