"""The numbers of docs/model.md are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from csmcalc.optimum import curve, exact, shock
from csmcalc.portfolio.judgement import JUDGED, SEGMENT_RULES, Value
from csmcalc.portfolio.value import value_view
from tests.portfolio.test_value import verified

PAGE = (Path(__file__).parents[2] / "docs" / "model.md").read_text("utf-8")


def test_judged_points_and_segment_rules() -> None:
    for point in JUDGED:
        numbers = f"{point.none:.2f}, {point.today:.2f}, {point.saturated:.2f}"
        assert re.search(rf"of {point.tier} \| {numbers}", PAGE), point
    for rule in SEGMENT_RULES:
        row = rf"{rule.segment.lower()} \| {rule.floor:g} to {rule.cap:g}"
        assert re.search(row, PAGE), rule


def test_settings() -> None:
    assert f"| horizon | {Value().years} years" in PAGE
    assert f"| shared shock | {Value().shock:g} on" in PAGE


def test_the_illustrative_organisation() -> None:
    on, off = value_view(verified(charge=True)), value_view(verified(charge=False))
    best, cash = on.chosen.optimum.csms, on.cash.optimum.csms
    assert f"best headcount is {best}, on one year {cash};" in PAGE
    flat = off.chosen.optimum
    words = f"it is {flat.csms},\nand all from {flat.csms_low} to {flat.csms_high} lie"
    assert words in PAGE
    assert f"${on.case.accounts['arr'].sum() / 1e6:.1f}M ARR" in PAGE


def test_limits_of_the_proof_and_of_counting() -> None:
    assert f"({exact.MOST_STATES_ALL:,} states in all, {exact.MOST_STATES:,} at a" in PAGE
    assert f"up to {curve.EXACT_UP_TO:,} customers the optimum" in PAGE
    assert f"of up to {shock.COUNTED} customers every outcome" in PAGE
    assert f"of up to\n{shock.MOST_LARGE} (and of the large ones" in PAGE
