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
    found = _points(accounts, tiers, judged)
    hours = accounts["planned_hours"].where(
        accounts["planned_hours"] > 0, accounts["standard_hours"]
    )
    hours = hours.where(hours > SMALLEST, 0.0)
    found["hours_today"] = hours
    none, today, saturated = (found[name] for name in ("none", "today", "saturated"))
    found["kappa"] = worth.steepness(none, today, saturated, hours.where(hours > 0, 1.0))
    found = _fitted(found, accounts["tier"], fits or {})
    none, today, saturated = (found[name] for name in ("none", "today", "saturated"))
    charge = hours * cost_per_hour if rules.charge_service else 0.0
    found["yearly_margin"] = worth.yearly_margin(accounts["arr"], accounts["gross_margin"], charge)
    found["multiple"] = worth.continuation(today, margin.discount, rules.years)
    lift = saturated - none
    found["scale"] = (found["yearly_margin"] * found["multiple"] * lift).where(hours > 0, 0.0)
    bounds = _bounds(accounts, found, cost_per_hour, margin, rules, segment_rules)
    found = pd.concat([found, bounds], axis=1)
    return _with_minimums(found, accounts, minimums)


def _points(accounts: pd.DataFrame, tiers: Sequence[str], judged: Sequence[Judged]) -> pd.DataFrame:
    """The judged points of each account, and the shape of an ADBUDG curve."""
    for row in judged:
        row.check()
    tier_of, tier_names = pd.factorize(accounts["tier"])
    judged = applied(judged, [*tiers, *(name for name in tier_names if name not in tiers)])
    segment_of, segment_names = pd.factorize(accounts["segment"])
    rows = [
        [most_telling(judged, tier, segment) for segment in segment_names] for tier in tier_names
    ]
    shape = len(tier_names), len(segment_names)
    columns = {
        name: np.array([[_number(getattr(row, name)) for row in line] for line in rows])
        for name in ("none", "today", "saturated", "hours_min", "hours_max")
    }
    for at, name in enumerate(("c", "d")):
        columns[name] = np.array([[row.shape[at] for row in line] for line in rows])
    return pd.DataFrame(
        {name: c.reshape(shape)[tier_of, segment_of] for name, c in columns.items()},
        index=accounts.index,
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _fitted(found: pd.DataFrame, tier: pd.Series, fits: Mapping[str, ResponseFit]) -> pd.DataFrame:
    """The responses with fitted curves in place of judged ones, where there are any."""
    for name, fit in fits.items():
        inside = tier == name
        points = (fit.none, fit.saturated, fit.kappa, math.nan, math.nan)
        found.loc[inside, ["none", "saturated", "kappa", "c", "d"]] = points
        found.loc[inside, "today"] = fit.at(found.loc[inside, "hours_today"].to_numpy())
    return found


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
    found: pd.DataFrame,
    cost_per_hour: float,
    margin: Margin,
    rules: Value,
    segment_rules: Sequence[SegmentRule],
) -> pd.DataFrame:
    """Fewest and most hours of each account, and what sets the most.

    Floors are policies and give way to caps; a named minimum does not.
    """
    hours, own_most = (found[name].to_numpy() for name in ("hours_today", "hours_max"))
    low = found["hours_min"].fillna(0.0).to_numpy()
    told = ~np.isnan(own_most)
    high = np.where(told, own_most, hours * rules.most)
    by = np.where(told, _BY_RESPONSE, _BY_MOST)
    names = ["most hours", "hours_max of the response", "margin guard"]
    segment_of, segments = pd.factorize(accounts["segment"])
    for rule in segment_rules if rules.bcg_rules else ():
        rule.check()
        if rule.segment in segments:
            inside = segment_of == list(segments).index(rule.segment)
            low = np.where(inside, np.maximum(low, rule.floor * hours), low)
            tighter = inside & (rule.cap * hours < high)
            high, by = np.where(tighter, rule.cap * hours, high), np.where(tighter, len(names), by)
            names.append(f"{rule.segment} rule")
    if rules.guard == "customer":
        arr, support = (accounts[name].to_numpy() for name in ("arr", "support_cost"))
        affordable = room_for_success(arr, support, margin.max_share) / cost_per_hour
        tighter = affordable < high
        high, by = np.where(tighter, affordable, high), np.where(tighter, _BY_GUARD, by)
    codes: NDArray[np.int8] = by.astype(np.int8)
    bound_by = pd.Categorical.from_codes(codes, categories=pd.Index(names))
    return pd.DataFrame(
        {"low": np.minimum(low, high), "high": high, "bound_by": bound_by}, index=accounts.index
    )


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
