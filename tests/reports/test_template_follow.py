"""What refers to a table follows it: rules, formulas, sparklines, charts, pivots."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from csmcalc.errors import WorkbookError
from csmcalc.reports.template import FindingKind, Template
from tests.engines.lint import lint
from tests.reports.templates import accounts, opened, parts, saved, template, with_parts, workbook

SHEET1 = "xl/worksheets/sheet1.xml"
FOUR = {"T": {"A": ["p", "q", "r", "s"], "B": [1, 2, 3, 4]}}


def written(build: Callable[[Any], None]) -> bytes:
    """A workbook by XlsxWriter."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    build(book)
    book.close()
    return out.getvalue()


def with_table(rows: int, more: Callable[[Any, Any], None]) -> bytes:
    """Table T of columns A and B from A1 on sheet D, and what else is wanted."""

    def build(book: Any) -> None:
        sheet = book.add_worksheet("D")
        data = [[f"old{n}", n] for n in range(rows)]
        columns = [{"header": "A"}, {"header": "B"}]
        sheet.add_table(f"A1:B{rows + 1}", {"name": "T", "columns": columns, "data": data})
        more(sheet, book)

    return written(build)


def sheet1(content: bytes) -> str:
    return parts(content)[SHEET1].decode()


def elements(xml: str, name: str) -> list[str]:
    return re.findall(rf"<{name}[ >].*?</{name}>", xml)


@pytest.fixture
def clean(tmp_path: Path) -> Callable[[bytes], bytes]:
    """Content in which the lint finds nothing."""

    def check(content: bytes) -> bytes:
        (tmp_path / "x.xlsx").write_bytes(content)
        assert lint(tmp_path / "x.xlsx") == []
        return content

    return check


# --- rules -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_rules_keep_the_distance_of_rows_without_a_dollar(
    rows: int, clean: Callable[[bytes], bytes]
) -> None:
    def rules(sheet: Any, book: Any) -> None:
        bold, last = book.add_format({"bold": True}), rows + 1
        told = {"type": "formula", "format": bold}
        sheet.conditional_format(f"A2:B{last}", {**told, "criteria": "=$A2<>$A3"})
        sheet.conditional_format(f"B2:B{last}", {**told, "criteria": f"=B2>MAX(B$2:B${last})/2"})
        custom = {"validate": "custom", "value": f"=COUNTIF($A$2:$A${last},A2)=1"}
        sheet.data_validation(f"A2:A{last}", custom)
        sheet.data_validation(f"B2:B{last}", {"validate": "custom", "value": "=B2<B3"})
        icons = [{"criteria": ">=", "type": "formula", "value": f"=$B${last + 3}"}]
        icon = {"type": "icon_set", "icon_style": "3_arrows", "icons": icons}
        sheet.conditional_format(f"B2:B{last}", icon)
        sheet.conditional_format(f"A{last + 2}", {**told, "criteria": f"=A{last + 2}=1"})

    xml = sheet1(clean(template(with_table(rows, rules)).stamp(FOUR)))
    assert re.findall("<formula>(.*?)</formula>", xml) == [
        "$A2&lt;&gt;$A3",
        "B2&gt;MAX(B$2:B$5)/2",
        "A7=1",
    ]
    assert re.findall("<formula1>(.*?)</formula1>", xml) == ["COUNTIF($A$2:$A$5,A2)=1", "B2&lt;B3"]
    assert re.findall('conditionalFormatting sqref="(.*?)"', xml) == ["A2:B5", "B2:B5", "A7"]
    assert 'val="$B$8"' in xml


def test_bars_of_2010_follow_with_their_extension(clean: Callable[[bytes], bytes]) -> None:
    content = with_table(
        1, lambda s, _: s.conditional_format("B2", {"type": "data_bar", "data_bar_2010": True})
    )
    xml = sheet1(clean(template(content).stamp(FOUR)))
    assert 'sqref="B2:B5"' in xml
    assert "<xm:sqref>B2:B5</xm:sqref>" in xml


# --- formulas --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("SUM(B2:B4)", "SUM(B2:B5)"),
        ("SUM(B1:B4)", "SUM(B1:B5)"),
        ("SUM(B3:B4)", "SUM(B3:B4)"),
        ("SUM(B2:B900)", "SUM(B2:B901)"),
        ("SUM(D!$A$2:$B$4)", "SUM(D!$A$2:$B$5)"),
        ("SUM(B:B)", "SUM(B:B)"),
        ("B4&B5", "B4&B6"),
        ("B2", "B2"),
    ],
)
def test_what_covers_the_body_grows_and_what_covers_a_part_does_not(
    formula: str, moved: str
) -> None:
    content = with_table(3, lambda sheet, _: sheet.write_formula("D1", f"={formula}"))
    assert opened(template(content).stamp(FOUR))["D"]["D1"].value == f"={moved}"


