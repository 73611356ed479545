"""What is kept of a cohort that is frozen at the start of the period."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Base, Share
from csmcalc.core.formula import formula, require
from csmcalc.core.rounding import at_least
from csmcalc.errors import FaultKind


def _part(part: Any, whole: Any) -> Any:
    """A part of a whole, which rounding does not carry outside 0-1."""
    return np.minimum(1, np.maximum(0, part / whole))


@formula(
    require(
        FaultKind.NUM,
        "churn + contraction must not exceed start",
        lambda start, churn, contraction: at_least(start, churn + contraction),
    )
)
def csm_grr(start: Base, churn: Amount, contraction: Amount) -> Any:
    """Gross revenue retention of a cohort; never above 1.

    grr = (start - churn - contraction) / start

    Args:
        start: recurring revenue of the cohort at the period start; currency per year.
        churn: of it, lost with customers who left; currency per year.
        contraction: of it, lost with customers who stayed; currency per year.

    Returns: the share kept, one value per element; share.

    Errors: #NUM! a negative amount, more lost than there was; #DIV/0! start is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> csm_grr(200_000, 6_000, 4_000)
    0.95
    """
    return _part(start - churn - contraction, start)


@formula(
    require(
        FaultKind.NUM,
        "churn + contraction must not exceed start + expansion",
        lambda start, expansion, contraction, churn: at_least(
            start + expansion, churn + contraction
        ),
    )
)
def csm_nrr(start: Base, expansion: Amount, contraction: Amount, churn: Amount) -> Any:
    """Net revenue retention of a cohort; new and reactivated customers are left out.

    nrr = (start + expansion - contraction - churn) / start

    Args:
        start: recurring revenue of the cohort at the period start; currency per year.
        expansion: gained with customers of the cohort, price included; currency per year.
        contraction: lost with customers who stayed; currency per year.
        churn: lost with customers who left; currency per year.

    Returns: the share kept and grown, may exceed 1, one value per element; share.

    Errors: #NUM! a negative amount, more lost than there was; #DIV/0! start is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> csm_nrr(200_000, 20_000, 4_000, 6_000)
    1.05
    """
    return np.maximum(0, start + expansion - contraction - churn) / start


@formula(
    require(FaultKind.NUM, "kept must not exceed start", lambda kept, start: at_least(start, kept))
)
def csm_logo_retention(kept: Amount, start: Base) -> Any:
    """Share of the customers of a cohort who stayed.

    logo_retention = kept / start

    Args:
        kept: customers of the cohort who are still there; customers.
        start: customers at the period start; customers.

    Returns: the share kept, one value per element; share.

    Errors: #NUM! a negative number, more kept than there were; #DIV/0! start is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> csm_logo_retention(188, 200)
    0.94
    """
    return _part(kept, start)


@formula(
    require(
        FaultKind.NUM,
        "lost must not exceed available_to_renew",
        lambda available_to_renew, lost: at_least(available_to_renew, lost),
    )
)
def csm_renewal_rate(available_to_renew: Base, lost: Amount) -> Any:
    """Gross renewal rate on the revenue that was up for renewal.

    renewal_rate = (available_to_renew - lost) / available_to_renew

    Args:
        available_to_renew: recurring revenue up for renewal in the period; currency per year.
        lost: of it, lost to churn and contraction; currency per year.

    Returns: the share renewed, one value per element; share.

    Errors: #NUM! a negative amount, more lost than available; #DIV/0! nothing was available.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_renewal_rate(78.5, 13.1), 4)
    0.8331
    """
    return _part(available_to_renew - lost, available_to_renew)


@formula(
    require(
        FaultKind.NUM,
        "saved must not exceed at_risk",
        lambda saved, at_risk: at_least(at_risk, saved),
    )
)
def csm_save_rate(saved: Amount, at_risk: Base) -> Any:
    """Share of the revenue at risk that was saved.

    save_rate = saved / at_risk

    Args:
        saved: of the revenue at risk, what renewed; currency per year.
        at_risk: recurring revenue that was flagged at risk; currency per year.

    Returns: the share saved, one value per element; share.

    Errors: #NUM! a negative amount, more saved than at risk; #DIV/0! at_risk is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_save_rate(14.6, 22), 4)
    0.6636
    """
    return _part(saved, at_risk)


@formula()
def csm_convert_churn(rate: Share, from_per_year: Base, to_per_year: Base) -> Any:
    """Churn rate of one period length as that of another; rates compound.

    converted = 1 - (1 - rate) ^ (from_per_year / to_per_year)

    Args:
        rate: churn in one period; share.
        from_per_year: periods of that length in a year, 12 for months; periods per year.
        to_per_year: periods of the wanted length in a year, 1 for years; periods per year.

    Returns: churn in the wanted period, one value per element; share.

    Errors: #NUM! a rate outside 0-1, a negative number; #DIV/0! periods are 0.

    Source: Compounding; never 12 times the monthly rate.

    >>> round(csm_convert_churn(0.02, 12, 1), 6)
    0.215283
    """
    return -np.expm1(np.log1p(-rate) * (from_per_year / to_per_year))


@formula(
    require(
        FaultKind.NUM,
        "flagged_lost must not exceed total_lost",
        lambda flagged_lost, total_lost: at_least(total_lost, flagged_lost),
    )
)
def csm_detection_rate(flagged_lost: Amount, total_lost: Base) -> Any:
    """Share of the lost revenue that had been flagged at risk beforehand.

    detection_rate = flagged_lost / total_lost

    Args:
        flagged_lost: lost revenue that had been flagged; currency per year.
        total_lost: all lost revenue; currency per year.

    Returns: the share seen coming, one value per element; share.

    Errors: #NUM! a negative amount, more flagged than lost; #DIV/0! total_lost is 0.

    Source: The CS Metric Dictionary (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_detection_rate(7.4, 13.1), 4)
    0.5649
    """
    return _part(flagged_lost, total_lost)


@formula(
    require(
        FaultKind.NUM,
        "contraction + churn must not exceed what there was and came in",
        lambda opening, new_arr, expansion, contraction, churn, reactivation: at_least(
            opening + new_arr + expansion + reactivation, contraction + churn
        ),
    )
)
def csm_arr_end(
    opening: Amount,
    new_arr: Amount,
    expansion: Amount,
    contraction: Amount,
    churn: Amount,
    reactivation: Amount = 0,
) -> Any:
    """ARR at the end of a period: the bridge from the opening.

    arr_end = opening + new_arr + expansion + reactivation - contraction - churn

    Args:
        opening: ARR at the period start; currency per year.
        new_arr: won with new customers; currency per year.
        expansion: gained with customers there were; currency per year.
        contraction: lost with customers who stayed; currency per year.
        churn: lost with customers who left; currency per year.
        reactivation: won back from customers who had left earlier; currency per year.

    Returns: the closing ARR, one value per element; currency per year.

    Errors: #NUM! a negative amount, a negative closing ARR.

    Source: The ARR bridge as finance teams close it.

    >>> csm_arr_end(1_000_000, 200_000, 80_000, 20_000, 60_000)
    1200000.0
    """
    return np.maximum(0, opening + new_arr + expansion + reactivation - contraction - churn)


@formula(
    require(
        FaultKind.DIV0,
        "nothing was lost, so that the ratio has no base",
        lambda churn, contraction: churn + contraction > 0,
    )
)
def csm_quick_ratio(
    new_arr: Amount,
    expansion: Amount,
    churn: Amount,
    contraction: Amount,
    reactivation: Amount = 0,
) -> Any:
    """Recurring revenue gained for each unit lost; reactivation counts as gained.

    quick_ratio = (new_arr + expansion + reactivation) / (churn + contraction)

    Args:
        new_arr: won with new customers; currency per year.
        expansion: gained with customers there were; currency per year.
        churn: lost with customers who left; currency per year.
        contraction: lost with customers who stayed; currency per year.
        reactivation: won back from customers who had left earlier; currency per year.

    Returns: the ratio, one value per element; multiple.

    Errors: #NUM! a negative amount; #DIV/0! nothing was lost.

    Source: The SaaS quick ratio (Hamid, Social Capital); reactivation as gained: our own.

    >>> csm_quick_ratio(200_000, 80_000, 60_000, 20_000)
    3.5
    """
    return (new_arr + expansion + reactivation) / (churn + contraction)
