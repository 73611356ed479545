"""A first assignment: the heaviest items first, each where it costs least by then."""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints, Problem

_EARLY = 0.1
"""How much a load that is still below its target counts, in parts of one above it."""


def by_weight(problem: Problem) -> Ints:
    """Rank of each item by what it weighs in the objective, the heaviest first."""
    dear = np.maximum(problem.over, problem.under)[:, problem.agent]
    if not dear.any():
        dear = np.where(np.isfinite(problem.high), 1 / np.maximum(problem.high, 1e-300), 0.0)
        dear = dear[:, problem.agent]
    weight = (np.abs(problem.size) * dear).max(axis=0)
    heaviest = np.maximum.reduceat(weight, problem.first[:-1])
    rank = np.empty(problem.items, dtype=np.int64)
    rank[np.argsort(-heaviest, kind="stable")] = np.arange(problem.items)
    return rank


def completed(problem: Problem, chosen: Ints, items: Ints) -> Ints:
    """An answer of which some items are decided anew, the heaviest first.

    Each goes where it costs least by then, what it changes of the prices of loads counted.
    """
    chosen = chosen.copy()
    settled = np.ones(problem.items, dtype=bool)
    settled[items] = False
    loads = problem.loads(chosen[settled])
    for item in items[np.argsort(by_weight(problem)[items], kind="stable")].tolist():
        arcs = slice(int(problem.first[item]), int(problem.first[item + 1]))
        agents, size = problem.agent[arcs], problem.size[:, arcs]
        after = loads[:, agents] + size
        beyond = np.maximum(after - problem.slack[1][:, agents], 0.0)
        broken = np.where(np.isfinite(beyond), beyond, 0.0).sum(axis=0)
        paid = _paid(problem, agents, after) - _paid(problem, agents, loads[:, agents])
        best = np.lexsort((problem.cost[arcs] + paid, broken))[0]
        chosen[item] = arcs.start + best
        loads[:, agents[best]] += size[:, best]
    return chosen


def _paid(problem: Problem, agents: Ints, loads: Floats) -> Floats:
    """What loads of some agents cost."""
    above = loads - problem.target[:, agents]
    over, under = problem.over[:, agents], problem.under[:, agents]
    paid: Floats = (np.maximum(above, 0) * over + np.maximum(-above, 0) * under).sum(axis=0)
    return paid


def weight_of(problem: Problem, measure: int) -> float:
    """What all items together weigh in the objective by one of their loads, at most."""
    dear = np.maximum(problem.over[measure], problem.under[measure])[problem.agent]
    each = np.maximum.reduceat(np.abs(problem.size[measure]) * dear, problem.first[:-1])
    return float(each.sum())


def greedy(problem: Problem, key: Floats) -> Ints:
    """Each item, the heaviest first, to the arc of the lowest key whose agent has room for it.

    Loads count against the targets as they fill, so that keys and balance are weighed together;
    an item that fits nowhere goes where it breaks the limits least.
    """
    order = np.argsort(by_weight(problem), kind="stable")
    chosen = problem.first[:-1].copy()
    loads = np.zeros_like(problem.target)
    high = problem.slack[1]
    full = np.where(problem.target > 0, problem.target, np.inf)
    for item in order.tolist():
        arcs = slice(int(problem.first[item]), int(problem.first[item + 1]))
        agents, size = problem.agent[arcs], problem.size[:, arcs]
        after = loads[:, agents] + size
        beyond = np.maximum(after - high[:, agents], 0.0)
        broken = np.where(np.isfinite(beyond), beyond, 0.0).sum(axis=0)
        above = np.maximum(after - problem.target[:, agents], 0.0)
        fill = _EARLY * np.maximum(size, 0.0) * (after / full[:, agents])
        filled = ((above + fill) * problem.over[:, agents]).sum(axis=0)
        best = np.lexsort((key[arcs] + filled, broken))[0]
        chosen[item] = arcs.start + best
        loads[:, agents[best]] += size[:, best]
    return chosen
