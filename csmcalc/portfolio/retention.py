"""What the list says about retention: the bridge from the prior year's ARR to today's."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from csmcalc.formulas import retention
from csmcalc.portfolio.book import Book, Reason
from csmcalc.portfolio.margin import DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Bridge:
    """ARR of the accounts a year ago, what happened to it, and ARR today; it closes.

    `untold` is today's ARR of accounts older than a year whose ARR of a year ago the list leaves
    out: neither new nor kept, as far as anyone can tell.
    """

    start: float
    churn: float
    contraction: float
    expansion: float
    new: float
    untold: float
    end: float
    accounts_at_start: int
    accounts_kept: int

    @property
    def grr(self) -> float:
        """Gross revenue retention of the cohort a year ago."""
        return float(retention.csm_grr(self.start, self.churn, self.contraction))

    @property
    def nrr(self) -> float:
        """Net revenue retention of the cohort a year ago."""
        return float(retention.csm_nrr(self.start, self.expansion, self.contraction, self.churn))

    @property
    def logo_retention(self) -> float:
        """Share of the cohort's accounts still served."""
        return float(retention.csm_logo_retention(self.accounts_kept, self.accounts_at_start))


GONE = (Reason.CHURNED.value, Reason.NO_REVENUE.value)
"""Reasons for which what an account paid a year ago counts as lost."""


def bridge_of(book: Book, days: pd.Series) -> Bridge | None:
    """The bridge of a book whose list carries prior-year ARR; None without it.

    Trials, deleted accounts and bad rows stand outside: what they paid a year ago is not known to
    have been lost. `days` are those each planned account has been a customer.
    """
    if not book.has("prior_arr"):
        return None
    arr, prior = book.customers["arr"], book.customers["prior_arr"]
    kept, gone = prior > 0, _gone(book)
    change = (arr - prior)[kept]
    start = float(prior[kept].sum()) + float(gone.sum())
    if start == 0 and not book.full:
        return None
    untold = is_untold(prior, days)
    return Bridge(
        start=start,
        churn=float(gone.sum()),
        contraction=float(-change[change < 0].sum()),
        expansion=float(change[change > 0].sum()),
        new=float(arr[~kept & ~untold].sum()),
        untold=float(arr[untold].sum()),
        end=float(arr.sum()),
        accounts_at_start=int(kept.sum()) + len(gone),
        accounts_kept=int(kept.sum()),
    )


def is_untold(prior: pd.Series, days: pd.Series) -> pd.Series:
    """Accounts older than a year whose ARR a year ago is not told; without a start they are new."""
    return prior.isna() & (days > DAYS_PER_YEAR)


def _gone(book: Book) -> pd.Series:
    """What the accounts lost since paid a year ago."""
    left = book.excluded
    if "prior_arr" not in left:
        return pd.Series(dtype=float)
    return left.loc[left["reason"].isin(GONE) & (left["prior_arr"] > 0), "prior_arr"]
