"""A long sheet written before the rest of its workbook is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from csmcalc.io.files.package import Limits
from csmcalc.reports.template import Template
from csmcalc.reports.template.archive import Archive
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.compile import compile_content, context_of, template_of_sheet
from csmcalc.reports.template.parts import read_template
from tests.reports.templates import accounts, saved, workbook

CONTENT = saved(workbook())
SHEET = "xl/worksheets/sheet2.xml"


def columns(count: int = 1500) -> dict[str, Column]:
    return {heading: Column(values) for heading, values in accounts(count).items()}


def alone() -> Template:
    """The sheet with the table as a template of its own."""
    context = context_of(read_template("t.xlsx", CONTENT, Limits()))
    return template_of_sheet(context, next(s for s in context.sheets if s.part == SHEET))


def whole() -> Template:
    return compile_content("t.xlsx", CONTENT, Limits())


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that are written piece by piece into a workbook."""
    found: list[str] = []
    usual = Archive.stream

    def stream(self: Archive, name: str, pieces: Any) -> None:
        found.append(name)
        usual(self, name, pieces)

    monkeypatch.setattr(Archive, "stream", stream)
    return found


def test_it_is_taken_and_the_file_is_the_same(streamed: list[str]) -> None:
    data, names = {"Accounts": columns()}, {"rate": 0.25, "month": "May"}
    usual = whole().stamp(data, names)
    assert streamed == [SHEET]
    ahead = alone().ahead(data)
    assert [one.part.name for one in ahead] == [SHEET]
    assert whole().stamp(data, names, ahead) == usual
    assert streamed == [SHEET], "nothing was written again"


@pytest.mark.parametrize("what", ["a column", "fewer rows", "other objects"])
def test_it_is_not_taken_for_other_data(what: str, streamed: list[str]) -> None:
    ahead, now = alone().ahead({"Accounts": columns()}), columns()
    if what == "a column":
        now["ARR"] = Column(np.arange(1500.0))
    elif what == "fewer rows":
        now = columns(1400)
    made = whole().stamp({"Accounts": now}, ahead=ahead)
    assert streamed == [SHEET]
    assert made == whole().stamp({"Accounts": now})


def test_it_is_not_taken_where_something_beside_the_table_differs(streamed: list[str]) -> None:
    data, names = {"Accounts": columns()}, {"owner": "Ann"}  # who stands in the sheet's footer
    ahead = alone().ahead(data)
    made = whole().stamp(data, names, ahead)
    assert streamed == [SHEET]
    assert made == whole().stamp(data, names)


def test_short_sheets_are_not_written_ahead() -> None:
    assert alone().ahead({"Accounts": columns(40)}) == ()
