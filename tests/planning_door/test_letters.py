"""In names, tiers, categories and statuses `*`, `?` and `~` are letters, in cells as in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.engines.office import Office, differences, formulas
from tests.planning_door.conftest import DAY, Run
from tests.planning_door.office_edit import edited
from tests.planning_door.test_fill_recalculated import agree
from tests.planning_door.workbooks import cell_as, changed, part_of, text, values, where

pytestmark = pytest.mark.engine

LIST = """Account ID,Account Name,ARR,CSM,Tier,Category,Status
A,Alpha*,250000,Ann*,TBD?,ent*,active
B,Beta?,400000,Anna,TBD1,enterprise,active
C,Gamma~,300000,Ann,High*,*,t*
D,Delta,200000,>Bob,high*,SMB?,trial
E,Epsilon,150000,<>,,~,churned
F,Zeta,120000,=Zoe,*,?????????,customer
G,Eta,110000,a~b,>,=SMB,active
H,Theta,90000,A~*,~,>,
I,Iota,80000,Ann*,=high touch,<>,
J,Kappa,70000,Ann,dedicated,,
K,Lambda,60000,>Bob,,enterprise,
L,My,50000,Ann,,,act*
M,Ny,40000,Ann,,,VIP
"""


def column(path: Path, sheet: str, top: int, key: str, wanted: str) -> dict[Any, Any]:
    """One column of a table by another."""
    rows = list(
        openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(min_row=top, values_only=True)
    )
    at = [rows[0].index(heading) for heading in (key, wanted)]
    return {row[at[0]]: row[at[1]] for row in rows[1:] if row[at[0]]}


@pytest.fixture
def filled(empty: Path, run: Run, tmp_path: Path) -> Path:
    """A workbook with such words everywhere; to its own statuses belongs `t*`."""
    sheet, area = where(empty, "Statuses")
    shown = openpyxl.load_workbook(empty, read_only=True)[sheet][area]
    row = next(row for row in shown if row[0].value == "archived")
    own = changed(
        empty,
        tmp_path / "own.xlsx",
        {part_of(empty, sheet): cell_as(row[0].coordinate, text("t*"))},
    )
    customers, out = tmp_path / "list.csv", tmp_path / "filled.xlsx"
    customers.write_text(LIST)
    done = run("fill", own, customers, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    return out


def test_marks_are_letters(filled: Path, office: Office, run: Run, tmp_path: Path) -> None:
    assert column(filled, "Customers", 5, "Account id", "In plan")["C"] == "deleted"
    owned = column(filled, "Books", _top(filled), "CSM", "Accounts")
    assert owned == {"=Zoe": 1, ">Bob": 1, "a~b": 1, "A~*": 1, "Ann": 3, "Ann*": 2, "Anna": 1}
    assert "2 accounts with a status that is not on Inputs: counted as customers" in {
        said for (sheet, _), said in values(filled).items() if sheet == "Checks"
    }
    agree(filled, office)
    again = tmp_path / "again.xlsx"
    assert run("fill", "--update", filled, "-o", again).code == 0
    assert differences(formulas(filled), values(filled), values(again)) == []


def _top(path: Path) -> int:
    """The row in which the table of the team has its headings; its names stand in column B."""
    found = values(path)
    return next(row for row in range(1, 50) if found.get(("Books", f"B{row}")) == "CSM")


def test_also_those_that_somebody_types(filled: Path, tmp_path: Path) -> None:
    top = _top(filled)
    sheet = openpyxl.load_workbook(filled)["Customers"]
    headings = {cell.value: cell.column_letter for cell in sheet[5]}
    edits = [
        ("type", "Books", f"B{top + 1}", "*"),
        ("type", "Customers", f"{headings['Owner']}6", "*"),
        ("type", "Customers", f"{headings['Tier in list']}6", "*touch"),
        ("type", "Customers", f"{headings['Category']}6", ""),
        ("type", "Customers", f"{headings['Status']}6", "*ed"),
    ]
    before = column(filled, "Customers", 5, "Account id", "Touch tier")
    out = edited(filled, tmp_path / "typed.xlsx", edits, tmp_path / "profile")
    owned = column(out, "Books", top, "CSM", "Accounts")
    assert owned["*"] == 1
    assert owned["Ann*"] == 2
    customer = sheet[f"{headings['Account id']}6"].value
    assert column(out, "Customers", 5, "Account id", "In plan")[customer] == "planned"
    after = column(out, "Customers", 5, "Account id", "Touch tier")
    assert after[customer] == "dedicated"  # by its ARR
    assert {name: tier for name, tier in after.items() if name != customer} == {
        name: tier for name, tier in before.items() if name != customer
    }
