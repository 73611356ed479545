"""Damaged workbooks: one message that names sheet and cell and what to do; nothing is written."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.workbooks import (
    cell_as,
    changed,
    number,
    part_of,
    table_part,
    text,
    where,
)

Damaged = Callable[[Path, Path], tuple[Path, tuple[str, ...]]]
"""Makes a damaged copy; also what the message must say."""


def _sheet(source: Path, out: Path, sheet: str, change: Callable[[str], str]) -> Path:
    return changed(source, out, {part_of(source, sheet): change})


def renamed_table(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    def rename(content: str) -> str:
        return content.replace('name="Customers"', 'name="Kunden"').replace(
            'displayName="Customers"', 'displayName="Kunden"'
        )

    changed(source, out, {table_part(source, "Customers"): rename})
    return out, ("Customers!B5", "Kunden was named Customers", "Table Name")


def renamed_team(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    def rename(content: str) -> str:
        return content.replace('"Csms"', '"Team"')

    changed(source, out, {table_part(source, "Csms"): rename})
    return out, ("Books!B", "Team was named Csms")


def deleted_header(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """Somebody typed another word over the heading Renewal."""
    part = part_of(source, "Customers")

    def retitle(content: str) -> str:
        return content.replace("<t>Renewal</t>", "<t>Next talk</t>")

    changed(
        source,
        out,
        {
            part: retitle,
            table_part(source, "Customers"): lambda c: c.replace('"Renewal"', '"Next talk"'),
        },
    )
    return out, ('Customers!Q5: reads "Next talk"', 'write "Renewal" again')


def emptied_header(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """As LibreOffice saves it: the cell is empty, and the table keeps the heading."""
    _sheet(source, out, "Customers", cell_as("R5", "/>"))
    return out, ("Customers!R5: is empty where the column", 'write "Growth rate" again')


def deleted_computed_header(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    part = part_of(source, "Customers")
    changed(
        source,
        out,
        {
            part: lambda c: c.replace("<t>Standard margin</t>", "<t>Margin?</t>"),
            table_part(source, "Customers"): lambda c: c.replace(
                'name="Standard margin"', 'name="Margin?"'
            ),
        },
    )
    return out, ('reads "Margin?"', 'write "Standard margin" again', "Customers!")


def deleted_name(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    changed(
        source,
        out,
        {
            "xl/workbook.xml": lambda c: re.sub(
                r'<definedName name="pto">[^<]*</definedName>', "", c
            )
        },
    )
    return out, ("Inputs!C", "the name pto (Paid leave)", "Name Manager")


def deleted_cell_of_a_name(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    changed(
        source,
        out,
        {"xl/workbook.xml": lambda c: re.sub(r'(<definedName name="ote">)[^<]*', r"\1#REF!", c)},
    )
    return out, ("Inputs!C", "the name ote", "undo that")


def name_of_two_cells(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """Somebody pulled the name over the cell below: formulas would read both, csmcalc the first."""
    sheet, cell = where(source, "pto")
    column, row = cell[0], int(cell[1:])
    both = rf"\g<1>{sheet}!${column}${row}:${column}${row + 1}"

    def stretch(content: str) -> str:
        return re.sub(r'(<definedName name="pto">)[^<]*', both, content)

    changed(source, out, {"xl/workbook.xml": stretch})
    return out, (f"{sheet}!{cell}:{column}{row + 1}: the name pto stands for several", "Name Man")


def deleted_table_name(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    changed(
        source,
        out,
        {
            "xl/workbook.xml": lambda c: re.sub(
                r'<definedName name="Segments">[^<]*</definedName>', "", c
            )
        },
    )
    return out, ("Segments!B", "the name Segments is gone", "Name Manager")


def text_below(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    row = '<row r="400"><c r="D400" t="inlineStr"><is><t>Checked by Ana</t></is></c></row>'
    _sheet(source, out, "Customers", lambda c: c.replace("</sheetData>", f"{row}</sheetData>"))
    return out, ("Customers!D400: stands below table Customers", "move it")


def merged_cells(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    def merge(content: str) -> str:
        if "<mergeCells" in content:
            return re.sub(r"(<mergeCells[^>]*>)", r'\1<mergeCell ref="C8:D8"/>', content)
        return content.replace(
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="C8:D8"/></mergeCells>',
            1,
        )

    _sheet(source, out, "Customers", merge)
    return out, ("Customers!C8:D8: merged cells", "unmerge")


def protected_sheet(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    protection = '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/>'
    _sheet(source, out, "Headcount", lambda c: c.replace("</sheetData>", protection, 1))
    return out, ("Headcount!A1", "is protected", "Unprotect")


def duplicated_sheet(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """As Excel copies a sheet: its cells, and its names for that sheet alone."""
    book = openpyxl.load_workbook(source)
    copy = book.copy_worksheet(book["Inputs"])
    copy.title = "Inputs (2)"
    book.save(out)
    return out, ('Inputs (2)!A1: sheet "Inputs (2)" is a copy of "Inputs"', "delete the copy")


def namesake_of_a_sheet(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """A name that somebody defined for the sheet Inputs alone hides the workbook's there."""
    own = '<definedName name="pto" localSheetId="2">Inputs!$C$5</definedName>'

    def define(content: str) -> str:
        return content.replace("<definedNames>", f"<definedNames>{own}", 1)

    changed(source, out, {"xl/workbook.xml": define})
    return out, ("Inputs!A1: names of this sheet alone", "pto; delete those of the sheet")


