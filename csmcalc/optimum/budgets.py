"""Hours that a group of customers may get together, as the margin guard of a segment sets them.

A group's budget has a price of its own on top of the price of an hour. It only begins to bind when
hours are so cheap that the group would take more than its budget; from there on the group stands
still. So the budget cuts the group's increments, taken by value per hour, where it ends.
"""

from __future__ import annotations

import numpy as np

from csmcalc.errors import InfeasibleError
from csmcalc.optimum.hull import Floats, Increments, Ints

HAIR = 1e-12


def within(
    found: Increments, group: Ints, most: Floats, base_hours: Floats
) -> tuple[Increments, Increments]:
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
    room = (most - floor)[group[found.owner]]
    order = np.lexsort((-found.value / found.hours, group[found.owner]))
    used = _running(found.hours[order], group[found.owner][order])
    before = np.empty(len(order))
    before[order] = used - found.hours[order]
    after = before + found.hours
    if (after <= room * (1 + HAIR)).all():
        return found, found
    share = np.clip((room - before) / found.hours, 0, 1)
    share[after <= room * (1 + HAIR)] = 1
    shared = found.only(share > 0)
    divided = Increments(
        found.base, shared.gain * share[share > 0][:, None], shared.owner, shared.level
    )
    return found.only(share == 1), divided


def _running(hours: Floats, group: Ints) -> Floats:
    """Running sums that begin anew with each group."""
    total = np.cumsum(hours)
    begins = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else group
    start = (total - hours)[begins]
    return total - np.repeat(start, np.diff(np.append(begins, len(group))))
