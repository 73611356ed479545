"""How customers respond to service: the exponential curve and Little's ADBUDG curve."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Amounts, Base, Numbers, Positive, Signed
from csmcalc.core.formula import Row, formula, require
from csmcalc.core.rounding import below
from csmcalc.errors import FaultKind
from csmcalc.formulas._adbudg import fit_adbudg


def _ascending(*steps: Any) -> Any:
    """Whether each step lies strictly above the one before."""
    return functools.reduce(np.logical_and, (below(a, b) for a, b in itertools.pairwise(steps)))


@formula(
    require(
        FaultKind.NUM,
        "they must ascend: none < today < saturated",
        lambda none, today, saturated: _ascending(none, today, saturated),
    )
)
def csm_response(
    hours: Amount, none: Amount, today: Amount, saturated: Amount, hours_today: Base
) -> Any:
    """Net retention of a customer at some hours of service, from three judged points.

    none + (saturated - none) x (1 - exp(-k x hours))

    k = -ln(1 - (today - none) / (saturated - none)) / hours_today

    Args:
        hours: service to judge; hours per year and account.
        none: net retention without service, may exceed 1; share.
        today: net retention at today's hours; share.
        saturated: net retention that no service can lift further; share.
        hours_today: service the account has today; hours per year and account.

    Returns: the net retention, one value per element; share.

    Errors: #NUM! a negative number, none < today < saturated broken; #DIV/0! hours_today is 0.

    Source: Our own; judged response per account as in CALLPLAN (Lodish, Management Science 1971).

    >>> csm_response([0, 50, 100], 0.75, 0.875, 1, 50)
    array([0.75  , 0.875 , 0.9375])
    """
    missed_today = (saturated - today) / (saturated - none)
    # the sum may round above what no service can lift
    return np.minimum(
        none + (saturated - none) * (1 - missed_today ** (hours / hours_today)), saturated
    )


@formula(
    require(FaultKind.NUM, "y0 must lie below ymax", lambda y0, ymax: _ascending(y0, ymax)),
)
def csm_adbudg(effort: Amount, y0: Signed, ymax: Signed, c: Positive, d: Positive) -> Any:
    """Response to effort on Little's ADBUDG curve; S-shaped where c > 1.

    y = y0 + (ymax - y0) x effort^c / (d + effort^c)

    Args:
        effort: effort, 1 = today; multiple.
        y0: response without effort; any unit.
        ymax: response that no effort can lift further; the unit of y0.
        c: shape of the curve; exponent.
        d: where the curve rises, effort^c at half the way; number.

    Returns: the response, one value per element; the unit of y0.

    Errors: #NUM! a negative effort, c or d not above 0, y0 not below ymax.

    Source: Little, Models and Managers: the Concept of a Decision Calculus (Management Science
    1970).

    >>> csm_adbudg([0, 1, 1e9], 0.5, 1.5, 2, 1)
    array([0.5, 1. , 1.5])
    """
    # the sum may round above what no effort can lift
    return np.minimum(y0 + (ymax - y0) / (1 + d * effort**-c), ymax)


@formula(
    require(
        FaultKind.NUM,
        "they must ascend: y0 < y1 < y15 < ymax",
        lambda y0, y1, y15, ymax: _ascending(y0, y1, y15, ymax),
    )
)
def csm_adbudg_fit(y0: Signed, y1: Signed, y15: Signed, ymax: Signed) -> Row:
    """Shape of the ADBUDG curve from four judged responses.

    d = (ymax - y1) / (y1 - y0); c = ln(d x s / (1 - s)) / ln 1.5; s = (y15 - y0) / (ymax - y0)

    Args:
        y0: response without effort; any unit.
        y1: response at today's effort; the unit of y0.
        y15: response at half as much effort again; the unit of y0.
        ymax: response that no effort can lift further; the unit of y0.

    Returns: one row of c and d, for effort 1 = today; exponent, number.

    Errors: #NUM! y0 < y1 < y15 < ymax broken.

    Source: Little, Models and Managers: the Concept of a Decision Calculus (Management Science
    1970).

    >>> csm_adbudg_fit(0.8, 0.9, 0.93, 0.96).round(6)
    array([2.356581, 0.6     ])
    """
    d = (ymax - y1) / (y1 - y0)
    return np.log(d * (y15 - y0) / (ymax - y15)) / np.log(1.5), d


@formula(
    require(
        FaultKind.NA,
        "four parameters need at least 4 different efforts",
        lambda effort: np.unique(effort).size >= 4,
    )
)
def csm_adbudg_lsq(effort: Amounts, response: Numbers) -> Row:
    """ADBUDG curve through observed responses, by least squares.

    the y0, ymax, c, d with the least sum of (response - csm_adbudg(effort, y0, ymax, c, d))^2

    Args:
        effort: effort of each observation, 1 = today; multiple.
        response: response observed; any unit.

    Returns: one row of y0, ymax, c and d; the unit of response, exponent, number.

    Errors: #NUM! a negative effort; #N/A fewer than 4 different efforts, data without a rise that
    levels off, a row half empty; #VALUE! unequal ranges.

    Source: The curve: Little 1970; the fit: our own, the case in tests/reference was verified
    independently.

    >>> csm_adbudg_lsq([0, 0.5, 1, 2, 3, 1e6], [0.2, 0.36, 0.6, 0.84, 0.92, 1]).round(6)
    array([0.2, 1. , 2. , 1. ])
    """
    return fit_adbudg(effort, response)
