"""Parts of many arcs: a core of them and blocks of agents; bounds hold for the whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.prices import dual, proven
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.optimum.assignment.start import completed, greedy
from csmcalc.portfolio.books.engine import wide
from csmcalc.portfolio.books.engine.clock import Effort
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.books.engine.solve import solve
from csmcalc.portfolio.books.engine.wide import Wide

ITEMS, AGENTS, LIGHT = 40, 4, 2


def open_problem(seed: int) -> Problem:
    """Every agent may have every item; two loads weigh much, two little; one has a limit."""
    rng = np.random.default_rng(seed)
    count = ITEMS * AGENTS
    item = np.repeat(np.arange(ITEMS), AGENTS)
    size = np.repeat(rng.lognormal(0, 1, (2 + LIGHT, ITEMS)), AGENTS, axis=1)
    size[2:] *= np.repeat(rng.random((LIGHT, ITEMS)) < 0.2, AGENTS, axis=1)
    mean = size[:, ::AGENTS].sum(axis=1) / AGENTS
    target = np.repeat(mean[:, None], AGENTS, axis=1)
    over = np.array([1.0, 0.7, 0.02, 0.02])[:, None] / mean.clip(1e-9)[:, None] * np.ones(AGENTS)
    owner = rng.integers(0, AGENTS, ITEMS)
    cost = np.where(np.tile(np.arange(AGENTS), ITEMS) == owner[item], 0.0, 0.02)
    high = np.full_like(target, np.inf)
    high[0] = 1.3 * mean[0]
    return Problem(
        first=np.arange(0, count + 1, AGENTS),
        agent=np.tile(np.arange(AGENTS), ITEMS),
        cost=cost * (0.5 + rng.random(count)),
        size=size,
        low=np.full_like(target, -np.inf),
        high=high,
        target=target,
        over=over,
        under=np.where(np.arange(2 + LIGHT)[:, None] < 2, over, 0.0),
    )


@pytest.fixture(params=["whole", "blocks"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small parts count as wide; relaxed in one or in two blocks."""
    monkeypatch.setattr(wide, "_ARCS", 100)
    monkeypatch.setattr(wide, "_PER_ITEM", 3)
    monkeypatch.setattr(wide, "_EACH", 2)
    few = ITEMS * AGENTS * (6 if request.param == "whole" else 2)
    monkeypatch.setattr(wide, "_STEPPED", few)
    monkeypatch.setattr(wide, "_RATE", few / wide._RELAXING)
    return str(request.param)


def optimum(problem: Problem) -> tuple[float, float]:
    """The bound and the value of HiGHS."""
    whole = np.ones(len(problem.agent), dtype=bool)
    found = Programme(problem).run(Effort(seconds=2), whole=whole)
    return found.bound, found.value


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("seconds", [None, 2.0])
def test_answers_and_bounds_hold_for_the_whole(
    narrow: str, seed: int, seconds: float | None
) -> None:
    problem = open_problem(seed)
    assert Wide.fits(problem)
    low, high = optimum(problem)
    found = solve(problem, seconds=seconds, seed=seed)
    assert found.chosen is not None
    assert problem.feasible(found.chosen)
    assert found.value == pytest.approx(problem.value(found.chosen))
    assert found.bound <= high + 1e-9
    assert found.value >= low - 1e-9
    assert found.value <= high + 0.15
    if narrow == "whole":
        linear = Programme(Wide(problem, 0).lean).run(Effort(seconds=5))
        assert found.bound == pytest.approx(linear.value, rel=0.02)


@pytest.mark.usefixtures("narrow")
def test_steps_give_the_same_answer_again() -> None:
    problem = open_problem(7)
    one, two = (solve(problem, seed=3, work=40) for _ in range(2))
    assert one.chosen is not None
    assert two.chosen is not None
    assert (one.chosen == two.chosen).all()
    assert (one.value, one.bound) == (two.value, two.bound)


def test_loads_of_little_weight_are_left_for_the_end() -> None:
    problem = open_problem(1)
    lean = Wide(problem, 0).lean
    assert lean.size.shape[0] == 2
    chosen = greedy(problem, problem.cost)
    assert lean.value(chosen) <= problem.value(chosen)
    limited = dataclasses.replace(problem, high=np.where(problem.over > 0, 1e6, np.inf))
    assert Wide(limited, 0).lean.size.shape[0] == 2 + LIGHT, "a limit is never left out"


def test_any_prices_prove_a_bound() -> None:
    problem = open_problem(2)
    _, high = optimum(problem)
    rng = np.random.default_rng(0)
    climbed = dual(problem, high, 100)
    assert proven(problem, climbed.prices) == pytest.approx(climbed.bound)
    for _ in range(20):
        balance = rng.normal(0, 0.01, problem.target.shape)
        limit = np.maximum(rng.normal(0, 0.01, problem.target.shape), 0.0)
        assert proven(problem, Prices.of(problem, balance, limit)) <= high + 1e-9


def test_some_items_are_decided_anew_and_the_others_stay() -> None:
    problem = open_problem(4)
    chosen = problem.first[:-1].copy()
    some = np.array([3, 8, 21, 30])
    made = completed(problem, chosen, some)
    others = np.setdiff1d(np.arange(ITEMS), some)
    assert (made[others] == chosen[others]).all()
    assert problem.value(made) < problem.value(chosen)
    assert (problem.item[made] == np.arange(ITEMS)).all()
