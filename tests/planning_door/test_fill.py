"""A planning workbook filled from a list, as it ships or as somebody made it their own."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.plan.full import full_book
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.planning.shipped import shipped
from csmcalc.reports.render import render
from csmcalc.reports.sheets.planning.filled import Filled, owners_in
from tests.engines.office import differences
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.workbooks import changed, part_of, values, where

LIST = (
    "Account,ARR,Product,Owner\n"
    "Ash,120000,Core,Ana\nBeech,480000,Pro,Ben\nCedar,60000,Core,Ana\nDogwood,90000,,Ben\n"
)


def test_filled_is_what_is_rendered(demo: Path) -> None:
    book = full_book(read_customers(DEMO, ReadOptions(as_of=dt.date.fromisoformat(DAY))))
    timeline = make_timeline(make_plan(book, Settings()))
    team, today = owners_in(timeline.plan), dt.date.today()
    expected = values(render(planning_report(Filled(timeline, team, today, book.arr_in_file))))
    found = values(demo)
    active = [at for at in found if at[0] == "Customers" and found[at] == "active"]
    assert len(active) == 170
    for at in active:  # a report has no word for those who are planned; the list has
        assert at not in expected
        del found[at]
    assert differences(expected.keys() | found.keys(), expected, found) == []


def test_filled_again_from_a_filled_one_is_the_same(demo: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "again.xlsx"
    assert run("fill", demo, DEMO, "-o", out, "--as-of", DAY).code == 0
    assert values(out) == values(demo)


def test_macros_stay_byte_for_byte(run: Run, tmp_path: Path) -> None:
    template, out = tmp_path / "mine.xlsm", tmp_path / "out.xlsm"
    template.write_bytes(shipped(functions=True))
    assert run("fill", template, DEMO, "-o", out, "--as-of", DAY).code == 0
    with zipfile.ZipFile(template) as before, zipfile.ZipFile(out) as after:
        assert after.read("xl/vbaProject.bin") == before.read("xl/vbaProject.bin")
    sheet, cell = where(out, "csms_rule")
    assert values(out)[sheet, cell] > 0
    assert ("Functions", "B4") in values(out)


def _own_copy(empty: Path, path: Path) -> Path:
    """A copy with two columns more in Customers, one a formula; colours; a sheet; an input."""
    book = openpyxl.load_workbook(empty)
    sheet = book["Customers"]
    table = sheet.tables["Customers"]
    _, _, last = table.ref.partition(":")
    column = openpyxl.utils.column_index_from_string(last.rstrip("0123456789")) + 1
    row = int(last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    formula = "Customers[[#This Row],[ARR]]*2"
    for at, (heading, content) in enumerate((("Product", None), ("Twice", f"={formula}"))):
        sheet.cell(row - 1, column + at, heading)
        cell = sheet.cell(row, column + at, content)
        cell.fill = PatternFill("solid", fgColor="FFDDEE")
    first = table.ref.partition(":")[0]
    letter = openpyxl.utils.get_column_letter(column + 1)
    table.ref = f"{first}:{letter}{row}"
    table.autoFilter.ref = table.ref
    for at, heading in enumerate(("Product", "Twice")):
        added = openpyxl.worksheet.table.TableColumn(id=200 + at, name=heading)
        if heading == "Twice":
            added.calculatedColumnFormula = openpyxl.worksheet.table.TableFormula(attr_text=formula)
        table.tableColumns.append(added)
    sheet.cell(row, 4).fill = PatternFill("solid", fgColor="ABCDEF")
    mine = book.create_sheet("Mine")
    mine["A1"], mine["A2"] = "=SUM(Customers[Twice])", "kept"
    mine["A3"] = "=ROWS(Customers[ARR])"
    where_pto, pto = where(empty, "pto")
    book[where_pto][pto] = 250
    book.save(path)
    return path


@pytest.fixture
def own(empty: Path, tmp_path: Path) -> Path:
    return _own_copy(empty, tmp_path / "own.xlsx")


def test_a_copy_of_ones_own(own: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    out = tmp_path / "out.xlsx"
    done = run("fill", own, tmp_path / "list.csv", "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    sheet = openpyxl.load_workbook(out)["Customers"]
    headings = {cell.value: cell.column for cell in sheet[5]}
    names = [sheet.cell(row, headings["Account"]).value for row in range(6, 10)]
    assert names == ["Beech", "Ash", "Dogwood", "Cedar"], "by falling ARR"
    products = [sheet.cell(row, headings["Product"]).value for row in range(6, 10)]
    assert products == ["Pro", "Core", None, "Core"]
    for row in range(6, 10):
        assert sheet.cell(row, headings["Twice"]).value == "=Customers[[#This Row],[ARR]]*2"
        assert sheet.cell(row, headings["Twice"]).fill.fgColor.rgb == "00FFDDEE"
        assert sheet.cell(row, headings["ARR in list"]).fill.fgColor.rgb == "00ABCDEF"
    assert sheet.tables["Customers"].ref.endswith("9")
    mine = openpyxl.load_workbook(out)["Mine"]
    assert (mine["A1"].value, mine["A2"].value) == ("=SUM(Customers[Twice])", "kept")
    assert values(out)["Mine", "A3"] == 4, "the engine of templates computes it"
    assert b"fullCalcOnLoad" in zipfile.ZipFile(out).read("xl/workbook.xml")


def test_inputs_of_the_copy_are_the_settings(own: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    assert run("fill", own, DEMO, "-o", out, "--as-of", DAY).code == 0
    found = values(out)
    hours = found[where(out, "effective_hours")]
    expected = Settings().replace("capacity", pto=250.0).capacity.effective_hours
    assert hours == pytest.approx(expected)


def test_options_win_over_the_inputs_and_stand_in_their_cells(
    own: Path, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    settings = tmp_path / "plan.toml"
    settings.write_text('[[tiers]]\nname="Low"\nhours=3\n\n[[tiers]]\nname="High"\nhours=9\n')
    told = ("--set", "capacity.pto=100", "--settings", settings, "--currency", "EUR")
    assert run("fill", own, DEMO, "-o", out, "--as-of", DAY, *told).code == 0
    found = values(out)
    assert found[where(out, "pto")] == 100
    assert found[where(out, "list_currency")] == "EUR"
    assert found[where(out, "as_of")] == dt.date(2026, 9, 30)
    names = [found.get(where(out, f"tiers_{at}_name")) for at in (1, 2, 3)]
    assert names == ["Low", "High", None]


def test_the_team_of_the_list_of_csms_and_of_the_owners(
    empty: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "csms.csv").write_text("CSM,FTE,Region\nAna,0.5,EMEA\nCleo,1,APAC\n")
    by_owner, by_list = tmp_path / "owners.xlsx", tmp_path / "team.xlsx"
    list_ = tmp_path / "list.csv"
    assert run("fill", empty, list_, "-o", by_owner, "--as-of", DAY).code == 0
    told = ("--csms", tmp_path / "csms.csv")
    assert run("fill", empty, list_, "-o", by_list, "--as-of", DAY, *told).code == 0
    assert _team(by_owner) == {"Ana": 2, "Ben": 2}
    assert _team(by_list) == {"Ana": 2, "Cleo": 0}
    kept = tmp_path / "kept.xlsx"
    assert run("fill", by_list, DEMO, "-o", kept, "--as-of", DAY).code == 0
    assert set(_team(kept)) == {"Ana", "Cleo"}, "a team that stands in the workbook stays"


def _team(path: Path) -> dict[str, Any]:
    """The CSMs on Books and how many accounts each has."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["Books"]
    first, _, last = sheet.tables["Csms"].ref.partition(":")
    rows = list(sheet[f"{first}:{last}"])
    headings = [cell.value for cell in rows[0]]
    names, accounts = headings.index("CSM"), headings.index("Accounts")
    return {row[names].value: row[accounts].value for row in rows[1:]}


