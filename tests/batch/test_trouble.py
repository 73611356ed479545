"""Full disks, files in the way, changed inputs, odd lists: a message, and nothing half-written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pytest
from openpyxl import load_workbook

from csmcalc.batch import pool
from csmcalc.batch.folder import OURS, run_folder
from csmcalc.batch.jobs import Job, Made, Workshop
from csmcalc.batch.manifest import DONE, FAILED, Entry, Manifest, read_manifest
from csmcalc.batch.run import Run as BatchRun
from csmcalc.errors import CsmcalcError, ExitCode, InputError, WorkbookError
from tests.batch.conftest import Run, delivered, files, make_template, manifest, reports

PLAN = ("report", "--plan", "list.csv", "--by", "owner", "-o", "out")
STAMP = ("report", "template.xlsx", "list.csv", "--by", "Owner", "-o", "out")
MESSY = sorted((Path(__file__).parents[1] / "files" / "messy").iterdir())


# --- the run folder --------------------------------------------------------------------------


@pytest.mark.usefixtures("customers")
def test_a_file_in_the_place_of_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = run(*PLAN)
    assert done.returncode == 2
    assert "out: is a file" in done.stderr
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.usefixtures("customers")
def test_a_folder_with_something_in_it_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "Ann.xlsx").write_text("mine")
    for more, words in (((), "not empty"), (("--resume",), "no record of a run")):
        done = run(*PLAN, *more)
        assert done.returncode == 2
        assert words in done.stderr
    assert files(tmp_path / "out") == {"Ann.xlsx"}


@pytest.mark.usefixtures("customers")
def test_a_folder_in_no_folder(run: Run, tmp_path: Path) -> None:
    done = run(*PLAN[:-1], "none/out")
    assert done.returncode == 2
    assert "does not exist" in done.stderr
    assert files(tmp_path) == {"list.csv"}


def test_a_run_that_never_begins_leaves_no_folder(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN).returncode == 2
    assert files(tmp_path) == set()


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with (
        run_folder(tmp_path / "out", resume=False),
        pytest.raises(InputError, match="another run"),
        run_folder(tmp_path / "out", resume=True),
    ):
        pass


# --- disks -----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of some hundred kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here: a full one cannot be tried")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.usefixtures("customers")
def test_a_full_disk(run: Run, small_disk: Path, jobs: str) -> None:
    make_template(small_disk.parent / "template.xlsx", ["Account", "ARR", "Owner"])
    rows = "".join(f"A{n},{n}.5,Owner {n % 100}\n" for n in range(5000))
    (small_disk.parent / "big.csv").write_text(f"Account,ARR,Owner\n{rows}")
    arguments = ("report", "template.xlsx", "big.csv", "--by", "Owner", "--jobs", jobs)
    done = run(*arguments, "-o", "disk/out")
    assert done.returncode in (2, 3)
    assert "No space left on device" in done.stderr
    assert "make room on the disk" in done.stderr
    out = small_disk / "out"
    for path in out.glob("*.xlsx"):
        assert zipfile.ZipFile(path).testzip() is None
    assert not list(out.glob(f"{OURS}*"))
    recorded = [entry for entry in manifest(out) if "file" in entry]
    assert {entry["file"] for entry in recorded} <= set(reports(out))
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    assert run(*arguments, "-o", "disk/out", "--resume").returncode == 0
    assert run(*arguments, "-o", "calm").returncode == 0
    assert reports(out) == reports(small_disk.parent / "calm")


@pytest.mark.usefixtures("customers")
def test_an_index_that_does_not_fit_on_the_disk(run: Run, small_disk: Path) -> None:
    """The reports are delivered, and --resume makes the index alone."""
    assert run(*PLAN[:-1], "calm").returncode == 0
    sizes = {path.name: path.stat().st_size for path in (small_disk.parent / "calm").iterdir()}
    # A file takes whole pages; the half of the index is more than the folders need beside it.
    room = sum(-(-size // 4096) * 4 for size in sizes.values()) - sizes["index.xlsx"] // 2048
    subprocess.run(["mount", "-o", f"remount,size={room}k", str(small_disk)], check=True)
    done = run(*PLAN[:-1], "disk/out", "--jobs", "1")
    assert done.returncode == ExitCode.PARTLY_DONE
    assert "No space left on device" in done.stderr
    assert "--resume goes on" in done.stderr
    assert "index.xlsx" not in files(small_disk / "out")
    before = reports(small_disk / "out")
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    assert run(*PLAN[:-1], "disk/out", "--resume").returncode == 0
    after = reports(small_disk / "out")
    assert before.items() <= after.items()
    assert len(after) == 4


def test_a_file_larger_than_allowed_stops_the_run(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for every other way in which a disk says no."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from csmcalc.cli.app import main; main()"
    )
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    (tmp_path / "list.csv").write_text("Account,ARR,Owner\nA,1,Ann\nB,2,Bob\n")
    done = subprocess.run(
        [sys.executable, "-c", code, *STAMP, "--jobs", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert "0 of 2 reports are delivered" in done.stderr
    assert "Traceback" not in done.stderr
    assert reports(tmp_path / "out") == {}


def test_a_manifest_line_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    book = Manifest(tmp_path)
    book.begin({"what": "plan"})
    book.add([Entry("k", "a.xlsx", "a", DONE, 1, "00")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (book.path.stat().st_size + 20, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            book.add([Entry("l", "b.xlsx", "b", DONE, 1, "00")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    book.close()
    record = read_manifest(tmp_path)
    assert record is not None
    assert list(record.entries) == ["a.xlsx"]
    with book.path.open("ab") as stream:
        stream.write(b'{"key": "torn')
    again = Manifest(tmp_path)
    again.add([Entry("m", "c.xlsx", "c", FAILED, 1, error="why")])
    again.close()
    record = read_manifest(tmp_path)
    assert record is not None
    assert list(record.entries) == ["a.xlsx", "c.xlsx"]


# --- inputs that change ----------------------------------------------------------------------


@pytest.mark.usefixtures("customers")
def test_a_run_done_twice_does_nothing_the_second_time(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN, "--as-of", "2026-09-30").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    done = run(*PLAN, "--resume")
    assert done.returncode == 0
    assert "3 of 3 reports, 3 of them from before" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.usefixtures("customers")
def test_a_changed_slice_is_made_anew_and_no_other(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    assert run(*STAMP, "--as-of", "2026-09-30").returncode == 0
    before = reports(tmp_path / "out")
    source = tmp_path / "list.csv"
    source.write_text(source.read_text().replace("900000.10", "900000.20"))
    done = run(*STAMP, "--resume")
    assert "3 of 3 reports, 2 of them from before" in done.stdout
    after = reports(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} == {"Bob.xlsx"}


@pytest.mark.usefixtures("customers")
def test_changed_settings_are_said_and_obeyed(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN, "--as-of", "2026-09-30").returncode == 0
    before = reports(tmp_path / "out")
    (tmp_path / "plan.toml").write_text("[rule]\narr_per_csm = 500_000\n")
    done = run(*PLAN, "--settings", "plan.toml", "--resume")
    assert done.returncode == 0, done.stderr
    assert "Not as when the run was begun: settings" in done.stdout
    after = reports(tmp_path / "out")
    assert all(before[name] != after[name] for name in before)


@pytest.mark.usefixtures("customers", "template")
def test_a_changed_template_is_said_and_every_report_made_anew(run: Run, tmp_path: Path) -> None:
    assert run(*STAMP, "--as-of", "2026-09-30").returncode == 0
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"], title="Customers of {{owner}}")
    done = run(*STAMP, "--resume")
    assert "Not as when the run was begun: template" in done.stdout
    for name in reports(tmp_path / "out"):
        sheet = load_workbook(tmp_path / "out" / name).active
        assert sheet["A1"].value == f"Customers of {name.removesuffix('.xlsx')}"


@pytest.mark.usefixtures("customers", "template")
@pytest.mark.parametrize("gone", [True, False])
def test_a_template_changed_in_mid_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    from typer.testing import CliRunner

    from csmcalc.cli.app import app

    path, work = tmp_path / "template.xlsx", BatchRun.work

    def changed_meanwhile(*given: Any) -> Any:
        if gone:
            path.unlink()
        else:
            make_template(path, ["Account", "ARR"], title="Another title")
        return work(*given)

    monkeypatch.setattr(BatchRun, "work", changed_meanwhile)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, list(STAMP))
    assert done.exit_code == 0, done.output
    assert "was changed while the run was going" in done.output
    for name in reports(tmp_path / "out"):
        title = load_workbook(tmp_path / "out" / name).active["A1"].value
        assert title == f"Accounts of {name.removesuffix('.xlsx')}"


@pytest.mark.usefixtures("customers")
def test_a_damaged_report_is_made_anew(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN).returncode == 0
    before = reports(tmp_path / "out")
    (tmp_path / "out" / "Ann.xlsx").write_bytes(b"PK")
    (tmp_path / "out" / "Bob.xlsx").unlink()
    (tmp_path / "out" / "index.xlsx").unlink()
    done = run(*PLAN, "--resume")
    assert "made anew: Ann.xlsx" in done.stdout
    assert reports(tmp_path / "out") == before


@pytest.mark.usefixtures("customers")
def test_what_a_run_cannot_change_is_refused(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    assert run(*PLAN).returncode == 0
    before = reports(tmp_path / "out")
    for arguments, words in (
        (("report", "--plan", "list.csv", "--by", "region", "-o", "out"), "by owner, not region"),
        ((*PLAN, "--name", "{owner}-{year}.xlsx"), "begun with name"),
        (STAMP, "what plan, not template"),
    ):
        done = run(*arguments, "--resume")
        assert done.returncode == 2
        assert words in done.stderr
    source = tmp_path / "list.csv"
    source.write_text("".join(line for line in source.open() if "Bob" not in line))
    done = run(*PLAN, "--resume")
    assert done.returncode == 2
    assert "Bob.xlsx" in done.stderr
    assert reports(tmp_path / "out") == before


# --- jobs that fail --------------------------------------------------------------------------


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


# --- processes -------------------------------------------------------------------------------


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


# --- odd lists -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name)
@pytest.mark.parametrize("plan", [True, False])
def test_hostile_and_odd_files_as_data(path: Path, plan: bool, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from csmcalc.cli.app import app

    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    what = ["--plan", str(path)] if plan else [str(tmp_path / "template.xlsx"), str(path)]
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["report", *what, "--by", "owner", "-o", str(out)])
    assert isinstance(done.exception, CsmcalcError | SystemExit), done.exception
    if done.exit_code not in (ExitCode.OK, ExitCode.PARTLY_DONE):
        assert not out.exists()


HOSTILE_OWNERS = ["=HYPERLINK(A1)", "../x", "CON", "+1", "@cmd", "a\tb", "<&>'\"", "éa" * 200]


def test_hostile_owners_become_safe_names_and_plain_text(run: Run, tmp_path: Path) -> None:
    quoted = [owner.replace('"', '""') for owner in HOSTILE_OWNERS]
    rows = "".join(f'A{n},{100 + n},"{owner}"\n' for n, owner in enumerate(quoted))
    (tmp_path / "list.csv").write_text(f"Account,ARR,Owner\n{rows}", encoding="utf-8")
    make_template(tmp_path / "template.xlsx", ["Account", "ARR", "Owner"])
    done = run(*STAMP)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == {"list.csv", "template.xlsx", "out"}
    owners = set()
    for name in reports(tmp_path / "out"):
        sheet = load_workbook(tmp_path / "out" / name).active
        assert sheet["C4"].data_type != "f"
        assert sheet["A1"].data_type != "f"
        owners.add(sheet["C4"].value)
    assert owners == set(HOSTILE_OWNERS)
    done = run("report", "--plan", "list.csv", "--by", "owner", "-o", "plans")
    assert done.returncode == 0, done.stderr
    index = load_workbook(tmp_path / "plans" / "index.xlsx")["Index"]
    assert not any(
        cell.data_type == "f" and "HYPERLINK" in str(cell.value)
        for row in index.iter_rows()
        for cell in row
    )


def test_owners_that_would_be_one_file_are_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Account,ARR,Owner\nA,1,Ann\nB,2,ann\n")
    done = run(*PLAN)
    assert done.returncode == 2
    assert '"Ann"' in done.stderr
    assert '"ann"' in done.stderr
    assert files(tmp_path) == {"list.csv"}
