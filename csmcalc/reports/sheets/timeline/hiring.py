"""Hiring: the policies side by side, and every requisition with its band of months."""

from __future__ import annotations

from collections.abc import Iterator

from csmcalc.plan.timeline.chance import random_paths
from csmcalc.plan.timeline.digest import policy_totals
from csmcalc.plan.timeline.sensitivity import first_csm, frame_of_live, team_of_live
from csmcalc.plan.timeline.timeline import Requisition, Timeline
from csmcalc.reports import theme
from csmcalc.reports.model import (
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
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.timeline.months import finished, months_page
from csmcalc.reports.sheets.timeline.rows import heading, line, months_again
from csmcalc.reports.wording import Phrase, money, number, phrase

_MOST_ROWS = 60
_CHART_ROWS = 15
_WORDS = ("search", "ramp", "full")


def hiring_sheet(timeline: Timeline) -> Sheet:
    """The sheet of whom to hire when."""
    page = months_page("Hiring", timeline)
    page.head("Whom to hire when?", _subtitle(timeline))
    page.text(5, FIRST_COLUMN, _sentence(timeline), Look.SENTENCE, span=10, lines=2)
    row = page.section(7, "The policies side by side, on the live case as planned")
    row = page.table(row, _policies(timeline)) + 1
    row = page.section(row, "Required, heads and productive CSMs")
    page.add(row, FIRST_COLUMN, _chart())
    for position in range(row, row + _CHART_ROWS):
        page.heights[position] = theme.ROW_HEIGHT
    row += _CHART_ROWS + 1
    row = page.section(row, "Requisitions: when to open each for the CSMs to start in their month")
    if timeline.requisitions:
        row = page.table(row, _requisitions(timeline)) + 1
    else:
        page.text(row, FIRST_COLUMN, "Nobody is to be hired in these months.", Look.SENTENCE)
        row += 2
    return _with_band(page, timeline, row)


def _with_band(page: Page, timeline: Timeline, row: int) -> Sheet:
    rows = tuple(_band(timeline))
    page.add(row, FIRST_COLUMN, Grid("Band", rows, len(timeline.months)))
    return finished(page, row + len(rows) - 1, len(timeline.months))


def _subtitle(timeline: Timeline) -> str:
    hiring = timeline.plan.settings.hiring
    return (
        f"Hiring {timeline.policy} for the CSMs required by the {hiring.basis} · ramp "
        f"{hiring.ramp_months:g} months, {hiring.months_to_fill:g} to fill, "
        f"{100 * hiring.attrition:g} % leave a year"
    )


def _sentence(timeline: Timeline) -> Phrase:
    """What the chosen policy costs against the best one, and the first search."""
    totals = {name: policy_totals(team) for name, team in timeline.policies.items()}
    chosen, best = totals[timeline.policy], totals["optimal"]
    currency = timeline.plan.book.currency
    lost = max(0.0, best["net_value"] - chosen["net_value"])
    parts: list[Phrase | str] = [
        f"Hiring {timeline.policy} starts ",
        number("SUM(starts_planned)", chosen["starts"]),
        " CSMs over these months",
    ]
    if timeline.policy != "optimal":
        parts += [" and is worth ", money("policy_lost", lost, currency), " less than the optimum"]
    if timeline.requisitions:
        first = timeline.requisitions[0]
        parts.append(f"; the first requisition opens in {first.opens:%B %Y}")
    month, _ = first_csm(timeline)
    if timeline.opening.heads == 0 and month is not None:
        parts.append(f"; the first CSM pays from {timeline.months[month]:%B %Y}")
    return phrase(*parts, ".")


def _policies(timeline: Timeline) -> Table:
    totals = {name: policy_totals(team) for name, team in timeline.policies.items()}
    unit = money_unit(total["cost"] for total in totals.values())
    value = money_unit(total["net_value"] for total in totals.values())
    columns = (
        Column("Policy"),
        Column("Starts", Unit.COUNT),
        Column("Heads at end", Unit.FTE),
        Column("Cost", unit),
        Column("Uncovered ARR", unit),
        Column("ARR lost", unit),
        Column("Net value", value),
        Column("Lost", value),
    )
    best = totals["optimal"]["net_value"]
    rows = []
    for name, total in totals.items():
        chosen = name == timeline.policy
        cells = (
            Cell(total["starts"], unit=Unit.COUNT, name="starts_planned" if chosen else None),
            Cell(total["heads_at_end"], unit=Unit.FTE),
            *(Cell(total[key], unit=unit) for key in ("cost", "uncovered_arr", "arr_lost")),
            Cell(total["net_value"], unit=value),
            Cell(
                max(0.0, best - total["net_value"]),
                "MAX(0,MAX([Net value])-[@Net value])",
                value,
                name="policy_lost" if chosen else None,
            ),
        )
        rows.append((Cell(name, look=Look.STRONG if chosen else Look.BODY), *cells))
    return Table("Policies", columns, tuple(rows))


def _requisitions(timeline: Timeline) -> Table:
    columns = (
        Column("Requisition"),
        Column("CSMs", Unit.COUNT),
        Column("Open by", Unit.MONTH),
        Column("Starts", Unit.MONTH),
        Column("Productive", Unit.MONTH),
    )
    rows = [
        (
            Cell(f"No {one.number}", look=Look.STRONG),
            Cell(float(one.csms), unit=Unit.COUNT),
            *(Cell(day, unit=Unit.MONTH) for day in (one.opens, one.starts, one.productive)),
        )
        for one in timeline.requisitions[:_MOST_ROWS]
    ]
    return Table("Requisitions", columns, tuple(rows))


def _band(timeline: Timeline) -> Iterator[GridRow]:
    yield months_again(timeline, "hiring")
    for at, one in enumerate(timeline.requisitions[:_MOST_ROWS], start=1):
        key = f"band_{at}"
        opens, starts, productive = (
            f"INDEX(Requisitions[{heading}],{{{key}.opening}})"
            for heading in ("Open by", "Starts", "Productive")
        )
        month = "{hiring_month}"
        formula = (
            f'IF({month}<{opens},"",IF({month}<{starts},"search",'
            f'IF({month}<{productive},"ramp","full")))'
        )
        words = [_word(one, month) for month in timeline.months]
        title = f"No {one.number}: {one.csms} CSM{'' if one.csms == 1 else 's'}"
        number_cell = Cell(at, unit=Unit.FIGURE, look=Look.MUTED)
        yield line(key, title, "", Unit.TEXT, words, formula, number_cell, coloured=_WORDS)
    yield from _chance(timeline)


def _word(one: Requisition, month: object) -> str:
    if month < one.opens:  # type: ignore[operator]
        return ""
    if month < one.starts:  # type: ignore[operator]
        return "search"
    return "ramp" if month < one.productive else "full"  # type: ignore[operator]


def _chance(timeline: Timeline) -> Iterator[GridRow]:
    """What random leavers may do to the plan."""
    frame, hiring = frame_of_live(timeline), timeline.plan.settings.hiring
    paths = random_paths(frame, team_of_live(timeline).starts[0], hiring.paths)
    yield heading(f"If leavers come at random: {hiring.paths:,} paths, nobody replaced sooner")
    for title, rows in (("Productive", paths.productive), ("FTE missing", paths.missing)):
        for percentile, row in zip((10, 50, 90), rows, strict=True):
            key = f"{title.split()[0].lower()}_p{percentile}"
            yield line(key, f"{title}, P{percentile}", "FTE", Unit.FTE, row, None)


def _chart() -> Curves:
    lines = (
        MonthLine("needed", "Required", theme.INK, above=False),
        MonthLine("heads", "Heads", theme.MUTED),
        MonthLine("productive", "Productive", theme.ACCENT),
    )
    return Curves("month", lines, Unit.COUNT, width=24.0, height=7.2)
