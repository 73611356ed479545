"""People over time: ramp, attrition, when to start hiring, when a team needs a manager."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import numpy as np

from csmcalc.core.arguments import (
    Amount,
    Amounts,
    Base,
    Date,
    Flag,
    MonthOfYear,
    Number,
    Numbers,
    Share,
    Signed,
)
from csmcalc.core.dates import add_months
from csmcalc.core.formula import Rows, each, formula, require
from csmcalc.core.rounding import at_least, whole_up
from csmcalc.errors import FaultKind
from csmcalc.formulas._staffing import Staffing, heads_of, monthly, productive_of, ramped
from csmcalc.formulas._staffing import ahead as _ahead
from csmcalc.formulas._staffing import in_arrears as _late

Months: TypeAlias = Annotated[Any, Number(low=0, high=600)]
Leaving: TypeAlias = Annotated[Any, Number(low=0, high=0.999_999)]


def _ramp(tenure_months: Any, ramp_months: Any, start_share: Any = 0) -> Any:
    """Productivity after some months in the job; before the first day there is none."""
    share = ramped(tenure_months, ramp_months)
    return np.where(tenure_months < 0, 0, start_share + (1 - start_share) * share)


@formula()
def csm_ramp_factor(tenure_months: Signed, ramp_months: Amount, start_share: Share = 0) -> Any:
    """Productivity of a CSM some months after the start.

    factor = start_share + (1 - start_share) x min(1, tenure_months / ramp_months)

    Args:
        tenure_months: months in the job; negative before the start, which gives 0; months.
        ramp_months: months until fully productive; 0 = at once; months.
        start_share: productivity on the first day; share.

    Returns: part of a fully productive CSM, one value per element; share.

    Errors: #NUM! a negative ramp_months, a start_share outside 0-1.

    Source: Capacity planning 101, the linear ramp (BurnRate); start_share: our own.

    >>> csm_ramp_factor([-1, 0, 2, 12], 5)
    array([0. , 0. , 0.4, 1. ])
    """
    return _ramp(tenure_months, ramp_months, start_share)


@formula()
def csm_ramped_fte(
    heads: Amounts, tenure: Numbers, ramp_months: Amount, attainment: Amounts = None
) -> Any:
    """Productive CSMs in a team of which some are still ramping.

    fte = sum of heads x min(1, tenure / ramp_months) x attainment

    Args:
        heads: heads in each group of starters; CSMs.
        tenure: months each group has been in the job, negative before the start; months.
        ramp_months: months until fully productive; 0 = at once; months.
        attainment: what each group delivers once ramped, 1 = full, by default 1; share.

    Returns: fully productive CSMs, one value; FTE.

    Errors: #NUM! a negative number; #N/A a row half empty or no rows; #VALUE! unequal ranges.

    Source: Capacity Planning playbook (Modus); the linear ramp: BurnRate.

    >>> csm_ramped_fte([15, 3], [24, 3], 5)
    16.8
    >>> csm_ramped_fte([20, 5], [24, 3], 6, [0.85, 0.7])
    18.75
    """
    delivered = heads if attainment is None else heads * attainment
    return _ramp(tenure, each(ramp_months)) @ delivered


@formula()
def csm_year1_delivered(
    ramp_months: Amount, mean_productivity: Share, start_month: MonthOfYear = 1
) -> Any:
    """Part of an FTE-year that a new CSM delivers in the calendar year of the start.

    delivered = (r x mean_productivity + m - r) / 12; m = 13 - start_month, r = min(ramp_months, m)

    Args:
        ramp_months: months until fully productive; months.
        mean_productivity: mean productivity during the ramp; share.
        start_month: month of the year in which the CSM starts, 1 = January; month.

    Returns: capacity delivered, one value per element; FTE-years.

    Errors: #NUM! a negative ramp, a share outside 0-1, a month outside 1-12.

    Source: The Headcount Case (gaintrace/customer-success-skills, GitHub); start_month: our own.

    >>> round(csm_year1_delivered(6, 0.45), 6)
    0.725
    """
    months = 13 - start_month
    ramping = np.minimum(ramp_months, months)
    return (ramping * mean_productivity + months - ramping) / 12


@formula()
def csm_attrition_period(annual_rate: Share, periods_per_year: Base) -> Any:
    """Attrition of one period that compounds to a yearly rate.

    rate = 1 - (1 - annual_rate) ^ (1 / periods_per_year)

    Args:
        annual_rate: part of the team that leaves in a year; share.
        periods_per_year: 12 for months, 4 for quarters; periods per year.

    Returns: attrition per period, one value per element; share.

    Errors: #NUM! a rate outside 0-1, negative periods; #DIV/0! periods_per_year is 0.

    Source: Field practice: attrition compounds.

    >>> round(csm_attrition_period(0.19, 2), 6)
    0.1
    """
    return -np.expm1(np.log1p(-annual_rate) / periods_per_year)


def _hire_by(need_date: Any, ramp_months: Any, months_to_fill: Any) -> Any:
    return add_months(need_date, -whole_up(ramp_months + months_to_fill))


@formula(
    require(
        FaultKind.NUM,
        "the search would have to start before 1900",
        lambda need_date, ramp_months, months_to_fill: np.isfinite(
            _hire_by(need_date, ramp_months, months_to_fill)
        ),
    )
)
def csm_hire_by(need_date: Date, ramp_months: Amount, months_to_fill: Amount) -> Any:
    """Day on which the search must start for a productive CSM on the day of need.

    hire_by = need_date - (ramp_months + months_to_fill, rounded up to whole months)

    Args:
        need_date: day on which the capacity is needed; date.
        ramp_months: months until fully productive; months.
        months_to_fill: months from opening the search to the first day; months.

    Returns: the day, counted as by EDATE, one value per element; date.

    Errors: #NUM! a negative number, a day before 1900.

    Source: Our own definition.

    >>> csm_hire_by(46_266, 4.5, 3)  # needed on 1 September 2026, hence 1 January 2026
    46023.0
    """
    return _hire_by(need_date, ramp_months, months_to_fill)


@formula()
def csm_managers(csms: Amount, span: Base = 7) -> Any:
    """Managers that a team of CSMs needs.

    managers = 0 up to the span; above it csms / span, rounded up

    Args:
        csms: CSMs in the team; CSMs.
        span: CSMs one manager leads; CSMs per manager.

    Returns: whole managers, one value per element; managers.

    Errors: #NUM! a negative number; #DIV/0! span is 0.

    Source: Field practice: a manager at more than 7 CSMs.

    >>> csm_managers([7, 8, 15])
    array([0., 2., 3.])
    """
    return np.where(at_least(span, csms), 0, whole_up(csms / span))


@formula()
def csm_hiring_plan(
    required: Amounts,
    starting_csms: Amount,
    ramp_months: Months,
    annual_attrition: Leaving,
    months_to_fill: Months = 3,
    in_arrears: Flag = False,
) -> Rows:
    """Whom to start when, so that a team meets the CSMs required in every month.

    heads = heads of the month before - leavers + starts; leavers = heads of the month before x
    (1 - (1 - annual_attrition)^(1/12))

    Ahead, the search begins ramp_months + months_to_fill before the need, the first in month 1; in
    arrears in the month of the need. What cannot be ready in time at first is hired as in arrears.

    Args:
        required: productive CSMs required in each month; CSMs.
        starting_csms: heads before the first month, fully ramped; CSMs.
        ramp_months: months until fully productive, whole months count; months.
        annual_attrition: part of the team that leaves in a year, below 1; share.
        months_to_fill: months from opening the search to the first day; months.
        in_arrears: TRUE hires once the team falls short, FALSE ahead of it; TRUE or FALSE.

    Returns: month, starts, leavers, heads, productive FTE, gap = required - productive, a row a
    month; months, CSMs and FTE.

    Errors: #NUM! a negative number, annual_attrition not below 1, a ramp or a search of over 600
    months; #N/A no required CSMs.

    Source: Our own; ahead and in arrears: Schechter 2015; ramp and attrition: field practice.

    >>> csm_hiring_plan([10, 10, 10, 12, 12], 10, 1, 0, 2)
    array([[ 1.,  0.,  0., 10., 10.,  0.],
           [ 2.,  0.,  0., 10., 10.,  0.],
           [ 3.,  2.,  0., 12., 11., -1.],
           [ 4.,  0.,  0., 12., 12.,  0.],
           [ 5.,  0.,  0., 12., 12.,  0.]])
    """
    team = Staffing(starting_csms, ramp_months, monthly(annual_attrition), months_to_fill)
    need = required[None, :]
    starts = _late(need, team) if in_arrears else _ahead(need, team)
    heads, leavers = heads_of(starts, team)
    productive = productive_of(starts, team)
    columns = (starts, leavers, heads, productive, need - productive)
    months = np.arange(1, need.size + 1, dtype=float)
    return list(zip(months.tolist(), *(c[0].tolist() for c in columns), strict=True))
