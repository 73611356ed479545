"""The engine's answers written back: fresh again, and nothing of what people wrote touched."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.reports import theme
from tests.engines.office import Office, cached_values, differences, formulas
from tests.planning_door.conftest import Run
from tests.planning_door.office_edit import edited
from tests.planning_door.workbooks import cell_as, changed, number, part_of, text, values, where

CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.S)


def cells(path: Path, sheet: str) -> dict[str, str]:
    """The cells of a sheet as they are written."""
    content = zipfile.ZipFile(path).read(part_of(path, sheet)).decode()
    return {match[1]: match[0] for match in CELL.finditer(content)}


def _typed(demo: Path, out: Path) -> Path:
    """The demo with an input, a customer, a colour, a line of the change log and a sheet."""
    book = openpyxl.load_workbook(demo)
    sheet, cell = where(demo, "pto")
    book[sheet][cell] = 260
    customers = book["Customers"]
    customers["D20"] = 777_000
    customers["D20"].fill = openpyxl.styles.PatternFill("solid", fgColor="00FF00")
    customers["G21"] = "lost"
    for column, said in zip("BCDEF", ("", "Ana", "Inputs, PTO", "240 to 260", "law"), strict=True):
        book["Change log"][f"{column}6"] = said or None
    mine = book.create_sheet("Mine")
    mine["A1"], mine["B2"] = "=Customers!D20/2", "kept"
    book.save(out)
    return out


@pytest.fixture(scope="module")
def typed(demo: Path, folder: Path) -> Path:
    return _typed(demo, folder / "typed.xlsx")


@pytest.fixture(scope="module")
def updated(typed: Path, folder: Path, monkeypatch_module: Any) -> Path:
    from csmcalc.cli.app import main

    out = folder / "updated.xlsx"
    monkeypatch_module.setattr(
        "sys.argv", ["csmcalc", "fill", "--update", str(typed), "-o", str(out)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return out


@pytest.fixture(scope="module")
def monkeypatch_module() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_what_people_wrote_stays_byte_for_byte(typed: Path, updated: Path) -> None:
    for sheet in ("Inputs", "Customers", "Change log", "Books", "Mine", "Scenarios"):
        before, after = cells(typed, sheet), cells(updated, sheet)
        assert before.keys() == after.keys()
        other = [at for at, was in before.items() if "<f>" not in was and after[at] != was]
        shown = openpyxl.load_workbook(typed)[sheet] if other else None
        for at in other:
            assert _is_found(shown, at), f"{sheet}!{at}: {before[at]} became {after[at]}"
    for at in ("A1", "B2"):
        assert cells(typed, "Mine")[at] == cells(updated, "Mine")[at]
    assert formulas(typed) == formulas(updated)


FOUND = ("Service level", "Best hours", "Retention, no service", "Retention at best",
         "Value of service")  # fmt: skip
"""Columns of Customers that csmcalc writes without a formula."""


def _is_found(cells: Any, at: str) -> bool:
    """Whether a cell is one of those that csmcalc writes: pale blue, or in such a column."""
    heading = cells[f"{at.rstrip('0123456789')}5"].value
    return cells[at].fill.fgColor.rgb == f"00{theme.FOUND_WASH}" or heading in FOUND


def test_all_other_parts_stay(typed: Path, updated: Path) -> None:
    with zipfile.ZipFile(typed) as before, zipfile.ZipFile(updated) as after:
        assert before.namelist() == after.namelist()
        for name in before.namelist():
            if not name.startswith(("xl/worksheets/sheet", "xl/charts/", "xl/workbook.xml")):
                assert before.read(name) == after.read(name), name


def test_the_stale_mark_goes_away(typed: Path, updated: Path, run: Run, tmp_path: Path) -> None:
    found = values(updated)
    assert "as the inputs stand" in found["Guide", "C7"]
    again = tmp_path / "again.xlsx"
    assert run("fill", "--update", updated, "-o", again).code == 0
    assert differences(formulas(updated), values(updated), values(again)) == []
    assert typed.stat().st_size


def test_an_update_is_the_plan_of_the_workbook(updated: Path, run: Run) -> None:
    import json

    found = json.loads(run("plan", updated, "--json").out)
    told = values(updated)
    for view in ("rule", "workload", "value", "today"):
        assert told[where(updated, f"csms_{view}")] == found["csms"][view]
    assert found["left_out"]["churned"]["accounts"] if "churned" in found["left_out"] else True
    assert told[where(updated, "accounts_planned")] == found["accounts"]


def test_in_place_and_whole(typed: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(typed.read_bytes())
    assert run("fill", "--update", path).code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["mine.xlsx"]
    assert path.read_bytes() != typed.read_bytes()


def test_a_workbook_without_customers(empty: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    sheet, cell = where(empty, "ote")
    changed(empty, path, {part_of(empty, sheet): cell_as(cell, number(90_000.0))})
    assert run("fill", "--update", path).code == 0
    loaded = values(path)[where(path, "loaded_cost")]
    assert loaded == pytest.approx(90_000 * 1.3, rel=0.2)


def test_bad_customers_stop_it(demo: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    changed(demo, path, {part_of(demo, "Customers"): cell_as("D12", text("a lot"))})
    before = path.read_bytes()
    assert run("fill", "--update", path).code == 2
    assert path.read_bytes() == before


def test_options_stand_in_the_inputs(demo: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert run("fill", "--update", demo, "-o", out, "--set", "capacity.pto=123").code == 0
    assert values(out)[where(out, "pto")] == 123


@pytest.mark.engine
def test_recalculated_as_updated(typed: Path, office: Office, run: Run, folder: Path) -> None:
    """Rows out of order, moved tables, a renamed sheet: cells = engine all the same."""
    edits = [
        ("type", "Customers", "D90", 9_999_999.0),
        ("type", "Customers", "K12", "Somebody Else"),
        ("type", *where(typed, "live_case"), "downside"),
        ("type", *where(typed, "gross_margin"), 0.7),
        ("insert rows", "Timeline", 3, 1),
        ("insert rows", "Segments", 2, 3),
        ("insert columns", "Inputs", 1, 2),
        ("insert rows", "Customers", 3, 2),
        ("rename sheet", "Workings", "Rechenwege"),
    ]
    path = edited(typed, folder / "moved.xlsx", edits, folder / "profile-update")
    out = folder / "moved-updated.xlsx"
    done = run("fill", "--update", path, "-o", out)
    assert done.code == 0, done.err
    again = office.recalculated([out])[0]
    assert differences(formulas(out), cached_values(out), cached_values(again)) == []
