"""The workbooks hold nothing that Excel would want to repair; the lint finds what would be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.engines.lint import lint
from tests.engines.test_recalculation import BOOKS, write


@pytest.mark.parametrize("name", BOOKS)
def test_workbooks_are_clean(tmp_path: Path, name: str) -> None:
    assert lint(write(tmp_path, "plan", BOOKS[name]())) == []


FAULTS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "heading": (
        "xl/tables/table1.xml",
        lambda xml: xml.replace('name="ARR"', 'name="Revenue"'),
        "the column 'Revenue'",
    ),
    "row order": (
        "xl/worksheets/sheet3.xml",
        lambda xml: xml.replace('<row r="7"', '<row r="6"', 1),
        "after row 6",
    ),
    "style": (
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r' s="\d+"', ' s="9999"', xml, count=1),
        "style 9999",
    ),
    "formula": (
        "xl/worksheets/sheet4.xml",
        lambda xml: xml.replace("<f>", "<f>SUM((", 1),
        "cannot read",
    ),
    "merge": (
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("<mergeCells", '<mergeCells x="1"').replace(
            "</mergeCells>", '<mergeCell ref="B10:C11"/></mergeCells>'
        ),
        "merged cells overlap",
    ),
    "sheet name": (
        "xl/workbook.xml",
        lambda xml: xml.replace('name="Checks"', 'name="Che[ks"'),
        "sheet name",
    ),
    "defined name": (
        "xl/workbook.xml",
        lambda xml: xml.replace('name="span"', 'name="AB12"'),
        "defined name",
    ),
    "table range": (
        "xl/tables/table1.xml",
        lambda xml: xml.replace('ref="B5:', 'ref="C5:', 1),
        "columns in",
    ),
    "relation": (
        "xl/worksheets/_rels/sheet3.xml.rels",
        lambda xml: xml.replace("table1.xml", "table9.xml"),
        "leads to nothing",
    ),
    "chart": (
        "xl/charts/chart1.xml",
        lambda xml: xml.replace("'Headcount'!", "'Nowhere'!"),
        "leads to no sheet",
    ),
    "shared string": (
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(r't="inlineStr"><is>.*?</is>', 't="s"><v>7</v>', xml, count=1),
        "string 7",
    ),
    "long text": (
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("<is><t>", "<is><t>" + "x" * 40_000, 1),
        "characters",
    ),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("good"), "good", BOOKS["demo"]())


@pytest.mark.parametrize("name", FAULTS)
def test_the_lint_finds(good: Path, tmp_path: Path, name: str) -> None:
    part, spoil, found = FAULTS[name]
    bad = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == part:
                spoiled = spoil(content.decode()).encode()
                assert spoiled != content, "the fault was not put in"
                content = spoiled
            target.writestr(entry, content)
    faults = lint(bad)
    assert any(found in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("merged", "beside", "found"),
    [("A1:B1", None, "merged cells"), (None, "=1+1", "covers another formula")],
)
def test_the_lint_finds_arrays_that_excel_cannot_place(
    tmp_path: Path, merged: str | None, beside: str | None, found: str
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    if merged:
        sheet.merge_cells(merged)
    sheet["A1"] = ArrayFormula("A1:A2", "={1;2}")
    sheet["A2"] = beside
    path = tmp_path / "arrays.xlsx"
    workbook.save(path)
    assert any(found in fault for fault in lint(path))
