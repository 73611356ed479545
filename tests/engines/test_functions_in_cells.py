"""Every function of the catalogue in real cells of LibreOffice equals the library, faults too."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.errors import Fault
from tests.engines.cells import (
    ALL_CASES,
    Calc,
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
        if not all(same(a, b) for a, b in zip(found, expected, strict=True)):
            wrong.append(f"{case}: {found} instead of {expected}")
    assert wrong == []
    assert values >= 2, "the cases hold too few values"
    assert faults >= 2, "the cases hold too few faults"
