"""Scenarios: the cases and the live one, what each leads to, and what the engine found for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from csmcalc.plan.cells import LIVE_CASE, row_cell
from csmcalc.plan.timeline.drivers import FACTORS
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports import theme
from csmcalc.reports.model import (
    Allowed,
    Cell,
    Column,
    Curves,
    Grid,
    GridRow,
    Look,
    MonthLine,
    Sheet,
    Table,
    Unit,
)
from csmcalc.reports.page import FIRST_COLUMN
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.letters import sought
from csmcalc.reports.sheets.timeline.drivers import FACTOR_TITLES
from csmcalc.reports.sheets.timeline.months import finished, months_page
from csmcalc.reports.sheets.timeline.rows import heading, line, months_again
from csmcalc.reports.sheets.timeline.stale import CASES_FRESH, marked, state

_CHART_ROWS = 15
_COLOURS = (theme.ACCENT, theme.OK, theme.LOOK, theme.MUTED, theme.INK)


def scenarios_sheet(timeline: Timeline) -> Sheet:
    """The sheet of all cases."""
    page = months_page("Scenarios", timeline)
    names = timeline.frame.cases.names
    page.head(
        "What if? The cases, the live one, and where each leads",
        "The live case drives Timeline; what only the engine can find stands for every case and "
        "turns stale when a driver changes",
    )
    row = page.table(5, _cases(timeline)) + 1
    page.text(row, FIRST_COLUMN, marked("Where each case leads", CASES_FRESH), Look.SECTION)
    row += 1
    row = page.table(row, _ends(timeline)) + 1
    page.text(row, FIRST_COLUMN, marked("CSMs required by month", CASES_FRESH), Look.SECTION)
    row += 1
    page.add(row, FIRST_COLUMN, _chart(names))
    for position in range(row, row + _CHART_ROWS):
        page.heights[position] = theme.ROW_HEIGHT
    row += _CHART_ROWS + 1
    page.breaks.append(row - 1)
    rows = tuple(_rows(timeline))
    page.add(row, FIRST_COLUMN, Grid("ByCase", rows, len(timeline.months)))
    return finished(page, row + len(rows) - 1, len(timeline.months))


def _cases(timeline: Timeline) -> Table:
    scenarios = timeline.plan.settings.scenarios
    names = tuple(one.name for one in scenarios)
    headings = tuple(f"Case {at + 1}" for at in range(len(names)))
    at = names.index(timeline.live)
    choose = Cell(
        timeline.live, unit=Unit.PLAIN, look=Look.INPUT, name=LIVE_CASE, allowed=_live(names)
    )
    told = f"MATCH({sought(LIVE_CASE)},{_cell(0, 'name')}:{_cell(len(names) - 1, 'name')},0)"
    rows = [
        (Cell("Case", look=Look.STRONG), choose, *(_name(n, name) for n, name in enumerate(names))),
        (
            Cell("Number of the live case"),
            Cell(float(at + 1), told, Unit.PLAIN, name="live_number"),
            *(Cell(None) for _ in names),
        ),
    ]
    chosen = f"INDEX([@{headings[0]}]:[@{headings[-1]}],live_number)"
    for name in FACTORS:
        factors = (
            Cell(getattr(one, name), unit=Unit.PLAIN, look=Look.INPUT, name=_cell(n, name),
                 allowed=replace(_FACTOR, title=FACTOR_TITLES[name]))
            for n, one in enumerate(scenarios)
        )  # fmt: skip
        live = Cell(getattr(scenarios[at], name), chosen, Unit.PLAIN, name=f"factor_{name}")
        rows.append((Cell(FACTOR_TITLES[name]), live, *factors))
    columns = (
        Column("Driver, multiplied by"),
        Column("Live", Unit.PLAIN),
        *(Column(heading, Unit.PLAIN) for heading in headings),
    )
    return Table("Cases", columns, tuple(rows))


def _cell(case: int, name: str) -> str:
    return row_cell("scenarios", case, name)


def _live(names: tuple[str, ...]) -> Allowed:
    """One of the cases, as they are called now."""
    return Allowed(
        "the name of one of the cases to the right",
        choices_from=f"{_cell(0, 'name')}:{_cell(len(names) - 1, 'name')}",
        title="Live case",
        help="The case that drives the months; its numbers stand in the column below.",
    )


def _name(at: int, name: str) -> Cell:
    allowed = Allowed("at most 60 letters", longest=60, title="Case", help="What it is called.")
    return Cell(name, unit=Unit.PLAIN, look=Look.INPUT, name=_cell(at, "name"), allowed=allowed)


_FACTOR = Allowed(
    "a number of at least 0 and of at most 100",
    low=0,
    high=100,
    help="By what the driver is multiplied in this case: 1 leaves it as it is.",
)


def _ends(timeline: Timeline) -> Table:
    frame, team = timeline.frame, timeline.team
    arr, opening = frame.flows.arr_close.sum(axis=2), float(timeline.opening.arr.sum())
    unit = money_unit(arr[:, -1])
    money = money_unit(team.net_value.sum(axis=1))
    columns = (
        Column("Case"),
        Column("ARR at the end", unit),
        Column("Growth a year", Unit.SHARE),
        Column("By the rule", Unit.COUNT),
        Column("By workload", Unit.COUNT),
        Column("By value", Unit.COUNT),
        Column("Starts", Unit.COUNT),
        Column("Cost", money),
        Column("ARR lost", money),
        Column("Net value", money),
        Column("State"),
    )
    years = len(timeline.months) / 12
    rows = []
    for at, name in enumerate(frame.cases.names):
        ends = (
            (float(arr[at, -1]), unit),
            (float(arr[at, -1] / opening) ** (1 / years) - 1 if opening else 0.0, Unit.SHARE),
            *((float(frame.demand.csms(b)[at, -1]), Unit.COUNT) for b in _BASES),
            (float(team.starts[at].sum()), Unit.COUNT),
            (float(team.cost[at].sum()), money),
            (float(team.arr_lost[at].sum()), money),
            (float(team.net_value[at].sum()), money),
        )
        label = Cell(name, f'{_cell(at, "name")}&""', look=Look.STRONG)
        rows.append((label, *(Cell(value, unit=of) for value, of in ends), state(CASES_FRESH)))
    return Table("Ends", columns, tuple(rows))


_BASES = ("rule", "workload", "value")


def _rows(timeline: Timeline) -> Iterator[GridRow]:
    frame = timeline.frame
    yield months_again(timeline, "scenarios")
    yield _over("Heads required, by the answer chosen")
    for at, name in enumerate(frame.cases.names):
        yield _named(at, line(f"needed_{at}", name, "heads", Unit.COUNT, frame.needed[at], None))
    yield _over("By the value: FTE and whole CSMs")
    for at, name in enumerate(frame.cases.names):
        value, csms = frame.demand.value[at], frame.demand.csms_value[at]
        for row in (
            line(f"value_{at}", name, "FTE", Unit.FTE, value, None, None, Look.MUTED),
            line(f"csms_{at}", name, "CSMs", Unit.COUNT, csms, None, None, Look.MUTED),
        ):
            yield _named(at, row)


def _over(title: str) -> GridRow:
    """A heading over rows that only the engine can find."""
    return replace(heading(title), title_formula=marked(title, CASES_FRESH).formula)


def _named(case: int, row: GridRow) -> GridRow:
    """A row that is called like its case, whatever somebody calls that."""
    return replace(row, title_formula=f'{_cell(case, "name")}&""')


def _chart(names: tuple[str, ...]) -> Curves:
    lines = tuple(
        MonthLine(f"needed_{at}", "", _COLOURS[at % len(_COLOURS)]) for at in range(len(names))
    )
    return Curves("scenarios_month", lines, Unit.COUNT, width=24.0, height=7.2)
