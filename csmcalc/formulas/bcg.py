"""The portfolio school: the BCG matrix on profitability and growth, tiers and the nine-box."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import numpy as np

from csmcalc.core.arguments import Amount, Amounts, Choice, Labels, Numbers, Share, Signed
from csmcalc.core.formula import each, formula, require
from csmcalc.core.rounding import at_least
from csmcalc.errors import FaultKind

# Profitability counts 2 and growth 1, so that two comparisons add up to the position.
SEGMENTS = ("Poor Dog", "Question Mark", "Cash Cow", "Star")
ACTIONS = (
    "Exit or reduce services",
    "Invest carefully",
    "Hold with lean services",
    "Invest generously",
)
METHODS = ("median", "mean", "weighted", "percentile")
LEVELS = ("low", "medium", "high")

_SEGMENT_NAMES = np.array(SEGMENTS)
_ACTION_NAMES = np.array(ACTIONS)
_BOX_NAMES = np.array([[f"{x} / {y}" for y in LEVELS] for x in LEVELS])
_WEIGHTED = METHODS.index("weighted")

Segment: TypeAlias = Annotated[Any, Choice(SEGMENTS, FaultKind.NA)]
Method: TypeAlias = Annotated[Any, Choice(METHODS, FaultKind.VALUE)]


def _inside(score: Any, threshold: Any, band: Any) -> Any:
    """Whether a score lies in the band around a threshold, its edges included."""
    return at_least(score, threshold - band) & at_least(threshold + band, score)


@formula()
def bcg_segment(
    profitability: Signed,
    growth: Signed,
    profitability_threshold: Signed = 0,
    growth_threshold: Signed = 0.1,
    band: Amount = 0,
    previous: Segment = None,
) -> Any:
    """BCG segment of a customer on profitability and growth potential.

    Star: both high; Cash Cow: profitability high; Question Mark: growth high; Poor Dog: none

    high means >= threshold

    Args:
        profitability: contribution at standard service as a share of revenue; share.
        growth: growth rate, or expected ACV multiple less 1; share.
        profitability_threshold: where profitability begins to be high; share.
        growth_threshold: where growth begins to be high; share.
        band: half-width on both axes inside which previous keeps its side, inclusive; share.
        previous: segment of the period before, blank when there was none; text.

    Returns: Star, Cash Cow, Question Mark or Poor Dog, one value per element; text.

    Errors: #NUM! not a finite number, a negative band; #N/A previous is no segment.

    Source: How many customer success managers you really need; growth cut at 10 %: Hedley,
    Strategy and the Business Portfolio (Long Range Planning 1977); the band: our own.

    >>> bcg_segment([0.3, 0.3, -0.1, -0.1], [0.25, 0.02, 0.25, 0.02]).tolist()
    ['Star', 'Cash Cow', 'Question Mark', 'Poor Dog']
    >>> bcg_segment(-0.01, 0.25, band=0.02, previous="Star")
    'Star'
    """
    profitable = at_least(profitability, profitability_threshold)
    growing = at_least(growth, growth_threshold)
    known = previous >= 0
    if np.any(known):
        steady = known & _inside(profitability, profitability_threshold, band)
        profitable = np.where(steady, previous >= 2, profitable)
        steady = known & _inside(growth, growth_threshold, band)
        growing = np.where(steady, previous % 2 == 1, growing)
    return _SEGMENT_NAMES.take(2 * profitable + growing)


def _total(weights: Any) -> Any:
    return 0 if weights is None else weights.sum()


@formula(
    require(
        FaultKind.NA,
        "the weighted method needs weights",
        lambda method, weights: (method != _WEIGHTED) | (weights is not None),
    ),
    require(
        FaultKind.DIV0,
        "the weights must not all be 0",
        lambda method, weights: (method != _WEIGHTED) | (_total(weights) > 0),
    ),
)
def bcg_threshold(
    values: Numbers, method: Method = "median", weights: Amounts = None, percentile: Share = 0.5
) -> Any:
    """Threshold between low and high, read off the customers themselves.

    median; mean; weighted = sum of values x weights / sum of weights; or percentile, inclusive

    Args:
        values: profitability or growth of the customers; any unit.
        method: median, mean, weighted or percentile; text.
        weights: weight of each customer, such as its ARR, for the weighted mean; any unit.
        percentile: which one, for the method percentile; share.

    Returns: the threshold, one value; the unit of values.

    Errors: #VALUE! an unknown method, unequal ranges; #N/A no values, a row half empty, no weights
    for the weighted mean; #DIV/0! weights of 0; #NUM! a negative weight, a percentile outside 0-1.

    Source: Field practice; percentile as Excel's PERCENTILE.INC.

    >>> bcg_threshold([0.1, 0.2, 0.6])
    0.2
    >>> bcg_threshold([0.1, 0.2, 0.6], "weighted", [1, 1, 2])
    0.375
    """
    weighted = np.nan if weights is None else values @ weights / _total(weights)
    thresholds = [np.median(values), values.mean(), weighted, np.quantile(values, percentile)]
    return np.choose(method, thresholds)


@formula()
def bcg_distance(
    profitability: Signed,
    growth: Signed,
    profitability_threshold: Signed = 0,
    growth_threshold: Signed = 0.1,
) -> Any:
    """How near a customer is to another segment.

    distance = min(|profitability - threshold|, |growth - threshold|)

    Args:
        profitability: contribution at standard service as a share of revenue; share.
        growth: growth rate, or expected ACV multiple less 1; share.
        profitability_threshold: where profitability begins to be high; share.
        growth_threshold: where growth begins to be high; share.

    Returns: the smaller of the two distances, unsigned, one value per element; share.

    Errors: #NUM! not a finite number.

    Source: Our own definition.

    >>> bcg_distance(-0.25, 0.5)
    0.25
    """
    return np.minimum(
        np.abs(profitability - profitability_threshold), np.abs(growth - growth_threshold)
    )


@formula()
def bcg_action(segment: Segment) -> Any:
    """What to do with the customers of a BCG segment.

    Star, Question Mark, Cash Cow, Poor Dog, each with the advice of the matrix

    Args:
        segment: Star, Cash Cow, Question Mark or Poor Dog, in any case; text.

    Returns: the advice, one value per element; text.

    Errors: #N/A an unknown segment.

    Source: How many customer success managers you really need.

    >>> bcg_action("cash cow")
    'Hold with lean services'
    """
    return _ACTION_NAMES.take(segment)


@formula(
    require(
        FaultKind.NUM,
        "cuts must ascend",
        lambda cuts: not np.any(at_least(cuts[:-1], cuts[1:])),
    ),
    require(
        FaultKind.VALUE,
        "there must be one name more than there are cuts",
        lambda cuts, names: names.size == cuts.size + 1,
    ),
)
def csm_tier(arr: Amount, cuts: Amounts, names: Labels) -> Any:
    """Service tier of a customer by its ARR.

    the name that follows all cuts reached; at a cut the customer goes up

    Args:
        arr: ARR of the customer; currency per year.
        cuts: where the next tier begins, ascending; currency per year.
        names: names of the tiers, lowest first, one more than cuts; text.

    Returns: the tier's name, one value per element; text.

    Errors: #NUM! a negative amount, cuts that do not ascend; #VALUE! names that do not fit the
    cuts; #N/A no cuts or names.

    Source: Field practice: tiers by ARR.

    >>> csm_tier([9_999, 10_000, 250_000], [10_000, 100_000], ["tech", "mid", "high"]).tolist()
    ['tech', 'mid', 'high']
    """
    return names.take(at_least(each(arr), cuts).sum(axis=-1))


@formula(
    require(FaultKind.NUM, "low must not exceed high", lambda low, high: at_least(high, low)),
)
def csm_nine_box(x_score: Share, y_score: Share, low: Share = 1 / 3, high: Share = 2 / 3) -> Any:
    """Cell of the nine-box (GE-McKinsey) matrix for two weighted scores.

    medium from low on, high from high on, on each axis; at a cut a score goes up

    Args:
        x_score: score on the first axis; share.
        y_score: score on the second axis; share.
        low: where medium begins on both axes; share.
        high: where high begins on both axes; share.

    Returns: two words, x first, such as "high / low", one value per element; text.

    Errors: #NUM! a score outside 0-1, low above high.

    Source: The GE-McKinsey nine-box; cuts at thirds: field practice.

    >>> csm_nine_box(0.8, 0.4)
    'high / medium'
    """

    def level(score: Any) -> Any:
        return np.add(at_least(score, low), at_least(score, high), dtype=int)

    return _BOX_NAMES.take(3 * level(x_score) + level(y_score))
