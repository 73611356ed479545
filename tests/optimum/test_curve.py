"""The sweep and the exact core: instances, oracles, laws, degenerate menus."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum import fast
from csmcalc.portfolio import value_curve
from tests.optimum.books import menus

INSTANCES = Path(__file__).parents[1] / "files" / "instances"
INDEX = list(csv.DictReader((INSTANCES / "index.csv").open(encoding="utf-8")))


def highs(hours: Any, value: Any, limit: float, group: Any = None, most: Any = None) -> float:
    """The best value within a limit of hours and within the budgets of groups, by HiGHS."""
    rows, levels = hours.shape
    budgets = []
    if group is not None:
        place = np.repeat(group, levels), np.arange(hours.size)
        each = csr_array((hours.ravel(), place), shape=(len(most), hours.size))
        budgets = [LinearConstraint(each, -np.inf, most)]
    one = csr_array(
        (np.ones(hours.size), (np.repeat(np.arange(rows), levels), np.arange(hours.size)))
    )
    found = milp(
        -value.ravel(),
        constraints=[
            LinearConstraint(one, 1, 1),
            LinearConstraint(hours.reshape(1, -1), -np.inf, limit),
            *budgets,
        ],
        integrality=np.ones(hours.size),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert found.success
    return float(-found.fun)


def worth(hours: Any, value: Any, levels: Any) -> tuple[float, float]:
    rows = np.arange(len(levels))
    return float(np.sum(hours[rows, levels])), float(np.sum(value[rows, levels]))


@pytest.mark.parametrize("instance", INDEX, ids=lambda row: row["file"])
def test_exact_on_published_classes(instance: dict[str, str]) -> None:
    lines = (INSTANCES / instance["file"]).read_text("utf-8").splitlines()
    rows, levels, limit = map(int, lines[0].split())
    items = np.loadtxt(lines[1:]).reshape(rows, levels, 3)
    hours, value = items[:, :, 1], items[:, :, 2]
    curve = value_curve(hours, value, limit, 1)
    assert instance["proven"] == "True"
    assert curve.value[-1] == float(instance["best_value"])
    assert curve.bound[-1] >= curve.value[-1]
    found = curve.exact_at(1)
    used, got = worth(hours, value, found.levels)
    assert used <= limit
    assert got == curve.value[-1]
    assert found.bound == pytest.approx(got, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_optimum_equals_a_mixed_integer_programme(seed: int) -> None:
    hours, value = menus(400, seed)
    cost = 9_500.0
    curve = value_curve(hours, value, 440)
    best = curve.optimum(cost)
    assert best.gap == pytest.approx(0, abs=1e-9)
    exact = {
        n: highs(hours, value, 440 * n) - cost * n for n in range(best.csms - 1, best.csms + 2)
    }
    assert best.net_value == pytest.approx(exact[best.csms], rel=1e-9)
    assert max(exact.values()) == exact[best.csms]
    used, got = worth(hours, value, curve.levels_at(best.csms))
    assert used <= 440 * best.csms
    assert got == pytest.approx(best.value, rel=1e-12)
    assert curve.value[best.csms - curve.csms[0]] == best.value
    following = exact[best.csms + 1] - exact[best.csms] + cost
    assert best.next_csm_value == pytest.approx(following, rel=1e-9)


def test_numba_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    hours, value = menus(3_000, 7)
    value[::9, 2] = -np.inf
    monkeypatch.setenv(fast.SWITCH, "0")
    plain = value_curve(hours, value, 440)
    monkeypatch.setenv(fast.SWITCH, "1")
    pytest.importorskip("numba")
    assert fast.kernel("hull", 1) is not None
    compiled = value_curve(hours, value, 440)
    np.testing.assert_allclose(compiled.value, plain.value, rtol=1e-9)
    np.testing.assert_allclose(compiled.bound, plain.bound, rtol=1e-9)
    at = int(plain.csms[len(plain.csms) // 2])
    np.testing.assert_array_equal(compiled.levels_at(at), plain.levels_at(at))


def test_large_books_are_swept_with_a_narrow_certificate() -> None:
    hours, value = menus(20_000, 3)
    curve = value_curve(hours, value, 440)
    assert curve.width < 1e-4
    assert not curve.value.flags.writeable
    at = int(curve.csms[len(curve.csms) // 3])
    used, got = worth(hours, value, curve.levels_at(at))
    assert used <= 440 * at
    assert got == pytest.approx(curve.value[at - curve.csms[0]], rel=1e-12)


@st.composite
def small(draw: st.DrawFn) -> tuple[Any, Any, float]:
    rows, levels = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    numbers = st.lists(st.integers(0, 12), min_size=rows * levels, max_size=rows * levels)
    hours = np.array(draw(numbers), float).reshape(rows, levels)
    value = np.array(draw(numbers), float).reshape(rows, levels)
    return hours, value, float(draw(st.integers(1, 9)))


def brute(hours: Any, value: Any, limit: float) -> float:
    best = {0.0: 0.0}
    for h, v in zip(hours, value, strict=True):
        new: dict[float, float] = {}
        for used, got in best.items():
            for more, gain in zip(h, v, strict=True):
                if used + more <= limit:
                    new[used + more] = max(new.get(used + more, -np.inf), got + gain)
        best = new
    return max(best.values())


@settings(max_examples=150, deadline=None)
@given(small())
def test_every_headcount_is_exact_and_bounded(case: tuple[Any, Any, float]) -> None:
    hours, value, capacity = case
    curve = value_curve(hours, value, capacity)
    for n, got, bound in zip(curve.csms, curve.value, curve.bound, strict=True):
        exact = brute(hours, value, capacity * n)
        assert got == pytest.approx(exact, abs=1e-9)
        assert bound >= exact - 1e-9
        used, sum_of_levels = worth(hours, value, curve.levels_at(int(n)))
        assert used <= capacity * n + 1e-9
        assert sum_of_levels == pytest.approx(got)


@settings(max_examples=100, deadline=None)
@given(small())
def test_the_hull_is_concave_and_never_falls(case: tuple[Any, Any, float]) -> None:
    curve = value_curve(*case)
    steps = np.diff(curve.bound)
    assert (steps >= -1e-9).all()
    # From the fewest CSMs on; there the hours above the minimum may be less than a whole CSM's.
    assert (np.diff(steps) <= 1e-9).all()
    assert (np.diff(curve.value) >= -1e-9).all()
    assert (np.diff(curve.hour_price) <= 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(small(), st.floats(0.1, 20))
def test_doubling_the_cost_never_raises_the_headcount(
    case: tuple[Any, Any, float], cost: float
) -> None:
    curve = value_curve(*case)
    assert curve.optimum(2 * cost).csms <= curve.optimum(cost).csms


@settings(max_examples=60, deadline=None)
@given(small())
def test_halving_all_hours_doubles_what_csms_can_do(case: tuple[Any, Any, float]) -> None:
    hours, value, capacity = case
    curve, half = value_curve(hours, value, capacity), value_curve(hours / 2, value, capacity)
    for n in half.csms:
        if 2 * n in curve.csms:
            at, twice = n - half.csms[0], 2 * n - curve.csms[0]
            assert half.value[at] == pytest.approx(curve.value[twice])


@settings(max_examples=60, deadline=None)
@given(small(), small())
def test_one_customer_more_never_lowers_the_value(
    case: tuple[Any, Any, float], other: tuple[Any, Any, float]
) -> None:
    hours, value, capacity = case
    hours[:, 0] = 0
    more_h, more_v = np.resize(other[0], hours.shape[1]), np.resize(other[1], hours.shape[1])
    more_h[0] = 0
    before = value_curve(hours, value, capacity, 3)
    after = value_curve(np.vstack([hours, more_h]), np.vstack([value, more_v]), capacity, 3)
    assert (after.value >= before.value - 1e-9).all()


def test_flat_menus_need_no_csms() -> None:
    curve = value_curve(np.tile([0, 5, 10], (8, 1)), np.full((8, 3), 7.0), 10)
    assert curve.csms.tolist() == [0]
    assert curve.optimum(1.0).csms == 0
    assert curve.optimum(1.0).next_csm_value == 0


def test_identical_customers_are_served_one_after_the_other() -> None:
    curve = value_curve(np.tile([0.0, 10.0], (6, 1)), np.tile([0.0, 3.0], (6, 1)), 20)
    assert curve.value.tolist() == [0, 6, 12, 18]
    assert curve.bound.tolist() == pytest.approx([0, 6, 12, 18])


def test_one_customer() -> None:
    curve = value_curve([[0, 30]], [[0, 5]], 20)
    assert curve.value.tolist() == [0, 0, 5]
    assert curve.bound.tolist() == pytest.approx([0, 10 / 3, 5])


def test_levels_not_on_offer_are_never_chosen() -> None:
    curve = value_curve([[0, 5, 9]], [[-np.inf, 1, -np.inf]], 5)
    assert curve.csms.tolist() == [1]
    assert curve.levels_at(1).tolist() == [1]


def test_floors_beyond_the_headcount_name_what_binds() -> None:
    with pytest.raises(InfeasibleError, match=r"minimum hours come to 30 and need 3 CSMs"):
        value_curve([[10, 20]] * 3, [[0, 1]] * 3, 10, 2)
    with pytest.raises(InfeasibleError, match=r"customer 0 .* no level"):
        value_curve([[1.0, 2.0]], [[-np.inf, -np.inf]], 10)


def in_groups(count: int, seed: int, share: Any) -> tuple[Any, Any, Any, Any]:
    """A book in three groups, each with a budget that is a share of what it could use."""
    rng = np.random.default_rng(seed)
    hours, value = menus(count, seed)
    group = rng.integers(0, 3, count)
    return hours, value, group, np.bincount(group, hours[:, -1], 3) * share


@pytest.mark.parametrize("seed", range(10))
def test_every_headcount_within_budgets_equals_a_mixed_integer_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hours, value, group, most = in_groups(8 + 6 * seed, seed, rng.uniform(0.05, 0.8, 3))
    curve = value_curve(hours, value, hours[:, -1].sum() / 6, groups=group, group_hours=most)
    for n, got, bound in zip(curve.csms, curve.value, curve.bound, strict=True):
        exact = highs(hours, value, curve.capacity * n, group, most)
        assert got == pytest.approx(exact, rel=1e-9, abs=1e-6)
        assert bound >= exact * (1 - 1e-9)
        levels = curve.levels_at(int(n))
        used = hours[np.arange(len(levels)), levels]
        assert used.sum() <= curve.capacity * n * (1 + 1e-9)
        assert (np.bincount(group, used, 3) <= most * (1 + 1e-9)).all()
        assert worth(hours, value, levels)[1] == pytest.approx(got)
    assert (np.diff(curve.bound, 2) <= 1e-6).all()
    assert (np.diff(curve.hour_price) <= 1e-9).all()


def test_the_optimum_within_budgets_is_proven_and_priced() -> None:
    hours, value, group, most = in_groups(400, 21, np.array([0.1, 0.2, 2.0]))
    curve = value_curve(hours, value, 440, groups=group, group_hours=most)
    best = curve.optimum(9_500.0)
    assert best.gap == pytest.approx(0, abs=1e-9)
    exact, following = (
        highs(hours, value, 440 * n, group, most) for n in (best.csms, best.csms + 1)
    )
    assert best.value == pytest.approx(exact, rel=1e-9)
    assert best.next_csm_value == pytest.approx(following - exact, rel=1e-6)
    at = int(best.csms - curve.csms[0])
    slope = (
        (curve.bound[at + 1] - curve.bound[at]) / 440,
        (curve.bound[at] - curve.bound[at - 1]) / 440,
    )
    assert slope[0] - 1e-9 <= best.hour_price <= slope[1] + 1e-9
    assert best.hour_price > 0


def test_thousands_of_customers_within_budgets_are_proven() -> None:
    hours, value, group, most = in_groups(9_000, 5, np.array([0.1, 0.2, 0.9]))
    curve = value_curve(hours, value, 440, groups=group, group_hours=most)
    best = curve.optimum(9_500.0)
    assert best.gap < 1e-12
    levels = curve.levels_at(best.csms)
    used = hours[np.arange(len(levels)), levels]
    assert used.sum() <= 440 * best.csms
    assert (np.bincount(group, used, 3) <= most).all()
    assert worth(hours, value, levels)[1] == pytest.approx(best.value)
    # The bound from the price alone holds at every other headcount too.
    found = curve.exact_at(best.csms)
    price = best.hour_price * 440
    for csms in range(best.csms - 40, best.csms + 1, 10):
        line = found.dual + price * (csms - best.csms)
        assert curve.exact_at(csms).value <= line * (1 + 1e-12)


def test_books_too_large_to_be_exact_keep_their_budgets_and_lose_little() -> None:
    hours, value, group, most = in_groups(12_000, 5, np.array([0.1, 0.2, 2.0]))
    curve = value_curve(hours, value, 4_400, groups=group, group_hours=most)
    assert curve.width < 1e-3
    levels = curve.levels_at(int(curve.csms[-1]))
    used = hours[np.arange(len(levels)), levels]
    assert (np.bincount(group, used, 3) <= most).all()
    # What is left of a budget is filled: no single next step of a customer fits any more.
    assert most[0] - used[group == 0].sum() < 24


def test_floors_beyond_a_budget_name_the_group() -> None:
    hours, value = menus(60, 11)
    group = np.arange(60) % 2
    with pytest.raises(InfeasibleError, match="group 0"):
        value_curve(hours + 5, value, 100, groups=group, group_hours=[100, 1e9])


@settings(max_examples=100, deadline=None)
@given(small(), st.data())
def test_small_books_within_budgets_are_exact(
    case: tuple[Any, Any, float], data: st.DataObject
) -> None:
    hours, value, capacity = case
    group = np.arange(len(hours)) % 2
    floor = np.bincount(group, hours.min(axis=1), 2)
    most = floor + np.array([data.draw(st.integers(0, 12)) for _ in range(2)])
    curve = value_curve(hours, value, capacity, groups=group, group_hours=most)
    for n, got in zip(curve.csms, curve.value, strict=True):
        assert got == pytest.approx(highs(hours, value, capacity * n, group, most), abs=1e-6)


@pytest.mark.parametrize(
    ("hours", "value", "capacity", "words"),
    [
        ([[0, -1]], [[0, 1]], 10, "hours of customer 0, level 1"),
        ([[0, 1]], [[0, np.nan]], 10, "value of customer 0, level 1"),
        ([[0, 1]], [[0, 1]], 0, "capacity is 0"),
        ([[0, 1]], [[0, 1, 2]], 10, "shape"),
        ([], [], 10, "shape"),
    ],
)
def test_bad_input_is_named(hours: Any, value: Any, capacity: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        value_curve(hours, value, capacity)


def test_headcounts_off_the_curve_are_named() -> None:
    curve = value_curve([[0, 5]], [[0, 1]], 5)
    with pytest.raises(InputError, match="whole numbers from 0 to 1"):
        curve.levels_at(9)
