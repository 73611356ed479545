"""The planning workbooks that ship: fresh, whole, the same every time."""

from __future__ import annotations

import zipfile
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from csmcalc.catalog import CATALOGUE
from csmcalc.reports.planning.shipped import FOLDER, WITH_FUNCTIONS, WITHOUT, shipped
from tests.engines.lint import lint
from tests.engines.test_audit import findings
from workbook_templates.build import TARGETS, content, is_fresh, path_of

FILES = pytest.mark.parametrize("name", [WITHOUT, WITH_FUNCTIONS])
ERRORS = {"#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"}
SHEETS = [
    *("Guide", "Summary", "Inputs", "Scenarios", "Customers", "Segments", "Headcount"),
    *("Value", "Timeline", "Hiring", "Sensitivity", "Books", "Workings", "Checks"),
]


def place(name: str) -> Path:
    return Path(str(resources.files("csmcalc") / FOLDER / name))


@pytest.mark.parametrize(("target", "functions"), TARGETS.items())
def test_they_are_what_is_built_today(target: str, functions: bool) -> None:
    made = content(functions=functions)
    assert is_fresh(path_of(target), made), "run python -m workbook_templates.build"


def test_they_are_built_the_same_every_time() -> None:
    assert content(functions=False) == content(functions=False)


@FILES
def test_nothing_for_excel_to_repair(name: str) -> None:
    assert lint(place(name)) == []
    assert findings(place(name)) == []


@FILES
def test_no_cell_shows_an_error(name: str) -> None:
    workbook = openpyxl.load_workbook(place(name), data_only=True)
    cells = [c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value]
    assert len(cells) > 3_000
    assert [cell.coordinate for cell in cells if str(cell.value) in ERRORS] == []


def test_only_the_one_with_functions_calls_them() -> None:
    names = {f"{entry.name}(" for entry in CATALOGUE}
    calling = {}
    for name in (WITHOUT, WITH_FUNCTIONS):
        with zipfile.ZipFile(place(name)) as archive:
            parts = [p for p in archive.namelist() if p.startswith("xl/worksheets/sheet")]
            text = b"".join(archive.read(part) for part in parts).decode()
            calling[name] = {one for one in names if one in text}
            assert ("xl/vbaProject.bin" in archive.namelist()) == (name == WITH_FUNCTIONS)
    assert calling[WITHOUT] == set()
    assert {"CSM_RATIO(", "CSM_HIRING_PLAN(", "BCG_SEGMENT("} <= calling[WITH_FUNCTIONS]


@FILES
def test_sheets(name: str) -> None:
    workbook = openpyxl.load_workbook(place(name))
    functions = ["Functions"] if name == WITH_FUNCTIONS else []
    assert workbook.sheetnames == [*SHEETS, "Change log", "Sources", *functions]
    assert {sheet.sheet_state for sheet in workbook} == {"visible"}


def test_they_come_with_the_package() -> None:
    assert shipped(functions=False) == place(WITHOUT).read_bytes()
    assert shipped(functions=True) == place(WITH_FUNCTIONS).read_bytes()
