"""The assignment every solver here works on: items to agents, each agent with measured loads.

Nothing in this room knows of customers: an item is given to exactly one of the agents it has an arc
to; an arc costs something and loads its agent by a size in every measure. A load has hard limits
and, where it is balanced, a target with a price for what lies above and what lies below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-9
"""By what share of its limit a load may pass it: the rounding of sums."""


@dataclass(frozen=True)
class Problem:
    """Items, agents and the arcs between them.

    Attributes:
        first: arcs of item j are `first[j]` to `first[j + 1]`, in ascending order of agents.
        agent: the agent of each arc.
        cost: what each arc costs.
        size: by measure and arc, what the arc adds to that load of its agent.
        low: by measure and agent, the least load allowed (-inf where there is no limit).
        high: by measure and agent, the largest load allowed (inf where there is no limit).
        target: by measure and agent, the load at which no price is paid.
        over: price of a unit of load above the target.
        under: price of a unit of load below the target.
    """

    first: Ints
    agent: Ints
    cost: Floats
    size: Floats
    low: Floats
    high: Floats
    target: Floats
    over: Floats
    under: Floats

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.first) - 1

    @property
    def agents(self) -> int:
        """How many agents there are."""
        return int(self.target.shape[1])

    @cached_property
    def item(self) -> Ints:
        """The item of each arc."""
        return np.repeat(np.arange(self.items), np.diff(self.first))

    @cached_property
    def _key(self) -> Ints:
        return self.item * self.agents + self.agent

    def arcs(self, items: Ints, agents: Ints) -> Ints:
        """The arc from each item to each agent beside it, -1 where there is none."""
        wanted = items * self.agents + agents
        at = np.minimum(np.searchsorted(self._key, wanted), len(self._key) - 1)
        return np.where((self._key[at] == wanted) & (agents >= 0), at, -1)

    def loads(self, chosen: Ints) -> Floats:
        """By measure and agent, the load when each item takes its chosen arc."""
        owner = self.agent[chosen]
        rows = [np.bincount(owner, sizes[chosen], self.agents) for sizes in self.size]
        return np.array(rows, dtype=np.float64).reshape(self.target.shape)

    def prices(self, loads: Floats) -> Floats:
        """What each load costs, by measure and agent."""
        above = loads - self.target
        return np.maximum(above, 0) * self.over + np.maximum(-above, 0) * self.under

    def value(self, chosen: Ints) -> float:
        """The objective: arcs and loads."""
        return float(self.cost[chosen].sum() + self.prices(self.loads(chosen)).sum())

    @cached_property
    def slack(self) -> tuple[Floats, Floats]:
        """The hard limits with the room that rounding needs."""
        # a limit near 0 has the room of one unit, or of the largest size where all are smaller
        sizes = np.abs(self.size).max(axis=1, initial=0.0)
        least = np.where(sizes > 0, np.minimum(sizes, 1.0), 1.0)[:, None]
        room = TOLERANCE * np.maximum(least, np.abs(np.nan_to_num(self.high, posinf=0.0)))
        below = TOLERANCE * np.maximum(least, np.abs(np.nan_to_num(self.low, neginf=0.0)))
        return self.low - below, self.high + room

    def excess(self, loads: Floats) -> Floats:
        """By how much each load breaks a hard limit, 0 where it keeps it."""
        low, high = self.slack
        return np.maximum(np.maximum(loads - high, low - loads), 0.0)

    def feasible(self, chosen: Ints) -> bool:
        """Whether every hard limit is kept."""
        return not self.excess(self.loads(chosen)).any()

    def restricted(self, keep: Mask) -> Problem:
        """The same problem with some arcs left out; every item needs one that stays."""
        counts = np.bincount(self.item[keep], minlength=self.items)
        return Problem(
            first=np.concatenate([[0], np.cumsum(counts)]),
            agent=self.agent[keep],
            cost=self.cost[keep],
            size=self.size[:, keep],
            low=self.low,
            high=self.high,
            target=self.target,
            over=self.over,
            under=self.under,
        )
