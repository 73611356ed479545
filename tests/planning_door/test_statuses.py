"""Who counts as a customer is what the workbook's own words say, also of a list filled in."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import cell_as, changed, part_of, text, where

LIST = """Account id,Account,ARR,Status
A1,Alpha,90000,active
A2,Beta,80000,VIP
A3,Gamma,70000,
A4,Delta,60000,Trialing
A5,Epsilon,50000,trial
A6,Zeta,45000, Closed-Lost
A7,Eta,40000,customer
A8,Theta,0,active
"""


@pytest.fixture
def own_words(empty: Path, tmp_path: Path) -> Path:
    """A workbook in which a trial is planned, and a customer is none any more."""
    sheet, area = where(empty, "Statuses")
    shown = openpyxl.load_workbook(empty, read_only=True)[sheet][area]
    at = {row[0].value: row[1].coordinate for row in shown}

    def change(content: str) -> str:
        content = cell_as(at["trial"], text("planned"))(content)
        return cell_as(at["customer"], text("churned"))(content)

    return changed(empty, tmp_path / "own.xlsx", {part_of(empty, sheet): change})


def test_a_list_is_read_by_the_words_of_the_workbook(
    own_words: Path, run: Run, tmp_path: Path
) -> None:
    customers, out = tmp_path / "list.csv", tmp_path / "out.xlsx"
    customers.write_text(LIST)
    done = run("fill", own_words, customers, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    plan = json.loads(run("plan", out, "--json").out)
    sheet = openpyxl.load_workbook(out, data_only=True, read_only=True)["Customers"]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    at = {heading: n for n, heading in enumerate(rows[0]) if heading}
    found = {
        row[at["Account id"]]: (row[at["Status"]] or "", row[at["In plan"]]) for row in rows[1:]
    }
    assert found == {
        "A1": ("active", "planned"),
        "A2": ("VIP", "planned"),
        "A3": ("", "planned"),
        "A4": ("Trialing", "planned"),
        "A5": ("trial", "planned"),
        "A6": ("churned", "churned"),
        "A7": ("customer", "churned"),
        "A8": ("active", "no recurring revenue"),
    }
    assert plan["accounts"] == 5


def test_words_of_a_list_as_the_workbook_ships(empty: Path, run: Run, tmp_path: Path) -> None:
    customers, out = tmp_path / "list.csv", tmp_path / "out.xlsx"
    customers.write_text(LIST)
    assert run("fill", empty, customers, "-o", out, "--as-of", DAY).code == 0
    plan, listed = (
        json.loads(run("plan", *told, "--json").out)
        for told in ((out,), (customers, "--as-of", DAY))
    )
    assert plan["accounts"] == listed["accounts"]


WRONG = [
    (1, "churnd", 'is "churnd"; type planned, churned, trial, not a customer yet or deleted'),
    (1, "churned ", 'is "churned "; type planned'),
    (1, "", "is empty; type planned"),
    (0, " customer", 'type "customer"'),
    (0, "Active", "each word counts as one thing"),
]


@pytest.mark.parametrize(("at", "word", "said"), WRONG)
def test_a_wrong_word_among_the_statuses_is_told(
    at: int, word: str, said: str, demo: Path, run: Run, tmp_path: Path
) -> None:
    sheet, area = where(demo, "Statuses")
    shown = openpyxl.load_workbook(demo, read_only=True)[sheet][area]
    row = next(row for row in shown if row[0].value == "customer")
    cell = row[at].coordinate
    rest = text(word) if word else "/>"
    bad = changed(demo, tmp_path / "bad.xlsx", {part_of(demo, sheet): cell_as(cell, rest)})
    before = bad.read_bytes()
    for command in (("plan", bad, "--json"), ("fill", "--update", bad)):
        done = run(*command)
        assert done.code == 2, done.out
        assert f"{sheet}!{cell} ({('Status', 'Counts as')[at]})" in done.err
        assert said in done.err
    assert bad.read_bytes() == before
