"""Continuous hours: the verified case, an independent solver, laws, S-shaped responses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.formulas import csm_adbudg
from csmcalc.optimum.continuous import ContinuousCurve, continuous_curve
from csmcalc.optimum.curve import value_curve
from csmcalc.optimum.responses import responses_of
from csmcalc.optimum.shaped import shaped_curve
from csmcalc.optimum.worth import continuation

CASES = Path(__file__).parents[1] / "reference" / "derived_cases.json"
CASE = json.loads(CASES.read_text("utf-8"))["optimal_headcount"]
GIVEN, EXPECTED = CASE["inputs"], CASE["expected"]


def column(key: str) -> Any:
    return np.array([segment[key] for segment in GIVEN["segments"]], float)


def curve_of(charge: bool, years: int = GIVEN["years"], hours: float = 1.0) -> ContinuousCurve:
    none, today, most, h = column("r0"), column("r1"), column("rm"), column("h1")
    charged = charge * h * GIVEN["loaded_cost"] / GIVEN["effective_hours"]
    margin = np.maximum(column("A") * GIVEN["gross_margin"] - charged, 0)
    return continuous_curve(
        margin * continuation(today, GIVEN["discount"], years) * (most - none),
        -np.log(1 - (today - none) / (most - none)) / (h * hours),
        GIVEN["effective_hours"],
        low=column("hmin") * hours,
        high=column("hmax") * hours,
        accounts=column("k"),
    )


def test_the_verified_case() -> None:
    curve = curve_of(charge=False)
    best = curve.optimum(GIVEN["loaded_cost"])
    assert best.csms == EXPECTED["n_optimal"]
    assert curve.csms[0] == EXPECTED["n_min"]
    assert [best.csms_low, best.csms_high] == EXPECTED["range_99pct"]
    assert best.net_value == pytest.approx(EXPECTED["net_value"], rel=1e-9)
    assert best.hour_price == pytest.approx(EXPECTED["shadow_price_hour"], rel=1e-8)
    assert best.next_csm_value == pytest.approx(EXPECTED["marginal_next"], rel=1e-7)
    assert curve.hours_at(best.csms) == pytest.approx(EXPECTED["hours"], rel=1e-6)
    at = best.csms - curve.csms[0]
    assert curve.marginal_value[at] == pytest.approx(EXPECTED["marginal_csm_at_opt"], rel=1e-7)
    rule = curve.net_value(GIVEN["loaded_cost"])[EXPECTED["rule_2m"] - curve.csms[0]]
    assert rule == pytest.approx(EXPECTED["net_at_rule_2m"], rel=1e-8)
    assert best.gap <= 1e-12


def test_charging_future_service_and_the_cash_view_need_fewer() -> None:
    cost = GIVEN["loaded_cost"]
    assert curve_of(charge=True).optimum(cost).csms == 33
    assert curve_of(charge=True, years=1).optimum(cost).csms == 11
    assert curve_of(charge=False, years=1).optimum(cost).csms in (12, 13)


def test_doubling_cost_and_halving_hours() -> None:
    cost = GIVEN["loaded_cost"]
    curve, half = curve_of(charge=True), curve_of(charge=True, hours=0.5)
    assert curve.optimum(2 * cost).csms <= curve.optimum(cost).csms
    n = np.arange(4, 20)
    assert half.value[n - half.csms[0]] == pytest.approx(curve.value[2 * n - curve.csms[0]])


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_an_independent_solver(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scale, kappa = rng.uniform(50, 500, 6), rng.uniform(0.02, 0.3, 6)
    low, high, many = rng.uniform(0, 3, 6), rng.uniform(20, 60, 6), rng.integers(1, 5, 6)
    curve = continuous_curve(scale, kappa, 25.0, low=low, high=high, accounts=many)
    n = int(curve.csms[0]) + 4
    solved = minimize(
        lambda h: -(many * scale * (1 - np.exp(-kappa * h))).sum(),
        low + 1e-3,
        jac=lambda h: -many * scale * kappa * np.exp(-kappa * h),
        bounds=list(zip(low, high, strict=True)),
        constraints={"type": "ineq", "fun": lambda h: 25.0 * n - many @ h, "jac": lambda _: -many},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert curve.value[4] == pytest.approx(-solved.fun, rel=1e-6)
    assert many @ curve.hours_at(n) == pytest.approx(25.0 * n)
    assert curve.width < 1e-12
    assert (np.diff(curve.value) >= -1e-9).all()
    assert (np.diff(curve.value, 2) <= 1e-9).all()


def test_fine_menus_come_near_continuous_hours() -> None:
    rng = np.random.default_rng(5)
    scale, kappa = rng.uniform(50, 500, (80, 1)), rng.uniform(0.02, 0.3, (80, 1))
    smooth = continuous_curve(scale[:, 0], kappa[:, 0], 50.0, high=40.0)
    hours = np.broadcast_to(np.linspace(0, 40, 401), (80, 401))
    fine = value_curve(hours, scale * (1 - np.exp(-kappa * hours)), 50.0)
    same = min(len(fine.csms), len(smooth.csms))
    np.testing.assert_allclose(fine.value[1:same], smooth.value[1:same], rtol=2e-4)
    assert (fine.value[:same] <= smooth.bound[:same] + 1e-9).all()


def test_a_group_budget_has_its_own_price() -> None:
    scale, kappa = np.array([100.0, 80.0, 60.0]), np.full(3, 0.1)
    group, most = np.array([0, 0, 1]), np.array([10.0, 1e9])
    curve = continuous_curve(scale, kappa, 5.0, high=40.0, groups=group, group_hours=most)
    hours = curve.hours_at(int(curve.csms[-1]))
    assert hours[:2].sum() == pytest.approx(10)
    first, second = scale[:2] * np.exp(-0.1 * hours[:2])
    assert first == pytest.approx(second)
    assert hours[2] == pytest.approx(40)
    with pytest.raises(InfeasibleError, match="group 0"):
        continuous_curve(scale, kappa, 5.0, low=6, high=40, groups=group, group_hours=most)


def test_degenerate_responses() -> None:
    nothing = continuous_curve([0, 0], 0.1, 10, high=40)
    assert nothing.optimum(1.0).csms == 0
    alike = continuous_curve([10] * 4, 0.1, 10, high=10)
    assert alike.value == pytest.approx([40 * (1 - np.exp(-0.25 * n)) for n in range(5)])
    forced = continuous_curve([0, 0], 0.1, 10, low=6, high=40)
    assert forced.csms.tolist() == [2]
    with pytest.raises(InfeasibleError, match="row 0"):
        continuous_curve([1], 0.1, 10, low=5, high=4)
    with pytest.raises(InfeasibleError, match="need 2 CSMs"):
        continuous_curve([1, 1], 0.1, 10, low=6, high=7, max_csms=1)
    with pytest.raises(InputError, match="kappa of row 0"):
        continuous_curve([1], 0, 10)


@pytest.mark.parametrize("shape", [0.7, 1.0, 2.36])
def test_adbudg_lies_between_its_broken_lines(shape: float) -> None:
    span, many = np.array([900.0, 300.0]), np.array([400.0, 900.0])
    curve = shaped_curve(
        span, shape, 0.6, [20, 8], 1000, low=[0, 0], high=[60, 30], accounts=many, knots=513
    )
    assert ((curve.bound - curve.value) / curve.bound.max() < 2e-3).all()
    assert (np.diff(curve.bound, 2) <= 1e-6 * curve.bound.max()).all()
    hours = np.linspace(0, 1, 2001) * np.array([[60], [30]])
    worth = csm_adbudg(hours / [[20], [8]], 0, 1, shape, 0.6) * span[:, None]
    at = len(curve.csms) // 3
    for price in curve.hour_price[at] * np.array([0.8, 1.0, 1.25]):
        dual = (many * (worth - price * hours).max(axis=1)).sum()
        dual += price * 1000 * curve.csms[at]
        assert curve.value[at] <= dual * (1 + 1e-9)
    best = (many * (worth - curve.hour_price[at] * hours).max(axis=1)).sum()
    best += curve.hour_price[at] * 1000 * curve.csms[at]
    assert curve.bound[at] == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize("arr", [60_000, 90_000, 100_000, 110_000, 122_951.83, 130_000, 140_000])
@pytest.mark.parametrize("kappa", [0.0347, 0.0112, 0.3])
def test_where_no_csm_pays_hours_and_gap_are_free_of_rounding(arr: float, kappa: float) -> None:
    curve = continuous_curve([arr * 0.9], [kappa], 1_065.3, high=200.0)
    best = curve.optimum(1e9)
    assert best.csms == 0
    assert curve.hours_at(0).tolist() == [0]
    assert best.gap == 0


@pytest.mark.parametrize("low", [0.0, 3.7, 41.0])
def test_hours_begin_at_the_floor(low: float) -> None:
    begins = 60_000 * 0.0347 * np.exp(-0.0347 * low)
    found = responses_of([60_000], [0.0347], low, 200.0, 1.0)
    prices = begins * (1 + np.arange(-4, 5) * 1e-16)
    assert {float(found.hours_at(price)[0]) for price in prices} == {low}
    assert found.hours_at(begins * (1 - 1e-9))[0] > low
