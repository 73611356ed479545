"""What a program can check of FAST: Flexible, Appropriate, Structured, Transparent."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from csmcalc.core.setting import settings_of
from csmcalc.plan.cells import (
    AS_OF,
    CURRENCY,
    ELSEWHERE,
    LIVE_CASE,
    ROOM,
    RULES,
    row_cell,
    rule_cell,
    setting_cell,
)
from csmcalc.plan.settings import TABLES
from csmcalc.reports import theme
from csmcalc.reports.model import Grid
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.planning.shipped import shipped
from csmcalc.reports.references import grid_rows
from csmcalc.reports.sheets.planning.constants import with_names
from tests.planning_workbook.made import S, demo, nobody

NO_INPUTS = {"Guide"}
"""Sheets on which blue on yellow only shows what it means."""


@cache
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(demo()))


def all_formulas() -> Iterator[tuple[str, str, str]]:
    for sheet in book():
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    text = cell.value if isinstance(cell.value, str) else cell.value.text
                    yield sheet.title, cell.coordinate, text


def inputs() -> Iterator[tuple[str, Any]]:
    """Every cell that looks like an input."""
    for sheet in book():
        if sheet.title in NO_INPUTS:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.fill.fgColor.rgb == f"00{theme.INPUT_WASH}" and cell.fill.fill_type:
                    yield sheet.title, cell


# --- formulas --------------------------------------------------------------------------------


def test_no_constant_in_a_formula_beside_0_and_1() -> None:
    # Where a formula looks does not matter here: of those that differ in it alone one is read.
    distinct = {_CELL.sub("A1", formula): (sheet, at) for sheet, at, formula in all_formulas()}
    assert len(distinct) > 300
    assert {at: formula for formula, at in distinct.items() if constants(formula)} == {}


_CELL = re.compile(r"\$?\b[A-Z]{1,3}\$?\d+\b")


def constants(formula: str) -> set[str]:
    tokens = Tokenizer(formula).items
    return {t.value for t in tokens if t.subtype == "NUMBER"} - {"0", "1"}


def test_a_constant_without_a_name_is_refused() -> None:
    with pytest.raises(LookupError, match="the constant 7 of A1"):
        with_names("A1*7")


def test_no_function_hides_what_a_formula_rests_on() -> None:
    hidden = re.compile(r"\b(OFFSET|INDIRECT|TODAY|NOW|RAND|RANDBETWEEN|CELL|INFO)\(")
    assert [one for one in all_formulas() if hidden.search(one[2])] == []


def test_no_circle_is_allowed() -> None:
    """Formulas that went in circles would stand as errors in every recalculation."""
    assert not book().calculation.iterate


def test_a_row_of_months_has_one_formula() -> None:
    report = planning_report(nobody())
    rows = dict(grid_rows(report))
    assert len(rows) > 150
    for key, line in rows.items():
        sheet, first = book()[line.sheet], line.opening + 1
        origin = f"{get_column_letter(first)}{line.row}"
        formula = sheet[origin].value
        for column in range(first + 1, line.last + 1):
            at = f"{get_column_letter(column)}{line.row}"
            there = sheet[at].value
            if not str(formula).startswith("="):
                assert not str(there).startswith("="), (key, at)
                continue
            # The first month looks at the opening, the others at the month before: one formula.
            assert there == Translator(formula, origin).translate_formula(at), (key, at)


def test_a_column_of_a_list_has_one_formula() -> None:
    checked = 0
    for sheet in book():
        for table in sheet.tables.values():
            first, last = table.ref.split(":")
            for at, column in enumerate(table.tableColumns):
                told = column.calculatedColumnFormula
                formulas = {
                    row[at].value
                    for row in sheet[first:last][1:]
                    if str(row[at].value).startswith("=")
                }
                expected = set() if told is None else {f"={told.attr_text}"}
                assert formulas == expected, (table.name, column.name)
                checked += bool(expected)
    assert checked > 25


# --- labels ----------------------------------------------------------------------------------


def test_every_row_of_months_says_its_unit() -> None:
    grids = [
        placed.block
        for sheet in planning_report(nobody()).sheets
        for placed in sheet.placed
        if isinstance(placed.block, Grid)
    ]
    without = {row.key for grid in grids for row in grid.rows if row.key and not row.unit_words}
    # What is a month, a year, a word or the number of a month says so itself.
    assert without == {key for key in without if re.search("month|year|guard|^n$|band", key)}


def test_every_assumption_says_its_unit_status_and_source() -> None:
    sheet = book()["Inputs"]
    heading = next(row for row in sheet.iter_rows() if row[1].value == "Assumption")
    places = {cell.value: cell.column for cell in heading if cell.value}
    names = {setting_cell(section, one.name) for section, one, _ in S.entries()}
    for name in names - {setting_cell(*one) for one in ELSEWHERE}:
        row = cell_of(name)[1].row
        for said in ("Unit", "Status", "What it means", "Source"):
            assert sheet.cell(row, places[said]).value, (name, said)


# --- inputs ----------------------------------------------------------------------------------


def cell_of(name: str) -> tuple[str, Any]:
    sheet, _, address = book().defined_names[name].attr_text.rpartition("!")
    title = sheet.strip("'")
    return title, book()[title][address.replace("$", "")]


def expected_names() -> set[str]:
    """Every input that csmcalc reads back by its name."""
    names = {AS_OF, CURRENCY, LIVE_CASE, *map(rule_cell, range(RULES))}
    for section, declared, _ in S.entries():
        if (section, declared.name) not in ELSEWHERE:
            names.add(setting_cell(section, declared.name))
    for table, room in ROOM.items():
        for declared in settings_of(TABLES[table].row):
            names |= {row_cell(table, at, declared.name) for at in range(room)}
    for at, case in enumerate(S.scenarios):
        names |= {row_cell("scenarios", at, one.name) for one in settings_of(type(case))}
    return names


def test_every_input_has_a_name() -> None:
    assert expected_names() <= set(book().defined_names)


def test_inputs_are_told_from_formulas_by_their_look() -> None:
    shown = {(sheet, cell.coordinate) for sheet, cell in inputs()}
    named = set()
    for name in expected_names():
        sheet, cell = cell_of(name)
        named.add((sheet, cell.coordinate))
    fixed = named - shown
    # The segments of a table of judgement are its rows' names.
    assert {book()[sheet][address].value for sheet, address in fixed} <= {
        *("Star", "Cash Cow", "Question Mark", "Poor Dog", "No verdict")
    }
    assert not [c.coordinate for _, c in inputs() if c.data_type == "f"]


def test_every_input_says_what_may_be_typed() -> None:
    told: dict[tuple[str, str], Any] = {}
    for sheet in book():
        for rule in sheet.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                for row in range(area.min_row, area.max_row + 1):
                    for column in range(area.min_col, area.max_col + 1):
                        told[sheet.title, f"{get_column_letter(column)}{row}"] = rule
    count = 0
    silent = defaultdict(list)
    for sheet, cell in inputs():
        rule = told.get((sheet, cell.coordinate))
        if rule is None:
            silent[sheet].append(cell.coordinate)
            continue
        said = (rule.type, rule.showErrorMessage, rule.error)
        helped = (rule.showInputMessage, rule.prompt, rule.promptTitle)
        assert all((*said, *helped)), (sheet, cell.coordinate)
        count += 1
    assert silent == {}
    assert count > 4_000


def test_both_workbooks_keep_to_it() -> None:
    """The workbook with functions adds a sheet; its formulas hold no constants either."""
    made = openpyxl.load_workbook(io.BytesIO(shipped(functions=True)))
    for row in made["Functions"].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                text = cell.value if isinstance(cell.value, str) else cell.value.text
                assert constants(text) == set(), text


@pytest.mark.parametrize(
    ("table", "floor", "cap"),
    [("response", "hours_min", "hours_max"), ("segment_rules", "floor", "cap")],
)
def test_a_floor_of_hours_ends_at_its_cap(table: str, floor: str, cap: str) -> None:
    """By name, so that it holds wherever somebody moves the table; an empty cap is no limit."""
    rules = book()["Inputs"].data_validations.dataValidation
    for at in range(ROOM[table]):
        low, high = row_cell(table, at, floor), row_cell(table, at, cap)
        found = []
        for name in (low, high):
            address = cell_of(name)[1].coordinate
            found.append(next(rule for rule in rules if address in rule.sqref))
        of_floor, of_cap = found
        assert of_floor.formula2 == f'IF({high}="",1e+300,{high})'
        assert of_cap.formula1 == f"MAX(0,{low})"
        assert "in its row" in of_floor.error
        assert "in its row" in of_cap.error
