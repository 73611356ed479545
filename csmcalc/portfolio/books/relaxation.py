"""Rules that cannot be kept together: the least that has to give."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Problem
from csmcalc.optimum.assignment.repair import softened
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK
from csmcalc.portfolio.books.model import Model, build
from csmcalc.portfolio.books.options import Options
from csmcalc.portfolio.books.task import Task


@dataclass(frozen=True, slots=True)
class Relaxation:
    """How far a limit of one CSM would have to give, and that as a share of the limit.

    `above` tells an upper limit, which has to allow more, from a lower one, which has to ask less.
    A limit of 0 has no share.
    """

    rule: str
    csm: str
    amount: float
    share: float | None
    measure: str
    above: bool = True


def relaxations(
    task: Task, model: Model | None = None, options: Options | None = None
) -> list[Relaxation]:
    """The least, in per cent of the limits, by which limits must give for books to exist.

    Empty where the rules can be kept. Who may serve whom is not relaxed here.
    """
    model = model or build(task)
    options = options or Options(5.0, 0, DEFAULT_WORK, 2)
    hard = model.problem
    scaled = dataclasses.replace(
        hard, cost=np.zeros_like(hard.cost), over=0 * hard.over, under=0 * hard.under
    )
    soft = softened(scaled, 1.0)
    over, under = _in_percent(hard, soft)
    soft = dataclasses.replace(soft, over=over, under=under)
    answer = options.run(soft)
    if answer.chosen is None:
        return []
    loads = hard.loads(answer.chosen)
    excess = hard.excess(loads)
    found = []
    for k, at in zip(*np.nonzero(excess), strict=True):
        measure = model.measures[k]
        above = bool(loads[k, at] > measure.high[at])
        limit = measure.high[at] if above else measure.low[at]
        amount = float(excess[k, at])
        share = amount / abs(float(limit)) if limit else None
        found.append(Relaxation(measure.source, task.names[at], amount, share, measure.name, above))
    # without a share there is nothing to compare but the amounts, which come first
    return sorted(found, key=lambda one: (one.share is not None, -(one.share or one.amount)))


def _in_percent(hard: Problem, soft: Problem) -> tuple[Floats, Floats]:
    """Prices of limits in per cent of each limit, so that a big CSM is not favoured."""
    base = np.maximum(
        np.abs(soft.target), 1e-9 + np.abs(hard.size).sum() / max(1, hard.agents) * 1e-6
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(soft.over > 0, 100 / base, 0.0)
        under = np.where(soft.under > 0, 100 / base, 0.0)
    zero = soft.target == 0
    return (
        np.where(zero, np.minimum(over, soft.over), over),
        np.where(zero, np.minimum(under, soft.under), under),
    )


def limit_words(one: Relaxation) -> str:
    """What would have to give, in words."""
    source = (
        "" if one.measure == "hours" and one.rule.startswith("capacity") else f' for "{one.rule}"'
    )
    unit = {"arr": "ARR"}.get(one.measure, one.measure).replace("renewals in", "ARR renewing in")
    amount = f"{one.amount:,.0f}" if one.amount >= 100 else f"{one.amount:,.4g}"
    share = "" if one.share is None else f" ({one.share:,.1%})"
    return f"{amount} {'more' if one.above else 'less'} {unit}{share}{source}"
