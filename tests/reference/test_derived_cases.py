"""Cases that were verified independently: by another solver, or by direct summation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csmcalc import formulas as f

CASES = json.loads(Path(__file__).with_name("derived_cases.json").read_text("utf-8"))


def case(name: str) -> tuple[Any, Any]:
    return CASES[name]["inputs"], CASES[name]["expected"]


def test_adbudg_calibration() -> None:
    given, expected = case("adbudg_calibration")
    y0, ymax = given["y_none"], given["y_max"]
    c, d = f.csm_adbudg_fit(y0, given["y_current"], given["y_plus50"], ymax)
    assert (c, d) == pytest.approx((expected["c"], expected["d"]), rel=1e-12)
    curve = f.csm_adbudg([0.5, 1, 1.5], y0, ymax, c, d)
    wanted = [expected["y_at_half"], expected["y_at_1"], expected["y_at_1_5"]]
    assert curve == pytest.approx(wanted, rel=1e-12)


def test_least_squares_on_crawfords_points() -> None:
    given, expected = case("crawford_fit")
    fit = f.csm_adbudg_lsq(given["effort"], given["sales"])
    assert fit == pytest.approx([expected[key] for key in ("min", "max", "c", "d")], rel=1e-7)
    error = f.csm_adbudg(given["effort"], *fit) - given["sales"]
    assert error @ error == pytest.approx(expected["sse"], rel=1e-12)
    assert f.csm_adbudg(1.15, *fit) == pytest.approx(expected["at_1_15"], rel=1e-8)


def test_skok_without_discount() -> None:
    given, expected = case("skok_negative_churn_undiscounted")
    growth = given["growth_per_month"] / given["mrr"]
    value = f.csm_ltv_growth(given["mrr"], 1, given["churn"], growth, 0)
    assert value == pytest.approx(expected["ltv_revenue"], rel=1e-12)


def test_skok_with_discount() -> None:
    given, expected = case("skok_dcf")
    rates = given["churn"], given["G"], given["discount_month"]
    value = f.csm_ltv_growth(given["mrr"], given["gm"], *rates)
    assert value == pytest.approx(expected["ltv"], rel=1e-12)


def test_balance() -> None:
    given, expected = case("balance")
    loads = given["workload"]
    assert f.csm_balance_cv(loads) == pytest.approx(expected["cv_population"], rel=1e-12)
    assert f.csm_gini(loads) == pytest.approx(expected["gini"], rel=1e-12)
    assert f.csm_max_min(loads) == expected["max_min"]
    assert f.csm_outside(loads, given["tolerance"]) == expected["outside_15pct"]


def test_response_has_the_steepness_of_the_value_model() -> None:
    given, expected = case("optimal_headcount")
    for segment, kappa in zip(given["segments"], expected["kappa"], strict=True):
        none, today, saturated = segment["r0"], segment["r1"], segment["rm"]
        hours = np.array([segment["hmin"], segment["h1"], segment["hmax"]])
        response = f.csm_response(hours, none, today, saturated, segment["h1"])
        closed_form = none + (saturated - none) * (1 - np.exp(-kappa * hours))
        assert response == pytest.approx(closed_form, rel=1e-6)


def test_rule_and_fewest_csms_beside_the_optimum() -> None:
    given, expected = case("optimal_headcount")
    accounts = [segment["k"] for segment in given["segments"]]
    arr = sum(segment["k"] * segment["A"] for segment in given["segments"])
    assert f.csm_ratio(arr) == expected["rule_2m"]
    assert f.csm_ratio(arr, in_arrears=True) == expected["rule_1m"]
    fewest = f.csm_workload_fte(
        accounts, [segment["hmin"] for segment in given["segments"]], given["effective_hours"]
    )
    assert np.ceil(fewest) == expected["n_min"]


def segment_table(given: Any) -> list[list[float]]:
    columns = ("k", "A", "h1", "r0", "r1", "rm", "hmin", "hmax")
    return [[segment[column] for column in columns] for segment in given["segments"]]


def scalars(given: Any) -> tuple[float, ...]:
    names = ("loaded_cost", "effective_hours", "gross_margin", "discount", "years")
    return tuple(given[name] for name in names)


def test_optimal_headcount_without_the_charge() -> None:
    given, expected = case("optimal_headcount")
    table, money = segment_table(given), scalars(given)
    best = expected["n_optimal"]
    assert f.csm_optimal_headcount(table, *money, charge_service=False) == best
    curve = f.csm_value_curve(table, *money, False)
    csms, net = curve[:, 0].astype(float), curve[:, 1].astype(float)
    assert csms[0] == expected["n_min"]
    assert net.max() == pytest.approx(expected["net_value"], rel=1e-12)
    assert csms[net.argmax()] == best
    near = csms[net >= 0.99 * net.max()]
    assert [near[0], near[-1]] == expected["range_99pct"]
    at = int(best - csms[0])
    assert curve[at, 2] == pytest.approx(expected["marginal_csm_at_opt"], rel=1e-9)
    assert curve[at + 1, 2] == pytest.approx(expected["marginal_next"], rel=1e-9)
    next_value = f.csm_next_value(table, *money, best, False)
    assert next_value == pytest.approx(expected["marginal_next"], rel=1e-9)
    hours = f.csm_service_hours(table, *money, best, False)
    assert hours[:, 0] == pytest.approx(expected["hours"], rel=1e-9)
    part_time = f.csm_service_hours(table, *money, expected["n_continuous"], False)
    assert part_time[:, 0] == pytest.approx(expected["hours_continuous"], rel=1e-9)
    gap = f.csm_rule_gap(table, *money, False)
    assert gap == pytest.approx(expected["net_value"] - expected["net_at_rule_2m"], rel=1e-6)


def test_optimal_headcount_with_future_service_charged() -> None:
    given, _ = case("optimal_headcount")
    assert f.csm_optimal_headcount(segment_table(given), *scalars(given)) == 33
    on_cash = (*scalars(given)[:-1], 1)
    assert f.csm_optimal_headcount(segment_table(given), *on_cash) == 11
