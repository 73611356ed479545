"""Limits that are broken: turned into prices, relieved by exchanges."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from csmcalc.optimum.assignment.exchange import Exchanger, Prices
from csmcalc.optimum.assignment.problem import Ints, Problem


def softened(problem: Problem, price: float) -> Problem:
    """The same problem with every hard limit turned into a price per unit beyond it.

    Upper and lower limits become measures of their own behind the others.
    """
    sizes, targets, overs, unders = (
        [problem.size],
        [problem.target],
        [problem.over],
        [problem.under],
    )
    nothing = np.zeros_like(problem.target)
    unit = np.maximum(np.abs(problem.size).mean(axis=1), 1e-12)[:, None]
    for limit, above in ((problem.high, True), (problem.low, False)):
        there = np.isfinite(limit)
        if there.any():
            sizes.append(problem.size)
            targets.append(np.where(there, limit, 0.0))
            dear = np.where(there, price / unit, 0.0)
            overs.append(dear if above else nothing)
            unders.append(nothing if above else dear)
    target = np.concatenate(targets)
    return dataclasses.replace(
        problem,
        size=np.concatenate(sizes),
        low=np.full_like(target, -np.inf),
        high=np.full_like(target, np.inf),
        target=target,
        over=np.concatenate(overs),
        under=np.concatenate(unders),
    )


def relieved(problem: Problem, chosen: Ints, over: Callable[[], bool]) -> Ints:
    """An answer near the given one that breaks the limits less, or not at all, by exchanges."""
    scale = float(np.abs(problem.cost).max()) + float(problem.prices(problem.loads(chosen)).max())
    soft = softened(problem, 10.0 * max(scale, 1.0))
    free = Prices.of(soft, np.zeros_like(soft.target), np.zeros_like(soft.target))
    for singles in (30, 120):
        exchanger = Exchanger(soft, free, chosen, singles=singles, pairs=5 * singles)
        _relieve(problem, exchanger, over)
        chosen = exchanger.chosen
        if problem.feasible(chosen):
            break
    return chosen


def _relieve(problem: Problem, exchanger: Exchanger, over: Callable[[], bool]) -> None:
    """Exchange between agents beyond a limit and others until all keep theirs or nothing helps."""
    while not over():
        excess = problem.excess(problem.loads(exchanger.chosen)).sum(axis=0)
        gained = False
        for agent in np.argsort(-excess, kind="stable")[: int((excess > 0).sum())].tolist():
            for other in range(problem.agents):
                if over():
                    return
                if other != agent and exchanger.improve((agent, other)) > 0:
                    gained = True
                    if not problem.excess(problem.loads(exchanger.chosen))[:, agent].any():
                        break
        if not gained:
            return
