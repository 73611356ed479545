"""The chains of moves: the same compiled or not, within the capacities, as good as the best."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest

from benchmarks.gap import gap_problem, read_gap, solve_gap
from csmcalc.core.compiled import compiled
from csmcalc.errors import InfeasibleError
from csmcalc.optimum.assignment import chains
from csmcalc.optimum.assignment.knapsacks import has_capacities_alone
from tests.books_assign.test_engine import INSTANCES

OPTIMUM = 789
WITH_NUMBA = importlib.util.find_spec("numba") is not None


def searched(kernel: Any, rounds: int) -> tuple[float, np.ndarray, tuple[np.ndarray, ...]]:
    """What chains find for a published instance of 8 agents and 40 jobs."""
    cost, weight, capacity = read_gap(INSTANCES / "gap" / "gap8-3")
    costs, weights = cost.T.astype(float), weight.T.astype(float)
    low = np.ones(len(capacity))
    key = costs + low * weights
    near = np.argsort(key, axis=1, kind="stable")[:, :5].astype(np.int32)
    owner = near[:, 0].astype(np.int64)
    best = owner.copy()
    least = kernel(
        costs, key, weights, capacity.astype(float), near, low, 2 * low, owner, best, np.inf,
        np.array([7]), np.zeros((1000, 2), np.int64), rounds, 0.1,
    )  # fmt: skip
    return least, best, (costs, weights, capacity)


def test_what_chains_find_fits_and_costs_what_they_say() -> None:
    least, best, (costs, weights, capacity) = searched(chains.kicked, 300)
    jobs = np.arange(len(best))
    assert (np.bincount(best, weights[jobs, best], len(capacity)) <= capacity).all()
    assert least == costs[jobs, best].sum()
    assert least >= OPTIMUM
    assert least <= 1.02 * OPTIMUM


@pytest.mark.skipif(not WITH_NUMBA, reason="numba is not installed")
def test_compiled_chains_take_the_same_steps() -> None:
    kernel = compiled(chains.KERNELS)["kicked"]
    slow, fast = searched(chains.kicked, 100), searched(kernel, 100)
    assert slow[0] == fast[0]
    assert (slow[1] == fast[1]).all()


@pytest.mark.long
@pytest.mark.skipif(not WITH_NUMBA, reason="numba is not installed")
def test_relabelled_rescaled_and_broken_weights_keep_their_capacities() -> None:
    random = np.random.default_rng(3)
    weight = random.uniform(5, 25, (20, 200))
    cost = np.round(200 / weight * random.uniform(0.5, 1.5, weight.shape), 3)
    capacity = 0.8 * weight.sum(axis=1) / 20
    assert has_capacities_alone(gap_problem(cost, weight, capacity))
    found = solve_gap(cost, weight, capacity, seconds=10)
    jobs = np.arange(200)
    load = np.bincount(found.owner, weight[found.owner, jobs], 20)
    assert (load <= capacity * (1 + 1e-9)).all()
    assert found.value == pytest.approx(cost[found.owner, jobs].sum())
    assert found.bound <= found.value <= 1.05 * found.bound
    with pytest.raises(InfeasibleError):
        solve_gap(cost, weight, 0.3 * capacity, seconds=5)
