"""The value view of a plan: its accounts and settings as a case for the optimum."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from csmcalc.plan.rates import Rates
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.book import Book, Reason
from csmcalc.portfolio.evidence import Evidence, evidence_of, fits_of, observations
from csmcalc.portfolio.service import in_our_words, serve
from csmcalc.portfolio.value import Case, ValueView, value_view


def value_of(
    accounts: pd.DataFrame, settings: Settings, rates: Rates, evidence: tuple[Evidence, ...]
) -> ValueView:
    """The optimum of planned accounts, over the horizon and over one year."""
    rate = settings.money.exchange_rate
    case = Case(
        accounts,
        rates.effective_hours,
        rates.loaded_cost,
        rates.arr_per_csm,
        settings.margin,
        settings.value,
        tiers=[tier.name for tier in settings.tiers],
        judged=settings.response,
        segment_rules=settings.segment_rules,
        levels=[replace(level, cost=level.cost * rate) for level in settings.service_levels],
        minimums=settings.minimum_service,
        fits=fits_of(evidence),
    )
    return value_view(case)


def evidence_in(book: Book, settings: Settings, rates: Rates) -> tuple[Evidence, ...]:
    """What the list's own history tells of each tier's response; nothing unless it is asked for.

    Accounts that left count too: without them service would look useless.
    """
    if settings.value.response_from != "history":
        return ()
    left = book.excluded[book.excluded["reason"] == Reason.CHURNED.value]
    lost = left.assign(arr=left["prior_arr"]) if "prior_arr" in left else left
    served = [
        customers.assign(tier=_tiers(customers, book, settings, rates))
        for customers in (book.customers, lost[lost["arr"].notna()])
    ]
    return evidence_of(observations(*served), [tier.name for tier in settings.tiers])


def _tiers(customers: pd.DataFrame, book: Book, settings: Settings, rates: Rates) -> pd.Series:
    customers = in_our_words(customers, settings.tiers, settings.categories)
    as_of = pd.Timestamp(book.as_of)
    return serve(
        customers,
        settings.tiers,
        settings.categories,
        rates.tier_minimums,
        settings.service,
        as_of,
    )["tier"]
