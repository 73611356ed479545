"""Timeline: customers and team month by month, one formula a row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from csmcalc.plan.cells import LIVE_CASE
from csmcalc.plan.timeline.sensitivity import frame_of_live
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Grid, GridRow, Sheet
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.references import GRID_COLUMNS
from csmcalc.reports.sheets.said import currency_of, source_of
from csmcalc.reports.sheets.timeline.customers import all_customers, segment_rows
from csmcalc.reports.sheets.timeline.rows import calendar
from csmcalc.reports.sheets.timeline.team import team_rows
from csmcalc.reports.wording import Phrase, phrase

WIDTHS = (2, 38, 14, 13)
MONTH_WIDTH = 12.5
GRID_ROW = 5
_MONTHS_A_PAGE, _ROWS_A_PAGE = 12, 42


def widths_of(months: int) -> tuple[float, ...]:
    """Widths of a sheet of months: the same on every sheet."""
    return (*WIDTHS, *(MONTH_WIDTH,) * months)


def months_page(name: str, timeline: Timeline) -> Page:
    """A sheet whose columns are the months."""
    return Page(name, widths_of(len(timeline.months)))


def finished(page: Page, row: int, months: int, *, head: int | None = None) -> Sheet:
    """A sheet of months: titles stay in sight, a year to a page; `head` is the row of months."""
    return page.sheet(
        printed=(row, FIRST_COLUMN + GRID_COLUMNS - 1 + months),
        one_page=False,
        frozen=(head or 3, FIRST_COLUMN + GRID_COLUMNS - 1),
        repeated_row=head,
        across=-(-months // _MONTHS_A_PAGE),
        repeated_columns=FIRST_COLUMN + GRID_COLUMNS - 1,
    )


def timeline_sheet(timeline: Timeline) -> Sheet:
    """The sheet of all months."""
    page = months_page("Timeline", timeline)
    plan = timeline.plan
    page.head(
        "Month by month: customers, ARR and the team",
        phrase(
            source_of(plan),
            " · scenario ",
            Phrase(LIVE_CASE, timeline.live),
            " · hiring ",
            Phrase("policy", timeline.policy),
            " · amounts in ",
            currency_of(plan),
        ),
    )
    frame = frame_of_live(timeline)
    rows = (
        *calendar(timeline),
        *all_customers(frame),
        *team_rows(timeline),
        *segment_rows(frame),
    )
    page.add(GRID_ROW, FIRST_COLUMN, Grid("Months", rows, len(timeline.months)))
    page.breaks.extend(GRID_ROW + at - 1 for at in _pages(rows))
    last = GRID_ROW + len(rows) - 1
    return finished(page, last, len(timeline.months), head=GRID_ROW)


def _pages(rows: Sequence[GridRow]) -> Iterator[int]:
    """The rows with which a new page begins: no block is torn that fits on one."""
    begin = 0
    starts = [at for at, row in enumerate(rows) if not row.key]
    for start, end in itertools.pairwise([*starts, len(rows)]):
        if end - begin > _ROWS_A_PAGE and start > begin:
            begin = start
            yield start
