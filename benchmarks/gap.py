"""Generalised assignment as a yardstick: the engine that makes books, on published instances.

    python -m benchmarks.gap FILE... [--seconds 20] [--best NAME=VALUE ...] [--rivals PYTHON]

Files are in OR-Library format: agents, jobs, costs by agent, weights by agent, capacities. Rivals
in the same run, told an interpreter that has it: HiGHS plain and OR-tools CP-SAT.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.rivals import elsewhere, plain_highs
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK
from csmcalc.portfolio.books.engine.solve import solve

Owners = NDArray[np.int64]

CP_SAT = """
import json, sys, numpy as np
from ortools.sat.python import cp_model
numbers = np.array(open(sys.argv[1]).read().split(), dtype=int)
seconds, threads = float(sys.argv[2]), int(sys.argv[3])
m, n = numbers[:2].tolist(); model = cp_model.CpModel()
cost, weight = numbers[2:2 + m * n].reshape(m, n), numbers[2 + m * n:2 + 2 * m * n].reshape(m, n)
capacity = numbers[2 + 2 * m * n:]
x = [[model.new_bool_var("") for j in range(n)] for i in range(m)]
for j in range(n):
    model.add_exactly_one(x[i][j] for i in range(m))
for i in range(m):
    model.add(sum(int(weight[i, j]) * x[i][j] for j in range(n)) <= int(capacity[i]))
model.minimize(sum(int(cost[i, j]) * x[i][j] for i in range(m) for j in range(n)))
solver = cp_model.CpSolver()
solver.parameters.max_time_in_seconds = seconds; solver.parameters.num_workers = threads
solver.solve(model)
owner = [max(range(m), key=lambda i: solver.value(x[i][j])) for j in range(n)]
print(json.dumps([owner, solver.best_objective_bound]))
"""


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
    if not len(most) and costs.shape[1]:
        raise InputError(f"there are no agents for {costs.shape[1]} jobs; give at least one")
    for what, numbers in (("weights", weights), ("capacities", most)):
        if np.isnan(numbers).any():
            raise InputError(f"{what} must be numbers")
    if not np.isfinite(costs).all():
        raise InputError("costs must be numbers; a weight above the capacity leaves a pair out")
    if (most < 0).any():
        raise InputError(f"capacity {most.min():g} is negative; a capacity is 0 or more")
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
    work: int = DEFAULT_WORK,
) -> GapResult:
    """Give each job to one agent within the capacities, at the least cost.

    With `seconds` None the search takes `work` steps and is repeatable; a step takes longer on
    larger instances (docs/books.md).
    """
    problem = gap_problem(cost, weight, capacity)
    answer = solve(problem, seconds, seed, work)
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


def answers(
    path: Path, seconds: float, seed: int, threads: int, rivals: str
) -> Iterator[tuple[str, Owners | None, float]]:
    """Who, the agent of each job, and the bound."""
    found = solve_gap(*read_gap(path), seconds=seconds, seed=seed)
    yield "csmcalc", found.owner, found.bound
    if rivals:
        yield "HiGHS", *plain_highs(gap_problem(*read_gap(path)), seconds)
        told = elsewhere(rivals, CP_SAT, path, seconds, threads)
        yield ("CP-SAT", None, -np.inf) if told is None else ("CP-SAT", np.array(told[0]), told[1])


def row(path: Path, owner: Owners | None, bound: float, best: float | None) -> str:
    """Value, bound, gap, distance to the best known and broken capacities, from the file."""
    if owner is None:
        return f"{'no answer':>12}{bound:>12,.1f}{'':>27}"
    cost, weight, capacity = read_gap(path)
    jobs = np.arange(cost.shape[1])
    value = float(cost[owner, jobs].sum())
    broken = int((np.bincount(owner, weight[owner, jobs], len(capacity)) > capacity).sum())
    gap = 100 * (value - bound) / abs(value or 1)
    to_best = f"{100 * (value / best - 1):.3f}" if best else "-"
    return f"{value:>12,.0f}{bound:>12,.1f}{gap:>8.3f}{to_best:>11}{broken:>8}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rivals", default="", metavar="PYTHON")
    parser.add_argument("--best", nargs="*", default=[], metavar="NAME=VALUE")
    told = parser.parse_args()
    best = {name: float(value) for name, value in (one.split("=") for one in told.best)}
    heads = f"{'value':>12}{'bound':>12}{'gap %':>8}{'to best %':>11}{'broken':>8}{'seconds':>9}"
    print(f"{'instance':<12}{'who':<9}{heads}")
    for path in told.files:
        begin = time.perf_counter()
        made = answers(path, told.seconds, told.seed, told.threads, told.rivals)
        for who, owner, bound in made:
            took = time.perf_counter() - begin
            line = row(path, owner, bound, best.get(path.name))
            print(f"{path.name:<12}{who:<9}{line}{took:>9.1f}", flush=True)
            begin = time.perf_counter()


if __name__ == "__main__":
    main()
