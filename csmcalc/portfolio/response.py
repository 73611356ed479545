"""What service is judged to bring each account, and within which bounds it may be given.

No list tells how its customers would have fared with other service. Three points are judged per
tier: net retention without service, at today's hours, and where more service lifts it no further.
The defaults are illustrations, not measurements; `optimum.history` fits them where the data can
carry it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.setting import setting
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.formulas.response import csm_adbudg_fit
from csmcalc.optimum import worth
from csmcalc.portfolio.margin import Margin

_JUDGED = "csmcalc: judged, an illustration; replace it by your own judgement or a fit"


@dataclass(frozen=True, slots=True)
class Judged:
    """Net retention (may exceed 1) of the accounts of a tier, at three points or at four.

    With `more`, the net retention at half as many hours again as today's, the response is Little's
    ADBUDG curve, which may be S-shaped; without it, it saturates exponentially.
    """

    tier: str
    none: float
    today: float
    saturated: float
    more: float | None = None

    def check(self) -> None:
        """Refuse points that do not ascend."""
        points = [self.none, self.today, *([] if self.more is None else [self.more])]
        points.append(self.saturated)
        if self.none < 0 or not all(a < b for a, b in itertools.pairwise(points)):
            raise InputError(
                f'response of "{self.tier}" is {", ".join(f"{point:g}" for point in points)}; net '
                "retention must rise from none over today (and half as much again) to saturated"
            )

    @property
    def shape(self) -> tuple[float, float]:
        """c and d of the ADBUDG curve; NaN where the response is exponential."""
        if self.more is None:
            return math.nan, math.nan
        c, d = csm_adbudg_fit(self.none, self.today, self.more, self.saturated)
        return float(c), float(d)


JUDGED: tuple[Judged, ...] = (
    Judged("tech touch", 0.74, 0.81, 0.86),
    Judged("mid touch", 0.82, 0.94, 1.00),
    Judged("high touch", 0.86, 0.99, 1.05),
    Judged("dedicated", 0.90, 1.04, 1.10),
)
"""Judged by csmcalc: without service, today, saturated. A tier that is not named takes the nearest
of the same rank, from the least touch up."""


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """The fewest and most hours the accounts of a segment may get, as multiples of today's."""

    segment: str
    floor: float
    cap: float


SEGMENT_RULES: tuple[SegmentRule, ...] = (
    SegmentRule("Star", 0.75, 3.0),
    SegmentRule("Question Mark", 0.25, 1.5),
    SegmentRule("Cash Cow", 0.25, 1.0),
    SegmentRule("Poor Dog", 0.0, 0.5),
)
"""Generous for stars, careful for question marks, lean for cash cows, exit or reduce for poor dogs
(How many customer success managers you really need); the multiples are judged by csmcalc."""


@dataclass(frozen=True, slots=True)
class Level:
    """A service level: hours as a multiple of today's, and what it costs a year besides."""

    name: str
    share: float
    cost: float = 0.0


