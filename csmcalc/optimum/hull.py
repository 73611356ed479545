"""The concave hull of each customer's menu, as increments: so many hours more, so much value more.

Value per hour falls along a hull, so that increments taken in the order of value per hour are
always taken in the order of the menu. What lies under the hull is never bought at any price of an
hour; only the exact core looks at it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum import fast

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 8192
"""Rows taken at once, so that they stay in the cache."""


@dataclass(frozen=True, slots=True)
class Increments:
    """The hulls of all menus, customer by customer.

    Attributes:
        base: the level each customer starts from, the fewest hours it may get.
        gain: hours and value of each increment side by side, both above 0.
        owner: the customer (row) of each increment.
        level: the level (column) each increment leads to.
    """

    base: NDArray[Any]
    gain: Floats
    owner: NDArray[np.int32]
    level: NDArray[np.int16]

    @property
    def hours(self) -> Floats:
        """Hours of each increment."""
        return self.gain[:, 0]

    @property
    def value(self) -> Floats:
        """Value of each increment."""
        return self.gain[:, 1]

    def only(self, keep: Any) -> Increments:
        """Some of the increments; of each hull a first part must stay."""
        return Increments(self.base, self.gain[keep], self.owner[keep], self.level[keep])


def increments(hours: Floats, value: Floats) -> Increments:
    """The hulls of menus, given as one row a customer and one column a level.

    Levels whose value is -inf are not on offer; each row needs one that is.
    """
    compiled = fast.kernel("hull", hours.size)
    found = compiled(hours, value) if compiled else _in_blocks(hours, value)
    return Increments(*found)


def _in_blocks(hours: Floats, value: Floats) -> tuple[Any, ...]:
    rows = len(hours)
    parts = [_wrap(hours, value, at, min(at + BLOCK, rows)) for at in range(0, rows, BLOCK)]
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def _wrap(hours: Floats, value: Floats, begin: int, end: int) -> tuple[Any, ...]:
    """Gift wrapping, all rows at once: from each vertex to the steepest level that lies ahead."""
    # One copy with levels as rows makes each step run over contiguous memory.
    h, v = hours[begin:end].T.copy(), value[begin:end].T.copy()
    base = _base(h, v)
    rows = np.arange(end - begin)
    at_h, at_v = h[base, rows], v[base, rows]
    found: list[tuple[Any, ...]] = []
    while len(rows):
        onto = _steepest(h, v, at_h, at_v)
        goes = onto >= 0
        if not goes.all():
            rows, onto = rows[goes], onto[goes]
            h, v, at_h, at_v = h[:, goes], v[:, goes], at_h[goes], at_v[goes]
        here = np.arange(len(rows))
        next_h, next_v = h[onto, here], v[onto, here]
        gain = np.column_stack([next_h - at_h, next_v - at_v])
        found.append((gain, rows.astype(np.int32), onto))
        at_h, at_v = next_h, next_v
    return base.astype(np.int16), *_by_customer(found, begin)


def _steepest(h: Floats, v: Floats, at_h: Floats, at_v: Floats) -> NDArray[np.int16]:
    """The level ahead with the most value per hour, for each row; -1 where none is worth more."""
    steepest = np.full(len(at_h), np.finfo(float).smallest_subnormal)
    onto = np.full(len(at_h), -1, dtype=np.int16)
    with np.errstate(divide="ignore", invalid="ignore"):
        for level in range(len(h)):
            more = h[level] - at_h
            slope = (v[level] - at_v) / more
            better = (more > 0) & (slope >= steepest)
            # Of levels on one line the furthest counts, wherever it stands in the menu.
            tie = better & (slope == steepest) & (onto >= 0)
            if tie.any():
                furthest = h[np.maximum(onto, 0), np.arange(len(onto))]
                better &= ~(tie & (h[level] <= furthest))
            np.copyto(steepest, slope, where=better)
            np.copyto(onto, np.int16(level), where=better)
    return onto


def _by_customer(found: list[tuple[Any, ...]], begin: int) -> tuple[Any, ...]:
    """What was found round by round, in the order of customers and along each hull."""
    gain, owner, level = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(owner, kind="stable")
    return gain[order], owner[order] + np.int32(begin), level[order]


def _base(h: Floats, v: Floats) -> NDArray[Any]:
    """The level of the fewest hours on offer; of several with as many, the most valuable."""
    base = np.zeros(h.shape[1], dtype=np.int16)
    best_h = np.where(np.isneginf(v[0]), np.inf, h[0])
    best_v = v[0].copy()
    for level in range(1, len(h)):
        offered = ~np.isneginf(v[level])
        better = offered & ((h[level] < best_h) | ((h[level] == best_h) & (v[level] > best_v)))
        base[better] = level
        np.copyto(best_h, h[level], where=better)
        np.copyto(best_v, v[level], where=better)
    return base
