"""Damaged workbooks: one message that names sheet and cell and what to do; nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from csmcalc.reports.planning.shipped import shipped
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.damages import (
    DAMAGES,
    FILL,
    PLAN,
    UPDATE,
    Damaged,
    cut_macros,
    deleted_header,
    merged_cells,
    out_of_range,
    protected_sheet,
    without_macros,
)

CASES = [
    pytest.param(
        damage,
        command,
        id=f"{damage.__name__}-{command}",
        marks=() if command == commands[at % len(commands)] else pytest.mark.long,
    )
    for at, (damage, commands) in enumerate(DAMAGES.items())
    for command in commands
]
"""Every damage with one command each time, and with all of them in long runs."""


@pytest.mark.parametrize(("damage", "command"), CASES)
def test_damage(damage: Damaged, command: str, demo: Path, run: Run, tmp_path: Path) -> None:
    path, said = damage(demo, tmp_path / "damaged.xlsx")
    before, out = path.read_bytes(), tmp_path / "out.xlsx"
    told = {
        FILL: ("fill", path, DEMO, "-o", out, "--as-of", DAY),
        UPDATE: ("fill", "--update", path),
        PLAN: ("plan", path, "-o", out),
    }[command]
    done = run(*told)
    assert done.code == 2, done.out
    for words in said:
        assert words in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1, "one damage, one message"
    assert not out.exists()
    assert path.read_bytes() == before, "nothing is written"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["damaged.xlsx"]


@pytest.mark.parametrize("damage", [without_macros, cut_macros])
def test_macros_that_excel_would_not_open_are_not_written_on(
    damage: Damaged, run: Run, tmp_path: Path
) -> None:
    """What is only read needs no macros: it is planned from all the same."""
    whole = tmp_path / "whole.xlsm"
    whole.write_bytes(shipped(functions=True))
    path, said = damage(whole, tmp_path / "damaged.xlsm")
    done = run("fill", path, DEMO, "-o", tmp_path / "out.xlsm", "--as-of", DAY)
    assert done.code == 2
    for words in said:
        assert words in done.err
    assert not (tmp_path / "out.xlsm").exists()


def test_several_at_once_are_told_at_once(demo: Path, run: Run, tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{n}.xlsx" for n in "123")
    out_of_range(demo, one)
    deleted_header(one, two)
    merged_cells(two, three)
    done = run("fill", "--update", three)
    assert done.code == 2
    assert "3 things stand in the way" in done.err
    for words in ("(Gross margin) is 81", 'reads "Next talk"', "merged cells"):
        assert words in done.err


@pytest.mark.parametrize("sheets", [("Guide",), ("Guide", "Sources")])
def test_what_is_only_read_may_be_deleted(
    sheets: tuple[str, ...], demo: Path, run: Run, tmp_path: Path
) -> None:
    """No formula needs the Guide: who presents a plan may take it out."""
    path, out = tmp_path / "without.xlsx", tmp_path / "out.xlsx"
    book = openpyxl.load_workbook(demo)
    for sheet in sheets:
        del book[sheet]
    book.save(path)
    assert run("plan", path, "--json").code == 0
    for told in (("fill", path, DEMO, "-o", out, "--as-of", DAY), ("fill", "--update", path)):
        done = run(*told)
        assert done.code == 0, done.err
        assert "of your own" not in done.out
    made = openpyxl.load_workbook(out, data_only=True)
    assert made.sheetnames == [one for one in book.sheetnames if one not in sheets]
    assert made["Summary"]["B2"].value


@pytest.mark.parametrize("cases", [2, 4])
def test_settings_with_another_number_of_cases(
    cases: int, empty: Path, demo: Path, run: Run, tmp_path: Path
) -> None:
    settings = tmp_path / "cases.toml"
    names = ("base", "upside", "boom", "bust")[:cases]
    settings.write_text("".join(f'[[scenarios]]\nname = "{one}"\n' for one in names))
    out, told = tmp_path / "out.xlsx", ("--settings", settings)
    for command in (("fill", empty, DEMO, "-o", out, *told), ("fill", "--update", demo, *told)):
        done = run(*command)
        assert done.code == 2
        workbook = demo if "--update" in command else empty
        assert f"[[scenarios]] has {cases} rows, and {workbook} has 3 cases" in done.err
        assert "give 3, or plan all of them with csmcalc timeline" in done.err
        assert len(done.err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_protected_sheet_is_read(demo: Path, run: Run, tmp_path: Path) -> None:
    path, _ = protected_sheet(demo, tmp_path / "protected.xlsx")
    assert run("plan", path, "--json").code == 0


def test_sheets_of_ones_own_may_be_protected(demo: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    book = openpyxl.load_workbook(demo)
    book.create_sheet("Mine").protection.enable()
    book.save(path)
    assert run("fill", "--update", path).code == 0


MESSY = Path(__file__).parents[1] / "files" / "messy"


@pytest.mark.parametrize("path", sorted(MESSY.glob("*.xls*")), ids=lambda path: path.stem)
def test_hostile_files_as_a_workbook(path: Path, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    shutil.copy(path, copy)
    for told in (("fill", copy, DEMO, "-o", tmp_path / "out.xlsx"), ("fill", "--update", copy)):
        done = run(*told)
        assert done.code == 2
        assert "Traceback" not in done.err
        assert copy.name in done.err
        assert len(done.err) < 600
    assert [one.name for one in tmp_path.iterdir()] == [copy.name]
