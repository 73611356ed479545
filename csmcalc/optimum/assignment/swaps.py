"""Exchanges between two agents at a time, as in `pairs`, for numba to compile.

Every item weighs the same with all its agents, so that a change is what passes from the second to
the first. All sets of up to two moves are sorted by what they change in the load that matters most;
a partner of a set lies in a window there, and the window narrows as better ones are found.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_LEAST = 1e-9


def paid(row: int, change: float, off: Any, over: Any, under: Any) -> float:
    """What both agents' loads of a row cost after a change; `off` is how far they are off now."""
    total = 0.0
    for side in range(2):
        away = off[side, row] + change if side == 0 else off[side, row] - change
        total += away * over[side, row] if away > 0 else -away * under[side, row]
    return total


def spread(shift: Any) -> float:
    """How far moves change a load, in squares."""
    total = 0.0
    for one in shift:
        total += one * one
    return float(np.sqrt(total))


def gathered(
    first: int, second: int, owner: Any, table: Any, key: Any, item: Any, rise: Any
) -> int:
    """The moves of the lowest rise in key between two agents, in that order; returns how many."""
    count, most = 0, len(item)
    for j in range(len(owner)):
        here = owner[j]
        if here != first and here != second:
            continue
        there = second if here == first else first
        arc = table[j, there]
        if arc < 0:
            continue
        up = key[arc] - key[table[j, here]]
        if count == most and up >= rise[count - 1]:
            continue
        at = count if count < most else most - 1
        while at > 0 and rise[at - 1] > up:
            if at < most:
                rise[at], item[at] = rise[at - 1], item[at - 1]
            at -= 1
        rise[at], item[at] = up, j
        count = min(count + 1, most)
    return count


def best_exchange(
    count: int, step: Any, shift: Any, off: Any, over: Any, under: Any, room: Any, taken: Any
) -> float:
    """The best exchange of up to four of some moves: its gain, and which moves (in `taken`)."""
    rows = len(shift)
    sets = 1 + count + count * (count - 1) // 2
    one, two = np.full(sets, -1, np.int64), np.full(sets, -1, np.int64)
    cost, change = np.zeros(sets), np.zeros((rows, sets))
    at = 1
    for x in range(count):
        for y in range(x, count):
            one[at], two[at] = x, (y if y > x else -1)
            cost[at] = step[x] + (step[y] if y > x else 0.0)
            for row in range(rows):
                change[row, at] = shift[row, x] + (shift[row, y] if y > x else 0.0)
            at += 1
    # the load whose spread costs most leads
    low, high, least = np.zeros(rows), np.zeros(rows), np.zeros(rows)
    lead, widest, now = 0, -1.0, 0.0
    for row in range(rows):
        low[row] = min(-off[0, row], off[1, row])
        high[row] = max(-off[0, row], off[1, row])
        least[row] = min(
            paid(row, low[row], off, over, under), paid(row, high[row], off, over, under)
        )
        now += paid(row, 0.0, off, over, under)
        slope = min(under[0, row] + over[1, row], over[0, row] + under[1, row])
        if spread(shift[row]) * slope > widest:
            lead, widest = row, spread(shift[row]) * slope
    below, above = under[0, lead] + over[1, lead], over[0, lead] + under[1, lead]
    by = np.argsort(change[lead])
    lined = change[lead][by]
    cheapest = cost.min()
    floor = least.sum()
    best = now - _LEAST * max(1.0, now)
    found_x, found_y = -1, -1
    for i in range(sets):
        x = by[i]
        slack = best - floor - cost[x] - cheapest
        if slack <= 0:
            continue
        begin, end = -np.inf, np.inf
        if below > 0:
            begin = low[lead] - slack / below - lined[i]
        if above > 0:
            end = high[lead] + slack / above - lined[i]
        k = max(i, int(np.searchsorted(lined, begin)))
        while k < sets and lined[k] <= end:
            y = by[k]
            k += 1
            total = (
                cost[x] + cost[y] + paid(lead, change[lead, x] + change[lead, y], off, over, under)
            )
            if total + floor - least[lead] >= best:
                continue
            fits = True
            for row in range(rows):
                both = change[row, x] + change[row, y]
                if both < room[0, row] or both > room[1, row]:
                    fits = False
                    break
                if row != lead:
                    total += paid(row, both, off, over, under)
                    if total >= best:
                        fits = False
                        break
            if not fits or total >= best:
                continue
            if one[x] >= 0 and (one[x] == one[y] or one[x] == two[y]):
                continue
            if two[x] >= 0 and (two[x] == one[y] or two[x] == two[y]):
                continue
            best, found_x, found_y = total, x, y
    taken[:] = -1
    if found_x < 0:
        return 0.0
    taken[0], taken[1], taken[2], taken[3] = one[found_x], two[found_x], one[found_y], two[found_y]
    return now - best


