"""Files in the way and full disks: a message, and nothing half-written."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from csmcalc.batch.folder import OURS, run_folder
from csmcalc.batch.manifest import DONE, FAILED, Entry, Manifest, read_manifest
from csmcalc.errors import ExitCode, InputError
from tests.batch.commands import PLAN, STAMP
from tests.batch.conftest import Run, files, make_template, manifest, reports


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
