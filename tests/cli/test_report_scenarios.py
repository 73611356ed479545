"""csmcalc report --plan --scenarios: a report for each slice and scenario, its months included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from csmcalc.errors import ExitCode
from tests.batch.conftest import files, in_this_process, manifest
from tests.books import demo_path
from tests.cli.conftest import Run

OPTIONS = ("--by", "region", "-o", "out", "--settings", "s.toml")
PLANS = ("report", "--plan", str(demo_path()), *OPTIONS)
SCENARIOS = "[timeline]\nmonths = 6\n\n[hiring]\npaths = 100\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "s.toml").write_text(SCENARIOS, encoding="utf-8")
    return in_this_process(tmp_path, monkeypatch, capsys)


def test_every_slice_has_a_report_in_every_scenario(run: Run, tmp_path: Path) -> None:
    done = run(*PLANS, "--scenarios", "all", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "Delivered: 9 of 9 reports and index.xlsx in out" in done.stdout
    regions, cases = ("AMER", "APAC", "EMEA"), ("base", "upside", "downside")
    assert files(tmp_path / "out") == {
        *("index.xlsx", "manifest.jsonl"),
        *(f"{region}-{case}.xlsx" for region in regions for case in cases),
    }
    upside = load_workbook(tmp_path / "out" / "EMEA-upside.xlsx", data_only=True)
    assert {"Summary", "Checks", "Hiring", "Timeline", "Scenarios", "Month checks"} <= set(
        upside.sheetnames
    )
    told = json.loads(run("timeline", str(demo_path()), "--settings", "s.toml", "--json").stdout)
    _the_index_adds_up(tmp_path / "out" / "index.xlsx", told["records"][-1]["arr_close"])


def test_new_accounts_told_by_number_are_shared_out(run: Run, tmp_path: Path) -> None:
    """In a region none of whose accounts tells its growth the months go by segment all the same."""
    growth = '[[growth]]\nsegment = "Star"\nnew_per_month = 5\n'
    growth += '[[growth]]\nsegment = "No verdict"\nnew_per_month = 2\n'
    (tmp_path / "s.toml").write_text(f"{SCENARIOS}{growth}", encoding="utf-8")
    rows = [f"A{n},{'North' if n % 2 else 'South'},{90_000 + n},{100_000 if n % 2 else ''}"
            for n in range(40)]  # fmt: skip
    rows += [f"B{n},North,{300_000 + n},{200_000}" for n in range(10)]
    text = "\n".join(["Account,Region,ARR,Prior ARR", *rows])
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    done = run("report", "--plan", "list.csv", *OPTIONS, "--scenarios", "all", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "Delivered: 6 of 6" in done.stdout
    index = load_workbook(tmp_path / "out" / "index.xlsx", data_only=True)
    told = json.loads(run("timeline", "list.csv", "--settings", "s.toml", "--json").stdout)
    rows_of = [row[1:] for row in index["Scenarios"].iter_rows(values_only=True)]
    arr = next(row for row in rows_of if row[0] == "Scenario").index("ARR at the end")
    base = next(row for row in rows_of if row[0] == "base")
    assert base[arr] == pytest.approx(told["records"][-1]["arr_close"], rel=1e-9)


def _the_index_adds_up(path: Path, whole: float) -> None:
    index = load_workbook(path, data_only=True)
    assert index.sheetnames[:3] == ["Index", "Scenarios", "Summary"]
    rows = [row[1:] for row in index["Scenarios"].iter_rows(values_only=True)]
    heading = next(row for row in rows if row[0] == "Scenario")
    arr, starts = heading.index("ARR at the end"), heading.index("Starts")
    for case in ("base", "upside", "downside"):
        together = next(row for row in rows if row[0] == case)
        parts = [row for row in rows if row[1] == case]
        assert together[1] == len(parts) == 3
        for column in (arr, starts):
            assert together[column] == pytest.approx(sum(row[column] for row in parts), abs=0.005)
    base = next(row for row in rows if row[0] == "base")
    # Rates of a segment are the same in every slice, so that its customers add up over slices.
    assert base[arr] == pytest.approx(whole, rel=1e-9)
    accounts = next(row for row in index["Index"].iter_rows(values_only=True) if row[1] == "ARR")
    assert accounts[2] == pytest.approx(accounts[3], abs=0.005)


def test_one_scenario_and_names_of_ones_own(run: Run, tmp_path: Path) -> None:
    names = ("--scenarios", "downside", "--name", "{region} {scenario} {month}.xlsx")
    done = run(*PLANS, *names, "--as-of", "2026-09-30", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "EMEA downside 2026-09.xlsx" in files(tmp_path / "out")
    lines = [line for line in manifest(tmp_path / "out") if line.get("slice")]
    assert {line["scenario"] for line in lines} == {"downside"}
    again = run(*PLANS, *names, "--resume")
    assert "3 of them from before" in again.stdout
    other = run(*PLANS, "--scenarios", "base", "--name", names[-1], "--resume")
    assert other.returncode == ExitCode.BAD_INPUT
    assert "begun with scenarios downside, not base" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--scenarios", "upsid"), '--scenarios: "upsid" is not known; did you mean "upside"?'),
        (("--scenarios", "all", "--name", "{region}.xlsx"), "write {scenario} in it"),
        (
            (
                "--name",
                "{region}-{scenario}.xlsx",
            ),
            "what stands in braces can be",
        ),
    ],
)
def test_scenarios_that_cannot_be(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*PLANS, *arguments)
    assert done.returncode == ExitCode.BAD_INPUT
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_scenarios_are_those_of_plans(run: Run) -> None:
    done = run("report", "t.xlsx", "l.csv", "--by", "a", "-o", "out", "--scenarios", "all")
    assert done.returncode == ExitCode.BAD_INPUT
    assert "--scenarios are those of plans; add --plan" in done.stderr
