"""Our VBA in an interpreter: errors are real, also in arrays; opening describes and warns."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pyopenvba.interpreter._values import error

from addin import vba
from csmcalc import __version__
from csmcalc.catalog import CATALOGUE
from csmcalc.errors import FaultKind
from csmcalc.excel.bridge import MARK
from tests.excel.processes import answers_of
from tests.excel.vba import Excel

NA, DIV0, NUM, VALUE = FaultKind.NA, FaultKind.DIV0, FaultKind.NUM, FaultKind.VALUE
GOOD = f"csmcalc {__version__}, xlwings 0.37.8"


@pytest.fixture(scope="module")
def calls() -> Any:
    return answers_of("tests.excel.vba")


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE])
def test_the_whole_way_gives_what_the_library_says(name: str, calls: Any) -> None:
    answers = calls["answers"][name]
    assert len(answers) >= 2
    assert [answer for answer in answers if answer] == []


def test_opening_the_workbook_with_the_right_versions_says_nothing(calls: Any) -> None:
    assert calls["status"] in (False, None, "")


def test_the_reason_of_the_last_error_is_told(calls: Any) -> None:
    assert "arr is -1" in calls["reason"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (15.0, 15.0),
        ("Star", "Star"),
        (True, True),
        ("#N/A", "#N/A"),
        ("", ""),
        *((MARK + kind.value, kind) for kind in FaultKind),
        (f"{MARK}#SPILL!", VALUE),
        ([1.0, f"{MARK}#NUM!", "Star"], [1.0, NUM, "Star"]),
        (
            [[1.5, f"{MARK}#N/A"], [f"{MARK}#DIV/0!", "#N/A"]],
            [[1.5, NA], [DIV0, "#N/A"]],
        ),
        ([[f"{MARK}#NUM!"], [2.0]], [[NUM], [2.0]]),
    ],
    ids=str,
)
def test_marks_become_errors_and_nothing_else_does(given: Any, shown: Any) -> None:
    assert Excel(lambda *_: given).call("CSM_RATIO", 1.0) == shown


def test_arguments_reach_python_in_order_and_what_is_left_out_is_told() -> None:
    seen: list[Any] = []
    excel = Excel(lambda name, given: seen.extend([name, *given]) or 1.0)
    excel.call("CSM_RATIO", 3e7)
    assert seen == ["CSM_RATIO", 3e7, -2147352572, -2147352572]


class Mortal:
    """A process that ends when it is told to."""

    def __init__(self, dies: list[bool]) -> None:
        self.dies = dies

    def __call__(self, *_: Any) -> float:
        if self.dies.pop(0):
            raise error(1000)
        return 7.0


def test_python_is_started_once_and_once_more_when_it_has_ended() -> None:
    excel = Excel(Mortal([False, False, True, False]))
    assert [excel.call("CSM_RATIO", 1.0) for _ in range(3)] == [7.0, 7.0, 7.0]
    assert excel.call("Starts") == 2


def test_a_python_that_does_not_start_is_an_error_and_is_not_waited_for_twice() -> None:
    excel = Excel(Mortal([True, False]))
    assert excel.call("CSM_RATIO", 1.0) is VALUE
    assert excel.call("Starts") == 1
    assert excel.call("CSM_RATIO", 1.0) == 7.0


def test_opening_gives_every_function_its_help() -> None:
    excel = Excel(lambda *_: GOOD)
    excel.app.run("Auto_Open")
    assert list(excel.described) == [entry.name for entry in CATALOGUE]
    for entry in CATALOGUE:
        options = excel.described[entry.name]
        assert options["Category"] == f"csmcalc {entry.group}"
        assert options["Description"] == entry.summary
        assert options["ArgumentDescriptions"].size == len(entry.arguments)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (f"{MARK}#VALUE!", "Python does not answer"),
        ("csmcalc 9.9.9, xlwings 0.37.8", "needs csmcalc"),
        (f"csmcalc {__version__}, xlwings 0.1", "needs csmcalc"),
    ],
)
def test_opening_with_other_versions_says_what_to_do(answer: str, says: str) -> None:
    excel = Excel(lambda *_: answer)
    excel.app.run("Auto_Open")
    assert says in excel.status
    assert "csmcalc addin doctor" in excel.status


def test_the_module_keeps_to_what_vba_can_hold() -> None:
    text = vba.content().decode("cp1252")
    assert "?" not in re.sub(r"#NAME\?", "", text), "a letter that Windows-1252 does not have"
    for line in text.split("\r\n"):
        assert len(line) <= 1023
    for statement in re.findall(r"(?:[^\r\n]* _\r\n)+", text):
        assert statement.count(" _\r\n") <= 24
    assert max(map(len, re.split(r"End (?:Sub|Function)", text))) < 64_000


ATTACKS = "open|write|output|run|call|shell|exec|chr|chrw|environ|kill|lib|command|createobject|hex"


def test_the_module_has_no_word_that_scanners_take_for_an_attack() -> None:
    """What they say of xlwings' module stands in docs/excel-limits.md; ours gives them nothing."""
    text = vba.content().decode("cp1252")
    assert re.findall(rf"(?i)\b(?:{ATTACKS})\b", text) == [], "say it in another word"
