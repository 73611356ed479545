"""Bounds of knapsacks and the tree that uses them, against brute force, the relaxation and laws."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.gap import gap_problem, read_gap, solve_gap
from csmcalc.core.compiled import SWITCH
from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.knapsacks import Knapsacks
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.optimum.assignment.tree import Tree
from csmcalc.optimum.assignment.units import common_unit
from csmcalc.portfolio.books.engine.clock import Effort
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.books.engine.solve import solve
from tests.books_assign.test_engine import INSTANCES, brute_force

AGENTS, JOBS = 3, 6
SEEDS = st.integers(0, 2**32 - 1)


def never() -> bool:
    return False


def stopping(steps: int) -> Callable[[], bool]:
    """What stops a climb after so many steps."""
    left = iter(range(steps))
    return lambda: next(left, None) is None


def instance(seed: int, fractions: bool = False) -> Problem:
    """A small problem of one capacity per agent, in whole numbers or not."""
    random = np.random.default_rng(seed)
    cost = random.integers(1, 30, (AGENTS, JOBS)).astype(float)
    weight = random.integers(1, 15, (AGENTS, JOBS)).astype(float)
    if fractions:
        cost, weight = cost + random.random(cost.shape), weight + random.random(weight.shape)
    capacity = np.maximum(weight.sum(axis=1) / AGENTS * random.uniform(0.8, 1.4), weight.max())
    return gap_problem(cost, weight, capacity)


def knapsacks(problem: Problem) -> Knapsacks:
    sacks = Knapsacks.of(problem)
    assert sacks is not None
    return sacks


def cheapest_with(problem: Problem) -> np.ndarray:
    """By arc, the best value of all assignments that take it, by brute force."""
    best = np.full(len(problem.agent), np.inf)
    choices = [range(a, b) for a, b in itertools.pairwise(problem.first.tolist())]
    for chosen in itertools.product(*choices):
        arcs = np.array(chosen)
        if problem.feasible(arcs):
            best[arcs] = np.minimum(best[arcs], problem.value(arcs))
    return best


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, fractions=st.booleans())
def test_no_assignment_beats_a_bound_and_none_with_an_arc_beats_its_least(
    seed: int, fractions: bool
) -> None:
    problem = instance(seed, fractions)
    sacks, best = knapsacks(problem), cheapest_with(problem)
    prices = np.random.default_rng(seed).uniform(-5, 40, JOBS)
    assert sacks.look(prices).bound <= best.min() + 1e-9
    assert (sacks.least(prices) <= best + 1e-9).all()
    climbed = sacks.climb(prices, lambda: np.inf, stopping(80))
    assert climbed.bound <= best.min() + 1e-9


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS)
def test_at_given_prices_each_capacity_is_filled_as_by_brute_force(seed: int) -> None:
    problem = instance(seed)
    prices = np.random.default_rng(seed).uniform(0, 40, JOBS)
    filled = knapsacks(problem).look(prices)
    most = 0.0
    for agent in range(AGENTS):
        own = np.flatnonzero(problem.agent == agent)
        sets = np.array(list(itertools.product([0, 1], repeat=len(own))))
        fits = sets @ problem.size[0][own] <= problem.high[0][agent]
        most += (sets @ (prices[problem.item[own]] - problem.cost[own]))[fits].max()
    assert filled.bound == pytest.approx(prices.sum() - most)
    taken = np.bincount(problem.item[filled.arcs], minlength=JOBS)
    assert (taken == filled.times).all()
    loads = np.bincount(problem.agent[filled.arcs], problem.size[0][filled.arcs], AGENTS)
    assert (loads <= problem.high[0]).all()


@settings(deadline=None, max_examples=25)
@given(seed=SEEDS, fractions=st.booleans())
def test_a_tree_finds_what_is_below_a_limit_or_proves_that_nothing_is(
    seed: int, fractions: bool
) -> None:
    problem = instance(seed, fractions)
    best, sacks = brute_force(problem), knapsacks(problem)
    prices = np.zeros(JOBS)
    for limit in (best - 0.5, best, best + 0.5, best + 1000) if np.isfinite(best) else (1e6,):
        settled = Tree(problem, limit, never).search(sacks, prices)
        assert settled.complete
        if limit <= best:
            assert settled.chosen is None
        else:
            assert settled.chosen is not None
            assert problem.feasible(settled.chosen)
            assert problem.value(settled.chosen) < limit


def test_a_tree_that_is_stopped_claims_nothing() -> None:
    problem = instance(0)
    settled = Tree(problem, 1000.0, lambda: True).search(knapsacks(problem), np.zeros(JOBS))
    assert (settled.chosen, settled.complete) == (None, False)


def climbed_bound(problem: Problem) -> tuple[float, float]:
    """The relaxation and the bound a few hundred steps above it."""
    linear = Programme(problem).run(Effort())
    assert linear.balance is not None
    assert linear.limit is not None
    key = Prices.of(problem, linear.balance, linear.limit).key
    prices = np.minimum.reduceat(key, problem.first[:-1])
    climbed = knapsacks(problem).climb(prices, lambda: np.inf, stopping(300))
    return linear.value, climbed.bound


@pytest.mark.parametrize(("name", "optimum"), [("gap12-4", 945), ("e20100", 8436)])
def test_the_bound_lies_between_the_relaxation_and_the_optimum(name: str, optimum: int) -> None:
    cost, weight, capacity = read_gap(INSTANCES / "gap" / name)
    relaxed, bound = climbed_bound(gap_problem(cost, weight, capacity))
    assert relaxed + 0.8 * (optimum - relaxed) < bound <= optimum
    # in other units, of costs and of each agent's own weights, it is the same
    rows = np.linspace(0.31, 2.7, len(capacity))
    scaled = gap_problem(cost * 0.37, weight * rows[:, None], capacity * rows)
    assert climbed_bound(scaled)[1] == pytest.approx(0.37 * bound, rel=1e-3)


def test_sizes_without_a_unit_are_rounded_so_that_the_bound_holds() -> None:
    cost, weight, capacity = read_gap(INSTANCES / "gap" / "gap12-4")
    lighter = weight * np.random.default_rng(1).uniform(0.999, 1.0, weight.shape)
    # lighter jobs leave the optimum feasible: no bound may be above it
    relaxed, bound = climbed_bound(gap_problem(cost, lighter, capacity))
    assert relaxed < bound <= 945


def solved(seconds: float) -> tuple[float, float]:
    """Bound and value of a hard instance, its capacities kept."""
    cost, weight, capacity = read_gap(INSTANCES / "gap" / "e20100")
    found = solve_gap(cost, weight, capacity, seconds=seconds)
    load = np.bincount(found.owner, weight[found.owner, np.arange(100)], len(capacity))
    assert (load <= capacity).all()
    return found.bound, found.value


def test_a_hard_instance_is_solved_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "0")
    bound, value = solved(8)
    # the relaxation is 8360
    assert 8425 < bound <= 8436 <= value <= 8436 * 1.03


@pytest.mark.long
@pytest.mark.parametrize("switch", ["0", "1"])
def test_it_is_solved_as_well_without_a_compiler_as_with_one(
    monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv(SWITCH, switch)
    bound, value = solved(20)
    assert 8432 <= bound <= 8436 <= value <= 8436 * 1.004


def test_a_unit_that_sums_would_not_keep_is_none() -> None:
    costs = np.array([3.0009, 1e6, 1.0, 4.0, 1.0, 1.0])
    assert common_unit(costs, terms=2) == 0
    # and no bound is rounded up to it
    rows = [[14, 7, 8, 13, 6, 5, 8], [11, 6, 13, 8, 7, 10, 13], [13, 13, 8, 5, 12, 12, 12]]
    cost = np.array([
        [1e6, 7.0009, 1, 7, 4, 5, 6.0009],
        [3, 8.0009, 1.0009, 3.0009, 4, 5, 4.0009],
        [2, 1.0009, 1.0009, 1.0009, 2, 8.0009, 2.0009],
    ])  # fmt: skip
    found = solve_gap(cost, rows, [23, 23, 23], seconds=None)
    best = brute_force(gap_problem(cost, rows, [23, 23, 23]))
    assert found.value == pytest.approx(best, abs=1e-9)
    assert found.bound <= best + 1e-9


def bare(size: list[list[float]], cost: list[float], high: list[float]) -> Problem:
    """Two items and two agents, the limits of the agents as told."""
    zero = np.zeros((1, 2))
    return Problem(
        np.array([0, 2, 4]), np.array([0, 1, 0, 1]), np.array(cost), np.array(size).reshape(1, 4),
        np.full((1, 2), -np.inf), np.array([high]), zero, zero, zero,
    )  # fmt: skip


def test_what_a_solver_takes_for_within_a_limit_is_not_taken_for_settled() -> None:
    # both items weigh half a millionth more than the one agent holds
    size = 0.5000001
    problem = bare([[size, size], [size, size]], [0.0, 1, 0, 1], [1.0, np.inf])
    answer = solve(problem)
    assert (answer.value, answer.bound <= 1) == (1, True)


@pytest.mark.parametrize("scale", [1e9, 1e-6])
def test_costs_of_any_size_are_searched(scale: float) -> None:
    cost = scale * np.array([[7, 5, 6, 5], [1, 6, 9, 3], [8, 5, 7, 9]])
    weight = [[9, 12, 8, 10], [15, 6, 13, 11], [2, 6, 9, 1]]
    found = solve_gap(cost, weight, [15] * 3, seconds=None)
    assert found.value == pytest.approx(18 * scale)
    assert found.bound == pytest.approx(18 * scale)


@settings(deadline=None, max_examples=10)
@given(seed=SEEDS, raised=st.floats(-30, 30))
def test_costs_that_are_all_raised_alike_are_solved_alike(seed: int, raised: float) -> None:
    problem = instance(seed, fractions=True)
    best = brute_force(problem)
    moved = dataclasses.replace(problem, cost=problem.cost - best / JOBS + raised / JOBS)
    answer = solve(moved)
    if np.isfinite(best):
        assert answer.value == pytest.approx(raised, abs=1e-6)
        assert answer.bound <= raised + 1e-6
    else:
        assert answer.infeasible


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [
        ([4.0, 6.0, 10.0], 2.0),
        ([0.37 * 3, 0.37 * 7], 0.37),
        ([1.0, 1 + 1e-4, 3.0], 1e-4),
        ([1.0, 2**0.5], 0.0),
        ([0.3, 0.4, 1e9], 0.0),
        ([0.0, 5.0], 5.0),
        ([0.0], 0.0),
        ([], 0.0),
        ([-2.0, 3.0], 1.0),
    ],
)
def test_the_unit_of_amounts(amounts: list[float], unit: float) -> None:
    assert common_unit(np.array(amounts)) == pytest.approx(unit, rel=1e-9)
