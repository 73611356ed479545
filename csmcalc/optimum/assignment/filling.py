"""What every agent's capacity can hold at a price of each item: dynamic programming by loads.

All agents are worked on at once: a table has a row for each of them and a column for each load up
to the largest capacity, in whole units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints, Mask


@dataclass(frozen=True)
class Offers:
    """Arcs in the order of their agents, with sizes in whole units, and the agents' capacities."""

    arcs: Ints
    agent: Ints
    item: Ints
    cost: Floats
    size: Ints
    room: Ints

    @property
    def loads(self) -> int:
        """How many loads there are from 0 to the largest capacity."""
        return int(self.room.max(initial=0)) + 1

    def kept(self, keep: Mask) -> Offers:
        """Some of the arcs."""
        arcs, agent, item = self.arcs[keep], self.agent[keep], self.item[keep]
        return Offers(arcs, agent, item, self.cost[keep], self.size[keep], self.room)


@dataclass(frozen=True)
class Wanted:
    """The arcs that pay at some prices, as tables of agents (the fullest first) by place."""

    offers: Offers
    gain: Floats
    rows: Ints
    counts: Ints
    arcs: Ints
    first: Ints

    @classmethod
    def of(cls, offers: Offers, prices: Floats) -> Wanted:
        """The arcs that pay at some prices of the items."""
        gain = prices[offers.item] - offers.cost
        arcs = np.flatnonzero(gain > 0)
        counts = np.bincount(offers.agent[arcs], minlength=len(offers.room))
        rows = np.argsort(-counts, kind="stable")
        first = np.concatenate([[0], np.cumsum(counts)])[:-1]
        return cls(offers, gain, rows, counts[rows], arcs, first[rows])

    @property
    def places(self) -> int:
        """The most arcs that any agent has."""
        return int(self.counts[0]) if len(self.counts) else 0

    def at(self, place: int) -> tuple[Ints, Ints, Floats]:
        """The arcs at a place, of as many rows as have one; their sizes and gains."""
        many = int(np.searchsorted(-self.counts, -place))
        arcs = self.arcs[self.first[:many] + place]
        return arcs, self.offers.size[arcs], self.gain[arcs]

    def filled(self) -> tuple[Floats, Ints]:
        """By row the most that a capacity can hold, and the arcs that are in it."""
        table, room = self._table(), self.offers.room[self.rows]
        kept = []
        for place in range(self.places):
            _arcs, size, gain = self.at(place)
            kept.append(table.add(size, gain))
        most = table.rows[np.arange(len(room)), room]
        taken, left = [], room.copy()
        for place in reversed(range(self.places)):
            arcs, size, _gain = self.at(place)
            here = left[: len(size)]
            into = kept[place][np.arange(len(size)), here]
            here -= np.where(into, size, 0)
            taken.append(arcs[into])
        return most, np.concatenate(taken) if taken else np.zeros(0, dtype=np.int64)

    def _table(self) -> _Table:
        most = int(self.offers.size[self.arcs].max(initial=0))
        return _Table(len(self.rows), self.offers.loads, most)

    def rises(self) -> tuple[Floats, Floats]:
        """By arc of the knapsacks, by how much its own falls where it must be taken, or left."""
        offers = self.offers
        room = offers.room[self.rows]
        before, after = self._passes(range(self.places)), self._passes(range(self.places)[::-1])
        taken, left = np.zeros(len(offers.arcs)), np.zeros(len(offers.arcs))
        most = before[-1][np.arange(len(room)), room]
        # what all later places make of the room that a load leaves
        rest = room[:, None] - np.arange(offers.loads)
        for place in range(self.places):
            arcs, size, gain = self.at(place)
            many = len(size)
            later = np.take_along_axis(
                after[self.places - place - 1][:many], np.maximum(rest[:many], 0), axis=1
            )
            later[rest[:many] < 0] = -np.inf
            early = before[place][:many]
            left[arcs] = most[:many] - (early + later).max(axis=1)
            within = _shifted(early, size) + later
            taken[arcs] = most[:many] - within.max(axis=1) - gain
        outside = np.flatnonzero(self.gain <= 0)
        at = np.empty(len(room), dtype=np.int64)
        at[self.rows] = np.arange(len(room))
        row = at[offers.agent[outside]]
        held = before[-1][row, room[row] - offers.size[outside]]
        taken[outside] = most[row] - held - self.gain[outside]
        return np.maximum(taken, 0.0), np.maximum(left, 0.0)

    def _passes(self, places: range) -> list[Floats]:
        """The tables before the first of these places, and after each of them."""
        table = self._table()
        passed = [table.rows.copy()]
        for place in places:
            _arcs, size, gain = self.at(place)
            table.add(size, gain)
            passed.append(table.rows.copy())
        return passed


class _Table:
    """By row, the most that loads up to each can hold; in front of them what no load can."""

    def __init__(self, rows: int, loads: int, most: int) -> None:
        self._wide = np.full((rows, most + loads), -np.inf)
        self._wide[:, most:] = 0.0
        self.rows = self._wide[:, most:]
        self._from = most + (most + loads) * np.arange(rows)[:, None] + np.arange(loads)

    def add(self, size: Ints, gain: Floats) -> Mask:
        """Offer one more item to each of the first rows; whether it is taken, by load."""
        many = len(size)
        other = self._wide.ravel().take(self._from[:many] - size[:, None])
        other += gain[:, None]
        rows = self.rows[:many]
        taken: Mask = other > rows
        np.maximum(rows, other, out=rows)
        return taken


def _shifted(rows: Floats, size: Ints) -> Floats:
    """Rows moved up by a size each; nothing can be held below it."""
    at = np.arange(rows.shape[1]) - size[:, None]
    shifted = np.take_along_axis(rows, np.maximum(at, 0), axis=1)
    shifted[at < 0] = -np.inf
    return shifted
