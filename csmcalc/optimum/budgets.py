"""Hours that a group of customers may get together, as the margin guard of a segment sets them.

A group's budget has a price of its own on top of the price of an hour. It only begins to bind when
hours are so cheap that the group would take more than its budget; from there on the group stands
still. So the budget cuts the group's increments, taken by value per hour, where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import InfeasibleError
from csmcalc.optimum.hull import Floats, Increments, Ints

HAIR = 1e-12

LOOK = 64
"""How many increments beyond the first that does not fit are tried for the hours left."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Hours that groups of customers may get.

    Attributes:
        group: the group of each customer, counted from 0.
        most: the most hours each group may get together.
        price: value of an hour more where a group's budget ends; 0 where it takes all that is
            useful.
    """

    group: Ints
    most: Floats
    price: Floats


def within(
    found: Increments, group: Ints, most: Floats, base_hours: Floats
) -> tuple[Increments, Increments, Budgets]:
    """The increments that fit their group's budget: whole ones, and with the last one divided.

    The second kind belongs to the bound: it lets each group use its budget to the last hour. Where
    no budget binds, both are the increments given.
    """
    floor = np.bincount(group, base_hours, len(most))
    over = np.flatnonzero(floor > most * (1 + HAIR))
    if len(over):
        at = int(over[0])
        raise InfeasibleError(
            f"the minimum hours of group {at} come to {floor[at]:,.6g}; its budget is "
            f"{most[at]:,.6g}; lower its floors or raise the budget"
        )
    own = group[found.owner]
    room = most - floor
    slope = found.value / found.hours
    order = np.lexsort((-slope, own))
    used = _running(found.hours[order], own[order])
    before = np.empty(len(order))
    before[order] = used - found.hours[order]
    fits = before + found.hours <= room[own] * (1 + HAIR)
    price = np.zeros(len(most))
    np.maximum.at(price, own[~fits], slope[~fits])
    budgets = Budgets(group, most, price)
    if fits.all():
        return found, found, budgets
    share = np.where(fits, 1.0, np.clip((room[own] - before) / found.hours, 0, 1))
    some = share > 0
    divided = Increments(
        found.base, found.gain[some] * share[some][:, None], found.owner[some], found.level[some]
    )
    for binds in np.flatnonzero(price):
        _fill(found, fits, order[own[order] == binds], float(room[binds]))
    return found.only(fits), divided, budgets


def _fill(found: Increments, fits: NDArray[np.bool_], ranked: Ints, room: float) -> None:
    """Count in what else of a group fits after the first increment that does not."""
    first = int(fits[ranked].argmin())
    left = room * (1 + HAIR) - float(found.hours[ranked[:first]].sum())
    for at in ranked[first : first + LOOK]:
        # Along a hull the increment before stands in the place before.
        missing = at > 0 and found.owner[at - 1] == found.owner[at] and not fits[at - 1]
        if found.hours[at] <= left and not missing:
            fits[at] = True
            left -= float(found.hours[at])


def _running(hours: Floats, group: Ints) -> Floats:
    """Running sums that begin anew with each group."""
    total = np.cumsum(hours)
    begins = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else group
    start = (total - hours)[begins]
    return total - np.repeat(start, np.diff(np.append(begins, len(group))))
