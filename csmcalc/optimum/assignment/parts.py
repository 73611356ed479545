"""Parts of a problem that have nothing to do with each other, each a problem of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.problem import Ints, Problem


@dataclass(frozen=True)
class Part:
    """A part and where its items, agents and arcs stand in the whole."""

    problem: Problem
    items: Ints
    agents: Ints
    arcs: Ints


def labels(problem: Problem) -> Ints:
    """By agent, the lowest agent it is connected with through items both may take."""
    label = np.arange(problem.agents)
    lead = problem.agent[problem.first[:-1]][problem.item]
    while True:
        lower = label.copy()
        np.minimum.at(lower, problem.agent, label[lead])
        np.minimum.at(lower, lead, label[problem.agent])
        lower = lower[lower]
        if (lower == label).all():
            return label
        label = lower


def split(problem: Problem) -> list[Part]:
    """The connected parts of a problem."""
    label = labels(problem)
    of_arc = label[problem.agent]
    by = np.argsort(of_arc, kind="stable")
    agents_by = np.argsort(label, kind="stable")
    parts = []
    roots = np.unique(label)
    arc_cuts = np.searchsorted(of_arc[by], roots[1:])
    agent_cuts = np.searchsorted(label[agents_by], roots[1:])
    for arcs, agents in zip(np.split(by, arc_cuts), np.split(agents_by, agent_cuts), strict=True):
        parts.append(part(problem, arcs, agents))
    return parts


def part(problem: Problem, arcs: Ints, agents: Ints) -> Part:
    """The problem of some arcs (whole items or not, in order) and the agents they lead to."""
    items = np.unique(problem.item[arcs])
    place = np.full(problem.agents, -1)
    place[agents] = np.arange(len(agents))
    counts = np.bincount(np.searchsorted(items, problem.item[arcs]), minlength=len(items))
    rows = {
        name: getattr(problem, name)[:, agents]
        for name in ("low", "high", "target", "over", "under")
    }
    inner = Problem(
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        agent=place[problem.agent[arcs]],
        cost=problem.cost[arcs],
        size=problem.size[:, arcs],
        **rows,
    )
    return Part(inner, items, agents, arcs)
