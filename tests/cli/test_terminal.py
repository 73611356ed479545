"""Whatever stands where a terminal should: no traceback, no half-written file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from csmcalc.cli.answers import _views, console
from csmcalc.errors import ExitCode
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from tests.books import demo_book
from tests.cli.conftest import Run
from tests.cli.test_plan import LIST, files, write

COMMAND = [sys.executable, "-c", "from csmcalc.cli.app import main; main()"]
CJK = "Account,ARR (€),Owner\n漢字 😀,1200000,Ünn\nBolt,900000,Bob\n"


def start(folder: Path, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_without_the_letters_stops_nothing(tmp_path: Path, encoding: str) -> None:
    write(tmp_path, "book.csv", CJK)
    for arguments in (["plan", "book.csv", "-o", "p.xlsx"], ["functions"]):
        running = start(tmp_path, *arguments, PYTHONIOENCODING=encoding)
        _, errors = running.communicate(timeout=60)
        assert (running.returncode, errors) == (0, b""), arguments
    assert "p.xlsx" in files(tmp_path)
    running = start(tmp_path, "plan", "book.csv", "--json", PYTHONIOENCODING=encoding)
    printed, _ = running.communicate(timeout=60)
    assert json.loads(printed)["currency"] == "EUR"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["functions", "--json"], ["plan", "book.csv"]])
def test_an_output_that_takes_nothing_is_one_message(tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path, "book.csv", LIST)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == ExitCode.BAD_INPUT
    assert done.stderr.decode().startswith("The output cannot be printed: ")
    assert done.stderr.count(b"\n") == 1


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    running = start(tmp_path, "functions", "--json")
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.wait(timeout=60)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to whole consoles")
def test_ctrl_c_is_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Input that does not end keeps the command waiting until the signal comes."""
    waiting = subprocess.Popen(
        [*COMMAND, "plan", "/dev/stdin", "-o", "p.xlsx"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(3)
    waiting.send_signal(signal.SIGINT)
    _, errors = waiting.communicate(timeout=60)
    assert waiting.returncode == 130
    assert errors.decode() == "Interrupted. Files are written whole or not at all.\n"
    assert files(tmp_path) == set()


def test_outputs_are_refused_before_the_list_is_read(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "kept.xlsx", "mine")
    for name, words in {"x" * 300 + ".xlsx": "choose a shorter name", "": "plan.xlsx"}.items():
        done = run("plan", "none.csv", "-o", name)
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert files(tmp_path) == {"kept.xlsx"}


def test_a_workbook_goes_where_a_link_leads(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "book.csv", LIST)
    (tmp_path / "archive").mkdir()
    (tmp_path / "plan.xlsx").symlink_to(tmp_path / "archive" / "2026.xlsx")
    assert run("plan", "book.csv", "-o", "plan.xlsx").returncode == 0
    assert (tmp_path / "plan.xlsx").is_symlink()
    assert files(tmp_path / "archive") == {"2026.xlsx"}


def test_a_narrow_terminal_cuts_no_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = console()
    assert out.is_terminal
    with out.capture() as shown:
        out.print(_views(make_plan(demo_book(), Settings())))
    assert "$" in shown.get()
    assert "…" not in shown.get()
