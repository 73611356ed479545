"""The generated add-in is fresh, and each function answers through xlwings as the library does."""

from __future__ import annotations

from typing import Any

import pytest

from addin.build import stale
from csmcalc.catalog import CATALOGUE
from tests.excel.processes import answers_of


@pytest.fixture(scope="module")
def calls() -> Any:
    return answers_of("tests.excel.calls")


def test_generated_files_are_fresh() -> None:
    assert stale() == [], "run python -m addin.build"


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE])
def test_xlwings_gives_what_the_library_says(name: str, calls: Any) -> None:
    answers = calls["answers"][name]
    assert len(answers) >= 2
    assert [answer for answer in answers if answer] == []


def test_nothing_of_xlwings_that_needs_a_key_is_imported(calls: Any) -> None:
    assert calls["paid"] == []