def test_the_day_is_that_of_the_workbook_once_it_was_filled(
    demo: Path, empty: Path, run: Run, tmp_path: Path
) -> None:
    again, new = tmp_path / "again.xlsx", tmp_path / "new.xlsx"
    assert run("fill", demo, DEMO, "-o", again).code == 0
    assert run("fill", empty, DEMO, "-o", new).code == 0
    assert values(again)[where(again, "as_of")] == dt.date.fromisoformat(DAY)
    assert values(new)[where(new, "as_of")] == dt.date.today()


def test_the_shipped_day(empty: Path) -> None:
    from csmcalc.planning.shipped import SHIPPED_DAY

    assert values(empty)[where(empty, "as_of")] == SHIPPED_DAY


def test_a_formula_of_ones_own_stays_and_is_told(demo: Path, run: Run, tmp_path: Path) -> None:
    sheet, cell = where(demo, "loaded_cost")
    mine, out = tmp_path / "mine.xlsx", tmp_path / "out.xlsx"
    own = f'<c r="{cell}"'

    def other(text: str) -> str:
        at = text.index(own)
        end = text.index("</f>", at)
        start = text.index("<f>", at) + 3
        return f"{text[:start]}ote*2{text[end:]}"

    changed(demo, mine, {part_of(demo, sheet): other})
    done = run("fill", mine, DEMO, "-o", out, "--as-of", DAY)
    assert done.code == 0
    assert f"{sheet}!{cell}" in done.out
    assert openpyxl.load_workbook(out)[sheet][cell].value == "=ote*2"
    assert (sheet, cell) not in values(out), "no value that its formula does not give"


def test_nothing_is_written_over_what_is_read(demo: Path, run: Run) -> None:
    before = demo.read_bytes()
    done = run("fill", demo, DEMO, "-o", demo, "--as-of", DAY)
    assert done.code == 2
    assert "would be overwritten" in done.err
    assert demo.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fill", "a.xlsx"), "takes a planning workbook, a list"),
        (("fill", "--update", "a.xlsx", "b.csv"), "takes the workbook alone"),
        (("fill", "--update", "a.xlsx", "--csms", "b.csv"), "the team is that of Books"),
        (("fill", "a.xlsx", "b.csv", "-o", "c.xlsm"), "name it c.xlsx"),
        (("fill", DEMO, DEMO, "-o", "c.csv"), "is an Excel workbook"),
        (("fill", "a.xlsx", DEMO, "-o", "c.xlsx"), "a.xlsx: no such file"),
    ],
)
def test_what_cannot_be_meant(arguments: tuple[object, ...], said: str, run: Run) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_template_that_is_no_planning_workbook(run: Run, tmp_path: Path) -> None:
    plain = tmp_path / "plain.xlsx"
    openpyxl.Workbook().save(plain)
    done = run("fill", plain, DEMO, "-o", tmp_path / "out.xlsx")
    assert done.code == 2
    assert "is no planning workbook" in done.err
    assert "csmcalc template new" in done.err
    assert not (tmp_path / "out.xlsx").exists()


def test_a_planning_workbook_as_the_list(demo: Path, empty: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = run("fill", empty, demo, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    plans = [json.loads(run("plan", path, "--json").out) for path in (demo, out)]
    assert plans[0]["accounts"] == plans[1]["accounts"] == 170
    assert plans[0]["arr"] == plans[1]["arr"]