def test_formulas_of_rows_follow_where_they_name_all_rows(
    clean: Callable[[bytes], bytes],
) -> None:
    book = workbook(rows=2)
    book["Customers & Co"]["G6"] = "=C6/SUM(C$6:C$7)+SUM(C$6:C6)+$B$4+C9"
    content = clean(template(book).stamp({"Accounts": accounts(4)}))
    sheet = opened(content)["Customers & Co"]
    for row in range(6, 10):
        assert sheet[f"G{row}"].value == (f"=C{row}/SUM(C$6:C$9)+SUM(C$6:C{row})+$B$4+C{row + 3}")


def shared(cells: dict[str, str], part: str = "xl/worksheets/sheet2.xml") -> bytes:
    """The usual workbook with formulas in place of others, as Excel saves what was filled down."""
    content = saved(workbook(rows=2))
    sheet = parts(content)[part].decode()
    for at, formula in cells.items():
        cell = f'<c r="{at}">{formula}<v>1</v></c>'
        sheet, found = re.subn(rf'<c r="{at}"[^>]*?(/>|>.*?</c>)', cell, sheet)
        assert found == 1
    return with_parts(content, {part: sheet})


def test_formulas_that_cells_share_are_written_out(clean: Callable[[bytes], bytes]) -> None:
    content = shared(
        {
            "F6": '<f t="shared" ref="F6:G7" si="0">C6/2</f>',
            "G6": '<f t="shared" si="0"/>',
            "F7": '<f t="shared" si="0"/>',
            "G7": '<f t="shared" si="0"/>',
        }
    )
    sheet = opened(clean(template(content).stamp({"Accounts": accounts(4)})))["Customers & Co"]
    for row in range(6, 10):
        assert (sheet[f"F{row}"].value, sheet[f"G{row}"].value) == (f"=C{row}/2", f"=D{row}/2")
    assert "shared" not in parts(template(content).stamp())["xl/worksheets/sheet2.xml"].decode()
    beside = shared(
        {
            "B4": '<f t="shared" ref="B4:B5" si="0">SUM(\'Customers &amp; Co\'!C$6:C$7)*A4</f>',
            "B5": '<f t="shared" si="0"/>',
        },
        SHEET1,
    )
    summary = opened(template(beside).stamp({"Accounts": accounts(9)}))["Summary"]
    assert summary["B5"].value == "=SUM('Customers & Co'!C$6:C$14)*A5"


def test_cells_that_an_array_fills_lose_their_stale_values() -> None:
    def arrays(_: Any, book: Any) -> None:
        other = book.add_worksheet("S")
        other.write_dynamic_array_formula("A1:A3", "=UNIQUE(T[A])", None, "old0")
        other.write_array_formula("C1:C3", "{=D!B2:B4*2}", None, 2)
        for row in (2, 3):
            other.write(f"A{row}", f"old{row}")
            other.write(f"C{row}", 777)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=S!$C$1:$C$3", "categories": "=S!$A$1:$A$3"})
        other.insert_chart("F1", chart)
        book.define_name("filled", "=S!$C$2")

    made = template(with_table(3, arrays))
    assert made.names == ()
    after = parts(made.stamp(FOUR))
    assert b"777" not in after["xl/worksheets/sheet2.xml"]
    assert b'<c r="A2"/>' in after["xl/worksheets/sheet2.xml"]
    assert b"Cache" not in after["xl/charts/chart1.xml"]


def test_arrays_in_a_table_are_refused() -> None:
    book = workbook()
    from openpyxl.worksheet.formula import ArrayFormula

    book["Customers & Co"]["C7"] = ArrayFormula("C7", "=SUM(C6:C6*1)")
    assert "C7 in it is an array formula" in template(book).tables["Accounts"].refusal


@pytest.mark.parametrize("formula", ['_xlfn.WEBSERVICE("http://x")', "cmd|'/C calc'!A0"])
def test_formulas_of_columns_that_call_out_are_refused(formula: str) -> None:
    """The table tells them, while its cells are blank."""
    content = saved(workbook())
    table = parts(content)["xl/tables/table1.xml"].decode()
    table = table.replace("Accounts[[#This Row],[ARR]]/2", formula.replace("&", "&amp;"))
    sheet = parts(content)["xl/worksheets/sheet2.xml"].decode()
    sheet = re.sub(r'<c r="F6".*?</c>', "", sheet)
    changed = {"xl/tables/table1.xml": table, "xl/worksheets/sheet2.xml": sheet}
    with pytest.raises(WorkbookError, match="calls out"):
        template(with_parts(content, changed))


# --- sparklines ------------------------------------------------------------------------------


def test_every_row_of_a_table_has_its_sparkline(clean: Callable[[bytes], bytes]) -> None:
    def build(book: Any) -> None:
        sheet = book.add_worksheet("D")
        columns = [{"header": heading} for heading in "ABC"]
        data = [[1, 2], [3, 4]]
        sheet.add_table("A1:C3", {"name": "T", "columns": columns, "data": data})
        for row in (2, 3):
            sheet.add_sparkline(f"C{row}", {"range": f"D!A{row}:B{row}"})
        sheet.add_sparkline("E1", {"range": "D!B2:B3"})

    made = template(written(build))
    for count in (0, 1, 4):
        data = {"T": {"A": [1.0] * count, "B": [2.0] * count, "C": [None] * count}}
        last = max(count, 1) + 1
        found = re.findall(
            "<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", sheet1(clean(made.stamp(data)))
        )
        rows = [(f"D!A{row}:B{row}", f"C{row}") for row in range(2, last + 1)]
        assert sorted(found) == sorted([*rows, (f"D!B2:B{last}", "E1")])
        groups = elements(sheet1(made.stamp(data)), "x14:sparklineGroup")
        assert len(groups) == 2
        assert all("<x14:sparkline>" in group for group in groups)
    assert len(elements(sheet1(made.stamp()), "x14:sparkline")) == 3


