"""Text that csmcalc could read and formulas read in another way: one message."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.planning_door.conftest import Run
from tests.planning_door.damages import (
    on_sheet,
)
from tests.planning_door.workbooks import (
    cell_as,
    text,
)


def _in_customers(source: Path, out: Path, heading: str, said: str) -> str:
    """Text in the column of a heading, two rows below it, in both of them; the first cell."""
    sheet = openpyxl.load_workbook(source, read_only=True)["Customers"]
    heads = next(sheet.iter_rows(min_row=5, max_row=5))
    column = next(c.column_letter for c in heads if c.value == heading)

    rest = text(said).replace("<t>", '<t xml:space="preserve">')

    def both(content: str) -> str:
        return cell_as(f"{column}8", rest)(cell_as(f"{column}7", rest)(content))

    on_sheet(source, out, "Customers", both)
    return f"Customers!{column}7 ({heading})"


MISREAD = [
    ("ARR in list", "1,250,000", "a number"),
    ("Growth rate", "25%", "a number"),
    ("Renewal", "31 March 2027", "a date"),
    ("Prior ARR", " ", "blanks alone"),
    ("Status", " Churned ", 'type "Churned"'),
    ("Category", "enterprise ", 'type "enterprise"'),
    ("Owner", "Ann Wu ", 'type "Ann Wu"'),
]


@pytest.mark.parametrize(("heading", "said", "told"), MISREAD, ids=[one[0] for one in MISREAD])
def test_what_formulas_read_in_another_way(
    heading: str, said: str, told: str, demo: Path, run: Run, tmp_path: Path
) -> None:
    """csmcalc could read it; the workbook would plan other customers."""
    path, out = tmp_path / "damaged.xlsx", tmp_path / "out.xlsx"
    where_it_is = _in_customers(demo, path, heading, said)
    for arguments in (("fill", "--update", path, "-o", out), ("plan", path, "-o", out)):
        done = run(*arguments)
        assert done.code == 2
        for words in (where_it_is, told, "(and 1 more cell of the column)", "csmcalc fill"):
            assert words in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_csm_with_blanks_around(demo: Path, run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "damaged.xlsx", tmp_path / "out.xlsx"
    sheet = openpyxl.load_workbook(demo, read_only=True)["Books"]
    at = next(
        f"{c.column_letter}{c.row + 1}"
        for row in sheet.iter_rows()
        for c in row
        if c.value == "CSM"
    )
    on_sheet(demo, path, "Books", cell_as(at, text("Ann Wu ")))
    for arguments in (("fill", "--update", path, "-o", out), ("plan", path, "-o", out)):
        done = run(*arguments)
        assert done.code == 2
        assert f"Books!{at}" in done.err
        assert 'type "Ann Wu"' in done.err
    assert not out.exists()


def test_a_case_without_its_name(demo: Path, run: Run, tmp_path: Path) -> None:
    """A cell holds no quotes: those are for settings files."""
    sheet = openpyxl.load_workbook(demo, read_only=True)["Scenarios"]
    at = next(
        f"{c.column_letter}{c.row}" for row in sheet.iter_rows() for c in row if c.value == "upside"
    )
    path = on_sheet(demo, tmp_path / "damaged.xlsx", "Scenarios", cell_as(at, "/>"))
    done = run("plan", path, "-o", tmp_path / "out.xlsx")
    assert done.code == 2
    assert f"Scenarios!{at} (Scenario, case 2) is empty; it must be text" in done.err
    assert "quotes" not in done.err
