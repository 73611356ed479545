"""Index: the plans of all slices on one sheet, tied to the plan of the whole list.

Money and hours of the slices add up to the whole to the cent. Whole people do not: each slice is
rounded up for itself, and the difference to rounding once is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from csmcalc.errors import WorkbookError
from csmcalc.io.phrases import counted
from csmcalc.plan.checks import CENT
from csmcalc.plan.plan import Plan
from csmcalc.plan.slices import Figures, figures_of, together
from csmcalc.plan.timeline.digest import Ending
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports.model import Cell, Column, List, Look, Report, Series, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.plan_report import MOST_PLANNED, plan_report
from csmcalc.reports.sheets.amounts import people_unit
from csmcalc.reports.sheets.index_scenarios import CaseLine, index_scenarios_sheet

_WIDTHS = (2, 30, 30, 16, 18, 18, 16, 16, 16, 16, 16, 16)
_SUMMED = (
    ("Accounts", "accounts", Unit.COUNT, "accounts_planned"),
    ("ARR", "arr", Unit.MONEY, "arr_planned"),
    ("Accounts left out", "left_out", Unit.COUNT, None),
    ("ARR left out", "left_out_arr", Unit.MONEY, "arr_left_out"),
    ("Planned hours", "hours", Unit.HOURS, "hours_planned"),
    ("FTE", "fte", Unit.FTE, "hours_planned/effective_hours"),
    ("Cost to serve", "cost_to_serve", Unit.MONEY, "SUM(Customers[Cost to serve])"),
    ("Contribution", "contribution", Unit.MONEY, "SUM(Customers[Contribution])"),
)
_PART_OF_A_CSM = 0.005
_PEOPLE = (
    "Whole people: rounded up in every slice, and once for the whole · today's team is shared out "
    "by the hours of its accounts"
)
_LIST = "Slices"
_NO_ENDINGS: Mapping[str, Ending] = {}
_MOST_SLICES = 1_000_000


@dataclass(frozen=True, slots=True)
class SliceLine:
    """One slice: what became of its report, and the figures of its plan where there is one.

    `cases` are its reports by scenario, where the run has scenarios.
    """

    label: str
    file: str
    status: str
    figures: Figures | None
    cases: tuple[CaseLine, ...] = ()


def index_report(
    whole: Plan, lines: Sequence[SliceLine], by: str, endings: Mapping[str, Ending] = _NO_ENDINGS
) -> Report:
    """The index and the full plan of the whole list, in one workbook.

    `endings` are how the months of the whole list end, by scenario, where the run has scenarios.
    A list of more accounts than a workbook can show has the index alone.
    """
    if len(lines) > _MOST_SLICES:
        raise WorkbookError(f"{len(lines):,} slices are more than a sheet can show")
    live = len(whole.accounts) <= MOST_PLANNED
    sheets = [index_sheet(whole, lines, by, live=live)]
    if cases := [case for line in lines for case in line.cases]:
        months, currency = whole.settings.timeline.months, whole.book.currency
        sheets.append(index_scenarios_sheet(cases, endings, by, months, currency))
    title = f"Plans by {by}"
    if live:
        report = plan_report(whole)
        return replace(report, title=title, sheets=(*sheets, *report.sheets))
    footer = f"csmcalc · {whole.book.source} · as of {whole.book.as_of:%d %b %Y}"
    return Report(title, footer, whole.book.currency, tuple(sheets))


def adds_up(whole: Plan, lines: Sequence[SliceLine]) -> bool:
    """Whether the slices are the whole: accounts exactly, money to the cent, segments, the team."""
    ours, sums = figures_of(whole), together(line.figures for line in lines if line.figures)
    tolerance = max(CENT, 1e-15 * ours.arr)
    money = ("arr", "left_out_arr", "cost_to_serve", "contribution")
    today = sums.views["today"].csms if "today" in sums.views else 0.0
    return (
        abs(today - whole.view("today").csms) < _PART_OF_A_CSM
        and (ours.accounts, ours.left_out) == (sums.accounts, sums.left_out)
        and all(abs(getattr(ours, m) - getattr(sums, m)) <= tolerance for m in money)
        and all(
            count == sums.segments.get(name, (0, 0.0))[0]
            for name, (count, _) in ours.segments.items()
        )
    )


def index_sheet(whole: Plan, lines: Sequence[SliceLine], by: str, *, live: bool) -> Sheet:
    """The sheet: the whole beside its slices, then a row for each slice.

    With `live`, the figures of the whole are formulas that read the plan in the same workbook.
    """
    page = Page("Index", _WIDTHS)
    book = whole.book
    row = page.head(
        f"Plans by {by}",
        f"{book.source} · {counted(len(lines), 'slice')} · as of {book.as_of:%d %b %Y} · amounts "
        f"in {book.currency}",
    )
    page.text(row, FIRST_COLUMN, _verdict(whole, lines), Look.SENTENCE, span=9, lines=2)
    row = page.section(row + 2, "The slices and the whole")
    row = page.table(row, _together(whole, lines, live=live)) + 1
    row = page.section(row, _PEOPLE)
    row = page.table(row, _people(whole, lines, live=live)) + 1
    row = page.section(row, "The lines of the matrix come from the whole list and hold in each")
    row = page.table(row, _matrix(whole, live=live)) + 1
    row = page.section(row, "Every slice")
    series = tuple(_series(whole, lines, by))
    page.add(row, FIRST_COLUMN, List(_LIST, series))
    return page.sheet(
        printed=(row + len(lines), FIRST_COLUMN + len(series) - 1),
        one_page=False,
        repeated_row=row,
    )


def _verdict(whole: Plan, lines: Sequence[SliceLine]) -> str:
    missing = sum(line.figures is None for line in lines)
    if missing:
        return (
            f"{missing:,} of {len(lines):,} slices have no plan: the others cannot add up to the "
            "whole. Mend what is wrong and run again with --resume."
        )
    if adds_up(whole, lines):
        return (
            "The slices add up to the whole: accounts, segments, hours, and money to the cent. "
            "Whole people may be more, because every slice is rounded up for itself; today's team "
            "is shared out, so that it adds up as well."
        )
    return "The slices do not add up to the whole; see the differences below."


def _together(whole: Plan, lines: Sequence[SliceLine], *, live: bool) -> Table:
    ours, sums = figures_of(whole), together(line.figures for line in lines if line.figures)
    columns = (
        Column("Figure"),
        Column("Slices together", Unit.MONEY),
        Column("The whole", Unit.MONEY),
        Column("Difference", Unit.MONEY),
    )
    rows = []
    for title, field, unit, formula in _SUMMED:
        added, own = float(getattr(sums, field)), float(getattr(ours, field))
        rows.append(
            (
                Cell(title, look=Look.STRONG),
                Cell(added, f"SUM({_LIST}[{title}])", unit),
                Cell(own, formula if live else None, unit),
                Cell(_apart(added, own), "ROUND([@Slices together]-[@The whole],2)", unit),
            )
        )
    for name in _segments(whole):
        count = float(sums.segments.get(name, (0, 0.0))[0])
        own = float(ours.segments[name][0])
        counted = live and whole.has_growth
        formula = f'COUNTIFS(Customers[Segment],"{name}")' if counted else None
        rows.append(
            (
                Cell(name, look=Look.STRONG),
                Cell(count, f"SUM({_LIST}[{name}])", Unit.COUNT),
                Cell(own, formula, Unit.COUNT),
                Cell(_apart(count, own), "ROUND([@Slices together]-[@The whole],2)", Unit.COUNT),
            )
        )
    return Table("Together", columns, tuple(rows))


def _apart(one: float, other: float) -> float:
    """A difference to the cent, never a negative nothing."""
    return round(one - other, 2) + 0.0


def _segments(whole: Plan) -> list[str]:
    return [name for name in (*SEGMENTS, NO_VERDICT) if name in whole.by_segment.index]


def _people(whole: Plan, lines: Sequence[SliceLine], *, live: bool) -> Table:
    sums = together(line.figures for line in lines if line.figures)
    columns = (
        Column("View"),
        Column("Demand of the whole", Unit.FTE),
        Column("CSMs, slices together", Unit.COUNT),
        Column("CSMs, the whole", Unit.COUNT),
        Column("Difference", Unit.COUNT),
    )
    rows = []
    for view in whole.views:
        added = float(sums.views[view.key].csms) if view.key in sums.views else 0.0
        unit = people_unit(view.csms)
        rows.append(
            (
                Cell(view.title, look=Look.STRONG),
                Cell(view.exact, unit=Unit.FTE),
                Cell(added, f"SUM({_LIST}[{_people_heading(view.title)}])", unit),
                Cell(float(view.csms), f"csms_{view.key}" if live else None, unit),
                Cell(
                    _apart(added, view.csms),
                    "ROUND([@CSMs, slices together]-[@CSMs, the whole],2)",
                    unit,
                ),
            )
        )
    return Table("People", columns, tuple(rows))


def _people_heading(title: str) -> str:
    return f"CSMs: {title}"


def _matrix(whole: Plan, *, live: bool) -> Table:
    rows = [
        (
            Cell("Contribution margin", look=Look.STRONG),
            Cell(whole.lines.profitability, "profitability_line" if live else None, Unit.SHARE),
        )
    ]
    if whole.lines.growth is not None:
        growth = Cell(whole.lines.growth, "growth_line" if live else None, Unit.SHARE)
        rows.append((Cell("Growth", look=Look.STRONG), growth))
    return Table("Lines", (Column("Line"), Column("At", Unit.SHARE)), tuple(rows))


def _series(whole: Plan, lines: Sequence[SliceLine], by: str) -> Iterator[Series]:
    figures = [line.figures for line in lines]
    yield Series(by.capitalize(), Unit.TEXT, [line.label for line in lines], look=Look.STRONG)
    yield Series("Report", Unit.TEXT, [line.file for line in lines])
    yield Series("Status", Unit.TEXT, [line.status for line in lines])
    for title, field, unit, _ in _SUMMED:
        yield Series(
            title, unit, [None if f is None else float(getattr(f, field)) for f in figures]
        )
    for view in whole.views:
        people = [_csms(f, view.key) for f in figures]
        parts = any(people_unit(csms) is Unit.FTE for csms in people if csms is not None)
        unit = Unit.FTE if parts else Unit.COUNT
        yield Series(_people_heading(view.title), unit, people)
    for name in _segments(whole):
        counts = [None if f is None else float(f.segments.get(name, (0, 0.0))[0]) for f in figures]
        yield Series(name, Unit.COUNT, counts)


def _csms(figures: Figures | None, key: str) -> float | None:
    if figures is None:
        return None
    return float(figures.views[key].csms) if key in figures.views else 0.0
