"""What sums settle before any search: rules that the customers together, or one of them, rule out.

The load of customers who can only go to certain CSMs has to fit these CSMs' limits together; so
has the load of one customer the limit of some CSM. Where it does not, no search is needed, and the
limit that the sums ask for is the least by which the rule has to give.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum.assignment.parts import labels
from csmcalc.optimum.assignment.problem import Ints, Mask, Problem
from csmcalc.portfolio.books.model import Measure, Model
from csmcalc.portfolio.books.rules import AnyRule, Limit, MonthlyRenewals
from csmcalc.portfolio.books.task import Task

Floats = NDArray[np.float64]

_SETS = 300
"""Different sets of CSMs that are looked at beside the parts as a whole."""

_SAID = 5
"""Rules that are told at once."""

_LEAST = "the smallest relaxation by sums alone"

_NAMED = 3
"""CSMs up to whom they are named."""


_UNITS = {"hours": "hours", "arr": "ARR", "risk": "risk", "customers": "customers"}
"""Loads that add up over the customers of a book, and how they are called."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A limit that cannot be kept: what the customers come to, and what their CSMs may hold.

    Attributes:
        measure: position of the measure whose limits are meant.
        customers: the customers whose load is summed.
        csms: the CSMs who share it.
        load: the sum.
        room: the most, or where not `above` the least, that the CSMs may hold together.
    """

    measure: int
    customers: Ints
    csms: Ints
    load: float
    room: float
    above: bool


def impossible(task: Task, model: Model) -> str:
    """Why no books can keep the rules, with the least that has to give; empty where sums allow."""
    worst: dict[str, tuple[float, Shortfall]] = {}
    for one in shortfalls(model):
        measure = model.measures[one.measure]
        needed = _needed(task, measure, one)
        rank = needed if one.above else -needed
        if measure.source not in worst or rank > worst[measure.source][0]:
            worst[measure.source] = rank, one
    if not worst:
        return ""
    told = [_words(task, model.measures[one.measure], one) for _, one in worst.values()]
    more = f" (and {len(told) - _SAID} more)" if len(told) > _SAID else ""
    return f"the rules cannot all be kept: {'; '.join(told[:_SAID])}{more}"


def shortfalls(model: Model) -> Iterator[Shortfall]:
    """Every limit that a part, a set of CSMs or a single customer proves impossible."""
    problem = model.problem
    limited = [k for k, one in enumerate(model.measures) if one.source]
    limited = [k for k in limited if np.isfinite([problem.low[k], problem.high[k]]).any()]
    if not limited:
        return
    sizes = {k: problem.size[k, problem.first[:-1]] for k in limited}
    # what renews in a month counts against the whole book: one customer says nothing about it
    plain = [k for k in limited if (sizes[k] >= 0).all() and model.measures[k].name in _UNITS]
    for customers, csms, whole in _groups(problem):
        for k in limited:
            if whole or k in plain:
                yield from _of_group(problem, k, sizes[k], customers, csms, whole)
    for k in plain:
        yield from _of_one(problem, k, sizes[k])


def _groups(problem: Problem) -> Iterator[tuple[Ints, Ints, bool]]:
    """Customers with all the CSMs whom they may go to; `whole` where nobody else may either."""
    label = labels(problem)
    of_item = label[problem.agent[problem.first[:-1]]]
    by_item, by_agent = np.argsort(of_item, kind="stable"), np.argsort(label, kind="stable")
    for root in np.unique(label):
        items = by_item[slice(*np.searchsorted(of_item[by_item], [root, root + 1]))]
        agents = by_agent[slice(*np.searchsorted(label[by_agent], [root, root + 1]))]
        yield items, agents, True
    yield from _sets(problem)


def _sets(problem: Problem) -> Iterator[tuple[Ints, Ints, bool]]:
    """For each set of CSMs that somebody is held to, all customers held to it or to some of it."""
    mark = np.random.default_rng(0).integers(1, 2**62, problem.agents)
    marks = np.add.reduceat(mark[problem.agent], problem.first[:-1])
    _, example, of_set = np.unique(marks, return_index=True, return_inverse=True)
    if not 1 < len(example) <= _SETS:
        return
    inside = np.zeros((len(example), problem.agents), dtype=bool)
    for at, item in enumerate(example.tolist()):
        inside[at, problem.agent[problem.first[item] : problem.first[item + 1]]] = True
    for csms in inside:
        held: Mask = ~np.any(inside & ~csms, axis=1)
        yield np.flatnonzero(held[of_set]), np.flatnonzero(csms), False


def _of_group(
    problem: Problem, k: int, size: Floats, customers: Ints, csms: Ints, whole: bool
) -> Iterator[Shortfall]:
    low, high = problem.slack
    load = float(size[customers].sum())
    # the rounding of the sum itself
    room = 1e-9 * float(np.abs(size[customers]).sum())
    if load > high[k, csms].sum() + room:
        yield Shortfall(k, customers, csms, load, float(problem.high[k, csms].sum()), True)
    if whole and load < low[k, csms].sum() - room:
        yield Shortfall(k, customers, csms, load, float(problem.low[k, csms].sum()), False)


def _of_one(problem: Problem, k: int, size: Floats) -> Iterator[Shortfall]:
    """The largest customer beyond the limits of all CSMs who may have it."""
    most = np.maximum.reduceat(problem.slack[1][k, problem.agent], problem.first[:-1])
    beyond: Mask = size > most
    if beyond.any():
        item = int(np.argmax(np.where(beyond, size / np.maximum(most, 1e-300), 0.0)))
        csms = problem.agent[problem.first[item] : problem.first[item + 1]]
        room = float(problem.high[k, csms].max())
        yield Shortfall(k, np.array([item]), csms, float(size[item]), room, True)


def _rule(task: Task, measure: Measure) -> AnyRule | None:
    return next((rule for rule in task.rules if rule.text == measure.source), None)


def _needed(task: Task, measure: Measure, one: Shortfall) -> float:
    """The limit at which the sums allow the rule; of the capacity, how many times it is needed."""
    rule = _rule(task, measure)
    if isinstance(rule, MonthlyRenewals):
        # a customer weighs its renewal less the rule's share of its ARR
        arr = task.customers["arr"].to_numpy(dtype=float)[one.customers]
        return rule.share + one.load / float(arr.sum())
    if isinstance(rule, Limit):
        each = np.ones(len(one.csms))
        if rule.of_capacity:
            each = np.array([task.team[at].hours for at in one.csms.tolist()])
        together = float(each.max() if len(one.customers) == 1 else each.sum())
        return one.load / together if together > 0 else math.inf
    return one.load / one.room if one.room > 0 else math.inf


def _words(task: Task, measure: Measure, one: Shortfall) -> str:
    rule, needed = _rule(task, measure), _needed(task, measure, one)
    named = f'rule "{rule.text}": ' if rule else ""
    if isinstance(rule, MonthlyRenewals):
        whose = "" if _everybody(task, one) else f" of {_names(task, one.csms)}"
        month = measure.name.removeprefix("renewals in ")
        return (
            f"{named}{needed:.1%} of the ARR{whose} renews in {month}; {_LEAST} is at most "
            f"{_edge(100 * needed, 1, up=True):,.1f}% of a book"
        )
    if isinstance(rule, Limit):
        least = f"{_amount(needed, up=rule.at_most, whole=rule.measure == 'customers')} per CSM"
        if rule.of_capacity:
            least = f"{_edge(100 * needed, 1, rule.at_most):,.1f}% of capacity"
        least = f"at {'most' if rule.at_most else 'least'} {least}"
    else:
        lacking = _amount(abs(one.load - one.room), up=True)
        share = f" ({needed - 1:,.1%})" if math.isfinite(needed) else ""
        least = f"{lacking} {'more' if one.above else 'less'} {_UNITS[measure.name]}{share}"
    return f"{named}{_load(task, measure, one)}; {_LEAST} is {least}"


def _load(task: Task, measure: Measure, one: Shortfall) -> str:
    """What the customers come to, and what their CSMs may have."""
    word = "may" if one.above else "must"
    room = f"{word} have {_amount(one.room)}"
    come = f"{_UNITS[measure.name]} of {_amount(one.load)}"
    if measure.name == "hours":
        come = f"{_amount(one.load)} hours"
    if len(one.customers) == 1:
        only = task.customers.iloc[int(one.customers[0])]
        return (
            f"customer {only['id']} ({only['name']}) has {come}, {_names(task, one.csms)} {room}"
            f"{' each' if len(one.csms) > 1 else ''}"
        )
    room += " together" if len(one.csms) > 1 else ""
    who, csms = f"{len(one.customers):,} customers", _names(task, one.csms)
    count = measure.name == "customers"
    if _everybody(task, one):
        return f"{f'there are {who}' if count else f'{who} have {come}'}, {csms} {room}"
    if not len(one.customers):
        return f"no customer may go to {csms}, who {room}"
    return f"{who}{'' if count else f' who have {come}'} can only go to {csms}, who {room}"


def _everybody(task: Task, one: Shortfall) -> bool:
    return len(one.customers) == len(task.customers)


def _names(task: Task, csms: Ints) -> str:
    """A few CSMs by name, many by number."""
    if len(csms) > _NAMED:
        return f"the {len(csms)} CSMs who may serve them"
    return ", ".join(task.names[at] for at in csms.tolist())


def _amount(number: float, up: bool | None = None, whole: bool = False) -> str:
    """An amount; one that a limit is to be set to is rounded to where it still suffices."""
    digits = 0 if whole or abs(number) >= 100 else 2
    if up is not None:
        number = _edge(number, digits, up)
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def _edge(number: float, digits: int, up: bool) -> float:
    """Rounded up or down; what is whole but for the rounding of a sum stays."""
    scaled = number * 10.0**digits
    near = float(round(scaled))
    if abs(scaled - near) > 1e-9 * max(1.0, abs(scaled)):
        near = float(math.ceil(scaled) if up else math.floor(scaled))
    return near / 10.0**digits
