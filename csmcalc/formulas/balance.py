"""How evenly work, ARR or accounts lie on the members of a team."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.arguments import Amount, Amounts, Numbers
from csmcalc.core.formula import each, formula, require
from csmcalc.core.rounding import at_least
from csmcalc.errors import FaultKind

_SOME = require(FaultKind.DIV0, "the values must not all be 0", lambda values: np.any(values > 0))


@formula(_SOME)
def csm_balance_cv(values: Amounts) -> Any:
    """Coefficient of variation of the loads; 0 = perfectly even.

    cv = population standard deviation / mean

    Args:
        values: load of each CSM, such as hours or ARR; any unit.

    Returns: the spread relative to the mean, one value; share.

    Errors: #NUM! a negative load; #DIV/0! all loads are 0; #N/A no values.

    Source: Textbook statistics; the case in tests/reference was verified independently.

    >>> round(csm_balance_cv([80, 95, 100, 105, 120]), 6)
    0.130384
    """
    return values.std() / values.mean()


@formula(_SOME)
def csm_gini(values: Amounts) -> Any:
    """Gini coefficient of the loads; 0 = perfectly even, near 1 = all on one.

    gini = sum over all pairs of |a - b| / (2 n^2 mean)

    Args:
        values: load of each CSM, such as hours or ARR; any unit.

    Returns: the coefficient, one value; share.

    Errors: #NUM! a negative load; #DIV/0! all loads are 0; #N/A no values.

    Source: Gini 1912; the case in tests/reference was verified independently.

    >>> round(csm_gini([80, 95, 100, 105, 120]), 6)
    0.072
    """
    ranks = 2 * np.arange(1, values.size + 1) - values.size - 1
    return np.maximum(0, ranks @ np.sort(values)) / (values.size * values.sum())


@formula(
    require(FaultKind.DIV0, "the smallest load must not be 0", lambda values: values.min() > 0)
)
def csm_max_min(values: Amounts) -> Any:
    """Largest load for each unit of the smallest; 1 = perfectly even.

    max_min = largest / smallest

    Args:
        values: load of each CSM, such as hours or ARR; any unit.

    Returns: the ratio, one value; multiple.

    Errors: #NUM! a negative load; #DIV/0! the smallest load is 0; #N/A no values.

    Source: Field practice in territory design.

    >>> csm_max_min([80, 95, 100, 105, 120])
    1.5
    """
    return values.max() / values.min()


@formula()
def csm_outside(values: Amounts, tolerance: Amount = 0.15) -> Any:
    """How many loads lie outside the mean plus or minus a tolerance.

    count of |value - mean| > tolerance x mean; on the edge is inside

    Args:
        values: load of each CSM, such as hours or ARR; any unit.
        tolerance: half-width of the corridor relative to the mean; share.

    Returns: the count, one value; CSMs.

    Errors: #NUM! a negative number; #N/A no values.

    Source: Field practice: complexity within 15 % of the mean.

    >>> csm_outside([80, 95, 100, 105, 120])
    2.0
    """
    mean = values.mean()
    above = at_least(values, mean * (1 - each(tolerance)))
    under = at_least(mean * (1 + each(tolerance)), values)
    return np.sum(~(above & under), axis=-1)


@formula(
    require(FaultKind.DIV0, "the weights must not all be 0", lambda weights: np.any(weights > 0))
)
def csm_weighted_mean(values: Numbers, weights: Amounts) -> Any:
    """Mean of values by weights.

    mean = sum of values x weights / sum of weights

    Args:
        values: values, such as a rate by segment; any unit.
        weights: weight of each, such as its ARR; any unit.

    Returns: the weighted mean, one value; the unit of values.

    Errors: #NUM! a negative weight; #DIV/0! weights of 0; #N/A a row half empty or no rows;
    #VALUE! unequal ranges.

    Source: The CFO Handbook p. 9, cohort-weighted retention (GP Bullhound).

    >>> round(csm_weighted_mean([0.75, 0.72, 0.75], [54_701, 44_136, 55_887]), 4)
    0.7414
    """
    return values @ weights / weights.sum()
