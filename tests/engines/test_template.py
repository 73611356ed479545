"""LibreOffice opens filled templates: what it computes is what was written beside the formulas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.reports.template import Template
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, formulas
from tests.reports.templates import accounts, saved, template, workbook
from tests.reports.test_template_side_by_side import MADE as SIDE_BY_SIDE

pytestmark = pytest.mark.engine
SHEET = "Customers & Co"
FIRST = 6


def filled(made: Template, count: int) -> bytes:
    """Every formula of the table with its value; the headlines are computed by the template."""
    data: dict[str, list[Any]] = accounts(count)
    data["Half"] = [amount / 2 for amount in data["ARR"]]
    data["Next"] = list(data["ARR"])
    return made.stamp({"Accounts": data}, {"rate": 0.25, "owner": "Ann", "month": "May"})


@pytest.mark.parametrize("rows", [1, 3])
def test_cached_values_are_those_that_libreoffice_computes(
    office: Office, written: Path, rows: int
) -> None:
    book = workbook(rows=rows)
    for at, formula in {
        "A11": "=AVERAGE(Accounts[ARR])",
        "A12": "=MAX(Accounts[ARR])",
        "A13": "=MIN(Accounts[ARR])",
        "A14": "=COUNT(Accounts[ARR])",
        "A15": "=COUNTA(Accounts[Name])",
        "A16": "=ROWS(Accounts[Name])",
        "A17": "=SUBTOTAL(109,Accounts[Half])",
    }.items():
        book["Summary"][at] = formula
    made = template(book)
    paths = []
    for count in (1, 2, 30, 1500):
        paths.append(written / f"{rows}-{count}.xlsx")
        paths[-1].write_bytes(filled(made, count))
        assert lint(paths[-1]) == []
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        cached, computed = cached_values(path), cached_values(recalculated)
        known = [address for address in formulas(path) if address in cached]
        assert len(known) > 8
        assert differences(known, cached, computed) == [], path.stem
        total = sum(accounts(int(path.stem.split("-")[1]))["ARR"])
        assert computed["Summary", "B4"] == pytest.approx(total), "a plain range follows"
        assert computed["Summary", "B5"] == pytest.approx(total * 0.25), "a name is set"


def test_an_empty_table_and_an_unfilled_template_open(office: Office, written: Path) -> None:
    made = template(workbook(rows=2))
    paths = [written / "empty.xlsx", written / "unfilled.xlsx"]
    paths[0].write_bytes(made.stamp({"Accounts": accounts(0)}))
    paths[1].write_bytes(made.stamp())
    empty, unfilled = (cached_values(path) for path in office.recalculated(paths))
    assert empty["Summary", "B3"] == 0
    assert unfilled["Summary", "B3"] == 3
    assert unfilled[SHEET, "C8"] == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_a_template_that_libreoffice_saved_is_filled(
    office: Office, written: Path, rows: int
) -> None:
    """It writes booleans as formulas, one-cell ranges as cells, and filters with the totals row."""
    path = written / "saved.xlsx"
    path.write_bytes(saved(workbook(rows=rows)))
    (again,) = office.recalculated([path])
    made = template(again.read_bytes())
    assert made.tables["Accounts"].computed == {"Half", "Next"}
    path.write_bytes(filled(made, 30))
    assert lint(path) == []
    book = openpyxl.load_workbook(path)
    assert [book[SHEET][f"E{FIRST + n}"].value for n in range(30)] == accounts(30)["Key"]
    assert book[SHEET].tables["Accounts"].ref == f"A5:G{FIRST + 30}"
    (recalculated,) = office.recalculated([path])
    cached, computed = cached_values(path), cached_values(recalculated)
    assert differences([a for a in formulas(path) if a in cached], cached, computed) == []
    assert computed["Summary", "B3"] == pytest.approx(sum(accounts(30)["ARR"]))


def test_tables_side_by_side_compute_what_their_rows_hold(office: Office, written: Path) -> None:
    path = written / "side.xlsx"
    weights, amounts = [n + 0.5 for n in range(7)], [10.0 + n for n in range(40)]
    left = {"K": [f"k{n}" for n in range(7)], "W": weights}
    path.write_bytes(SIDE_BY_SIDE.stamp({"L": left, "T": {"A": amounts}}))
    cached = cached_values(path)
    computed = cached_values(office.recalculated([path])[0])
    assert cached["D", "C11"] == sum(weights), "LibreOffice has no [W] without its table"
    assert computed["D", "I1"] == sum(weights)
    assert computed["D", "I2"] == sum(amounts)
    for n, amount in enumerate(amounts):
        assert computed["D", f"F{6 + n}"] == amount * 2 + sum(weights)


def test_every_row_reads_the_same_in_libreoffice(office: Office, written: Path) -> None:
    path = written / "rows.xlsx"
    path.write_bytes(filled(template(), 40))
    sheet = openpyxl.load_workbook(office.recalculated([path])[0], data_only=True)[SHEET]
    data = accounts(40)
    for position, row in enumerate(sheet.iter_rows(FIRST, FIRST + 39, 1, 5, values_only=True)):
        assert row[0] == data["Id"][position]
        assert row[1] == data["Name"][position]
        assert row[2] == data["ARR"][position]
        assert row[4] == data["Key"][position]
