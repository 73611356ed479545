"""How long a search may go on: by the clock, or by a count of steps that can be repeated."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field

DEFAULT_WORK = 150
"""Steps of search (exchanges all round, or small programmes) for a whole problem of one part."""


@dataclass(frozen=True)
class Effort:
    """How long HiGHS may work: by the clock, or by what can be repeated.

    That is the nodes of its tree and how often it asks whether to go on: once for every few linear
    programmes, so that the first node counts too. It stops with what it has as soon as
    `interrupted` is set.
    """

    seconds: float = 1e30
    nodes: int = 2_000_000_000
    looks: float = math.inf
    gap: float = 1e-6
    interrupted: threading.Event = field(default_factory=threading.Event)


@dataclass
class Clock:
    """What is left of the time or of the steps of one part of a problem.

    With `seconds` None nothing depends on the time: the same steps give the same answer. Parts that
    wait for their turn share the `deadline` of the whole.
    """

    seconds: float | None
    work: int = DEFAULT_WORK
    deadline: float = float("inf")
    interrupted: threading.Event = field(default_factory=threading.Event)
    _begin: float = field(default_factory=time.monotonic)
    _done: int = 0

    def start(self) -> None:
        """Begin to count now."""
        self._begin = time.monotonic()

    @property
    def end(self) -> float:
        """When the time is over, by the monotonic clock."""
        if self.seconds is None:
            return math.inf
        return min(self._begin + self.seconds, self.deadline)

    @property
    def left(self) -> float:
        """Seconds left; without end where steps are counted."""
        if self.interrupted.is_set():
            return 0.0
        if self.seconds is None:
            return 1e30
        return max(0.0, self.end - time.monotonic())

    def over(self) -> bool:
        """Whether the search has to stop."""
        return self.left <= 0 or (self.seconds is None and self._done >= self.work)

    def step(self, steps: int = 1) -> None:
        """Count steps of the search."""
        self._done += steps

    def effort(
        self, share: float, nodes: int, gap: float = 1e-6, looks: float = math.inf
    ) -> Effort:
        """An effort for HiGHS: a share of the time, or a number of nodes and looks."""
        if self.seconds is None:
            return Effort(nodes=nodes, gap=gap, looks=looks, interrupted=self.interrupted)
        seconds = min(self.left, max(0.02, share * self.seconds))
        return Effort(seconds=seconds, gap=gap, interrupted=self.interrupted)
