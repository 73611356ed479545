"""Customers by month: corkscrews of accounts and ARR, and the hours they need.

Arrays have a row a scenario, then a column a month, then a segment. Rates apply to what is there
when a month begins; who arrives in a month is served from then on.

Twelve months make the year of the settings: of the customers there at its start the share that
churns has left, each flow of their ARR comes to its rate, and so the year ends at its net
retention; new accounts come to their share of the accounts with which that year of the plan began.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.formulas._staffing import monthly
from csmcalc.plan.timeline.cases import Cases
from csmcalc.plan.timeline.opening import Opening

Floats = NDArray[np.float64]
MOST_LOST, MOST_GROWN = 0.999, 20.0
"""Of the ARR of a year: what can be lost at most, and what those who stay can add of theirs."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Balances and movements of accounts and ARR; each closes: open + in - out = close."""

    accounts_open: Floats
    accounts_new: Floats
    accounts_churned: Floats
    accounts_close: Floats
    arr_open: Floats
    arr_new: Floats
    arr_expansion: Floats
    arr_price: Floats
    arr_contraction: Floats
    arr_churned: Floats
    arr_close: Floats
    hours: Floats
    onboarding_hours: Floats

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(self.arr_open.shape[1])

    def at_end(self) -> Flows:
        """The last month alone."""
        return Flows(**{name: getattr(self, name)[:, -1:] for name in Flows.__slots__})


@dataclass(frozen=True, slots=True)
class Monthly:
    """The rates of a month, by scenario and segment.

    Attributes:
        new_accounts: of the accounts at the start of the year.
        leaving: accounts that leave, of those there.
        held: part of expansion and price that those who stay can bring.
        retention: ARR a month later of what is there, without new accounts.
        openings: ARR at the start of each month of a year, all twelve added up, of the year's.
        churn, contraction, expansion, price: of the ARR there.
    """

    new_accounts: Floats
    leaving: Floats
    held: Floats
    retention: Floats
    openings: Floats
    churn: Floats
    contraction: Floats
    expansion: Floats
    price: Floats


def monthly_rates(cases: Cases) -> Monthly:
    """The rates of a month that together make the year of some cases.

    ARR moves at one pace, the twelfth root of the year's net retention; every flow is its share of
    the year's opening ARR, spread over the openings of its months. Something stays of everything,
    and of few who stay not more can come than `MOST_GROWN` times their ARR.
    """
    churn = np.minimum(cases.churn, MOST_LOST)
    contraction = np.minimum(cases.contraction, MOST_LOST - churn)
    staying, grown = 1.0 - churn - contraction, cases.expansion + cases.price
    most = MOST_GROWN * staying
    held = np.divide(most, grown, out=np.ones_like(grown), where=grown > most)
    retention = (staying + held * grown) ** (1 / 12)
    q = retention
    # 1 + q + ... + q^11, in a form that holds its digits near q = 1.
    openings = (1 + q) * (1 + q * q + q * q * q * q) * (1 + q * q * q * q * q * q)
    return Monthly(
        new_accounts=cases.new_accounts / 12,
        leaving=monthly(churn),
        held=held,
        retention=retention,
        openings=openings,
        churn=churn / openings,
        contraction=contraction / openings,
        expansion=held * cases.expansion / openings,
        price=held * cases.price / openings,
    )


def flows_of(opening: Opening, cases: Cases, months: int, weights: Floats) -> Flows:
    """Run the months; `weights` is what onboarding adds by months since the start."""
    shape = (len(cases.names), months, len(opening.names))
    made = {name: np.empty(shape) for name in Flows.__slots__}
    rates = monthly_rates(cases)
    counted = ~np.isnan(cases.new_per_month)
    accounts = np.broadcast_to(opening.accounts, shape[::2]).copy()
    arr = np.broadcast_to(opening.arr, shape[::2]).copy()
    for month in range(months):
        now = {name: made[name][:, month] for name in Flows.__slots__}
        if month % 12 == 0:
            coming = np.where(counted, cases.new_per_month, accounts * rates.new_accounts)
        now["accounts_open"][:], now["accounts_new"][:] = accounts, coming
        now["accounts_churned"][:] = accounts * rates.leaving
        now["arr_open"][:], now["arr_new"][:] = arr, coming * cases.new_acv
        for flow in ("contraction", "expansion", "price"):
            now[f"arr_{flow}"][:] = arr * getattr(rates, flow)
        now["arr_churned"][:] = arr * rates.churn
        accounts = accounts + coming - now["accounts_churned"]
        arr = (
            arr
            + now["arr_new"]
            + now["arr_expansion"]
            + now["arr_price"]
            - now["arr_contraction"]
            - now["arr_churned"]
        )
        now["accounts_close"][:], now["arr_close"][:] = accounts, arr
    _hours(made, opening, cases, weights, 1.0 - rates.leaving)
    return Flows(**made)


def _hours(
    made: dict[str, Floats], opening: Opening, cases: Cases, weights: Floats, staying: Floats
) -> None:
    """Hours of each month: all accounts at their hours, and what onboarding adds."""
    a_month = opening.hours / 12 * cases.hours[:, None, None]
    served = made["accounts_open"] + made["accounts_new"]
    extra = np.zeros_like(served)
    months = served.shape[1]
    for age in range(min(months, len(weights))):
        kept = staying[:, None, :] ** age
        extra[:, age:] += made["accounts_new"][:, : months - age] * kept * weights[age] * a_month
    begun = opening.onboarding.shape[1]
    for month in range(min(months, len(weights))):
        ages = np.arange(begun) + month
        raised = np.where(ages < len(weights), weights[np.minimum(ages, len(weights) - 1)], 0.0)
        hours = opening.onboarding @ raised / 12
        extra[:, month] += hours * staying**month * cases.hours[:, None]
    made["onboarding_hours"][:] = extra
    made["hours"][:] = served * a_month + extra
