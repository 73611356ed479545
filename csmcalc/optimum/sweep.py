"""One sweep along all increments in the order of value per hour: every headcount at once.

Each increment becomes one number, its value per hour (as float32, upside down) before its place,
so that a plain sort ranks them. The hours of N CSMs are filled with the increments ranked first,
then with what else fits among those that follow. Value per hour at the point where the hours end
is the price of an hour, and the price gives the bound: no plan is worth more than all increments
worth their price, plus the hours at that price. Increments whose keys are equal although their
values per hour differ in the eighth digit are taken together at the best of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum import fast
from csmcalc.optimum.hull import Floats, Increments, Ints

LOOK = 64
"""How many increments beyond the first that does not fit are tried for the hours left."""

_LOW, _HIGH = np.uint64(0xFFFFFFFF), np.uint64(32)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Increments in the order of value per hour.

    Attributes:
        increments: the increments, in the order of customers.
        key: rank and place of each, smaller is better.
        ranked: the keys in ascending order.
    """

    increments: Increments
    key: NDArray[np.uint64]
    ranked: NDArray[np.uint64]

    def order(self, begin: int, end: int) -> Ints:
        """Which increments stand at these ranks."""
        return (self.ranked[begin:end] & _LOW).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far some limits of hours reach along a ranking.

    Attributes:
        taken: how many increments fit, in the order of their ranks.
        hours: what these take.
        value: what these and what else fits are worth.
        bound: no choice within the hours is worth more.
        price: value of one hour more, at the bound.
    """

    taken: Ints
    hours: Floats
    value: Floats
    bound: Floats
    price: Floats


def rank(increments: Increments) -> Ranking:
    """Rank increments by value per hour."""
    entries = len(increments.gain)
    key = (fast.kernel("keys", entries) or _keys)(increments.gain)
    return Ranking(increments, key, (fast.kernel("ascending", entries) or np.sort)(key))


def _keys(gain: Floats) -> Any:
    slopes = gain[:, 1] / gain[:, 0]
    bits = (slopes / slopes.max(initial=0.0)).astype(np.float32).view(np.uint32)
    place = np.arange(len(gain), dtype=np.uint64)
    return ((_LOW - bits.astype(np.uint64)) << _HIGH) | place


def reach(ranking: Ranking, limits: Floats) -> Reach:
    """What ascending limits of hours can be filled with."""
    gain, entries = ranking.increments.gain, len(ranking.key) + len(limits)
    compiled = fast.kernel("walk", entries)
    if compiled:
        taken, out = compiled(ranking.ranked, ranking.increments.owner, gain, limits, LOOK)
    else:
        taken, out = _walk(ranking, limits)
    hours, value, group_hours, group_value, price, more = out
    bound = group_value + np.maximum(limits - group_hours, 0) * price
    value = value + more
    return Reach(taken, hours, value, np.maximum(bound, value), price)


def _walk(ranking: Ranking, limits: Floats) -> tuple[Any, Any]:
    ranked, gain = ranking.ranked, ranking.increments.gain
    # Hours and value as one complex number are fetched, and added up, in one go.
    pairs = np.ascontiguousarray(gain).view(np.complex128)[:, 0][ranked & _LOW]
    total = np.empty(len(ranked) + 1, dtype=np.complex128)
    total[0] = 0
    np.cumsum(pairs, out=total[1:])
    taken = np.searchsorted(total.real, limits, side="right") - 1
    within = taken < len(ranked)
    out = np.zeros((6, len(limits)))
    out[0], out[1] = total[taken].real, total[taken].imag
    out[2:4] = out[:2]
    group, back = np.unique(ranked[taken[within]] >> _HIGH, return_inverse=True)
    begin = np.searchsorted(ranked, group << _HIGH)
    end = np.searchsorted(ranked, (group << _HIGH) | _LOW, side="right")
    out[2, within], out[3, within] = total[begin].real[back], total[begin].imag[back]
    if len(group):
        out[4, within] = _steepest(pairs, begin, end - begin)[back]
    out[5] = _fill(ranking, pairs, taken, limits - out[0])
    return taken, out


def _steepest(pairs: Any, begin: Ints, lengths: Ints) -> Floats:
    """The best value per hour within runs of increments."""
    starts = np.cumsum(lengths) - lengths
    members = pairs[np.arange(int(lengths.sum())) - np.repeat(starts - begin, lengths)]
    slopes: Floats = np.maximum.reduceat(members.imag / members.real, starts)
    return slopes


def _fill(ranking: Ranking, pairs: Any, taken: Ints, slack: Floats) -> Floats:
    """Value of what else fits, for all limits at once."""
    ranked, hours = ranking.ranked, pairs.real
    more = np.zeros(len(taken))
    fewest = hours.min(initial=np.inf)
    live = np.arange(len(taken))
    first, left = taken, slack.copy()
    for step in range(LOOK):
        open_still = (first + step < len(ranked)) & (left >= fewest)
        if not open_still.all():
            live, first, left = live[open_still], first[open_still], left[open_still]
        if not len(live):
            break
        fits = np.flatnonzero(hours[first + step] <= left)
        fits = fits[~_missing(ranking, first[fits], step)]
        taking = pairs[first[fits] + step]
        left[fits] -= taking.real
        more[live[fits]] += taking.imag
    return more


def _missing(ranking: Ranking, first: Ints, step: int) -> NDArray[np.bool_]:
    """Whether the increment of the same customer before this one does not fit either.

    Along a hull it stands in the place before; only if it is ranked at or after the first that
    does not fit, it is still missing.
    """
    ranked, owner = ranking.ranked, ranking.increments.owner
    i = (ranked[first + step] & _LOW).astype(np.int64)
    follows: NDArray[np.bool_] = (i > 0) & (owner[i - 1] == owner[i])
    return follows & (ranking.key[i - 1] >= ranked[first])


def levels_within(ranking: Ranking, limit: float) -> Ints:
    """The level of each customer that `reach` counts for one limit of hours."""
    increments = ranking.increments
    hours, order = increments.gain[:, 0], ranking.order(0, len(ranking.ranked))
    used = np.append(0.0, np.cumsum(hours[order]))
    first = int(np.searchsorted(used, limit, side="right")) - 1
    left = limit - used[first]
    fits = [i for i in range(first, min(first + LOOK, len(order))) if hours[order[i]] <= left]
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order[:first]] = True
    for at in fits:
        if hours[order[at]] <= left and not _missing(ranking, np.array([first]), at - first)[0]:
            left -= hours[order[at]]
            chosen[order[at]] = True
    # Along a hull increments stand in order, so that the last one chosen is the highest.
    levels = increments.base.astype(np.int64)
    levels[increments.owner[chosen]] = increments.level[chosen]
    return levels
