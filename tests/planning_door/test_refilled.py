"""A newer list filled into a workbook in use: what was typed beside customers is not lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import table_part

OLD = """Account id,Account,ARR,Prior ARR
A1,Alpha,90000,80000
A2,Beta,80000,80000
A3,Gamma,70000,60000
"""
NEW = """Account id,Account,ARR
A4,Delta,99000
A3,Gamma,71000
A1,Alpha,65000
"""


def _column(sheet: Any, heading: str) -> int:
    return next(c.column for c in sheet[5] if c.value == heading)


def _typed(filled: Path, out: Path) -> Path:
    """Hours, a health and a column of somebody's own beside two customers."""
    book = openpyxl.load_workbook(filled)
    sheet = book["Customers"]
    table, last = sheet.tables["Customers"], sheet.max_column
    left, right = table.ref.split(":")
    rows = {sheet.cell(row, 2).value: row for row in range(6, 9)}
    sheet.cell(rows["A1"], _column(sheet, "Measured hours")).value = 123
    sheet.cell(rows["A3"], _column(sheet, "Health")).value = "red"
    assert right.rstrip("0123456789") == sheet.cell(5, last).column_letter
    sheet.cell(5, last + 1).value = "My notes"
    sheet.cell(rows["A1"], last + 1).value = "call Ana"
    sheet.cell(rows["A2"], last + 1).value = "leaves"
    table.ref = f"{left}:{sheet.cell(8, last + 1).coordinate}"
    table.autoFilter.ref = table.ref
    number = max(column.id for column in table.tableColumns) + 1
    table.tableColumns.append(openpyxl.worksheet.table.TableColumn(id=number, name="My notes"))
    book.save(out)
    assert table_part(out, "Customers")
    return out


def test_what_was_typed_is_kept_by_account(empty: Path, run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(OLD)
    new.write_text(NEW)
    filled, out = tmp_path / "filled.xlsx", tmp_path / "out.xlsx"
    assert run("fill", empty, old, "-o", filled, "--as-of", DAY).code == 0
    used = _typed(filled, tmp_path / "used.xlsx")
    done = run("fill", used, new, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    assert "not in the list: Measured hours, Health, My notes" in done.out.replace("\n", " ")
    assert "Emptied" in done.out
    assert "Prior ARR" in done.out
    said = " ".join(done.out.split())
    assert (
        "beside 1 account that is not in the list any more: My notes of A2 (Customers!B7)" in said
    )
    assert f"it still stands in {used}" in said

    sheet = openpyxl.load_workbook(out)["Customers"]
    headings = ("Account id", "Measured hours", "Health", "My notes", "Prior ARR")
    at = {heading: _column(sheet, heading) for heading in headings}
    found = [[sheet.cell(row, at[heading]).value for heading in headings] for row in (6, 7, 8)]
    assert found == [
        ["A4", None, None, None, None],
        ["A3", None, "red", None, None],
        ["A1", 123, None, "call Ana", None],
    ]
    planned = json.loads(run("plan", out, "--json").out)
    assert planned["accounts"] == 3
    assert run("fill", "--update", out, "-o", tmp_path / "again.xlsx").code == 0


def test_a_workbook_as_list_needs_no_columns_told(
    demo: Path, empty: Path, run: Run, tmp_path: Path
) -> None:
    """Its own table Customers is meant, and its headings are ours."""
    done = run("fill", empty, demo, "-o", tmp_path / "out.xlsx", "--as-of", DAY)
    assert done.code == 0, done.err
    assert "by its header" in done.out
    assert "--column" not in done.out
    done = run("fill", "--update", tmp_path / "out.xlsx")
    assert done.code == 0, done.err
    assert "--column" not in done.out
