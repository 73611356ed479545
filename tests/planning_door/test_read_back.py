"""What somebody changed in the workbook is what is planned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csmcalc.plan.settings import Settings
from csmcalc.planning.damage import Damage
from csmcalc.planning.opened import open_planning
from csmcalc.planning.reading import read_inputs
from tests.engines.office import Office
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.office_edit import edited
from tests.planning_door.workbooks import cell_as, changed, number, part_of, text, where

TOLD = ("source", "recognised", "notes", "problems", "checks")
"""What a workbook says of itself, and a list of itself."""


def settings_in(path: Path) -> Settings:
    damage = Damage(str(path))
    inputs = read_inputs(open_planning(path), damage)
    assert inputs, damage.found
    return inputs.settings


def answers(run: Run, *arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.code == 0, done.err
    return {key: v for key, v in json.loads(done.out).items() if key not in TOLD}


def same(one: Any, other: Any) -> None:
    """The same answers, but for the order in which they were summed."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            same(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same(a, b)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-6)
    else:
        assert one == other


def test_the_defaults_are_read_as_they_are(empty: Path, demo: Path) -> None:
    assert settings_in(empty) == settings_in(demo) == Settings()


def test_a_filled_workbook_plans_as_its_list(demo: Path, run: Run) -> None:
    same(answers(run, "plan", demo), answers(run, "plan", DEMO, "--as-of", DAY))


def test_options_win_over_the_workbook(demo: Path, run: Run, tmp_path: Path) -> None:
    settings = tmp_path / "plan.toml"
    settings.write_text("[pay]\note = 150000\n")
    told = ("--set", "capacity.pto=200", "--settings", settings)
    expected = answers(run, "plan", DEMO, "--as-of", "2026-11-30", *told)
    found = answers(run, "plan", demo, "--as-of", "2026-11-30", *told)
    same(found, expected)


TYPED = [
    ("gross_margin", number(0.7), ("margin.gross_margin=0.7",)),
    ("team_csms", number(17.0), ("team.csms=17",)),
    ("timeline_churn", number(0.2), ("timeline.churn=0.2",)),
    ("timeline_start", text("2027-03"), ("timeline.start=2027-03",)),
    ("timeline_start", number(46447.0), ("timeline.start=2027-03",)),
    ("profitability_method", text("median"), ("bcg.profitability_method=median",)),
    ("live_case", text("downside"), ("timeline.scenario=downside",)),
    ("value_years", number(5.0), ("value.years=5",)),
    ("books_rule_1", text("balance arr within 10%"), ('books.rules=["balance arr within 10%"]',)),
]


@pytest.mark.parametrize(("name", "rest", "told"), TYPED)
def test_a_typed_input_is_the_setting(
    name: str, rest: str, told: tuple[str, ...], empty: Path, tmp_path: Path
) -> None:
    from csmcalc.io.settings import with_assignments

    path = tmp_path / "typed.xlsx"
    sheet, cell = where(empty, name)
    cell = cell.partition(":")[0]
    changed(empty, path, {part_of(empty, sheet): cell_as(cell, rest)})
    assert settings_in(path) == with_assignments(Settings(), told)


