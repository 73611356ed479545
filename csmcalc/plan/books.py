"""The books of a plan: its accounts given to a team, under the settings' weights and rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.books.answers import RuleCost, rule_costs
from csmcalc.portfolio.books.assign import Assigned, assign
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK
from csmcalc.portfolio.books.engine.keyboard import keyboard
from csmcalc.portfolio.books.task import Task, make_task
from csmcalc.portfolio.books.team import Csm


@dataclass(frozen=True)
class BookPlan:
    """Who owns whom, and the plan it rests on.

    Attributes:
        rule_costs: what each rule costs, as far as there was time to work it out.
        asked: what was asked beyond the lists, in words: who leaves, who joins, fewest moves.
    """

    plan: Plan
    assigned: Assigned
    rule_costs: tuple[RuleCost, ...]
    asked: tuple[str, ...] = ()

    @property
    def task(self) -> Task:
        """The question."""
        return self.assigned.task


def task_of(plan: Plan, team: Sequence[Csm]) -> Task:
    """Who owns whom, as a question: what hours bring each account comes from the value view."""
    books = plan.settings.books
    given = plan.value.accounts
    accounts = plan.accounts.assign(value_scale=given["scale"], kappa=given["kappa"])
    return make_task(accounts, team, books.weights, books.parsed(), books.continuity_by)


_FOR_COSTS = 0.4
"""Share of the time that goes to the cost of the rules, where there are any."""

_LEAST = 0.5
"""Seconds below which the cost of a rule is not worth working out."""


def make_books(
    plan: Plan,
    task: Task,
    seconds: float | None = None,
    seed: int = 0,
    work: int = DEFAULT_WORK,
    asked: Sequence[str] = (),
) -> BookPlan:
    """The books of a task and the cost of its rules, together within the time or the steps."""
    many = len(task.rules)
    own = 1 - _FOR_COSTS if many else 1.0
    with keyboard() as keys:
        found = assign(task, None if seconds is None else own * seconds, seed, work)
        if seconds is not None:
            many = min(many, int(_FOR_COSTS * seconds / _LEAST))
        costs: list[RuleCost] = []
        if many and not keys.stop.is_set():
            each = None if seconds is None else _FOR_COSTS * seconds / many
            costs = rule_costs(found, each, seed, work, many)
        found = dataclasses.replace(found, interrupted=keys.stop.is_set())
    return BookPlan(plan, found, tuple(costs), tuple(asked))
