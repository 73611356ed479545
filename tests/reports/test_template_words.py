"""Names and `{{words}}`: what takes a value, and what is told where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from csmcalc.reports.template import FindingKind, Template
from tests.engines.lint import lint
from tests.reports.templates import accounts, opened, parts, saved, template, with_parts, workbook

SHEET = "Customers & Co"


def refused(made: Template) -> dict[str, str]:
    return {f.place: f.what for f in made.findings if f.kind is FindingKind.REFUSED}


def named(book: Workbook, **names: str) -> Workbook:
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    return book


def test_words_may_have_any_letters_and_blanks_around() -> None:
    book = workbook()
    book["Summary"]["A1"] = "Für {{größe}}, {{ owner }} und {{ü.1}}"
    made = template(book)
    assert {"größe", "owner", "ü.1"} <= set(made.names)
    content = made.stamp(names={"größe": 7, "owner": "Zoë"})
    assert opened(content)["Summary"]["A1"].value == "Für 7, Zoë und {{ü.1}}"
    assert opened(made.stamp())["Summary"]["A1"].value == "Für {{größe}}, {{ owner }} und {{ü.1}}"


def test_letters_written_as_numbers_are_letters() -> None:
    content = saved(workbook())
    sheet = parts(content)["xl/worksheets/sheet1.xml"].decode()
    assert "{{owner}}" in sheet
    sheet = sheet.replace("{{owner}}", "{{gr&#246;&#223;e}} &#38;")
    made = template(with_parts(content, {"xl/worksheets/sheet1.xml": sheet}))
    assert "größe" in made.names
    text = opened(made.stamp(names={"größe": "<7>"}))["Summary"]["A1"].value
    assert text == "Accounts of <7> & in {{month}}"


@pytest.mark.parametrize(
    "text", ["Of {{customer name}}", "{{1x}}", "{{}}", "{{a-b}} {{owner}}", "{{"]
)
def test_words_that_are_no_names_are_told(text: str) -> None:
    book = workbook()
    book["Summary"]["A1"] = text
    assert "holds no name" in refused(template(book))["Summary!A1"]


def test_words_inside_formulas_are_told() -> None:
    book = workbook()
    book["Summary"]["A1"] = '="Of "&"{{owner}}"'
    assert "inside a formula" in refused(template(book))["Summary!A1"]


def test_words_in_headings_are_told_and_kept(tmp_path: Path) -> None:
    book = workbook()
    book[SHEET]["A5"] = "{{month}}"
    table = parts(saved(book))["xl/tables/table1.xml"].decode()
    table = table.replace('name="Id"', 'name="{{month}}"')
    made = template(with_parts(saved(book), {"xl/tables/table1.xml": table}))
    assert "in a heading" in refused(made)[f"{SHEET}!A5"]
    (tmp_path / "x.xlsx").write_bytes(made.stamp(names={"month": "May"}))
    assert lint(tmp_path / "x.xlsx") == []


def test_words_in_a_totals_row_stand_in_its_cell_and_in_its_table() -> None:
    book = workbook()
    book[SHEET]["A7"] = 'Total of {{owner}} "'
    book[SHEET].tables["Accounts"].tableColumns[0].totalsRowLabel = 'Total of {{owner}} "'
    made = template(book)
    for data in ({"Accounts": accounts(3)}, None):
        sheet = opened(made.stamp(data, {"owner": 'A & "B"'}))[SHEET]
        told = sheet.tables["Accounts"].tableColumns[0].totalsRowLabel
        assert sheet["A9" if data else "A7"].value == told == 'Total of A & "B" "'


def test_texts_stay_within_what_excel_takes() -> None:
    content = template().stamp(names={"owner": "x&" * 40_000, "month": "y" * 40_000})
    text = opened(content)["Summary"]["A1"].value
    assert 32_700 < len(text) <= 32_767
    assert text.count("y") > 10_000
    footer = parts(content)["xl/worksheets/sheet2.xml"].decode()
    footer = footer[footer.index("<oddFooter>") + 11 : footer.index("</oddFooter>")]
    shown = footer.replace("&amp;", "&")
    assert 240 < len(shown) <= 255
    assert shown.removeprefix("&L").replace("&&", "").count("&") == 0


def test_names_of_a_sheet_and_of_merged_cells_take_values() -> None:
    book = named(workbook(), merged="Summary!$F$20:$G$21", area="Summary!$F$22:$G$22")
    book["Summary"].merge_cells("F20:G21")
    book["Summary"].defined_names["local"] = DefinedName("local", attr_text="Summary!$H$1")
    made = template(book)
    assert {"merged", "local"} <= set(made.names)
    assert "area" not in made.names
    summary = opened(made.stamp(names={"merged": 5, "local": 6}))["Summary"]
    assert (summary["F20"].value, summary["H1"].value) == (5, 6)


def test_names_that_several_sheets_have_are_told() -> None:
    book = named(workbook(), title="Summary!$H$1")
    book[SHEET].defined_names["Title"] = DefinedName("Title", attr_text=f"'{SHEET}'!$K$1")
    made = template(book)
    assert "title" in made.names
    assert "Title" not in made.names
    assert any("has a namesake" in f.what for f in made.findings if f.place == "name Title")


def test_names_of_blank_cells_beside_a_table_are_set() -> None:
    book = named(workbook(), **{
        name: f"'{SHEET}'!${name[1:].upper()}"
        for name in ("_j$6", "_j$7", "_j$30", "_h$6", "_k$6")
    })  # fmt: skip
    for rows in (0, 1, 2, 40):
        values = {"_j$6": 1, "_j$7": 2, "_j$30": 3, "_h$6": 4, "_k$6": 5}
        content = template(book).stamp({"Accounts": accounts(rows)}, values)
        sheet = opened(content)[SHEET]
        read = {name: sheet[name[1:].replace("$", "").upper()].value for name in values}
        assert read == values
        assert sheet["I6"].value == "beside"
    assert opened(template(book).stamp(names=values))[SHEET]["J30"].value == 3


def test_names_of_blank_cells_below_a_table_are_refused() -> None:
    made = template(named(workbook(), below=f"'{SHEET}'!$B$20"))
    assert "below table Accounts" in refused(made)["name below"]
    assert "below" not in made.names
