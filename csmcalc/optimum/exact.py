"""The exact core: the best levels within given hours, and the proof that none are better.

At a price of an hour each customer has a level that is worth most; every other level loses
something against it. The best plan loses least: its levels' losses and the hours it leaves unused,
at their price. Starting from every customer at the best level, customers are opened one by one,
those first for whom a change of hours costs least. A state is the change in hours and the loss so
far; one with fewer hours and no less worth dominates, and one that cannot be completed below the
best known loss is dropped (Pisinger, A Minimal Algorithm for the Multiple-choice Knapsack Problem,
EJOR 1995). When no state is left the best known plan is proven.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.hull import Floats, Ints

MOST_STATES = 200_000
MOST_STATES_ALL = 8_000_000
"""States kept at one time and over a whole search; what is dropped beyond widens the bound."""

MOST_PAIRS = 4_000_000
"""States times options of the next customer that are looked at in one step."""

PRECISION = 4e-12
"""Losses below this share of the whole value are rounding."""

_COINS = (1.0, 100.0)
_LARGEST_WHOLE = 2.0**50


@dataclass(frozen=True, slots=True)
class Exact:
    """The best levels found, what they are worth, and the bound; equal where proven.

    `dual` is the bound that follows from the prices alone; at other limits of hours it holds as
    well, with the price of an hour for each hour more or less.
    """

    levels: Ints
    value: float
    bound: float
    dual: float


@dataclass(frozen=True, slots=True)
class Priced:
    """Customers at a price of an hour.

    Attributes:
        ideal: the level worth most to each.
        loss: what each level loses against it.
        hours: of the ideal levels, all together.
        worth: of the ideal levels less their hours at the price, all together.
        least: losses below this are rounding.
    """

    ideal: Ints
    loss: Floats
    hours: float
    worth: float
    least: float


@dataclass(frozen=True, slots=True)
class Core:
    """The customers still open, in the order in which they are opened.

    Attributes:
        customers: which they are.
        change: hours of their levels beyond the ideal one.
        loss: what these lose against it.
        level: which these are.
        adding: the least loss for an hour more.
        saving: the least loss for an hour less.
    """

    customers: Ints
    change: list[Floats]
    loss: list[Floats]
    level: list[Ints]
    adding: Floats
    saving: Floats


def best_levels(hours: Floats, value: Floats, start: Ints, price: float, limit: float) -> Exact:
    """The best levels within a limit of hours, from levels that keep it and a price of an hour.

    Levels whose value is -inf are not on offer.
    """
    rows = np.arange(len(hours))
    at = priced(hours, value, start, price)
    whole = at.worth + price * limit
    known = whole - float(value[rows, start].sum())
    least = max(at.least, PRECISION * abs(whole))
    if known <= least:
        return Exact(start, whole - known, whole, whole)
    least = max(least, (1 - 1e-6) / coins if (coins := _coins(value)) else 0.0)
    core = core_of(hours, at, known)
    search = Search(core, price, price, limit - at.hours, known - least)
    search.run(least)
    levels = start if search.best is None else search.levels(at.ideal, *search.best)
    attained = float(value[rows, levels].sum())
    proven = search.lost == np.inf
    bound = attained if proven else max(attained, whole - search.lost)
    return Exact(levels, attained, bound, whole)


def priced(hours: Floats, value: Floats, start: Ints, price: float) -> Priced:
    """Customers at a price of an hour; of levels worth the same, those of `start` are ideal."""
    rows = np.arange(len(hours))
    worth = value - price * np.where(np.isneginf(value), 0, hours)
    ideal = worth.argmax(axis=1)
    # Of levels worth the same, those at hand leave the fewest hours to make good.
    ties = worth[rows, start] >= worth[rows, ideal] - PRECISION * np.abs(worth[rows, ideal])
    ideal = np.where(ties, start, ideal)
    best = worth[rows, ideal]
    return Priced(
        ideal,
        np.maximum(best[:, None] - worth, 0),
        float(hours[rows, ideal].sum()),
        float(best.sum()),
        PRECISION * float(np.abs(value[rows, ideal]).sum()),
    )


def _coins(value: Floats) -> float:
    """How many units make 1 if all values are whole units or cents; 0 if they are neither.

    A better plan is then better by a unit at least.
    """
    for coins in _COINS:
        units = value * coins
        with np.errstate(invalid="ignore"):
            off = np.abs(units - np.rint(units)) > 1e-6
        if not off.any() and np.abs(np.where(np.isneginf(value), 0, units)).sum() < _LARGEST_WHOLE:
            return coins
    return 0.0


def core_of(hours: Floats, at: Priced, known: float) -> Core:
    """Levels that a plan better than the known one may use, by customer.

    Those customers come first for whom a change of hours costs least.
    """
    useful = at.loss < known
    many = np.flatnonzero(useful.sum(axis=1) > 1)
    change = hours[many] - hours[many, at.ideal[many]][:, None]
    lost, useful = at.loss[many], useful[many]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = lost / np.abs(change)
    adding = np.where(useful & (change > 0), rate, np.inf).min(axis=1)
    saving = np.where(useful & (change < 0), rate, np.inf).min(axis=1)
    # In turns those that can take hours and those that can give some, so that both meet early.
    first_to_add, first_to_save = (
        rates.argsort(kind="stable").argsort() for rates in (adding, saving)
    )
    turn = np.minimum(first_to_add, first_to_save)
    order = turn.argsort(kind="stable")
    levels = [np.flatnonzero(useful[at]) for at in order]
    return Core(
        many[order],
        [change[at, level] for at, level in zip(order, levels, strict=True)],
        [lost[at, level] for at, level in zip(order, levels, strict=True)],
        levels,
        adding[order],
        saving[order],
    )


def _least_from(rates: Floats) -> Floats:
    """The least rate among the customers after each."""
    least = np.minimum.accumulate(rates[::-1])[::-1]
    return np.append(least[1:], np.inf)


class Search:
    """The states of customers opened one by one, in hours and loss.

    Args:
        core: the customers.
        unused: what an hour of the room that stays unused loses.
        price: value of an hour, by which states with fewer hours are compared.
        room: hours that may be added to the ideal levels; below 0, those that must be saved.
        below: only plans that lose less are looked for.
    """

    def __init__(self, core: Core, unused: float, price: float, room: float, below: float):
        self.core, self.unused, self.price = core, unused, price
        self.room, self.below = room, below
        self.hours, self.loss = np.zeros(1), np.zeros(1)
        self._adding, self._saving = _least_from(core.adding), _least_from(core.saving)
        self.lost, self.kept = np.inf, 0
        self.best: tuple[int, int] | None = None
        self._steps: list[tuple[Ints, Ints]] = []

    def run(self, least: float) -> None:
        """Open customer after customer until no better plan is left; `best` is where it ends."""
        known = self._improved(np.inf, least)
        for at in range(len(self.core.customers)):
            self.open(at)
            known = self._improved(known, least)
            if not len(self.hours) or known <= least:
                return

    def _improved(self, known: float, least: float) -> float:
        fits = np.flatnonzero(self.hours <= self.room)
        if len(fits):
            total = self.loss[fits] + self.unused * (self.room - self.hours[fits])
            first = int(total.argmin())
            if total[first] < self.below:
                self.best = len(self._steps) - 1, int(fits[first])
                known = float(total[first])
                self.below = known - least
        return known

    def open(self, at: int) -> None:
        """Open one customer: what its levels make of the states, without the hopeless ones."""
        core = self.core
        hours = (self.hours[:, None] + core.change[at]).ravel()
        loss = (self.loss[:, None] + core.loss[at]).ravel()
        missing = self.room - hours
        rate = min(self.unused, self._adding[at])
        with np.errstate(invalid="ignore"):
            rest = np.where(missing >= 0, missing * rate, -missing * self._saving[at])
        promise = loss + rest
        alive = np.flatnonzero(promise < self.below)
        alive = alive[np.argsort(hours[alive], kind="stable")]
        worth = self.price * hours[alive] - loss[alive]
        highest = np.maximum.accumulate(worth)
        alive = alive[np.append(True, worth[1:] > highest[:-1])] if len(alive) else alive
        following = len(core.level[at + 1]) if at + 1 < len(core.level) else 1
        most = min(MOST_STATES, MOST_STATES_ALL - self.kept, MOST_PAIRS // following)
        if len(alive) > most:
            ranked = np.lexsort((np.abs(missing[alive]), promise[alive]))
            self.lost = min(self.lost, float(promise[alive][ranked[most]]))
            alive = alive[np.sort(ranked[:most])]
        self.kept += len(alive)
        self.hours, self.loss = hours[alive], loss[alive]
        options = len(core.level[at])
        self._steps.append((alive // options, alive % options))

    def trail(self, step: int, state: int) -> list[tuple[int, int]]:
        """Which option each customer opened took on the way to a state."""
        taken = []
        for at in range(step, -1, -1):
            parent, option = self._steps[at]
            taken.append((at, int(option[state])))
            state = int(parent[state])
        return taken

    def levels(self, ideal: Ints, step: int, state: int) -> Ints:
        """The levels that lead to a state; customers not opened stay at the ideal one."""
        levels = ideal.copy()
        for at, option in self.trail(step, state):
            levels[self.core.customers[at]] = self.core.level[at][option]
        return levels
