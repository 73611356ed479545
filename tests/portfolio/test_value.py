"""The value view of a book: bounds, guards, horizons, rules, uncertainty, what moves it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.formulas.economics import csm_margin_guard
from csmcalc.optimum.history import ResponseFit
from csmcalc.portfolio.judgement import Judged, Level, Minimum
from csmcalc.portfolio.response import responses
from csmcalc.portfolio.risk import tornado, uncertainty
from csmcalc.portfolio.value import Case, net_at, standing_at, value_view

REFERENCE = Path(__file__).parents[1] / "reference" / "derived_cases.json"
HOURS = {"tech touch": 4.0, "mid touch": 30.0, "high touch": 71.0, "dedicated": 213.0}
SEGMENTS = ("Star", "Cash Cow", "Question Mark", "Poor Dog")


def book(count: int = 300, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    tier = rng.choice(list(HOURS), count, p=[0.6, 0.25, 0.1, 0.05])
    hours = np.array([HOURS[name] for name in tier])
    arr = hours * 1_000 * rng.lognormal(0, 0.6, count)
    return pd.DataFrame(
        {
            "row": np.arange(count) + 2,
            "id": [f"A{n}" for n in range(count)],
            "arr": arr,
            "gross_margin": 0.81,
            "support_cost": 0.02 * arr,
            "tier": tier,
            "segment": rng.choice(SEGMENTS, count),
            "planned_hours": hours * rng.uniform(0.8, 1.5, count),
            "standard_hours": hours,
        }
    )


def case(**rules: object) -> Case:
    return Case(book(), 1_065.0, 182_000.0).with_rules(**rules)


def verified(charge: bool) -> Case:
    """The verified case of three segments as a book of accounts."""
    given = json.loads(REFERENCE.read_text("utf-8"))["optimal_headcount"]["inputs"]
    rows = [segment for segment in given["segments"] for _ in range(segment["k"])]
    hours = pd.Series([float(row["h1"]) for row in rows])
    accounts = pd.DataFrame(
        {
            "row": range(len(rows)),
            "id": [str(n) for n in range(len(rows))],
            "arr": [float(row["A"]) for row in rows],
            "gross_margin": given["gross_margin"],
            "support_cost": 0.0,
            "tier": [row["n"] for row in rows],
            "segment": [row["n"] for row in rows],
            "planned_hours": hours,
            "standard_hours": hours,
        }
    )
    points = [
        Judged(
            tier=s["n"],
            none=s["r0"],
            today=s["r1"],
            saturated=s["rm"],
            hours_min=s["hmin"],
            hours_max=s["hmax"],
        )
        for s in given["segments"]
    ]
    return Case(
        accounts,
        given["effective_hours"],
        given["loaded_cost"],
        judged=points,
    ).with_rules(charge_service=charge, guard="off")


def test_the_verified_case_as_a_book() -> None:
    off, on = value_view(verified(charge=False)), value_view(verified(charge=True))
    assert off.chosen.optimum.csms == 35
    assert (off.chosen.optimum.csms_low, off.chosen.optimum.csms_high) == (29, 41)
    assert off.chosen.optimum.next_csm_value == pytest.approx(170_209.54592611268, rel=1e-7)
    assert on.chosen.optimum.csms == 33
    assert on.cash.optimum.csms == 11
    rule, arrears = off.chosen.rules
    assert (rule.csms, arrears.csms) == (33, 66)
    assert rule.net_value == pytest.approx(24_228_324.13045405, rel=1e-9)
    assert rule.loss == pytest.approx(24_241_926.66749785 - 24_228_324.13045405, rel=1e-4)


@pytest.mark.parametrize("menu", ["continuous", "levels"])
@pytest.mark.parametrize("guard", ["off", "customer", "segment"])
def test_what_accounts_get_keeps_every_bound(menu: str, guard: str) -> None:
    view = value_view(case(menu=menu, guard=guard))
    best, given = view.chosen.optimum, view.accounts
    assert (given["hours"] >= given["low"] - 1e-9).all()
    assert (given["hours"] <= given["high"] + 1e-9).all()
    assert given["hours"].sum() <= best.csms * 1_065 * (1 + 1e-9)
    assert given["value"].sum() == pytest.approx(best.value)
    assert best.gap < 1e-9
    assert best.csms_low <= best.csms <= best.csms_high
    assert view.cash.years == 1
    assert view.cash.optimum.csms <= best.csms
    for rule in view.chosen.rules:
        assert rule.loss is not None
        assert rule.loss >= 0
    table = view.chosen.table()
    assert table["net_value"].max() <= best.net_value + 1e-6
    assert (table["bound"] >= table["net_value"] - 1e-6).all()
    if guard == "customer":
        cost = given["hours"] * view.case.cost_per_hour + view.case.accounts["support_cost"]
        assert (cost <= view.case.accounts["arr"] * (1 + 1e-9)).all()
    if guard == "segment":
        assert view.by_segment["success_cost"].sum() == pytest.approx(
            given["hours"].sum() * view.case.cost_per_hour
        )


def test_levels_with_a_cost_are_worth_less_by_it() -> None:
    costly = [Level("none", 0.0), Level("pooled", 0.2, 500.0), Level("standard", 1.0, 3_000.0)]
    given = Case(book(), 1_065.0, 182_000.0, levels=costly).with_rules(menu="levels", shock=0.0)
    view = value_view(given)
    accounts, best = view.accounts, view.chosen.optimum
    assert accounts["level_cost"].sum() > 0
    assert accounts["value"].sum() == pytest.approx(best.value)
    assert view.by_segment["value"].sum() == pytest.approx(best.value)
    free = dataclasses.replace(view, accounts=accounts.assign(level_cost=0.0))
    for own, without in zip(uncertainty(view), uncertainty(free), strict=True):
        paid = accounts["level_cost"].sum() if own.name == "Net value" else 0.0
        assert without.p50 - own.p50 == pytest.approx(paid, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("menu", ["continuous", "levels"])
@pytest.mark.parametrize("guard", ["customer", "segment"])
def test_a_guard_that_binds_and_its_verdict_agree(menu: str, guard: str) -> None:
    tight = case(guard=guard, menu=menu, bcg_rules=False)
    tight = dataclasses.replace(tight, margin=dataclasses.replace(tight.margin, max_share=0.06))
    view = value_view(tight)
    assert view.by_segment["guard"].all()
    cost = view.accounts["hours"] * tight.cost_per_hour + tight.accounts["support_cost"]
    arr = tight.accounts["arr"]
    if guard == "customer":
        assert csm_margin_guard(arr, cost, 0.0, 0.06).all()
    if menu == "continuous":
        of = tight.accounts["segment" if guard == "segment" else "id"]
        share = cost.groupby(of).sum() / arr.groupby(of).sum()
        assert share.max() == pytest.approx(0.06, rel=1e-6)


def test_levels_within_a_guard_of_segments_are_exact() -> None:
    tight = case(guard="segment", menu="levels", bcg_rules=False)
    tight = dataclasses.replace(tight, margin=dataclasses.replace(tight.margin, max_share=0.06))
    answer = value_view(tight).chosen
    assert answer.optimum.gap < 1e-9
    standing = standing_at(answer, answer.optimum.csms - 1)
    assert standing.gap < 1e-9
    # The next CSM brings what it is said to bring.
    assert standing.value + standing.next_csm_value == pytest.approx(answer.optimum.value)
    assert standing.hour_price > 0


def test_a_segment_guard_that_binds_is_kept() -> None:
    tight = case(guard="segment", bcg_rules=False)
    margin = tight.margin.__class__(max_share=0.06)
    tight = Case(tight.accounts, 1_065.0, 182_000.0, margin=margin, rules=tight.rules)
    view = value_view(tight)
    share = (view.by_segment["success_cost"] + view.by_segment["support_cost"]) / view.by_segment[
        "arr"
    ]
    assert (share <= 0.06 * (1 + 1e-9)).all()
    assert share.max() == pytest.approx(0.06, rel=1e-6)
    free = value_view(Case(tight.accounts, 1_065.0, 182_000.0, rules=case(guard="off").rules))
    assert view.chosen.optimum.net_value < free.chosen.optimum.net_value


def test_rules_can_be_switched_off_and_cost_value() -> None:
    bound, free = value_view(case()), value_view(case(bcg_rules=False, guard="off"))
    assert free.chosen.optimum.net_value > bound.chosen.optimum.net_value
    dogs = bound.case.accounts["segment"] == "Poor Dog"
    given = bound.accounts
    assert (given.loc[dogs, "hours"] <= 0.5 * given.loc[dogs, "hours_today"] + 1e-9).all()


def test_named_minimums_are_kept_or_named() -> None:
    dog = book().query("segment == 'Poor Dog'").iloc[0]
    few = Minimum(dog["id"], 0.4 * dog["planned_hours"])
    view = value_view(Case(book(), 1_065.0, 182_000.0, minimums=[few]))
    assert view.accounts.loc[dog.name, "hours"] >= few.hours - 1e-9
    with pytest.raises(InfeasibleError, match=f'"{dog["id"]}".*Poor Dog rule allows'):
        value_view(Case(book(), 1_065.0, 182_000.0, minimums=[Minimum(dog["id"], 1e4)]))
    with pytest.raises(InputError, match="no account has this id"):
        value_view(Case(book(), 1_065.0, 182_000.0, minimums=[Minimum("nobody", 1)]))


def test_judged_points_must_ascend() -> None:
    with pytest.raises(InputError, match=r'"tech touch" is 0\.9, 0\.8, 1'):
        value_view(
            Case(
                book(),
                1_065.0,
                182_000.0,
                judged=[Judged(tier="tech touch", none=0.9, today=0.8, saturated=1)],
            )
        )


def test_an_s_shaped_response_gives_all_or_little() -> None:
    judged = [Judged(tier=tier, none=0.8, today=0.9, saturated=0.96, more=0.93) for tier in HOURS]
    shaped = Case(book(), 1_065.0, 182_000.0, judged=judged).with_rules(bcg_rules=False)
    view = value_view(shaped)
    given = view.accounts
    assert given["c"].to_numpy() == pytest.approx(2.356581185211479)
    assert 0 <= view.chosen.optimum.gap < 1e-3
    assert given["value"].sum() == pytest.approx(view.chosen.optimum.value)
    # On the convex foot no hours are bought: an account gets none, or enough to be past it.
    x = given["hours"] / given["hours_today"]
    bend = (0.6 * 1.356581185 / 3.356581185) ** (1 / 2.356581185)
    assert ((x == 0) | (x >= bend) | (given["high"] <= bend * given["hours_today"])).all()
    levels = value_view(shaped.with_rules(menu="levels"))
    assert levels.chosen.optimum.net_value <= view.chosen.optimum.bound * 1.01
    with pytest.raises(InputError, match=r"0\.8, 0\.9, 0\.85, 0\.96"):
        value_view(
            Case(
                book(),
                1_065.0,
                182_000.0,
                judged=[Judged(tier="mid touch", none=0.8, today=0.9, saturated=0.96, more=0.85)],
            )
        )


def test_tiers_without_points_take_those_of_their_rank() -> None:
    accounts = book().replace({"tier": {"dedicated": "platinum"}})
    setting = case()
    found = responses(
        accounts, 170.0, setting.margin, setting.rules, tiers=[*list(HOURS)[:3], "platinum"]
    )
    assert (found.loc[accounts["tier"] == "platinum", "today"] == 1.04).all()


def test_tiers_of_which_no_row_speaks_keep_their_default() -> None:
    setting = case()
    own = Judged(tier="mid touch", none=0.5, today=0.6, saturated=0.7)
    star = Judged(segment="Star", none=0.4, today=0.5, saturated=0.6)
    accounts = book()
    found = responses(accounts, 170.0, setting.margin, setting.rules, judged=[own, star])
    stars = accounts["segment"] == "Star"
    assert (found.loc[stars, "today"] == 0.5).all()
    for tier, today in (("tech touch", 0.81), ("mid touch", 0.6), ("dedicated", 1.04)):
        inside = (accounts["tier"] == tier) & ~stars
        assert (found.loc[inside, "today"] == today).all()
    everyone = Judged(none=0.3, today=0.4, saturated=0.5)
    found = responses(accounts, 170.0, setting.margin, setting.rules, judged=[own, everyone])
    assert set(found["today"]) == {0.4, 0.6}
    # What is swung in the tornado is every response, those by default as well.
    swung = {bar.name: bar for bar in tornado(dataclasses.replace(setting, judged=[own]))}
    none_of_own = {bar.name: bar for bar in tornado(dataclasses.replace(setting, judged=()))}
    assert swung["Response"].net_low < swung["Response"].net_high
    assert none_of_own["Response"] == {b.name: b for b in tornado(setting)}["Response"]


def test_a_book_without_revenue_needs_nobody() -> None:
    accounts = book().assign(arr=0.0, support_cost=0.0)
    view = value_view(Case(accounts, 1_065.0, 182_000.0))
    assert view.chosen.optimum.csms == 0
    assert view.chosen.optimum.net_value == 0


def test_one_account() -> None:
    accounts = book().iloc[:1].assign(arr=5e6, support_cost=0.0)
    view = value_view(Case(accounts, 1_065.0, 182_000.0))
    assert view.chosen.optimum.csms in (0, 1)
    assert view.chosen.optimum.gap < 1e-9


def test_too_few_csms_have_no_net_value() -> None:
    curve = value_view(verified(charge=True)).chosen.curve
    assert net_at(curve, 2, 1.0) is None
    last = int(curve.csms[-1])
    assert net_at(curve, last + 5, 1.0) == pytest.approx(float(curve.value[-1]) - last - 5)


def test_ranges_surround_the_expectation() -> None:
    view = value_view(case())
    arr, needed, net = uncertainty(view)
    for figure in (arr, needed, net):
        assert figure.p10 < figure.p50 < figure.p90
    expected = float((view.case.accounts["arr"] * view.accounts["retention"]).sum())
    assert arr.p50 == pytest.approx(expected, rel=0.01)
    assert net.p10 < view.chosen.optimum.net_value < net.p90
    calm = uncertainty(value_view(case(shock=0.0)))[0]
    assert calm.p90 - calm.p10 < arr.p90 - arr.p10


def test_ranges_are_those_of_the_headcount_asked_for() -> None:
    view = value_view(case(shock=0.0))
    few = view.chosen.optimum.csms - 2
    standing = standing_at(view.chosen, few)
    net = uncertainty(view, few)[2]
    assert net.p10 < standing.net_value < net.p90
    given = view.accounts_at(few)
    assert given["value"].sum() == pytest.approx(standing.value)


def test_fitted_responses_are_swung_too() -> None:
    fit = ResponseFit(0.8, 1.0, 0.05, sigma=0.1, observations=50, covariance=np.zeros((3, 3)))
    fitted = dataclasses.replace(case(), fits=dict.fromkeys(HOURS, fit))
    bar = {bar.name: bar for bar in tornado(fitted)}["Response"]
    assert bar.net_low < value_view(fitted).chosen.optimum.net_value < bar.net_high


def test_the_horizon_moves_the_answer_most() -> None:
    bars = tornado(case())
    assert bars[0].name == "Horizon"
    assert {bar.name for bar in bars} == {
        "Horizon",
        "Response",
        "Gross margin",
        "Complexity",
        "Effective hours",
        "Cost of a CSM",
    }
    cost = next(bar for bar in bars if bar.name == "Cost of a CSM")
    assert cost.csms_low >= cost.csms_high
    assert cost.net_low > cost.net_high
