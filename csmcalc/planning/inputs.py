"""The inputs of a planning workbook, and which cell holds which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from csmcalc.core.setting import settings_of
from csmcalc.errors import InputError
from csmcalc.io.phrases import counted
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
from csmcalc.plan.settings import TABLES, Settings
from csmcalc.plan.timeline.drivers import FACTORS
from csmcalc.planning.opened import Opened


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a workbook tells to plan by."""

    settings: Settings
    as_of: dt.date
    currency: str


def cells_of(inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """Every input cell by its name, and what it holds for some inputs."""
    settings = inputs.settings
    yield AS_OF, inputs.as_of
    yield CURRENCY, inputs.currency
    yield LIVE_CASE, settings.timeline.scenario
    for section, declared, value in settings.entries():
        if (section, declared.name) not in ELSEWHERE:
            yield setting_cell(section, declared.name), value
    rules = settings.books.rules
    for at in range(RULES):
        yield rule_cell(at), rules[at] if at < len(rules) else None
    for table in ROOM:
        yield from _rows_of(table, getattr(settings, table))
    for at, case in enumerate(settings.scenarios):
        for name in ("name", *FACTORS):
            yield row_cell("scenarios", at, name), getattr(case, name)


def _rows_of(table: str, rows: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for at in range(ROOM[table]):
        row = rows[at] if at < len(rows) else None
        for declared in settings_of(TABLES[table].row):
            yield row_cell(table, at, declared.name), getattr(row, declared.name, None)


def check_cases(opened: Opened, told: Inputs, inputs: Inputs) -> None:
    """Refuse more cases, or fewer, than a workbook has columns, rows and lines of a chart for.

    Raises:
        InputError: the settings have another number of cases.
    """
    now, there = len(inputs.settings.scenarios), len(told.settings.scenarios)
    if now != there:
        raise InputError(
            f"[[scenarios]] has {counted(now, 'row')}, and {opened.source} has {there} cases, in "
            f"each of which its formulas and charts show it: give {there}, or plan all of them "
            "with csmcalc timeline CUSTOMERS --settings FILE"
        )


def where_input(opened: Opened, name: str) -> str:
    """Sheet and cell of an input, or its name where it is gone."""
    area = opened.area(name)
    return area.first if area else name
