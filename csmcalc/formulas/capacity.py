"""The workload school: what a CSM has in hours, what an account needs, what an hour costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Amounts, Base, Multiplier, Share, ShareBase
from csmcalc.core.formula import formula, require
from csmcalc.core.rounding import at_least
from csmcalc.errors import FaultKind


@formula(
    require(
        FaultKind.NUM,
        "pto + sick must not exceed calendar",
        lambda calendar, pto, sick: at_least(calendar, pto + sick),
    )
)
def csm_effective_hours(
    calendar: Amount = 2080,
    pto: Amount = 160,
    sick: Amount = 40,
    internal_share: Share = 1 / 3,
    realisation: Share = 0.85,
) -> Any:
    """Hours a year that one CSM really has for customers.

    hours = (calendar - pto - sick) x (1 - internal_share) x realisation

    Args:
        calendar: hours in the contract; hours per year.
        pto: paid time off; hours per year.
        sick: sick leave; hours per year.
        internal_share: part of the remaining time that goes to internal work; share.
        realisation: part of the customer time that reaches customers; share.

    Returns: customer-facing hours of one CSM, one value per element; hours per year.

    Errors: #NUM! negative hours, a share outside 0-1, more leave than calendar.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_effective_hours(), 4)
    1065.3333
    """
    return np.maximum(0, calendar - pto - sick) * (1 - internal_share) * realisation


@formula()
def csm_loaded_cost(ote: Amount, loading: Multiplier) -> Any:
    """Yearly cost of one CSM with everything on top of the pay.

    loaded_cost = ote x loading

    Args:
        ote: on-target earnings of a CSM; currency per year.
        loading: multiplier for benefits, taxes, tools and space, 1 or more; multiple.

    Returns: the loaded cost, one value per element; currency per year.

    Errors: #NUM! a negative ote, a loading below 1.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> csm_loaded_cost(140_000, 1.3)
    182000.0
    """
    return ote * loading


@formula()
def csm_cost_per_hour(ote: Amount, loading: Multiplier, effective_hours: Base) -> Any:
    """Cost of one customer-facing hour of a CSM.

    cost_per_hour = ote x loading / effective_hours

    Args:
        ote: on-target earnings of a CSM; currency per year.
        loading: multiplier for benefits, taxes, tools and space, 1 or more; multiple.
        effective_hours: customer-facing hours of one CSM; hours per year.

    Returns: the cost of an hour, one value per element; currency per hour.

    Errors: #NUM! a negative amount, a loading below 1; #DIV/0! effective_hours is 0.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_cost_per_hour(140_000, 1.3, 1065), 4)
    170.892
    """
    return ote * loading / effective_hours


@formula()
def csm_account_hours(
    scheduled: Amount,
    reactive: Amount,
    onboarding_hours: Amount,
    new_accounts: Amount,
    accounts: Base,
    complexity: Amount = 1,
) -> Any:
    """Hours a year that one account of a segment needs on average.

    hours = (scheduled + reactive + onboarding_hours x new_accounts / accounts) x complexity

    Args:
        scheduled: planned touches, see CSM_ACTIVITY_HOURS; hours per year and account.
        reactive: unplanned work; hours per year and account.
        onboarding_hours: work to bring one new account up; hours.
        new_accounts: accounts onboarded in the year; accounts.
        accounts: all accounts of the segment; accounts.
        complexity: multiplier for demanding accounts, see CSM_COMPLEXITY; multiple.

    Returns: hours of one account, one value per element; hours per year and account.

    Errors: #NUM! a negative amount; #DIV/0! accounts is 0.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_account_hours(63, 12, 40, 8, 48, 1.3), 4)
    106.1667
    """
    return (scheduled + reactive + onboarding_hours * (new_accounts / accounts)) * complexity


@formula()
def csm_activity_hours(frequency: Amounts, hours: Amounts) -> Any:
    """Hours a year that a calendar of touches takes for one account.

    hours = sum of frequency x hours

    Args:
        frequency: how often each activity happens; times per year.
        hours: what it takes each time, preparation included; hours.

    Returns: scheduled hours of one account, one value; hours per year.

    Errors: #NUM! a negative number; #N/A a row half empty or no rows; #VALUE! unequal ranges.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> csm_activity_hours([12, 4, 1], [1.5, 6, 8])
    50.0
    """
    return frequency @ hours


@formula()
def csm_hours_per_account(hours: Amount, accounts: Base) -> Any:
    """Hours that remain for each account of a book.

    hours_per_account = hours / accounts

    Args:
        hours: customer-facing hours of the period; hours.
        accounts: accounts in the book; accounts.

    Returns: hours of one account in the period, one value per element; hours per account.

    Errors: #NUM! a negative amount; #DIV/0! accounts is 0.

    Source: The One Number Leaders Forget When Building Out Customer Success Models (Balusek 2017).

    >>> csm_hours_per_account(130, 50)
    2.6
    """
    return hours / accounts


@formula()
def csm_complexity(mean_score: Amount, divisor: Base = 8, cap: Multiplier = 2) -> Any:
    """Multiplier on the hours of demanding accounts.

    complexity = min(cap, 1 + mean_score / divisor)

    Args:
        mean_score: mean of the complexity scores, 0 = plain; score.
        divisor: score that doubles the hours; score.
        cap: the most the multiplier may be, 1 or more; multiple.

    Returns: the multiplier, one value per element; multiple.

    Errors: #NUM! a negative score, a cap below 1; #DIV/0! divisor is 0.

    Source: Capacity Math and Segmentation (gaintrace/customer-success-skills, GitHub).

    >>> csm_complexity(2.4)
    1.3
    """
    return np.minimum(cap, 1 + mean_score / divisor)


@formula()
def csm_onboarding_factor(
    days_since_start: Amount, factor: Amount = 3, window: Amount = 90, taper: Amount = 0
) -> Any:
    """Multiplier on the hours of an account that is being onboarded.

    factor from day 0 to the window inclusive, then linear to 1 over the taper

    Args:
        days_since_start: days since the account started; days.
        factor: multiplier during the window; multiple.
        window: length of the onboarding, the last day included; days.
        taper: time over which the factor falls to 1 afterwards, 0 = at once; days.

    Returns: the multiplier, one value per element; multiple.

    Errors: #NUM! a negative number, as for an account that has not started.

    Source: 90 days: Schechter 2015; factors of 2-4: field practice; the taper: our own.

    >>> csm_onboarding_factor([0, 90, 91])
    array([3., 3., 1.])
    >>> csm_onboarding_factor(105, taper=30)
    2.0
    """
    tapered = np.clip((days_since_start - window) / np.where(taper > 0, taper, 1), 0, 1)
    past = np.where(taper > 0, tapered, 1)
    return np.where(at_least(window, days_since_start), factor, factor + (1 - factor) * past)


@formula()
def csm_blended_load(share_onboarding: Share, onboarding_factor: Amount) -> Any:
    """Multiplier on the hours of a book of which a part is being onboarded.

    load = 1 + share_onboarding x (onboarding_factor - 1)

    Args:
        share_onboarding: part of the book in onboarding; share.
        onboarding_factor: multiplier of an account in onboarding; multiple.

    Returns: the mean multiplier, one value per element; multiple.

    Errors: #NUM! a share outside 0-1, a negative factor.

    Source: Our own definition: the mean over the stages, not their peak.

    >>> csm_blended_load(0.25, 3)
    1.5
    """
    return 1 + share_onboarding * (onboarding_factor - 1)


@formula()
def csm_book_size(effective_hours: Amount, hours_per_account: Base) -> Any:
    """Accounts that fit into the hours of one CSM, exact.

    accounts = effective_hours / hours_per_account

    Args:
        effective_hours: customer-facing hours of one CSM; hours per year.
        hours_per_account: hours that one account needs; hours per year and account.

    Returns: accounts in a book, not rounded (round down), one value per element; accounts.

    Errors: #NUM! a negative amount; #DIV/0! hours_per_account is 0.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> csm_book_size(1065, 4.26)
    250.0
    """
    return effective_hours / hours_per_account


@formula()
def csm_workload_fte(accounts: Amounts, hours: Amounts, effective_hours: Base) -> Any:
    """CSMs that the workload asks for, exact.

    fte = sum of accounts x hours / effective_hours

    Args:
        accounts: accounts of each segment; accounts.
        hours: hours that one account of the segment needs; hours per year and account.
        effective_hours: customer-facing hours of one CSM; hours per year.

    Returns: full-time CSMs, not rounded, one value; FTE.

    Errors: #NUM! a negative number; #DIV/0! effective_hours is 0; #N/A a row half empty or no
    rows; #VALUE! unequal ranges.

    Source: Talley's workload method; Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> csm_workload_fte([20, 150, 800], [142, 45, 1.5], 1600)
    6.74375
    """
    return accounts @ hours / effective_hours


@formula()
def csm_utilisation(required: Amount, available: Base) -> Any:
    """How much of the available hours the work takes; above 1 the team is short.

    utilisation = required / available

    Args:
        required: hours the accounts need; hours per year.
        available: hours the team has; hours per year.

    Returns: the utilisation, may exceed 1, one value per element; share.

    Errors: #NUM! a negative amount; #DIV/0! available is 0.

    Source: Field practice.

    >>> csm_utilisation(5100, 4260)
    1.1971830985915493
    """
    return required / available


@formula()
def csm_cost_to_serve(hours: Amount, cost_per_hour: Amount, support_cost: Amount = 0) -> Any:
    """Yearly cost of serving an account: success and support.

    cost = hours x cost_per_hour + support_cost

    Args:
        hours: CSM hours the account takes; hours per year.
        cost_per_hour: cost of a CSM hour, see CSM_COST_PER_HOUR; currency per hour.
        support_cost: cost of support; currency per year.

    Returns: the cost to serve, one value per element; currency per year.

    Errors: #NUM! a negative amount.

    Source: Capacity Math (gaintrace/customer-success-skills, GitHub).

    >>> csm_cost_to_serve(24, 171, 600)
    4704.0
    """
    return hours * cost_per_hour + support_cost


@formula()
def csm_tier_min_arr(
    hours: Amount, cost_per_hour: Amount, gross_margin: ShareBase, service_share: ShareBase
) -> Any:
    """Smallest ARR that earns a service tier.

    min_arr = hours x cost_per_hour / (service_share x gross_margin)

    Args:
        hours: hours of the tier; hours per year and account.
        cost_per_hour: cost of a CSM hour; currency per hour.
        gross_margin: gross margin, before support and success cost; share.
        service_share: part of the gross margin that may go into service; share.

    Returns: the ARR at which the tier pays, one value per element; currency per year.

    Errors: #NUM! a negative amount, a share above 1; #DIV/0! a share is 0.

    Source: Segmentation (gaintrace/customer-success-skills, GitHub).

    >>> round(csm_tier_min_arr(24.1, 171, 0.81, 0.15), 2)
    33918.52
    """
    return hours * cost_per_hour / (service_share * gross_margin)
