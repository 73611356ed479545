"""Jobs that fail and processes that end: a message, and no other report is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pytest

from csmcalc.batch import pool
from csmcalc.batch.folder import run_folder
from csmcalc.batch.jobs import Job, Made, Workshop
from csmcalc.batch.manifest import DONE, FAILED
from csmcalc.batch.run import Run as BatchRun
from csmcalc.errors import CsmcalcError, InputError, WorkbookError
from tests.batch.commands import STAMP
from tests.batch.conftest import Run, delivered, files, make_template, manifest, reports


class Numbers:
    """A source of positions and a maker of text, with something wrong at some of them."""

    def pack(self, jobs: list[Job]) -> list[int]:
        return [job.position for job in jobs]

    def make(self, packed: list[int], number: int) -> Made:
        position = packed[number]
        if position == 3:
            raise InputError("this slice is wrong")
        if position == 5:
            raise ZeroDivisionError("a slip")
        if position == 7:
            os._exit(9)
        return Made(str(position).encode())


def jobs_of(positions: list[int]) -> list[Job]:
    return [Job(f"key {n}", f"{n}.xlsx", f"slice {n}", 1, n) for n in positions]


@pytest.mark.parametrize("jobs", [2, 3])
def test_one_bad_job_takes_no_other_with_it(tmp_path: Path, jobs: int) -> None:
    source = Numbers()
    with run_folder(tmp_path / "out", resume=False) as folder:
        run = BatchRun(folder, {"what": "test"}, frozenset(), jobs)
        outcome = run.work(jobs_of(list(range(40))), source, source)
    bad = {entry.slice: entry.error for entry in outcome.having(FAILED)}
    assert bad == {
        "slice 3": "this slice is wrong",
        "slice 5": "unexpected ZeroDivisionError: a slip",
        "slice 7": "the process that made it was ended 3 times (exit 9)",
    }
    good = {f"{n}.xlsx" for n in range(40)} - {"3.xlsx", "5.xlsx", "7.xlsx"}
    assert files(tmp_path / "out") == good | {"manifest.jsonl"}
    assert sorted(delivered(tmp_path / "out")) == sorted(good)


class Streams(Numbers):
    """A maker that writes its reports piece by piece, and slips in the middle of one."""

    def make(self, packed: list[int], number: int) -> Made:
        position = packed[number]

        def write(stream: IO[bytes]) -> None:
            stream.write(b"half")
            if position == 1:
                raise InputError("this slice is wrong")
            stream.seek(0)
            stream.write(b"done")

        return Made(write)


def test_reports_written_piece_by_piece_are_there_whole_or_not_at_all(tmp_path: Path) -> None:
    maker = Streams()
    with run_folder(tmp_path / "out", resume=False) as folder:
        run = BatchRun(folder, {"what": "test"}, frozenset(), 1)
        outcome = run.work(jobs_of([0, 1, 2]), maker, maker)
        assert list(folder.scratch.iterdir()) == []
    assert [entry.error for entry in outcome.entries] == ["", "this slice is wrong", ""]
    assert {entry.sha256 for entry in outcome.having(DONE)} == {sha256(b"done").hexdigest()}
    assert files(tmp_path / "out") == {"0.xlsx", "2.xlsx", "manifest.jsonl"}


def test_long_reports_are_the_same_as_those_made_in_memory(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    rows = "".join(f"A{n},{n}.5,{'Ann' if n % 9 else 'Bob'}\n" for n in range(3_000))
    (tmp_path / "list.csv").write_text(f"Account,ARR,Owner\n{rows}")
    assert run(*STAMP[:-1], "memory", "--jobs", "1").returncode == 0
    monkeypatch.setattr("csmcalc.batch.makers._STREAMED_FROM", 2_000)
    assert run(*STAMP, "--jobs", "1").returncode == 0
    assert reports(tmp_path / "out") == reports(tmp_path / "memory")
    told = {line["file"]: line["sha256"] for line in manifest(tmp_path / "out") if "file" in line}
    assert told == reports(tmp_path / "out")


class NoStart(Numbers):
    """A maker that no worker can load."""

    def __setstate__(self, state: object) -> None:
        os._exit(7)

    def __getstate__(self) -> dict[str, int]:
        return {"any": 1}


def test_workers_that_cannot_begin_are_given_up(tmp_path: Path) -> None:
    with run_folder(tmp_path / "out", resume=False) as folder:
        workshop = Workshop(NoStart(), folder.path, folder.scratch)
        with pytest.raises(CsmcalcError, match="--jobs 1"):
            list(pool.work_in_processes(jobs_of([0, 1, 2]), Numbers(), workshop, 2))


def test_workers_that_cannot_begin_stop_a_run_that_can_be_taken_up(tmp_path: Path) -> None:
    maker = NoStart()
    with run_folder(tmp_path / "out", resume=False) as folder:
        run = BatchRun(folder, {"what": "test"}, frozenset(), 2)
        with pytest.raises(WorkbookError, match=r"\(exit 7\).*--jobs 1.*0 of 3.*--resume"):
            run.work(jobs_of([0, 1, 2]), maker, maker)


class EndsItsServer(Numbers):
    """A maker that, once, ends the server from which all workers are forked."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def make(self, packed: list[int], number: int) -> Made:
        if packed[number] == 9 and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getppid(), signal.SIGKILL)
        return Made(str(packed[number]).encode())


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_the_server_of_the_workers_may_be_killed(tmp_path: Path) -> None:
    maker = EndsItsServer(tmp_path / "mark")
    with run_folder(tmp_path / "out", resume=False) as folder:
        run = BatchRun(folder, {"what": "test"}, frozenset(), 2)
        outcome = run.work(jobs_of(list(range(40))), maker, maker)
    assert maker.mark.exists()
    assert {entry.error for entry in outcome.entries} == {""}
    assert len(outcome.having(DONE)) == len(set(delivered(tmp_path / "out"))) == 40