LEVELS: tuple[Level, ...] = (
    Level("none", 0.0),
    Level("tech touch", 0.1),
    Level("lean", 0.5),
    Level("standard", 1.0),
    Level("high touch", 2.0),
)
"""Judged by csmcalc."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """Hours a year that a named account gets in any case."""

    account: str
    hours: float


@dataclass(frozen=True, slots=True)
class Value:
    """How the value of service is reckoned."""

    years: int = setting(
        5,
        "years over which the margin of what is retained counts; 1 is the cash view",
        "years",
        "DCF practice: 5 to 7 years where net retention exceeds 1",
        title="Horizon",
        low=1,
        high=50,
    )
    charge_service: bool = setting(
        True,
        "whether the future service of what is retained is charged at today's hours; without it "
        "several years of margin stand against one year of service",
        "true or false",
        "csmcalc",
        title="Charge future service",
    )
    menu: str = setting(
        "continuous",
        "whether an account gets any number of hours or one of the service levels",
        "word",
        "csmcalc",
        title="Menu of service",
        choices=("continuous", "levels"),
    )
    bcg_rules: bool = setting(
        True,
        "whether segments bound the hours: stars generous, cash cows lean, poor dogs reduced",
        "true or false",
        "How many customer success managers you really need",
        title="BCG rules",
    )
    guard: str = setting(
        "customer",
        "where support and success together must cost less than the revenue assigned",
        "word",
        "How many customer success managers you really need",
        title="Margin guard",
        choices=("off", "customer", "segment"),
    )
    most: float = setting(
        3.0,
        "most hours an account can use, as a multiple of today's",
        "multiple",
        _JUDGED,
        title="Most hours",
        low=0,
        low_open=True,
    )
    flat: float = setting(
        0.01,
        "share of the best net value within which headcounts count as equally good",
        "share",
        "csmcalc",
        title="Flat top",
        low=0,
        high=1,
    )
    shock: float = setting(
        0.25,
        "standard deviation of the shock that all customers share, on the log-odds of renewal",
        "log-odds",
        _JUDGED,
        title="Shared shock",
        low=0,
        high=3,
    )
    renewal_cap: float = setting(
        0.95,
        "most of a net retention that is renewal; what exceeds it is expansion",
        "probability",
        _JUDGED,
        title="Best renewal",
        low=0,
        low_open=True,
        high=1,
    )
    expanding: float = setting(
        0.3,
        "share of the renewing accounts that expand",
        "probability",
        _JUDGED,
        title="Expanding accounts",
        low=0,
        low_open=True,
        high=1,
    )


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
) -> pd.DataFrame:
    """What hours bring each account, and their bounds.

    `accounts` has the columns of a plan: arr, gross_margin, support_cost, tier, segment,
    planned_hours, standard_hours, id and row. Columns: `none`, `today`, `saturated`, `c` and `d`
    (of an ADBUDG curve), `hours_today`, `kappa`, `yearly_margin`, `multiple` (years of margin a
    retained one brings), `scale` (value of saturated service over none), `low` and `high` hours,
    `bound_by` (what sets `high`).
    """
    found = _points(accounts, tiers, judged)
    hours = accounts["planned_hours"].where(
        accounts["planned_hours"] > 0, accounts["standard_hours"]
    )
    found["hours_today"] = hours
    none, today, saturated = (found[name] for name in ("none", "today", "saturated"))
    found["kappa"] = worth.steepness(none, today, saturated, hours.where(hours > 0, 1.0))
    charge = hours * cost_per_hour if rules.charge_service else 0.0
    found["yearly_margin"] = worth.yearly_margin(accounts["arr"], accounts["gross_margin"], charge)
    found["multiple"] = worth.continuation(today, margin.discount, rules.years)
    lift = saturated - none
    found["scale"] = (found["yearly_margin"] * found["multiple"] * lift).where(hours > 0, 0.0)
    bounds = _bounds(accounts, hours, cost_per_hour, margin, rules, segment_rules)
    found = pd.concat([found, bounds], axis=1)
    return _with_minimums(found, accounts, minimums)


def _points(accounts: pd.DataFrame, tiers: Sequence[str], judged: Sequence[Judged]) -> pd.DataFrame:
    if not judged:
        raise InputError("no response is judged; give three points for at least one tier")
    for point in judged:
        point.check()
    names = {point.tier: point for point in judged}
    order = list(tiers) or [point.tier for point in judged]
    for tier in accounts["tier"].unique():
        if tier not in names:
            rank = order.index(tier) / max(1, len(order) - 1) if tier in order else 0.0
            names[tier] = judged[round(rank * (len(judged) - 1))]
    columns = ("none", "today", "saturated")
    values = {
        column: accounts["tier"].map({tier: getattr(names[tier], column) for tier in names})
        for column in columns
    }
    for at, column in enumerate(("c", "d")):
        shapes = {tier: point.shape[at] for tier, point in names.items()}
        values[column] = accounts["tier"].map(shapes)
    return pd.DataFrame(values, index=accounts.index).astype(float)


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
    hours: pd.Series,
    cost_per_hour: float,
    margin: Margin,
    rules: Value,
    segment_rules: Sequence[SegmentRule],
) -> pd.DataFrame:
    low = pd.Series(0.0, index=accounts.index)
    high = hours * rules.most
    by = pd.Series("most hours", index=accounts.index, dtype=object)
    if rules.bcg_rules:
        for rule in segment_rules:
            if not 0 <= rule.floor <= rule.cap:
                raise InfeasibleError(
                    f'rule of "{rule.segment}" has a floor of {rule.floor:g} and a cap of '
                    f"{rule.cap:g} times today's hours; the floor must not exceed the cap"
                )
            inside = accounts["segment"] == rule.segment
            low = low.mask(inside, rule.floor * hours)
            tighter = inside & (rule.cap * hours < high)
            high = high.mask(tighter, rule.cap * hours)
            by = by.mask(tighter, f"{rule.segment} rule")
    if rules.guard == "customer":
        room = (margin.max_share * accounts["arr"] - accounts["support_cost"]).clip(lower=0)
        affordable = room / cost_per_hour
        tighter = affordable < high
        high, by = high.mask(tighter, affordable), by.mask(tighter, "margin guard")
    # A segment's floor is a policy and gives way to the guard; a named minimum does not.
    return pd.DataFrame({"low": np.minimum(low, high), "high": high, "bound_by": by})


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
            raise InputError(f'minimum service names "{minimum.account}"; no account has this id')
        if minimum.hours > high[place]:
            raise InfeasibleError(
                f'account "{minimum.account}" has a minimum of {minimum.hours:,.6g} hours, but the '
                f"{found['bound_by'].iloc[place]} allows {high[place]:,.6g}; lower the minimum or "
                "loosen the bound"
            )
        low[place] = max(low[place], minimum.hours)
    return found.assign(low=low)
