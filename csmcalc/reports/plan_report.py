"""The report of a plan: which sheets it has, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csmcalc.errors import WorkbookError
from csmcalc.plan.checks import checks_of
from csmcalc.plan.plan import Plan
from csmcalc.reports.model import Report
from csmcalc.reports.sheets.assumptions import assumptions_sheet
from csmcalc.reports.sheets.checks import checks_sheet
from csmcalc.reports.sheets.customers import customers_sheet
from csmcalc.reports.sheets.economics import economics_sheet
from csmcalc.reports.sheets.headcount import headcount_sheet
from csmcalc.reports.sheets.left_out import left_out_sheet, problems_sheet
from csmcalc.reports.sheets.list_read import list_sheet
from csmcalc.reports.sheets.portfolio import portfolio_sheet
from csmcalc.reports.sheets.summary import summary_sheet
from csmcalc.reports.sheets.value.response import response_sheet
from csmcalc.reports.sheets.value.sheet import value_sheet

if TYPE_CHECKING:
    from csmcalc.plan.timeline.timeline import Timeline


def plan_report(plan: Plan, timeline: Timeline | None = None) -> Report:
    """The whole workbook as data; the months of a scenario stand behind the plan."""
    _check_size(plan)
    checks = checks_of(plan)
    sheets = [
        summary_sheet(plan, checks),
        portfolio_sheet(plan),
        customers_sheet(plan),
        value_sheet(plan),
        headcount_sheet(plan),
        economics_sheet(plan),
        assumptions_sheet(plan),
        response_sheet(plan),
        checks_sheet(plan, checks),
        list_sheet(plan),
    ]
    if len(plan.book.excluded):
        sheets.append(left_out_sheet(plan))
    if plan.book.problems:
        sheets.append(problems_sheet(plan))
    scenario = ""
    if timeline is not None:
        # A plan without months, the common case, starts without all that they need.
        from csmcalc.reports.timeline_report import timeline_sheets

        sheets.extend(timeline_sheets(timeline, alone=False))
        scenario = f" · scenario {timeline.live}"
    return Report(
        title="How many customer success managers?",
        footer=f"csmcalc · {plan.book.source}{scenario} · as of {plan.book.as_of:%d %b %Y}",
        currency=plan.book.currency,
        sheets=tuple(sheets),
    )


MOST_PLANNED = 500_000
"""Accounts in a workbook: with more, the sheet of formulas passes what a zip archive can hold."""

MOST_LEFT_OUT = 1_048_570
"""What a worksheet has rows for, below the heading."""


def _check_size(plan: Plan) -> None:
    for what, count, most in (
        ("planned", len(plan.accounts), MOST_PLANNED),
        ("left out", len(plan.book.excluded), MOST_LEFT_OUT),
    ):
        if count > most:
            raise WorkbookError(
                f"{plan.book.source}: {count:,} accounts {what} are more than a workbook can show "
                f"({most:,}); --json without -o gives the answers alone"
            )
