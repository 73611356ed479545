"""Ctrl-C while books are searched for: the first one asks for the best so far."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from csmcalc.portfolio.books.engine.clock import Stop

_ONE_PRESS = 1.0
"""Seconds in which further interrupts are the same one: a key held down, a shell that sends two."""


@dataclass
class Keyboard:
    """What an interrupt does: the first one ends the search, a later one ends all.

    Attributes:
        stop: what ends the search.
        searching: whether there is a search to end; if not, an interrupt ends all at once.
        told: what else is done at the first interrupt.
    """

    stop: Stop = field(default_factory=Stop)
    searching: bool = True
    told: Callable[[], object] = lambda: None
    _first: float = 0.0

    def interrupt(self, *_: object) -> None:
        """What happens at an interrupt, between two steps of the main thread."""
        again = self.stop.is_set()
        if again and time.monotonic() - self._first < _ONE_PRESS:
            return
        if again or not self.searching:
            raise KeyboardInterrupt
        self._first = time.monotonic()
        self.stop.set()
        self.told()


_MOMENT = 0.2
"""Seconds between looks at the keyboard."""

_listening: list[Keyboard] = []
"""Who listens in the main thread: the outermost alone, so that one interrupt ends all inside."""


@contextmanager
def keyboard() -> Iterator[Keyboard]:
    """Listen while this runs.

    Where somebody else does (a handler of the caller's own), or in another thread than the first,
    which gets no interrupts, nothing is listened to.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Keyboard()
    elif _listening:
        yield _listening[0]
    elif signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield Keyboard()
    else:
        one = Keyboard()
        _listening.append(one)
        signal.signal(signal.SIGINT, one.interrupt)
        try:
            yield one
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _listening.clear()


@contextmanager
def lanes(threads: int, stop: Stop) -> Iterator[ThreadPoolExecutor]:
    """Threads that an error ends as well, and for which nobody waits then."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def ended(runs: Sequence[Future[Any]]) -> None:
    """Wait for all, a moment at a time: Windows sees an interrupt between two waits alone."""
    waiting = set(runs)
    while waiting:
        waiting = wait(waiting, _MOMENT).not_done
    for one in runs:
        one.result()
