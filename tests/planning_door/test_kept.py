"""Formulas on sheets of somebody's own: values that still hold stay, others are not left to lie."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.planning_door.conftest import DAY, DEMO, Run, made
from tests.planning_door.workbooks import changed, part_of, values, where

OWN = {
    "A1": ("A9*2", 10.0),
    "A2": ("pto*2", 320.0),
    "A3": ("SUM(A1:A2)", 330.0),
    "A4": ("csms_value&amp;&quot; CSMs&quot;", "11 CSMs"),
    "A5": ("SUM(Customers[ARR in list])", 1.0),
    "A6": ("SUM(Customers[ARR])+A1", 2.0),
    "A7": ("IF(TODAY()&gt;0,A9)", 5.0),
    "A8": ("A6+1", 3.0),
    "B1": ("Summary!B2", "How many customer success managers?"),
    "B2": ("loaded_cost", 182_000.0),
    "B3": ("INDEX(Statuses,1,1)", "active"),
    "B4": ("$A$9", 5.0),
    "B5": ("Customers!D6", 4.0),
    "B6": ("unheard_of", 6.0),
}
"""Formulas and the values beside them: some true, others as an earlier day left them."""


@pytest.fixture(scope="module")
def own(demo: Path, folder: Path) -> Path:
    """The demo with a sheet of formulas that somebody's spreadsheet computed."""
    bare, path = folder / "bare.xlsx", folder / "own.xlsx"
    book = openpyxl.load_workbook(demo)
    sheet = book.create_sheet("Mine")
    sheet["A9"] = 5
    book.save(bare)
    made(bare, "fill", "--update", bare)

    def rows(content: str) -> str:
        lines = []
        for row in range(1, 10):
            cells = [
                f'<c r="{at}"{_kind(value)}><f>{formula}</f><v>{value}</v></c>'
                for at, (formula, value) in OWN.items()
                if at[1:] == str(row)
            ]
            lines.append(f'<row r="{row}">{"".join(cells)}')
        last = '<c r="A9"><v>5</v></c></row>'
        start, end = content.index("<sheetData>"), content.index("</sheetData>")
        return f"{content[:start]}<sheetData>{'</row>'.join(lines)}{last}{content[end:]}"

    return changed(bare, path, {part_of(bare, "Mine"): rows})


def _kind(value: object) -> str:
    return ' t="str"' if isinstance(value, str) else ""


def mine(path: Path) -> dict[str, object]:
    return {at: value for (sheet, at), value in values(path).items() if sheet == "Mine"}


def formulas_stay(path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["Mine"]
    for at, (formula, _) in OWN.items():
        plain = formula.replace("&amp;", "&").replace("&quot;", '"').replace("&gt;", ">")
        assert sheet[at].value == f"={plain}"


def holding(*cells: str) -> dict[str, object]:
    return {"A9": 5.0} | {at: OWN[at][1] for at in cells}


def test_filled_from_a_list(own: Path, run: Run, tmp_path: Path) -> None:
    """The same list: what follows from it is the same, what csmcalc does not compute is unknown."""
    out = tmp_path / "out.xlsx"
    done = run("fill", own, DEMO, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    found = mine(out)
    total = found.pop("A5")
    assert isinstance(total, float)
    assert total > 1e6, "a sum over one column is computed"
    assert found == holding("A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4")
    formulas_stay(out)
    assert "Your own formulas over what has changed" in done.out
    said = " ".join(done.out.split())
    assert "computed when it is opened: Mine!B5, Mine!A6, Mine!B6, Mine!A7, Mine!A8" in said


def test_brought_up_to_date_after_a_change(own: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = run("fill", "--update", own, "-o", out, "--set", "capacity.pto=300")
    assert done.code == 0, done.err
    assert mine(out) == holding("A1", "A5", "B1", "B2", "B3", "B4", "B5")
    formulas_stay(out)
    assert "computed when it is opened: Mine!A2, Mine!A3, Mine!A4" in " ".join(done.out.split())


def test_nothing_is_said_where_nothing_changed(demo: Path, run: Run, tmp_path: Path) -> None:
    for told in (("fill", "--update", demo), ("fill", demo, DEMO, "--as-of", DAY)):
        done = run(*told, "-o", tmp_path / "out.xlsx")
        assert done.code == 0, done.err
        assert "our own" not in done.out


def test_a_headline_of_ones_own_loses_its_value(own: Path, run: Run, tmp_path: Path) -> None:
    """Beside a formula in place of one of ours nothing may stand that it does not give."""
    path, out = tmp_path / "mine.xlsx", tmp_path / "out.xlsx"
    sheet, cell = where(own, "loaded_cost")

    def other(content: str) -> str:
        at = content.index(f'<c r="{cell}"')
        start, end = content.index("<f>", at) + 3, content.index("</f>", at)
        return f"{content[:start]}ote*2{content[end:]}"

    changed(own, path, {part_of(own, sheet): other})
    assert run("fill", "--update", path, "-o", out).code == 0
    assert (sheet, cell) not in values(out)
    assert "B2" not in mine(out), "which refers to it"
