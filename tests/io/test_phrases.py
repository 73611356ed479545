"""Notes and messages: the right number of the noun, whole amounts, options that exist."""

import ast
import re
from pathlib import Path

import pytest
import typer

import csmcalc.io
from csmcalc.cli.app import app

SINGULARS = re.compile(
    r"(?<![\d.,])1 (?:[a-z]+ )?(?:accounts|rows|contracts|months|fields|columns)\b"
)
ACCOUNTS = "Account ID,Name,Status\nA1,Acme,active\n"


def option_names():
    commands = typer.main.get_command(app).commands
    reading = [commands[name] for name in ("plan", "report")]
    return {name for one in reading for parameter in one.params for name in parameter.opts}


def texts(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


@pytest.mark.parametrize(
    "path", sorted(Path(csmcalc.io.__file__).parent.rglob("*.py")), ids=lambda path: path.name
)
def test_messages_speak_of_options_that_exist(path):
    named = {
        option
        for text in texts(path)
        if isinstance(text, str)
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
    }
    assert named <= option_names()


def singular_notes(lists):
    yield from lists.book(
        "ID,ARR,MRR,Status,Churn date,CSM\n1,,5,Purple,,TBD\n2,7,,Active,2026-01-01,Ann\n"
    ).notes
    yield from lists.book(
        ACCOUNTS.replace("active", "churned") + "A2,Beta,\n",
        subscriptions="Account ID,Amount,Close date\n"
        "A1,5,2026-08-02\nA2,5,2026-08-02\nX1,5,2026-08-02\n",
        deal_term_months=1,
    ).notes
    yield from lists.book(ACCOUNTS, subscriptions="Account ID,ARR\nA1,5\n").notes
    yield lists.question(ACCOUNTS, subscriptions="Account ID,ARR,End\nA1,5,2020-01-01\n")
    yield lists.question("ID,ARR\n1,0\n")
    contracts = "Account,ARR\nBeta,1\n"
    yield lists.problems("Name\nBeta\nAcme,5\n", subscriptions=contracts)[0].wrong


def test_one_of_a_thing_is_singular(lists):
    notes = list(singular_notes(lists))
    assert len([note for note in notes if re.search(r"\b1 (?:active )?[a-z]+\b", note)]) >= 8
    assert [note for note in notes if SINGULARS.search(note)] == []


def test_amounts_in_notes_are_whole_and_have_their_currency(lists):
    contracts = "Account ID,ARR (EUR)\nA1,121915296.40\nX1,1500.5\n"
    notes = lists.book(ACCOUNTS, subscriptions=contracts).notes
    assert "EUR 121,916,797 a year" in notes[0]
    assert "EUR 1,500 a year" in notes[1]
    plain = lists.book(ACCOUNTS, subscriptions=contracts.replace(" (EUR)", "")).notes
    assert any("bringing 121,916,797 a year" in note for note in plain)
