"""Odd and hostile lists as data: a message, safe names, plain text."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from csmcalc.errors import CsmcalcError, ExitCode
from tests.batch.commands import PLAN, STAMP
from tests.batch.conftest import Run, files, make_template, reports

MESSY = sorted((Path(__file__).parents[1] / "files" / "messy").iterdir())


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
