"""Every function of the catalogue in real cells of LibreOffice equals the library, faults too."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.errors import Fault
from tests.engines.calc import Calc
from tests.engines.cells import (
    ALL_CASES,
    Case,
    read_result,
    same,
    shape_of,
    write_cases,
)
from tests.engines.office import require_office

pytestmark = pytest.mark.engine
ENTRIES = [pytest.param(entry, id=entry.name) for entry in CATALOGUE]


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    require_office()
    return Calc(tmp_path_factory.mktemp("calc"))


@pytest.fixture(scope="module")
def results(calc: Calc) -> dict[str, list[tuple[Case, list[Any]]]]:
    """What Calc shows for every case, by function."""
    path = calc.folder / "cases.xlsx"
    addresses = write_cases(path, ALL_CASES)
    sheet = calc.computed(path).active
    shown = defaultdict(list)
    for case, address in zip(ALL_CASES, addresses, strict=True):
        shown[case.entry.name].append((case, read_result(sheet, address, shape_of(case.expected))))
    return shown


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_cell_shows_what_the_library_says(
    entry: Entry, results: dict[str, list[tuple[Case, list[Any]]]]
) -> None:
    wrong, values, faults = [], 0, 0
    for case, found in results[entry.name]:
        expected = list(np.ravel(np.asarray(case.expected, dtype=object)))
        values += sum(not isinstance(cell, Fault) for cell in expected)
        faults += sum(isinstance(cell, Fault) for cell in expected)
        if not all(same(a, b, len(found) > 1) for a, b in zip(found, expected, strict=True)):
            wrong.append(f"{case}: {found} instead of {expected}")
    assert wrong == []
    assert values >= 2, "the cases hold too few values"
    assert faults >= 2, "the cases hold too few faults"


def test_texts_can_be_counted_and_looked_up(calc: Calc) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row, profitability in enumerate((0.3, -0.2, 0.4, 0.5), start=1):
        sheet.cell(row, 1, profitability)
    sheet["B1"] = ArrayFormula("B1:B4", "=BCG_SEGMENT(A1:A4,0.2)")
    sheet["D1"], sheet["E1"], sheet["D2"], sheet["E2"] = "Star", 10, "Question Mark", 20
    sheet["G1"] = '=COUNTIF(B1:B4,"Star")'
    sheet["G2"] = "=VLOOKUP(B2,D1:E2,2,FALSE)"
    sheet["G3"] = '=IF(BCG_SEGMENT(A1,0.2)="Star",CSM_RATIO(5000000)+1,0)'
    sheet["G4"] = "=SUM(CSM_RATIO(2000000),CSM_RATIO(-1))"
    sheet["G5"] = "=IFERROR(CSM_RATIO(-1),7)"
    sheet["G6"] = "=ERROR.TYPE(CSM_RATIO(1,0))"
    path = calc.folder / "downstream.xlsx"
    workbook.save(path)
    found = calc.computed(path).active
    assert [found[f"G{row}"].value for row in range(1, 7)] == [3, 20, 4, "#NUM!", 7, 2]


def test_the_reason_of_the_last_error_can_be_read(calc: Calc) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "=IFERROR(CSM_RATIO(-1),CSM_LAST_ERROR())"
    path = calc.folder / "reason.xlsx"
    workbook.save(path)
    assert "arr is -1" in calc.computed(path).active["A1"].value


def test_where_calc_differs_from_excel_is_as_the_docs_say(calc: Calc) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["D1"], sheet["D2"], sheet["D3"], sheet["D4"] = "=1/0", 2e6, True, "=NA()"
    sheet["A1"] = "=CSM_RATIO(5000000,,TRUE())"  # between commas: 0
    sheet["A2"] = "=CSM_RATIO(D3)"
    sheet["A3"] = "=CSM_IMPLIED_RATIO(D1,D4)"
    sheet["A4"] = "=CSM_RATIO()"
    sheet["A5"] = "=CSM_RATIO(5000000,1000000,FALSE(),9)"
    sheet["B1"] = ArrayFormula("B1:B2", "=CSM_RATIO(D1:D2)")
    path = calc.folder / "differences.xlsx"
    workbook.save(path)
    found = calc.computed(path).active
    assert [found[f"A{row}"].value for row in range(1, 6)] == ["#DIV/0!", 1, "#N/A", "#N/A", 5]
    assert found["B2"].value == "#DIV/0!"
