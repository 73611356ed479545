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
from typing import Any

import numpy as np

from csmcalc.optimum.hull import Floats, Ints

MOST_STATES = 50_000
MOST_STATES_ALL = 2_000_000
"""States kept at one time and over a whole search; what is dropped beyond widens the bound."""

PRECISION = 4e-12
"""Losses below this share of the whole value are rounding."""

_COINS = (1.0, 100.0)
_LARGEST_WHOLE = 2.0**50


@dataclass(frozen=True, slots=True)
class Exact:
    """The best levels found, what they are worth, and the bound; equal where proven."""

    levels: Ints
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class _Core:
    """The customers still open, those first for whom hours change at the least loss."""

    customers: Ints
    change: list[Floats]
    loss: list[Floats]
    level: list[Ints]
    adding: Floats
    saving: Floats


@dataclass(slots=True)
class _Step:
    """Where the states of one step come from."""

    parent: Ints
    option: Ints


def best_levels(hours: Floats, value: Floats, start: Ints, price: float, limit: float) -> Exact:
    """The best levels within a limit of hours, from levels that keep it and a price of an hour.

    Levels whose value is -inf are not on offer.
    """
    rows = np.arange(len(hours))
    worth = value - price * np.where(np.isneginf(value), 0, hours)
    ideal = worth.argmax(axis=1)
    # Of levels worth the same, those at hand leave the fewest hours to make good.
    ties = worth[rows, start] >= worth[rows, ideal] - PRECISION * np.abs(worth[rows, ideal])
    ideal = np.where(ties, start, ideal)
    loss = np.maximum(worth[rows, ideal][:, None] - worth, 0)
    whole = float(worth[rows, ideal].sum()) + price * limit
    room = limit - float(hours[rows, ideal].sum())
    known = whole - float(value[rows, start].sum())
    least = PRECISION * max(abs(whole), float(np.abs(value[rows, ideal]).sum()))
    if known <= least:
        return Exact(start, whole - known, whole)
    least = max(least, (1 - 1e-6) / coins if (coins := _coins(value)) else 0.0)
    core = _core(hours, loss, ideal, known)
    steps, best, lost = _search(core, price, room, known, least)
    levels = start
    if best is not None:
        levels = ideal.copy()
        step, state = best
        for at in range(step, -1, -1):
            levels[core.customers[at]] = core.level[at][steps[at].option[state]]
            state = int(steps[at].parent[state])
    attained = float(value[rows, levels].sum())
    return Exact(levels, attained, max(attained, whole - lost) if lost < np.inf else attained)


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


def _core(hours: Floats, loss: Floats, ideal: Ints, known: float) -> _Core:
    """Levels that a plan better than the known one may use, by customer."""
    useful = loss < known
    many = np.flatnonzero(useful.sum(axis=1) > 1)
    change = hours[many] - hours[many, ideal[many]][:, None]
    lost, useful = loss[many], useful[many]
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
    return _Core(
        many[order],
        [change[at, level] for at, level in zip(order, levels, strict=True)],
        [lost[at, level] for at, level in zip(order, levels, strict=True)],
        levels,
        _least_from(adding[order]),
        _least_from(saving[order]),
    )


def _least_from(rates: Floats) -> Floats:
    """The least rate among the customers after each."""
    least = np.minimum.accumulate(rates[::-1])[::-1]
    return np.append(least[1:], np.inf)


def _search(core: _Core, price: float, room: float, known: float, least: float) -> Any:
    """Open customer after customer; the steps, where the best plan ends, and the bound's loss."""
    hours, loss = np.zeros(1), np.zeros(1)
    steps: list[_Step] = []
    best, lost, kept = None, np.inf, 0
    if room >= 0 and price * room < known - least:
        known, best = price * room, (-1, 0)
    for at in range(len(core.customers)):
        all_hours = (hours[:, None] + core.change[at]).ravel()
        all_loss = (loss[:, None] + core.loss[at]).ravel()
        unused = room - all_hours
        rate = min(price, core.adding[at])
        with np.errstate(invalid="ignore"):
            rest = np.where(unused >= 0, unused * rate, -unused * core.saving[at])
        alive = np.flatnonzero(all_loss + rest < known - least)
        alive = alive[np.argsort(all_hours[alive], kind="stable")]
        worth = price * all_hours[alive] - all_loss[alive]
        highest = np.maximum.accumulate(worth)
        alive = alive[np.append(True, worth[1:] > highest[:-1])] if len(alive) else alive
        most = min(MOST_STATES, MOST_STATES_ALL - kept)
        if len(alive) > most:
            promise = (all_loss + rest)[alive]
            ranked = np.lexsort((np.abs(unused[alive]), promise))
            lost = min(lost, float(promise[ranked[most]]))
            alive = alive[np.sort(ranked[:most])]
        kept += len(alive)
        hours, loss = all_hours[alive], all_loss[alive]
        options = len(core.level[at])
        steps.append(_Step(alive // options, alive % options))
        fits = np.flatnonzero(hours <= room)
        if len(fits):
            total = loss[fits] + price * (room - hours[fits])
            first = int(total.argmin())
            if total[first] < known - least:
                known, best = float(total[first]), (at, int(fits[first]))
        if not len(alive) or known <= least:
            break
    return steps, best, lost
