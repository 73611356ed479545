"""The value view as part of a plan: settings reach it, history is fitted, slices share it."""

from __future__ import annotations

import dataclasses
import tomllib

import numpy as np
import pytest

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.io.settings import settings_from, settings_text
from csmcalc.plan.checks import checks_of, tiers_by_default
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.slices import fitting, pinned, slice_of
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.judgement import Judged, Minimum, SegmentRule
from csmcalc.reports.model import Table
from csmcalc.reports.sheets.value.response import response_sheet
from tests.books import book, demo_book

S = Settings()


def with_history(count: int = 1_000, seed: int = 3) -> Book:
    """A book whose accounts' retention follows a known curve of their hours, some of them lost."""
    rng = np.random.default_rng(seed)
    hours = rng.uniform(1, 80, count)
    expected = 0.6 + 0.45 * (1 - np.exp(-0.05 * hours))
    lost = rng.random(count) < 0.04
    # Those who stay make up for those who leave: the mean follows the curve.
    retention = np.where(lost, 0.0, expected / 0.96) + rng.normal(0, 0.02, count) * ~lost
    prior = np.full(count, 50_000.0)
    kept = {
        "arr": prior[~lost] * retention[~lost],
        "prior_arr": prior[~lost],
        "hours": hours[~lost],
        "tier": ["mid touch"] * int((~lost).sum()),
    }
    gone = int(lost.sum())
    excluded = {
        "id": [f"L{n}" for n in range(gone)],
        "name": [f"L{n}" for n in range(gone)],
        "arr": np.zeros(gone),
        "prior_arr": prior[lost],
        "hours": hours[lost],
        "tier": ["mid touch"] * gone,
        "reason": ["churned"] * gone,
    }
    return book(**kept, excluded=excluded)


def by_history(made: Book) -> Plan:
    return make_plan(made, S.replace("value", response_from="history"))


def test_a_response_is_fitted_to_history_lost_accounts_included() -> None:
    plan = by_history(with_history())
    evidence = {one.tier: one for one in plan.evidence}
    fit = evidence["mid touch"].fit
    assert fit is not None
    assert evidence["mid touch"].observations == 1_000
    low, high = fit.band(np.array([30.0]))
    assert low[0] <= 0.6 + 0.45 * (1 - np.exp(-1.5)) <= high[0]
    given = plan.value.accounts
    assert given["none"].unique() == pytest.approx([fit.none])
    assert given["today"].to_numpy() == pytest.approx(fit.at(given["hours_today"]))
    refused = evidence["dedicated"]
    assert refused.fit is None
    assert "0 accounts have both hours and an outcome; 20 are needed" in refused.refusal


def test_judged_points_stand_where_history_cannot_tell() -> None:
    plan = by_history(demo_book())
    assert all(one.fit is None and one.refusal for one in plan.evidence)
    assert plan.value.chosen.optimum == make_plan(demo_book(), S).value.chosen.optimum
    assert make_plan(demo_book(), S).evidence == ()


def test_the_most_specific_response_applies_and_its_hours_bound() -> None:
    rows = (
        Judged(tier="mid touch", none=0.5, today=0.6, saturated=0.7),
        Judged(segment="Star", none=0.6, today=0.8, saturated=0.9, hours_max=40.0),
        Judged(tier="mid touch", segment="Star", none=0.7, today=0.8, saturated=1.0, hours_min=9.0),
        Judged(none=0.2, today=0.3, saturated=0.4),
    )
    made = book(
        arr=[30_000.0, 30_000.0, 2_000_000.0, 3_000.0],
        tier=["mid touch", "mid touch", "dedicated", "tech touch"],
        growth=[0.5, -0.5, 0.5, -0.5],
    )
    settings = dataclasses.replace(S, response=rows, segment_rules=())
    settings = settings.replace("bcg", profitability_method="fixed", profitability_threshold=-9.0)
    plan = make_plan(made, settings)
    assert plan.accounts["segment"].tolist() == ["Star", "Cash Cow", "Star", "Cash Cow"]
    given = plan.value.accounts
    assert given["none"].tolist() == [0.7, 0.5, 0.6, 0.2]
    assert given["low"].iloc[0] == 9.0
    assert given["high"].iloc[2] == 40.0
    assert given["bound_by"].iloc[2] == "hours_max of the response"