def out_of_range(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "gross_margin")
    _sheet(source, out, sheet, cell_as(cell, number(81.0)))
    return out, (f"{sheet}!{cell} (Gross margin) is 81", "at most 1")


def text_in_an_input(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "pto")
    _sheet(source, out, sheet, cell_as(cell, text("three weeks")))
    return out, (f'{sheet}!{cell} (Paid leave) is "three weeks"', "a number")


def together_impossible(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "pto")
    _sheet(source, out, sheet, cell_as(cell, number(2070.0)))
    return out, (f"{sheet}!{cell}", "leave nothing of calendar")


def unknown_live_case(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "live_case")
    _sheet(source, out, sheet, cell_as(cell, text("boom")))
    return out, (f"{sheet}!{cell}", '"boom" is not known')


def typed_over(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "effective_hours")
    _sheet(source, out, sheet, cell_as(cell, number(1200.0)))
    return out, (f"{sheet}!{cell}: holds 1200 where the workbook has a formula", "Ctrl-Z")


def typed_over_a_customer(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet = openpyxl.load_workbook(source, read_only=True)["Customers"]
    heads = next(sheet.iter_rows(min_row=5, max_row=5))
    cell = next(c.coordinate for c in heads if c.value == "Touch tier")
    at = cell.replace("5", "42")
    _sheet(source, out, "Customers", cell_as(at, text("mine")))
    return out, (f'Customers!{at}: holds "mine" where the workbook has a formula',)


def old_version(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "csmcalc_template")
    _sheet(source, out, sheet, cell_as(cell, number(0.0)))
    said = f"{sheet}!{cell}: is of template version 0", "csmcalc template new"
    return out, (*said, "csmcalc fill my_plan.xlsx", "takes the customers over")


def new_version(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "csmcalc_template")
    _sheet(source, out, sheet, cell_as(cell, number(99.0)))
    return out, (f"{sheet}!{cell}", "template version 99", "upgrade csmcalc")


def deleted_sheet(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    def delete(content: str) -> str:
        without = re.sub(r'<sheet [^>]*name="Sensitivity"[^>]*/>', "", content)
        return re.sub(r"'?Sensitivity'?![$A-Z0-9:]+", "#REF!", without)

    changed(source, out, {"xl/workbook.xml": delete})
    return out, ("Sensitivity!A1: the sheet Sensitivity is gone", "csmcalc template new")


def fourth_case(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """Typed beside the three, as if there were room for it."""
    sheet, name = where(source, "scenarios_3_name")
    churn = where(source, "scenarios_3_churn")[1]
    at, factor = (chr(ord(cell[0]) + 1) + cell[1:] for cell in (name, churn))

    def beside(content: str) -> str:
        for cell, rest in ((at, text("boom")), (factor, number(0.5))):
            row = re.search(rf'<row r="{cell[1:]}"[^>]*>', content)
            assert row
            rest_of_row = content[row.end() :]
            before = content[: row.end() + rest_of_row.index("</row>")]
            content = f'{before}<c r="{cell}"{rest}{content[len(before) :]}'
        return content

    _sheet(source, out, sheet, beside)
    return out, (f'{sheet}!{at}: "boom" stands beside the cases', "has 3", "type it over one")


def no_day(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "as_of")
    _sheet(source, out, sheet, cell_as(cell, text("soon")))
    return out, (f"{sheet}!{cell} (day of the plan)", "type a date")


def no_currency(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "list_currency")
    _sheet(source, out, sheet, cell_as(cell, text("Taler")))
    return out, (f"{sheet}!{cell} (currency of the list)", "ISO code")


FILL, UPDATE, PLAN = "fill", "update", "plan"
ALL = (FILL, UPDATE, PLAN)
DAMAGES: dict[Damaged, tuple[str, ...]] = {
    renamed_table: (FILL, PLAN),
    renamed_team: (FILL,),
    deleted_header: (FILL, PLAN),
    emptied_header: ALL,
    deleted_computed_header: (UPDATE,),
    deleted_name: (FILL, UPDATE),
    deleted_cell_of_a_name: (UPDATE,),
    name_of_two_cells: ALL,
    deleted_table_name: (UPDATE, PLAN),
    deleted_sheet: (PLAN, FILL),
    text_below: ALL,
    merged_cells: (FILL, PLAN),
    protected_sheet: (FILL, UPDATE),
    duplicated_sheet: (UPDATE,),
    namesake_of_a_sheet: (PLAN,),
    out_of_range: ALL,
    text_in_an_input: (PLAN,),
    together_impossible: (FILL,),
    unknown_live_case: (PLAN,),
    typed_over: ALL,
    typed_over_a_customer: ALL,
    old_version: (FILL, UPDATE),
    fourth_case: ALL,
    new_version: (PLAN,),
    no_day: (UPDATE,),
    no_currency: (PLAN,),
}
CASES = [
    pytest.param(
        damage,
        command,
        id=f"{damage.__name__}-{command}",
        marks=() if command == commands[at % len(commands)] else pytest.mark.long,
    )
    for at, (damage, commands) in enumerate(DAMAGES.items())
    for command in commands
]
"""Every damage with one command each time, and with all of them in long runs."""


@pytest.mark.parametrize(("damage", "command"), CASES)
def test_damage(damage: Damaged, command: str, demo: Path, run: Run, tmp_path: Path) -> None:
    path, said = damage(demo, tmp_path / "damaged.xlsx")
    before, out = path.read_bytes(), tmp_path / "out.xlsx"
    told = {
        FILL: ("fill", path, DEMO, "-o", out, "--as-of", DAY),
        UPDATE: ("fill", "--update", path),
        PLAN: ("plan", path, "-o", out),
    }[command]
    done = run(*told)
    assert done.code == 2, done.out
    for words in said:
        assert words in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1, "one damage, one message"
    assert not out.exists()
    assert path.read_bytes() == before, "nothing is written"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["damaged.xlsx"]


def test_several_at_once_are_told_at_once(demo: Path, run: Run, tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{n}.xlsx" for n in "123")
    out_of_range(demo, one)
    deleted_header(one, two)
    merged_cells(two, three)
    done = run("fill", "--update", three)
    assert done.code == 2
    assert "3 things stand in the way" in done.err
    for words in ("(Gross margin) is 81", 'reads "Next talk"', "merged cells"):
        assert words in done.err


@pytest.mark.parametrize("sheets", [("Guide",), ("Guide", "Sources")])
def test_what_is_only_read_may_be_deleted(
    sheets: tuple[str, ...], demo: Path, run: Run, tmp_path: Path
) -> None:
    """No formula needs the Guide: who presents a plan may take it out."""
    path, out = tmp_path / "without.xlsx", tmp_path / "out.xlsx"
    book = openpyxl.load_workbook(demo)
    for sheet in sheets:
        del book[sheet]
    book.save(path)
    assert run("plan", path, "--json").code == 0
    for told in (("fill", path, DEMO, "-o", out, "--as-of", DAY), ("fill", "--update", path)):
        done = run(*told)
        assert done.code == 0, done.err
        assert "of your own" not in done.out
    made = openpyxl.load_workbook(out, data_only=True)
    assert made.sheetnames == [one for one in book.sheetnames if one not in sheets]
    assert made["Summary"]["B2"].value


@pytest.mark.parametrize("cases", [2, 4])
def test_settings_with_another_number_of_cases(
    cases: int, empty: Path, demo: Path, run: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "cases.toml"
    names = ("base", "upside", "boom", "bust")[:cases]
    settings.write_text("".join(f'[[scenarios]]\nname = "{one}"\n' for one in names))
    out, told = tmp_path / "out.xlsx", ("--settings", settings)
    for command in (("fill", empty, DEMO, "-o", out, *told), ("fill", "--update", demo, *told)):
        done = run(*command)
        assert done.code == 2
        workbook = demo if "--update" in command else empty
        assert f"[[scenarios]] has {cases} rows, and {workbook} has 3 cases" in done.err
        assert "give 3, or plan all of them with csmcalc timeline" in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_protected_sheet_is_read(demo: Path, run: Run, tmp_path: Path) -> None:
    path, _ = protected_sheet(demo, tmp_path / "protected.xlsx")
    assert run("plan", path, "--json").code == 0


def test_sheets_of_ones_own_may_be_protected(demo: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = openpyxl.load_workbook(demo)
    book.create_sheet("Mine").protection.enable()
    book.save(path)
    assert run("fill", "--update", path).code == 0


MESSY = Path(__file__).parents[1] / "files" / "messy"


@pytest.mark.parametrize("path", sorted(MESSY.glob("*.xls*")), ids=lambda path: path.stem)
def test_hostile_files_as_a_workbook(path: Path, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    for told in (("fill", copy, DEMO, "-o", tmp_path / "out.xlsx"), ("fill", "--update", copy)):
        done = run(*told)
        assert done.code == 2
        assert "Traceback" not in done.err
        assert copy.name in done.err
        assert len(done.err) < 600
    assert [one.name for one in tmp_path.iterdir()] == [copy.name]


def _in_customers(source: Path, out: Path, heading: str, said: str) -> str:
    """Text in the column of a heading, two rows below it, in both of them; the first cell."""
    sheet = openpyxl.load_workbook(source, read_only=True)["Customers"]
    heads = next(sheet.iter_rows(min_row=5, max_row=5))
    column = next(c.column_letter for c in heads if c.value == heading)

    rest = text(said).replace("<t>", '<t xml:space="preserve">')

    def both(content: str) -> str:
        return cell_as(f"{column}8", rest)(cell_as(f"{column}7", rest)(content))

    _sheet(source, out, "Customers", both)
    return f"Customers!{column}7 ({heading})"


MISREAD = [
    ("ARR in list", "1,250,000", "a number"),
    ("Growth rate", "25%", "a number"),
    ("Renewal", "31 March 2027", "a date"),
    ("Prior ARR", " ", "blanks alone"),
    ("Status", " Churned ", 'type "Churned"'),
    ("Category", "enterprise ", 'type "enterprise"'),
    ("Owner", "Ann Wu ", 'type "Ann Wu"'),
]


@pytest.mark.parametrize(("heading", "said", "told"), MISREAD, ids=[one[0] for one in MISREAD])
def test_what_formulas_read_in_another_way(
    heading: str, said: str, told: str, demo: Path, run: Run, tmp_path: Path
) -> None:
    """csmcalc could read it; the workbook would plan other customers."""
    path, out = tmp_path / "damaged.xlsx", tmp_path / "out.xlsx"
    where_it_is = _in_customers(demo, path, heading, said)
    for arguments in (("fill", "--update", path, "-o", out), ("plan", path, "-o", out)):
        done = run(*arguments)
        assert done.code == 2
        for words in (where_it_is, told, "(and 1 more cell of the column)", "csmcalc fill"):
            assert words in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_csm_with_blanks_around(demo: Path, run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "damaged.xlsx", tmp_path / "out.xlsx"
    sheet = openpyxl.load_workbook(demo, read_only=True)["Books"]
    at = next(
        f"{c.column_letter}{c.row + 1}"
        for row in sheet.iter_rows()
        for c in row
        if c.value == "CSM"
    )
    _sheet(demo, path, "Books", cell_as(at, text("Ann Wu ")))
    for arguments in (("fill", "--update", path, "-o", out), ("plan", path, "-o", out)):
        done = run(*arguments)
        assert done.code == 2
        assert f"Books!{at}" in done.err
        assert 'type "Ann Wu"' in done.err
    assert not out.exists()


def test_a_case_without_its_name(demo: Path, run: Run, tmp_path: Path) -> None:
    """A cell holds no quotes: those are for settings files."""
    sheet = openpyxl.load_workbook(demo, read_only=True)["Scenarios"]
    at = next(
        f"{c.column_letter}{c.row}" for row in sheet.iter_rows() for c in row if c.value == "upside"
    )
    path = _sheet(demo, tmp_path / "damaged.xlsx", "Scenarios", cell_as(at, "/>"))
    done = run("plan", path, "-o", tmp_path / "out.xlsx")
    assert done.code == 2
    assert f"Scenarios!{at} (Scenario, case 2) is empty; it must be text" in done.err
    assert "quotes" not in done.err
