"""Exchanges between two agents for numba: the best there are, as numpy finds them; and dives."""

from __future__ import annotations

import importlib.util
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.core.compiled import compiled
from csmcalc.optimum.assignment import swaps
from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.pairs import PairExchanger
from csmcalc.optimum.assignment.problem import Ints, Problem
from csmcalc.portfolio.books.engine.clock import Clock, Effort, Stop
from csmcalc.portfolio.books.engine.dive import Dive, core
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.books.engine.relaxed import Relaxed
from tests.books_assign.test_engine import brute_force, random_problem

WITH_NUMBA = importlib.util.find_spec("numba") is not None
SEEDS = st.integers(0, 10_000)


def free(problem: Problem) -> Prices:
    """Loads at no price: a key is what the arc costs."""
    return Prices.of(problem, np.zeros_like(problem.target), np.zeros_like(problem.target))


def state(problem: Problem) -> tuple[Ints, Ints]:
    """The first arc of each item, and a table of all arcs."""
    table = np.full((problem.items, problem.agents), -1, dtype=np.int64)
    table[problem.item, problem.agent] = np.arange(len(problem.agent))
    return problem.first[:-1].copy(), table


def after(kernel: object, problem: Problem, pairs: list[tuple[int, int]], once: bool) -> Ints:
    """The arcs after exchanges within some pairs of agents."""
    chosen, table = state(problem)
    owner, (low, high) = problem.agent[chosen], problem.slack
    size = np.ascontiguousarray(problem.size[:, problem.first[:-1]])
    kernel(  # type: ignore[operator]
        np.array(pairs), np.ones(len(pairs), dtype=bool), once, 40, owner, table, problem.cost,
        problem.cost, size, problem.loads(chosen), problem.target, problem.over, problem.under,
        low, high, 1000,
    )  # fmt: skip
    return table[np.arange(problem.items), owner]


@given(SEEDS)
def test_an_exchange_is_the_best_of_up_to_four_moves(seed: int) -> None:
    problem = random_problem(seed)
    chosen, table = state(problem)
    owner = problem.agent[chosen]
    low, high = problem.slack
    loads = problem.loads(chosen)
    lowest, highest = np.minimum(low, loads), np.maximum(high, loads)
    best = problem.value(chosen)
    between = [j for j in range(problem.items) if owner[j] < 2 and table[j, 1 - owner[j]] >= 0]
    for count in range(1, 5):
        for moved in itertools.combinations(between, count):
            other = chosen.copy()
            for j in moved:
                other[j] = table[j, 1 - owner[j]]
            away = problem.loads(other)
            if (away <= highest + 1e-9).all() and (away >= lowest - 1e-9).all():
                best = min(best, problem.value(other))
    assert problem.value(after(swaps.descended, problem, [(0, 1)], True)) == pytest.approx(best)


@given(SEEDS)
def test_numpy_finds_an_exchange_of_the_same_gain(seed: int) -> None:
    problem = random_problem(seed, items=12)
    chosen, _table = state(problem)
    exchanger = PairExchanger(problem, free(problem), chosen)
    exchanger.improve((0, 1))
    swapped = after(swaps.descended, problem, [(0, 1)], True)
    assert problem.value(swapped) == pytest.approx(problem.value(exchanger.chosen))


@pytest.mark.skipif(not WITH_NUMBA, reason="numba is not installed")
def test_compiled_exchanges_take_the_same_steps() -> None:
    kernel = compiled(swaps.KERNELS)["descended"]
    for seed in range(20):
        problem = random_problem(seed, items=20)
        pairs = [(0, 1), (0, 2), (1, 2)]
        slow = after(swaps.descended, problem, pairs, False)
        assert (slow == after(kernel, problem, pairs, False)).all()


@given(SEEDS)
def test_a_dive_to_the_last_item_lies_between_the_relaxation_and_what_it_says(seed: int) -> None:
    problem = random_problem(seed, items=7)
    linear = Programme(problem).run(Effort())
    best = brute_force(problem)
    if linear.infeasible:
        assert best == np.inf
        return
    assert linear.reduced is not None
    assert linear.share is not None
    arcs = np.flatnonzero(core(problem, linear.reduced, linear.share))
    dive = Dive(problem, arcs, Clock(None), np.random.default_rng(seed))
    chosen = dive.run(until=1.0, strong=3)
    assert chosen is not None
    assert (np.bincount(problem.item[chosen], minlength=problem.items) == 1).all()
    assert linear.value <= best + 1e-9
    if problem.feasible(chosen):
        assert problem.value(chosen) >= best - 1e-9


@given(SEEDS)
def test_a_dive_looks_at_all_that_the_relaxation_uses(seed: int) -> None:
    """Where most arcs cost the same, rounding alone says which of them has the lower rise."""
    random = np.random.default_rng(seed)
    items, agents = 400, 8
    size = np.repeat(random.lognormal(3, 1, (1, items)), agents, axis=1)
    target = np.full((1, agents), size.sum() / agents**2)
    problem = Problem(
        np.arange(0, items * agents + 1, agents), np.tile(np.arange(agents), items),
        np.zeros(items * agents), size, np.full_like(target, -np.inf),
        np.full_like(target, np.inf), target, 1 / target, 1 / target,
    )  # fmt: skip
    share = np.zeros(items * agents)
    share[problem.first[:-1] + random.integers(0, agents, items)] = 1.0
    reduced = np.where(random.random(items * agents) < 0.5, 1.0, 0.0)
    reduced[share > 0] = 1e-18
    keep = core(problem, reduced, share)
    assert keep[share > 0].all()
    assert not keep.all()


def test_no_cut_is_deeper_than_what_two_items_cost_beyond_a_target_below_0() -> None:
    one = np.ones((1, 1))
    problem = Problem(
        np.arange(3), np.zeros(2, np.int64), np.zeros(2), np.ones((1, 2)), -np.inf * one,
        np.inf * one, -one, one, one,
    )  # fmt: skip
    assert Programme(problem).run(Effort()).value == pytest.approx(3.0)


@given(SEEDS)
def test_a_relaxation_that_stays_is_the_one_solved_anew(seed: int) -> None:
    problem = random_problem(seed, items=10)
    relaxed = Relaxed(problem, Clock(None))
    if not relaxed.solve():
        assert Programme(problem).run(Effort()).infeasible
        return
    chosen = problem.first[:3].copy()
    relaxed.settle(chosen)
    fixed = np.full(len(problem.agent), np.nan)
    fixed[np.isin(problem.item, problem.item[chosen])] = 0.0
    fixed[chosen] = 1.0
    anew = Programme(problem).run(Effort(), fixed=fixed)
    assert relaxed.solve() is not anew.infeasible
    if not anew.infeasible:
        assert relaxed.value == pytest.approx(anew.value, abs=1e-7)


def test_an_end_reaches_what_runs_and_what_starts_later() -> None:
    stop, ended = Stop(), []
    with stop.ends(lambda: ended.append("running")):
        stop.set()
    with stop.ends(lambda: ended.append("later")):
        pass
    assert stop.is_set()
    assert ended == ["running", "later"]
