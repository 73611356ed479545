"""`csmcalc template check` says what binds, what is refused and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from csmcalc.cli.app import app
from csmcalc.errors import WorkbookError
from tests.reports.templates import saved, workbook

RUN = CliRunner()


def test_a_good_template(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(saved(workbook()))
    done = RUN.invoke(app, ["template", "check", str(path)])
    assert done.exit_code == 0
    for words in (
        "1 of 1 table and 4 names bind",
        "table Accounts: Customers & Co: Id, Name, ARR, Start, Key, Half (formula), Next (formula)",
        "name rate: sets Summary!B2",
        "Summary!A1: shows owner",
        "Summary!B5: =B3*B2 is computed when it is opened",
    ):
        assert words in done.output


def test_a_refusal_names_its_cell_and_exits_with_3(tmp_path: Path) -> None:
    book, path = workbook(), tmp_path / "t.xlsx"
    book["Customers & Co"]["B9"] = "note"
    book.save(path)
    done = RUN.invoke(app, ["template", "check", str(path)])
    assert done.exit_code == 3
    assert "cell Customers & Co!B9 stands below it" in done.output


def test_the_findings_as_json(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(saved(workbook()))
    told = json.loads(RUN.invoke(app, ["template", "check", str(path), "--json"]).output)
    assert told["tables"][0]["columns"][:3] == ["Id", "Name", "ARR"]
    assert told["tables"][0]["refused"] is None
    assert told["names"] == ["empty_cell", "month", "owner", "rate"]
    assert {finding["kind"] for finding in told["findings"]} >= {"table", "name", "uncomputed"}


def test_limits_are_options(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = workbook()
    book["Summary"]["Z1"] = "x" * 30_000
    for row in range(2, 80):
        book["Summary"].cell(row, 26, "x" * 30_000)
    book.save(path)
    done = RUN.invoke(app, ["template", "check", str(path), "--largest-part", "1"])
    assert isinstance(done.exception, WorkbookError)
    assert "would unpack to 2 MB" in str(done.exception)


def test_a_workbook_that_takes_nothing_says_what_to_do(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "t.xlsx"
    Workbook().save(path)
    done = RUN.invoke(app, ["template", "check", str(path)])
    assert done.exit_code == 2
    assert "nothing in it takes data" in done.output
    done = RUN.invoke(app, ["template", "check", str(path), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.output)["tables"] == []


@pytest.mark.parametrize("name", ["none.xlsx", "x.csv"])
def test_no_template(tmp_path: Path, name: str) -> None:
    done = RUN.invoke(app, ["template", "check", str(tmp_path / name)])
    assert done.exception is not None
    assert name in str(done.exception)
