"""Hiring: the policies side by side, and every requisition with its band of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from csmcalc.plan.timeline.chance import Paths, paths_of
from csmcalc.plan.timeline.sensitivity import first_csm, team_of_live
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
from csmcalc.reports.sheets.said import currency_of, sign_of
from csmcalc.reports.sheets.timeline.months import finished, months_page
from csmcalc.reports.sheets.timeline.policies import bridge_table, meaning, policies_table
from csmcalc.reports.sheets.timeline.rows import heading, line, months_again
from csmcalc.reports.sheets.timeline.stale import marked, stale_first
from csmcalc.reports.wording import Phrase, money, month, number, phrase, share, when

_MOST_ROWS = 60
_CHART_ROWS = 15
_FIT_A_PAGE = 34
"""Rows of requisitions and of their band that a printed page holds."""
_WORDS = ("search", "ramp", "full")


def hiring_sheet(timeline: Timeline, paths: Paths | None = None) -> Sheet:
    """The sheet of whom to hire when; `paths` are those of random leavers, if they are known."""
    page = months_page("Hiring", timeline)
    page.head("Whom to hire when?", _subtitle(timeline))
    page.text(5, FIRST_COLUMN, _sentence(timeline), Look.SENTENCE, span=10, lines=2)
    side_by_side = marked("The policies side by side, on the live case as planned")
    page.text(7, FIRST_COLUMN, side_by_side, Look.SECTION)
    row = page.table(8, policies_table(timeline)) + 1
    page.text(row, FIRST_COLUMN, marked("From worth to net value, and to cost"), Look.SECTION)
    row = page.table(row + 1, bridge_table(timeline))
    page.text(row, FIRST_COLUMN, meaning(timeline), Look.REMARK, span=10, lines=2)
    row += 2
    row = page.section(row, "Required, heads and productive CSMs")
    page.add(row, FIRST_COLUMN, _chart())
    for position in range(row, row + _CHART_ROWS):
        page.heights[position] = theme.ROW_HEIGHT
    row += _CHART_ROWS + 1
    # Requisitions and their band stand together, on one page as long as they fit.
    page.breaks.append(row - 1)
    page.text(row, FIRST_COLUMN, _of_requisitions(timeline), Look.SECTION)
    row = page.table(row + 1, _requisitions(timeline)) if _slots(timeline) else row + 1
    return _with_band(page, timeline, row + 1, paths or paths_of(timeline))


def _of_requisitions(timeline: Timeline) -> Phrase:
    """What stands over them; there may be none."""
    some = "Requisitions: when to open each for the CSMs to start in their month"
    none = "Requisitions: nobody is to be hired in these months"
    starts = float(team_of_live(timeline).starts[0].sum())
    return when("SUM({starts.all})=0", starts == 0, none, some)


def _of_band(timeline: Timeline) -> GridRow:
    """What stands over the months of the requisitions; nothing where there are none."""
    nobody = float(team_of_live(timeline).starts[0].sum()) == 0
    some = "Where each stands: grey searched for, pale ramping, blue at work"
    title = when("SUM({starts.all})=0", nobody, "", some)
    return replace(heading(title.value), title_formula=title.formula)


def _slots(timeline: Timeline) -> int:
    """How many requisitions have a line; one a month where other inputs may ask for more."""
    if timeline.plan.book.full:
        return len(timeline.months)
    return min(len(timeline.requisitions), _MOST_ROWS)


def _with_band(page: Page, timeline: Timeline, row: int, paths: Paths) -> Sheet:
    rows = tuple(_band(timeline, paths))
    if len(rows) + _slots(timeline) > _FIT_A_PAGE:
        page.breaks.append(row - 1)
    page.add(row, FIRST_COLUMN, Grid("HeadsBand", rows, len(timeline.months)))
    return finished(page, row + len(rows) - 1, len(timeline.months))


def _subtitle(timeline: Timeline) -> Phrase:
    hiring = timeline.plan.settings.hiring
    return phrase(
        "Hiring ",
        Phrase("policy", timeline.policy),
        " for the CSMs required by the ",
        Phrase("basis", hiring.basis),
        " · ramp ",
        number("ramp_months", hiring.ramp_months, 1),
        " months, ",
        number("months_to_fill", hiring.months_to_fill, 1),
        " to fill, ",
        share("attrition", hiring.attrition, 1),
        " leave a year · amounts in ",
        currency_of(timeline.plan),
    )


def _sentence(timeline: Timeline) -> Phrase:
    """Whom the chosen policy starts, and what it loses against the best one while that is fresh."""
    starts = float(team_of_live(timeline).starts[0].sum())
    some = phrase(
        number("SUM({starts.all})", starts),
        when("SUM({starts.all})=1", starts == 1, " CSM", " CSMs"),
    )
    hires = phrase(
        "Hiring ",
        Phrase("policy", timeline.policy),
        " starts ",
        when("SUM({starts.all})=0", starts == 0, "nobody", some),
        " over these months",
    )
    fresh: list[Phrase | str] = [hires, _against_best(timeline), *_first_search(timeline)]
    if timeline.opening.heads == 0 and not timeline.plan.book.full:
        pays = first_csm(timeline).month
        if pays is not None:
            fresh.append(f"; a first CSM pays who starts in {timeline.months[pays]:%B %Y}")
    found = 'OR(policy="level",policy="optimal")'
    as_before = when(
        found, timeline.policy in ("level", "optimal"), ", as they were found before", ""
    )
    return stale_first(timeline, phrase(*fresh, "."), phrase(hires, as_before, "."))


def _against_best(timeline: Timeline) -> Phrase:
    lost = _lost(timeline)
    loses = phrase(
        " and is worth ",
        money("N(policy_lost)", lost or 0.0, sign_of(timeline.plan)),
        " less than the optimum",
    )
    as_good = round(lost or 0.0) == 0
    loses = when(
        "ROUND(N(policy_lost),0)=0", as_good, " and is worth as much as the optimum", loses
    )
    loses = when('policy="optimal"', timeline.policy == "optimal", "", loses)
    none = "; no hiring plan keeps within the budget, so that there is no optimum"
    return when("ISNUMBER(policy_lost)", lost is not None, loses, none)


def _lost(timeline: Timeline) -> float | None:
    """Net value that the chosen policy misses; None where there is no optimum."""
    if timeline.best.why_not:
        return None
    nets = (timeline.policies[name].net_value.sum() for name in ("optimal", timeline.policy))
    best, chosen = map(float, nets)
    return max(0.0, best - chosen)


def _first_search(timeline: Timeline) -> Iterator[Phrase]:
    if _slots(timeline):
        opens = timeline.requisitions[0].opens if timeline.requisitions else dt.date(1900, 1, 1)
        first = "INDEX(Requisitions[Open by],1)"
        opening = phrase("; the first requisition opens in ", month(first, opens))
        yield when(f"ISNUMBER({first})", bool(timeline.requisitions), opening, "")


def _requisitions(timeline: Timeline) -> Table:
    columns = (
        Column("Requisition", Unit.COUNT),
        Column("CSMs", Unit.COUNT),
        Column("Open by", Unit.MONTH),
        Column("Starts", Unit.MONTH),
        Column("Productive", Unit.MONTH),
    )
    rows = [_requisition(timeline, at) for at in range(_slots(timeline))]
    return Table("Requisitions", columns, tuple(rows), used="CSMs")


def _requisition(timeline: Timeline, at: int) -> tuple[Cell, ...]:
    """The starts of one month: found where the number of requisitions so far first reaches it."""
    there = timeline.requisitions[at] if at < len(timeline.requisitions) else None
    reached = "MATCH([@Requisition],{requisition.all},0)"
    days: tuple[tuple[dt.date | str, str], ...] = (
        (there.opens if there else "", "EDATE([@Starts],-wait)"),
        (there.starts if there else "", f"INDEX({{month.all}},{reached})"),
        (there.productive if there else "", "EDATE([@Starts],lead)"),
    )
    return (
        Cell(at + 1, unit=Unit.FIGURE, look=Look.STRONG),
        Cell(
            float(there.csms) if there else "",
            f'IFERROR(INDEX({{starts.all}},{reached}),"")',
            Unit.COUNT,
        ),
        *(Cell(day, f'IFERROR({formula},"")', Unit.MONTH) for day, formula in days),
    )


def _band(timeline: Timeline, paths: Paths) -> Iterator[GridRow]:
    """What leavers may do, and the months of each requisition: last, as some may be none yet."""
    yield months_again(timeline, "hiring")
    yield from _chance(timeline, paths)
    if _slots(timeline):
        yield _of_band(timeline)
    for at in range(_slots(timeline)):
        yield _band_of(timeline, at)


def _band_of(timeline: Timeline, at: int) -> GridRow:
    """The months of one requisition: search, ramp, fully there."""
    there = timeline.requisitions[at] if at < len(timeline.requisitions) else None
    key = f"band_{at + 1}"
    opens, starts, productive, csms = (
        f"INDEX(Requisitions[{heading}],{{{key}.opening}})"
        for heading in ("Open by", "Starts", "Productive", "CSMs")
    )
    # Where there is no requisition its days are words, and no month lies before them.
    formula = (
        f'IF({{hiring_month}}<{opens},"",IF({{hiring_month}}<{starts},"search",'
        f'IF({{hiring_month}}<{productive},"ramp","full")))'
    )
    count = there.csms if there else 0
    some = phrase(
        "No ",
        number(f"{{{key}.opening}}", at + 1),
        ": ",
        number(csms, count),
        when(f"{csms}=1", count == 1, " CSM", " CSMs"),
    )
    title = when(f"ISNUMBER({csms})", there is not None, some, "")
    row = line(
        key,
        title.value,
        "",
        Unit.TEXT,
        [_word(there, day) for day in timeline.months],
        formula,
        Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED),
        coloured=_WORDS,
    )
    return replace(row, title_formula=title.formula)


def _word(one: Requisition | None, month: dt.date) -> str:
    if one is None or month < one.opens:
        return ""
    if month < one.starts:
        return "search"
    return "ramp" if month < one.productive else "full"


def _chance(timeline: Timeline, paths: Paths) -> Iterator[GridRow]:
    """What random leavers may do to the plan."""
    count = timeline.plan.settings.hiring.paths
    title = f"If leavers come at random: {count:,} paths, nobody replaced sooner"
    yield replace(heading(title), title_formula=marked(title).formula)
    for title, rows in (("Productive", paths.productive), ("FTE missing", paths.missing)):
        for percentile, row in zip((10, 50, 90), rows, strict=True):
            key = f"{title.split()[0].lower()}_p{percentile}"
            yield line(key, f"{title}, P{percentile}", "FTE", Unit.FTE, row, None)


def _chart() -> Curves:
    lines = (
        MonthLine("needed", "Required", theme.INK),
        MonthLine("heads", "Heads", theme.MUTED),
        MonthLine("productive", "Productive", theme.ACCENT),
    )
    return Curves("month", lines, Unit.COUNT, width=24.0, height=7.2)