def test_rows_of_tables(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    cells = {
        "categories_8_name": text("platinum"),
        "categories_8_tier": text("dedicated"),
        "minimum_service_1_account": text("AC-1"),
        "minimum_service_1_hours": number(40.0),
        "growth_2_churn": number(0.3),
    }

    def change(content: str) -> str:
        for name, rest in cells.items():
            content = cell_as(where(empty, name)[1], rest)(content)
        return content

    changed(empty, path, {part_of(empty, "Inputs"): change})
    settings = settings_in(path)
    assert [(one.name, one.tier) for one in settings.categories][-1] == ("platinum", "dedicated")
    assert [(one.account, one.hours) for one in settings.minimum_service] == [("AC-1", 40.0)]
    growth = settings_in(path).growth
    assert [(one.churn, one.expansion) for one in growth] == [(0.3, None)]
    assert growth[0].segment == "Cash Cow"


@pytest.fixture(scope="module")
def worked_on(demo: Path, folder: Path, office: Office) -> Path:  # noqa: ARG001
    """The demo after somebody worked on it in LibreOffice."""
    edits = [
        ("type", *where(demo, "pto"), 250.0),
        ("type", *where(demo, "ote"), "=100000+60000"),
        ("type", *where(demo, "scenarios_1_churn"), 1.5),
        ("type", *where(demo, "timeline_new_accounts"), 0.25),
        ("type", *where(demo, "live_case"), "upside"),
        ("type", "Customers", "D6", 5_000_000.0),
        ("type", "Customers", "G7", "churned"),
        ("type", "Books", _first_fte(demo), 0.5),
        ("insert rows", "Inputs", 2, 2),
        ("insert rows", "Customers", 2, 1),
        ("insert columns", "Headcount", 1, 1),
        ("rename sheet", "Inputs", "Eingaben"),
        ("new sheet", "Notes"),
        ("type", "Notes", "A1", "=SUM(Customers.AE7:AE300)"),
    ]
    return edited(demo, folder / "worked_on.xlsx", edits, folder / "profile")


def _first_fte(path: Path) -> str:
    """The FTE of the first CSM on Books."""
    import openpyxl

    sheet = openpyxl.load_workbook(path)["Books"]
    header = int(sheet.tables["Csms"].ref.partition(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    heading = next(cell for cell in sheet[header] if cell.value == "FTE")
    return f"{heading.column_letter}{header + 1}"


SAME_BY_HAND = (
    "--set", "capacity.pto=250", "--set", "pay.ote=160000", "--set", "timeline.new_accounts=0.25",
    "--set", "timeline.scenario=upside",
)  # fmt: skip


@pytest.fixture
def by_hand(demo: Path, tmp_path: Path) -> tuple[object, ...]:
    """The same told on a command line: a list with the changes, and the settings."""
    import openpyxl

    sheet = openpyxl.load_workbook(demo, data_only=True)["Customers"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, min_col=2)]
    heads = rows[0]
    wanted = {
        "Account id": "Account id", "Account": "Account", "ARR in list": "ARR", "Status": "Status",
        "Category": "Category", "Owner": "Owner", "Region": "Region",
        "Customer since": "Customer since", "Renewal": "Renewal", "Prior ARR": "Prior ARR",
        "Gross margin in list": "Gross margin", "Support cost in list": "Support cost",
        "Health": "Health", "CAC": "CAC",
    }  # fmt: skip
    lines = [",".join(f'"{title}"' for title in wanted.values())]
    for at, row in enumerate(rows[1:]):
        told = dict(zip(heads, row, strict=True))
        told["ARR in list"] = 5_000_000 if at == 0 else told["ARR in list"]
        told["Status"] = "churned" if at == 1 else told["Status"]
        lines.append(",".join(_in_csv(told[heading]) for heading in wanted))
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    settings = tmp_path / "cases.toml"
    settings.write_text(
        '[[scenarios]]\nname="base"\nchurn=1.5\n\n'
        '[[scenarios]]\nname="upside"\nnew_accounts=1.25\nchurn=0.8\nexpansion=1.2\n\n'
        '[[scenarios]]\nname="downside"\nnew_accounts=0.6\nchurn=1.3\nexpansion=0.7\n'
    )
    return path, "--as-of", DAY, "--settings", settings, *SAME_BY_HAND


def _in_csv(value: Any) -> str:
    if value is None:
        return ""
    return f'"{value:%Y-%m-%d}"' if hasattr(value, "year") else f'"{value}"'


@pytest.mark.engine
def test_what_was_changed_is_what_is_planned(
    worked_on: Path, by_hand: tuple[object, ...], run: Run
) -> None:
    same(answers(run, "plan", worked_on), answers(run, "plan", *by_hand))
    same(answers(run, "optimise", worked_on), answers(run, "optimise", *by_hand))
    same(answers(run, "timeline", worked_on), answers(run, "timeline", *by_hand))


@pytest.mark.engine
def test_books_are_made_for_the_team_on_books(worked_on: Path, run: Run) -> None:
    books = answers(run, "assign", worked_on, "--seconds", 4)["books"]
    halved, *others = (books[name]["capacity"] for name in sorted(books, key=str.casefold))
    assert len(others) == 9
    assert others == [pytest.approx(2 * halved)] * 9, "half a CSM, typed on Books"


@pytest.mark.engine
def test_reports_of_slices(worked_on: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = run("report", "--plan", worked_on, "--by", "region", "-o", out, "--jobs", 1)
    assert done.code == 0, done.err
    assert len(list(out.glob("*.xlsx"))) >= 3
    assert "index.xlsx" in {path.name for path in out.iterdir()}


@pytest.mark.parametrize("option", ["--sheet", "--table", "--range"])
def test_options_for_lists_mean_nothing(option: str, demo: Path, run: Run) -> None:
    done = run("plan", demo, option, "Customers")
    assert done.code == 2
    assert f"{option} is for other lists" in done.err


def test_a_workbook_without_customers(empty: Path, run: Run, tmp_path: Path) -> None:
    done = run("plan", empty, "-o", tmp_path / "out.xlsx")
    assert done.code == 2
    assert "sheet Customers" in done.err
    assert list(tmp_path.iterdir()) == []


def test_assign_needs_a_team(run: Run) -> None:
    done = run("assign", DEMO)
    assert done.code == 2
    assert "--csms" in done.err


def test_columns_of_the_workbook_were_not_told_by_an_option(
    demo: Path, run: Run, tmp_path: Path
) -> None:
    done = run("plan", demo, "-o", tmp_path / "plan.xlsx")
    assert done.code == 0
    assert "by its header" in done.out
    assert "--column" not in done.out


def test_a_case_that_is_called_by_a_number(empty: Path, tmp_path: Path) -> None:
    """Spreadsheets take 2027 for a number, in the list of cases and in the choice of one."""
    path, cells = tmp_path / "typed.xlsx", ("scenarios_2_name", "live_case")

    def change(content: str) -> str:
        for name in cells:
            content = cell_as(where(empty, name)[1], number(2027.0))(content)
        return content

    changed(empty, path, {part_of(empty, "Scenarios"): change})
    settings = settings_in(path)
    assert settings.timeline.scenario == settings.scenarios[1].name == "2027"
