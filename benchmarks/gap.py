"""Generalised assignment as a yardstick: the engine that makes books, on published instances.

    python -m benchmarks.gap FILE... [--seconds 20] [--best NAME=VALUE ...]

Files are in OR-Library format: agents, jobs, costs by agent, weights by agent, capacities.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.engine.solve import solve


@dataclass(frozen=True, slots=True)
class GapResult:
    """The agent of each job, the cost of that, and a bound that no assignment beats."""

    owner: NDArray[np.int64]
    value: float
    bound: float
    seconds: float


def gap_problem(cost: ArrayLike, weight: ArrayLike, capacity: ArrayLike) -> Problem:
    """The engine's problem of agents x jobs arrays; a job too heavy for an agent has no arc."""
    costs, weights = np.asarray(cost, dtype=float), np.asarray(weight, dtype=float)
    most = np.asarray(capacity, dtype=float)
    if costs.shape != weights.shape or costs.ndim != 2 or most.shape != costs.shape[:1]:
        raise InputError(
            f"cost {costs.shape}, weight {weights.shape} and capacity {most.shape} must be "
            "agents x jobs, agents x jobs and agents"
        )
    fits = (weights <= most[:, None]).T
    alone = np.flatnonzero(~fits.any(axis=1))
    if len(alone):
        raise InfeasibleError(f"job {alone[0]} is heavier than every agent's capacity")
    job, agent = np.nonzero(fits)
    none, zero = np.full((1, len(most)), np.inf), np.zeros((1, len(most)))
    first = np.concatenate([[0], np.cumsum(fits.sum(axis=1))]).astype(np.int64)
    return Problem(
        first,
        agent,
        costs[agent, job],
        weights[agent, job][None],
        -none,
        most[None],
        zero,
        zero,
        zero,
    )


def solve_gap(
    cost: ArrayLike,
    weight: ArrayLike,
    capacity: ArrayLike,
    seconds: float | None = 20,
    seed: int = 0,
) -> GapResult:
    """Give each job to one agent within the capacities, at the least cost."""
    problem = gap_problem(cost, weight, capacity)
    answer = solve(problem, seconds=seconds, seed=seed)
    if answer.chosen is None:
        proof = "there is no assignment" if answer.infeasible else "no assignment was found in time"
        raise InfeasibleError(f"{proof} within the capacities")
    return GapResult(problem.agent[answer.chosen], answer.value, answer.bound, answer.seconds)


def read_gap(path: Path) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Costs, weights and capacities of a file in OR-Library format."""
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    agents, jobs = int(numbers[0]), int(numbers[1])
    size = agents * jobs
    cost, weight, capacity = np.split(numbers[2:], [size, 2 * size])
    return cost.reshape(agents, jobs), weight.reshape(agents, jobs), capacity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--best", nargs="*", default=[], metavar="NAME=VALUE")
    told = parser.parse_args()
    best = {name: float(value) for name, value in (one.split("=") for one in told.best)}
    print(f"{'instance':<12}{'value':>12}{'bound':>12}{'gap %':>8}{'to best %':>11}{'seconds':>9}")
    for path in told.files:
        found = solve_gap(*read_gap(path), seconds=told.seconds, seed=told.seed)
        gap = 100 * (found.value - found.bound) / abs(found.value or 1)
        known = best.get(path.name)
        to_best = f"{100 * (found.value / known - 1):.3f}" if known else "-"
        print(
            f"{path.name:<12}{found.value:>12,.0f}{found.bound:>12,.0f}{gap:>8.3f}{to_best:>11}"
            f"{found.seconds:>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
