"""The workbooks with functions as files: whole, the same every time, every function in them."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings
from openxml_audit import OpenXmlValidator, ValidationSeverity
from pyopenvba import ExcelFile

from addin import vba
from addin.alike import alike
from addin.examples import calls_of
from addin.workbooks import functions, selfcheck
from addin.workbooks.cells import with_defaults
from addin.workbooks.checks import checks_of
from addin.workbooks.intellisense import NAME as INTELLISENSE
from addin.workbooks.wording import columns_told
from csmcalc.catalog import CATALOGUE, Entry, groups
from csmcalc.core.arguments import TableOf
from csmcalc.core.dates import excel_serial
from csmcalc.errors import FaultKind
from csmcalc.excel.windows.doctor import XLWINGS
from csmcalc.excel.windows.install import WORKBOOKS
from csmcalc.reports import theme
from tests.engines.lint import lint
from tests.excel.processes import ROOT

SHIPPED = resources.files("csmcalc") / "data" / "excel"
ENTRIES = [pytest.param(entry, id=entry.name) for entry in CATALOGUE]


def shipped(name: str) -> bytes:
    return (SHIPPED / name).read_bytes()


def part(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name)


def opened(name: str, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(shipped(name)), data_only=values)


def sheets(workbook: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        return [archive.read(name).decode() for name in names]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_lint_and_the_audit_find_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(shipped(name))
    assert lint(path) == []
    found = OpenXmlValidator().validate(path)
    # openpyxl writes the name of a font first; every reader takes them in any order.
    wrong = [e for e in found.errors if e.severity is ValidationSeverity.ERROR]
    assert [e for e in wrong if "/fonts[1]/font" not in (e.path or "")] == []


@pytest.mark.parametrize("made", [functions, selfcheck])
def test_the_same_bytes_come_out_in_another_process(made: Any) -> None:
    code = f"import sys, {made.__name__} as made; sys.stdout.buffer.write(made.content())"
    other = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT)
    assert other == made.content()


def test_workbooks_are_alike_but_for_last_digits() -> None:
    def zipped(text: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.xml", text)
        return out.getvalue()

    one = zipped("<c><v>0.1</v></c>")
    assert alike(one, zipped("<c><v>0.10000000000000002</v></c>"))
    for other in ("<c><v>0.11</v></c>", "<c><v>0.1</v><v>1</v></c>", "<d><v>0.1</v></d>", "<c/>"):
        assert not alike(one, zipped(other))


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_vba_project_survives_openpyxl(name: str) -> None:
    out = io.BytesIO()
    kept = openpyxl.load_workbook(io.BytesIO(shipped(name)), keep_vba=True)
    # openpyxl leaves the archive of the macros open, which it writes into.
    with kept.vba_archive:
        kept.save(out)
    assert part(out.getvalue(), "xl/vbaProject.bin") == part(shipped(name), "xl/vbaProject.bin")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_modules_are_xlwings_as_it_ships_and_ours(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(shipped(name))
    with ExcelFile(path) as file:
        modules = {module.name: module.source for module in file.vba_project().modules}
    names = [f"Sheet{number}" for number in range(1, len(opened(name).sheetnames) + 1)]
    assert list(modules) == ["ThisWorkbook", *names, vba.XLWINGS, vba.MODULE]
    assert lines(modules[vba.MODULE]) == lines(vba.content().decode("cp1252"))
    ships = Path(xlwings.__file__).with_name("xlwings.bas").read_bytes().decode("cp1252")
    assert lines(modules[vba.XLWINGS]) == lines(ships)
    assert f'"xlwings64-{XLWINGS}.dll"' in ships, "the doctor looks for another DLL"
    assert "BSD 3-clause license" in modules[vba.XLWINGS]


def lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]


@pytest.mark.parametrize("name", WORKBOOKS)
def test_excel_shows_plain_names_without_an_at_sign(name: str) -> None:
    """A function not stored as a dynamic array shows as =@CSM_RATIO(...) and does not spill."""
    called = re.compile(r"\b(?:CSM|BCG)_[A-Z0-9_]+\(")
    cells = 0
    for xml in sheets(shipped(name)):
        for attributes, tag, formula in re.findall(r"<c ([^>]*)><f([^>]*)>([^<]*)</f>", xml):
            assert "_xldudf" not in formula
            assert "@" not in formula
            if called.search(formula) and not formula.startswith("HYPERLINK("):
                cells += 1
                assert 'cm="1"' in attributes, formula
                assert 't="array"' in tag, formula
    assert cells > 2 * len(CATALOGUE)
    assert b"fDynamic" in part(shipped(name), "xl/metadata.xml")


def test_no_sheet_makes_xlwings_ask_for_a_key_or_read_settings() -> None:
    for name in WORKBOOKS:
        for sheet in opened(name).sheetnames:
            assert not sheet.endswith((".py", ".conf"))


# --- the reference ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> Any:
    return opened("csm_functions.xlsm")


@pytest.fixture(scope="module")
def shown() -> Any:
    return opened("csm_functions.xlsm", values=True)


def row_of(sheet: Any, text: str, after: int = 1) -> int:
    return next(r for r in range(after, sheet.max_row + 1) if sheet.cell(r, 2).value == text)


def test_the_sheets_are_guide_groups_and_the_hidden_one_last(reference: Any) -> None:
    assert reference.sheetnames == ["Guide", *groups(), INTELLISENSE]
    hidden = [sheet.title for sheet in reference if sheet.sheet_state != "visible"]
    assert hidden == [INTELLISENSE]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_function_is_explained_with_a_live_example(
    entry: Entry, reference: Any, shown: Any
) -> None:
    sheet, values = reference[entry.group], shown[entry.group]
    row = row_of(sheet, entry.signature)
    assert sheet.cell(row + 1, 2).value == entry.summary
    call = with_defaults(calls_of(entry)[0])
    row += 4
    for argument, parameter, rows in zip(
        entry.arguments, call.parameters, call.arguments, strict=True
    ):
        name, meaning, unit = (sheet.cell(row, column).value for column in (2, 3, 4))
        assert (name, unit) == (argument.name, argument.unit)
        domain = parameter.domain
        if isinstance(domain, TableOf):
            headings = [sheet.cell(row, 6 + i).value for i in range(len(rows[0]))]
            columns = [heading.name for heading in domain.headings[: len(headings)]]
            assert [heading.replace(" ", "_") for heading in headings] == columns
            meaning, row = f"{meaning}: {domain.allowed}", row + 1
            domain = domain.headings[0].domain
        assert meaning == argument.text
        cell = sheet.cell(row, 6)
        assert (excel_serial(cell.value) or cell.value) == rows[0][0]
        assert cell.font.color.rgb.endswith(theme.INPUT)
        assert cell.fill.fgColor.rgb.endswith(theme.INPUT_WASH)
        rules = [rule for rule in sheet.data_validations.dataValidation if cell.coordinate in rule]
        assert len(rules) == (0 if type(domain).__name__ == "Words" else 1)
        row += len(rows)
    row += sheet.cell(row, 2).value is None  # the names of a result's columns
    assert sheet.cell(row, 2).value == "Result"
    found = values.iter_rows(row, row + 99, 6, values_only=True)
    for expected, cells in zip(call.outcome(), found, strict=False):
        numbers = [excel_serial(cell) or cell for cell in cells[: len(expected)]]
        assert numbers == pytest.approx(expected)
    result, formula = sheet.cell(row, 6).value, values.cell(row + len(call.outcome()), 3).value
    assert formula == result.text
    assert formula.startswith(f"={entry.name}(F") or not entry.arguments
    mistake = row_of(sheet, "A mistake", row)
    assert values.cell(mistake, 6).value in list(FaultKind)
    assert values.cell(mistake + 1, 3).value, "the reason is told"


@pytest.mark.parametrize(
    ("returns", "width", "told", "names"),
    [
        ("the ratio in use, one value per element", 1, "the ratio in use", []),
        ("one row of profit, payback and safety", 3, "one row", ["profit", "payback", "safety"]),
        ("csms, gain (#N/A, at first), gap = a - b, a row a month", 3, "a row a month", None),
        ("one row of c and d, for effort 1", 2, "one row of c and d, for effort 1", []),
    ],
)
def test_the_columns_of_a_result_are_named_where_the_text_lists_them(
    returns: str, width: int, told: str, names: list[str] | None
) -> None:
    expected = ["csms", "gain", "gap"] if names is None else names
    assert columns_told(returns, width) == (told, expected)


def test_what_a_result_is_fits_its_cell() -> None:
    for entry in CATALOGUE:
        width = len(calls_of(entry)[0].outcome()[0])
        assert len(columns_told(entry.returns, width)[0]) <= 70, entry.name


def test_the_guide_leads_to_every_function(reference: Any) -> None:
    links = {}
    for row in reference["Guide"].iter_rows():
        text = str(row[1].value)
        if match := re.fullmatch(r"=HYPERLINK\(\"#'(\w+)'!B(\d+)\",\"(\w+)\"\)", text):
            links[match[3]] = reference[match[1]][f"B{match[2]}"].value
    assert list(links) == [entry.name for entry in CATALOGUE]
    assert all(signature.startswith(f"{name}(") for name, signature in links.items())


def test_the_intellisense_sheet_has_the_format_of_excel_dna(reference: Any) -> None:
    rows = list(reference[INTELLISENSE].iter_rows(values_only=True))
    assert reference[INTELLISENSE].dimensions.startswith("A1:"), "its used range begins in A1"
    assert rows[0][:2] == ("FunctionInfo", "1.0")
    for entry, row in zip(CATALOGUE, rows[1:], strict=True):
        assert row[:3] == (entry.name, entry.summary, None)
        names = [name for name in row[3::2] if name]
        assert names == [argument.name for argument in entry.arguments]
        assert len([text for text in row[4::2] if text]) == len(names)


def test_nothing_is_claimed_before_python_was_asked(shown: Any) -> None:
    assert "Not asked yet" in shown["Guide"]["C5"].value


# --- the self-check --------------------------------------------------------------------------


@cache
def check() -> Any:
    return opened("selfcheck.xlsm")


def check_names() -> set[str]:
    return {name for name in check().defined_names if name.startswith("test_")}


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_function_is_checked_in_every_way(entry: Entry) -> None:
    checks = list(checks_of(entry))
    assert {one.name for one in checks} <= check_names()
    outcomes = [cell for one in checks for row in one.call.outcome() for cell in row]
    faults = [cell for cell in outcomes if isinstance(cell, FaultKind)]
    assert len(faults) >= 2
    assert len(outcomes) > len(faults)
    assert FaultKind.DIV0 in faults, "an error in a cell is passed on"


def test_names_are_those_of_the_checks_and_no_function_has_one() -> None:
    expected = {one.name for entry in CATALOGUE for one in checks_of(entry)}
    assert {n for n in check_names() if not n.startswith("test_formula_")} == expected
    functions_there_are = {entry.name for entry in CATALOGUE} | {"CSM_VERSION", "CSM_LAST_ERROR"}
    assert not {name.upper() for name in check().defined_names} & functions_there_are


def test_a_preview_does_not_claim_that_the_tests_have_passed() -> None:
    summary = opened("selfcheck.xlsm", values=True)["Summary"]
    words = [cell.value for row in summary.iter_rows() for cell in row]
    assert "NOT RUN" in words
    assert "PASSED" not in words
