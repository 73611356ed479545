"""The program ends at once, with its exit code, and all that it had to say was said."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from csmcalc import __version__
from csmcalc.cli.fill import _without_tidying

RUN = [sys.executable, "-c", "from csmcalc.cli.app import run; run()"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], 0, f"csmcalc {__version__}"),
        (["plan"], 2, "Missing argument"),
        (["plan", "nowhere.csv"], 2, "nowhere.csv"),
    ],
)
def test_exit_codes_and_output_are_those_of_main(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    done = subprocess.run([*RUN, *arguments], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stdout + done.stderr


def test_what_is_to_be_done_at_the_end_is_done() -> None:
    begun = "import atexit; atexit.register(print, 'last'); "
    done = subprocess.run([*RUN[:2], begun + RUN[2], "--version"], capture_output=True, text=True)
    assert done.stdout.splitlines() == [f"csmcalc {__version__}", "last"]


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    broken = "import csmcalc.cli.app as a; a.main = lambda: 1 / 0; a.run()"
    done = subprocess.run([*RUN[:2], broken], capture_output=True, text=True)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.parametrize(("told", "taken"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_sums_take_one_thread_where_nobody_asks_for_more(told: dict[str, str], taken: str) -> None:
    name = "OPENBLAS_NUM_THREADS"
    code = (
        "import os; from csmcalc.cli import app; "
        f"app.main = lambda: print(os.environ['{name}']); app.run()"
    )
    environment = {key: value for key, value in os.environ.items() if key != name} | told
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == taken


def test_what_fill_made_is_not_looked_through_at_its_end() -> None:
    looked: list[str] = []

    def look(phase: str, _: dict[str, int]) -> None:
        looked.append(phase)

    before = gc.get_threshold()
    gc.callbacks.append(look)
    try:
        with _without_tidying():
            kept = [[n] for n in range(300_000)]
        kept += [[n] for n in range(10)]
    finally:
        gc.callbacks.remove(look)
        gc.set_threshold(*before)
    assert not looked
    assert gc.isenabled()
