"""What hours bring each account, and the bounds within which it may get them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.core.setting import SMALLEST
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum import worth
from csmcalc.optimum.history import ResponseFit
from csmcalc.portfolio.judgement import (
    JUDGED,
    SEGMENT_RULES,
    Judged,
    Minimum,
    SegmentRule,
    Value,
    applied,
    most_telling,
)
from csmcalc.portfolio.margin import Margin, room_for_success


def responses(
    accounts: pd.DataFrame,
    cost_per_hour: float,
    margin: Margin,
    rules: Value,
    *,
    tiers: Sequence[str] = (),
    judged: Sequence[Judged] = JUDGED,
    segment_rules: Sequence[SegmentRule] = SEGMENT_RULES,
    minimums: Sequence[Minimum] = (),
    fits: Mapping[str, ResponseFit] | None = None,
) -> pd.DataFrame:
    """What hours bring each account, and their bounds.

    `accounts` has the columns of a plan: arr, gross_margin, support_cost, tier, segment,
    planned_hours, standard_hours, id and row. `fits` are curves fitted to history, by tier; they
    replace what is judged. Columns: `none`, `today`, `saturated`, `c` and `d` (of an ADBUDG curve),
    `hours_today`, `kappa`, `yearly_margin`, `multiple` (years of margin a retained one brings),
    `scale` (value of saturated service over none), `low` and `high` hours, `bound_by` (what sets
    `high`).
    """
    tier, segment = (_coded(accounts[name]) for name in ("tier", "segment"))
    found = _points(tier, segment, tiers, judged)
    planned, standard = (accounts[n].to_numpy(float) for n in ("planned_hours", "standard_hours"))
    hours = np.where(planned > 0, planned, standard)
    hours = np.where(hours > SMALLEST, hours, 0.0)
    none, today, saturated = (found[name] for name in ("none", "today", "saturated"))
    kappa = worth.steepness(none, today, saturated, np.where(hours > 0, hours, 1.0))
    found |= {"hours_today": hours, "kappa": kappa}
    _put_fits(found, tier, fits or {})
    none, today, saturated = (found[name] for name in ("none", "today", "saturated"))
    charge = hours * cost_per_hour if rules.charge_service else 0.0
    arr, gross = (accounts[name].to_numpy(float) for name in ("arr", "gross_margin"))
    yearly = worth.yearly_margin(arr, gross, charge)
    multiple = worth.continuation(today, margin.discount, rules.years)
    scale = np.where(hours > 0, yearly * multiple * (saturated - none), 0.0)
    found |= {"yearly_margin": yearly, "multiple": multiple, "scale": scale}
    found |= _bounds(accounts, segment, found, cost_per_hour, margin, rules, segment_rules)
    # Its columns are not copied into one block: most callers take a few of them out again.
    made = pd.DataFrame(found, index=accounts.index, copy=False)
    return _with_minimums(made, accounts, minimums)


Coded = tuple[NDArray[np.intp], list[str]]
"""Words as numbers, and which words these stand for."""

Columns = dict[str, Any]
"""Columns by name, before they become a table."""


def _coded(words: pd.Series) -> Coded:
    codes, names = pd.factorize(words)
    return codes, list(names)


def _points(tier: Coded, segment: Coded, tiers: Sequence[str], judged: Sequence[Judged]) -> Columns:
    """The judged points of each account, and the shape of an ADBUDG curve."""
    for row in judged:
        row.check()
    (tier_of, tier_names), (segment_of, segment_names) = tier, segment
    judged = applied(judged, [*tiers, *(name for name in tier_names if name not in tiers)])
    rows = [
        [most_telling(judged, tier, segment) for segment in segment_names] for tier in tier_names
    ]
    columns = {
        name: np.array([[_number(getattr(row, name)) for row in line] for line in rows])
        for name in ("none", "today", "saturated", "hours_min", "hours_max")
    }
    for at, name in enumerate(("c", "d")):
        columns[name] = np.array([[row.shape[at] for row in line] for line in rows])
    place = tier_of * len(segment_names) + segment_of
    return {name: column.reshape(-1)[place] for name, column in columns.items()}


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _put_fits(found: Columns, tier: Coded, fits: Mapping[str, ResponseFit]) -> None:
    """Put fitted curves in place of judged ones, where there are any."""
    tier_of, names = tier
    for at, name in enumerate(names):
        if fit := fits.get(name):
            inside = tier_of == at
            points = (fit.none, fit.saturated, fit.kappa, math.nan, math.nan)
            for column, value in zip(("none", "saturated", "kappa", "c", "d"), points, strict=True):
                found[column][inside] = value
            found["today"][inside] = fit.at(found["hours_today"][inside])


def rise(response: pd.DataFrame, hours: Any) -> Any:
    """The part of the way from none to saturated that hours lift net retention.

    `hours` has a row per account; levels may stand in columns.
    """
    beside = hours.ndim > 1
    kappa, c, d, today = (
        response[name].to_numpy()[:, None] if beside else response[name].to_numpy()
        for name in ("kappa", "c", "d", "hours_today")
    )
    saturating = -np.expm1(-kappa * hours)
    if np.isnan(c).all():
        return saturating
    power = (hours / np.where(today > 0, today, 1.0)) ** c
    return np.where(np.isnan(c), saturating, power / (d + power))


def _bounds(
    accounts: pd.DataFrame,
    segment: Coded,
    found: Columns,
    cost_per_hour: float,
    margin: Margin,
    rules: Value,
    segment_rules: Sequence[SegmentRule],
) -> Columns:
    """Fewest and most hours of each account, and what sets the most.

    Floors are policies and give way to caps; a named minimum does not.
    """
    hours, own_least, own_most = (found[n] for n in ("hours_today", "hours_min", "hours_max"))
    low = np.where(np.isnan(own_least), 0.0, own_least)
    told = ~np.isnan(own_most)
    high = np.where(told, own_most, hours * rules.most)
    by = np.where(told, _BY_RESPONSE, _BY_MOST).astype(np.int8)
    names = ["most hours", "hours_max of the response", "margin guard"]
    segment_of, segments = segment
    for rule in segment_rules if rules.bcg_rules else ():
        rule.check()
        if rule.segment in segments:
            inside = np.flatnonzero(segment_of == segments.index(rule.segment))
            low[inside] = np.maximum(low[inside], rule.floor * hours[inside])
            tighter = inside[rule.cap * hours[inside] < high[inside]]
            high[tighter], by[tighter] = rule.cap * hours[tighter], len(names)
            names.append(f"{rule.segment} rule")
    if rules.guard == "customer":
        arr, support = (accounts[name].to_numpy() for name in ("arr", "support_cost"))
        affordable = room_for_success(arr, support, margin.max_share) / cost_per_hour
        tighter = np.flatnonzero(affordable < high)
        high[tighter], by[tighter] = affordable[tighter], _BY_GUARD
    bound_by = pd.Categorical.from_codes(by, categories=pd.Index(names))
    return {"low": np.minimum(low, high), "high": high, "bound_by": bound_by}


_BY_MOST, _BY_RESPONSE, _BY_GUARD = 0, 1, 2


def _with_minimums(
    found: pd.DataFrame, accounts: pd.DataFrame, minimums: Sequence[Minimum]
) -> pd.DataFrame:
    if not minimums:
        return found
    at = {str(account): place for place, account in enumerate(accounts["id"])}
    low, high = found["low"].to_numpy().copy(), found["high"].to_numpy()
    for minimum in minimums:
        place = at.get(minimum.account)
        if place is None:
            raise InputError(
                f'[[minimum_service]] names "{minimum.account}"; no account has this id: write the '
                "id of one that is planned, or leave the row out"
            )
        if minimum.hours > high[place]:
            raise InfeasibleError(
                f'[[minimum_service]] account "{minimum.account}" has a minimum of '
                f"{minimum.hours:,.6g} hours, but the {found['bound_by'].iloc[place]} allows "
                f"{high[place]:,.6g}; lower the minimum or loosen the bound"
            )
        low[place] = max(low[place], minimum.hours)
    return found.assign(low=low)
