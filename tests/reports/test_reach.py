"""The axes of the BCG matrix: outliers squeeze nobody, figures are round, the lines are inside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.reports.sheets.reach import (
    LEAST,
    LOWEST_GROWTH,
    MOST_TICKS,
    STEPS,
    Reach,
    reach_of,
)


def test_outliers_are_drawn_at_the_ends() -> None:
    growth = np.array([*np.linspace(-0.2, 0.3, 96), 31.3, 25.0, -0.99, np.nan])
    reach = reach_of(growth, 0.1, LOWEST_GROWTH)
    assert (reach.low, reach.high) == (pytest.approx(-0.2), pytest.approx(0.3))
    assert reach.beyond(growth).sum() == 3
    assert reach.places(growth[-4:-1]).tolist() == [1.0, 1.0, 0.0]


def test_figures_are_round() -> None:
    reach = reach_of(np.linspace(0.48, 0.82, 50), 0.55)
    assert reach.step == 0.1
    assert reach.ticks == pytest.approx((0.4, 0.5, 0.6, 0.7, 0.8, 0.9))


def test_without_accounts_the_axis_stands_around_the_line() -> None:
    reach = reach_of(np.array([np.nan]), 0.1)
    assert reach.low <= 0.1 - LEAST
    assert reach.high >= 0.1 + LEAST


def test_an_end_on_a_round_number_stays_there() -> None:
    """0.3 / 0.1 is 2.9999999999999996 in binary."""
    reach = reach_of(np.array([-0.3, -0.3, 0.3, 0.3]), 0.0)
    assert (reach.low, reach.high) == (pytest.approx(-0.3), pytest.approx(0.3))


@given(
    st.lists(st.floats(-0.999, 50), max_size=60),
    st.floats(-0.5, 1),
    st.sampled_from([None, LOWEST_GROWTH]),
)
def test_what_holds_of_any_axis(values: list[float], line: float, lowest: float | None) -> None:
    known = np.array(values, dtype=float)
    reach = reach_of(known, line, lowest)
    assert isinstance(reach, Reach)
    assert reach.step in STEPS
    assert reach.low < line < reach.high
    assert lowest is None or reach.low >= lowest
    assert 2 <= len(reach.ticks) <= MOST_TICKS
    assert reach.high - reach.ticks[-1] < reach.step
    places = reach.places(known)
    assert ((places >= 0) & (places <= 1)).all()
    inside = known[~reach.beyond(known)]
    assert len(inside) >= len(known) / 2
