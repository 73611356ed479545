"""How each account is served: its touch tier and the hours a year that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.setting import entry, setting
from csmcalc.core.words import plain_word
from csmcalc.formulas import bcg, capacity
from csmcalc.portfolio.columns import as_column

_BENCHMARK = "accounts per CSM, middle of the published range"


@dataclass(frozen=True, slots=True)
class Tier:
    """A touch tier: what every account in it gets."""

    name: str = entry("how it is called", "text", title="Touch tier")
    hours: float = entry("hours a year and account", "hours", title="Hours a year", low=0)
    min_arr: float | None = entry(
        "smallest ARR that puts an account in it where the list names neither tier nor category; "
        "left out, it is computed from [service] service_share",
        "currency a year",
        title="Minimum ARR set",
        default=None,
        low=0,
    )


@dataclass(frozen=True, slots=True)
class Category:
    """A word of the list's category column and the tier it stands for."""

    name: str = entry("the word of the list", "text", title="Category")
    tier: str = entry("the tier it stands for", "text", title="Stands for tier")


TIERS: tuple[Tier, ...] = (
    Tier("tech touch", 4.0),
    Tier("mid touch", 30.0),
    Tier("high touch", 71.0),
    Tier("dedicated", 213.0),
)
"""From least to most touch; 1,065 h over 300, 35, 15 and 5 accounts per CSM (published ranges)."""

DEFAULT_HOURS = {tier.name: tier.hours for tier in TIERS}

CATEGORIES: tuple[Category, ...] = (
    Category("foundational", "tech touch"),
    Category("small business", "tech touch"),
    Category("SMB", "tech touch"),
    Category("mid-market", "mid touch"),
    Category("enterprise", "high touch"),
    Category("strategic", "dedicated"),
)


@dataclass(frozen=True, slots=True)
class Service:
    """How tiers are found and hours are raised."""

    service_share: float = setting(
        0.15,
        "share of an account's gross margin its service may cost; sets the smallest ARR that earns "
        "a tier, where the list names neither tier nor category",
        "share",
        "Segmentation (gaintrace, customer-success-skills)",
        title="Service share",
        low=0,
        low_open=True,
        high=1,
    )
    onboarding_factor: float = setting(
        3.0,
        "hours of an account in onboarding, as a multiple of its tier's",
        "multiple",
        "published range 2-4; heavy first 90 days (Schechter 2015)",
        title="Onboarding factor",
        low=0,
    )
    onboarding_window: float = setting(
        90.0,
        "days from the start during which the factor holds",
        "days",
        "first 90 days (Schechter 2015)",
        title="Onboarding window",
        low=0,
    )
    onboarding_taper: float = setting(
        0.0,
        "days after the window during which the factor falls to 1",
        "days",
        "csmcalc: none assumed",
        title="Onboarding taper",
        low=0,
    )
    complexity_score: float = setting(
        0.0,
        "complexity score of accounts for which the list has none",
        "score",
        "csmcalc: 0 leaves the hours as they are",
        title="Complexity score",
        low=0,
    )
    complexity_divisor: float = setting(
        8.0,
        "score at which the hours double",
        "score",
        "Segmentation (gaintrace, customer-success-skills)",
        title="Complexity divisor",
        low=0,
        low_open=True,
    )
    complexity_cap: float = setting(
        2.0,
        "most by which complexity multiplies the hours",
        "multiple",
        "Segmentation (gaintrace, customer-success-skills)",
        title="Complexity cap",
        low=1,
    )


def tier_minimums(
    tiers: Sequence[Tier],
    cost_per_hour: float,
    gross_margin: float,
    service_share: float,
    exchange_rate: float = 1.0,
) -> list[float]:
    """The smallest ARR that earns each tier; the lowest tier takes all the rest."""
    earned = capacity.csm_tier_min_arr(
        [tier.hours for tier in tiers], cost_per_hour, gross_margin, service_share
    )
    minimums = [
        float(computed) if tier.min_arr is None else tier.min_arr * exchange_rate
        for tier, computed in zip(tiers, earned, strict=True)
    ]
    return [0.0, *minimums[1:]]


