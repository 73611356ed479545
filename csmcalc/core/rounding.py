"""Whole people and thresholds, safe from the last binary digit."""

from __future__ import annotations

from typing import Any

import numpy as np

WHOLE_TOLERANCE = 1e-9
TIE_TOLERANCE = 1e-12


def whole_up(quantity: Any) -> Any:
    """Round a quantity of at least 0 up to whole units; a hair above one counts as that one.

    Near 0 the hair is a billionth of a unit, so that what is left of nothing asks for nobody.

    (0.1 + 0.1 + 0.1) / 0.1 is 3.0000000000000004 in binary: three people, not four.

    >>> whole_up(np.array([2.1, 3.0000000000000004, 2.6e-17]))
    array([3., 3., 0.])
    """
    hair = WHOLE_TOLERANCE * np.maximum(quantity, 1.0)
    # Beyond 1 / WHOLE_TOLERANCE units the hair is wider than a unit: there the nearest counts.
    return np.maximum(np.rint(quantity), np.ceil(quantity - hair)) + 0.0


def at_least(quantity: Any, threshold: Any) -> Any:
    """Whether a quantity reaches a threshold; a tie within rounding counts as reached.

    >>> at_least(np.array([0.3 - 0.2, 0.09]), 0.1)
    array([ True, False])
    """
    return quantity >= threshold - TIE_TOLERANCE * np.abs(threshold)


def below(quantity: Any, threshold: Any) -> Any:
    """Whether a quantity lies strictly under a threshold; a tie within rounding does not.

    >>> below(np.array([0.3 - 0.2, 0.09]), 0.1)
    array([False,  True])
    """
    return np.logical_not(at_least(quantity, threshold))
