"""Sensitivity: each driver alone, growth against churn, break-even, goal seek, growth levers."""

from __future__ import annotations

from csmcalc.plan.cells import LIVE_CASE
from csmcalc.plan.timeline.drivers import FACTORS
from csmcalc.plan.timeline.sensitivity import Sensitivity, sensitivity_of
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Tornado, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.said import currency_of
from csmcalc.reports.sheets.timeline.drivers import FACTOR_TITLES
from csmcalc.reports.sheets.timeline.stale import marked, stale_first
from csmcalc.reports.wording import Phrase, phrase, when

_WIDTHS = (2, 38, 19, 15, 17, 17, 16, 16, 12, 9, 9)
_CHART_ROWS = 17
_TABLE, _LOW, _HIGH = "Swings", "Change, 10 % less", "Change, 10 % more"


def sensitivity_sheet(timeline: Timeline) -> Sheet:
    """The sheet of what moves the answer."""
    page = Page("Sensitivity", _WIDTHS)
    found = sensitivity_of(timeline)
    page.head(
        "What moves the plan, and what would it take?",
        stale_first(timeline, _subtitle(timeline)),
    )
    row = _section(
        page, 5, "Each driver alone, 10 % less (grey) and 10 % more (blue): change of net value"
    )
    row = page.table(row, _swings(found)) + 1
    page.add(row, FIRST_COLUMN, Tornado(_TABLE, "Driver", _LOW, _HIGH, width=17.0, height=8.6))
    for position in range(row, row + _CHART_ROWS):
        page.heights[position] = theme.ROW_HEIGHT
    row += _CHART_ROWS + 1
    page.breaks.append(row - 1)
    row = _section(page, row, "CSMs required at the end, by growth (down) and churn (across)")
    row = page.table(row, _grid(found)) + 1
    row = _section(page, row, "What the next hire must bring, and what growth justifies how many")
    row = page.table(row, _breakeven(found)) + 1
    row = page.table(row, _goals(found)) + 1
    row = _section(
        page,
        row,
        "The growth levers: gross margin that each is judged to bring, in all and per 1 spent",
    )
    row = page.table(row, _levers(found)) + 1
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def _section(page: Page, row: int, title: str) -> int:
    page.text(row, FIRST_COLUMN, marked(title), Look.SECTION)
    return row + 1


def _subtitle(timeline: Timeline) -> Phrase:
    """Which scenario, and what hiring does while a driver changes."""
    policy = timeline.policy
    follows = when(
        'policy="optimal"',
        policy == "optimal",
        "the optimal plan's starts unchanged",
        phrase("hiring ", Phrase("policy", policy)),
    )
    scenario = Phrase(LIVE_CASE, timeline.live)
    return phrase(
        "Scenario ",
        scenario,
        ", ",
        follows,
        " in every case · computed by csmcalc · amounts in ",
        currency_of(timeline.plan),
    )


def _swings(found: Sensitivity) -> Table:
    unit = money_unit(one.net_high - found.base_net for one in found.swings)
    level = money_unit((found.base_net,))
    columns = (
        Column("Driver"),
        Column("CSMs at end, less", Unit.COUNT),
        Column("CSMs at end, more", Unit.COUNT),
        Column(_LOW, unit),
        Column(_HIGH, unit),
        Column("Net value then, less", level),
        Column("Net value then, more", level),
    )
    rows = tuple(
        (
            Cell(FACTOR_TITLES[one.driver], look=Look.STRONG, found=True),
            Cell(one.csms_low, unit=Unit.COUNT),
            Cell(one.csms_high, unit=Unit.COUNT),
            Cell(one.net_low - found.base_net, unit=unit),
            Cell(one.net_high - found.base_net, unit=unit),
            Cell(one.net_low, unit=level),
            Cell(one.net_high, unit=level),
        )
        for one in found.swings
    )
    assert len(rows) == len(FACTORS)
    as_planned = (
        Cell("As planned", look=Look.TOTAL),
        *(Cell(found.base_csms, unit=Unit.COUNT, look=Look.TOTAL) for _ in range(2)),
        *(Cell(0.0, unit=unit, look=Look.TOTAL) for _ in range(2)),
        *(Cell(found.base_net, unit=level, look=Look.TOTAL) for _ in range(2)),
    )
    return Table(_TABLE, columns, rows, as_planned)


def _grid(found: Sensitivity) -> Table:
    steps = found.grid.steps
    columns = (
        Column("New accounts \\ churn"),
        *(Column(f"churn x {step:g}", Unit.COUNT) for step in steps),
    )
    rows = tuple(
        (
            Cell(f"new accounts x {step:g}", look=Look.STRONG),
            *(Cell(float(csms), unit=Unit.COUNT) for csms in line),
        )
        for step, line in zip(steps, found.grid.csms, strict=True)
    )
    return Table("GrowthByChurn", columns, rows)


def _breakeven(found: Sensitivity) -> Table:
    rows = tuple(
        (Cell(title), Cell("never" if points is None else points, unit=Unit.RATE, found=True))
        for title, points in (
            ("On today's ARR", found.breakeven_now),
            ("On the ARR at the end", found.breakeven_end),
        )
    )
    columns = (Column("NRR points that repay one CSM more in a year"), Column("Points", Unit.SHARE))
    return Table("BreakEven", columns, rows)


def _goals(found: Sensitivity) -> Table:
    columns = (
        Column("To need so many CSMs at the end", Unit.COUNT),
        Column("New accounts a year", Unit.SHARE),
    )
    rows = tuple(
        (
            Cell(float(one.csms), unit=Unit.COUNT, look=Look.STRONG),
            Cell(
                "never" if one.new_accounts is None else one.new_accounts,
                unit=Unit.SHARE,
                found=True,
            ),
        )
        for one in found.goals
    )
    return Table("Goals", columns, rows)


def _levers(found: Sensitivity) -> Table:
    unit = money_unit(one.margin for one in found.levers)
    columns = (
        Column("Lever"),
        Column("Driver"),
        Column("Change", Unit.SHARE),
        Column("Cost", unit),
        Column("ARR at the end", unit),
        Column("Gross margin", unit),
        Column("Per 1 spent", Unit.CENTS),
    )
    rows = tuple(
        (
            Cell(one.lever.name, look=Look.STRONG, found=True),
            Cell(FACTOR_TITLES[one.lever.driver], look=Look.MUTED, found=True),
            Cell(one.lever.change, unit=Unit.SHARE),
            Cell(one.cost, unit=unit),
            Cell(one.arr, unit=unit),
            Cell(one.margin, unit=unit),
            Cell(one.per_dollar, "IF([@Cost]>0,[@Gross margin]/[@Cost],0)", Unit.CENTS),
        )
        for one in found.levers
    )
    return Table("Levers", columns, rows)
