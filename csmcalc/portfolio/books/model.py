"""From a task to the engine's problem: pairs to arcs, rules and weights to measured loads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import InputError
from csmcalc.optimum.assignment.parts import labels
from csmcalc.optimum.assignment.points import balance_price, change_points, fair_targets
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.rules import Balance, KeepOwner, Limit, MonthlyRenewals
from csmcalc.portfolio.books.task import Task, eligible
from csmcalc.portfolio.books.value import common_price, wanted_hours
from csmcalc.portfolio.books.weights import RENEWAL_SHARE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One load of every book: sizes by customer, limits, target and prices by CSM.

    `source` says in words what its limits come from.
    """

    name: str
    source: str
    size: Floats
    low: Floats
    high: Floats
    target: Floats
    over: Floats
    under: Floats


@dataclass(frozen=True)
class Model:
    """The engine's problem and what its measures mean."""

    problem: Problem
    measures: tuple[Measure, ...]
    targets: dict[str, Floats]


def sizes(task: Task) -> dict[str, Floats]:
    """What each customer weighs in the loads that are balanced."""
    frame = task.customers
    known = {
        "hours": frame["hours"].to_numpy(dtype=float),
        "arr": frame["arr"].to_numpy(dtype=float),
        "customers": np.ones(len(frame)),
    }
    if "risk" in frame:
        known["risk"] = frame["risk"].fillna(0.0).to_numpy(dtype=float)
    if "value_scale" in frame and "kappa" in frame:
        scale, kappa = (frame[c].to_numpy(dtype=float) for c in ("value_scale", "kappa"))
        hours = sum(csm.share for csm in task.team)
        known["value"] = wanted_hours(scale, kappa, common_price(scale, kappa, hours))
    return known


def build(task: Task) -> Model:
    """The problem of a task."""
    pairs = eligible(task)
    first = pairs.first(len(task.customers))
    loads = sizes(task)
    targets = _targets(task, loads)
    measures = _measures(task, loads, targets)
    problem = Problem(
        first=first,
        agent=pairs.csm,
        cost=change_points(
            task.changing, task.today, pairs.customer, pairs.csm, task.weights.continuity
        ),
        size=np.array([m.size[pairs.customer] for m in measures]),
        **{
            row: np.array([getattr(m, row) for m in measures])
            for row in ("low", "high", "target", "over", "under")
        },
    )
    return Model(problem, tuple(measures), targets)


def _targets(task: Task, loads: dict[str, Floats]) -> dict[str, Floats]:
    """Fair shares among all CSMs whom customers hold together.

    A customer that has to stay with its owner still counts for all who could serve it: books do
    not become even because they have to be kept.
    """
    rules = tuple(rule for rule in task.rules if not isinstance(rule, KeepOwner))
    pairs = eligible(dataclasses.replace(task, rules=rules))
    first = pairs.first(len(task.customers))
    label = labels(_shell(first, pairs.csm, len(task.team)))
    part = label[pairs.csm[first[:-1]]]
    share = np.array([csm.share for csm in task.team])
    return {name: fair_targets(size, part, label, share) for name, size in loads.items()}


def _shell(first: Ints, agent: Ints, agents: int) -> Problem:
    """The arcs alone, to see what hangs together."""
    rows = np.zeros((0, agents))
    return Problem(first, agent, np.zeros(len(agent)), np.zeros((0, len(agent))), *[rows] * 5)


def _measures(task: Task, loads: dict[str, Floats], targets: dict[str, Floats]) -> list[Measure]:
    weights = task.weights
    capacity = np.array([csm.hours for csm in task.team])
    hours = _balanced("hours", loads["hours"], targets["hours"], weights.workload)
    found = {"hours": _with(hours, high=capacity, source="capacity in hours")}
    if weights.ramp and any(csm.ramp < 1 for csm in task.team):
        found["hours"] = _ramped(task, found["hours"], weights.ramp)
    for name, weight in (
        ("arr", weights.arr),
        ("risk", weights.risk),
        ("customers", weights.count),
        ("value", weights.value),
    ):
        if name in loads and weight > 0 and loads[name].any():
            found[name] = _balanced(name, loads[name], targets[name], weight)
    more = _spread(task, loads["arr"], targets["arr"])
    for rule in task.rules:
        if isinstance(rule, Balance | Limit):
            more.append(_limit(task, rule, loads, targets))
        elif isinstance(rule, MonthlyRenewals):
            more += _monthly(task, rule, loads["arr"])
    return [*found.values(), *more]


