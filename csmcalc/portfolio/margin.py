"""Does the cost of service leave a margin? The seed's guard, and the strict one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.rounding import at_least
from csmcalc.core.setting import setting
from csmcalc.formulas import economics
from csmcalc.portfolio.columns import as_column

DAYS_PER_YEAR = 365


@dataclass(frozen=True, slots=True)
class Margin:
    """What revenue leaves, and how much of it service may take."""

    gross_margin: float = setting(
        0.81,
        "gross margin before support and success, of accounts for which the list has none",
        "share",
        "published median of subscription gross margins",
        title="Gross margin",
        low=0,
        low_open=True,
        high=1,
    )
    support_share: float = setting(
        0.02,
        "cost of support as a share of ARR, of accounts for which the list has none",
        "share of ARR",
        "published medians: success and support 9 %, success 7 % of revenue",
        title="Support cost",
        low=0,
        high=1,
    )
    max_share: float = setting(
        1.0,
        "most that support and success may cost as a share of the ARR assigned",
        "share of ARR",
        "costs have to be lower than the recurring revenue assigned (How many customer success "
        "managers you really need)",
        title="Margin guard",
        low=0,
        low_open=True,
        high=1,
    )
    payback_years: float = setting(
        1.5,
        "years within which the contribution repays the acquisition cost",
        "years",
        "csmcalc: 18 months",
        title="CAC payback target",
        low=0,
        low_open=True,
    )
    discount: float = setting(
        0.1,
        "discount rate of future margin",
        "share a year",
        "csmcalc",
        title="Discount rate",
        low=0,
    )


STRICTLY = 1e-9
"""Share of the revenue that a guard keeps back: costs have to be lower, not just as high."""


def room_for_success(arr: Any, support: Any, max_share: float) -> Any:
    """The most success may cost beside support for a margin guard to hold; 0 where none may."""
    return np.maximum(max_share * (1 - STRICTLY) * arr - support, 0.0)


def margins(
    customers: pd.DataFrame, served: pd.DataFrame, cost_per_hour: float, rules: Margin
) -> pd.DataFrame:
    """Costs, contribution and guards of each account.

    Columns: `gross_margin`, `support_cost` (the list's, else the defaults), `standard_cost` and
    `standard_contribution` at the tier's hours with the `margin` it leaves, `success_cost`,
    `cost_to_serve` and `contribution` at the planned hours, `guard` and, where CAC is known,
    `strict_guard` and `cac_repaid` (None elsewhere).
    """
    arr = customers["arr"]
    result = pd.DataFrame(index=customers.index)
    result["gross_margin"] = _known_or(customers, "gross_margin", rules.gross_margin)
    result["support_cost"] = _known_or(customers, "support_cost", rules.support_share * arr)
    revenue, gross, support = (
        column.to_numpy() for column in (arr, result["gross_margin"], result["support_cost"])
    )

    def contribution(success: pd.Series) -> pd.Series:
        earned = economics.csm_contribution(revenue, gross, support, success.to_numpy())
        return as_column(earned, customers)

    result["standard_cost"] = served["standard_hours"] * cost_per_hour
    result["standard_contribution"] = contribution(result["standard_cost"])
    result["margin"] = result["standard_contribution"] / arr
    result["success_cost"] = served["planned_hours"] * cost_per_hour
    result["cost_to_serve"] = result["success_cost"] + result["support_cost"]
    result["contribution"] = contribution(result["success_cost"])
    success = result["success_cost"].to_numpy()
    guard = economics.csm_margin_guard(revenue, support, success, rules.max_share)
    result["guard"] = as_column(guard, customers)
    result["strict_guard"] = _strict(customers, result["contribution"], rules.payback_years)
    result["cac_repaid"] = _repaid(customers, result["contribution"], served["days"])
    return result


def _known_or(customers: pd.DataFrame, column: str, default: float | pd.Series) -> pd.Series:
    if column in customers:
        return customers[column].fillna(default)
    return pd.Series(default, index=customers.index, dtype=float)


def _strict(customers: pd.DataFrame, contribution: pd.Series, payback_years: float) -> pd.Series:
    verdict = pd.Series(None, index=customers.index, dtype=object)
    if "cac" in customers:
        known = customers["cac"].notna()
        cac = customers.loc[known, "cac"].to_numpy()
        repaid = economics.csm_strict_guard(contribution[known].to_numpy(), cac, payback_years)
        verdict[known] = as_column(repaid, customers, known)
    return verdict


def _repaid(customers: pd.DataFrame, contribution: pd.Series, days: pd.Series) -> pd.Series:
    """Whether today's contribution, earned since the start, has repaid the acquisition cost."""
    verdict = pd.Series(None, index=customers.index, dtype=object)
    if "cac" in customers:
        known = customers["cac"].notna() & days.notna()
        earned = contribution[known] * days[known] / DAYS_PER_YEAR
        verdict[known] = at_least(earned, customers.loc[known, "cac"]).tolist()
    return verdict
