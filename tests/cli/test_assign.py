"""`csmcalc assign`: books for a person and for a pipeline, and what stops them."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.errors import ExitCode
from tests.books import demo_path
from tests.cli.conftest import Run

CUSTOMERS = str(demo_path())
CSMS = str(demo_path().with_name("demo_csms.csv"))
DEMO = (CUSTOMERS, "--as-of", "2026-09-30")
QUICK = ("--seconds", "1")


def listed(folder: Path, text: str, name: str = "csms.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answered(run: Run, *options: str, csms: str = CSMS) -> dict[str, Any]:
    done = run("assign", *DEMO, "--csms", csms, "--json", *options)
    assert done.returncode == ExitCode.OK, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_workbook_has_its_sheets_and_the_terminal_says_what_is_proven(
    run: Run, tmp_path: Path
) -> None:
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "books.xlsx", *QUICK)
    assert done.returncode == ExitCode.OK, done.stderr
    sheets = openpyxl.load_workbook(tmp_path / "books.xlsx", read_only=True).sheetnames
    names = [row["CSM"] for row in rows(CSMS)]
    assert {"Summary", "Books", "Moves", "Checks", *names} <= set(sheets)
    assert "170 customers, 10 CSMs" in done.stdout
    assert "no books that keep every rule have fewer" in done.stdout
    assert "Written: books.xlsx" in done.stdout


def test_json_has_every_owner_and_the_proof_and_keeps_capacity(run: Run, tmp_path: Path) -> None:
    found = answered(run, "--seconds", "2")
    needed = {"owner", "value", "bound", "gap", "seconds", "hard_violations"}
    assert needed <= set(found)
    assert set(found["owner"]) == {row["Account ID"] for row in rows(CUSTOMERS)} - {
        row["Account ID"] for row in rows(CUSTOMERS) if row["Status"] != "active"
    }
    assert set(found["owner"].values()) <= {row["CSM"] for row in rows(CSMS)}
    assert found["hard_violations"] == 0
    assert 0 <= found["bound"] <= found["value"]
    assert found["gap"] == pytest.approx(found["value"] - found["bound"])
    assert found["value"] == pytest.approx(sum(found["terms"].values()))
    for name, book in found["books"].items():
        assert book["hours"] <= book["capacity"] + 1e-6
        assert book["customers"] == list(found["owner"].values()).count(name)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_steps_instead_of_time_can_be_repeated(run: Run) -> None:
    first, again = (answered(run, "--work", "3", "--seed", "7") for _turn in range(2))
    first.pop("seconds")
    again.pop("seconds")
    assert first == again


def test_rules_pins_and_exclusions_hold(run: Run) -> None:
    rules = (
        "customers at most 20 per CSM",
        "keep owner for tier = dedicated",
        "assign AC-1001 to Grace Lin",
        "keep AC-1002 from Farid Haddad",
        "keep at least 60% of arr with today's owner",
    )
    found = answered(run, "--seconds", "6", *(one for rule in rules for one in ("--rule", rule)))
    today = {row["Account ID"]: row for row in rows(CUSTOMERS)}
    assert max(Counter(found["owner"].values()).values()) <= 20
    assert found["owner"]["AC-1001"] == "Grace Lin"
    assert found["owner"]["AC-1002"] != "Farid Haddad"
    arr = {name: float(today[name]["ARR (USD)"]) for name in found["owner"]}
    kept = sum(arr[name] for name, csm in found["owner"].items() if today[name]["CSM"] == csm)
    assert kept >= 0.6 * sum(arr.values())
    costs = [cost["rule"] for cost in found["rule_costs"]]
    assert costs == list(rules[: len(costs)])
    assert costs


def test_what_if_a_csm_leaves_one_joins_and_little_moves(run: Run) -> None:
    found = answered(
        run, *QUICK, "--leaves", "Elena Rossi", "--joins", "Dana Wolf, ramp=0.4", "--fewest-moves"
    )
    today = {row["Account ID"]: row["CSM"] for row in rows(CUSTOMERS)}
    assert "Elena Rossi" not in found["owner"].values()
    hers = {name for name in found["owner"] if today[name] == "Elena Rossi"}
    moved = {name for name, csm in found["owner"].items() if today[name] != csm}
    assert hers <= moved
    assert {move["id"] for move in found["moves"]} == moved
    assert any("Dana Wolf joins" in asked for asked in found["asked"])
    assert found["books"]["Dana Wolf"]["capacity"] > 0


def test_a_rule_that_keeps_from_a_csm_who_leaves_holds_by_itself(run: Run) -> None:
    rule = "keep AC-1001 from Ben Carter"
    found = answered(run, *QUICK, "--leaves", "Ben Carter", "--rule", rule)
    assert found["asked"] == [f'Ben Carter leaves, rule "{rule}" then holds by itself']
    assert found["rules"] == []


def test_a_joining_csm_gets_what_the_ramp_allows(run: Run) -> None:
    books = answered(run, "--seconds", "2", "--joins", "Dana Wolf, ramp=0.4, hours=1065")["books"]
    assert 0.2 * 1065 <= books["Dana Wolf"]["hours"] <= 0.5 * 1065


def test_a_list_of_owners_alone(run: Run, tmp_path: Path) -> None:
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "owners.csv", *QUICK)
    assert done.returncode == ExitCode.OK, done.stderr
    assert len(rows(str(tmp_path / "owners.csv"))) == 170


def test_a_team_nobody_belongs_to_yet_shows_no_nan(run: Run, tmp_path: Path) -> None:
    csms = listed(tmp_path, "name,hours\nAna,9000\nBen,9000\n")
    done = run("assign", *DEMO, "--csms", csms, "-o", "b.xlsx", *QUICK)
    assert done.returncode == ExitCode.OK, done.stderr
    assert "nan" not in done.stdout
    assert "inf" not in done.stdout


LISTS = {
    "": "the file is empty",
    "name,hours\n": "the CSM list is empty",
    "hours\n5\n": "no column is recognised as the CSM's name",
    "name,hours\nAna,lots\n": "not a number",
    "name,hours\nAna,-3\n": "below 0",
    "name,ramp\nAna,250%\n": "above 1",
    "name,hours\nAna,5\n ana ,5\n": "stands twice: also in row 2",
    "name\nAna\nBen\n": "Ana, Ben may have 2,131 together",
    "name,hours,ramp\nAna,900,0\n": "no CSM of the list has hours now",
    "name,hours\nAna,1e30\n": "above 1,000,000",
    "name,fte\nAna,2\n": '"fte" has 2 (row 2): percent or fractions?',
    "name,fte\nAna,1\nBen,200%\n": "or the hours of a pool of CSMs",
    "name,hours\nAna,0\n": "no CSM of the list has hours now",
    "name,hours,Hours\nAna,5,6\n": 'say which one with --csm-column hours="hours"',
    "name,hours\nAna,100\nBen,100\n": "Ana, Ben may have 200 together; the smallest relaxation",
    "name,hours,region\nAna,99999,Mars\n": 'no CSM with hours serves region "EMEA"',
}


@pytest.mark.parametrize("text", LISTS)
def test_a_csm_list_that_cannot_be_used_is_one_message(run: Run, tmp_path: Path, text: str) -> None:
    csms = listed(tmp_path, text)
    done = run("assign", *DEMO, "--csms", csms, "-o", "b.xlsx", *QUICK)
    refused(done, LISTS[text], tmp_path, {csms})
    assert "--skip-bad-rows" not in done.stderr
    assert " --column" not in done.stderr


ASKED = {
    ("--rule", "balance ar within 10%"): 'did you mean "arr"',
    ("--rule", "keep owner for tier = hih touch"): 'did you mean "high touch"',
    ("--rule", "assign AC-1001 to Ben Cater"): 'did you mean "Ben Carter"',
    ("--rule", "assign AC-99999 to Ben Carter"): 'no customer has id "AC-99999"',
    ("--rule", "hours at most 10% of capacity"): '"hours at most 10% of capacity"',
    ("--rule", "arr at least 9M per book"): "alone is at least 3,567,990 per CSM",
    ("--rule", "customers at most 3 per CSM"): "170 customers, the 10 CSMs",
    ("--rule", "keep owner for owner = Ben Carter", "--leaves", "Ben Carter"): "nobody else who",
    ("--rule", "assign AC-1001 to ben carter", "--leaves", "Ben Carter"): "Ben Carter leaves",
    ("--rule", "keep owner", "--rule", "assign AC-1001 to Grace Lin"): "leaves customer AC-1001",
    ("--rule", "keep 100% of arr", "--rule", "assign AC-1001 to Grace Lin"): "lower its share",
    ("--leaves", "Ben Cater"): 'did you mean "Ben Carter"',
    ("--joins", "Dana Wolf, rmp=0.4"): 'did you mean "ramp"',
    ("--joins", "Dana Wolf, ramp=4"): "write a share from 0 to 1",
    ("--joins", "Dana Wolf, fte=2"): "a pool of CSMs is told by its hours",
    ("--joins", "Dana Wolf, fte=-1"): "fte is -1",
    ("--joins", "Ben Carter"): "is in the CSM list already",
    ("--work", "3"): "exclude each other",
    ("--csm-column", "hours=Capacity"): 'there is no column "Capacity"',
    ("--csm-column", "our=Hours"): '--csm-column our="Hours"',
    ("--csm-sheet", "Team"): "--csm-sheet",
}  # fmt: skip


@pytest.mark.parametrize("options", ASKED, ids=lambda options: " ".join(options))
def test_what_cannot_be_had_is_one_message(
    run: Run, tmp_path: Path, options: tuple[str, ...]
) -> None:
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "b.xlsx", *QUICK, *options)
    refused(done, ASKED[options], tmp_path)


def test_rules_of_the_settings_are_read_and_refused_by_name(run: Run, tmp_path: Path) -> None:
    settings = listed(tmp_path, '[books]\nrules = ["balance foo within 3%"]\n', "s.toml")
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "b.xlsx", "--settings", settings)
    refused(done, 's.toml: rule "balance foo within 3%"', tmp_path, {settings})


def test_sheets_of_a_csm_workbook_are_asked_for_by_their_own_option(
    run: Run, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for title in ("One", "Two"):
        sheet = book.create_sheet(title)
        for row in (("name", "hours"), ("Ana", 20_000)):
            sheet.append(row)
    book.remove(book["Sheet"])
    book.save(tmp_path / "team.xlsx")
    done = run("assign", *DEMO, "--csms", "team.xlsx", "-o", "b.xlsx", *QUICK)
    refused(done, "with --csm-sheet", tmp_path, {"team.xlsx"})
    found = answered(run, *QUICK, "--csm-sheet", "Two", csms="team.xlsx")
    assert set(found["owner"].values()) == {"Ana"}


def test_owners_whom_the_csm_list_has_not_are_told(run: Run, tmp_path: Path) -> None:
    named = Path(CSMS).read_text(encoding="utf-8").replace("Ines Moreau", "Inez Moreau")
    found = answered(run, *QUICK, csms=listed(tmp_path, named.replace("Ben Carter", " BEN carter")))
    assert "customers have owners whom the CSM list has not" in found["notes"][-1]
    assert "Ines Moreau (" in found["notes"][-1]
    assert "Ben" not in found["notes"][-1]
    assert not any("CSM list" in note for note in answered(run, *QUICK)["notes"])


@pytest.mark.parametrize("name", ["books.txt", "nowhere/books.xlsx", "nowhere/owners.csv"])
def test_what_cannot_be_written_is_told_before_the_work(
    run: Run, tmp_path: Path, name: str
) -> None:
    done = run("assign", *DEMO, "--csms", CSMS, "-o", name, "--json", *QUICK)
    words = "name it books.xlsx or books.csv" if name == "books.txt" else "does not exist"
    refused(done, words, tmp_path)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--seconds", "0"), "--seconds is 0; write a number of seconds of at least 0.05"),
        (("--seconds", "-1"), "--seconds is -1; write a number of seconds"),
        (("--seconds", "nan"), "--seconds is nan; write a number of seconds"),
        (("--work", "0"), "--work is 0; write a whole number of steps of at least 1"),
        (("--work", "-5"), "--work is -5; write"),
        (("--seed", "-1"), "--seed is -1; write a whole number of at least 0"),
    ],
)
def test_a_search_of_no_length_is_refused(
    run: Run, tmp_path: Path, option: tuple[str, str], words: str
) -> None:
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "b.xlsx", *option)
    refused(done, words, tmp_path)
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_shortest_search_gives_books_over_an_old_file(run: Run, tmp_path: Path) -> None:
    listed(tmp_path, "old", "owners.csv")
    done = run("assign", *DEMO, "--csms", CSMS, "-o", "owners.csv", "--seconds", "0.05")
    assert done.returncode == ExitCode.OK, done.stderr
    assert len(rows(str(tmp_path / "owners.csv"))) == 170


def test_the_lists_are_never_written_over(run: Run, tmp_path: Path) -> None:
    csms = listed(tmp_path, "name,hours\nAna,9000\n")
    done = run("assign", *DEMO, "--csms", csms, "-o", csms, *QUICK)
    refused(done, "would be overwritten", tmp_path, {csms})


def refused(
    done: subprocess.CompletedProcess[str],
    words: str,
    folder: Path,
    there: frozenset[str] | set[str] = frozenset(),
) -> None:
    """Exit code 2, the words, no traceback, nothing written."""
    assert done.returncode == ExitCode.BAD_INPUT, done.stderr
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert {path.name for path in folder.iterdir()} == set(there)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to whole consoles")
def test_ctrl_c_takes_the_best_books_so_far(tmp_path: Path) -> None:
    code = "from csmcalc.cli.app import main; main()"
    command = [sys.executable, "-c", code, "assign", *DEMO, "--csms", CSMS, "-o", "b.xlsx"]
    searching = subprocess.Popen(
        [*command, "--json", "--seconds", "600"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(10)
    searching.send_signal(signal.SIGINT)
    told, errors = searching.communicate(timeout=100)
    assert searching.returncode == ExitCode.OK, errors
    found = json.loads(told)
    assert found["interrupted"]
    assert found["hard_violations"] == 0
    assert len(found["owner"]) == 170
    assert (tmp_path / "b.xlsx").exists()
