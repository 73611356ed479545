"""Scenarios: how the months of every slice end in each scenario, in the index of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csmcalc.plan.timeline.digest import Ending
from csmcalc.reports.model import Cell, Column, List, Look, Series, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 26, 16, 18, 14, 14, 14, 18, 18, 18, 18, 30, 18)
_LIST = "Endings"
_FIGURES = (
    ("ARR at the end", "arr", Unit.MONEY),
    ("CSMs needed", "needed", Unit.COUNT),
    ("CSMs there", "heads", Unit.COUNT),
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


def index_scenarios_sheet(lines: Sequence[CaseLine], by: str, months: int, currency: str) -> Sheet:
    """The sheet: the slices together in each scenario, then a row for each slice and scenario."""
    page = Page("Scenarios", _WIDTHS)
    row = page.head(
        f"Scenarios by {by}",
        f"{months} months · amounts in {currency} · needed and there: in the last month · "
        "uncovered: mean of the months",
    )
    row = page.section(row, "The slices together, every one with a team of its own")
    row = page.table(row, _together(lines)) + 1
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


def _together(lines: Sequence[CaseLine]) -> Table:
    scenarios = dict.fromkeys(line.scenario for line in lines)
    rows = []
    for name in scenarios:
        endings = [line.ending for line in lines if line.scenario == name and line.ending]
        cells = (
            Cell(
                sum(float(getattr(one, field)) for one in endings),
                f"SUMIFS({_LIST}[{title}],{_LIST}[Scenario],[@Scenario])",
                unit,
            )
            for title, field, unit in _FIGURES
        )
        rows.append(
            (Cell(name, look=Look.STRONG), Cell(float(len(endings)), unit=Unit.COUNT), *cells)
        )
    columns = (
        Column("Scenario"),
        Column("Slices", Unit.COUNT),
        *(Column(title, unit) for title, _, unit in _FIGURES),
    )
    return Table("ByScenario", columns, tuple(rows))
