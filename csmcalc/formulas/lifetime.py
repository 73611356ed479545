"""Lifetime value: what a customer brings until it leaves, in the field's several definitions.

Churn, discount and growth of one call are rates of the same period as the revenue.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Flag, Share, ShareBase, Shares, Signed
from csmcalc.core.formula import each, formula, require
from csmcalc.core.rounding import below
from csmcalc.errors import FaultKind


@formula()
def csm_lifetime(churn: ShareBase) -> Any:
    """Periods that a customer stays on average.

    lifetime = 1 / churn

    Args:
        churn: churn rate of a period; share.

    Returns: the mean lifetime, one value per element; periods.

    Errors: #NUM! a churn outside 0-1; #DIV/0! churn is 0.

    Source: Seed stage LTV calculator (callculator.cc); common practice.

    >>> csm_lifetime(0.04)
    25.0
    """
    return 1 / churn


@formula()
def csm_ltv(arpa: Amount, gross_margin: Share, churn: ShareBase) -> Any:
    """Simple lifetime value of a customer.

    ltv = arpa x gross_margin / churn

    Args:
        arpa: revenue per account; currency per period.
        gross_margin: gross margin, before support and success cost; share.
        churn: churn rate of the same period; share.

    Returns: the lifetime value, one value per element; currency.

    Errors: #NUM! a negative arpa, a share outside 0-1; #DIV/0! churn is 0.

    Source: Metrics, Formulas, and Glossary (EG-CSM, GitHub).

    >>> csm_ltv(500, 0.75, 0.025)
    15000.0
    """
    return arpa * gross_margin / churn


@formula(
    require(
        FaultKind.DIV0,
        "churn + discount must be more than 0",
        lambda churn, discount: churn + discount > 0,
    )
)
def csm_ltv_discounted(
    arpa: Amount, gross_margin: Share, churn: Share, discount: Amount, in_advance: Flag = False
) -> Any:
    """Lifetime value of a customer with money discounted over time.

    ltv = arpa x gross_margin / (churn + discount); in advance times (1 + discount)

    Args:
        arpa: revenue per account; currency per period.
        gross_margin: gross margin, before support and success cost; share.
        churn: churn rate of the same period; share.
        discount: discount rate of the same period; share.
        in_advance: TRUE when the customer pays at the start of the period; TRUE or FALSE.

    Returns: the present value, one value per element; currency.

    Errors: #NUM! a negative number, a share outside 0-1; #DIV/0! churn and discount are 0.

    Source: Perpetuity with churn; the case of a public LTV notebook in tests/reference.

    >>> round(csm_ltv_discounted(50, 1, 0.05, 0.02, True), 4)
    728.5714
    """
    return arpa * gross_margin / (churn + discount) * (1 + discount * in_advance)


@formula(
    require(
        FaultKind.NA,
        "revenue grows at least as fast as it is discounted, so that the sum has no end; use "
        "CSM_LTV_COHORT over a finite horizon of 5-7 years",
        lambda nrr, discount: below(nrr, 1 + discount),
    )
)
def csm_ltv_net(arpa: Amount, gross_margin: Share, nrr: Amount, discount: Amount) -> Any:
    """Lifetime value of a customer with expansion, from net revenue retention.

    ltv = arpa x gross_margin / (discount + 1 - nrr)

    Args:
        arpa: revenue per account; currency per period.
        gross_margin: gross margin, before support and success cost; share.
        nrr: net revenue retention of the same period, may exceed 1; share.
        discount: discount rate of the same period; share.

    Returns: the present value, one value per element; currency.

    Errors: #NUM! a negative number, a margin outside 0-1; #N/A nrr reaches 1 + discount.

    Source: Field practice: the perpetuity with net retention.

    >>> round(csm_ltv_net(1000, 0.8, 1.02, 0.1), 6)
    10000.0
    """
    return arpa * gross_margin / (discount + 1 - nrr)


@formula(
    require(
        FaultKind.DIV0,
        "churn or discount must be more than 0",
        lambda churn, discount: churn + discount > 0,
    )
)
def csm_ltv_growth(
    arpa: Amount, gross_margin: Share, churn: Share, growth: Signed, discount: Share
) -> Any:
    """Skok's discounted lifetime value with revenue that grows linearly.

    ltv = arpa x gross_margin x (1 / (1 - k) + growth x k / (1 - k)^2)

    k = (1 - churn) x (1 - discount)

    Args:
        arpa: revenue per account in the first period; currency per period.
        gross_margin: gross margin, before support and success cost; share.
        churn: churn rate of the same period; share.
        growth: gain in each period as a fraction of the first arpa; share.
        discount: discount rate of the same period; share.

    Returns: the present value, the first period undiscounted, one value per element; currency.

    Errors: #NUM! a negative arpa, a share outside 0-1; #DIV/0! churn and discount are 0.

    Source: Skok, What's your TRUE customer lifetime value? (For Entrepreneurs); checked by direct
    summation in tests/reference.

    >>> round(csm_ltv_growth(100, 1, 0.03, 0.05, 0), 4)
    8722.2222
    """
    kept = (1 - churn) * (1 - discount)
    lost = churn + discount - churn * discount
    return arpa * gross_margin * (1 / lost + growth * kept / lost**2)


@formula()
def csm_ltv_cohort(survival: Shares, margin: Amount, discount: Amount) -> Any:
    """Lifetime value of a customer from the survival of a cohort over a finite horizon.

    ltv = sum over t = 0, 1, ... of survival(t) x margin / (1 + discount)^t

    Args:
        survival: share of the cohort still there in each period, the first is period 0; share.
        margin: gross margin per customer; currency per period.
        discount: discount rate of the same period; share.

    Returns: the present value over the periods given, one value; currency.

    Errors: #NUM! a negative number, a share outside 0-1; #N/A no values.

    Source: Cohort practice; the finite horizon where CSM_LTV_NET has no value.

    >>> csm_ltv_cohort([1, 0.8, 0.6], 100, 0)
    240.0
    """
    return margin * ((1 + each(discount)) ** -np.arange(survival.size) @ survival)
