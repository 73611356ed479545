"""What balanced books are made of: targets, the points of a load off its target, changes of hands.

A point is one per cent of mean distance from the target over the agents, times its weight.
"""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints


def fair_targets(size: Floats, part: Ints, label: Ints, share: Floats) -> Floats:
    """Each agent's part of the load of all who hang together, by their shares.

    `part` is the label of each item's agents, `label` that of each agent.
    """
    total = np.bincount(part, size, len(share))
    whole = np.bincount(label, share, len(share))
    with np.errstate(invalid="ignore", divide="ignore"):
        target = total[label] * share / whole[label]
    return np.where(share > 0, target, 0.0)


def balance_price(target: Floats, weight: float) -> Floats:
    """Points of a unit of load off each agent's target; agents without a target do not count."""
    agents = max(1, int((target > 0).sum()))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(target > 0, 100 * weight / (agents * target), 0.0)


def change_points(counted: Floats, today: Ints, item: Ints, agent: Ints, weight: float) -> Floats:
    """Points of each arc that takes an item from today's agent (-1: none), by what counts."""
    owned = np.where(today >= 0, counted, 0.0)
    points = owned * (100 * weight / (owned.sum() or 1.0))
    return np.where(agent == today[item], 0.0, points[item])
