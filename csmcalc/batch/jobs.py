"""What a job is: a pure function of its inputs, so that any process on any machine can run it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from csmcalc.batch.folder import cannot_write, deliver
from csmcalc.batch.manifest import DONE, FAILED, Entry
from csmcalc.errors import CsmcalcError


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: its key, its file, and which rows of the list are in it."""

    key: str
    file: str
    slice: str
    rows: int
    position: int


@dataclass(frozen=True, slots=True)
class Made:
    """A report: its bytes, and the figures an index needs of it."""

    content: bytes
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
    """Makes reports and puts them into the run folder."""

    maker: Maker
    folder: Path
    scratch: Path

    def work(self, job: Job, packed: Any, number: int) -> Entry:
        """Make and deliver one report; a report that cannot be made is an entry that says why."""
        begun = time.perf_counter()
        try:
            made = self.maker.make(packed, number)
        except CsmcalcError as error:
            return failed(job, str(error), begun)
        except MemoryError:
            return failed(job, "there is not enough memory for it", begun)
        except Exception as error:  # one report must not take the others with it
            return failed(job, f"unexpected {type(error).__name__}: {error}", begun)
        return self._delivered(job, made, begun)

    def _delivered(self, job: Job, made: Made, begun: float) -> Entry:
        try:
            sha256 = deliver(self.folder, self.scratch, job.file, made.content)
        except (PermissionError, IsADirectoryError) as error:
            if (self.folder / job.file).exists():
                return failed(job, str(cannot_write(self.folder / job.file, error)), begun)
            raise Undeliverable(str(cannot_write(self.folder, error))) from error
        except OSError as error:
            raise Undeliverable(str(cannot_write(self.folder, error))) from error
        seconds = round(time.perf_counter() - begun, 6)
        return Entry(
            job.key, job.file, job.slice, DONE, job.rows, sha256, seconds, figures=made.figures
        )


def failed(job: Job, why: str, begun: float | None = None) -> Entry:
    """The entry of a report that cannot be made."""
    seconds = round(time.perf_counter() - begun, 6) if begun is not None else 0.0
    return Entry(job.key, job.file, job.slice, FAILED, job.rows, seconds=seconds, error=why)
