"""Free cells with formulas, headline figures above all: typing over one does not go unnoticed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from csmcalc.errors import WorkbookError
from csmcalc.planning import damage
from csmcalc.planning.given import look_through
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.workbooks import cell_as, changed, number, part_of

FORMULA = re.compile(r'<c r="([A-Z]+)(\d+)"((?: s="\d+")?)[^>]*><f\b.*?</c>', re.S)
ROW = 5
"""The row above which one is inserted: below the page's title."""


def _typed_over(content: str) -> str:
    return FORMULA.sub(r'<c r="\1\2"\3><v>7</v></c>', content)


def _with_a_row(content: str) -> str:
    """A sheet with a row inserted that holds words of somebody's own."""

    def lower(match: re.Match[str]) -> str:
        row = int(match[3])
        return f'{match[1]}"{match[2]}{row + (row >= ROW)}"'

    lowered = re.sub(r'(<(?:row|c)\b[^>]*? r=|<row r=|<c r=)"([A-Z]*)(\d+)"', lower, content)
    mine = f'<row r="{ROW}"><c r="B{ROW}" t="inlineStr"><is><t>Board, May</t></is></c></row>'
    return lowered.replace(f'<row r="{ROW + 1}"', f'{mine}<row r="{ROW + 1}"', 1)


def _names_below(content: str) -> str:
    def lower(match: re.Match[str]) -> str:
        return re.sub(r"\$(\d+)", lambda m: f"${int(m[1]) + (int(m[1]) >= ROW)}", match[0])

    return re.sub(r">'Summary'!\$[^<]*<", lower, content)


@pytest.mark.parametrize("sheet", ["Summary", "Value", "Hiring", "Books", "Sensitivity", "Guide"])
def test_every_formula_is_missed(
    sheet: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "_SHOWN", 10_000)
    found: list[str] = []

    def over(content: str) -> str:
        found.extend(f"{sheet}!{match[1]}{match[2]}:" for match in FORMULA.finditer(content))
        return _typed_over(content)

    path = changed(demo, tmp_path / "over.xlsx", {part_of(demo, sheet): over})
    with pytest.raises(WorkbookError) as raised:
        look_through(path)
    assert found
    assert not [one for one in found if one not in str(raised.value)]


def test_a_headline_below_an_inserted_row(demo: Path, run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "moved.xlsx", tmp_path / "out.xlsx"
    part = part_of(demo, "Summary")
    changed(demo, path, {part: _with_a_row, "xl/workbook.xml": _names_below})
    assert run("plan", path, "--json").code == 0, "a row of one's own is no damage"
    over = tmp_path / "over.xlsx"
    changed(path, over, {part: cell_as("B7", number(7.0))})
    for told in (
        ("plan", over, "-o", out),
        ("fill", "--update", over, "-o", out),
        ("fill", over, DEMO, "-o", out, "--as-of", DAY),
    ):
        done = run(*told)
        assert done.code == 2
        assert "Summary!B7: holds 7 where the workbook has a formula" in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_formula_of_ones_own_is_told(demo: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    changed(demo, path, {part_of(demo, "Summary"): cell_as("B6", "><f>6+1</f><v>7</v></c>")})
    done = run("fill", "--update", path)
    assert done.code == 0, done.err
    assert "Formulas of your own" in done.out
    assert done.out.count("Summary!B6") == 1
