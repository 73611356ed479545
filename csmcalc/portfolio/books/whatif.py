"""What if: a CSM leaves, one joins, or as few customers as possible may move."""

from __future__ import annotations

import dataclasses

from csmcalc.core.setting import unknown_name
from csmcalc.errors import InputError
from csmcalc.portfolio.books.assign import Assigned, assign
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import Csm
from csmcalc.portfolio.books.weights import Weights
from csmcalc.portfolio.service import plain_word

FEWEST_MOVES = Weights(
    workload=0, arr=0, risk=0, count=0, continuity=1, renewals=0, ramp=0, value=0
)
"""Nothing counts but what changes hands."""


def leaves(task: Task, name: str) -> Task:
    """The same task without a CSM."""
    if plain_word(name) not in {plain_word(one) for one in task.names}:
        raise unknown_name("CSM who leaves", name, task.names)
    rest = tuple(csm for csm in task.team if plain_word(csm.name) != plain_word(name))
    if not rest:
        raise InputError(f'"{name}" is the only CSM; nobody is left to take the customers')
    return dataclasses.replace(task, team=rest)


def joins(task: Task, csm: Csm) -> Task:
    """The same task with one more CSM, who may be ramping."""
    return dataclasses.replace(task, team=(*task.team, csm))


def fewest_moves(
    task: Task, seconds: float | None = None, seed: int = 0, by: str = "arr", work: int = 100
) -> Assigned:
    """Books that keep every hard rule and move as little ARR (or `by="customers"`) as possible."""
    task = dataclasses.replace(task, weights=FEWEST_MOVES, continuity_by=by)
    return assign(task, seconds, seed, work)
