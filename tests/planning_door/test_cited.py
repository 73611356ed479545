"""Inputs that no plan can be made of: every command names the cell they stand in."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from csmcalc.cli.printing import json_text
from csmcalc.io.options import ReadOptions
from csmcalc.plan.timeline.digest import timeline_digest
from csmcalc.planning.customers import book_of, options_of, team_of
from csmcalc.planning.damage import Damage
from csmcalc.planning.fill import planned
from csmcalc.planning.given import look_through
from csmcalc.planning.opened import open_planning
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.test_read_back import answers, same, settings_in
from tests.planning_door.workbooks import cell_as, changed, number, part_of, text, where

READING = [
    ("plan", "{}", "--json"),
    ("optimise", "{}", "--json"),
    ("timeline", "{}", "--json"),
    ("assign", "{}", "--json", "--work", "1"),
]
WRITING = [("fill", "--update", "{}", "-o", "{out}"), ("fill", "{}", str(DEMO), "-o", "{out}")]
SLICING = [("report", "--plan", "{}", "--by", "region", "-o", "{out}.d", "--jobs", "1")]


def typed(source: Path, out: Path, cells: dict[str, str]) -> Path:
    """A copy with inputs typed into cells, which are told by their names."""

    def change(content: str) -> str:
        for name, rest in cells.items():
            content = cell_as(where(source, name)[1].partition(":")[0], rest)(content)
        return content

    return changed(source, out, {part_of(source, "Inputs"): change})


def ran(run: Run, command: tuple[str, ...], path: Path, folder: Path) -> tuple[int, str]:
    done = run(*(one.format(path, out=folder / f"out of {path.stem}.xlsx") for one in command))
    return done.code, " ".join((done.err or done.out).split())


@pytest.mark.parametrize("command", [*READING, *WRITING, *SLICING], ids=lambda one: one[0])
def test_least_hours_of_an_account(
    command: tuple[str, ...], demo: Path, run: Run, tmp_path: Path
) -> None:
    cells = {
        "minimum_service_1_account": text("AC-1010"),
        "minimum_service_1_hours": number(5.0),
    }
    good = typed(demo, tmp_path / "good.xlsx", cells)
    assert ran(run, command, good, tmp_path)[0] == 0
    unknown = typed(good, tmp_path / "bad.xlsx", {"minimum_service_1_account": text("AC-77")})
    code, said = ran(run, command, unknown, tmp_path)
    sheet, cell = where(demo, "minimum_service_1_account")
    assert code == 2
    assert f'{sheet}!{cell}: [[minimum_service]] names "AC-77"; no account has this id' in said


def test_least_hours_of_a_workbook_are_those_of_its_list(
    demo: Path, run: Run, tmp_path: Path
) -> None:
    cells = {
        "minimum_service_1_account": text("AC-1010"),
        "minimum_service_1_hours": number(40.0),
    }
    told = tmp_path / "told.toml"
    told.write_text('[[minimum_service]]\naccount = "AC-1010"\nhours = 40\n')
    good = typed(demo, tmp_path / "good.xlsx", cells)
    expected = answers(run, "optimise", DEMO, "--as-of", DAY, "--settings", told)
    same(answers(run, "optimise", good), expected)
    filled = tmp_path / "filled.xlsx"
    done = run("fill", demo, DEMO, "-o", filled, "--settings", told)
    assert done.code == 0, done.err
    assert settings_in(filled) == settings_in(good)
    same(answers(run, "optimise", filled), expected)


def test_what_a_settings_file_tells_stands_in_no_cell(demo: Path, run: Run, tmp_path: Path) -> None:
    told = tmp_path / "told.toml"
    told.write_text('[[minimum_service]]\naccount = "AC-77"\nhours = 40\n')
    done = run("plan", demo, "--json", "--settings", told)
    assert done.code == 2
    assert '"AC-77"; no account has this id' in done.err
    assert "Inputs!" not in done.err


def test_an_id_that_was_typed_as_a_number(empty: Path, tmp_path: Path) -> None:
    cells = {
        "minimum_service_1_account": number(12345678.0),
        "minimum_service_1_hours": number(5.0),
    }
    path = typed(empty, tmp_path / "typed.xlsx", cells)
    assert [one.account for one in settings_in(path).minimum_service] == ["12345678"]


BAD = [
    ("timeline_start", {"timeline_start": text("2020-01")}, '"2020-01"'),
    ("books_rule_2", {"books_rule_2": text("nonsense here")}, '"nonsense here": not understood'),
    (
        "growth_1_segment",
        {"growth_1_segment": text("Stella"), "growth_1_churn": number(0.5)},
        '"Stella" is not known; did you mean "Star"?',
    ),
    (
        "minimum_service_2_account",
        {"minimum_service_2_account": text("AC-1010"), "minimum_service_2_hours": number(1e5)},
        'account "AC-1010" has a minimum of 100,000 hours',
    ),
    (
        "categories_8_name",
        {"categories_8_name": text("platinum"), "categories_8_tier": text("none")},
        '"platinum" leads to tier "none"',
    ),
]


@pytest.mark.parametrize(("name", "cells", "words"), BAD, ids=[one[0] for one in BAD])
def test_the_cell_is_named(
    name: str, cells: dict[str, str], words: str, demo: Path, run: Run, tmp_path: Path
) -> None:
    bad = typed(demo, tmp_path / "bad.xlsx", cells)
    sheet, cell = where(demo, name)
    for command in (READING[2], WRITING[0]):
        code, said = ran(run, command, bad, tmp_path)
        assert code == 2
        assert f"bad.xlsx: {sheet}!{cell}: " in said, said
        assert words in said
    assert not (tmp_path / "out of bad.xlsx").exists()


def test_a_rule_that_nobody_can_keep_names_its_cell(demo: Path, run: Run, tmp_path: Path) -> None:
    bad = typed(demo, tmp_path / "bad.xlsx", {"books_rule_3": text("assign id = AC-77 to Ana")})
    code, said = ran(run, READING[3], bad, tmp_path)
    sheet, cell = where(demo, "books_rule_3")
    assert code == 2
    assert f'{sheet}!{cell}: rule "assign id = AC-77 to Ana"' in said


@pytest.mark.parametrize("again", ["Ana Silva", "ana silva"])
def test_a_csm_twice_on_books(again: str, demo: Path, run: Run, tmp_path: Path) -> None:
    """Cells of Books would count the customers of such a CSM for both."""

    def change(content: str) -> str:
        return cell_as("B14", text(again))(cell_as("B13", text("Ana Silva"))(content))

    bad = changed(demo, tmp_path / "bad.xlsx", {part_of(demo, "Books"): change})
    for command in (*READING, *WRITING, *SLICING):
        code, said = ran(run, command, bad, tmp_path)
        assert code == 2
        assert f'Books!B14 (CSM) "{again}" stands twice: also in Books!B13; leave one' in said
    assert not (tmp_path / "out of bad.xlsx").exists()


def test_reports_of_slices_count_the_team_on_books(demo: Path, run: Run, tmp_path: Path) -> None:
    """Owners who are not on Books are no CSMs of today, in slices as in the plan."""
    left = changed(demo, tmp_path / "left.xlsx", {part_of(demo, "Books"): cell_as("B13", "/>")})
    done = run("report", "--plan", left, "--by", "region", "-o", tmp_path / "run", "--jobs", 1)
    assert done.code == 0, done.err
    index = openpyxl.load_workbook(tmp_path / "run" / "index.xlsx", data_only=True)["Index"]
    rows = list(index.iter_rows(values_only=True))
    today = next(row for row in rows if row[1] == "Today")
    assert today[2:5] == (9, 9, 9), "demand of the whole, of slices together, of the whole"
    assert answers(run, "plan", left)["views"]["today"]["csms"] == 9


def test_a_number_as_the_name_of_a_csm(demo: Path, tmp_path: Path) -> None:
    part = part_of(demo, "Books")
    path = changed(demo, tmp_path / "number.xlsx", {part: cell_as("B13", number(12345678.0))})
    damage = Damage(path.name)
    team = team_of(open_planning(path), damage)
    assert next(one.name for one in team if one) == "12345678", damage.found


@pytest.mark.parametrize("segment", [1, 5], ids=["Star", "No verdict"])
def test_months_of_segments_that_a_list_without_growth_does_not_have(
    segment: int, empty: Path, run: Run, tmp_path: Path
) -> None:
    listed, filled = tmp_path / "list.csv", tmp_path / "filled.xlsx"
    listed.write_text("id,name,arr\nA,Ada,90000\nB,Bob,20000\nC,Cleo,700\n")
    assert run("fill", empty, listed, "-o", filled, "--as-of", DAY).code == 0
    grown = typed(filled, tmp_path / "grown.xlsx", {f"growth_{segment}_churn": number(0.5)})
    given = look_through(grown)
    book = book_of(given.opened, options_of(ReadOptions(as_of=given.inputs.as_of), given.inputs))
    expected = timeline_digest(planned(book, given.inputs).timeline, ("base",))
    told = answers(run, "timeline", grown)
    same(told, json.loads(json_text({k: v for k, v in expected.items() if k in told})))
    assert told["segments"] == ["Star", "Cash Cow", "Question Mark", "Poor Dog", "No verdict"]
    closing = [line["accounts_close"] for line in told["records"]]
    plain = [line["accounts_close"] for line in answers(run, "timeline", filled)["records"]]
    assert (closing != plain) == (segment == 5), "nobody is a Star"
    assert run("timeline", grown, "-o", tmp_path / "months.xlsx").code == 0
    sliced = ("report", "--plan", grown, "--by", "id", "--scenarios", "base", "--jobs", 1)
    done = run(*sliced, "-o", tmp_path / "run")
    assert done.code == 0, done.err
