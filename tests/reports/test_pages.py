"""Printed pages of the plan's workbook begin with a heading, and none is cut but there."""

from __future__ import annotations

import itertools

import pytest

from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.book import Kind
from csmcalc.reports import theme
from csmcalc.reports.model import Look, Table, Text
from csmcalc.reports.page import FIRST_COLUMN
from csmcalc.reports.plan_report import plan_report
from csmcalc.reports.sheets.customers import UNITS
from tests.books import demo_book

REPORT = plan_report(make_plan(demo_book(), Settings()))


@pytest.mark.parametrize("name", ["Value", "Assumptions"])
def test_a_page_begins_with_a_heading(name: str) -> None:
    sheet = next(one for one in REPORT.sheets if one.name == name)
    headings = set()
    for one in sheet.placed:
        if isinstance(one.block, Text) and one.block.cell.look is Look.SECTION:
            headings.add(one.row)
        elif isinstance(one.block, Table) and one.column == FIRST_COLUMN:
            rows = enumerate(one.block.rows, start=one.row + 1)
            headings |= {row for row, cells in rows if cells[0].look is Look.STRONG}
    assert sheet.breaks
    assert {at + 1 for at in sheet.breaks} <= headings
    assert sheet.repeated_row is None, "the heading of one table would stand above the others"


def test_no_page_of_the_assumptions_is_cut_but_where_one_begins() -> None:
    sheet = next(one for one in REPORT.sheets if one.name == "Assumptions")
    page = sum(width * 5.25 + 3.75 for width in sheet.widths) / (842 - 72) * (595 - 97)
    assert sheet.printed
    for before, end in itertools.pairwise([0, *sheet.breaks, sheet.printed[0]]):
        rows = range(before + 1, end + 1)
        assert sum(sheet.heights.get(row, theme.ROW_HEIGHT) for row in rows) <= page, rows


def test_numbers_of_a_list_fit_any_column() -> None:
    """852.2666666667 hours in a column for 12 letters would show ###, and so would General."""
    shown = theme.number_format(UNITS[Kind.NUMBER], "EUR").partition(";")[0]
    whole, point, decimals = shown.partition(".")
    assert (whole, point) == ("#,##0", ".")
    assert 0 < len(decimals.removesuffix("_)")) <= 4
