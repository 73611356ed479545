"""`csmcalc timeline`: the months for a person, as a workbook and for a pipeline."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from csmcalc.errors import ExitCode
from tests.books import demo_path
from tests.cli.conftest import Run

DEMO = (str(demo_path()), "--as-of", "2026-09-30", "--months", "12")


def test_the_workbook_has_the_sheets_and_the_terminal_says_when_to_hire(
    run: Run, tmp_path: Path
) -> None:
    done = run("timeline", *DEMO, "-o", "t.xlsx")
    assert done.returncode == ExitCode.OK, done.stderr
    sheets = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True).sheetnames
    assert sheets == ["Hiring", "Timeline", "Scenarios", "Sensitivity", "Drivers", "Checks"]
    assert "ahead" in done.stdout
    assert "gap" in done.stdout
    assert "Written: t.xlsx" in done.stdout


def test_json_of_one_scenario_and_of_all(run: Run, tmp_path: Path) -> None:
    one = json.loads(run("timeline", *DEMO, "--json", "--policy", "arrears").stdout)
    assert len(one["records"]) == 12
    assert one["policy"] == "arrears"
    every = json.loads(run("timeline", *DEMO, "--scenario", "all", "--json").stdout)
    assert len(every["records"]) == 36
    downside = json.loads(run("timeline", *DEMO, "--scenario", "downside", "--json").stdout)
    assert {record["scenario"] for record in downside["records"]} == {"downside"}
    assert not list(tmp_path.glob("*.xlsx"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--policy", "later"), '"later" is not known; known are ahead, arrears'),
        (("--scenario", "upsid"), 'did you mean "upside"'),
        (("-o", "t.csv"), "name it t.xlsx"),
    ],
)
def test_what_cannot_be_is_said(run: Run, options: tuple[str, ...], words: str) -> None:
    done = run("timeline", *DEMO, *options)
    assert done.returncode == ExitCode.BAD_INPUT
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_settings_reach_the_months(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(
        '[timeline]\nmonths = 6\nstart = "2027-04"\nfiscal_year_start = 4\n'
        '[hiring]\nbasis = "rule"\npolicy = "optimal"\n',
        encoding="utf-8",
    )
    done = run("timeline", DEMO[0], *DEMO[1:3], "--settings", "s.toml", "--json")
    found = json.loads(done.stdout)
    assert found["records"][0]["month"] == "2027-04"
    assert {record["fiscal_year"] for record in found["records"]} == {2028}
    assert (found["basis"], found["policy"], found["months"]) == ("rule", "optimal", 6)
