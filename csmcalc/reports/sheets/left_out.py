"""Left out and Problems: what of the list is not planned, and why."""

from __future__ import annotations

from csmcalc.io.phrases import counted
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.book import FIELD
from csmcalc.reports.model import List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page

_HEADER_ROW = 5


def left_out_sheet(plan: Plan) -> Sheet:
    """Churned, deleted and trial accounts, those without revenue, and rows that are wrong."""
    excluded = plan.book.excluded
    page = Page("Left out", (2,))
    page.head(
        "Left out of the plan",
        f"{counted(len(excluded), 'account')} · amounts in {plan.book.currency} · row: where they "
        "stand in the file",
    )
    series = [
        Series("Row", Unit.COUNT, excluded["row"].astype(float)),
        Series("Account id", Unit.TEXT, excluded["id"]),
        Series("Account", Unit.TEXT, excluded["name"], look=Look.STRONG),
        Series("ARR", Unit.MONEY, excluded["arr"]),
    ]
    if "prior_arr" in excluded:
        series.append(Series(FIELD["prior_arr"].title, Unit.MONEY, excluded["prior_arr"]))
    series.append(Series("Reason", Unit.TEXT, excluded["reason"]))
    page.add(_HEADER_ROW, FIRST_COLUMN, List("Left_out", tuple(series)))
    return page.sheet(
        printed=(_HEADER_ROW + len(excluded), FIRST_COLUMN + len(series) - 1),
        one_page=False,
        frozen=(_HEADER_ROW, 0),
        repeated_row=_HEADER_ROW,
    )


def problems_sheet(plan: Plan) -> Sheet:
    """Every problem of the rows that were skipped: where, what, and what to do."""
    problems = plan.book.problems
    page = Page("Problems", (2,))
    many = counted(len(problems), "cell")
    page.head("Problems", f"{many} of the list could not be used as written")
    series = (
        Series("Row", Unit.TEXT, ["" if p.row is None else str(p.row) for p in problems]),
        Series("Column", Unit.TEXT, [p.column for p in problems], look=Look.STRONG),
        Series("Value", Unit.TEXT, [p.value for p in problems]),
        Series("What is wrong", Unit.TEXT, [p.wrong for p in problems]),
        Series("What to do", Unit.TEXT, [p.remedy for p in problems]),
    )
    page.add(_HEADER_ROW, FIRST_COLUMN, List("Problems", series))
    return page.sheet(
        printed=(_HEADER_ROW + len(problems), FIRST_COLUMN + len(series) - 1),
        one_page=False,
        frozen=(_HEADER_ROW, 0),
        repeated_row=_HEADER_ROW,
    )
