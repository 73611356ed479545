"""Value by headcount where each customer has a menu of service levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csmcalc.core.arguments import shown
from csmcalc.core.rounding import whole_up
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum import answers, sweep
from csmcalc.optimum.budgets import Budgets, within
from csmcalc.optimum.exact import Exact, best_levels
from csmcalc.optimum.grouped import best_levels_within
from csmcalc.optimum.hull import Floats, Ints, increments
from csmcalc.optimum.sweep import Ranking

HAIR = 1e-12
"""Hours over the limit, as a share of it, that are rounding."""

EXACT_UP_TO = 10_000
"""Customers up to which the best levels of a headcount are found and proven."""

EXACT_THROUGHOUT = 20_000
"""Customers times headcounts up to which the whole curve is exact from the start."""

MOST_CSMS = 10_000_000


@dataclass(frozen=True, slots=True)
class ValueCurve:
    """What every headcount is worth when its hours go where they bring most.

    Attributes:
        csms: the headcounts, from the fewest that cover the minimum hours.
        value: what each headcount is worth, attained by whole levels. Asking for a headcount's
            levels, or for the optimum, closes the gap to the best and raises its value to it.
        bound: no choice of levels is worth more; concave and non-decreasing.
        hour_price: value of one hour more at each headcount; 0 once all useful hours are given.
        capacity: hours of one CSM.
    """

    csms: Ints
    value: Floats
    bound: Floats
    hour_price: Floats
    capacity: float
    _attained: Floats
    _hours: Floats
    _menu: Floats
    _ranking: Ranking
    _minimum: float
    _budgets: Budgets | None
    _swept: bool

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
        """The best headcount at a cost per CSM; proven exact up to 10,000 customers."""
        refine = None if self._swept or len(self._hours) > EXACT_UP_TO else self._refine
        bound = self.bound
        if refine and self._budgets:
            bound = self._tightened(int(self.net_value(cost).argmax()))
        return answers.optimum(self.csms, self.value, bound, self.hour_price, cost, flat, refine)

    def levels_at(self, csms: int) -> Ints:
        """The level of each customer at a headcount; together they are worth `value`."""
        return self.exact_at(csms).levels

    def exact_at(self, csms: int) -> Exact:
        """The best levels known at a headcount, their value and the bound.

        Up to 10,000 customers the levels are the best there are, and value and bound are one.
        """
        at = self._position(csms)
        limit = _limit(self.capacity, csms)
        levels = sweep.levels_within(self._ranking, limit - self._minimum)
        rows = np.arange(len(levels))
        if len(levels) > EXACT_UP_TO or self._swept:
            value = float(self._menu[rows, levels].sum())
            bound = max(value, float(self.bound[at]))
            return Exact(levels, value, bound, bound)
        given = self._hours, self._menu, levels, float(self.hour_price[at]), limit
        budgets = self._budgets
        found = best_levels_within(*given, budgets) if budgets else best_levels(*given)
        # Summed in another order the same value may lie a last digit above the bound.
        self._attained[at] = min(found.value, float(self.bound[at]))
        return found

    def _tightened(self, at: int) -> Floats:
        """The bound without what divided levels would add to budgets that bind at a headcount."""
        dual = self.exact_at(int(self.csms[at])).dual
        hours = (self.csms - self.csms[at]) * self.capacity
        line = dual + float(self.hour_price[at]) * hours
        tightened: Floats = np.maximum(np.minimum(self.bound, line), self.value)
        return tightened

    def _refine(self, csms: int) -> tuple[float, float]:
        found = self.exact_at(csms)
        return found.value, found.bound

    def _position(self, csms: int) -> int:
        at = int(csms) - int(self.csms[0])
        if csms != int(csms) or not 0 <= at < len(self.csms):
            raise InputError(
                f"csms is {shown(csms)}; the curve has whole numbers from {self.csms[0]:,} to "
                f"{self.csms[-1]:,}"
            )
        return at


def value_curve(
    hours: ArrayLike,
    value: ArrayLike,
    capacity: float,
    max_csms: int | None = None,
    *,
    groups: ArrayLike | None = None,
    group_hours: ArrayLike | None = None,
    exact: bool = True,
) -> ValueCurve:
    """The value of every headcount, from menus of service levels.

    Args:
        hours: a row per customer, a column per level; hours a year.
        value: what each level is worth; -inf where a level is not on offer.
        capacity: hours a year of one CSM.
        max_csms: where the curve ends; by default the most CSMs that are useful.
        groups: group of each customer, counted from 0, where groups have a budget of hours.
        group_hours: the most hours that each group may get together.
        exact: whether gaps are closed where the size allows it; fine menus have hardly any.

    >>> curve = value_curve([[0, 10, 20], [0, 10, 20]], [[0, 5, 8], [0, 4, 5]], 10)
    >>> curve.csms, curve.value
    (array([0, 1, 2, 3, 4]), array([ 0.,  5.,  9., 12., 13.]))
    >>> curve.levels_at(3)
    array([2, 1])
    """
    h, v = _menus(hours, value)
    if not (math.isfinite(capacity) and capacity > 0):
        raise InputError(f"capacity is {shown(capacity)}; it must be hours above 0")
    found = increments(h, v)
    rows = np.arange(len(h))
    # Where all start from the first level, a column is read sooner than picked cell by cell.
    picked = (rows, found.base) if found.base.any() else (slice(None), 0)
    minimum, basis = float(h[picked].sum()), float(v[picked].sum())
    whole, shared, limited = found, found, None
    if groups is not None and group_hours is not None:
        group = np.asarray(groups, dtype=np.int64)
        most = np.asarray(group_hours, dtype=float)
        whole, shared, limited = within(found, group, most, h[picked])
    csms = _headcounts(minimum, float(shared.hours.sum()), float(capacity), max_csms)
    limits = _limit(float(capacity), csms) - minimum
    ranking = sweep.rank(whole)
    reached = sweep.reach(ranking, limits)
    dual = reached if shared is whole else sweep.reach(sweep.rank(shared), limits)
    attained = reached.value + basis
    value_seen = attained.view()
    curve = ValueCurve(
        csms,
        value_seen,
        np.maximum(dual.bound + basis, attained),
        dual.price,
        float(capacity),
        attained,
        h,
        v,
        ranking,
        minimum,
        None if shared is whole else limited,
        not exact,
    )
    if len(h) <= EXACT_UP_TO and len(h) * len(csms) <= EXACT_THROUGHOUT and not curve._swept:
        _make_exact(curve)
    for array in (curve.csms, curve.value, curve.bound, curve.hour_price):
        array.flags.writeable = False
    return curve


def _make_exact(curve: ValueCurve) -> None:
    for at, csms in enumerate(curve.csms):
        if curve.value[at] < curve.bound[at]:
            curve.exact_at(int(csms))
    np.maximum(curve.bound, curve.value, out=curve.bound)


def _limit(capacity: float, csms: Any) -> Any:
    return capacity * csms * (1 + HAIR)


def _menus(hours: ArrayLike, value: ArrayLike) -> tuple[Floats, Floats]:
    h = np.ascontiguousarray(hours, dtype=np.float64)
    v = np.ascontiguousarray(value, dtype=np.float64)
    if h.ndim != 2 or h.shape != v.shape or not h.size:
        raise InputError(
            f"hours have the shape {h.shape} and value {v.shape}; both must be one row a customer "
            "and one column a level"
        )
    # Sums tell at once whether a number anywhere is not one; only then is it looked for.
    if not (math.isfinite(h.sum()) and h.min() >= 0):
        _refuse("hours", h, np.isfinite(h) & (h >= 0), "a number of at least 0")
    if not math.isfinite(v.sum()):
        _refuse("value", v, np.isfinite(v) | np.isneginf(v), "a number, or -inf for no offer")
        closed = np.isneginf(v).all(axis=1)
        if closed.any():
            raise InfeasibleError(f"customer {closed.argmax()} (counted from 0) has no level left")
    return h, v


def _refuse(name: str, array: Floats, good: NDArray[np.bool_], allowed: str) -> None:
    if not good.all():
        row, column = np.argwhere(~good)[0]
        raise InputError(
            f"{name} of customer {row}, level {column} (counted from 0) is "
            f"{shown(array[row, column])}; it must be {allowed}"
        )


def _headcounts(minimum: float, useful: float, capacity: float, max_csms: int | None) -> Ints:
    fewest = int(whole_up(minimum / capacity))
    most = int(whole_up((minimum + useful) / capacity)) if max_csms is None else int(max_csms)
    if most > MOST_CSMS:
        raise InputError(
            f"the curve would have {most:,} headcounts; give max_csms, at most {MOST_CSMS:,}, or "
            "check the capacity"
        )
    if fewest > most:
        raise InfeasibleError(
            f"the minimum hours come to {minimum:,.6g} and need {fewest:,} CSMs of {capacity:,.6g} "
            f"hours; max_csms allows {most:,}; lower the floors or allow more CSMs"
        )
    return np.arange(fewest, most + 1)
