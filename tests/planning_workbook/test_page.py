"""docs/planning.md says what is there: the sheets, the tables, the sizes of the files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from csmcalc.reports.model import List, Table
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.planning.shipped import shipped
from csmcalc.reports.sheets.planning.filled import Filled
from tests.planning_workbook.made import demo, nobody
from tests.planning_workbook.test_changes import CHANGES

PAGE = (Path(__file__).parents[2] / "docs" / "planning.md").read_text(encoding="utf-8")


def test_the_guide_lists_the_sheets_in_their_order() -> None:
    report = planning_report(Filled(nobody().timeline, functions=True))
    listed = next(p.block for p in report.sheets[0].placed
                  if isinstance(p.block, Table) and p.block.name == "Sheets")  # fmt: skip
    assert isinstance(listed, Table)
    assert [cells[0].value for cells in listed.rows] == [one.name for one in report.sheets[1:]]


def test_every_sheet_is_explained_and_no_other() -> None:
    report = planning_report(Filled(nobody().timeline, functions=True))
    names = {sheet.name for sheet in report.sheets}
    section = PAGE.partition("## The sheets")[2].partition("##")[0]
    assert set(re.findall(r"^\| ([A-Z][\w ]+?) \|", section, re.M)) == names
    tables = {p.block.name for s in report.sheets for p in s.placed if isinstance(p.block, List)}
    assert set(re.findall(r"the table `(\w+)`", section)) == tables


@pytest.mark.parametrize(
    ("row", "content"),
    [
        ("none, .xlsx", lambda: shipped(functions=False)),
        ("none, .xlsm", lambda: shipped(functions=True)),
        ("the demo's 184", demo),
    ],
)
def test_the_sizes_are_those_of_the_files(row: str, content: object) -> None:
    told = re.search(rf"\| {re.escape(row)} \| (\d+) kB \|", PAGE)
    assert told
    assert callable(content)
    assert len(content()) / 1000 == pytest.approx(float(told[1]), rel=0.05)


def test_the_changes_are_counted() -> None:
    assert f"after each of {len(CHANGES)} changes" in PAGE.replace("\n", " ")


def test_numbers_beside_origins_fit_any_column() -> None:
    """What a result was computed from may have any decimals: General shortens, others show ####."""
    book = openpyxl.load_workbook(io.BytesIO(shipped(functions=False)))
    sheet = book["Checks"]
    heads = [c for row in sheet.iter_rows() for c in row if c.value in ("As computed", "Now")]
    numbers = [
        cell
        for head in heads
        for cell in (sheet.cell(row, head.column) for row in range(head.row + 1, sheet.max_row))
        if cell.data_type in ("n", "f") and "." in cell.number_format
    ]
    assert heads
    assert numbers
    assert not [cell.coordinate for cell in numbers if "####" in cell.number_format]
