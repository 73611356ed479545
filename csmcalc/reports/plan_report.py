"""The report of a plan: which sheets it has, in which order."""

from __future__ import annotations

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


def plan_report(plan: Plan) -> Report:
    """The whole workbook as data."""
    checks = checks_of(plan)
    sheets = [
        summary_sheet(plan, checks),
        portfolio_sheet(plan),
        customers_sheet(plan),
        headcount_sheet(plan),
        economics_sheet(plan),
        assumptions_sheet(plan),
        checks_sheet(plan, checks),
        list_sheet(plan),
    ]
    if len(plan.book.excluded):
        sheets.append(left_out_sheet(plan))
    if plan.book.problems:
        sheets.append(problems_sheet(plan))
    return Report(
        title="How many customer success managers?",
        footer=f"csmcalc · {plan.book.source} · as of {plan.book.as_of:%d %b %Y}",
        currency=plan.book.currency,
        sheets=tuple(sheets),
    )
