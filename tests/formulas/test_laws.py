"""Laws that hold whatever the numbers are: limits, conservation, monotony, invariance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from csmcalc import formulas as f
from csmcalc.errors import Fault

amounts = st.just(0.0) | st.floats(1e-6, 1e9)
positive = st.floats(1e-3, 1e9)
shares = st.floats(0, 1)
inner_shares = st.floats(0.001, 0.999)
scores = st.floats(-2, 2)
loads = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


# --- ratio -----------------------------------------------------------------------------------


@given(amounts, amounts, positive, st.booleans())
def test_more_arr_never_asks_for_fewer_csms(a: float, b: float, target: float, late: bool) -> None:
    less, more = sorted((a, b))
    assert f.csm_ratio(less, target, late) <= f.csm_ratio(more, target, late)


@given(amounts, positive, st.sampled_from([0.01, 0.3, 3, 1000]))
def test_the_ratio_does_not_depend_on_the_currency(arr: float, target: float, rate: float) -> None:
    distance_to_whole = abs(arr / target - round(arr / target))
    assume(distance_to_whole == 0 or distance_to_whole > 1e-6)
    assert f.csm_ratio(arr * rate, target * rate) == f.csm_ratio(arr, target)


@given(amounts, st.floats(1e3, 1e9), st.booleans())
def test_the_rule_and_its_reversals_agree(arr: float, target: float, late: bool) -> None:
    csms = f.csm_ratio(arr, target, late)
    assert f.csm_max_arr(csms, target, late) >= arr * (1 - 1e-9) - target * 1e-9
    assert f.csm_headroom(csms, arr, target, late) == close(f.csm_max_arr(csms, target, late) - arr)
    assert f.csm_headroom(csms, arr, target, late) < target * (1 + 1e-9)


def test_whole_people_survive_the_last_binary_digit() -> None:
    assert f.csm_ratio(0.1 + 0.1 + 0.1, 0.1) == 3
    assert f.csm_accounts_ratio(0.7 + 0.1 + 0.1, 0.3) == 3
    assert f.csm_ratio(0) == 0


def test_in_arrears_the_target_is_halved() -> None:
    assert f.csm_ratio(30e6, in_arrears=True) == f.csm_ratio(30e6, 1e6) == 30


# --- capacity and hiring ---------------------------------------------------------------------


@given(st.floats(0, 400), st.floats(0, 5), st.floats(0, 120))
def test_an_onboarding_without_taper_ends_at_once(
    days: float, factor: float, window: float
) -> None:
    assert f.csm_onboarding_factor(days, factor, window) == (factor if days <= window else 1)


@given(st.floats(0, 400), st.floats(1, 5), st.floats(0, 120), st.floats(0.1, 100))
def test_the_taper_falls_from_the_factor_to_one(
    days: float, factor: float, window: float, taper: float
) -> None:
    value = f.csm_onboarding_factor(days, factor, window, taper)
    assert 1 - 1e-12 <= value <= factor + 1e-12
    assert f.csm_onboarding_factor(window + taper, factor, window, taper) == close(1)
    assert f.csm_onboarding_factor(window, factor, window, taper) == factor


@given(st.floats(-10, 50), shares)
def test_without_a_ramp_a_csm_is_productive_from_the_first_day(tenure: float, start: float) -> None:
    assert f.csm_ramp_factor(tenure, 0, start) == (0 if tenure < 0 else 1)


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(-5, 40)), min_size=1), st.floats(0, 12))
def test_a_ramped_team_is_the_sum_of_its_starters(
    groups: list[tuple[float, float]], ramp: float
) -> None:
    heads, tenure = zip(*groups, strict=True)
    parts = [n * f.csm_ramp_factor(t, ramp) for n, t in groups]
    assert f.csm_ramped_fte(heads, tenure, ramp) == close(sum(parts))
    assert f.csm_ramped_fte(heads, tenure, ramp, [1] * len(heads)) == close(sum(parts))


@given(st.floats(0, 24), st.integers(1, 12))
def test_a_full_productivity_delivers_the_rest_of_the_year(ramp: float, month: int) -> None:
    assert f.csm_year1_delivered(ramp, 1, month) == close((13 - month) / 12)


@given(
    st.floats(0.001, 0.3), st.sampled_from([1, 2, 4, 12, 52]), st.sampled_from([1, 2, 4, 12, 52])
)
def test_rates_convert_there_and_back(rate: float, here: int, there: int) -> None:
    converted = f.csm_convert_churn(rate, here, there)
    assert f.csm_convert_churn(converted, there, here) == pytest.approx(rate, rel=1e-6)
    assert f.csm_attrition_period(rate, there) == close(f.csm_convert_churn(rate, 1, there))
    if here > there:
        assert converted >= rate


def test_the_search_starts_as_edate_counts() -> None:
    march_31, february_28 = 46_112, 46_081
    assert f.csm_hire_by(march_31, 0.5, 0.2) == february_28
    assert f.csm_hire_by(march_31, 0, 0) == march_31
    with pytest.raises(Fault, match=r"#NUM!.*before 1900"):
        f.csm_hire_by(march_31, 1516, 0)


def test_a_manager_above_the_span() -> None:
    assert f.csm_managers([0, 7, 7.5, 8, 14, 15]).tolist() == [0, 0, 2, 2, 2, 3]


# --- retention -------------------------------------------------------------------------------


@given(positive, shares, shares, amounts, amounts, amounts)
def test_the_bridge_closes(
    start: float, lost: float, of_it_churn: float, expansion: float, new: float, back: float
) -> None:
    churn = start * lost * of_it_churn
    contraction = start * lost - churn
    grr = f.csm_grr(start, churn, contraction)
    nrr = f.csm_nrr(start, expansion, contraction, churn)
    closing = f.csm_arr_end(start, new, expansion, contraction, churn, back)
    assert 0 <= grr <= 1
    assert nrr >= grr - 1e-12
    assert closing == pytest.approx(start * nrr + new + back, rel=1e-9, abs=1e-9 * start)
    assert f.csm_renewal_rate(start, churn + contraction) == close(grr)


@given(positive)
def test_a_total_loss_is_a_rate_of_zero_and_no_loss_is_one(start: float) -> None:
    assert f.csm_grr(start, start, 0) == f.csm_logo_retention(0, start) == 0
    assert f.csm_grr(start, 0, 0) == f.csm_save_rate(start, start) == 1


def test_a_tie_by_rounding_is_no_impossible_loss() -> None:
    assert f.csm_grr(0.3, 0.1 + 0.2, 0) == 0
    assert f.csm_arr_end(0.1, 0.2, 0, 0, 0.1 + 0.2) == 0
    assert f.csm_save_rate(0.1 + 0.2, 0.3) == 1
    with pytest.raises(Fault, match=r"#NUM!: start is 100, churn is 80, contraction is 30; "):
        f.csm_grr(100, 80, 30)


# --- lifetime value --------------------------------------------------------------------------


@given(amounts, shares, inner_shares)
def test_without_discount_and_growth_all_lifetime_values_agree(
    arpa: float, margin: float, churn: float
) -> None:
    simple = f.csm_ltv(arpa, margin, churn)
    assert simple == pytest.approx(arpa * margin * f.csm_lifetime(churn), rel=1e-12)
    for other in (
        f.csm_ltv_discounted(arpa, margin, churn, 0),
        f.csm_ltv_discounted(arpa, margin, churn, 0, True),
        f.csm_ltv_net(arpa, margin, 1 - churn, 0),
        f.csm_ltv_growth(arpa, margin, churn, 0, 0),
    ):
        assert other == pytest.approx(simple, rel=1e-9)


@given(st.floats(0.02, 0.5), st.floats(0, 0.2), st.floats(-0.1, 0.1))
def test_skoks_formula_is_the_sum_of_its_periods(
    churn: float, discount: float, growth: float
) -> None:
    periods = np.arange(5000)
    kept = ((1 - churn) * (1 - discount)) ** periods
    assert f.csm_ltv_growth(100, 0.8, churn, growth, discount) == pytest.approx(
        80 * (kept @ (1 + growth * periods)), rel=1e-6, abs=1e-6
    )


@given(st.floats(0.05, 0.9), st.floats(0, 0.5))
def test_a_long_cohort_approaches_the_perpetuity(churn: float, discount: float) -> None:
    survival = (1 - churn) ** np.arange(1000)
    paid_at_the_start = f.csm_ltv_discounted(100, 1, churn, discount, in_advance=True)
    assert f.csm_ltv_cohort(survival, 100, discount) == pytest.approx(paid_at_the_start, rel=1e-6)


def test_no_lifetime_value_where_growth_outruns_discount() -> None:
    for nrr in (1.2, 1.1, 1.1 - 1e-16):
        with pytest.raises(Fault, match=r"#N/A.*finite horizon"):
            f.csm_ltv_net(100, 0.8, nrr, 0.1)
    with pytest.raises(Fault, match="#DIV/0!"):
        f.csm_ltv_discounted(100, 0.8, 0, 0)
    with pytest.raises(Fault, match="#DIV/0!"):
        f.csm_ltv_growth(100, 0.8, 0, 0.05, 0)


# --- economics -------------------------------------------------------------------------------


@given(positive, inner_shares, amounts, amounts)
def test_the_guard_opens_where_service_costs_less_than_the_revenue(
    arr: float, share: float, support: float, success: float
) -> None:
    assume(abs(support + success - arr * share) > 1e-9 * arr)
    assert f.csm_margin_guard(arr, support, success, share) == (support + success < arr * share)


def test_the_guards_at_equality() -> None:
    assert f.csm_margin_guard(100, 60, 40) is False
    assert f.csm_margin_guard(0.3, 0.1, 0.2) is False
    assert f.csm_margin_guard(0, 0, 0) is False
    assert f.csm_strict_guard(0.1 + 0.2, 0.9, 3) is True
    assert f.csm_strict_guard(0.3, 3 * (0.1 + 0.2), 3) is True


@given(positive, positive, inner_shares)
def test_break_even_means_that_the_margin_gained_is_the_cost(
    cost: float, arr: float, margin: float
) -> None:
    assert f.csm_breakeven_grr(cost, arr, margin) * arr * margin == pytest.approx(cost)
    assert f.csm_breakeven_expansion(cost, margin) * margin == pytest.approx(cost)
    assert f.csm_indifference_grr(cost, arr, margin) == f.csm_breakeven_grr(cost, arr, margin)


def test_a_multiple_leaves_the_margin_unused() -> None:
    assert f.csm_breakeven_grr(100, 1000, 0, 5) == 0.02
    result = f.csm_breakeven_grr(100, 1000, [0, 0.5, 0], [None, None, 5])
    assert result[0].kind == "#DIV/0!"
    assert result[1:].tolist() == [0.2, 0.02]


def test_a_hire_that_never_pays_leaves_the_rest_of_the_row() -> None:
    nothing = f.csm_hire_case(100, 1000, 0.9, 0.9, 0.8)
    assert nothing[[0, 1, 3]].tolist() == [0, 0, -1]
    assert nothing[2].kind == "#DIV/0!"
    loss = f.csm_hire_case(100, 1000, 0.8, 0.9, 0.8)
    assert loss[2].kind == "#N/A"
    assert loss[3] == pytest.approx(-1.8)


# --- segments --------------------------------------------------------------------------------


@given(scores, scores, scores, scores)
def test_the_four_segments_are_exhaustive_and_exclusive(
    profit: float, growth: float, cut_profit: float, cut_growth: float
) -> None:
    rich, growing = profit >= cut_profit, growth >= cut_growth
    assume(math.isclose(profit, cut_profit, rel_tol=1e-11) == (profit == cut_profit))
    assume(math.isclose(growth, cut_growth, rel_tol=1e-11) == (growth == cut_growth))
    cells = {
        "Star": rich and growing,
        "Cash Cow": rich and not growing,
        "Question Mark": growing and not rich,
        "Poor Dog": not rich and not growing,
    }
    assert sum(cells.values()) == 1
    assert cells[f.bcg_segment(profit, growth, cut_profit, cut_growth)]


def test_a_tie_counts_as_high_and_an_action_belongs_to_each_segment() -> None:
    assert f.bcg_segment(0, 0.1) == "Star"
    assert f.bcg_segment(0.3 - 0.3, 0.3 - 0.2) == "Star"
    segments = ["star", " CASH  COW ", "Question mark", "poor dog"]
    assert f.bcg_action(segments).tolist() == [
        "Invest generously",
        "Hold with lean services",
        "Invest carefully",
        "Exit or reduce services",
    ]


@given(scores, scores, st.floats(0, 1), st.sampled_from(["Star", "Cash Cow", "Poor Dog"]))
def test_inside_the_band_each_axis_keeps_its_side(
    profit: float, growth: float, band: float, previous: str
) -> None:
    assume(min(abs(abs(profit) - band), abs(abs(growth - 0.1) - band)) > 1e-9)
    rich = previous != "Poor Dog" if abs(profit) < band else profit >= 0
    growing = previous == "Star" if abs(growth - 0.1) < band else growth >= 0.1
    names = {(1, 1): "Star", (1, 0): "Cash Cow", (0, 1): "Question Mark", (0, 0): "Poor Dog"}
    assert f.bcg_segment(profit, growth, band=band, previous=previous) == names[rich, growing]


def test_the_band_includes_its_edges_and_needs_a_previous_segment() -> None:
    assert f.bcg_segment(-0.05, 0.1 + 0.05, band=0.05, previous="Cash Cow") == "Cash Cow"
    assert f.bcg_segment(0, 0.1, previous="Poor Dog") == "Poor Dog"
    mixed = f.bcg_segment(-0.01, 0.5, band=0.02, previous=["Star", None, "stray"])
    assert mixed[:2].tolist() == ["Star", "Question Mark"]
    assert mixed[2].kind == "#N/A"


@given(loads, st.sampled_from(["median", "mean", "percentile"]), shares)
def test_a_threshold_lies_among_the_values(values: list[float], method: str, at: float) -> None:
    threshold = f.bcg_threshold(values, method, percentile=at)
    assert min(values) * (1 - 1e-9) <= threshold <= max(values) * (1 + 1e-9)


def test_threshold_methods() -> None:
    values = [0.1, 0.2, 0.4, 0.9]
    assert f.bcg_threshold(values, "percentile", percentile=0.25) == pytest.approx(0.175)
    assert f.bcg_threshold(values, "percentile") == f.bcg_threshold(values)
    assert f.bcg_threshold(values, "Weighted", [1, 0, 0, 1]) == pytest.approx(0.5)
    methods = f.bcg_threshold(values, ["median", "mean", "weighted", "mode"])
    assert methods[:2].tolist() == pytest.approx([0.3, 0.4])
    assert [fault.kind for fault in methods[2:]] == ["#N/A", "#VALUE!"]
    with pytest.raises(Fault, match="#DIV/0!"):
        f.bcg_threshold(values, "weighted", [0, 0, 0, 0])


@given(scores, scores, scores, scores)
def test_the_distance_is_to_the_nearer_border(p: float, g: float, cp: float, cg: float) -> None:
    assert f.bcg_distance(p, g, cp, cg) == min(abs(p - cp), abs(g - cg))


def test_tiers_go_up_at_a_cut() -> None:
    tier = f.csm_tier([0, 0.1 + 0.2 - 1e-16, 0.5, 1], [0.3, 0.5], ["low", "mid", 3])
    assert tier.tolist() == ["low", "mid", "3", "3"]
    for cuts, names, kind in (
        ([0.5, 0.3], ["a", "b", "c"], "#NUM!"),
        ([0.3, 0.1 + 0.2], ["a", "b", "c"], "#NUM!"),
        ([0.3, 0.5], ["a", "b"], "#VALUE!"),
        ([0.3, 0.5], ["a", "b", None], "#VALUE!"),
    ):
        with pytest.raises(Fault) as caught:
            f.csm_tier(1, cuts, names)
        assert caught.value.kind == kind


@given(shares, shares)
def test_the_nine_box_names_both_levels(x: float, y: float) -> None:
    words = ["low", "medium", "high"]
    cuts = np.array([1 / 3, 2 / 3]) * (1 - 1e-12)
    level = [words[np.searchsorted(cuts, score, side="right")] for score in (x, y)]
    assert f.csm_nine_box(x, y) == " / ".join(level)


# --- response --------------------------------------------------------------------------------

ascending = st.lists(st.floats(0, 2), min_size=4, max_size=4).map(sorted)


@given(ascending, st.floats(0.1, 500))
def test_the_response_runs_through_its_judged_points(points: list[float], today: float) -> None:
    none, now, _, saturated = points
    assume(now - none > 1e-6 and saturated - now > 1e-6)
    curve = f.csm_response([0, today, 1e9 * today], none, now, saturated, today)
    assert curve == pytest.approx([none, now, saturated], rel=1e-9, abs=1e-9)
    assert max(curve) <= saturated
    hours = np.linspace(0, 3 * today, 20)
    assert (np.diff(f.csm_response(hours, none, now, saturated, today)) >= 0).all()


@given(ascending)
@example([0.35, 1.0, 1.25, 1.3818455342328078])
def test_the_adbudg_curve_runs_through_its_judged_points(points: list[float]) -> None:
    y0, y1, y15, ymax = points
    assume(min(np.diff(points)) > 1e-3)
    c, d = f.csm_adbudg_fit(y0, y1, y15, ymax)
    curve = f.csm_adbudg([0, 1, 1.5, 1e300], y0, ymax, c, d)
    assert curve[:3] == pytest.approx([y0, y1, y15], rel=1e-6, abs=1e-6)
    assert y15 < curve[3] <= ymax


def test_judged_points_must_ascend() -> None:
    for call in (
        lambda: f.csm_response(10, 0.9, 0.9, 1, 50),
        lambda: f.csm_response(10, 0.3, 0.1 + 0.2, 1, 50),
        lambda: f.csm_adbudg_fit(0.8, 0.9, 0.9, 0.96),
        lambda: f.csm_adbudg(1, 1, 0.5, 2, 1),
    ):
        with pytest.raises(Fault, match="#NUM!"):
            call()


@given(
    st.floats(-5, 5), st.floats(0.1, 10), st.floats(0.4, 6), st.floats(0.3, 2), st.floats(0.01, 1e3)
)
def test_least_squares_recovers_a_curve(
    y0: float, rise: float, c: float, half: float, unit: float
) -> None:
    effort = np.array([0, 0.2, 0.5, 0.8, 1.1, 1.6, 2.3, 3]) * unit
    response = f.csm_adbudg(effort, y0, y0 + rise, c, (half * unit) ** c)
    fitted = f.csm_adbudg(effort, *f.csm_adbudg_lsq(effort, response))
    assert fitted == pytest.approx(response, abs=1e-6 * rise)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ([1, 1, 1, 1, 1], "same throughout"),
        ([5, 4, 3, 2, 1], "falls"),
        ([0, 1, 2, 3, 4], "level off"),
        ([0, 1, 4, 9, 16], "level off"),
        ([0, 0, 0, 1, 1], "jumps"),
    ],
)
def test_no_curve_is_fitted_to_data_without_its_shape(response: list[float], reason: str) -> None:
    with pytest.raises(Fault, match=rf"#N/A.*{reason}"):
        f.csm_adbudg_lsq([0, 1, 2, 3, 4], response)


def test_four_different_efforts_are_the_least() -> None:
    with pytest.raises(Fault, match=r"#N/A.*4 different"):
        f.csm_adbudg_lsq([0, 1, 1, 2], [0, 1, 1.1, 1.5])


# --- balance ---------------------------------------------------------------------------------


@given(loads, st.floats(0.01, 1000))
def test_balance_depends_on_neither_unit_nor_order(values: list[float], unit: float) -> None:
    other = [unit * value for value in reversed(values)]
    for measure in (f.csm_balance_cv, f.csm_gini, f.csm_max_min):
        assert measure(other) == close(measure(values))


@given(st.floats(0.01, 1e6), st.integers(1, 10))
def test_equal_loads_are_balanced(load: float, count: int) -> None:
    values = [load] * count
    assert f.csm_balance_cv(values) == close(0)
    assert f.csm_gini(values) == close(0)
    assert f.csm_max_min(values) == 1
    assert f.csm_outside(values, 0) == 0


@given(loads)
def test_gini_is_the_mean_difference_of_all_pairs(values: list[float]) -> None:
    array = np.array(values)
    pairs = np.abs(array[:, None] - array).sum()
    assert f.csm_gini(values) == close(pairs / (2 * array.size**2 * array.mean()))
    assert 0 <= f.csm_gini(values) < 1


def test_the_edge_of_the_corridor_is_inside() -> None:
    assert f.csm_outside([85, 100, 115]) == 0
    assert f.csm_outside([84.9, 100, 115.1], [0.15, 0.2]).tolist() == [2, 0]
