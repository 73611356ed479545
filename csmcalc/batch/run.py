"""A run: what is still to do, done once, recorded, and summed up."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from csmcalc.batch.folder import RunFolder, writing
from csmcalc.batch.jobs import Job, Maker, Source, Undeliverable, Workshop
from csmcalc.batch.manifest import DONE, FAILED, Entry
from csmcalc.batch.pool import work_in_processes, work_serially
from csmcalc.errors import CsmcalcError, ExitCode, InputError, WorkbookError
from csmcalc.io.phrases import counted

_WORTH_PROCESSES = 1.0
"""Seconds of work left from which on starting other processes pays."""

_SHOWN = 5

Tick = Callable[[Entry], None]


class RunStoppedError(WorkbookError):
    """A run that cannot go on; what was delivered stays, whole."""

    def __init__(self, message: str, delivered: int, total: int) -> None:
        super().__init__(
            f"{message}. {delivered:,} of {counted(total, 'report is', 'reports are')} delivered; "
            "--resume goes on"
        )
        self.exit_code = ExitCode.PARTLY_DONE if delivered else ExitCode.BAD_INPUT


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has done.

    Attributes:
        entries: what became of each report, in order.
        kept: reports that were there already, whole and of the same inputs.
        changed: inputs that are not what the run was begun with.
        rewritten: files that were changed or damaged after their delivery, and made anew.
    """

    entries: tuple[Entry, ...]
    kept: int = 0
    changed: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()

    def having(self, status: str) -> tuple[Entry, ...]:
        """The entries of a status."""
        return tuple(entry for entry in self.entries if entry.status == status)


@dataclass(slots=True)
class Run:
    """A run in its folder.

    `inputs` name what every report is made of, with a digest each; of these, `fixed` may not change
    from one session to the next, because the reports would have other names or meanings. `readable`
    tells whether the figures recorded of a report can still be used.
    """

    folder: RunFolder
    inputs: Mapping[str, str]
    fixed: frozenset[str]
    jobs: int | None = None
    tick: Tick = lambda _: None
    readable: Callable[[Entry], bool] = lambda _: True
    delivered: int = field(default=0, init=False)

    def work(self, jobs: Sequence[Job], source: Source, maker: Maker) -> Outcome:
        """Make every report that is not there yet."""
        changed = self._check_inputs()
        self._check_leftovers(jobs)
        entries, rewritten = self._there_already(jobs)
        todo = [job for job in jobs if job.file not in entries]
        self.delivered = kept = len(entries)
        for entry in entries.values():
            self.tick(entry)
        manifest = self.folder.manifest()
        try:
            if changed or self.folder.record is None:
                with writing(manifest.path):
                    manifest.begin(self.inputs)
            with contextlib.closing(self._made(todo, source, maker)) as made:
                for found in made:
                    with writing(manifest.path):
                        manifest.add(found)
                    for entry in found:
                        entries[entry.file] = entry
                        self.delivered += entry.status == DONE
                        self.tick(entry)
        except (Undeliverable, CsmcalcError) as stop:
            raise RunStoppedError(str(stop), self.delivered, len(jobs)) from stop
        finally:
            manifest.close()
        return Outcome(tuple(entries[job.file] for job in jobs), kept, changed, rewritten)

    def _check_inputs(self) -> tuple[str, ...]:
        record = self.folder.record
        if record is None:
            return ()
        names = dict.fromkeys((*self.inputs, *record.inputs))
        changed = [n for n in names if self.inputs.get(n) != record.inputs.get(n)]
        for name in changed:
            if name in self.fixed:
                raise InputError(
                    f"{self.folder.path}: this run was begun with {name} "
                    f"{record.inputs.get(name) or 'left out'}, not "
                    f"{self.inputs.get(name) or 'left out'}; choose a new folder"
                )
        return tuple(changed)

    def _check_leftovers(self, jobs: Sequence[Job]) -> None:
        """Reports of slices that the list no longer has would pass for reports of this run."""
        record = self.folder.record
        if record is None:
            return
        ours = {job.file for job in jobs}
        left = [
            entry.file
            for entry in record.entries.values()
            if entry.status == DONE
            and entry.file not in ours
            and entry.slice
            and (self.folder.path / entry.file).exists()
        ]
        if left:
            rest = f" and {len(left) - _SHOWN:,} more" if len(left) > _SHOWN else ""
            raise InputError(
                f"{self.folder.path}: holds {', '.join(left[:_SHOWN])}{rest}, which the list as it "
                "is now has no rows for; delete them, or choose a new folder"
            )

    def _there_already(self, jobs: Sequence[Job]) -> tuple[dict[str, Entry], tuple[str, ...]]:
        """Reports of the same inputs that are whole, and those whose file is no longer as made."""
        there: dict[str, Entry] = {}
        damaged = []
        record = self.folder.record
        for job in jobs if record else ():
            entry = record.entries.get(job.file) if record else None
            if entry is None or entry.key != job.key or entry.status == FAILED:
                continue
            if self.folder.digest(job.file) == entry.sha256 and self.readable(entry):
                there[job.file] = entry
            elif (self.folder.path / job.file).exists():
                damaged.append(job.file)
        return there, tuple(damaged)

    def _made(self, jobs: Sequence[Job], source: Source, maker: Maker) -> Generator[list[Entry]]:
        """Alone as long as that is quick, then in as many processes as there are processors."""
        workshop = Workshop(maker, self.folder.path, self.folder.scratch)
        count = min(self.jobs or processors(), len(jobs))
        if self.jobs is None or count <= 1:
            begun, done = time.perf_counter(), 0
            for entries in work_serially(jobs, source, workshop):
                yield entries
                done += len(entries)
                left = (len(jobs) - done) * (time.perf_counter() - begun) / done
                if count > 1 and left > _WORTH_PROCESSES:
                    break
            jobs = jobs[done:]
        if jobs:
            with contextlib.closing(work_in_processes(jobs, source, workshop, count)) as found:
                yield from found


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def record(folder: RunFolder, entries: Sequence[Entry]) -> None:
    """Record what was delivered besides the reports."""
    manifest = folder.manifest()
    try:
        with writing(manifest.path):
            manifest.add(entries)
    finally:
        manifest.close()
