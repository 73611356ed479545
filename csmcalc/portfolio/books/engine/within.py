"""A small problem with limits on sums over all agents, which no price settles exactly."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Problem
from csmcalc.portfolio.books.engine.clock import Effort
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.keyboard import ended, keyboard, lanes
from csmcalc.portfolio.books.engine.mip import Programme
from csmcalc.portfolio.books.engine.solve import Answer

_NODES = 20
"""Nodes of the tree that a step of work pays for."""


def within(
    problem: Problem,
    rows: Sequence[tuple[Floats, float]],
    best: Answer,
    seconds: float | None,
    work: int,
) -> Answer:
    """An answer no worse than the one known, and its bound, where HiGHS takes all items whole.

    Each of the `rows` has a weight per arc and what the arcs taken may weigh together. The known
    answer keeps them. An interrupt from the keyboard ends with the best answer so far.
    """
    begin = time.monotonic()
    whole = np.ones(len(problem.agent), dtype=bool)
    programme = Programme(problem, cuts=False)
    # Python sees an interrupt between its own steps alone: HiGHS runs beside them
    with keyboard() as keys, lanes(1, keys.stop) as beside:
        effort = Effort(nodes=_NODES * work, stop=keys.stop)
        if seconds is not None:
            effort = Effort(seconds=max(seconds, 0.1), stop=keys.stop)
        run = beside.submit(programme.run, effort, whole=whole, start=best.chosen, rows=rows)
        ended([run])
        found = run.result()
    chosen, value = best.chosen, best.value
    if found.share is not None:
        taken = rounded(problem, found.share)
        keeps = all(weight[taken].sum() <= most * (1 + 1e-9) + 1e-12 for weight, most in rows)
        if keeps and problem.feasible(taken) and problem.value(taken) < value:
            chosen, value = taken, problem.value(taken)
    # the known answer keeps all: what finds none has stumbled over rounding and proves nothing
    bound = best.bound if found.infeasible else min(max(best.bound, found.bound), value)
    return dataclasses.replace(
        best,
        chosen=chosen,
        value=value,
        bound=bound,
        seconds=best.seconds + time.monotonic() - begin,
        interrupted=best.interrupted or keys.stop.is_set(),
    )
