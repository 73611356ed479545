"""The hot loops in the part of Python that numba compiles; `fast` decides when they run."""

from __future__ import annotations

from typing import Any

import numpy as np


def hull(hours: Any, value: Any) -> Any:
    """`csmcalc.optimum.hull`: gift wrapping, row by row."""
    rows, levels = hours.shape
    most = rows * (levels - 1)
    base = np.empty(rows, np.int16)
    gain = np.empty((most, 2))
    owner, level = np.empty(most, np.int32), np.empty(most, np.int16)
    count = 0
    for i in range(rows):
        at = 0
        best_h = np.inf if value[i, 0] == -np.inf else hours[i, 0]
        best_v = value[i, 0]
        for k in range(1, levels):
            v, h = value[i, k], hours[i, k]
            if v != -np.inf and (h < best_h or (h == best_h and v > best_v)):
                at, best_h, best_v = k, h, v
        base[i] = at
        at_h, at_v = hours[i, at], value[i, at]
        while True:
            steepest, onto = 0.0, -1
            for k in range(levels):
                more = hours[i, k] - at_h
                worth = value[i, k] - at_v
                if more > 0 and worth > 0:
                    slope = worth / more
                    if slope > steepest or (
                        slope == steepest and onto >= 0 and hours[i, k] > hours[i, onto]
                    ):
                        steepest, onto = slope, k
            if onto < 0:
                break
            gain[count, 0] = hours[i, onto] - at_h
            gain[count, 1] = value[i, onto] - at_v
            owner[count] = i
            level[count] = onto
            count += 1
            at_h, at_v = hours[i, onto], value[i, onto]
    return base, gain[:count], owner[:count], level[:count]


def keys(gain: Any) -> Any:
    """`csmcalc.optimum.sweep`: value per hour and place in one number, best first."""
    count = len(gain)
    slopes = np.empty(count)
    top = 0.0
    for i in range(count):
        slopes[i] = gain[i, 1] / gain[i, 0]
        top = max(top, slopes[i])
    short = np.empty(count, np.float32)
    for i in range(count):
        short[i] = np.float32(slopes[i] / top)
    bits = short.view(np.uint32)
    key = np.empty(count, np.uint64)
    for i in range(count):
        key[i] = (np.uint64(0xFFFFFFFF - bits[i]) << np.uint64(32)) | np.uint64(i)
    return key


def ascending(key: Any) -> Any:
    """`csmcalc.optimum.sweep`: keys by their rank, in three passes over eleven bits each.

    Keys of one rank stand in the order of their places already and keep it. Where np.sort has no
    vector instructions that are fast on the processor, this takes a third of its time.
    """
    low, digit, rank = np.uint64(2047), np.uint64(11), np.uint64(32)
    start = np.zeros((3, 2049), np.int64)
    for one in key:
        bits = one >> rank
        for turn in range(3):
            start[turn, (bits & low) + np.uint64(1)] += 1
            bits >>= digit
    here, there = key.copy(), np.empty_like(key)
    for turn in range(3):
        place = np.cumsum(start[turn])
        for one in here:
            at = (one >> rank) & low
            there[place[at]] = one
            place[at] += 1
        rank += digit
        here, there = there, here
    return here


def walk(ranked: Any, owner: Any, gain: Any, limits: Any, look: int) -> Any:
    """`csmcalc.optimum.sweep`: how far each limit of hours reaches along the ranking.

    For each: increments taken, then their hours, their value, hours and value before the group of
    equal keys the limit falls into, the best slope in that group (0 where all fits), and the value
    of what else fits.
    """
    low, high = np.uint64(0xFFFFFFFF), np.uint64(32)
    count, wanted = len(ranked), len(limits)
    taken = np.empty(wanted, np.int64)
    out = np.zeros((6, wanted))
    h = v = group_h = group_v = best = 0.0
    group = np.uint64(1) << np.uint64(40)
    k = at = begin = end = 0
    near = np.empty((1024, 2))
    fewest = gain[:, 0].min() if count else np.inf
    while k < wanted and at < count:
        if at == end:
            # Fetching ahead in a loop of its own lets memory work on many increments at once.
            begin, end = end, min(end + len(near), count)
            for place in range(begin, end):
                i = ranked[place] & low
                near[place - begin, 0] = gain[i, 0]
                near[place - begin, 1] = gain[i, 1]
        more = near[at - begin, 0]
        after = h + more
        if limits[k] < after:
            if ranked[at] >> high != group:
                group, group_h, group_v = ranked[at] >> high, h, v
                best = near[at - begin, 1] / more
                other = at - 1
                while other >= 0 and ranked[other] >> high == group:
                    j = ranked[other] & low
                    group_h -= gain[j, 0]
                    group_v -= gain[j, 1]
                    best = max(best, gain[j, 1] / gain[j, 0])
                    other -= 1
                other = at + 1
                while other < count and ranked[other] >> high == group:
                    j = ranked[other] & low
                    best = max(best, gain[j, 1] / gain[j, 0])
                    other += 1
            while k < wanted and limits[k] < after:
                taken[k] = at
                out[0, k], out[1, k], out[4, k] = h, v, best
                out[2, k], out[3, k] = group_h, group_v
                left = limits[k] - h
                for later in range(at + 1, min(at + look, count)):
                    if left < fewest:
                        break
                    j = ranked[later] & low
                    hours = near[later - begin, 0] if later < end else gain[j, 0]
                    if hours <= left:
                        # Along a hull the increment before stands in the place before; only if it
                        # is ranked at or after the first that does not fit, it is still missing.
                        missing = False
                        for other in range(at, later):
                            if (ranked[other] & low) + np.uint64(1) == j:
                                missing = owner[j - np.uint64(1)] == owner[j]
                        if missing:
                            continue
                        left -= hours
                        out[5, k] += near[later - begin, 1] if later < end else gain[j, 1]
                k += 1
        h = after
        v += near[at - begin, 1]
        at += 1
    while k < wanted:
        taken[k] = count
        out[0, k], out[1, k], out[2, k], out[3, k] = h, v, h, v
        k += 1
    return taken, out


KERNELS = (hull, keys, ascending, walk)
