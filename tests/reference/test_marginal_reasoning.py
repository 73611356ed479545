"""Published sizing by marginal reasoning: hire until the next one brings no more than the cost."""

from __future__ import annotations

import numpy as np
import pytest

from csmcalc.portfolio import value_curve


def test_marginal_analysis_of_a_square_root() -> None:
    """Revenue 1,000,000 x sqrt(people), 100,000 each: 25 people, profit 2,500,000.

    Source: Determining Sales Force Size, lecture slides (Course Hero, file p7quren).
    """
    people = np.arange(61.0)
    curve = value_curve(people[None, :], 1_000_000 * np.sqrt(people)[None, :], capacity=1.0)
    best = curve.optimum(100_000)
    assert best.csms == 25
    assert best.net_value == pytest.approx(2_500_000)
    assert best.bound == pytest.approx(2_500_000)
    assert best.next_csm_value < 100_000 < curve.marginal_value[25]


def test_the_incremental_method() -> None:
    """The 11th to 14th salesman bring 50, 33, 16 and -1 thousand: 13 in all.

    Their sales are 250, 200, 150 and 100 thousand at a margin of 40 % and a commission of 6 %;
    salary and travel are 35,000 each.

    Source: Sales Management, DMGT205, page 50 (Lovely Professional University).
    """
    sales = np.array([250_000.0, 200_000, 150_000, 100_000])
    brings = 0.40 * sales - 0.06 * sales
    assert (brings - 35_000).tolist() == pytest.approx([50_000, 33_000, 16_000, -1_000])
    hours = np.arange(10.0, 15.0)[None, :]
    curve = value_curve(hours, np.append(0.0, np.cumsum(brings))[None, :], capacity=1.0)
    best = curve.optimum(35_000)
    assert best.csms == 13
    assert best.next_csm_value == pytest.approx(34_000)
    assert curve.marginal_value[1:] == pytest.approx(brings)