@pytest.mark.parametrize("error", [EOFError(), BrokenPipeError("gone")])
def test_a_worker_that_cannot_be_started_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """As when the server is ended between two of its answers."""
    process, failures = pool._CONTEXT.Process, iter([error, error])

    def unlucky(*given: Any, **named: Any) -> Any:
        made = process(*given, **named)
        if (failure := next(failures, None)) is not None:
            monkeypatch.setattr(made, "start", raising(failure))
        return made

    monkeypatch.setattr(pool._CONTEXT, "Process", unlucky)
    with run_folder(tmp_path / "out", resume=False) as folder:
        run = BatchRun(folder, {"what": "test"}, frozenset(), 2)
        outcome = run.work(jobs_of([0, 1, 2]), Numbers(), Numbers())
    assert len(outcome.having(DONE)) == 3


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


class FolderGone(Numbers):
    """A maker during whose work the run folder is taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, packed: list[int], number: int) -> Made:
        if packed[number] == 4:
            shutil.rmtree(self.folder, ignore_errors=True)
        return Made(b"x")


def test_a_folder_that_is_taken_away_stops_the_run(tmp_path: Path) -> None:
    with run_folder(tmp_path / "out", resume=False) as folder:
        run, maker = BatchRun(folder, {"what": "test"}, frozenset(), 1), FolderGone(folder.path)
        with pytest.raises(WorkbookError, match="reports are delivered"):
            run.work(jobs_of(list(range(6))), Numbers(), maker)


@pytest.mark.parametrize("large", [10**9, 10])
@pytest.mark.usefixtures("customers")
def test_reports_are_the_same_whatever_makes_them(run: Run, tmp_path: Path, large: int) -> None:
    """One process, two, and two that were forked with compiled loops."""
    make_template(tmp_path / "template.xlsx", ["Account", "ARR", "Owner", "Region"])
    code = (
        f"import csmcalc.cli.report; csmcalc.cli.report._LARGE = {large};"
        "from csmcalc.cli.app import main; main()"
    )
    command = [sys.executable, "-c", code, *STAMP, "--by", "Account", "--jobs", "2"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert run(*STAMP[:-1], "calm", "--by", "Account", "--jobs", "1").returncode == 0
    assert reports(tmp_path / "out") == reports(tmp_path / "calm")
    assert len(reports(tmp_path / "out")) == 22
