"""Templates for tests: openpyxl lays them out, odd parts are put in afterwards."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn, TableFormula

from csmcalc.reports.template import Limits, Template, compile_content

HEADINGS = ("Id", "Name", "ARR", "Start", "Key", "Half", "Next")
HEADER, FIRST = 5, 6


def workbook(*, rows: int = 1, totals: bool = True) -> Workbook:
    """Two sheets: a table with formulas, rules and a totals row; headlines, a name and a chart."""
    book = Workbook()
    summary = book.active
    summary.title = "Summary"
    data = book.create_sheet("Customers & Co")
    summary["A1"] = "Accounts of {{owner}} in {{month}}"
    summary["A1"].font = Font(bold=True)
    summary["A2"], summary["B2"] = "Rate", 0.5
    summary["B2"].number_format = "0.0%"
    summary["A3"], summary["B3"] = "Sum", "=SUM(Accounts[ARR])"
    summary["A4"], summary["B4"] = "Plain", f"=SUM('Customers & Co'!C{FIRST}:C{FIRST + rows - 1})"
    summary["A5"], summary["B5"] = "Other", "=B3*B2"
    book.defined_names["rate"] = DefinedName("rate", attr_text="Summary!$B$2")
    book.defined_names["empty_cell"] = DefinedName("empty_cell", attr_text="Summary!$D$9")
    last = FIRST + rows - 1
    area = f"'Customers & Co'!$C${FIRST}:$C${last}"
    book.defined_names["all_arr"] = DefinedName("all_arr", attr_text=area)
    data["A1"] = "Left alone"
    data["I6"] = "beside"
    for column, heading in enumerate(HEADINGS, start=1):
        data.cell(HEADER, column, heading).font = Font(bold=True)
    for row in range(FIRST, last + 1):
        for column, value in enumerate(["x", "y", 1.5, 46000, True], start=1):
            data.cell(row, column, value)
        data.cell(row, 2).fill = PatternFill("solid", fgColor="FFEECC")
        data.cell(row, 3).number_format = "#,##0.00"
        data.cell(row, 4).number_format = "yyyy-mm-dd"
        data.cell(row, 6, "=Accounts[[#This Row],[ARR]]/2")
        data.cell(row, 7, f"=C{row}+N(C{row - 1})*0")
    if totals:
        data.cell(last + 1, 1, "Total").font = Font(bold=True)
        data.cell(last + 1, 3, "=SUBTOTAL(109,Accounts[ARR])").number_format = "#,##0.00"
    end = last + 1 if totals else last
    table = Table(displayName="Accounts", name="Accounts", ref=f"A{HEADER}:G{end}", id=1)
    table._initialise_columns()
    for described, heading in zip(table.tableColumns, HEADINGS, strict=True):
        described.name = heading
    table.tableColumns[5].calculatedColumnFormula = TableFormula(
        attr_text="Accounts[[#This Row],[ARR]]/2"
    )
    table.autoFilter.ref = f"A{HEADER}:G{last}"
    if totals:
        table.totalsRowCount = 1
        _totals(table.tableColumns[0], table.tableColumns[2])
    data.add_table(table)
    rule = CellIsRule(operator="lessThan", formula=["10"], fill=PatternFill(bgColor="FFC7CE"))
    data.conditional_formatting.add(f"C{FIRST}:C{last}", rule)
    validation = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    validation.add(f"C{FIRST}:C{last}")
    data.add_data_validation(validation)
    data.print_area = f"A1:G{end}"
    data.oddFooter.left.text = "Of {{owner}}"
    data.row_dimensions[FIRST].height = 18
    chart = BarChart()
    chart.add_data(Reference(data, min_col=3, min_row=HEADER, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(data, min_col=1, min_row=FIRST, max_row=last))
    summary.add_chart(chart, "D3")
    return book


def _totals(label: TableColumn, summed: TableColumn) -> None:
    label.totalsRowLabel = "Total"
    summed.totalsRowFunction = "sum"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template(book: Workbook | bytes | None = None, **shape: Any) -> Template:
    content = book if isinstance(book, bytes) else saved(book or workbook(**shape))
    return compile_content("t.xlsx", content, Limits())


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(content: bytes, changed: Mapping[str, bytes | str]) -> bytes:
    """The same package with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts(content), **changed}.items():
            archive.writestr(name, part)
    return out.getvalue()


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=values, rich_text=False)


def accounts(count: int) -> dict[str, list[Any]]:
    """Data for the table; formulas are left to the template."""
    return {
        "Id": [f"A{n}" for n in range(count)],
        "Name": [f"Name {n} & <Söhne>" for n in range(count)],
        "ARR": [1000.25 * n for n in range(count)],
        "Start": [46000 + n for n in range(count)],
        "Key": [n % 2 == 0 for n in range(count)],
    }


def with_shared_strings(content: bytes) -> bytes:
    """The same workbook with the texts of its first sheet in a table of texts, as Excel saves."""
    before = parts(content)
    texts: list[str] = []

    def shared(match: re.Match[str]) -> str:
        texts.append(match[2])
        return f'{match[1]} t="s"><v>{len(texts) - 1}</v></c>'

    sheet = before["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r'(<c r="\w+"[^>]*?) t="inlineStr"><is>(.*?)</is></c>', shared, sheet)
    items = "".join(f"<si>{text}</si>" for text in texts)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rIdS" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
    types = before["[Content_Types].xml"].decode().replace("</Types>", f"{override}</Types>")
    links = before["xl/_rels/workbook.xml.rels"].decode()
    changed = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" uniqueCount="{len(texts)}">{items}</sst>',
        "[Content_Types].xml": types,
        "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", f"{link}</Relationships>"),
    }
    return with_parts(content, changed)


def plain() -> Template:
    """One table of one column."""
    book = Workbook()
    book.active.append(["V"])
    book.active.append(["x"])
    book.active.add_table(Table(displayName="T", ref="A1:A2"))
    return template(book)


PLAIN = plain()