def _balanced(name: str, size: Floats, target: Floats, weight: float) -> Measure:
    price = balance_price(target, weight)
    nothing = np.full(len(target), np.inf)
    return Measure(name, "", size, -nothing, nothing, target, price, price)


def _with(
    measure: Measure, source: str, low: Floats | None = None, high: Floats | None = None
) -> Measure:
    return Measure(
        measure.name,
        source,
        measure.size,
        measure.low if low is None else low,
        measure.high if high is None else high,
        measure.target,
        measure.over,
        measure.under,
    )


def _ramped(task: Task, hours: Measure, weight: float) -> Measure:
    """Hours of a ramping CSM above the target cost more: the target is what the ramp allows."""
    ramping = np.array([0 < csm.ramp < 1 for csm in task.team]) & (hours.target > 0)
    if not ramping.any():
        return hours
    with np.errstate(divide="ignore", invalid="ignore"):
        more = np.where(ramping, 100 * weight / (ramping.sum() * hours.target), 0.0)
    return Measure(
        hours.name, hours.source, hours.size, hours.low, hours.high,
        hours.target, hours.over + more, hours.under,
    )  # fmt: skip


def renewal_months(task: Task) -> Ints:
    """Calendar month of each customer's next renewal, 0 where it is not known."""
    if "renewal" not in task.customers:
        return np.zeros(len(task.customers), dtype=np.int64)
    months = task.customers["renewal"].dt.month
    return np.asarray(months.fillna(0), dtype=np.int64)


def _spread(task: Task, arr: Floats, target: Floats) -> list[Measure]:
    """ARR renewing in a month above its share of the book, as a load whose target is 0."""
    weight, months = task.weights.renewals, renewal_months(task)
    if weight <= 0:
        return []
    price = balance_price(target, weight)
    none, zero = np.full(len(target), np.inf), np.zeros(len(target))
    return [
        Measure(
            f"renewals in {MONTHS[month - 1]}", "", arr * ((months == month) - RENEWAL_SHARE),
            -none, none, zero, price, zero,
        )
        for month in np.unique(months[months > 0]).tolist()
    ]  # fmt: skip


def _monthly(task: Task, rule: MonthlyRenewals, arr: Floats) -> list[Measure]:
    months = renewal_months(task)
    if not months.any():
        raise InputError(f'rule "{rule.text}": the customer list has no renewal dates')
    zero = np.zeros(len(task.team))
    none = np.full(len(task.team), np.inf)
    return [
        Measure(
            f"renewals in {MONTHS[month - 1]}", rule.text, arr * ((months == month) - rule.share),
            -none, zero, zero, zero, zero,
        )
        for month in np.unique(months[months > 0]).tolist()
    ]  # fmt: skip


def _limit(
    task: Task,
    rule: Balance | Limit,
    loads: dict[str, Floats],
    targets: dict[str, Floats],
) -> Measure:
    """A rule's limits as a measure of their own, so that each can be named and relaxed."""
    if rule.measure not in loads:
        raise InputError(
            f'rule "{rule.text}": the customer list has neither risk nor health to take it from'
        )
    there = np.array([csm.share > 0 for csm in task.team])
    none, zero = np.full(len(there), np.inf), np.zeros(len(there))
    low, high = -none, none
    if isinstance(rule, Balance):
        low = np.where(there, targets[rule.measure] * (1 - rule.within), -np.inf)
        high = np.where(there, targets[rule.measure] * (1 + rule.within), np.inf)
    else:
        amount = np.full(len(there), rule.amount)
        if rule.of_capacity:
            amount = rule.amount * np.array([csm.hours for csm in task.team])
        amount = np.where(there, amount, np.inf if rule.at_most else -np.inf)
        low, high = (low, amount) if rule.at_most else (amount, high)
    return Measure(rule.measure, rule.text, loads[rule.measure], low, high, zero, zero, zero)
