"""The ratio school: one CSM per so much ARR, or per so many accounts."""

from __future__ import annotations

from typing import Any

from csmcalc.core.arguments import Amount, Base, Flag, Signed
from csmcalc.core.formula import formula
from csmcalc.core.rounding import whole_up


def _target(arr_per_csm: Any, in_arrears: Any) -> Any:
    """The ARR one CSM covers: halved while hiring in arrears, until caught up."""
    return arr_per_csm * (1 - 0.5 * in_arrears)


@formula()
def csm_ratio(arr: Amount, arr_per_csm: Base = 2_000_000, in_arrears: Flag = False) -> Any:
    """Whole CSMs that the ARR-per-CSM rule asks for.

    csms = arr / target, rounded up; target = arr_per_csm, halved in arrears

    Args:
        arr: ARR (or ACV) to cover; currency per year.
        arr_per_csm: ARR that one CSM covers; currency per year and CSM.
        in_arrears: TRUE while hiring in arrears, until caught up; TRUE or FALSE.

    Returns: whole CSMs, one value per element; CSMs.

    Errors: #NUM! a negative amount; #DIV/0! arr_per_csm is 0.

    Source: The ratio every customer success management lead should know (Schechter 2015).

    >>> csm_ratio(30_000_000)
    15.0
    >>> csm_ratio([4_000_000, 4_100_000], in_arrears=True)
    array([4., 5.])
    """
    return whole_up(arr / _target(arr_per_csm, in_arrears))


@formula()
def csm_implied_ratio(arr: Amount, csms: Base) -> Any:
    """ARR that one CSM covers today.

    arr_per_csm = arr / csms

    Args:
        arr: ARR (or ACV) covered; currency per year.
        csms: CSMs who cover it; CSMs.

    Returns: the ratio in use, one value per element; currency per year and CSM.

    Errors: #NUM! a negative amount; #DIV/0! csms is 0.

    Source: 3 things to consider before hiring another CSM (Commune).

    >>> csm_implied_ratio(4_000_000, 5)
    800000.0
    """
    return arr / csms


@formula()
def csm_max_arr(csms: Amount, arr_per_csm: Base = 2_000_000, in_arrears: Flag = False) -> Any:
    """ARR that a team can cover under the ARR-per-CSM rule.

    max_arr = csms x target; target = arr_per_csm, halved in arrears

    Args:
        csms: CSMs in the team; CSMs.
        arr_per_csm: ARR that one CSM covers; currency per year and CSM.
        in_arrears: TRUE while hiring in arrears, until caught up; TRUE or FALSE.

    Returns: the ARR covered, one value per element; currency per year.

    Errors: #NUM! a negative amount; #DIV/0! arr_per_csm is 0.

    Source: The rule of CSM_RATIO read backwards (Schechter 2015).

    >>> csm_max_arr(7)
    14000000.0
    """
    return csms * _target(arr_per_csm, in_arrears)


@formula()
def csm_headroom(
    csms: Amount, arr: Amount, arr_per_csm: Base = 2_000_000, in_arrears: Flag = False
) -> Any:
    """ARR that a team can still take on under the rule; negative when it is over.

    headroom = csms x target - arr; target = arr_per_csm, halved in arrears

    Args:
        csms: CSMs in the team; CSMs.
        arr: ARR (or ACV) they cover today; currency per year.
        arr_per_csm: ARR that one CSM covers; currency per year and CSM.
        in_arrears: TRUE while hiring in arrears, until caught up; TRUE or FALSE.

    Returns: the ARR still coverable, one value per element; currency per year.

    Errors: #NUM! a negative amount; #DIV/0! arr_per_csm is 0.

    Source: The rule of CSM_RATIO read backwards (Schechter 2015).

    >>> csm_headroom(7, 12_500_000)
    1500000.0
    >>> csm_headroom(7, 12_500_000, in_arrears=True)
    -5500000.0
    """
    return csms * _target(arr_per_csm, in_arrears) - arr


@formula()
def csm_accounts_ratio(accounts: Amount, accounts_per_csm: Base) -> Any:
    """Whole CSMs that an accounts-per-CSM rule asks for.

    csms = accounts / accounts_per_csm, rounded up

    Args:
        accounts: accounts to cover; accounts.
        accounts_per_csm: accounts that one CSM covers; accounts per CSM.

    Returns: whole CSMs, one value per element; CSMs.

    Errors: #NUM! a negative amount; #DIV/0! accounts_per_csm is 0.

    Source: Field practice; the breakdown method of sales-force sizing on accounts.

    >>> csm_accounts_ratio(210, 45)
    5.0
    """
    return whole_up(accounts / accounts_per_csm)


@formula()
def csm_accounts_per_csm(arr_per_csm: Base, acv: Base) -> Any:
    """Accounts that an ARR-per-CSM rule gives one CSM, exact.

    accounts_per_csm = arr_per_csm / acv

    Args:
        arr_per_csm: ARR that one CSM covers; currency per year and CSM.
        acv: mean contract value of an account; currency per year.

    Returns: accounts in a book, not rounded, one value per element; accounts per CSM.

    Errors: #NUM! a negative amount; #DIV/0! arr_per_csm or acv is 0.

    Source: Dear SaaStr: At $20,000 ACV, How Many Customers Should Each CSM Have? (SaaStr).

    >>> csm_accounts_per_csm(2_000_000, 20_000)
    100.0
    """
    return arr_per_csm / acv


@formula()
def csm_new_arr_needed(arr: Amount, growth: Signed, nrr: Amount) -> Any:
    """New-customer ARR that a growth target leaves to win after net retention.

    new_arr = arr x (1 + growth - nrr); negative where retention alone exceeds the target

    Args:
        arr: ARR at the start of the period; currency per year.
        growth: growth of ARR aimed at over the period; share.
        nrr: net revenue retention over the same period, may exceed 1; share.

    Returns: ARR to win from new customers, one value per element; currency per year.

    Errors: #NUM! a negative arr or nrr.

    Source: Metrics, Formulas, and Glossary, unit-of-growth-calculator (EG-CSM, GitHub).

    >>> csm_new_arr_needed(5_000_000, 0.5, 1.25)
    1250000.0
    """
    return arr * (1 + growth - nrr)


@formula()
def csm_scaled_target(arr_per_csm: Base, local_comp: Amount, reference_comp: Base) -> Any:
    """ARR-per-CSM target of a place where CSMs cost more or less than the reference.

    target = arr_per_csm x local_comp / reference_comp

    Args:
        arr_per_csm: target where CSMs earn the reference pay; currency per year and CSM.
        local_comp: yearly compensation of a CSM there; currency per year.
        reference_comp: yearly compensation behind the target; currency per year.

    Returns: the local target, one value per element; currency per year and CSM.

    Errors: #NUM! a negative amount; #DIV/0! arr_per_csm or reference_comp is 0.

    Source: Field practice: the target moves with compensation.

    >>> csm_scaled_target(2_000_000, 70_000, 140_000)
    1000000.0
    """
    return arr_per_csm * (local_comp / reference_comp)