def exchanged(
    first: int,
    second: int,
    singles: int,
    owner: Any,
    table: Any,
    cost: Any,
    key: Any,
    size: Any,
    loads: Any,
    target: Any,
    over: Any,
    under: Any,
    low: Any,
    high: Any,
) -> float:
    """Make the best exchange between two agents; returns by how much the value fell."""
    rows = len(size)
    item, rise = np.zeros(singles, np.int64), np.zeros(singles)
    count = gathered(first, second, owner, table, key, item, rise)
    step, shift = np.zeros(count), np.zeros((rows, count))
    for x in range(count):
        j = item[x]
        here = owner[j]
        there = second if here == first else first
        step[x] = cost[table[j, there]] - cost[table[j, here]]
        for row in range(rows):
            shift[row, x] = size[row, j] if there == first else -size[row, j]
    off, room = np.zeros((2, rows)), np.zeros((2, rows))
    above, beneath = np.zeros((2, rows)), np.zeros((2, rows))
    for row in range(rows):
        one, two = loads[row, first], loads[row, second]
        off[0, row], off[1, row] = one - target[row, first], two - target[row, second]
        above[0, row], above[1, row] = over[row, first], over[row, second]
        beneath[0, row], beneath[1, row] = under[row, first], under[row, second]
        # a limit that is broken must not be broken more
        room[0, row] = max(min(low[row, first], one) - one, two - max(high[row, second], two))
        room[1, row] = min(max(high[row, first], one) - one, two - min(low[row, second], two))
    taken = np.full(4, -1, np.int64)
    gain = best_exchange(count, step, shift, off, above, beneath, room, taken)
    for move in taken:
        if move >= 0:
            moved = item[move]
            owner[moved] = second if owner[moved] == first else first
    if gain > 0:
        for row in range(rows):
            loads[row, first] = loads[row, second] = 0.0
        for j in range(len(owner)):
            if owner[j] == first or owner[j] == second:
                for row in range(rows):
                    loads[row, owner[j]] += size[row, j]
    return gain


def descended(
    pairs: Any,
    waiting: Any,
    once: bool,
    singles: int,
    owner: Any,
    table: Any,
    cost: Any,
    key: Any,
    size: Any,
    loads: Any,
    target: Any,
    over: Any,
    under: Any,
    low: Any,
    high: Any,
    most: int,
) -> int:
    """Exchange within the waiting pairs until none of them gains any more; returns the looks left.

    A pair waits again after one of its agents changed, unless all are looked at just once. The
    state is `owner` and `loads`.
    """
    going = True
    while going and most > 0:
        going = False
        for at in range(len(pairs)):
            if not waiting[at] or most <= 0:
                continue
            waiting[at] = False
            most -= 1
            first, second = pairs[at, 0], pairs[at, 1]
            gain = exchanged(
                first, second, singles, owner, table, cost, key, size, loads, target, over, under,
                low, high,
            )  # fmt: skip
            if gain > 0 and not once:
                going = True
                for other in range(len(pairs)):
                    if other != at:
                        one, two = pairs[other, 0], pairs[other, 1]
                        if one in (first, second) or two in (first, second):
                            waiting[other] = True
    return most


KERNELS = (paid, spread, gathered, best_exchange, exchanged, descended)
"""What numba compiles; each may call those before it."""
