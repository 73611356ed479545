"""How long a search may go on: by the clock, or by a count of steps that can be repeated."""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

DEFAULT_WORK = 150
"""Steps of search (exchanges all round, or small programmes) for a whole problem of one part."""

_LENIENT = 2.0
"""How many times its share of the time a part may take until there is a first answer."""


class Stop:
    """An end from the keyboard: seen between steps, and passed on to the solvers that run."""

    def __init__(self) -> None:
        self._set = False
        self._running: list[Callable[[], object]] = []
        # a second interrupt may come while the first one is seen to
        self._keeping = threading.RLock()

    def is_set(self) -> bool:
        """Whether the end has come."""
        return self._set

    def set(self) -> None:
        """End everything."""
        with self._keeping:
            self._set = True
            for end in self._running:
                end()

    @contextmanager
    def ends(self, end: Callable[[], object]) -> Iterator[None]:
        """What runs inside is ended by `end`."""
        with self._keeping:
            self._running.append(end)
            if self._set:
                end()
        try:
            yield
        finally:
            with self._keeping:
                self._running.remove(end)


@dataclass(frozen=True)
class Effort:
    """How long HiGHS may work: by the clock, or by what can be repeated.

    That is the nodes of its tree and how often it asks whether to go on: once for every few linear
    programmes, so that the first node counts too. It ends with what it has when `stop` is set.
    """

    seconds: float = 1e30
    nodes: int = 2_000_000_000
    looks: float = math.inf
    gap: float = 1e-6
    stop: Stop = field(default_factory=Stop)


@dataclass
class Clock:
    """What is left of the time or of the steps of one part of a problem.

    With `seconds` None nothing depends on the time: the same steps give the same answer. Parts that
    wait for their turn share the `deadline` of the whole, which has `total` seconds.
    """

    seconds: float | None
    work: int = DEFAULT_WORK
    deadline: float = float("inf")
    stop: Stop = field(default_factory=Stop)
    total: float | None = None
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
        if self.stop.is_set():
            return 0.0
        if self.seconds is None:
            return 1e30
        return max(0.0, self.end - time.monotonic())

    @property
    def spent(self) -> float:
        """Seconds since the start, or the steps counted."""
        return float(self._done) if self.seconds is None else time.monotonic() - self._begin

    def over(self) -> bool:
        """Whether the search has to stop."""
        return self.left <= 0 or (self.seconds is None and self._done >= self.work)

    def lenient(self) -> Clock:
        """The clock of what all else waits for: it may take more than the share of its part."""
        seconds = None if self.seconds is None else _LENIENT * self.seconds
        return dataclasses.replace(self, seconds=seconds)

    def step(self, steps: int = 1) -> None:
        """Count steps of the search."""
        self._done += steps

    def effort(
        self, share: float, nodes: int, gap: float = 1e-6, looks: float = math.inf
    ) -> Effort:
        """An effort for HiGHS: a share of the time, or a number of nodes and looks."""
        if self.seconds is None:
            return Effort(nodes=nodes, gap=gap, looks=looks, stop=self.stop)
        seconds = min(self.left, max(0.02, share * self.seconds))
        return Effort(seconds=seconds, gap=gap, stop=self.stop)
