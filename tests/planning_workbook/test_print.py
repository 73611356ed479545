"""What a board would stumble over on paper or on a chart, as far as a program can see it."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest

from csmcalc.plan.settings import SECTIONS, Settings
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Grid, Look, Report, Sheet, Table, Text, Unit
from csmcalc.reports.page import FIRST_COLUMN
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.planning.shipped import shipped
from csmcalc.reports.sheets.planning.filled import Filled
from tests.books import book, demo_book
from tests.planning_workbook.made import content, filled, nobody


@pytest.fixture(scope="module")
def report() -> Report:
    return planning_report(Filled(nobody().timeline, functions=True))


def texts(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    for one in sheet.placed:
        if isinstance(one.block, Text):
            yield one.row, one.column, one.block.cell


def test_nobody_is_told_of_settings_files() -> None:
    """Who works in the workbook has cells; [section] name is for files."""
    named = re.compile(rf"\[\[\w+\]\]|\[(?:{'|'.join(SECTIONS)})\]")
    workbook = openpyxl.load_workbook(io.BytesIO(shipped(functions=True)), data_only=True)
    for sheet in workbook:
        said = [c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
        for rule in sheet.data_validations.dataValidation:
            said += [rule.prompt or "", rule.error or ""]
        assert [one for one in said if named.search(one)] == [], sheet.title


def test_what_is_repeated_on_every_page_across_is_not_cut(report: Report) -> None:
    """Of a title only what stands above the repeated columns is printed again."""
    wide = [sheet for sheet in report.sheets if sheet.across > 1 and sheet.repeated_row]
    assert {sheet.name for sheet in wide} >= {"Customers", "Timeline"}
    for sheet in wide:
        room = sum(sheet.widths[FIRST_COLUMN - 1 : sheet.repeated_columns])
        for row, column, cell in texts(sheet):
            if column == FIRST_COLUMN and row < (sheet.repeated_row or 0) and not cell.formula:
                letters = len(str(cell.value)) * theme.STYLES[cell.look].size / 11
                assert letters <= room, (sheet.name, cell.value)


_WITH_HEADINGS = {"Inputs", "ValueInputs", "MonthInputs"}
"""Long tables that have headings among their rows."""


@pytest.mark.parametrize("name", ["Inputs", "Workings", "Checks", "Value", "Sources"])
def test_a_page_begins_with_a_heading(report: Report, name: str) -> None:
    sheet = next(one for one in report.sheets if one.name == name)
    sections = {row for row, column, c in texts(sheet)
                if c.look is Look.SECTION and column == FIRST_COLUMN}  # fmt: skip
    for one in sheet.placed:
        if isinstance(one.block, Table) and one.block.name in _WITH_HEADINGS:
            rows = enumerate(one.block.rows, start=one.row + 1)
            sections |= {row for row, cells in rows if cells[0].look is Look.STRONG}
    assert sheet.breaks
    assert {at + 1 for at in sheet.breaks} <= sections


@pytest.mark.parametrize("name", ["Inputs", "Workings", "Checks", "Sources"])
def test_no_page_is_cut_but_where_one_begins(report: Report, name: str) -> None:
    """A page as wide as the sheet is so many points high; A4 on its side is 1.41 times as wide."""
    sheet = next(one for one in report.sheets if one.name == name)
    page = sum(width * 5.25 + 3.75 for width in sheet.widths) / (842 - 72) * (595 - 97)
    assert sheet.printed
    ends = [*sheet.breaks, sheet.printed[0]]
    for before, end in itertools.pairwise([0, *ends]):
        rows = range(before + 1, end + 1)
        assert sum(sheet.heights.get(row, theme.ROW_HEIGHT) for row in rows) <= page, rows


def test_amounts_in_billions_take_nothing_else_with_them() -> None:
    """A rule that shows a column in billions must not show a headcount so: 0.0B CSMs."""
    made = io.BytesIO(content(filled(book(arr=[4e9, 3e9, 2e9]))))
    scaled = theme.number_format(Unit.SCALED, "")
    found = 0
    for sheet in openpyxl.load_workbook(made):
        for cells, rules in sheet.conditional_formatting._cf_rules.items():
            if not any(rule.dxf and rule.dxf.numFmt and "B" in rule.dxf.numFmt.formatCode
                       for rule in rules):  # fmt: skip
                continue
            within = [sheet.cell(*at) for area in cells.cells.ranges for at in area.cells]
            numbers = [one for one in within if one.data_type in ("n", "f")]
            shown = {one.number_format for one in numbers if one.value is not None}
            assert shown <= {scaled, "@_)"}, (sheet.title, cells.sqref, shown)
            found += bool(numbers)
    assert found > 50


def curve(made: Filled) -> dict[str, list[object]]:
    """The columns of what the chart of the value view draws."""
    sheets = planning_report(made).sheets
    table = next(one.block for sheet in sheets for one in sheet.placed
                 if isinstance(one.block, Table) and one.block.name == "ValueCurve")  # fmt: skip
    columns = zip(*table.rows, strict=True)
    heads = (one.heading for one in table.columns)
    return {h: [cell.value for cell in cells] for h, cells in zip(heads, columns, strict=True)}


def test_the_best_headcount_is_a_point_of_the_curve_and_clear_of_the_axis() -> None:
    made = filled(demo_book())
    best = made.plan.value.chosen.optimum
    drawn = curve(made)
    at = drawn["CSMs"].index(best.csms)
    assert drawn["Best"][at] == drawn["Net value"][at] == pytest.approx(best.net_value / 1e6)
    assert drawn["Label"][at] == str(best.csms)
    assert drawn["Net value"][:2] == [None, None]
    labelled = [int(str(one)) for one in drawn["Label"] if one]
    assert len({b - a for a, b in itertools.pairwise(labelled)}) == 1
    assert 6 <= len(labelled) <= 16


@pytest.mark.parametrize(
    ("arr", "unit"),
    [(3e4, "thousands"), (1e7, "millions"), (5e10, "billions")],
)
def test_the_chart_of_the_value_view_has_short_figures_and_says_their_unit(
    arr: float, unit: str
) -> None:
    made = filled(replace(book(arr=[arr] * 9), currency="JPY"), Settings().replace(
        "money", exchange_rate=arr / 1e5))  # fmt: skip
    drawn = curve(made)
    largest = max(abs(float(str(one))) for one in drawn["Net value"] if one is not None)
    assert 1 <= largest < 1000
    value = next(one for one in planning_report(made).sheets if one.name == "Value")
    said = [str(cell.value) for _, _, cell in texts(value)]
    assert f"Net value by headcount, in {unit} of JPY; shaded: within 1 % of the best" in said


def test_a_curve_of_many_csms_has_round_numbers_below() -> None:
    made = filled(book(arr=[400_000.0 + 100 * at for at in range(1_500)]))
    assert made.plan.view("arrears").csms > 500
    drawn = curve(made)
    labelled = [int(str(one).replace(",", "")) for one in drawn["Label"] if one]
    assert labelled
    assert len(labelled) <= 16
    assert [one for one in labelled if one % 50] == []


def test_hiring_of_nobody_is_said_so() -> None:
    made = filled(book(arr=[10_000.0, 9_000.0], owner=["Ann", "Ben"]))
    hiring = next(one for one in planning_report(made).sheets if one.name == "Hiring")
    said = [str(cell.value) for _, _, cell in texts(hiring)]
    assert "Requisitions: nobody is to be hired in these months" in said
    band = next(one.block for one in hiring.placed if isinstance(one.block, Grid))
    assert not [row.title for row in band.rows if row.title.startswith("Where each stands")]
    assert "Hiring ahead starts nobody over these months" in " ".join(said)
    assert "is worth as much as the optimum" in " ".join(said)


def test_what_does_not_fit_on_the_summary_is_counted() -> None:
    rows = {"arr": [9e5, 8e4, 700.0], "prior_arr": [8e5, 9e4, None], "growth": [0.2, None, None]}
    rows |= {"cac": [9e9, 1.0, 1.0], "hours": [3e3, 9.0, 9.0], "owner": ["Ann", "Ann", ""]}
    made = filled(book(**rows))
    report = planning_report(made)
    checks, looks = (
        next(one.block for sheet in report.sheets for one in sheet.placed
             if isinstance(one.block, Table) and one.block.name == name)
        for name in ("Checks", "Looks")
    )  # fmt: skip
    found = [str(row[2].value) for row in checks.rows if row[1].value == "LOOK"]
    *told, last = (str(row[1].value) for row in looks.rows)
    assert len(found) > len(looks.rows)
    assert told == [f"● {one}" for one in found[: len(told)]]
    assert last == f"● and {len(found) - len(told)} more, see Checks"
