"""Whatever is killed whenever: after --resume every report is there once, whole, as undisturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batch.conftest import Run, Start, delivered, files, make_template, reports

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")

REPORTS = 1500
PLAN = ("report", "--plan", "list.csv", "--by", "owner", "--as-of", "2026-09-30")
STAMP = ("report", "template.xlsx", "many.csv", "--by", "Owner", "--as-of", "2026-09-30")


def family(process: subprocess.Popen[str]) -> list[int]:
    """A process and all that it started, whatever became of their parents."""
    found = subprocess.run(
        ["ps", "-e", "-o", "pid=,sid=,stat="], capture_output=True, text=True, check=True
    )
    lines = (line.split() for line in found.stdout.splitlines())
    return [int(pid) for pid, sid, stat in lines if int(sid) == process.pid and stat[0] != "Z"]


def wait_until_gone(process: subprocess.Popen[str]) -> None:
    """Workers notice by themselves that their run is gone."""
    deadline = time.monotonic() + 30
    while family(process):
        assert time.monotonic() < deadline, "workers outlived their run"
        time.sleep(0.05)


def kill_main(process: subprocess.Popen[str], after: float) -> None:
    time.sleep(after)
    _kill(process)


def kill_main_when(
    process: subprocess.Popen[str], out: Path, count: int, dice: random.Random
) -> None:
    """Kill a run some moments after it has delivered so many reports."""
    while process.poll() is None and len(list(out.glob("*.xlsx"))) < count:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.03))
    _kill(process)


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
    wait_until_gone(process)


def kill_workers(process: subprocess.Popen[str], dice: random.Random, every: float) -> int:
    """Kill one worker after the other until the run has ended."""
    killed = 0
    while process.poll() is None:
        time.sleep(dice.uniform(0, every))
        others = [pid for pid in family(process) if pid != process.pid and _is_worker(pid)]
        if others and process.poll() is None:
            os.kill(dice.choice(others), signal.SIGKILL)
            killed += 1
    return killed


def _is_worker(pid: int) -> bool:
    """Whether its parent is the server of the workers, not the main process."""
    try:
        command = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        parent = int(command[1])
        return b"forkserver" in Path(f"/proc/{parent}/cmdline").read_bytes()
    except OSError:
        return False


def check(out: Path, undisturbed: dict[str, str], others: set[str]) -> None:
    assert reports(out) == undisturbed
    assert sorted(set(delivered(out))) == sorted(undisturbed)
    assert files(out) == set(undisturbed) | others


@pytest.fixture
def many(tmp_path: Path) -> None:
    """A list of some rows for each of many owners, and its template."""
    rows = (f"Account {n},{n * 1.25},Owner {n % REPORTS}\n" for n in range(4 * REPORTS))
    table = "".join(rows)
    (tmp_path / "many.csv").write_text(f"Account,ARR,Owner\n{table}", encoding="utf-8")
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])


def disturbed_stamps(tmp_path: Path, start: Start, run: Run, seed: int, kills: int) -> None:
    """A run of many small reports whose main process is killed again and again."""
    dice = random.Random(seed)
    assert run(*STAMP, "-o", "calm", "--jobs", "2").returncode == 0
    kill_main(start(*STAMP, "-o", "out", "--jobs", "2", "--resume"), dice.uniform(0.3, 0.9))
    moments = sorted(dice.sample(range(REPORTS), kills - 1))
    left = []
    for count in moments:
        process = start(*STAMP, "-o", "out", "--jobs", "2", "--resume")
        kill_main_when(process, tmp_path / "out", count, dice)
        left.append(len(reports(tmp_path / "out")))
    assert any(0 < count < REPORTS for count in left), f"no kill fell into the work: {left}"
    done = run(*STAMP, "-o", "out", "--jobs", "2", "--resume")
    assert done.returncode == 0, done.stderr
    assert f"Delivered: {REPORTS:,} of {REPORTS:,}" in done.stdout
    check(tmp_path / "out", reports(tmp_path / "calm"), {"manifest.jsonl"})


@pytest.mark.usefixtures("many")
def test_a_killed_run_is_taken_up_again(tmp_path: Path, start: Start, run: Run) -> None:
    disturbed_stamps(tmp_path, start, run, seed=1, kills=3)


@pytest.mark.usefixtures("customers")
def test_killed_plans_are_taken_up_again(tmp_path: Path, start: Start, run: Run) -> None:
    assert run(*PLAN, "-o", "calm", "--jobs", "1").returncode == 0
    for after in (1.0, 1.5):
        kill_main(start(*PLAN, "-o", "out", "--jobs", "2", "--resume"), after)
    done = run(*PLAN, "-o", "out", "--jobs", "2", "--resume")
    assert done.returncode == 0, done.stderr
    check(tmp_path / "out", reports(tmp_path / "calm"), {"manifest.jsonl"})


@pytest.mark.usefixtures("many")
def test_a_run_survives_its_workers(tmp_path: Path, start: Start, run: Run) -> None:
    assert run(*STAMP, "-o", "calm", "--jobs", "1").returncode == 0
    process = start(*STAMP, "-o", "out", "--jobs", "2")
    kill_workers(process, random.Random(3), every=0.4)
    out, err = process.communicate()
    assert process.returncode in (0, 3), err
    if process.returncode == 3:
        # on a busy machine workers may all be killed before they have begun
        assert "was ended 3 times (SIGKILL" in out or "end before they are ready" in err
        assert run(*STAMP, "-o", "out", "--jobs", "1", "--resume").returncode == 0
    check(tmp_path / "out", reports(tmp_path / "calm"), {"manifest.jsonl"})


@pytest.mark.long
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("seed", range(5))
def test_ten_random_moments(tmp_path: Path, start: Start, run: Run, seed: int) -> None:
    disturbed_stamps(tmp_path, start, run, seed=100 + seed, kills=10)


@pytest.mark.long
@pytest.mark.usefixtures("many")
def test_fifty_workers_and_ten_runs_are_killed(tmp_path: Path, start: Start, run: Run) -> None:
    dice = random.Random(50)
    assert run(*STAMP, "-o", "calm", "--jobs", "1").returncode == 0
    killed = sessions = 0
    while killed < 50:
        process = start(*STAMP, "-o", f"out{sessions}", "--jobs", "2")
        killed += kill_workers(process, dice, every=0.3)
        _, err = process.communicate()
        assert process.returncode in (0, 3), err
        done = run(*STAMP, "-o", f"out{sessions}", "--jobs", "2", "--resume")
        assert done.returncode == 0, done.stderr
        check(tmp_path / f"out{sessions}", reports(tmp_path / "calm"), {"manifest.jsonl"})
        sessions += 1


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_tidies_up_and_says_how_to_go_on(
    tmp_path: Path, start: Start, run: Run, sign: signal.Signals
) -> None:
    process = start(*STAMP, "-o", "out", "--jobs", "2")
    deadline = time.monotonic() + 30
    while not list((tmp_path / "out").glob("*.xlsx")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, sign) if sign is signal.SIGINT else process.send_signal(sign)
    _, err = process.communicate(timeout=30)
    assert "Traceback" not in err
    assert process.returncode in (0, 130)
    wait_until_gone(process)
    left = files(tmp_path / "out") if (tmp_path / "out").exists() else set()
    assert not [name for name in left if name.startswith(".")], left
    if process.returncode == 130:
        assert "Interrupted" in err
        assert "--resume" in err
        assert run(*STAMP, "-o", "out", "--resume").returncode == 0
    assert len(reports(tmp_path / "out")) == REPORTS
