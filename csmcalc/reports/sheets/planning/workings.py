"""Workings: everything between inputs and results, each figure computed once."""

from __future__ import annotations

from csmcalc.plan.cells import CURRENCY, TEMPLATE, VERSION
from csmcalc.plan.checks import is_fitted
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.book import Reason
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.assumptions import derived_table, minimums_table
from csmcalc.reports.sheets.economics import bridge_table
from csmcalc.reports.sheets.planning.constants import constants_table, response_points
from csmcalc.reports.sheets.planning.drawing import Drawing
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.planning.scale import scale_table, steps_table
from csmcalc.reports.sheets.said import SIGN, SOURCE
from csmcalc.reports.sheets.timeline.drivers import driver_blocks
from csmcalc.reports.sheets.timeline.opening import base_rates_table

_BESIDE, _ROWS_A_PAGE = 5, 41
_WIDTHS = (2, 34, 17, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)


def workings_sheet(filled: Filled) -> Sheet:
    """The sheet of all workings."""
    plan = filled.plan
    page = Page("Workings", _WIDTHS)
    row = page.head(
        "Workings",
        "Nothing to type here: black follows from this workbook, on pale blue stands what csmcalc "
        "wrote when it filled it",
    )
    row = page.section(row, "Where the list comes from")
    row = page.table(row, _source_table(filled)) + 1
    row = page.section(row, "What follows from inputs and customers")
    row = page.table(row, derived_table(plan)) + 1
    row = page.section(row, "The smallest ARR that earns a tier")
    row = page.table(row, minimums_table(plan)) + 1
    row = page.section(row, "From last year's ARR to this year's")
    assert plan.bridge is not None
    row = page.table(row, bridge_table(plan, plan.bridge)) + 1
    row = page.section(row, "Rates of the customers: those set, or those of the list's last year")
    row = page.table(row, base_rates_table(filled.timeline)) + 1
    row = driver_blocks(page, row, filled.timeline)
    row = page.section(row, "The scale of the matrix")
    page.table(row, steps_table(), _BESIDE)
    row = page.table(row, scale_table(Drawing(plan))) + 1
    row = page.section(row, "Signs of currencies")
    row = page.table(row, _signs_table()) + 1
    row = page.section(row, "Constants by name")
    row = page.table(row, constants_table())
    page.keep_together(_ROWS_A_PAGE)
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False, frozen=(3, 0))


def _source_table(filled: Filled) -> Table:
    """What csmcalc wrote about the list, and the sign of its currency."""
    plan = filled.plan
    known = f"INDEX(Signs[Sign],MATCH({CURRENCY},Signs[Currency],0))"
    rows = (
        (
            Cell("List"),
            Cell(plan.book.source, look=Look.FOUND, name=SOURCE, found=True),
            Cell("the file that was filled in", look=Look.MUTED),
        ),
        (
            Cell("ARR in the file"),
            Cell(filled.arr_in_file, unit=Unit.MONEY, look=Look.FOUND, name="arr_in_file"),
            Cell("planned, left out, and in rows that could not be read", look=Look.MUTED),
        ),
        (
            Cell("ARR in unread rows"),
            Cell(_unread(plan), unit=Unit.MONEY, look=Look.FOUND, name="arr_unread"),
            Cell("of the file, but not in the table of customers", look=Look.MUTED),
        ),
        (
            Cell("Computed on"),
            Cell(filled.computed, unit=Unit.DATE, look=Look.FOUND, name="computed_on"),
            Cell("day on which csmcalc found its answers", look=Look.MUTED),
        ),
        (
            Cell("Gap to the bound of the hiring plan"),
            Cell(filled.timeline.best.gap, unit=Unit.GAP, look=Look.FOUND, name="month_gap"),
            Cell("how far the optimal plan may be from the best there is", look=Look.MUTED),
        ),
        (
            Cell("Response fitted to history"),
            Cell(is_fitted(plan), unit=Unit.FLAG, look=Look.FOUND, name="response_fitted"),
            Cell("whether the list tells how every tier responds to service", look=Look.MUTED),
        ),
        (
            Cell("Judged points of the response"),
            Cell(
                response_points(plan.settings.response),
                "+".join(f"SUMPRODUCT(JudgedResponse[{h}],JudgedResponse[No])" for h in _POINTS),
                Unit.PLAIN,
                name="response_points",
            ),
            Cell("tells whether they are still those that ship", look=Look.MUTED),
        ),
        (
            Cell("Template version"),
            Cell(VERSION, unit=Unit.PLAIN, look=Look.FOUND, name=TEMPLATE),
            Cell("what csmcalc knows the workbook by", look=Look.MUTED),
        ),
        (
            Cell("Sign of the currency"),
            Cell(
                theme.symbol(plan.book.currency),
                f'IFERROR({known},{CURRENCY}&" ")',
                name=SIGN,
            ),
            Cell("stands before amounts in sentences", look=Look.MUTED),
        ),
    )
    columns = (Column("From"), Column("Value", Unit.PLAIN), Column("What it is", span=4))
    return Table("Source", columns, rows)


def _unread(plan: Plan) -> float:
    """ARR told by rows of the file that could not be read."""
    excluded = plan.book.excluded
    return float(excluded.loc[excluded["reason"] == Reason.BAD_ROW.value, "arr"].sum())


_POINTS = ("No service", "Today", "Saturated")


def _signs_table() -> Table:
    rows = tuple((Cell(code), Cell(sign)) for code, sign in theme.SIGNS.items())
    return Table("Signs", (Column("Currency"), Column("Sign")), rows)
