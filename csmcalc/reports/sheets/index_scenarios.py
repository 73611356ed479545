"""Scenarios: how the months of every slice end in each scenario, in the index of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csmcalc.io.phrases import counted
from csmcalc.plan.timeline.digest import Ending
from csmcalc.reports.model import Cell, Column, List, Look, Series, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 26, 16, 18, 14, 14, 14, 18, 18, 18, 18, 30, 18)
_LIST, _TOGETHER, _WHOLE = "Endings", "ByScenario", "WholeByScenario"
_FIGURES = (
    ("ARR at the end", "arr", Unit.MONEY),
    ("CSMs needed", "needed", Unit.COUNT),
    ("CSMs there", "heads", Unit.FTE),
    ("Starts", "starts", Unit.COUNT),
    ("Cost of the team", "cost", Unit.MONEY),
    ("ARR uncovered", "uncovered_arr", Unit.MONEY),
    ("ARR lost", "arr_lost", Unit.MONEY),
    ("Net value", "net_value", Unit.MONEY),
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One slice in one scenario: what became of its report, and how its months end."""

    label: str
    scenario: str
    file: str
    status: str
    ending: Ending | None


def index_scenarios_sheet(
    lines: Sequence[CaseLine],
    endings: Mapping[str, Ending],
    by: str,
    months: int,
    currency: str,
) -> Sheet:
    """The sheet: the slices together beside the whole, then a row for each slice and scenario.

    `endings` are those of the whole list, by scenario.
    """
    page = Page("Scenarios", _WIDTHS)
    row = page.head(
        f"Scenarios by {by}",
        f"{counted(months, 'month')} · amounts in {currency} · needed and there: in the last "
        "month · uncovered: mean of the months",
    )
    row = page.section(row, "The slices together: each hires whole people for itself")
    row = page.table(row, _together(lines)) + 1
    row = page.section(row, "The whole, with one team that serves all slices")
    row = page.table(row, _whole(endings)) + 1
    row = page.section(row, "What whole people, and managers, for every slice change")
    row = page.table(row, _apart(lines, endings)) + 1
    row = page.section(row, "Every slice in every scenario")
    series = (
        Series(by.capitalize(), Unit.TEXT, [line.label for line in lines], look=Look.STRONG),
        Series("Scenario", Unit.TEXT, [line.scenario for line in lines]),
        *(
            Series(title, unit, [line.ending and getattr(line.ending, field) for line in lines])
            for title, field, unit in _FIGURES
        ),
        Series("Report", Unit.TEXT, [line.file for line in lines]),
        Series("Status", Unit.TEXT, [line.status for line in lines]),
    )
    page.add(row, FIRST_COLUMN, List(_LIST, series))
    printed = row + len(lines), FIRST_COLUMN + len(series) - 1
    return page.sheet(printed=printed, one_page=False, repeated_row=row)


def _endings(lines: Sequence[CaseLine], scenario: str) -> list[Ending]:
    return [line.ending for line in lines if line.scenario == scenario and line.ending]


def _added(lines: Sequence[CaseLine], scenario: str, field: str) -> float:
    return math.fsum(float(getattr(one, field)) for one in _endings(lines, scenario))


def _together(lines: Sequence[CaseLine]) -> Table:
    rows = []
    for name in dict.fromkeys(line.scenario for line in lines):
        cells = (
            Cell(
                _added(lines, name, field),
                f"SUMIFS({_LIST}[{title}],{_LIST}[Scenario],[@Scenario])",
                unit,
            )
            for title, field, unit in _FIGURES
        )
        count = float(len(_endings(lines, name)))
        rows.append((Cell(name, look=Look.STRONG), Cell(count, unit=Unit.COUNT), *cells))
    return Table(_TOGETHER, _columns("Slices"), tuple(rows))


def _whole(endings: Mapping[str, Ending]) -> Table:
    rows = []
    for name, ending in endings.items():
        cells = (
            Cell(float(getattr(ending, field)), unit=unit, found=True)
            for _, field, unit in _FIGURES
        )
        rows.append((Cell(name, look=Look.STRONG), Cell(None), *cells))
    return Table(_WHOLE, _columns(""), tuple(rows))


def _apart(lines: Sequence[CaseLine], endings: Mapping[str, Ending]) -> Table:
    """Slices less the whole, to the cent."""
    rows = []
    for position, (name, ending) in enumerate(endings.items(), start=1):
        cells = (
            Cell(
                round(_added(lines, name, field) - float(getattr(ending, field)), 2) + 0.0,
                f"ROUND(INDEX({_TOGETHER}[{title}],{position})"
                f"-INDEX({_WHOLE}[{title}],{position}),2)",
                unit,
            )
            for title, field, unit in _FIGURES
        )
        rows.append((Cell(name, look=Look.STRONG), Cell(None), *cells))
    return Table("ScenariosApart", _columns(""), tuple(rows))


def _columns(second: str) -> tuple[Column, ...]:
    figures = (Column(title, unit) for title, _, unit in _FIGURES)
    return Column("Scenario"), Column(second, Unit.COUNT), *figures
