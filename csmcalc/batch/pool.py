"""Processes that work side by side, any of which may be killed at any moment.

Every worker has a pipe of its own: there is no lock, no queue and no half-written message that a
dying worker could leave to the others. What it was working on is given out again, job by job; a job
that takes its worker with it time after time is a failure of that job alone.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from csmcalc.batch.jobs import Job, Source, Undeliverable, Workshop, failed
from csmcalc.batch.manifest import Entry
from csmcalc.errors import CsmcalcError

_SECONDS_AT_A_TIME = 0.2
_MOST_AT_A_TIME = 400
_MOST_DEATHS = 3
"""A job whose worker died that often, each time with nothing else to do, is to blame for it."""

_WAIT_FOR_A_SERVER = 0.1
"""Seconds before the next attempt to start a worker, for each that failed."""

_READY = "ready"

_CONTEXT: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")


def warm_up(*, much: bool = False) -> None:
    """Let the server of the workers load the libraries while the list is being read.

    Compiled loops are among them where much is to be written.
    """
    if sys.platform != "win32":
        loops = ["csmcalc.reports.template.loaded"] if much else []
        _CONTEXT.set_forkserver_preload(["csmcalc.batch.makers", *loops])
        from multiprocessing import forkserver

        forkserver.ensure_running()


class _Pace:
    """How many jobs to give out at a time: a fraction of a second's work, and a fair share."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.each = 0.0

    def share(self, waiting: int) -> int:
        timely = int(_SECONDS_AT_A_TIME / self.each) if self.each else 1
        fair = waiting // (2 * self.workers) if self.workers > 1 else waiting
        return max(1, min(timely, fair, _MOST_AT_A_TIME))

    def learn(self, seconds: float, jobs: int) -> None:
        each = seconds / max(jobs, 1)
        self.each = (self.each + each) / 2 if self.each else each


def work_serially(jobs: Sequence[Job], source: Source, workshop: Workshop) -> Iterator[list[Entry]]:
    """One report after the other, in this process."""
    pace, first = _Pace(1), 0
    while first < len(jobs):
        begun = time.perf_counter()
        some = jobs[first : first + pace.share(len(jobs) - first)]
        yield workshop.work(some, source.pack(some))
        pace.learn(time.perf_counter() - begun, len(some))
        first += len(some)


def work_in_processes(
    jobs: Sequence[Job], source: Source, workshop: Workshop, count: int
) -> Generator[list[Entry]]:
    """Many at a time, in `count` processes; entries come as reports are finished."""
    pool = _Pool(source, workshop, count)
    try:
        yield from pool.work(jobs)
    finally:
        pool.end()


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    given: list[Job] = field(default_factory=list)
    proved: bool = False


class _Pool:
    def __init__(self, source: Source, workshop: Workshop, count: int) -> None:
        self.source, self.workshop, self.count = source, workshop, count
        self.workers: list[_Worker] = []
        self.waiting: deque[Job] = deque()
        self.suspects: deque[Job] = deque()
        self.deaths: Counter[str] = Counter()
        self.lost = 0
        self.pace = _Pace(count)

    def work(self, jobs: Sequence[Job]) -> Iterator[list[Entry]]:
        self.waiting.extend(jobs)
        while self.waiting or self.suspects or any(worker.given for worker in self.workers):
            self._staff()
            for worker in self.workers:
                if not worker.given:
                    self._give(worker)
            for entries in self._finished():
                if entries:
                    yield entries

    def _staff(self) -> None:
        wanted = len(self.waiting) + len(self.suspects)
        wanted += sum(1 for worker in self.workers if worker.given)
        while len(self.workers) < min(self.count, wanted):
            ours, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_serve, args=(theirs, self.workshop), daemon=True)
            try:
                process.start()
            except (EOFError, OSError) as error:
                # The server that forks the workers was ended at this moment. It answers no more
                # before its process is gone: until then whoever asks again is refused again.
                ours.close()
                self._lose(f"{type(error).__name__} {error}".strip())
                time.sleep(min(self.lost * _WAIT_FOR_A_SERVER, 1.0))
            else:
                self.workers.append(_Worker(process, ours))
            finally:
                theirs.close()

    def _give(self, worker: _Worker) -> None:
        if self.suspects:
            given = [self.suspects.popleft()]
        else:
            count = min(self.pace.share(len(self.waiting)), len(self.waiting))
            given = [self.waiting.popleft() for _ in range(count)]
        if not given:
            return
        worker.given = given
        # A dead worker's pipe is broken; that it is dead is noticed below.
        with contextlib.suppress(OSError):
            worker.pipe.send((given, self.source.pack(given)))

    def _finished(self) -> Iterator[list[Entry]]:
        ready = wait([w.pipe for w in self.workers] + [w.process.sentinel for w in self.workers])
        for worker in list(self.workers):
            if worker.pipe in ready or worker.process.sentinel in ready:
                yield self._answer(worker)

    def _answer(self, worker: _Worker) -> list[Entry]:
        try:
            answer = worker.pipe.recv() if worker.pipe.poll() else None
        except (EOFError, OSError):
            answer = None
        if answer is None:
            return self._bury(worker) if not worker.process.is_alive() else []
        if answer == _READY:
            worker.proved, self.lost = True, 0
            return []
        worker.given = []
        if isinstance(answer, BaseException):
            raise answer
        entries: list[Entry] = answer
        self.pace.learn(sum(entry.seconds for entry in entries), len(entries))
        return entries

    def _bury(self, worker: _Worker) -> list[Entry]:
        """Give out again what a dead worker had; one that never worked says something is wrong."""
        self.workers.remove(worker)
        worker.pipe.close()
        if not worker.proved:
            return self._never_began(worker)
        if len(worker.given) != 1:
            self.suspects.extend(worker.given)
            return []
        job = worker.given[0]
        self.deaths[job.key] += 1
        if self.deaths[job.key] < _MOST_DEATHS:
            self.suspects.append(job)
            return []
        how = _ending(worker.process.exitcode)
        return [failed(job, f"the process that made it was ended {_MOST_DEATHS} times ({how})")]

    def _never_began(self, worker: _Worker) -> list[Entry]:
        """A worker that died before it was ready has done no harm to its jobs, unless all do."""
        self._lose(_ending(worker.process.exitcode))
        self.suspects.extend(worker.given)
        return []

    def _lose(self, how: str) -> None:
        self.lost += 1
        if self.lost > _MOST_DEATHS * self.count:
            raise CsmcalcError(
                f"The processes that make the reports end before they are ready ({how}); --jobs 1 "
                "works without them"
            )

    def end(self) -> None:
        """Let idle workers go; end the others: what they had begun is not delivered."""
        for worker in self.workers:
            if worker.given:
                worker.process.kill()
            worker.pipe.close()
        for worker in self.workers:
            worker.process.join(10)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return f"{name}; out of memory?" if name == "SIGKILL" else name
    return f"exit {code}"


def _serve(pipe: Connection, workshop: Workshop) -> None:
    """The life of a worker: until its pipe is closed, or whoever held the other end is gone."""
    # Ctrl-C goes to the whole group; the main process decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def end_with_main() -> None:
        if pipe.poll():  # nothing is sent while a worker works: the other end is gone
            os._exit(0)

    with contextlib.suppress(EOFError, OSError):
        pipe.send(_READY)
        while True:
            jobs, packed = pipe.recv()
            try:
                answer: Any = workshop.work(jobs, packed, end_with_main)
            except Undeliverable as error:
                answer = error
            pipe.send(answer)
