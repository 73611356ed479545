"""The exact core where groups of customers have budgets of hours besides the limit for all.

A group whose budget binds pays a price of its own on top of the price of an hour. Its plans that
lose little at both prices, each with its hours and its loss, become the options of one customer
more; the groups whose budgets do not bind are opened customer by customer as ever. A group that
would exceed its budget after all joins those that bind, and the search begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum.budgets import Budgets
from csmcalc.optimum.exact import Core, Exact, Priced, Search, best_levels, core_of, priced
from csmcalc.optimum.hull import Floats, Ints, increments
from csmcalc.optimum.sweep import levels_within, rank

MOST_PLANS = 2_000
"""Plans of a group that are carried on."""

HAIR = 1e-12


@dataclass(frozen=True, slots=True)
class _Problem:
    hours: Floats
    value: Floats
    start: Ints
    price: float
    limit: float
    budgets: Budgets

    def of(self, rows: Ints) -> tuple[Floats, Floats, Ints]:
        """Menus and levels at hand of some customers."""
        return self.hours[rows], self.value[rows], self.start[rows]

    def used(self, levels: Ints) -> Floats:
        """Hours of each group."""
        given = self.hours[np.arange(len(levels)), levels]
        hours = np.bincount(self.budgets.group, given, len(self.budgets.most))
        return hours.astype(float)

    def worth(self, levels: Ints) -> float:
        return float(self.value[np.arange(len(levels)), levels].sum())


@dataclass(frozen=True, slots=True)
class _Group:
    """A group whose budget binds.

    Attributes:
        rows: its customers.
        hours: their menus.
        own: what its budget adds to the price of an hour.
        most: its budget.
        at: its customers at both prices together.
        levels: its levels that lose least.
        least: no plan of it loses less.
    """

    rows: Ints
    hours: Floats
    own: float
    most: float
    at: Priced
    levels: Ints
    least: float

    @property
    def dual(self) -> float:
        """The most it can be worth at both prices."""
        return self.at.worth + self.own * self.most


@dataclass(frozen=True, slots=True)
class _Plans:
    """The plans of a group that lose little: hours beyond the ideal levels, and loss."""

    search: Search
    state: Ints
    change: Floats
    loss: Floats
    lost: float

    def levels(self, ideal: Ints, plan: int) -> Ints:
        """The levels of a plan."""
        return self.search.levels(ideal, len(self.search.core.customers) - 1, int(self.state[plan]))


def best_levels_within(
    hours: Floats, value: Floats, start: Ints, price: float, limit: float, budgets: Budgets
) -> Exact:
    """The best levels within a limit of hours and budgets, from levels that keep them all."""
    problem = _Problem(hours, value, start, price, limit, budgets)
    binds = budgets.price > price
    while True:
        found = _solved(problem, binds)
        over = _over(problem, found.levels) & ~binds
        if not over.any():
            return found
        binds = binds | over


def _over(problem: _Problem, levels: Ints) -> NDArray[np.bool_]:
    over: NDArray[np.bool_] = problem.used(levels) > problem.budgets.most * (1 + HAIR)
    return over


def _solved(problem: _Problem, binds: NDArray[np.bool_]) -> Exact:
    """The best levels where only the budgets that bind are looked at."""
    groups = [_priced_group(problem, int(at)) for at in np.flatnonzero(binds)]
    pool = np.flatnonzero(~binds[problem.budgets.group])
    start = _started(problem, groups, pool)
    free = priced(problem.hours[pool], problem.value[pool], start[pool], problem.price)
    whole = free.worth + problem.price * problem.limit + sum(one.dual for one in groups)
    known = whole - problem.worth(start)
    least = free.least + sum(one.at.least for one in groups)
    slack = known - sum(one.least for one in groups)
    dual = whole - known + max(0.0, slack)
    if slack <= least:
        return Exact(start, whole - known, dual, dual)
    plans = [_plans(one, problem.price, one.least + slack - least) for one in groups]
    dropped = [one.lost - group.least for one, group in zip(plans, groups, strict=True)]
    lost = known - slack + min(dropped, default=np.inf)
    levels = start
    if all(len(one.loss) for one in plans):
        core = _joined(core_of(problem.hours[pool], free, slack), plans, len(pool))
        room = problem.limit - free.hours - sum(one.at.hours for one in groups)
        room -= sum(float(one.change[0]) for one in plans)
        paid = sum(float(one.loss[0]) for one in plans)
        search = Search(core, problem.price, problem.price, room, known - paid - least)
        search.run(least)
        lost = min(lost, search.lost + paid)
        if search.best is not None:
            levels = _put_together(levels, groups, plans, pool, free, search)
    attained = problem.worth(levels)
    bound = max(attained, whole - lost) if lost < np.inf else attained
    return Exact(levels, attained, bound, max(dual, attained))


def _priced_group(problem: _Problem, at: int) -> _Group:
    """A group that binds, and its best levels at the price of an hour within its budget."""
    rows = np.flatnonzero(problem.budgets.group == at)
    hours, value, start = problem.of(rows)
    own = max(0.0, float(problem.budgets.price[at]) - problem.price)
    most = float(problem.budgets.most[at]) * (1 + HAIR)
    net = value - problem.price * np.where(np.isneginf(value), 0, hours)
    best = best_levels(hours, net, start, own, most)
    both = priced(hours, value, best.levels, problem.price + own)
    return _Group(rows, hours, own, most, both, best.levels, both.worth + own * most - best.bound)


def _started(problem: _Problem, groups: list[_Group], pool: Ints) -> Ints:
    """Levels that keep everything, better than those at hand where the hours left allow it."""
    levels = problem.start.copy()
    for one in groups:
        levels[one.rows] = one.levels
    given = problem.hours[np.arange(len(levels)), levels]
    left = problem.limit - sum(float(given[one.rows].sum()) for one in groups)
    if len(pool):
        hours, value, _ = problem.of(pool)
        found = increments(hours, value)
        spare = left - float(hours[np.arange(len(pool)), found.base].sum())
        if spare < 0:
            return problem.start
        own = levels_within(rank(found), spare)
        levels[pool] = best_levels(hours, value, own, problem.price, left).levels
    keeps = float(problem.used(levels).sum()) <= problem.limit
    better = keeps and problem.worth(levels) > problem.worth(problem.start)
    return levels if better and not _over(problem, levels).any() else problem.start


def _plans(group: _Group, price: float, below: float) -> _Plans:
    """The plans of a group that lose less than `below`, the one that loses least first."""
    core = core_of(group.hours, group.at, below)
    room = group.most - group.at.hours
    search = Search(core, group.own, price + group.own, room, below)
    for at in range(len(core.customers)):
        search.open(at)
    loss = search.loss + group.own * (room - search.hours)
    good = np.flatnonzero((search.hours <= room) & (loss < below))
    good = good[np.argsort(loss[good], kind="stable")]
    lost = search.lost
    if len(good) > MOST_PLANS:
        lost = min(lost, float(loss[good[MOST_PLANS]]))
        good = good[:MOST_PLANS]
    return _Plans(search, good, search.hours[good], loss[good], lost)


def _joined(core: Core, plans: list[_Plans], after: int) -> Core:
    """The core with one customer more for each group, before all others."""
    changes = [one.change - one.change[0] for one in plans]
    losses = [one.loss - one.loss[0] for one in plans]
    rates = []
    for sign in (1, -1):
        own = [
            float((loss[change * sign > 0] / np.abs(change[change * sign > 0])).min(initial=np.inf))
            for change, loss in zip(changes, losses, strict=True)
        ]
        rates.append(np.append(own, core.adding if sign > 0 else core.saving))
    return Core(
        np.append(np.arange(after, after + len(plans)), core.customers),
        changes + core.change,
        losses + core.loss,
        [np.arange(len(one.loss)) for one in plans] + core.level,
        *rates,
    )


def _put_together(
    start: Ints,
    groups: list[_Group],
    plans: list[_Plans],
    pool: Ints,
    free: Priced,
    search: Search,
) -> Ints:
    """The levels of all customers where a search of the joined core ends."""
    assert search.best is not None
    levels = start.copy()
    levels[pool] = free.ideal
    for group, own in zip(groups, plans, strict=True):
        levels[group.rows] = own.levels(group.at.ideal, 0)
    for at, option in search.trail(*search.best):
        if at < len(groups):
            group = groups[at]
            levels[group.rows] = plans[at].levels(group.at.ideal, option)
        else:
            levels[pool[search.core.customers[at]]] = search.core.level[at][option]
    return levels
