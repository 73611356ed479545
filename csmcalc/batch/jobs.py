"""What a job is: a pure function of its inputs, so that any process on any machine can run it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Protocol

from csmcalc.batch.folder import cannot_write, flush, write_part
from csmcalc.batch.manifest import DONE, FAILED, Entry
from csmcalc.errors import CsmcalcError


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: its key, its file, which rows of the list are in it, which scenario."""

    key: str
    file: str
    slice: str
    rows: int
    position: int
    scenario: str = ""


Write = Callable[[IO[bytes]], None]
"""Writes a report to a file that can go back; long reports are never in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report: its bytes, or what writes them, and the figures an index needs of it."""

    content: bytes | Write
    figures: Mapping[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """Where the inputs of jobs come from; stays in the main process."""

    def pack(self, jobs: Sequence[Job]) -> Any:
        """The inputs of some jobs, ready to travel to another process."""


class Maker(Protocol):
    """Makes reports; travels once to each process, with all that its jobs have in common."""

    def make(self, packed: Any, number: int) -> Made:
        """The report of one of the jobs whose inputs were packed together."""


class Undeliverable(Exception):
    """The run folder takes no report any more; there is no use in making others."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes reports and puts them into the run folder, some at a time."""

    maker: Maker
    folder: Path
    scratch: Path

    def work(
        self, jobs: Sequence[Job], packed: Any, check: Callable[[], None] = lambda: None
    ) -> list[Entry]:
        """Make and deliver some reports; one that cannot be made is an entry that says why.

        All are on the disk before the first is put into its place. `check` is called before each.
        """
        entries: list[Entry] = []
        parts: dict[int, Path] = {}
        try:
            for number, job in enumerate(jobs):
                check()
                begun = time.perf_counter()
                try:
                    made = self.maker.make(packed, number)
                    parts[number], sha256 = write_part(self.scratch, number, made.content)
                    entries.append(done(job, made, sha256, begun))
                except OSError:  # the disk says no
                    raise
                except Exception as error:  # one report must not take the others with it
                    entries.append(failed(job, _why(error), begun))
            flush(list(parts.values()))
        except OSError as error:
            raise Undeliverable(str(cannot_write(self.folder, error))) from error
        for number, part in parts.items():
            entries[number] = self._placed(jobs[number], part, entries[number])
        return entries

    def _placed(self, job: Job, part: Path, entry: Entry) -> Entry:
        target = self.folder / job.file
        try:
            part.replace(target)
        except (PermissionError, IsADirectoryError) as error:
            if target.exists():
                return failed(job, str(cannot_write(target, error)))
            raise Undeliverable(str(cannot_write(self.folder, error))) from error
        except OSError as error:
            raise Undeliverable(str(cannot_write(self.folder, error))) from error
        return entry


def _why(error: Exception) -> str:
    if isinstance(error, CsmcalcError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for it"
    return f"unexpected {type(error).__name__}: {error}"


def done(job: Job, made: Made, sha256: str, begun: float) -> Entry:
    """The entry of a report that was made."""
    seconds = round(time.perf_counter() - begun, 6)
    return replace(_entry(job, DONE), sha256=sha256, seconds=seconds, figures=made.figures)


def failed(job: Job, why: str, begun: float | None = None) -> Entry:
    """The entry of a report that cannot be made."""
    seconds = round(time.perf_counter() - begun, 6) if begun is not None else 0.0
    return replace(_entry(job, FAILED), seconds=seconds, error=why)


def _entry(job: Job, status: str) -> Entry:
    return Entry(job.key, job.file, job.slice, status, job.rows, scenario=job.scenario)
