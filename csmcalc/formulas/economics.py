"""What customers cost to win and to serve, and when serving them pays."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Base, Share, ShareBase, Signed
from csmcalc.core.formula import Row, formula, require
from csmcalc.core.rounding import at_least, below
from csmcalc.errors import Fault, FaultKind


@formula()
def csm_cac(sales_marketing: Amount, new_customers: Base) -> Any:
    """Cost of acquiring one customer.

    cac = sales_marketing / new_customers

    Args:
        sales_marketing: sales and marketing cost, lagged by the sales cycle; currency.
        new_customers: customers won with it; customers.

    Returns: the acquisition cost, one value per element; currency per customer.

    Errors: #NUM! a negative amount; #DIV/0! new_customers is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_cac(27_000_000, 268), 2)
    100746.27
    """
    return sales_marketing / new_customers


@formula()
def csm_cac_ratio(sales_marketing: Amount, new_arr: Base) -> Any:
    """Cost of winning one unit of new ARR.

    cac_ratio = sales_marketing / new_arr

    Args:
        sales_marketing: sales and marketing cost, lagged by the sales cycle; currency.
        new_arr: ARR won from new customers with it; currency per year.

    Returns: the cost of one unit of new ARR, one value per element; multiple.

    Errors: #NUM! a negative amount; #DIV/0! new_arr is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_cac_ratio(27, 18.4), 4)
    1.4674
    """
    return sales_marketing / new_arr


@formula()
def csm_cac_payback(sales_marketing: Amount, new_arr: Base, gross_margin: ShareBase) -> Any:
    """Months until the gross margin of new customers has repaid their acquisition.

    months = sales_marketing / (new_arr x gross_margin) x 12

    Args:
        sales_marketing: sales and marketing cost, lagged by the sales cycle; currency.
        new_arr: ARR won from new customers with it; currency per year.
        gross_margin: gross margin, before support and success cost; share.

    Returns: the payback, one value per element; months.

    Errors: #NUM! a negative amount, a margin above 1; #DIV/0! new_arr or gross_margin is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_cac_payback(27, 18.4, 0.81), 4)
    21.7391
    """
    return sales_marketing / (new_arr * gross_margin) * 12


@formula()
def csm_ltv_cac(ltv: Amount, cac: Base) -> Any:
    """Lifetime value for each unit of acquisition cost; 3 or more is held healthy.

    ratio = ltv / cac

    Args:
        ltv: lifetime value of a customer; currency.
        cac: acquisition cost of a customer; currency.

    Returns: the ratio, one value per element; multiple.

    Errors: #NUM! a negative amount; #DIV/0! cac is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> csm_ltv_cac(15_000, 6_000)
    2.5
    """
    return ltv / cac


@formula()
def csm_magic_number(revenue: Amount, prior_revenue: Amount, prior_sales_marketing: Base) -> Any:
    """Yearly revenue gained for each unit of the prior quarter's sales and marketing.

    magic_number = (revenue - prior_revenue) x 4 / prior_sales_marketing

    Args:
        revenue: revenue of the quarter, not ARR; currency per quarter.
        prior_revenue: revenue of the quarter before; currency per quarter.
        prior_sales_marketing: sales and marketing cost of the quarter before; currency.

    Returns: the magic number, negative when revenue fell, one value per element; multiple.

    Errors: #NUM! a negative amount; #DIV/0! prior_sales_marketing is 0.

    Source: SaaS Magic Number Calculator (xlslides).

    >>> round(csm_magic_number(2_480_000, 2_000_000, 1_800_000), 4)
    1.0667
    """
    return (revenue - prior_revenue) * 4 / prior_sales_marketing


@formula()
def csm_contribution(
    arr: Amount, gross_margin: Share, support_cost: Amount, success_cost: Amount
) -> Any:
    """What a customer leaves after delivery, support and success.

    contribution = arr x gross_margin - support_cost - success_cost

    Args:
        arr: recurring revenue; currency per year.
        gross_margin: gross margin, before support and success cost; share.
        support_cost: cost of support; currency per year.
        success_cost: cost of customer success; currency per year.

    Returns: the contribution, may be negative, one value per element; currency per year.

    Errors: #NUM! a negative amount, a margin outside 0-1.

    Source: How many customer success managers you really need; the measure: our own.

    >>> csm_contribution(100_000, 0.75, 8_000, 7_000)
    60000.0
    """
    return arr * gross_margin - support_cost - success_cost


@formula()
def csm_margin_guard(
    arr: Amount, support_cost: Amount, success_cost: Amount, max_share: Share = 1
) -> Any:
    """Whether the cost of service stays below the recurring revenue assigned.

    TRUE when support_cost + success_cost < arr x max_share; FALSE at equality

    Args:
        arr: recurring revenue assigned; currency per year.
        support_cost: cost of support; currency per year.
        success_cost: cost of customer success; currency per year.
        max_share: part of the revenue that service may take; share.

    Returns: TRUE when a margin is left, one value per element; TRUE or FALSE.

    Errors: #NUM! a negative amount, a share outside 0-1.

    Source: How many customer success managers you really need.

    >>> csm_margin_guard(100_000, 40_000, [59_000, 60_000])
    array([ True, False])
    """
    return below(support_cost + success_cost, arr * max_share)


@formula(
    require(
        FaultKind.DIV0,
        "gross_margin must be more than 0 where no multiple is given",
        lambda gross_margin, multiple: (gross_margin > 0) | (multiple > 0),
    )
)
def csm_breakeven_grr(
    cost: Amount, arr_covered: Base, gross_margin: Share, multiple: Base = None
) -> Any:
    """Gross retention that a CSM must add to pay for itself.

    grr = cost / (arr_covered x gross_margin); with a multiple: cost / (arr_covered x multiple)

    Args:
        cost: loaded cost of the CSM; currency per year.
        arr_covered: ARR of the accounts covered; currency per year.
        gross_margin: gross margin, before support and success cost, unused with a multiple; share.
        multiple: value of the company per unit of ARR, for the value view; multiple.

    Returns: retention to be gained as a share of the ARR, one value per element; share.

    Errors: #NUM! a negative amount, a margin outside 0-1; #DIV/0! arr_covered or multiple is 0, or
    gross_margin is 0 without a multiple.

    Source: The Headcount Case (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_breakeven_grr(182_000, 6_688_000, 0.81), 6)
    0.033596
    >>> round(csm_breakeven_grr(182_000, 6_688_000, 0.81, 5), 6)
    0.005443
    """
    return cost / (arr_covered * np.where(np.isnan(multiple), gross_margin, multiple))


@formula()
def csm_breakeven_expansion(cost: Amount, gross_margin: ShareBase) -> Any:
    """ARR that a CSM must save or expand to pay for itself.

    arr = cost / gross_margin

    Args:
        cost: loaded cost of the CSM; currency per year.
        gross_margin: gross margin, before support and success cost; share.

    Returns: the ARR to be gained, one value per element; currency per year.

    Errors: #NUM! a negative cost, a margin above 1; #DIV/0! gross_margin is 0.

    Source: The Headcount Case (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_breakeven_expansion(370_000, 0.81), 2)
    456790.12
    """
    return cost / gross_margin


@formula()
def csm_indifference_grr(saving: Amount, cohort_arr: Base, gross_margin: ShareBase) -> Any:
    """Gross retention that may be lost before a leaner service stops paying.

    grr = saving / (cohort_arr x gross_margin)

    Args:
        saving: service cost saved on the cohort; currency per year.
        cohort_arr: ARR of the cohort; currency per year.
        gross_margin: gross margin, before support and success cost; share.

    Returns: retention that may be lost as a share of the ARR, one value per element; share.

    Errors: #NUM! a negative amount, a margin above 1; #DIV/0! cohort_arr or gross_margin is 0.

    Source: The Headcount Case (gaintrace/customer-success-skills, GitHub), the break-even reversed.

    >>> csm_indifference_grr(60_000, 4_000_000, 0.75)
    0.02
    """
    return saving / (cohort_arr * gross_margin)


@formula()
def csm_strict_guard(contribution: Signed, cac: Amount, payback_years: Base) -> Any:
    """Whether the contribution also repays the acquisition cost in time.

    TRUE when contribution >= cac / payback_years

    Args:
        contribution: what the customer leaves after service; currency per year.
        cac: acquisition cost of the customer; currency.
        payback_years: years in which it must be repaid; years.

    Returns: TRUE when it is repaid in time, one value per element; TRUE or FALSE.

    Errors: #NUM! a negative cac or payback_years; #DIV/0! payback_years is 0.

    Source: Our own definition.

    >>> csm_strict_guard([20_000, 19_999], 40_000, 2)
    array([ True, False])
    """
    return at_least(contribution, cac / payback_years)


@formula()
def csm_hire_case(
    cost: Base,
    book: Amount,
    grr_covered: Share,
    grr_uncovered: Share,
    gross_margin: Share,
) -> Row:
    """The case for a hire: ARR retained, profit, payback months and margin of safety.

    retained = book x (grr_covered - grr_uncovered); profit = retained x gross_margin

    payback = cost / profit x 12; safety = profit / cost - 1

    Args:
        cost: loaded cost of the hires; currency per year.
        book: ARR of the accounts they would cover; currency per year.
        grr_covered: gross retention of covered accounts; share.
        grr_uncovered: gross retention of uncovered accounts; share.
        gross_margin: gross margin, before support and success cost; share.

    Returns: one row of retained ARR, profit, payback months and safety; currency, months, share.

    Errors: #NUM! a negative amount, a share outside 0-1; #DIV/0! cost is 0, or in the payback's
    place a profit of 0; #N/A in the payback's place a loss.

    Source: The Headcount Case (gaintrace/customer-success-skills, GitHub).

    >>> csm_hire_case(360_000, 16_000_000, 0.9375, 0.90625, 0.75)
    array([5.00000000e+05, 3.75000000e+05, 1.15200000e+01, 4.16666667e-02])
    """
    retained = book * (grr_covered - grr_uncovered)
    profit = retained * gross_margin
    if profit > 0:
        payback = cost / profit * 12
    elif profit == 0:
        payback = Fault(FaultKind.DIV0, "the profit is 0, so that the cost is never repaid")
    else:
        payback = Fault(FaultKind.NA, "the hire makes a loss, so that the cost is never repaid")
    return retained, profit, payback, profit / cost - 1
