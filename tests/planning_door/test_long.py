"""Long tables are kept out of the way while a workbook is looked at: all comes out the same."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from csmcalc.planning import bodies
from tests.planning_door.conftest import DAY, DEMO, Run


@pytest.fixture(scope="module")
def noted(demo: Path, folder: Path) -> Path:
    """The demo with two columns of somebody's own behind ours, one of them with a formula."""
    book = openpyxl.load_workbook(demo)
    sheet = book["Customers"]
    table, last = sheet.tables["Customers"], sheet.max_column
    number = max(column.id for column in table.tableColumns)
    for at, name in enumerate(("Twice", "My notes"), start=1):
        sheet.cell(5, last + at).value = name
        column = openpyxl.worksheet.table.TableColumn(id=number + at, name=name)
        table.tableColumns.append(column)
        for row in range(6, sheet.max_row + 1):
            sheet.cell(row, last + at).value = f"=D{row}*2" if at == 1 else None
    for row in (6, 90, sheet.max_row):
        sheet.cell(row, last + 2).value = f"call {row} & ask"
    table.ref = f"{table.ref.split(':')[0]}:{sheet.cell(sheet.max_row, last + 2).coordinate}"
    table.autoFilter.ref = table.ref
    path = folder / "noted.xlsx"
    book.save(path)
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("which", ["demo", "noted"])
def test_long_tables_come_out_as_short_ones(
    request: pytest.FixtureRequest,
    which: str,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workbook: Path = request.getfixturevalue(which)
    found = []
    for long in (bodies.LONG, 1_000_000):  # only Customers is as large
        monkeypatch.setattr(bodies, "LONG", long)
        folder = tmp_path / str(long)
        folder.mkdir()
        updated, refilled = folder / "updated.xlsx", folder / "refilled.xlsx"
        answer = json.loads(run("plan", workbook, "--json").out)
        assert run("fill", "--update", workbook, "-o", updated).code == 0
        done = run("fill", workbook, DEMO, "-o", refilled, "--as-of", DAY)
        assert done.code == 0
        found.append((answer, _parts(updated), _parts(refilled), "My notes" in done.out))
    assert found[0] == found[1]
    assert found[0][3] == (which == "noted")
