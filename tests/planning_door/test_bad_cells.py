"""Cells of Customers that cannot be planned from: told by sheet and cell, by every command."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import cell_as, changed, number, part_of, text

FAILED = ' t="e"><v>#N/A</v></c>'
EMPTY = "/>"

BAD = [
    ("ARR in list", number(-5.0), ("-5", "negative", "0 or more")),
    ("ARR in list", number(1e16), ("at most 1e15",)),
    ("ARR in list", EMPTY, ("no amount", "fill it in")),
    ("ARR in list", FAILED, ("shows #N/A", "empty the cell")),
    ("MRR", text("12,5"), ('"12,5"', "type the number")),
    ("Account id", EMPTY, ("no id", "fill in")),
    ("Customer since", number(9e6), ("9000000", "not a date", "2026-09-01")),
    ("Customer since", number(60000.0), ("2064-04-08", f"after {DAY}")),
    ("Renewal", number(0.5), ("not a date",)),
    ("Tenure", number(-1.0), ("-1", "negative", "at least 0")),
    ("Growth rate", number(-2.0), ("-2", "below -1", "at least -1")),
    ("Prior ARR", number(-1.0), ("negative", "at least 0")),
    ("Gross margin in list", number(75.0), ("75", "above 1", "from 0 to 1")),
    ("Support cost in list", number(-4.0), ("negative",)),
    ("Measured hours", number(-4.0), ("negative",)),
    ("Previous segment", text("Unicorn"), ("Unicorn", "no segment", "Cash Cow")),
    ("Currency", text("EUR"), ("EUR in a list kept in USD", "one currency")),
    ("ARR in list", "><f>1+1</f></c>", ("formula without a result", "save again")),
    ("Owner", FAILED, ("shows #N/A",)),
]


@pytest.fixture(scope="session")
def letters(demo: Path) -> dict[str, str]:
    """The column of each heading of Customers."""
    sheet = openpyxl.load_workbook(demo, read_only=True)["Customers"]
    return {cell.value: cell.column_letter for cell in sheet[5] if cell.value}


def _squeezed(said: str) -> str:
    return " ".join(said.split())


def _typed(demo: Path, out: Path, cell: str, rest: str) -> Path:
    return changed(demo, out, {part_of(demo, "Customers"): cell_as(cell, rest)})


@pytest.mark.parametrize(("heading", "rest", "words"), BAD, ids=lambda one: str(one)[:24])
def test_a_bad_cell_is_told(
    heading: str,
    rest: str,
    words: tuple[str, ...],
    demo: Path,
    letters: dict[str, str],
    run: Run,
    tmp_path: Path,
) -> None:
    cell = f"{letters[heading]}7"
    bad = _typed(demo, tmp_path / "bad.xlsx", cell, rest)
    done = run("plan", bad, "-o", tmp_path / "out.xlsx")
    assert done.code == 2, done.out
    assert f"Customers!{cell}" in done.err
    assert heading in _squeezed(done.err)
    said = _squeezed(done.err)
    assert all(any(part in said for part in (word, word.replace(" ", ""))) for word in words), said
    assert "--skip-bad-rows" not in said, "refused for planning workbooks"
    assert not (tmp_path / "out.xlsx").exists()


def test_an_account_twice_names_both_cells(demo: Path, run: Run, tmp_path: Path) -> None:
    part = part_of(demo, "Customers")
    bad = changed(
        demo,
        tmp_path / "bad.xlsx",
        {part: lambda c: cell_as("B9", text("TWO"))(cell_as("B7", text("TWO"))(c))},
    )
    said = _squeezed(run("plan", bad, "--json").err)
    assert "Customers!B9" in said
    assert "the same id as Customers!B7" in said


COMMANDS = [
    ("plan", "{}", "--json"),
    ("optimise", "{}", "--json"),
    ("timeline", "{}", "--json"),
    ("assign", "{}", "--json"),
    ("report", "--plan", "{}", "--by", "region", "-o", "{out}"),
    ("fill", "--update", "{}"),
    ("fill", "{empty}", "{}", "-o", "{out}.xlsx"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: " ".join(one[:2]))
def test_every_command_names_the_cell(
    command: tuple[str, ...], demo: Path, empty: Path, run: Run, tmp_path: Path
) -> None:
    bad = _typed(demo, tmp_path / "bad.xlsx", "D7", number(-5.0))
    before, out = bad.read_bytes(), tmp_path / "out"
    told = [one.format(bad, out=out, empty=empty) if "{" in one else one for one in command]
    done = run(*told)
    assert done.code == 2, done.out
    assert "Customers!D7" in done.err
    assert "negative" in done.err
    assert bad.read_bytes() == before
    assert not out.exists()
    assert not out.with_suffix(".xlsx").exists()


def test_a_word_that_nobody_knows_is_noted_with_its_cell(
    demo: Path, run: Run, letters: dict[str, str], tmp_path: Path
) -> None:
    status, category = f"{letters['Status']}8", f"{letters['Category']}9"

    def change(content: str) -> str:
        return cell_as(status, text("sleeping"))(cell_as(category, text("odd"))(content))

    odd = changed(demo, tmp_path / "odd.xlsx", {part_of(demo, "Customers"): change})
    done = run("plan", odd, "-o", tmp_path / "out.xlsx")
    assert done.code == 0, done.err
    assert f'"sleeping" (1 row, first Customers!{status})' in _squeezed(done.out)
    assert f'"odd" (Customers!{category})' in _squeezed(done.out)


def test_shares_count_as_the_formulas_read_them(
    demo: Path, run: Run, letters: dict[str, str], tmp_path: Path
) -> None:
    """Pasted without their percent sign, 12 is 1,200 %: so say the workbook's cells."""
    cell = letters["Growth rate"]
    odd = changed(
        demo,
        tmp_path / "odd.xlsx",
        {part_of(demo, "Customers"): lambda c: cell_as(f"{cell}7", number(12.0))(c)},
    )
    done = run("plan", odd, "-o", tmp_path / "out.xlsx")
    assert done.code == 0, done.err
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True, data_only=True)
    listed = [row for row in sheet["Customers"].iter_rows(values_only=True) if 12.0 in row]
    assert listed
