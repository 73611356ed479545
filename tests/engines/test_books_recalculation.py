"""LibreOffice recalculates books: every cached value is that of its formula, the points too."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from csmcalc.plan.books import BookPlan
from csmcalc.reports.books_report import books_report
from csmcalc.reports.render import render
from tests.books_assign.plans import bare, books_of, many, odd_names, valued
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, formulas
from tests.engines.test_recalculation import ERRORS

pytestmark = pytest.mark.engine

BOOKS = {
    "ten": lambda: books_of(*many(10, 3)),
    "five hundred": lambda: books_of(*many(500, 25, 1), ["arr at most 3M per CSM"], seconds=8.0),
    "odd names": odd_names,
    "bare": bare,
    "valued": valued,
}


def write(folder: Path, name: str, made: BookPlan) -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(render(books_report(made)))
    return path


def test_every_cached_value_of_books_is_the_value_of_its_formula(
    office: Office, written: Path
) -> None:
    paths = [write(written, name, make()) for name, make in BOOKS.items()]
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        assert lint(path) == [], path.stem
        cached, computed = cached_values(path), cached_values(recalculated)
        addresses = formulas(path)
        assert len(addresses) > 80
        assert differences(addresses, cached, computed) == [], path.stem
        assert not [cell for cell in computed.items() if cell[1] in ERRORS]


def test_a_move_typed_into_the_workbook_changes_books_and_points_and_says_so(
    office: Office, written: Path
) -> None:
    made = books_of(*many(12, 3))
    path = write(written, "typed", made)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Customers"]
    headings = {cell.value: cell.column_letter for cell in sheet[5]}
    cell = sheet[f"{headings['CSM']}6"]
    before = cell.value
    cell.value = "CSM 001" if before != "CSM 001" else "CSM 002"
    workbook.save(path)
    (recalculated,) = office.recalculated([path])
    values = openpyxl.load_workbook(recalculated, data_only=True)
    checks = {row[1].value: row[2].value for row in values["Checks"].iter_rows()}
    assert checks["The books stand as they were computed"] == "LOOK"
    assert checks["Every customer has one CSM of the team"] == "OK"
    points = next(row for row in values["Rules"].iter_rows() if row[1].value == "Total")[5].value
    assert points > made.assigned.value + 1e-3
