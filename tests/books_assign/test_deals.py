"""Deals: within the capacities, the same for a seed, better the longer; and where they are used."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.gap import gap_problem, read_gap, solve_gap
from csmcalc.core.compiled import SWITCH
from csmcalc.optimum.assignment.deals import DEALS, Dealer, Table, can_deal
from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.clock import Clock, Effort
from csmcalc.portfolio.books.engine.dealt import Dealt
from csmcalc.portfolio.books.engine.mip import Programme
from tests.books_assign.test_engine import INSTANCES

OPTIMUM = 789


def prices(problem: Problem) -> Prices:
    linear = Programme(problem).run(Effort())
    assert linear.balance is not None
    assert linear.limit is not None
    return Prices.of(problem, linear.balance, linear.limit)


def published(rows: float = 1.0) -> Problem:
    """A published instance of 8 agents and 40 jobs, its weights in another unit."""
    cost, weight, capacity = read_gap(INSTANCES / "gap" / "gap8-3")
    return gap_problem(cost, weight * rows, capacity * rows)


def many(agents: int = 30, items: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Costs that fall with the weights: the kind where one thing or another always fits."""
    random = np.random.default_rng(8)
    weight = random.integers(1, 101, (agents, items))
    cost = 111 - weight + random.integers(-10, 11, weight.shape)
    return cost, weight, np.floor(0.8 * weight.sum(axis=1) / agents)


def counted(deals: int) -> Callable[[], float]:
    done = iter(range(0, deals + DEALS, DEALS))
    return lambda: min(1.0, next(done) / deals)


def dealt(problem: Problem, deals: int, seed: int = 0) -> tuple[Ints | None, float]:
    table = Table.of(problem, prices(problem))
    return Dealer(table, table.cheapest(), seed).run(counted(deals))


def test_what_is_dealt_fits_and_costs_what_it_says() -> None:
    problem = published()
    owner, value = dealt(problem, 8_000)
    assert owner is not None
    chosen = problem.arcs(np.arange(problem.items), owner)
    assert (chosen >= 0).all()
    assert problem.feasible(chosen)
    assert problem.value(chosen) == value
    assert OPTIMUM <= value <= 1.03 * OPTIMUM


def test_a_seed_deals_the_same_again_and_another_one_differs() -> None:
    problem = gap_problem(*many())
    owners = [dealt(problem, 1_000, seed)[0] for seed in (3, 3, 4)]
    assert owners[0] is not None
    assert np.array_equal(owners[0], owners[1])
    assert not np.array_equal(owners[0], owners[2])


def test_weights_in_another_unit_change_nothing() -> None:
    # a power of two: the same floats but for the exponent
    first, second = dealt(published(), 2_000), dealt(published(0.25), 2_000)
    assert first[1] == second[1]
    assert np.array_equal(first[0], second[0])


def test_longer_is_better_and_no_better_than_the_relaxation() -> None:
    problem = gap_problem(*many())
    linear = Programme(problem).run(Effort()).value
    values = [np.mean([dealt(problem, n, seed)[1] for seed in range(4)]) for n in (500, 8_000)]
    assert linear <= values[1] < values[0]
    assert values[1] <= 1.03 * linear


def test_a_job_stays_with_agents_that_can_have_it() -> None:
    cost, weight, capacity = many()
    # heavier than any capacity: there is no arc
    weight[:-2, :40] = 10_000
    capacity[-2:] = weight[-2:, :40].sum(axis=1)
    problem = gap_problem(cost, weight, capacity)
    owner, _ = dealt(problem, 4_000)
    assert owner is not None
    assert (owner[:40] >= 28).all()
    assert problem.feasible(problem.arcs(np.arange(problem.items), owner))


def test_nothing_is_dealt_where_nothing_fits() -> None:
    cost, weight, _ = many(items=130)
    # four whole jobs for each of 30 agents
    owner, value = dealt(gap_problem(cost, np.full_like(weight, 10), np.full(30, 48)), 1_000)
    assert owner is None
    assert value == np.inf


def test_without_scipy_there_are_no_deals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_deal()
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert not can_deal()


def test_deals_are_for_many_agents_and_not_too_many_items() -> None:
    def cycles(agents: int, items: int) -> Dealt | None:
        problem = gap_problem(*many(agents, items))
        nothing = np.zeros((1, agents))
        return Dealt.of(problem, Prices.of(problem, nothing, nothing), 0, Clock(None))

    assert cycles(30, 120) is not None
    assert cycles(20, 120) is None
    assert cycles(100, 2_001) is None


def test_where_steps_are_counted_a_cycle_does_not_depend_on_the_time() -> None:
    problem = gap_problem(*many())
    of = prices(problem)
    cycles = [Dealt.of(problem, of, 2, Clock(None, work=20)) for _ in range(2)]
    first, second = (one.run() for one in cycles if one is not None)
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)
    assert problem.feasible(first)
    # by the clock alone they come in turn with other steps
    assert not any(one.due for one in cycles if one is not None)


def test_the_engine_deals_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "0")
    cost, weight, capacity = many()
    found = solve_gap(cost, weight, capacity, seconds=5)
    load = np.bincount(found.owner, weight[found.owner, np.arange(120)], 30)
    assert (load <= capacity).all()
    assert found.value == cost[found.owner, np.arange(120)].sum()
    assert found.bound <= found.value <= 1.03 * found.bound
