"""Value by headcount where response is S-shaped: Little's ADBUDG curve and its concave hull.

On the convex foot of the curve no hour is worth a price that more hours would not be worth as well:
the hull replaces the foot by the tangent from the floor. Between tangent point and cap the curve is
concave; chords below it and tangents above it enclose its value between two broken lines, which
give what is attained and the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csmcalc.core.rounding import whole_up
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum import answers
from csmcalc.optimum.hull import Floats, Ints

KNOTS = 257
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Shapes:
    """ADBUDG responses in hours: span x^c / (d + x^c) with x = hours / today, per account.

    Attributes:
        span: value of saturated service over none.
        c: shape of the curve; exponent.
        d: where the curve rises.
        today: hours of an account today.
        low: fewest hours.
        high: most hours.
        accounts: how many accounts each row stands for.
    """

    span: Floats
    c: Floats
    d: Floats
    today: Floats
    low: Floats
    high: Floats
    accounts: Floats

    def value(self, hours: Floats) -> Floats:
        """Value of hours of one account; a last axis of hours may follow the rows."""
        span, c, d, today = self._beside(hours)
        power = (hours / today) ** c
        worth: Floats = span * power / (d + power)
        return worth

    def slope(self, hours: Floats) -> Floats:
        """Value of one hour more."""
        span, c, d, today = self._beside(hours)
        x = hours / today
        with np.errstate(divide="ignore", invalid="ignore"):
            rise: Floats = span * c * d * x ** (c - 1) / (d + x**c) ** 2 / today
        return rise

    def _beside(self, hours: Floats) -> tuple[Floats, ...]:
        columns = self.span, self.c, self.d, self.today
        return tuple(column[:, None] for column in columns) if hours.ndim > 1 else columns

    def tangent_points(self) -> Floats:
        """Hours from which on the curve is its own hull."""
        power = np.maximum(self.d * (self.c - 1) / (self.c + 1), 0)
        bend = np.clip(self.today * power ** (1 / self.c), self.low, self.high)
        below, above = bend.copy(), self.high.copy()
        floor = self.value(self.low)
        convex = bend > self.low
        for _ in range(_HALVINGS):
            middle = (below + above) / 2
            short = self.value(middle) - floor < self.slope(middle) * (middle - self.low)
            below, above = np.where(short, middle, below), np.where(short, above, middle)
        return np.where(convex, above, self.low)


@dataclass(frozen=True, slots=True)
class ShapedCurve:
    """What every headcount is worth under S-shaped responses.

    `value` is attained but for less than one account on its tangent, which is taken off;
    no allocation is worth more than `bound`.
    """

    csms: Ints
    value: Floats
    bound: Floats
    hour_price: Floats
    capacity: float
    _knots: Floats
    _slopes: Floats

    def optimum(self, cost: float, flat: float = answers.FLAT) -> answers.Optimum:
        """The best headcount at a cost per CSM."""
        columns = self.csms, self.value, self.bound, self.hour_price
        return answers.optimum(*columns, cost, flat)

    def net_value(self, cost: float) -> Floats:
        """Value less the cost of the CSMs."""
        return self.value - cost * self.csms

    def hours_at(self, csms: int) -> Floats:
        """Mean hours of an account of each row at a headcount, to the last knot that is paid for.

        On a tangent some accounts of a row stand at its foot and the others at its end.
        """
        price = float(self.hour_price[int(csms) - int(self.csms[0])])
        reached = (self._slopes > price).sum(axis=1)
        hours: Floats = self._knots[np.arange(len(reached)), reached]
        return hours


def shaped_curve(
    span: ArrayLike,
    c: ArrayLike,
    d: ArrayLike,
    today: ArrayLike,
    capacity: float,
    *,
    low: ArrayLike,
    high: ArrayLike,
    accounts: ArrayLike = 1.0,
    max_csms: int | None = None,
    knots: int = KNOTS,
) -> ShapedCurve:
    """The value of every headcount, from ADBUDG responses over the hours from low to high."""
    given = np.broadcast_arrays(
        *(np.asarray(a, float) for a in (span, c, d, today, low, high, accounts))
    )
    shapes = Shapes(*(np.atleast_1d(array).astype(float) for array in given))
    _check(shapes)
    first = shapes.tangent_points()
    steps = np.linspace(0, 1, knots) ** 2
    curved = first[:, None] + (shapes.high - first)[:, None] * steps
    points = np.column_stack([shapes.low, curved])
    worth = shapes.value(points)
    inner = _Broken.of(points, worth, shapes.accounts)
    outer = _Broken.of(*_outside(shapes, points, worth), shapes.accounts)
    fewest = int(whole_up(inner.hours[0] / capacity))
    most = int(whole_up(inner.hours[-1] / capacity)) if max_csms is None else int(max_csms)
    if fewest > most:
        raise InfeasibleError(
            f"the minimum hours come to {inner.hours[0]:,.6g} and need {fewest:,} CSMs of "
            f"{capacity:,.6g} hours; max_csms allows {most:,}; lower the floors or allow more CSMs"
        )
    csms = np.arange(fewest, most + 1)
    limits = np.maximum(capacity * csms, inner.hours[0])
    value = np.maximum(inner.at(limits) - _on_a_tangent(shapes, first), inner.value[0])
    bound = np.maximum(outer.at(limits), value)
    return ShapedCurve(
        csms, value, bound, inner.price(limits), float(capacity), points, inner.slopes
    )


@dataclass(frozen=True, slots=True)
class _Broken:
    """Hours and value of all rows together along their broken lines, best slope first."""

    hours: Floats
    value: Floats
    ranked: Floats
    slopes: Floats

    @classmethod
    def of(cls, points: Floats, worth: Floats, accounts: Floats) -> _Broken:
        more, gain = np.diff(points, axis=1), np.diff(worth, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            slopes = np.where(more > 0, gain / more, 0.0)
        many = np.broadcast_to(accounts[:, None], more.shape)
        useful = slopes > 0
        order = np.argsort(-slopes[useful], kind="stable")
        start = (accounts * points[:, 0]).sum(), (accounts * worth[:, 0]).sum()
        return cls(
            start[0] + np.append(0.0, np.cumsum((many * more)[useful][order])),
            start[1] + np.append(0.0, np.cumsum((many * gain)[useful][order])),
            slopes[useful][order],
            slopes,
        )

    def at(self, limits: Floats) -> Floats:
        return np.interp(limits, self.hours, self.value)

    def price(self, limits: Floats) -> Floats:
        at = np.searchsorted(self.hours, limits, side="right") - 1
        price: Floats = np.append(self.ranked, 0.0)[at]
        return price


def _outside(shapes: Shapes, points: Floats, worth: Floats) -> tuple[Floats, Floats]:
    """The broken line of tangents at the knots: where neighbours cross."""
    curved, height = points[:, 1:], worth[:, 1:]
    slope = shapes.slope(curved)
    # At zero hours a curve with c < 1 rises without limit: there the tangent behind goes back to 0.
    falls = slope[:, :-1] - slope[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = (np.diff(height, axis=1) - slope[:, 1:] * np.diff(curved, axis=1)) / falls
    apart, up = np.diff(curved, axis=1), np.diff(height, axis=1)
    ahead = np.where(np.isfinite(ahead), np.clip(ahead, 0, apart), 0.0)
    steep = np.isfinite(slope[:, :-1])
    rise = np.where(steep, slope[:, :-1], 0.0) * ahead
    rise = np.where(steep, rise, np.maximum(0, up - slope[:, 1:] * apart))
    crossing, top = curved[:, :-1] + ahead, height[:, :-1] + rise
    x = np.column_stack([points[:, :2], crossing, points[:, -1:]])
    y = np.column_stack([worth[:, :2], top, worth[:, -1:]])
    return x, y


def _on_a_tangent(shapes: Shapes, first: Floats) -> float:
    """The most that one account standing between foot and end of its tangent falls short by."""
    part = np.linspace(0, 1, 33)
    hours = shapes.low[:, None] + (first - shapes.low)[:, None] * part
    foot, end = shapes.value(shapes.low)[:, None], shapes.value(first)[:, None]
    return float((foot + (end - foot) * part - shapes.value(hours)).max(initial=0.0))


def _check(shapes: Shapes) -> None:
    positive = (shapes.c > 0) & (shapes.d > 0) & (shapes.today > 0) & np.isfinite(shapes.high)
    positive &= (shapes.span >= 0) & (shapes.low >= 0) & (shapes.accounts >= 0)
    if not positive.all():
        row = int((~positive).argmax())
        raise InputError(
            f"row {row} (counted from 0): c, d and today's hours must lie above 0, the cap must be "
            "a number, the others at least 0"
        )
    if (shapes.low > shapes.high).any():
        row = int((shapes.low > shapes.high).argmax())
        raise InfeasibleError(
            f"row {row} (counted from 0) has a floor of {shapes.low[row]:,.6g} hours above its cap "
            f"of {shapes.high[row]:,.6g}; lower the floor or raise the cap"
        )
