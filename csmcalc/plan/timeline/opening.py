"""Where a timeline begins: the planned customers by segment, and the team of today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.margin import DAYS_PER_YEAR
from csmcalc.portfolio.priced import Priced, priced
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS

Floats = NDArray[np.float64]
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
MONTHS_LOOKED_AT, ALWAYS_LOOKED_AT = 12, 24
"""Months since the start up to which accounts are told apart, for the onboarding to be changed; the
second in a full book, however long the onboarding."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The customers of the first day by segment: one figure for each, in the order of `names`.

    Attributes:
        names: segments with accounts: BCG segments, or touch tiers where there is no verdict; all
            BCG segments where the book is full, or they were asked for.
        accounts: how many.
        arr: their ARR.
        hours: hours a year of an account that is no longer in onboarding.
        margin: gross margin, weighted by ARR.
        support: cost of support as a share of ARR.
        lift: net retention today above that without service, weighted by ARR.
        onboarding: hours a year of the accounts that may still be in onboarding, by months since
            their start; a row a segment.
        lines: hours and value of each segment's accounts by the price of an hour.
        heads: CSMs today.
    """

    names: tuple[str, ...]
    accounts: Floats
    arr: Floats
    hours: Floats
    margin: Floats
    support: Floats
    lift: Floats
    onboarding: Floats
    lines: tuple[Priced, ...]
    heads: float

    @property
    def acv(self) -> Floats:
        """ARR of an account today."""
        return np.divide(self.arr, self.accounts, out=np.zeros_like(self.arr), where=_some(self))


def opening_of(plan: Plan, *, every_segment: bool = False) -> Opening:
    """The opening balances of a plan, of every segment where asked, as of a full book.

    A segment for which [[growth]] tells rates is there also where no account stands in it.
    """
    accounts, given = plan.accounts, plan.value.accounts
    every = plan.book.full or every_segment
    segments = by_segment(plan, every_segment=every_segment)
    by = accounts["segment" if segments else "tier"].astype(str)
    tiers = [tier.name for tier in plan.settings.tiers]
    order = [*SEGMENTS, NO_VERDICT] if segments else tiers
    told = {row.segment for row in plan.settings.growth}
    names = tuple(name for name in order if every or name in told or (by == name).any())
    base = accounts["planned_hours"] / _raised(plan)
    table = pd.DataFrame(
        {
            "accounts": 1.0,
            "arr": accounts["arr"],
            "hours": base,
            "margin": accounts["arr"] * accounts["gross_margin"],
            "support": accounts["support_cost"],
            "lift": accounts["arr"] * (given["today"] - given["none"]),
        }
    )
    sums = table.groupby(by).sum().reindex(list(names), fill_value=0.0)
    arr = sums["arr"].to_numpy()
    weight = np.where(arr > 0, arr, 1.0)
    today = plan.view("today").csms
    return Opening(
        names=names,
        accounts=sums["accounts"].to_numpy(),
        arr=arr,
        hours=(sums["hours"] / sums["accounts"]).fillna(0.0).to_numpy(),
        margin=sums["margin"].to_numpy() / weight,
        support=sums["support"].to_numpy() / weight,
        lift=sums["lift"].to_numpy() / weight,
        onboarding=_onboarding(plan, base, by, names),
        lines=priced(plan.value, [(by == name).to_numpy() for name in names]),
        heads=float(today),
    )


def by_segment(plan: Plan, *, every_segment: bool = False) -> bool:
    """Whether the months are told by BCG segment; by touch tier where there is no verdict."""
    return plan.has_growth or plan.book.full or every_segment


def _some(opening: Opening) -> NDArray[np.bool_]:
    """Which segments have accounts."""
    some: NDArray[np.bool_] = opening.accounts > 0
    return some


def _raised(plan: Plan) -> pd.Series:
    """By what onboarding multiplies the planned hours; measured hours are what they are."""
    raised = plan.accounts["onboarding"]
    if "hours" in plan.accounts:
        raised = raised.where(plan.accounts["hours"].isna(), 1.0)
    return raised.where(raised > 0, 1.0)


def _onboarding(plan: Plan, base: pd.Series, by: pd.Series, names: tuple[str, ...]) -> Floats:
    rules = plan.settings.service
    spread = rules.onboarding_window + rules.onboarding_taper
    oldest = max(int(spread // DAYS_PER_MONTH) + 1, MONTHS_LOOKED_AT)
    if plan.book.full:
        oldest = ALWAYS_LOOKED_AT
    days = plan.accounts["days"]
    since = months_since(days)
    young = (since < oldest).to_numpy()
    if "hours" in plan.accounts:
        young = young & plan.accounts["hours"].isna().to_numpy()
    age = since[young].to_numpy().astype(np.int64)
    row = pd.Categorical(by[young], categories=list(names)).codes.astype(np.int64)
    hours = np.zeros((len(names), oldest))
    np.add.at(hours, (row, age), base[young].to_numpy())
    return hours


def months_since(days: pd.Series) -> pd.Series:
    """Whole months of some days; after 365 days the thirteenth begins, as cells reckon it."""
    # Floor division leaves it at 11 months, for a month is a hair more than its twelfth.
    whole: pd.Series = np.floor(days / DAYS_PER_MONTH)
    return whole


def onboarding_weights(factor: float, window: float, taper: float, months: int) -> Floats:
    """By how much onboarding raises the hours of an account in each month since its start.

    The mean over the days of the month of the factor less 1: `factor` up to the window, then down
    to 1 over the taper.
    """
    edges = np.arange(months + 1) * DAYS_PER_MONTH
    inside = np.minimum(edges, window)
    past = np.clip(edges - window, 0.0, taper)
    falling = past - past**2 / (2 * taper) if taper > 0 else np.zeros_like(past)
    raised: Floats = np.diff((factor - 1) * (inside + falling)) / DAYS_PER_MONTH
    return raised
