"""Whole people and thresholds at the last binary digit."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.core.rounding import at_least, below, whole_up


@given(st.integers(0, 10**6), st.floats(-0.9e-9, 0.9e-9))
def test_a_hair_off_a_whole_number_is_that_number(whole: int, hair: float) -> None:
    assert whole_up(np.float64(whole * (1 + hair))) == whole


@given(st.floats(0, 1e6))
def test_otherwise_people_are_rounded_up(quantity: float) -> None:
    result = whole_up(np.float64(quantity))
    assert result == int(result)
    assert result in (math.ceil(quantity), round(quantity))
    assert result >= quantity - 1e-9 * max(1.0, quantity)
    assert result <= quantity + 1


def test_a_little_work_needs_somebody_and_what_rounding_leaves_of_none_does_not() -> None:
    assert whole_up(np.float64(1e-6)) == 1
    assert str(whole_up(np.float64(2.6e-17))) == "0.0"
    assert whole_up(np.float64(2 + 1e-6)) == 3


@given(st.floats(-1e9, 1e9), st.floats(-0.9e-12, 0.9e-12))
def test_a_tie_within_rounding_reaches_the_threshold(threshold: float, hair: float) -> None:
    tied = np.float64(threshold * (1 + hair))
    assert at_least(tied, threshold)
    assert not below(tied, threshold)


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1))
def test_a_true_difference_counts(threshold: float, share: float) -> None:
    distance = max(abs(threshold) * share, 1e-300)
    assert at_least(np.float64(threshold + distance), threshold)
    assert below(np.float64(threshold - distance), threshold)