# --- charts and pivots -----------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["D!vals", "D!moving", "D!$B:$B", "[0]!vals"])
def test_charts_over_names_and_columns_lose_their_stale_values(reference: str) -> None:
    def chart(sheet: Any, book: Any) -> None:
        book.define_name("vals", "=D!$B$2:$B$4")
        book.define_name("moving", "=OFFSET(D!$B$2,0,0,COUNTA(D!$A:$A)-1,1)")
        made = book.add_chart({"type": "line"})
        made.add_series({"values": "=D!$B$2:$B$4"})
        sheet.insert_chart("F1", made)

    content = with_table(3, chart)
    xml = parts(content)["xl/charts/chart1.xml"].decode()
    assert "numCache" in xml
    changed = {"xl/charts/chart1.xml": xml.replace("D!$B$2:$B$4", reference)}
    after = parts(template(with_parts(content, changed)).stamp(FOUR))
    assert b"numCache" not in after["xl/charts/chart1.xml"]
    assert ">D!$B$2:$B$5</definedName>" in after["xl/workbook.xml"].decode()


NEWER = """<cx:chartSpace xmlns:cx="urn:cx"><cx:chartData><cx:data id="0"><cx:strDim type="cat">
<cx:f>D!$A$2:$A$4</cx:f><cx:lvl ptCount="3"><cx:pt idx="0">old0</cx:pt></cx:lvl></cx:strDim>
<cx:numDim type="val"><cx:f>D!$B$2:$B$4</cx:f><cx:lvl ptCount="3"><cx:pt idx="0">7</cx:pt></cx:lvl>
</cx:numDim></cx:data></cx:chartData></cx:chartSpace>"""
LABELS = """<c:chart xmlns:c="urn:c" xmlns:c15="urn:c15">
<c15:datalabelsRange><c15:f>D!$A$2:$A$4</c15:f>
<c15:dlblRangeCache><c:ptCount val="3"/><c:pt idx="0"><c:v>old0</c:v></c:pt></c15:dlblRangeCache>
</c15:datalabelsRange>
<c15:fullRef><c15:sqref>D!$B$2:$B$4</c15:sqref></c15:fullRef>
<c:multiLvlStrRef><c:f>D!$A$2:$A$4</c:f><c:multiLvlStrCache><c:lvl><c:pt idx="0"><c:v>old0</c:v>
</c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:chart>"""


@pytest.mark.parametrize(("name", "xml"), [("chartEx1", NEWER), ("chart9", LABELS)])
def test_charts_of_newer_kinds_follow_without_stale_values(name: str, xml: str) -> None:
    content = with_parts(with_table(3, lambda *_: None), {f"xl/charts/{name}.xml": xml})
    after = parts(template(content).stamp(FOUR))[f"xl/charts/{name}.xml"].decode()
    assert "old0" not in after
    assert "pt idx" not in after
    assert "$A$2:$A$5" in after
    assert "$B$2:$B$5" in after


def test_a_pivot_over_a_range_follows_and_is_told() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cache = (
        f'<pivotCacheDefinition xmlns="{main}"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:B4" sheet="D"/></cacheSource></pivotCacheDefinition>'
    )
    name = "xl/pivotCache/pivotCacheDefinition1.xml"
    made = template(with_parts(with_table(3, lambda *_: None), {name: cache}))
    after = parts(made.stamp(FOUR))[name].decode()
    assert '<worksheetSource ref="A1:B5" sheet="D"/>' in after
    assert 'refreshOnLoad="1"' in after
    assert [f.kind for f in made.findings if f.place == name] == [FindingKind.LOST]


# --- rows ------------------------------------------------------------------------------------


def test_a_hidden_first_row_hides_no_report() -> None:
    content = with_table(3, lambda sheet, _: sheet.set_row(1, 30, None, {"hidden": True}))
    made: Template = template(content)
    sheet = opened(made.stamp(FOUR))["D"]
    assert not any(sheet.row_dimensions[row].hidden for row in range(1, 6))
    assert sheet.row_dimensions[4].height == 30
    assert any("is hidden" in finding.what for finding in made.findings)


def test_rows_below_a_table_keep_their_height() -> None:
    content = with_table(3, lambda sheet, _: sheet.set_row(20, 45))
    sheet = opened(template(content).stamp(FOUR))["D"]
    assert sheet.row_dimensions[21].height == 45
    longer = {"T": {"A": ["x"] * 30, "B": [1] * 30}}
    assert opened(template(content).stamp(longer))["D"].row_dimensions[21].height is None
