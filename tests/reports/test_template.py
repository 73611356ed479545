"""A filled template: rows, totals, rules, charts and names follow; all else is byte for byte."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from csmcalc.errors import InputError, WorkbookError
from csmcalc.reports.template import FindingKind, archive, columns, compile_template
from tests.engines.lint import lint
from tests.reports.templates import (
    FIRST,
    HEADER,
    HEADINGS,
    PLAIN,
    accounts,
    opened,
    parts,
    saved,
    template,
    with_parts,
    with_shared_strings,
    workbook,
)

SHEET = "Customers & Co"
COUNTS = [0, 1, 2, 7, 994, 995, 2500]


def column(content: bytes, letter: str, count: int, *, values: bool = True) -> list[Any]:
    sheet = opened(content, values=values)[SHEET]
    return [sheet[f"{letter}{row}"].value for row in range(FIRST, FIRST + count)]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("count", COUNTS)
def test_rows_grow_and_shrink_with_all_that_refers_to_them(rows: int, count: int) -> None:
    content = template(rows=rows).stamp({"Accounts": accounts(count)})
    shown = max(count, 1)
    last = FIRST + shown - 1
    book = opened(content)
    sheet = book[SHEET]
    table = sheet.tables["Accounts"]
    assert table.ref == f"A{HEADER}:G{last + 1}"
    assert table.autoFilter.ref == f"A{HEADER}:G{last}"
    assert column(content, "A", count) == accounts(count)["Id"]
    assert column(content, "B", count) == accounts(count)["Name"]
    assert column(content, "C", count) == accounts(count)["ARR"]
    assert sheet[f"A{last + 1}"].value == "Total"
    assert sheet[f"C{last + 1}"].value == "=SUBTOTAL(109,Accounts[ARR])"
    assert sheet.max_row == last + 1
    assert [str(area.sqref) for area in sheet.conditional_formatting] == [_area("C", last)]
    assert str(sheet.data_validations.dataValidation[0].sqref) == _area("C", last)
    assert sheet.print_area == f"'{SHEET}'!$A$1:$G${last + 1}"
    assert book.defined_names["all_arr"].attr_text == f"'{SHEET}'!$C${FIRST}:$C${last}"
    assert book["Summary"]["B4"].value == f"=SUM('{SHEET}'!{_area('C', last, True)})"
    assert sheet["I6"].value == "beside"


def _area(letter: str, last: int, always: bool = False) -> str:
    one = f"{letter}{FIRST}"
    return f"{one}:{letter}{last}" if last > FIRST or always else one


@pytest.mark.parametrize("count", COUNTS)
def test_every_row_has_the_style_and_the_formulas_of_the_first(count: int) -> None:
    content = template(rows=2).stamp({"Accounts": accounts(count)})
    sheet = opened(content)[SHEET]
    for row in {FIRST, FIRST + count // 2, FIRST + count - 1} if count else ():
        assert sheet[f"B{row}"].fill.fgColor.rgb == "00FFEECC"
        assert sheet[f"C{row}"].number_format == "#,##0.00"
        assert sheet.row_dimensions[row].height == 18
        assert sheet[f"F{row}"].value == "=Accounts[[#This Row],[ARR]]/2"
        assert sheet[f"G{row}"].value == f"=C{row}+N(C{row - 1})*0"


def test_a_table_without_data_keeps_one_blank_row() -> None:
    content = template(rows=3).stamp({"Accounts": accounts(0)})
    sheet = opened(content)[SHEET]
    assert [sheet.cell(FIRST, n).value for n in range(1, 8)] == [None] * 7
    assert sheet.cell(FIRST, 3).number_format == "#,##0.00"
    assert opened(content, values=True)[SHEET][f"C{FIRST + 1}"].value == 0


def test_totals_and_headlines_have_their_values() -> None:
    content = template().stamp({"Accounts": accounts(7)})
    total = sum(accounts(7)["ARR"])
    assert opened(content, values=True)[SHEET]["C13"].value == total
    summary = opened(content, values=True)["Summary"]
    assert summary["B3"].value == total
    assert summary["B4"].value is None, "a formula that we cannot compute has no stale value"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("AVERAGE(Accounts[ARR])", 2.0),
        ("MAX(Accounts[ARR])", 3.0),
        ("MIN(Accounts[ARR])", 1.0),
        ("COUNT(Accounts[ARR])", 2.0),
        ("COUNTA(Accounts[ARR])", 3.0),
        ("ROWS(Accounts[ARR])", 4.0),
        ("SUBTOTAL(101,Accounts[arr])", 2.0),
        ("SUM(Accounts[Half])", None),
        ("SUM(Accounts[ARR])+1", None),
    ],
)
def test_what_formulas_over_a_column_compute(formula: str, value: float | None) -> None:
    book = workbook()
    book["Summary"]["B3"] = f"={formula}"
    data = {**accounts(4), "ARR": [1.0, None, 3.0, "text"]}
    content = template(book).stamp({"Accounts": data})
    assert opened(content, values=True)["Summary"]["B3"].value == value


def test_a_computed_column_with_data_has_value_and_formula() -> None:
    data = {**accounts(3), "Half": [0.0, 500.125, "none"], "Next": [1, 2, 3]}
    content = template().stamp({"Accounts": data})
    assert column(content, "F", 3) == [0, 500.125, "none"]
    assert column(content, "G", 3) == [1, 2, 3]
    assert column(content, "F", 3, values=False) == ["=Accounts[[#This Row],[ARR]]/2"] * 3
    assert column(content, "G", 3, values=False) == [f"=C{r}+N(C{r - 1})*0" for r in (6, 7, 8)]


def test_names_and_words_are_set() -> None:
    values = {"rate": 0.75, "owner": "A & <B>", "month": dt.date(2026, 9, 1), "empty_cell": "=1+1"}
    content = template().stamp(names=values)
    summary = opened(content)["Summary"]
    assert summary["B2"].value == 0.75
    assert summary["B2"].number_format == "0.0%"
    assert summary["A1"].value == "Accounts of A & <B> in 2026-09-01"
    assert summary["A1"].font.bold
    assert summary["D9"].value == "=1+1"
    assert (summary["D9"].data_type, summary["D9"].quotePrefix) == ("s", True)
    assert "Of A && <B>" in opened(content)[SHEET].oddFooter.left.text.replace("&&&&", "&&")


def test_what_gets_no_data_stays() -> None:
    content = template(rows=3).stamp()
    book = opened(content)
    assert book[SHEET].tables["Accounts"].ref == "A5:G9"
    assert [book[SHEET][f"A{row}"].value for row in range(6, 10)] == ["x", "x", "x", "Total"]
    assert book["Summary"]["B2"].value == 0.5
    assert book["Summary"]["A1"].value == "Accounts of {{owner}} in {{month}}"


def test_words_in_several_fonts_keep_them() -> None:
    content = with_shared_strings(saved(workbook()))
    shared = parts(content)["xl/sharedStrings.xml"].decode()
    runs = '<r><t xml:space="preserve">Of </t></r><r><rPr><b/></rPr><t>{{owner}}</t></r>'
    shared = shared.replace("<t>Accounts of {{owner}} in {{month}}</t>", runs)
    assert runs in shared
    made = template(with_parts(content, {"xl/sharedStrings.xml": shared}))
    sheet = parts(made.stamp(names={"owner": "Ann"}))["xl/worksheets/sheet1.xml"].decode()
    assert "<r><rPr><b/></rPr><t>Ann</t></r>" in sheet


def test_words_cut_by_fonts_are_told() -> None:
    content = with_shared_strings(saved(workbook()))
    shared = parts(content)["xl/sharedStrings.xml"].decode()
    runs = "<r><t>{{ow</t></r><r><rPr><b/></rPr><t>ner}}</t></r>"
    shared = shared.replace("<t>Accounts of {{owner}} in {{month}}</t>", runs)
    made = template(with_parts(content, {"xl/sharedStrings.xml": shared}))
    refused = [f for f in made.findings if f.kind is FindingKind.REFUSED]
    assert [f.place for f in refused] == ["Summary!A1"]


def test_a_chart_follows_with_range_and_cache() -> None:
    content = saved(workbook())
    chart = parts(content)["xl/charts/chart1.xml"].decode()
    cache = (
        '<c:numCache><c:formatCode>0.0</c:formatCode><c:ptCount val="1"/>'
        '<c:pt idx="0"><c:v>9</c:v></c:pt></c:numCache>'
    )
    chart = chart.replace("</numRef></val>", "</numRef></val>")
    prefix = "c:" if "<c:f>" in chart else ""
    chart = re.sub(
        rf"(<{prefix}val><{prefix}numRef><{prefix}f>[^<]*</{prefix}f>)",
        rf"\1{cache.replace('c:', prefix)}",
        chart,
    )
    made = template(with_parts(content, {"xl/charts/chart1.xml": chart}))
    chart = parts(made.stamp({"Accounts": accounts(3)}))["xl/charts/chart1.xml"].decode()
    assert "$C$6:$C$8" in chart
    assert "$A$6:$A$8" in chart
    assert f'<{prefix}ptCount val="3"/>' in chart
    points = re.findall(rf"<{prefix}v>([^<]*)</{prefix}v>", chart)
    assert points[-3:] == ["0.0", "1000.25", "2000.5"]
    assert f"<{prefix}formatCode>0.0<" in chart


def test_all_other_parts_are_byte_for_byte() -> None:
    odd = {
        "xl/media/image1.png": b"\x89PNG not really",
        "customXml/item1.xml": b"<a>  unknown \r\n</a>",
        "xl/slicers/slicer1.xml": b"<slicers/>",
        "xl/vbaProject.bin": bytes(range(256)) * 20,
        "xl/theme/theme1.xml": parts(saved(workbook()))["xl/theme/theme1.xml"] + b"<!-- x -->",
    }
    content = with_parts(saved(workbook()), odd)
    made = template(content)
    before, after = parts(content), parts(made.stamp({"Accounts": accounts(50)}, {"rate": 1}))
    changed = {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/tables/table1.xml",
        "xl/charts/chart1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
    }
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= changed
    assert made.suffix == ".xlsm"


def test_extensions_of_a_sheet_survive_and_follow() -> None:
    content = saved(workbook(rows=2))
    sheet = parts(content)["xl/worksheets/sheet2.xml"].decode()
    sparkline = (
        '<extLst><ext uri="{x}" xmlns:x14="urn:x14" xmlns:xm="urn:xm">'
        "<x14:sparklineGroup><x14:sparkline>"
        "<xm:f>'Customers &amp; Co'!C6:C7</xm:f><xm:sqref>I6</xm:sqref></x14:sparkline>"
        "</x14:sparklineGroup></ext></extLst>"
    )
    sheet = sheet.replace("</worksheet>", f"{sparkline}</worksheet>")
    made = template(with_parts(content, {"xl/worksheets/sheet2.xml": sheet}))
    after = parts(made.stamp({"Accounts": accounts(5)}))["xl/worksheets/sheet2.xml"].decode()
    assert "<xm:f>'Customers &amp; Co'!C6:C10</xm:f><xm:sqref>I6</xm:sqref>" in after


def test_the_chain_of_calculation_goes() -> None:
    content = saved(workbook())
    types = parts(content)["[Content_Types].xml"].decode()
    types = types.replace(
        "</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>'
    )
    links = parts(content)["xl/_rels/workbook.xml.rels"].decode()
    link = '<Relationship Id="rIdC" Type="http://x/calcChain" Target="calcChain.xml"/>'
    links = links.replace("</Relationships>", f"{link}</Relationships>")
    chain = {
        "[Content_Types].xml": types,
        "xl/_rels/workbook.xml.rels": links,
        "xl/calcChain.xml": "<calcChain/>",
    }
    after = parts(template(with_parts(content, chain)).stamp())
    assert not [name for name, part in after.items() if b"calcChain" in part or "Chain" in name]
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]


def test_the_lint_is_clean(tmp_path: Path) -> None:
    for count in COUNTS:
        path = tmp_path / f"{count}.xlsx"
        path.write_bytes(template().stamp({"Accounts": accounts(count)}, {"rate": 1, "owner": "O"}))
        assert lint(path) == []


def test_the_same_data_is_the_same_file_also_in_another_process() -> None:
    made = template()
    data = {"Accounts": accounts(40)}
    first = made.stamp(data)
    assert made.stamp(data) == first
    assert pickle.loads(pickle.dumps(made)).stamp(data) == first
    time.sleep(0.01)
    assert template().stamp(data)[:100] == first[:100]


def test_long_tables_are_streamed_to_a_file(tmp_path: Path) -> None:
    made, data = template(), {"Accounts": accounts(3000)}
    with (tmp_path / "x.xlsx").open("wb") as stream:
        made.stamp_to(stream, data)
    assert (tmp_path / "x.xlsx").read_bytes() == made.stamp(data)


def test_without_the_quick_libraries_the_values_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # one file: another would say when it was saved
    content, data = saved(workbook()), {"Accounts": accounts(1200)}
    quick = parts(template(content).stamp(data))
    monkeypatch.setattr(archive, "_quick", None)
    monkeypatch.setattr(columns, "msgspec", None)
    assert parts(template(content).stamp(data)) == quick


def test_two_names_of_one_cell_are_told() -> None:
    book = workbook()
    book.defined_names["again"] = type(book.defined_names["rate"])(
        "again", attr_text="Summary!$B$2"
    )
    made = template(book)
    assert len({"rate", "again"} & set(made.names)) == 1
    assert any("names the same cell as" in finding.what for finding in made.findings)


def test_the_name_of_the_file_follows_its_table_of_contents() -> None:
    content = saved(workbook())
    types = parts(content)["[Content_Types].xml"].decode()
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert template(content).suffix == ".xlsx"
    types = types.replace(plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    assert template(with_parts(content, {"[Content_Types].xml": types})).suffix == ".xlsm"


# --- what is refused -----------------------------------------------------------------------------


def refused(book: Workbook) -> str:
    made = template(book)
    assert [f.place for f in made.findings if f.kind is FindingKind.REFUSED] == ["table Accounts"]
    with pytest.raises(InputError) as told:
        made.stamp({"Accounts": accounts(2)})
    assert opened(made.stamp())[SHEET]["A6"].value == "x", "as it is, the table stays"
    return str(told.value)


def test_what_stands_below_a_table_is_refused_with_its_cell() -> None:
    book = workbook()
    book[SHEET]["B9"] = "note"
    assert f"cell {SHEET}!B9 stands below it" in refused(book)


def test_what_stands_beside_stays() -> None:
    book = workbook()
    book[SHEET]["I8"], book[SHEET]["J30"] = "=B6", "far"
    book.defined_names["beside"] = type(book.defined_names["rate"])(
        "beside", attr_text=f"'{SHEET}'!$I$6"
    )
    for count in (1, 2, 60):
        sheet = opened(template(book).stamp({"Accounts": accounts(count)}, {"beside": count}))[
            SHEET
        ]
        assert (sheet["I6"].value, sheet["I8"].value, sheet["J30"].value) == (count, "=B6", "far")


def test_merged_cells_comments_and_pictures_in_the_way_are_refused() -> None:
    from openpyxl.comments import Comment

    book = workbook()
    book[SHEET].merge_cells("A20:B20")
    assert "merged cells at row 20" in refused(book)
    book = workbook()
    book[SHEET]["A6"].comment = Comment("x", "y")
    assert "a comment at row 6" in refused(book)
    book = workbook()
    chart = book["Summary"]._charts[0]
    book[SHEET].add_chart(type(chart)(), "B12")
    assert "a chart at row" in refused(book)


@pytest.mark.parametrize(
    ("tables", "names", "message"),
    [
        ({"Nope": {}}, {}, "has no table 'Nope'; its tables: Accounts"),
        ({"Accounts": {"Id": ["x"]}}, {}, "needs a column 'Name'; the data has: Id"),
        (
            {"Accounts": {**accounts(2), "ARR": [1]}},
            {},
            "column 'ARR' has 1 values where 'Id' has 2",
        ),
        ({}, {"nope": 1}, "has no name 'nope'; its names: empty_cell, month, owner, rate"),
    ],
)
def test_data_that_does_not_fit_is_told(tables: Any, names: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        template().stamp(tables, names)


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    with pytest.raises(WorkbookError, match=r"1,048,576 rows are more .* \(1,048,575\)"):
        PLAIN.stamp({"T": {"V": np.zeros(1_048_576)}})
    with pytest.raises(WorkbookError, match=r"1,048,571 rows are more .* \(1,048,570\)"):
        template().stamp({"Accounts": dict.fromkeys(HEADINGS, range(1_048_571))})


def test_a_table_fills_a_sheet_to_its_last_row() -> None:
    content = PLAIN.stamp({"T": {"V": np.ones(1_048_575)}})
    sheet = parts(content)["xl/worksheets/sheet1.xml"]
    assert b'<c r="A1048576"><v>1.0</v></c></row></sheetData>' in sheet
    assert b'ref="A1:A1048576"' in parts(content)["xl/tables/table1.xml"]


def test_a_template_is_a_workbook(tmp_path: Path) -> None:
    for name, content in {"a.csv": b"x", "b.xlsx": b"x", "c.xlsx": b""}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WorkbookError):
            compile_template(tmp_path / name)
    with pytest.raises(InputError, match="no such file"):
        compile_template(tmp_path / "none.xlsx")


def test_findings_tell_what_binds() -> None:
    found = {(f.kind, f.place) for f in template().findings}
    assert (FindingKind.TABLE, "table Accounts") in found
    assert (FindingKind.NAME, "name rate") in found
    assert (FindingKind.TEXT, "Summary!A1") in found
    assert (FindingKind.UNCOMPUTED, "Summary!B5") in found
    assert (FindingKind.UNCOMPUTED, "Summary!B3") not in found


@pytest.mark.parametrize("given", [False, True])
def test_the_check_lists_every_formula_without_a_value(given: bool) -> None:
    """Formulas of columns, and sums over them, have a value only where the data has the column."""
    book = workbook()
    data, summary = book["Customers & Co"], book["Summary"]
    data["F7"], data["G7"] = "=SUBTOTAL(109,Accounts[Half])", "=SUBTOTAL(103,[Next])"
    summary["B6"], summary["B7"] = "=SUM(Accounts[Half])", "=ROWS(Accounts[Half])"
    summary["B8"] = "=MEDIAN(Accounts[ARR])"
    made = template(book)
    filled = accounts(1) | ({"Half": [1.0], "Next": [2.0]} if given else {})
    content = made.stamp({"Accounts": filled})
    values = opened(content, values=True)
    missing = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in opened(content)
        for row in sheet
        for cell in row
        if cell.data_type == "f" and values[sheet.title][cell.coordinate].value is None
    }
    found = [f for f in made.findings if f.kind is FindingKind.UNCOMPUTED]
    assert len({f.place for f in found}) == len(found)
    listed = {f.place for f in found if not (given and "unless the data has" in f.what)}
    assert listed == missing
    assert len(missing) == (3 if given else 8)


def test_formulas_in_a_table_that_is_refused_are_listed() -> None:
    book = workbook()
    book["Customers & Co"]["B9"] = "note"
    found = {f.place: f.what for f in template(book).findings if f.kind is FindingKind.UNCOMPUTED}
    assert {"Customers & Co!F6", "Customers & Co!C7", "Summary!B3"} <= set(found)
    assert not any("unless" in what for what in found.values())


def test_the_archive_is_plain_zip() -> None:
    content = template().stamp({"Accounts": accounts(3)})
    with zipfile.ZipFile(io.BytesIO(content)) as opened_archive:
        assert opened_archive.testzip() is None
        assert {info.date_time for info in opened_archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "[Content_Types].xml" in opened_archive.namelist()
