"""Workbooks that count days from 1904, with macros that LibreOffice saved, as lists of reports."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from csmcalc.reports.planning.shipped import shipped
from tests.engines.office import Office, cached_values, differences, formulas
from tests.planning_door.conftest import DAY, DEMO, ROOT, Run
from tests.planning_door.office_edit import edited
from tests.planning_door.test_read_back import answers, same
from tests.planning_door.workbooks import changed, values, where


@pytest.fixture(scope="module")
def from_1904(empty: Path, folder: Path) -> Path:
    """The workbook as it ships, made one that counts days from 1904."""
    late = {
        "xl/workbook.xml": lambda c: re.sub(
            "<workbookPr ?", '<workbookPr date1904="1" ', c, count=1
        )
    }
    return changed(empty, folder / "from_1904.xlsx", late)


@pytest.mark.engine
def test_days_from_1904(from_1904: Path, run: Run, office: Office, tmp_path: Path) -> None:
    filled, updated = tmp_path / "filled.xlsx", tmp_path / "updated.xlsx"
    done = run("fill", from_1904, DEMO, "-o", filled, "--as-of", DAY)
    assert done.code == 0, done.err
    same(answers(run, "plan", filled), answers(run, "plan", DEMO, "--as-of", DAY))
    done = run("fill", "--update", filled, "-o", updated)
    assert done.code == 0, done.err
    for path, again in zip((filled, updated), office.recalculated([filled, updated]), strict=True):
        assert differences(formulas(path), cached_values(path), cached_values(again)) == []


@pytest.mark.engine
def test_macros_that_libreoffice_saved_stay(run: Run, folder: Path, office: Office) -> None:  # noqa: ARG001
    """LibreOffice writes the VBA project anew; from there on it stays byte for byte."""
    empty, filled = folder / "macros.xlsm", folder / "macros-filled.xlsm"
    empty.write_bytes(shipped(functions=True))
    assert run("fill", empty, DEMO, "-o", filled, "--as-of", DAY).code == 0
    edits = [("type", *where(filled, "pto"), 250.0), ("type", "Customers", "D6", 5_000_000.0)]
    saved = edited(filled, folder / "macros-saved.xlsm", edits, folder / "profile-macros")
    out = folder / "macros-updated.xlsm"
    done = run("fill", "--update", saved, "-o", out)
    assert done.code == 0, done.err
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(out) as after:
        assert after.read("xl/vbaProject.bin") == before.read("xl/vbaProject.bin")
        assert "macroEnabled" in after.read("[Content_Types].xml").decode()
    assert json.loads(run("plan", out, "--json").out)["arr"] == pytest.approx(
        json.loads(run("plan", saved, "--json").out)["arr"]
    )


def test_a_template_for_lists_is_filled_from_a_workbook(
    demo: Path, run: Run, tmp_path: Path
) -> None:
    """By the headings of the workbook, and by what csmcalc calls the fields everywhere."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    headings = ("Account", "ARR", "ARR in list", "Renewal")
    sheet.append(headings)
    sheet.append(("x", 1, 1, None))
    sheet.add_table(Table(displayName="Mine", ref="A1:D2"))
    template, out = tmp_path / "mine.xlsx", tmp_path / "out"
    book.save(template)
    done = run("report", template, demo, "--by", "Region", "-o", out, "--jobs", 1)
    assert done.code == 0, done.err
    rows = [
        row
        for path in out.glob("*.xlsx")
        for row in openpyxl.load_workbook(path, read_only=True).active.iter_rows(
            min_row=2, values_only=True
        )
    ]
    assert len(rows) == 184, "everybody in the table, planned or not"
    assert all(row[1] == row[2] for row in rows)


WITHOUT = """
import sys
for name in ("numba", "isal", "msgspec"):
    sys.modules[name] = None
from csmcalc.cli.app import main
sys.argv[0] = "csmcalc"
main()
"""


def _without(*arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "CSMCALC_NUMBA": ""},
    )
    assert done.returncode == 0, done.stderr


def assert_alike(one: dict[tuple[str, str], object], other: dict[tuple[str, str], object]) -> None:
    """The same cells with the same contents, numbers to the rounding of their sums."""
    assert one.keys() == other.keys()
    for cell, content in one.items():
        if isinstance(content, float):
            assert content == pytest.approx(other[cell], rel=1e-9, abs=1e-9), cell
        else:
            assert content == other[cell], cell


def test_without_the_quick_libraries(demo: Path, empty: Path, run: Run, tmp_path: Path) -> None:
    """As `pip install csmcalc` alone makes it: slower, and the same in every cell."""
    slow, again = tmp_path / "slow.xlsx", tmp_path / "again.xlsx"
    _without("fill", empty, DEMO, "-o", slow, "--as-of", DAY)
    assert_alike(values(slow), values(demo))
    _without("fill", "--update", slow, "-o", again)
    assert run("fill", "--update", demo, "-o", tmp_path / "quick.xlsx").code == 0
    assert_alike(values(again), values(tmp_path / "quick.xlsx"))
    _without("assign", slow, "--seconds", 2, "-o", tmp_path / "books.xlsx")
