"""The report of a timeline: which sheets it has, in which order."""

from __future__ import annotations

from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Report, Sheet
from csmcalc.reports.sheets.timeline.checks import month_checks_sheet
from csmcalc.reports.sheets.timeline.drivers import drivers_sheet
from csmcalc.reports.sheets.timeline.hiring import hiring_sheet
from csmcalc.reports.sheets.timeline.months import timeline_sheet
from csmcalc.reports.sheets.timeline.scenarios import scenarios_sheet
from csmcalc.reports.sheets.timeline.sensitivity import sensitivity_sheet


def timeline_report(timeline: Timeline) -> Report:
    """The workbook of a timeline alone."""
    book = timeline.plan.book
    return Report(
        title="When to hire?",
        footer=f"csmcalc · {book.source} · as of {book.as_of:%d %b %Y}",
        currency=book.currency,
        sheets=timeline_sheets(timeline, alone=True),
    )


def timeline_sheets(timeline: Timeline, *, alone: bool) -> tuple[Sheet, ...]:
    """The sheets of a timeline, on their own or beside those of a plan."""
    return (
        hiring_sheet(timeline),
        timeline_sheet(timeline),
        scenarios_sheet(timeline),
        sensitivity_sheet(timeline),
        drivers_sheet(timeline, alone=alone),
        month_checks_sheet(timeline, "Checks" if alone else "Month checks"),
    )
