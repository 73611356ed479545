"""Customers by month: corkscrews of accounts and ARR, and the hours they need.

Arrays have a row a scenario, then a column a month, then a segment. Rates apply to what is there
when a month begins; who arrives in a month is served from then on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.formulas._staffing import monthly
from csmcalc.plan.timeline.cases import Cases
from csmcalc.plan.timeline.opening import Opening

Floats = NDArray[np.float64]


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


def growing(annual_rate: Floats) -> Floats:
    """The monthly rate of which twelve, compounded, add the annual one."""
    grown: Floats = (1.0 + annual_rate) ** (1 / 12) - 1.0
    return grown


def flows_of(opening: Opening, cases: Cases, months: int, weights: Floats) -> Flows:
    """Run the months; `weights` is what onboarding adds by months since the start."""
    shape = (len(cases.names), months, len(opening.names))
    made = {name: np.empty(shape) for name in Flows.__slots__}
    new_rate, churn = growing(cases.new_accounts), monthly(cases.churn)
    contraction = monthly(cases.contraction)
    expansion, price = growing(cases.expansion), growing(cases.price)
    counted = ~np.isnan(cases.new_per_month)
    accounts = np.broadcast_to(opening.accounts, shape[::2]).copy()
    arr = np.broadcast_to(opening.arr, shape[::2]).copy()
    for month in range(months):
        now = {name: made[name][:, month] for name in Flows.__slots__}
        new = np.where(counted, cases.new_per_month, accounts * new_rate)
        now["accounts_open"][:], now["accounts_new"][:] = accounts, new
        now["accounts_churned"][:] = accounts * churn
        now["arr_open"][:], now["arr_new"][:] = arr, new * cases.new_acv
        now["arr_churned"][:], now["arr_contraction"][:] = arr * churn, arr * contraction
        now["arr_expansion"][:], now["arr_price"][:] = arr * expansion, arr * price
        accounts = accounts + new - now["accounts_churned"]
        arr = (
            arr
            + now["arr_new"]
            + now["arr_expansion"]
            + now["arr_price"]
            - now["arr_contraction"]
            - now["arr_churned"]
        )
        now["accounts_close"][:], now["arr_close"][:] = accounts, arr
    _hours(made, opening, cases, weights, 1.0 - churn)
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
