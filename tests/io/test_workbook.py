import datetime as dt
import re
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from csmcalc.io.files.areas import Area, parse_area
from csmcalc.io.files.formats import number_formats, understood_format
from csmcalc.io.files.package import open_package
from csmcalc.io.files.sheetscan import scan_sheet

ROWS = [["Account ID", "Name", "ARR"], ["A1", "Acme", 100], ["A2", "Beta", 250.5]]


def content(book):
    return book.customers[["row", "id", "name", "arr"]].to_numpy().tolist()


EXPECTED = [[2, "A1", "Acme", 100.0], [3, "A2", "Beta", 250.5]]


def rewritten(path, change):
    """The workbook at a path with its parts changed."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    target = path.with_name(f"changed_{path.name}")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in change(parts).items():
            archive.writestr(name, data)
    return target


def in_sheet(old, new):
    sheet = "xl/worksheets/sheet1.xml"

    def change(parts):
        assert old in parts[sheet], parts[sheet]
        return {**parts, sheet: parts[sheet].replace(old, new)}

    return change


def test_a_plain_workbook(lists):
    book = lists.book(lists.workbook(ROWS))
    assert content(book) == EXPECTED
    assert book.source == "list.xlsx, sheet Sheet"


def test_what_it_is_counts_not_what_it_is_called(lists):
    path = lists.workbook(ROWS, name="list.csv")
    assert content(lists.book(path)) == EXPECTED


def test_offset_title_blank_rows_and_columns(lists):
    rows = [[], [None, "Customers"], [], *[[None, *row, None] for row in ROWS], [], [None] * 8]
    book = lists.book(lists.workbook(rows))
    assert content(book) == [[5, *EXPECTED[0][1:]], [6, *EXPECTED[1][1:]]]


def test_cells_keep_their_kind(lists):
    rows = [
        ["ID", "Name", "ARR", "Customer since", "Renewal", "Region", "Churned"],
        [12346, "=not a formula", "1,234.50", dt.datetime(2024, 1, 31, 13), 45000, "NA", False],
        ["007", True, 5, dt.date(2024, 2, 1), "2026-12-31", 1.5, "no"],
    ]

    def as_text(book):
        book.active["B2"].data_type = "s"

    book = lists.book(lists.workbook(rows, as_text))
    assert book.customers["id"].tolist() == ["12346", "007"]
    assert book.customers["name"].tolist() == ["=not a formula", "TRUE"]
    assert book.customers["arr"].tolist() == [1234.5, 5]
    assert book.customers["region"].tolist() == ["NA", "1.5"]
    assert [str(day)[:10] for day in book.customers["start"]] == ["2024-01-31", "2024-02-01"]
    assert [str(day)[:10] for day in book.customers["renewal"]] == ["2023-03-15", "2026-12-31"]


@pytest.mark.parametrize(
    ("cell", "column"),
    [(True, "ARR"), (dt.date(2024, 1, 1), "ARR"), (dt.time(3, 4), "Renewal"), (3.5, "Renewal")],
)
def test_cells_of_the_wrong_kind(lists, cell, column):
    rows = [["ID", "ARR", "Renewal"], ["A", 5, dt.date(2027, 1, 1)], ["B", 5, None]]
    rows[2][rows[0].index(column)] = cell
    assert [(p.row, p.column) for p in lists.problems(lists.workbook(rows))] == [(3, column)]


def test_the_1904_date_system(lists):
    rows = [["ID", "ARR", "Start date"], ["A", 5, dt.date(2024, 1, 31)], ["B", 5, 44000]]
    path = lists.workbook(rows, lambda book: setattr(book, "epoch", dt.datetime(1904, 1, 1)))
    starts = lists.book(path).customers["start"]
    assert [str(day)[:10] for day in starts] == ["2024-01-31", "2024-06-19"]


def test_iso_date_cells(lists):
    path = lists.workbook([["ID", "ARR", "Start date"], ["A", 5, dt.date(2024, 1, 31)]])
    change = in_sheet(b't="n"><v>45322</v>', b't="d"><v>2024-01-31T00:00:00</v>')
    starts = lists.book(rewritten(path, change)).customers["start"]
    assert str(starts[0])[:10] == "2024-01-31"


def test_strict_open_xml(lists):
    def strict(parts):
        pairs = (
            (
                b"schemas.openxmlformats.org/spreadsheetml/2006",
                b"purl.oclc.org/ooxml/spreadsheetml",
            ),
            (
                b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
        for old, new in pairs:
            parts = {name: data.replace(old, new) for name, data in parts.items()}
        return parts

    assert content(lists.book(rewritten(lists.workbook(ROWS), strict))) == EXPECTED


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"])
@pytest.mark.parametrize("cell", ["A3", "B3", "C3"])
def test_an_error_cell_is_a_problem(lists, cell, error):
    path = lists.workbook([*ROWS, ["A4", "Delta", 7]], lambda book: error_in(book, cell, error))
    problems = lists.problems(path)
    first = problems[0]
    assert (first.row, first.value, first.wrong) == (3, error, f"the Excel error {error}")
    kept = lists.book(path, skip_bad_rows=True).customers["id"].tolist()
    assert kept == ["A1", "A4"]


def error_in(book, cell, error):
    book.active[cell] = error
    book.active[cell].data_type = "e"


def test_an_error_cell_where_it_does_not_matter(lists):
    rows = [[*row, "note"] for row in ROWS]
    path = lists.workbook(rows, lambda book: error_in(book, "D2", "#N/A"))
    assert content(lists.book(path)) == EXPECTED


def test_a_formula_saved_without_its_result(lists):
    path = lists.workbook([*ROWS[:2], ["A2", "Beta", "=C2*2"]])
    problems = lists.problems(path)
    assert [(p.row, p.column) for p in problems] == [(3, "ARR")]
    assert "no result" in problems[0].wrong


def test_a_formula_with_its_result(lists):
    path = lists.workbook([*ROWS[:2], ["A2", "Beta", "=C2*2"]])
    sheet = "xl/worksheets/sheet1.xml"

    def change(parts):
        # openpyxl writes the empty value in one way with lxml and in another without.
        filled, count = re.subn(rb"(<f>C2\*2</f>)<v ?(?:/>|></v>)", rb"\1<v>200</v>", parts[sheet])
        assert count == 1
        return {**parts, sheet: filled}

    assert lists.book(rewritten(path, change)).customers["arr"].tolist() == [100, 200]


@pytest.mark.parametrize(
    ("formats", "currency"),
    [
        (["#,##0.00 [$€-407]"] * 2, "EUR"),
        (['"£"#,##0'] * 2, "GBP"),
        (["[$CHF] #,##0.00"] * 2, "CHF"),
        (["[$$-1009]#,##0"] * 2, "CAD"),
        (["$#,##0", "0.00"], "USD"),
        (["0.00"] * 2, "USD"),
    ],
)
def test_currency_in_the_number_format(lists, formats, currency):
    def format_cells(book):
        for row, code in enumerate(formats, start=2):
            book.active.cell(row, 3).number_format = code

    assert lists.book(lists.workbook(ROWS, format_cells)).currency == currency


def test_mixed_currencies_in_number_formats(lists):
    def format_cells(book):
        for row, code in ((2, "[$€-407] 0"), (3, "[$CHF] 0"), (4, "[$€-407] 0")):
            book.active.cell(row, 3).number_format = code

    path = lists.workbook([*ROWS, ["A4", "Delta", 7]], format_cells)
    assert [(p.row, p.wrong) for p in lists.problems(path)] == [(3, "CHF in a list kept in EUR")]


def test_percent_in_the_number_format(lists):
    rows = [["ID", "ARR", "Growth"], ["A", 5, 1.5], ["B", 5, 0.5]]

    def format_cells(book):
        for row in (2, 3):
            book.active.cell(row, 3).number_format = "0%"

    assert lists.book(lists.workbook(rows, format_cells)).customers["growth"].tolist() == [1.5, 0.5]
    assert "percent or fractions" in lists.question(lists.workbook(rows))


@pytest.mark.parametrize(
    ("code", "currency", "percent"),
    [
        ("General", None, False),
        ("0.00%", None, True),
        ("#,##0.00\\ [$EUR]", "EUR", False),
        ('_-* #,##0.00\\ "€"_-', "EUR", False),
        ("[$¥-804]#,##0", "CNY", False),
        ("[$kr-41D] #,##0", "SEK", False),
        ("[Red]-0;[$-407]0", None, False),
        ("yyyy-mm-dd", None, False),
        ('0.0"%"', None, False),
    ],
)
def test_format_codes(code, currency, percent):
    understood = understood_format(code)
    assert (understood.currency, understood.percent) == (currency, percent)


def test_a_named_sheet(lists):
    def arrange(book):
        for name, arr in (("Old", 1), ("New", 2)):
            sheet = book.create_sheet(name)
            sheet.append(["ID", "ARR"])
            sheet.append(["A", arr])
        del book["Sheet"]

    path = lists.workbook([], arrange)
    assert '"Old", "New"' in lists.question(path)
    assert lists.book(path, sheet="new").customers["arr"].tolist() == [2]
    assert 'did you mean "New"' in lists.question(path, sheet="Nww")


def test_the_sheet_that_has_what_is_needed(lists):
    def arrange(book):
        book.active.title = "Read me"
        sheet = book.create_sheet("Contacts")
        for row in (["Name", "Email"], ["x", "y"]):
            sheet.append(row)
        sheet = book.create_sheet("Accounts")
        for row in ROWS:
            sheet.append(row)

    book = lists.book(lists.workbook([["This workbook holds our customers."]], arrange))
    assert content(book) == EXPECTED
    assert book.source.endswith("sheet Accounts")


def test_hidden_sheets_only_when_named(lists):
    def arrange(book):
        hidden = book.create_sheet("Hidden")
        for row in [*ROWS, ["A4", "Delta", 7]]:
            hidden.append(row)
        hidden.sheet_state = "veryHidden"

    path = lists.workbook(ROWS, arrange)
    assert content(lists.book(path)) == EXPECTED
    assert len(lists.book(path, sheet="Hidden").customers) == 3


def test_hidden_rows_are_read_and_noted(lists):
    path = lists.workbook(ROWS, lambda book: setattr(book.active.row_dimensions[3], "hidden", True))
    book = lists.book(path)
    assert content(book) == EXPECTED
    assert "1 hidden row (a filter?) is read" in book.notes[0]


def test_a_chart_sheet(lists):
    def arrange(book):
        book.create_chartsheet("Chart")

    path = lists.workbook(ROWS, arrange)
    assert content(lists.book(path)) == EXPECTED
    assert "is a chartsheet" in lists.question(path, sheet="Chart")


def test_a_named_range_of_cells(lists):
    rows = [*[[*row, None, "x"] for row in ROWS], [], ["sum", None, 350.5]]

    def arrange(book):
        book.defined_names["Book"] = openpyxl.workbook.defined_name.DefinedName(
            "Book", attr_text="Sheet!$A$1:$C$3"
        )

    path = lists.workbook(rows, arrange)
    for cells in ("A1:C3", "$A$1:C3", "Sheet!A1:C3", "'Sheet'!A1:C3", "book"):
        assert content(lists.book(path, cells=cells)) == EXPECTED
    assert "neither a range" in lists.question(path, cells="A1")
    assert "no cells with content in X1:Z9" in lists.question(path, cells="X1:Z9")
    assert 'no sheet "Other"' in lists.question(path, cells="Other!A1:B2")
    assert "lies on sheet" in lists.question(path, cells="Sheet!A1:B2", sheet="Other")


def test_an_excel_table(lists):
    def arrange(book):
        table = Table(displayName="Book", ref="B3:D6")
        table.totalsRowCount = 1
        book.active.add_table(table)

    rows = [[], [], *[[None, *row] for row in ROWS], [None, "Total", None, 350.5]]
    path = lists.workbook(rows, arrange)
    expected = [[4, *EXPECTED[0][1:]], [5, *EXPECTED[1][1:]]]
    assert content(lists.book(path, table="book")) == expected
    assert content(lists.book(path)) == expected
    assert "its tables: Book" in lists.question(path, table="Buch")


def test_a_name_of_several_sheets_with_odd_letters(lists):
    def arrange(book):
        book.active.title = "Kunden & 'Verträge' 2026"

    path = lists.workbook(ROWS, arrange)
    assert content(lists.book(path, sheet="Kunden & 'Verträge' 2026")) == EXPECTED
    area = "'Kunden & ''Verträge'' 2026'!A1:C3"
    assert content(lists.book(path, cells=area)) == EXPECTED


def test_areas():
    assert parse_area("B2:a10") == Area(1, 0, 9, 1)
    assert parse_area("A1") is None
    assert parse_area("#REF!") is None


def test_merged_headers(lists):
    rows = [["Customer", None, "Money"], ["Account ID", "Name", "ARR"], *ROWS[1:]]
    path = lists.workbook(rows, lambda book: book.active.merge_cells("A1:B1"))
    assert content(lists.book(path)) == [[3, *EXPECTED[0][1:]], [4, *EXPECTED[1][1:]]]


def test_a_macro_workbook_is_read_like_any_other(lists):
    def with_macros(parts):
        types = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        return {**parts, "[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}

    path = rewritten(lists.workbook(ROWS), with_macros)
    assert content(lists.book(path.rename(path.with_suffix(".xlsm")))) == EXPECTED


def test_cells_without_references(lists):
    def change(parts):
        sheet = parts["xl/worksheets/sheet1.xml"]
        for name in (f"{column}{row}" for column in "ABC" for row in (1, 2, 3)):
            sheet = sheet.replace(f' r="{name}"'.encode(), b"")
        return {**parts, "xl/worksheets/sheet1.xml": sheet}

    assert content(lists.book(rewritten(lists.workbook(ROWS), change))) == EXPECTED


def test_contracts_on_one_of_several_sheets(lists):
    def two_sheets(book):
        for row in (["Account ID", "ARR"], ["A1", 5]):
            book.active.append(row)
            book.create_sheet(f"Copy {row[1]}")
        book["Copy ARR"].append(["Account ID", "ARR"])
        book["Copy ARR"].append(["A1", 5])

    contracts = lists.workbook([], two_sheets, "contracts.xlsx")
    question = lists.question("Account ID\nA1\n", subscriptions=contracts)
    assert (
        "2 sheets could be meant; save the one with the contracts in a file of its own" in question
    )


def test_attributes_in_another_order_tell_the_same(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["Account ID", "Name", "ARR", "Gross margin"], ["A1", "Acme", 100, 0.5]]:
        sheet.append(row)
    for row in range(3, 400):
        sheet.append([f"A{row}", None if row % 3 else f"Name {row}", row * 10, 0.8])
        sheet.cell(row, 3).number_format = "[$€-407]#,##0" if row % 2 else "General"
        sheet.cell(row, 4).number_format = "0%"
    usual = tmp_path / "usual.xlsx"
    book.save(usual)

    def swapped(parts):
        part = "xl/worksheets/sheet1.xml"
        cells = re.sub(rb'<c r="(\w+)"([^>/]*)(/?>)', rb"<c\2 r='\1'\3", parts[part])
        assert cells != parts[part]
        return {**parts, part: cells}

    found, other = (_scanned(path) for path in (usual, rewritten(usual, swapped)))
    assert found.percents
    assert found.currencies
    assert found == other


def _scanned(path):
    package = open_package(path.name, path.read_bytes())
    formats = number_formats(package)
    return scan_sheet(package, package.sheets[0], formats)
