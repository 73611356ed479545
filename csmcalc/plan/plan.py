"""The plan of a book: every account served, placed and weighed; every view of the headcount."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.core.rounding import whole_up
from csmcalc.formulas import hiring, ratio
from csmcalc.formulas.economics import csm_margin_guard
from csmcalc.plan.rates import Rates, rates_of
from csmcalc.plan.settings import Settings
from csmcalc.plan.valuation import evidence_in, value_of
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.evidence import Evidence
from csmcalc.portfolio.margin import margins
from csmcalc.portfolio.retention import Bridge, bridge_of
from csmcalc.portfolio.segments import (
    NO_VERDICT,
    SEGMENTS,
    Lines,
    action,
    growth_of,
    lean_cost,
    lines_of,
    room_for_service,
    segment,
)
from csmcalc.portfolio.service import in_our_words, serve
from csmcalc.portfolio.value import ValueView


@dataclass(frozen=True, slots=True)
class View:
    """One answer to how many CSMs: exact demand, whole people, and what they cost.

    Today's is 0 when neither the list nor the settings tell how many there are; it alone may have
    part-time CSMs, or CSMs whom a slice shares with others.
    """

    key: str
    title: str
    exact: float
    csms: float
    cost: float
    managers: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a report or a pipeline may ask of a book under given settings.

    `accounts` has the book's columns and those of `service.serve`, `margin.margins` and
    `segments`, a row per planned account; where both have one (margin, support cost, tier,
    complexity), it is the one the plan uses. `by_segment` and `by_tier` add up to the whole.
    """

    book: Book
    settings: Settings
    rates: Rates
    accounts: pd.DataFrame
    lines: Lines
    by_segment: pd.DataFrame
    by_tier: pd.DataFrame
    views: tuple[View, ...]
    bridge: Bridge | None
    value: ValueView
    evidence: tuple[Evidence, ...]

    def view(self, key: str) -> View:
        """One view by its key: rule, arrears, accounts, workload, value or today."""
        return next(view for view in self.views if view.key == key)

    @property
    def arr(self) -> float:
        """ARR planned."""
        return float(self.accounts["arr"].sum())

    @property
    def has_growth(self) -> bool:
        """Whether accounts stand on the matrix: the list tells the growth of at least one."""
        return self.lines.growth is not None


def make_plan(book: Book, settings: Settings, evidence: tuple[Evidence, ...] | None = None) -> Plan:
    """Plan a book: serve, weigh, place, value, count.

    `evidence` is what history tells of the responses where it is known from a larger book.
    """
    rates = rates_of(settings)
    customers = in_our_words(book.customers, settings.tiers, settings.categories)
    book = replace(book, customers=customers)
    served = serve(
        customers,
        settings.tiers,
        settings.categories,
        rates.tier_minimums,
        settings.service,
        pd.Timestamp(book.as_of),
    )
    weighed = margins(customers, served, rates.cost_per_hour, settings.margin)
    growth = growth_of(customers, settings.bcg.potential_years)
    lines = lines_of(
        weighed["margin"],
        growth["growth_used"],
        customers["arr"],
        settings.bcg,
        always=book.full,
    )
    placed = segment(customers, weighed["margin"], growth["growth_used"], lines, settings.bcg)
    loses_money = (weighed["standard_contribution"] < 0) & (weighed["contribution"] < 0)
    placed["action"] = action(placed["segment"], loses_money)
    placed["room"] = room_for_service(
        customers["arr"], weighed["gross_margin"], weighed["support_cost"], lines.profitability
    )
    placed["lean_cost"] = lean_cost(placed["room"], placed["segment"])
    computed = pd.concat([served, weighed, growth, placed], axis=1)
    own = customers.drop(columns=[column for column in computed if column in customers])
    accounts = pd.concat([own, computed], axis=1)
    if evidence is None:
        evidence = evidence_in(book, settings, rates)
    value = value_of(accounts, settings, rates, evidence)
    return Plan(
        book=book,
        settings=settings,
        rates=rates,
        accounts=accounts,
        lines=lines,
        by_segment=_by_segment(accounts, settings, rates.effective_hours, every=book.full),
        by_tier=_by_tier(accounts, settings, rates.effective_hours),
        views=_views(book, accounts, settings, rates, value),
        bridge=bridge_of(book, served["days"]),
        value=value,
        evidence=evidence,
    )


