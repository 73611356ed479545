"""Books as a report: who owns whom, how even, what moves and why, a sheet for each CSM."""

from __future__ import annotations

from csmcalc.errors import WorkbookError
from csmcalc.plan.books import BookPlan
from csmcalc.reports.model import Report
from csmcalc.reports.plan_report import MOST_PLANNED
from csmcalc.reports.sheets.books.checks import books_checks_sheet, checks_of_books
from csmcalc.reports.sheets.books.customers import customers_sheet
from csmcalc.reports.sheets.books.handover import handover_sheets
from csmcalc.reports.sheets.books.moves import moves_sheet
from csmcalc.reports.sheets.books.rules import rules_sheet
from csmcalc.reports.sheets.books.shown import Shown
from csmcalc.reports.sheets.books.summary import books_summary_sheet
from csmcalc.reports.sheets.books.table import books_sheet
from csmcalc.reports.sheets.left_out import left_out_sheet, problems_sheet
from csmcalc.reports.sheets.list_read import list_sheet


def books_report(made: BookPlan) -> Report:
    """The whole workbook as data."""
    book = made.plan.book
    if len(made.task.customers) > MOST_PLANNED:
        raise WorkbookError(
            f"{book.source}: {len(made.task.customers):,} customers are more than a workbook can "
            f"show ({MOST_PLANNED:,}); write the owners with -o books.csv"
        )
    shown = Shown(made)
    checks = checks_of_books(shown)
    first = [
        books_summary_sheet(shown, checks),
        books_sheet(shown),
        moves_sheet(shown),
        customers_sheet(shown),
    ]
    last = [rules_sheet(shown), books_checks_sheet(shown, checks), list_sheet(made.plan)]
    if len(book.excluded):
        last.append(left_out_sheet(made.plan))
    if book.problems:
        last.append(problems_sheet(made.plan))
    named = [sheet.name for sheet in (*first, *last)]
    return Report(
        title="Who owns whom?",
        footer=f"csmcalc · {book.source} · as of {book.as_of:%d %b %Y}",
        currency=book.currency,
        sheets=(*first, *handover_sheets(shown, named), *last),
    )
