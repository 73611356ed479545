"""Workbooks that break readers: each gives its data, or one message that says what to do."""

import csv
import hashlib

import pytest

from tests.io.conftest import FILES

MESSY = FILES / "messy"
NO_COLUMNS = "no column was recognised as the account id or name, and none as recurring revenue"

AS_CUSTOMERS = {
    "corrupt__MalformedSSTCount.xlsx": NO_COLUMNS,
    "corrupt__noSharedStringTable.xlsx": NO_COLUMNS,
    "corrupt__xlsx-corrupted.xlsx": "part _rels/.rels is damaged",
    "dates__1900-02-29.xlsx": NO_COLUMNS,
    "dates__1904.xlsx": NO_COLUMNS,
    "dates__texty-dates-xlsx.xlsx": NO_COLUMNS,
    "empty__empty_sheet.xlsx": "no visible sheet has cells with content",
    "encrypted__protected_passtika.xlsx": "encrypted with a password",
    "errors__errors.xlsx": NO_COLUMNS,
    "header__header_offset.xlsx": NO_COLUMNS,
    "header__no-header.xlsx": 'Row 3 was read as the header: "a", "0"',
    "header__unnamed-duplicated-columns.xlsx": '"column A", "var2", "column C", "var2 (2)"',
    "hidden__TwoSheetsOneHidden.xlsx": "sheet Sheet2",
    "hidden__sheet_visibility.xlsx": "sheet Visible",
    "hostile__poc-xmlbomb.xlsx": "declares a document type or entities",
    "huge_dims__style-only-cells.xlsx": NO_COLUMNS,
    "huge_dims__xfd1048576.xlsx": "Row 1048576 was read as the header",
    "links__link-external-workbook-a.xlsx": NO_COLUMNS,
    "merged__merge_cells.xlsx": NO_COLUMNS,
    "not_a_zip__invalid.xlsx": "an empty zip archive, not a workbook",
    "numbers__big-texty-numbers-xlsx.xlsx": NO_COLUMNS,
    "numbers__currency-formats-xlsx.xlsx": NO_COLUMNS,
    "odd_zip__duplicate-filename.xlsx": "two parts named xl/worksheets/sheet1.xml",
    "protected__sheetProtection_allLocked.xlsx": "no visible sheet has cells with content",
    "protected__workbookProtection-workbook_password-2013.xlsx": NO_COLUMNS,
    "sheet_kinds__any_sheets.xlsx": "sheet Visible",
    "template_loss__DataValidationEvaluations.xlsx": NO_COLUMNS,
    "template_loss__ExcelPivotTableSample.xlsx": '--sheet: "Tabelle1", "Tabelle2", "Tabelle3"',
    "template_loss__NewStyleConditionalFormattings.xlsx": NO_COLUMNS,
    "template_loss__StructuredReferences.xlsx": "no column was recognised as recurring revenue",
    "template_loss__defined_names_unicode.xlsx": "5 sheets could be meant",
    "text__vietnamese-utf8.xlsx": '"Mô tả"',
    "text__whitespace-xlsx.xlsx": '--sheet: "whitespace", "logical_and_NA"',
    "writer_quirk__no-styles-or-sharedStrings-parts.xlsx": '"Language", "Age"',
    "writer_quirk__nonstandard-xml-ns-prefix.xlsx": '"a", "b"',
    "writer_quirk__without_cell_reference.xlsx": '"9", "10"',
    "writer_quirk__wrong_coordinates.xlsx": "sheet Format",
    "wrong_format__empty.xls": "old .xls format",
}


def test_every_file_has_its_expectation_and_its_provenance():
    with (MESSY / "INDEX.csv").open() as stream:
        index = {row["file"]: row for row in csv.DictReader(stream)}
    assert set(index) == set(AS_CUSTOMERS)
    assert len(index) == 38
    for name, row in index.items():
        content = (MESSY / name).read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(row["sha256"]), name


@pytest.mark.parametrize("name", sorted(AS_CUSTOMERS))
def test_given_as_customers(lists, name):
    question = lists.question(MESSY / name)
    assert question.startswith(name)
    assert AS_CUSTOMERS[name] in question


WITH_COLUMNS_TOLD = {
    "huge_dims__style-only-cells.xlsx": (
        {"id": "var1", "arr": "var5"},
        [[2, "val1,1", "val1,1"], [3, "val2,1", "val2,1"], [4, "val3,1", "val3,1"]],
    ),
    "template_loss__StructuredReferences.xlsx": (
        {"arr": "Number"},
        [
            [2, "one", "one"],
            [3, "two", "two"],
            [4, "three", "three"],
            [5, "five", "five"],
            [6, "seven", "seven"],
            [7, "eleven", "eleven"],
        ],
    ),
    "writer_quirk__nonstandard-xml-ns-prefix.xlsx": (
        {"id": "a", "arr": "b"},
        [[2, "1", "1"], [3, "2", "2"]],
    ),
    "header__unnamed-duplicated-columns.xlsx": (
        {"id": "var2 (2)", "arr": "column C"},
        [[2, "aa", "aa"], [3, "bb", "bb"]],
    ),
    "numbers__big-texty-numbers-xlsx.xlsx": (
        {"id": "number as text", "arr": "number"},
        [
            [3, "2147483647", "2147483647"],
            [4, "2147483648", "2147483648"],
            [5, "2147483649", "2147483649"],
        ],
    ),
}


@pytest.mark.parametrize("name", sorted(WITH_COLUMNS_TOLD))
def test_the_data_behind_the_question(lists, name):
    columns, expected = WITH_COLUMNS_TOLD[name]
    book = lists.book(MESSY / name, columns=columns, skip_bad_rows=True)
    assert book.customers[["row", "id", "name"]].to_numpy().tolist() == expected


def test_wrong_counts_of_shared_texts(lists):
    path = MESSY / "corrupt__MalformedSSTCount.xlsx"
    book = lists.book(path, columns={"id": "asdf", "arr": "sdgf"}, skip_bad_rows=True)
    assert book.customers[["id", "arr"]].to_numpy().tolist() == [["1", 23.0]]
    assert [(p.row, p.value) for p in book.problems] == [(2, "asdc")]


def test_currencies_in_number_formats(lists):
    path = MESSY / "numbers__currency-formats-xlsx.xlsx"
    told = {"name": "product", "arr": "cost_CHF"}
    assert lists.book(path, columns=told).currency == "CHF"
    problems = lists.problems(path, columns={**told, "arr": "cost_mixed"})
    assert [(p.row, p.wrong) for p in problems] == [(3, "CHF in a list kept in EUR")]


def test_error_cells_are_not_empty(lists):
    path = MESSY / "errors__errors.xlsx"
    problems = lists.problems(path, columns={"id": "#DIV/0!", "arr": "#DIV/0!"})
    assert {p.value for p in problems} == {
        "#NAME?",
        "#VALUE!",
        "#NULL!",
        "#REF!",
        "#NUM!",
        "#N/A",
    }


def test_a_named_hidden_sheet(lists):
    path = MESSY / "hidden__sheet_visibility.xlsx"
    assert "sheet VeryHidden" in lists.question(path, sheet="VeryHidden")


def test_dates_of_the_1904_system(lists):
    path = MESSY / "dates__1904.xlsx"
    told = {"id": "1998-07-05", "arr": "1998-07-05"}
    assert lists.book(path, columns=told).customers["arr"].tolist() == [34519]


def test_blanks_around_text(lists):
    path = MESSY / "text__whitespace-xlsx.xlsx"
    question = lists.question(path, sheet="whitespace")
    assert '"<-space, space->"' in question