def _sums(
    accounts: pd.DataFrame, by: pd.Series, order: list[str], hours: float, max_share: float
) -> pd.DataFrame:
    """What each group brings and costs; an empty group passes no margin guard and fails none."""
    grouped = accounts.groupby(by, observed=True)
    money = ["arr", "planned_hours", "success_cost", "support_cost", "cost_to_serve"]
    table = grouped[[*money, "standard_hours", "contribution"]].sum()
    table.insert(0, "accounts", grouped.size())
    unguarded = (~accounts["guard"].astype(bool)).astype(np.int64)
    table["unguarded"] = unguarded.groupby(by, observed=True).sum()
    table = table.reindex(order, fill_value=0).astype({"unguarded": np.int64})
    table["fte"] = table["planned_hours"] / hours
    table["guard"] = csm_margin_guard(
        table["arr"].to_numpy(),
        table["support_cost"].to_numpy(),
        table["success_cost"].to_numpy(),
        max_share,
    )
    return table


def _by_segment(
    accounts: pd.DataFrame, settings: Settings, hours: float, *, every: bool
) -> pd.DataFrame:
    order = list(SEGMENTS)
    if every or (accounts["segment"] == NO_VERDICT).any():
        order.append(NO_VERDICT)
    return _sums(accounts, accounts["segment"], order, hours, settings.margin.max_share)


def _by_tier(accounts: pd.DataFrame, settings: Settings, hours: float) -> pd.DataFrame:
    order = [tier.name for tier in settings.tiers]
    return _sums(accounts, accounts["tier"], order, hours, settings.margin.max_share)


def _views(
    book: Book, accounts: pd.DataFrame, settings: Settings, rates: Rates, value: ValueView
) -> tuple[View, ...]:
    arr, count = float(accounts["arr"].sum()), len(accounts)
    fte = float(accounts["planned_hours"].sum()) / rates.effective_hours
    target, per_csm = rates.arr_per_csm, settings.rule.accounts_per_csm
    demands = [
        ("rule", "ARR rule", arr / target, ratio.csm_ratio(arr, target)),
        ("arrears", "ARR rule in arrears", arr / (target / 2), ratio.csm_ratio(arr, target, True)),
        ("accounts", "Accounts rule", count / per_csm, ratio.csm_accounts_ratio(count, per_csm)),
        ("workload", "Workload", fte, whole_up(np.float64(fte))),
        ("value", "Value", value.fte, value.chosen.optimum.csms),
    ]
    today = float(settings.team.csms or csms_in(book))
    demands.append(("today", "Today", today, today))
    return tuple(
        View(
            key=key,
            title=title,
            exact=float(exact),
            csms=int(whole) if float(whole).is_integer() else float(whole),
            cost=float(whole) * rates.loaded_cost,
            managers=int(hiring.csm_managers(whole, settings.team.span)),
        )
        for key, title, exact, whole in demands
    )


def csms_in(book: Book) -> int:
    """How many owners the planned accounts have, of the team where a workbook names one."""
    return int(owners_of(book).max(initial=-1)) + 1


def owners_of(book: Book) -> NDArray[np.int64]:
    """The owner of each planned account as a number from 0 on; -1 where it has none."""
    if not book.has("owner"):
        return np.full(len(book.customers), -1)
    owners = book.customers["owner"].str.casefold()
    if book.members is not None:
        owners = owners.where(owners.isin([name.casefold() for name in book.members]))
    codes, _ = pd.factorize(owners.mask(owners == ""))
    return codes.astype(np.int64)


def concentrated(by_segment: pd.DataFrame) -> str | None:
    """The segment that holds over 80 % of the accounts, if one does."""
    verdicts = by_segment.loc[list(SEGMENTS), "accounts"]
    total = int(verdicts.sum())
    if total and np.max(verdicts) > CONCENTRATION * total:
        return str(verdicts.idxmax())
    return None


CONCENTRATION = 0.8
