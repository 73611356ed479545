"""Damaged copies of a planning workbook, and what is said of each."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

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


def on_sheet(source: Path, out: Path, sheet: str, change: Callable[[str], str]) -> Path:
    """A copy in which one sheet is changed."""
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
    on_sheet(source, out, "Customers", cell_as("R5", "/>"))
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
    on_sheet(source, out, "Customers", lambda c: c.replace("</sheetData>", f"{row}</sheetData>"))
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

    on_sheet(source, out, "Customers", merge)
    return out, ("Customers!C8:D8: merged cells", "unmerge")


def protected_sheet(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    protection = '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/>'
    on_sheet(source, out, "Headcount", lambda c: c.replace("</sheetData>", protection, 1))
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


def typed(source: Path, out: Path, name: str, content: str) -> str:
    """Type something into the cell of a name; where that is."""
    sheet, cell = where(source, name)
    on_sheet(source, out, sheet, cell_as(cell, content))
    return f"{sheet}!{cell}"


def out_of_range(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "gross_margin", number(81.0))
    return out, (f"{at} (Gross margin) is 81", "at most 1")


def text_in_an_input(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "pto", text("three weeks"))
    return out, (f'{at} (Paid leave) is "three weeks"', "a number")


def together_impossible(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "pto", number(2070.0))
    return out, (at, "leave nothing of calendar")


def unknown_live_case(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "live_case", text("boom"))
    return out, (at, '"boom" is not known')


def typed_over(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "effective_hours", number(1200.0))
    return out, (f"{at}: holds 1200 where the workbook has a formula", "Ctrl-Z")


def typed_over_a_customer(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet = openpyxl.load_workbook(source, read_only=True)["Customers"]
    heads = next(sheet.iter_rows(min_row=5, max_row=5))
    cell = next(c.coordinate for c in heads if c.value == "Touch tier")
    at = cell.replace("5", "42")
    on_sheet(source, out, "Customers", cell_as(at, text("mine")))
    return out, (f'Customers!{at}: holds "mine" where the workbook has a formula',)


def old_version(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    sheet, cell = where(source, "csmcalc_template")
    on_sheet(source, out, sheet, cell_as(cell, number(0.0)))
    said = f"{sheet}!{cell}: is of template version 0", "csmcalc template new"
    return out, (*said, "csmcalc fill my_plan.xlsx", "takes the customers over")


def new_version(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "csmcalc_template", number(99.0))
    return out, (at, "template version 99", "upgrade csmcalc")


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

    on_sheet(source, out, sheet, beside)
    return out, (f'{sheet}!{at}: "boom" stands beside the cases', "has 3", "type it over one")


def no_day(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "as_of", text("soon"))
    return out, (f"{at} (day of the plan)", "type a date")


def no_currency(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    at = typed(source, out, "list_currency", text("Taler"))
    return out, (f"{at} (currency of the list)", "ISO code")


def without_macros(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    """Somebody's mail filter took the macros out, and nothing else."""
    with zipfile.ZipFile(source) as there, zipfile.ZipFile(out, "w") as target:
        for name in there.namelist():
            if name != MACROS:
                target.writestr(name, there.read(name))
    return out, (f"{MACROS}: the macros of the workbook are gone", "let Excel repair it")


def cut_macros(source: Path, out: Path) -> tuple[Path, tuple[str, ...]]:
    with zipfile.ZipFile(source) as there, zipfile.ZipFile(out, "w") as target:
        for name in there.namelist():
            content = there.read(name)
            target.writestr(name, content[:3000] if name == MACROS else content)
    return out, (f"{MACROS}: the macros of the workbook are damaged", "let Excel repair it")


MACROS = "xl/vbaProject.bin"
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
