"""Laws of the optimum of a segment table, and the edges of the table argument."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc import formulas as f
from csmcalc.errors import Fault, FaultKind

MONEY = (150_000, 1_000, 0.8, 0.1, 3)
TWO = [[40, 50_000, 40, 0.8, 0.9, 1, 0, 60], [100, 9_000, 9, 0.7, 0.8, 0.9, 2, 20]]


@st.composite
def segments(draw: st.DrawFn) -> list[list[float]]:
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        none = draw(st.floats(0.1, 0.9))
        today = none + draw(st.floats(0.01, 0.3))
        saturated = today + draw(st.floats(0.01, 0.3))
        hours = draw(st.floats(1, 200))
        low = draw(st.sampled_from([0.0, 0.1, 1.0])) * hours
        high = low + draw(st.floats(0, 3)) * hours
        accounts, arr = draw(st.integers(0, 300)), draw(st.floats(0, 2e5))
        rows.append([accounts, arr, hours, none, today, saturated, low, high])
    return rows


@given(segments(), st.booleans())
@settings(max_examples=60)
def test_the_optimum_is_the_best_of_the_curve(table: list[list[float]], charge: bool) -> None:
    curve = f.csm_value_curve(table, *MONEY, charge)
    net = curve[:, 1].astype(float)
    best = f.csm_optimal_headcount(table, *MONEY, charge)
    at = int(best - curve[0, 0])
    assert net[at] == pytest.approx(net.max(), abs=1e-6 * (1 + abs(net).max()))
    added = curve[1:, 2].astype(float)
    assert (added >= -1e-6).all()
    assert (np.diff(added) <= 1e-6 * (1 + abs(added).max(initial=0))).all()
    gap = f.csm_rule_gap([[*row[:6], 0.0, row[7]] for row in table], *MONEY, charge, 500_000)
    assert gap >= 0


@given(segments())
@settings(max_examples=40)
def test_dearer_csms_are_never_more(table: list[list[float]]) -> None:
    cost, *rest = MONEY
    once, twice = f.csm_optimal_headcount(table, [cost, 2 * cost], *rest, False)
    assert twice <= once


def test_hours_fill_the_team_or_its_caps() -> None:
    for csms in (1, 2, 3):
        hours = f.csm_service_hours(TWO, *MONEY, csms)[:, 0]
        assert hours @ [40, 100] == pytest.approx(csms * 1_000)
    assert f.csm_service_hours(TWO, *MONEY, 99)[:, 0] == pytest.approx([60, 20])
    assert f.csm_next_value(TWO, *MONEY, 99) == 0


def refused(call: Any, *arguments: Any) -> Fault:
    with pytest.raises(Fault) as caught:
        call(*arguments)
    return caught.value


def test_what_has_no_answer_says_why() -> None:
    too_few = refused(f.csm_service_hours, TWO, *MONEY, 0.1)
    assert too_few.kind is FaultKind.NUM
    assert "minimum hours" in too_few.reason
    floors = [[100, 100, 9, 0.7, 0.8, 0.9, 900, 1000]]
    assert "the rule gives 1 CSMs" in refused(f.csm_rule_gap, floors, *MONEY).reason
    short = refused(f.csm_value_curve, floors, *MONEY, True, 3)
    assert "need 90 CSMs" in short.reason
    long = refused(f.csm_value_curve, [[1e9, 1e6, 9, 0.7, 0.8, 0.9, 0, 1000]], *MONEY)
    assert "max_csms must end it" in long.reason
    fraction = refused(f.csm_optimal_headcount, TWO, *MONEY[:4], 2.5)
    assert "years must be a whole number" in fraction.reason


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        ([40, 5e4, 40, 0.9, 0.8, 1, 0, 60], FaultKind.NUM, "none < today < saturated"),
        ([40, 5e4, 40, 0.8, 0.9, 1, 61, 60], FaultKind.NUM, "hours_min must not exceed"),
        ([40, 5e4, 0, 0.8, 0.9, 1, 0, 60], FaultKind.DIV0, "hours_today in row 2"),
        ([40, 5e4, 40, 0.8, 0.9, 1, 0, None], FaultKind.NA, "hours_max in row 2"),
        ([40, 5e4, 40, "high", 0.9, 1, 0, 60], FaultKind.VALUE, "retention_none in row 2"),
    ],
)
def test_a_bad_row_is_named(row: list[Any], kind: FaultKind, words: str) -> None:
    fault = refused(f.csm_optimal_headcount, [TWO[0], row], *MONEY)
    assert fault.kind is kind
    assert words in fault.reason
    assert "row 2" in fault.reason


def test_a_single_segment_may_come_as_one_row() -> None:
    assert f.csm_optimal_headcount(TWO[0], *MONEY) == f.csm_optimal_headcount([TWO[0]], *MONEY)


def test_scalars_broadcast_and_keep_their_own_faults() -> None:
    answers = f.csm_optimal_headcount(TWO, [150_000, -1, 75_000], *MONEY[1:])
    assert answers[0] == f.csm_optimal_headcount(TWO, *MONEY)
    assert isinstance(answers[1], Fault)
    # By the rule 2 CSMs and 1; the minimum hours need 2.
    gaps = f.csm_rule_gap([[100, 1e5, 9, 0.7, 0.8, 0.9, 15, 20]], *MONEY, True, [5e6, 5e7])
    assert gaps[0] >= 0
    assert isinstance(gaps[1], Fault)