def test_value_settings_survive_the_settings_file() -> None:
    changed = dataclasses.replace(
        S,
        response=(Judged(segment="Star", none=0.5, today=0.6, more=0.65, saturated=0.7),),
        segment_rules=(SegmentRule("Star", 1.0, 2.0),),
        minimum_service=(Minimum("A-1", 12.0),),
    ).replace("value", years=7, menu="levels", guard="segment")
    assert settings_from(tomllib.loads(settings_text(changed))) == changed


REFUSED = [
    (
        {"response": [{"tier": "mid touch", "none": 0.9, "today": 0.8, "saturated": 1.0}]},
        "must rise",
    ),
    (
        {"response": [{"tier": "mid tuch", "none": 0.7, "today": 0.8, "saturated": 1.0}]},
        "mid touch",
    ),
    ({"response": [{"segment": "Stars", "none": 0.7, "today": 0.8, "saturated": 1}]}, "one of"),
    ({"response": [{"none": 0.7, "today": 0.8}]}, "[[response]] saturated"),
    ({"segment_rules": [{"segment": "Star", "floor": 3, "cap": 1}]}, "must not exceed the cap"),
    ({"segment_rules": [{"segment": "Star", "floor": 1, "cap": 2}] * 2}, "two rows for"),
    ({"service_levels": []}, "[[service_levels]] is empty"),
    ({"value": {"years": 0}}, "[value] years is 0; it must be a whole number of at least 1"),
    ({"value": {"menu": "buffet"}}, "[value] menu"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED, ids=range(len(REFUSED)))
def test_judgements_that_cannot_be_are_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(InputError) as caught:
        settings_from(given)
    assert words in str(caught.value)


def test_minimum_service_binds_or_names_what_forbids_it() -> None:
    made = book(arr=[30_000.0, 30_000.0], id=["A", "B"], tier=["mid touch"] * 2)
    plan = make_plan(made, dataclasses.replace(S, minimum_service=(Minimum("B", 60.0),)))
    assert plan.value.accounts["hours"].iloc[1] >= 60.0
    with pytest.raises(InfeasibleError, match='account "B" has a minimum of 5,000 hours, but'):
        make_plan(made, dataclasses.replace(S, minimum_service=(Minimum("B", 5_000.0),)))


def test_a_slice_keeps_the_minimum_service_of_its_own_accounts() -> None:
    made = book(arr=[30_000.0, 40_000.0], id=["A", "B"], tier=["mid touch"] * 2)
    settings = dataclasses.replace(S, minimum_service=(Minimum("A", 10.0), Minimum("B", 60.0)))
    whole = make_plan(made, settings)
    part = slice_of(made, "B", np.array([1]), np.array([], dtype=np.int64))
    own = fitting(pinned(settings, whole), part, 0.0, ())
    assert own.minimum_service == (Minimum("B", 60.0),)
    assert make_plan(part, own, whole.evidence).value.accounts["low"].iloc[0] == 60.0


def test_the_check_names_the_tiers_that_keep_a_default_response() -> None:
    made = demo_book()
    own = Judged(tier="mid touch", none=0.8, today=0.9, saturated=0.96)
    plan = make_plan(made, dataclasses.replace(S, response=(own,)))
    present = [tier.name for tier in S.tiers if (plan.accounts["tier"] == tier.name).any()]
    others = [name for name in present if name != "mid touch"]
    assert tiers_by_default(plan) == others
    check = next(one for one in checks_of(plan) if one.key == "own_assumptions")
    listed = f"{', '.join(others[:-1])} and {others[-1]}"
    assert check.look.endswith(f"response to service of {listed}")
    every = make_plan(made, dataclasses.replace(S, response=(dataclasses.replace(own, tier=None),)))
    assert tiers_by_default(every) == []
    assert tiers_by_default(make_plan(made, S)) == present


def test_the_response_sheet_lists_every_row_that_applies() -> None:
    own = Judged(tier="mid touch", none=0.8, today=0.9, saturated=0.96)
    plan = make_plan(demo_book(), dataclasses.replace(S, response=(own,)))
    blocks = [placed.block for placed in response_sheet(plan).placed]
    table = next(one for one in blocks if isinstance(one, Table) and one.name == "JudgedResponse")
    status = {str(row[0].value): row[-1].value for row in table.rows}
    others = ("tech touch", "high touch", "dedicated")
    assert status == {"mid touch": "set", **dict.fromkeys(others, "default")}