def serve(
    customers: pd.DataFrame,
    tiers: Sequence[Tier],
    categories: Sequence[Category],
    minimums: Sequence[float],
    rules: Service,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Tier and hours a year of each account.

    Columns: `tier`, `tier_from` (list, category or ARR), `standard_hours` (the tier's), `days` as a
    customer (NaN where unknown), `complexity` and `onboarding` (multiples), `planned_hours` (those
    the list measures, else the standard ones raised by both).
    """
    served = pd.DataFrame(index=customers.index)
    served["tier"], served["tier_from"] = _tier(customers, tiers, categories, minimums)
    hours = {tier.name: tier.hours for tier in tiers}
    served["standard_hours"] = served["tier"].map(hours).astype(float)
    served["complexity"] = _complexity(customers, rules)
    served["days"] = _days(customers, as_of)
    served["onboarding"] = _onboarding(customers, served["days"], rules)
    raised = served["standard_hours"] * served["complexity"] * served["onboarding"]
    served["planned_hours"] = customers["hours"].fillna(raised) if "hours" in customers else raised
    return served


def _tier(
    customers: pd.DataFrame,
    tiers: Sequence[Tier],
    categories: Sequence[Category],
    minimums: Sequence[float],
) -> tuple[pd.Series, pd.Series]:
    names = [tier.name for tier in tiers]
    by_arr: Any = names[0]
    if len(names) > 1:
        by_arr = bcg.csm_tier(customers["arr"].to_numpy(), list(minimums[1:]), names)
    tier = as_column(by_arr, customers).astype(object)
    found = pd.Series("ARR", index=customers.index, dtype=object)
    sources = {
        "category": {category.name: category.tier for category in categories},
        "tier": {name: name for name in names},
    }
    for column, meanings in sources.items():
        if column in customers:
            meant = customers[column].map(meanings)
            tier = meant.where(meant.notna(), tier)
            found = found.mask(meant.notna(), "list" if column == "tier" else column)
    return tier, found


def in_our_words(
    customers: pd.DataFrame, tiers: Sequence[Tier], categories: Sequence[Category]
) -> pd.DataFrame:
    """The same accounts with tiers and categories spelled as the settings spell them.

    "High-Touch", "high touch" and "hightouch" are one tier; unknown words stay as they are.
    """
    names = {"tier": [t.name for t in tiers], "category": [c.name for c in categories]}
    spelled = {}
    for column, known in names.items():
        if column in customers:
            ours = {plain_word(name): name for name in known}
            words = customers[column]
            spelling = {word: ours.get(plain_word(word), word) for word in words.dropna().unique()}
            spelled[column] = words.map(spelling).astype("str")
    return customers.assign(**spelled)


def _complexity(customers: pd.DataFrame, rules: Service) -> pd.Series:
    score = pd.Series(rules.complexity_score, index=customers.index)
    if "complexity" in customers:
        score = customers["complexity"].fillna(rules.complexity_score)
    factor = capacity.csm_complexity(
        score.to_numpy(), rules.complexity_divisor, rules.complexity_cap
    )
    return as_column(factor, customers)


def _days(customers: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    if "start" not in customers:
        return pd.Series(np.nan, index=customers.index)
    days: pd.Series = (as_of - customers["start"].dt.normalize()).dt.days
    return days.astype(float)


def _onboarding(customers: pd.DataFrame, days: pd.Series, rules: Service) -> pd.Series:
    factor = pd.Series(1.0, index=days.index)
    known = days.notna()
    if known.any():
        raised = capacity.csm_onboarding_factor(
            days[known].to_numpy(),
            rules.onboarding_factor,
            rules.onboarding_window,
            rules.onboarding_taper,
        )
        factor[known] = as_column(raised, customers, known)
    return factor
