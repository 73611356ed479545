from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from csmcalc.errors import ExitCode
from csmcalc.plan.digest import digest
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from tests.books import demo_book, demo_path
from tests.cli.conftest import Run

LIST = "Account,ARR,Owner\nAcme,1200000,Ann\nBolt,900000,Bob\n"


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_demo_writes_its_workbook_and_says_what_it_found(run: Run, tmp_path: Path) -> None:
    done = run("demo")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == {"csmcalc-demo.xlsx"}
    assert "170 accounts planned, $35,679,900 ARR; 14 left out" in done.stdout
    assert "Written: csmcalc-demo.xlsx" in done.stdout
    values = openpyxl.load_workbook(tmp_path / "csmcalc-demo.xlsx", data_only=True)
    plan = make_plan(demo_book(), Settings())
    assert values["Summary"]["D6"].value == plan.view("workload").csms
    assert values["Summary"]["F6"].value == plan.view("value").csms
    assert values.sheetnames[:3] == ["Summary", "Portfolio", "Customers"]


def test_a_plan_shows_how_the_list_was_read(run: Run, tmp_path: Path) -> None:
    done = run("plan", write(tmp_path, "book.csv", LIST), "-o", "plan.xlsx")
    assert done.returncode == 0, done.stderr
    for words in ("Account", "ARR", "Owner", "2 accounts planned, $2,100,000 ARR"):
        assert words in done.stdout
    assert files(tmp_path) == {"book.csv", "plan.xlsx"}


def test_without_a_name_the_workbook_is_called_after_the_list(run: Run, tmp_path: Path) -> None:
    assert run("plan", write(tmp_path, "book.csv", LIST)).returncode == 0
    assert "book-plan.xlsx" in files(tmp_path)


def test_json_is_the_digest_of_the_plan_alone_on_standard_output(run: Run, tmp_path: Path) -> None:
    done = run("plan", str(demo_path()), "--as-of", "2026-09-30", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == digest(make_plan(demo_book(), Settings()))
    assert files(tmp_path) == set()


def test_settings_are_written_read_and_obeyed(run: Run, tmp_path: Path) -> None:
    assert run("init-settings", "plan.toml").returncode == 0
    path = tmp_path / "plan.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("arr_per_csm = 2000000.0", "arr_per_csm = 500_000"), encoding="utf-8"
    )
    again = run("init-settings", "plan.toml")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    write(tmp_path, "book.csv", LIST)
    done = run("plan", "book.csv", "--settings", "plan.toml", "--json", "-o", "plan.xlsx")
    assert json.loads(done.stdout)["csms"]["rule"] == 5
    values = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    assert values["Summary"]["B6"].value == 5


def test_all_problems_are_shown_at_once_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    bad = "Account,ARR\nAcme,abc\nBolt,-5\nCord,100\nCord,200\n,300\n"
    done = run("plan", write(tmp_path, "bad.csv", bad), "-o", "plan.xlsx")
    assert done.returncode == 2
    assert files(tmp_path) == {"bad.csv"}
    for words in ("abc", "-5", "Cord", "Nothing was written", "--skip-bad-rows"):
        assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_bad_rows_can_be_skipped_are_listed_and_leave_the_plan_partly_done(
    run: Run, tmp_path: Path
) -> None:
    bad = "Account,ARR\nAcme,abc\n=Bolt,-5\nCord,100\n"
    done = run("plan", write(tmp_path, "bad.csv", bad), "-o", "p.xlsx", "--skip-bad-rows")
    assert done.returncode == ExitCode.PARTLY_DONE, done.stderr
    assert files(tmp_path) == {"bad.csv", "p.xlsx", "p-problems.csv"}
    listed = (tmp_path / "p-problems.csv").read_text(encoding="utf-8-sig")
    assert "abc" in listed
    assert "-5" in listed
    workbook = openpyxl.load_workbook(tmp_path / "p.xlsx", data_only=True)
    assert "Problems" in workbook.sheetnames
    assert workbook["Customers"].max_row == 6


REFUSED = {
    "a list that is not there": (["plan", "none.csv"], "none.csv"),
    "an output that is no workbook": (["plan", "book.csv", "-o", "plan.csv"], "plan.csv"),
    "an output folder that is not there": (["plan", "book.csv", "-o", "x/p.xlsx"], "folder x"),
    "a folder as output": (["plan", "book.csv", "-o", "folder.xlsx"], "is a folder"),
    "settings that are not there": (["plan", "book.csv", "--settings", "no.toml"], "init-settings"),
    "a day that is none": (["plan", "book.csv", "--as-of", "30.9.2026"], "YYYY-MM-DD"),
    "a column without a header": (["plan", "book.csv", "--column", "arr"], "FIELD=HEADER"),
    "a field told twice": (
        ["plan", "book.csv", "--column", "arr=ARR", "--column", "arr=Owner"],
        "arr is named twice",
    ),
    "a field that is none": (["plan", "book.csv", "--column", "ar=ARR"], "arr"),
    "a header that is none": (["plan", "book.csv", "--column", "arr=Arrr"], "Arrr"),
    "an option that is none": (["plan", "book.csv", "--outptu", "x"], "--outptu"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_end_in_one_message_and_exit_2(run: Run, tmp_path: Path, name: str) -> None:
    arguments, words = REFUSED[name]
    write(tmp_path, "book.csv", LIST)
    (tmp_path / "folder.xlsx").mkdir()
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path) == {"book.csv", "folder.xlsx"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("book.xlsx", "-o", "book.xlsx"),
        ("book.xlsx", "-o", "link.xlsx"),
        ("book.csv", "--subscriptions", "book.xlsx", "-o", "./book.xlsx"),
        ("book-problems.csv", "--skip-bad-rows", "-o", "book.xlsx"),
    ],
)
def test_a_plan_never_overwrites_what_it_reads(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    for name in ("book.csv", "book.xlsx", "book-problems.csv"):
        write(tmp_path, name, LIST)
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "book.xlsx")
    done = run("plan", *arguments)
    assert done.returncode == 2
    assert "would be overwritten" in done.stderr
    for name in ("book.csv", "book.xlsx", "book-problems.csv"):
        assert (tmp_path / name).read_text(encoding="utf-8") == LIST


def test_debug_shows_the_traceback(run: Run) -> None:
    done = run("--debug", "plan", "none.csv")
    assert done.returncode == ExitCode.BAD_INPUT
    assert "Traceback" in done.stderr
