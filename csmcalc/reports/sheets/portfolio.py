"""Portfolio: the book on the BCG matrix, and what each segment brings and costs."""

from __future__ import annotations

import pandas as pd

from csmcalc.formulas.bcg import bcg_action
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT
from csmcalc.reports import theme
from csmcalc.reports.model import Axis, Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.letters import criterion
from csmcalc.reports.sheets.matrix import Matrix, bubbles_of, data_of, extent_of, matrix_of
from csmcalc.reports.wording import Phrase, number, phrase, share, when

_WIDTHS = (2, 17, 11, 11, 12, 11, 12, 13, 13, 9, 9, 9, 34)
_CHART_ROW, _CHART_ROWS, _DATA_COLUMN = 6, 20, 16
_CAPTIONS = (
    ("top", "left", "Question Mark", "QUESTION MARKS · invest carefully"),
    ("top", "right", "Star", "STARS · invest generously"),
    ("bottom", "left", "Poor Dog", "POOR DOGS · exit or reduce services"),
    ("bottom", "right", "Cash Cow", "CASH COWS · hold with lean services"),
)


def portfolio_sheet(plan: Plan) -> Sheet:
    """The sheet of the matrix; without growth data it says so, and what would help."""
    page = Page("Portfolio", _WIDTHS)
    if not plan.has_growth:
        return _without_verdict(plan, page)
    matrix = matrix_of(plan)
    page.head(
        "Which customers are stars, cash cows, question marks and poor dogs?",
        _subtitle(plan, matrix),
    )
    for row in range(_CHART_ROW, _CHART_ROW + _CHART_ROWS):
        page.heights[row] = theme.ROW_HEIGHT
    for above, side, segment, words in _CAPTIONS:
        row = _CHART_ROW - 1 if above == "top" else _CHART_ROW + _CHART_ROWS
        column = _caption_column(matrix.x, side)
        page.text(row, column, words, Look.CARD_LABEL, colour=theme.SEGMENT_COLOURS[segment])
    page.add(_CHART_ROW, FIRST_COLUMN, bubbles_of(matrix))
    row = _CHART_ROW + _CHART_ROWS + 2
    row = page.table(row, segment_table(plan))
    page.section(4, "Chart data, as drawn", _DATA_COLUMN)
    page.table(5, data_of(matrix), _DATA_COLUMN)
    return page.sheet(printed=(row, len(_WIDTHS)))


def _subtitle(plan: Plan, matrix: Matrix) -> Phrase:
    """What the chart shows, where its lines were drawn, and where they run now."""
    drawn = (f"{100 * line:,.1f} %" for line in (matrix.x.line, matrix.y.line))
    return phrase(
        f"Bubble area = ARR, {extent_of(matrix, plan)} · lines as drawn: margin at standard "
        f"service {next(drawn)}, growth {next(drawn)} · now: ",
        share("profitability_line", matrix.x.line, 1),
        " and ",
        share("growth_line", matrix.y.line, 1),
    )


def _caption_column(axis: Axis, side: str) -> int:
    """The column over the middle of one side of the matrix, where its caption begins."""
    across = (axis.line - axis.low) / (axis.high - axis.low)
    middle = across / 2 if side == "left" else (1 + across) / 2
    width = sum(_WIDTHS[FIRST_COLUMN - 1 : _DATA_COLUMN - 5])
    wanted = middle * width - len("QUESTION MARKS · invest carefully") / 2
    column, passed = FIRST_COLUMN, 0.0
    while passed + _WIDTHS[column - 1] <= wanted:
        passed += _WIDTHS[column - 1]
        column += 1
    return column


def _without_verdict(plan: Plan, page: Page) -> Sheet:
    row = page.head(
        "No BCG verdict without growth",
        "Stars and question marks differ from cash cows and poor dogs by their growth, and the "
        "list does not tell it",
    )
    for line in (
        "Give one of these columns and run the plan again:",
        "·  Growth rate: yearly growth of the ARR, such as 12%",
        "·  Prior-year ARR: what the account paid twelve months ago",
        "·  Potential: the ACV expected in 2-3 years, as a multiple of today's, such as 10",
    ):
        page.text(row, FIRST_COLUMN, line, Look.SENTENCE, span=len(_WIDTHS) - 1)
        row += 1
    row = page.section(row + 1, "Profitability at standard service, by touch tier")
    row = page.table(row, tier_table(plan))
    return page.sheet(printed=(row, len(_WIDTHS)))


# --- tables ----------------------------------------------------------------------------------


def segment_table(plan: Plan) -> Table:
    """What each segment brings and costs; its lines add up to all accounts."""
    lines = [
        (*_line(plan, str(label), sums, "Segment"), action_cell(plan, str(label)))
        for label, sums in plan.by_segment.iterrows()
    ]
    columns = (*_columns("Segment", plan), Column("Action"))
    return Table("Segments", columns, tuple(lines), (*_total(plan), Cell(None, look=Look.TOTAL)))


def tier_table(plan: Plan) -> Table:
    """The same by touch tier, where there is no growth and so no segment."""
    lines = [_line(plan, str(tier), sums, "Touch tier") for tier, sums in plan.by_tier.iterrows()]
    return Table("Segments", _columns("Touch tier", plan), tuple(lines), _total(plan))


def action_cell(plan: Plan, segment: str) -> Cell:
    """What to do with a segment; of poor dogs, how many are worth an exit."""
    if segment == NO_VERDICT:
        return Cell("Growth unknown")
    if segment != "Poor Dog":
        return Cell(str(bcg_action(segment)))
    exits = 'COUNTIFS(Customers[Segment],"Poor Dog",Customers[Action],"Exit")'
    count = int((plan.accounts["action"] == "Exit").sum())
    dogs = 'COUNTIFS(Customers[Segment],"Poor Dog")'
    all_of_them = int((plan.accounts["segment"] == "Poor Dog").sum())
    some = phrase("Exit ", number(exits, count), ", reduce services of the rest")
    words = when(
        f"{exits}=0",
        count == 0,
        "Reduce services",
        when(f"{exits}={dogs}", count == all_of_them, "Exit", some),
    )
    return Cell(words.value, words.formula)


def _units(plan: Plan) -> tuple[Unit, Unit, Unit]:
    """The units of ARR, cost to serve and contribution."""
    table = plan.by_segment if plan.has_growth else plan.by_tier
    arr, cost, contribution = (
        money_unit(table[column]) for column in ("arr", "cost_to_serve", "contribution")
    )
    return arr, cost, contribution


def _columns(named: str, plan: Plan) -> tuple[Column, ...]:
    arr, cost, contribution = _units(plan)
    return (
        Column(named),
        Column("Accounts", Unit.COUNT),
        Column("Share of accounts", Unit.SHARE),
        Column("ARR", arr),
        Column("Share of ARR", Unit.SHARE),
        Column("Cost to serve", cost),
        Column("Contribution", contribution),
        Column("Contribution margin", Unit.SHARE),
        Column("FTE", Unit.FTE),
        Column("Guard fails", Unit.COUNT),
        Column("Margin guard"),
    )


_MARGIN = 'IF([@ARR]>0,[@Contribution]/[@ARR],"")'
"""Nothing has no margin: 0.0 % would read as a bad one."""


def _line(plan: Plan, label: str, sums: pd.Series, named: str) -> tuple[Cell, ...]:
    of_arr, of_cost, of_contribution = _units(plan)
    arr, contribution = float(sums["arr"]), float(sums["contribution"])
    where = f"Customers[{named}],{criterion(f'[@{named}]')}"

    def added(column: str) -> str:
        return f"SUMIFS(Customers[{column}],{where})"

    cells = (
        (float(sums["accounts"]), f"COUNTIFS({where})", Unit.COUNT),
        (
            _of(float(sums["accounts"]), len(plan.accounts)),
            "IF(accounts_planned>0,[@Accounts]/accounts_planned,0)",
            Unit.SHARE,
        ),
        (arr, added("ARR"), of_arr),
        (_of(arr, plan.arr), "IF(arr_planned>0,[@ARR]/arr_planned,0)", Unit.SHARE),
        (float(sums["cost_to_serve"]), added("Cost to serve"), of_cost),
        (contribution, added("Contribution"), of_contribution),
        (contribution / arr if arr else "", _MARGIN, Unit.SHARE),
        (float(sums["fte"]), f"{added('Planned hours')}/effective_hours", Unit.FTE),
        (
            float(sums["unguarded"]),
            f'COUNTIFS({where},Customers[Margin guard],"LOOK")',
            Unit.COUNT,
        ),
    )
    name = Cell(label, look=Look.STRONG, colour=theme.SEGMENT_COLOURS.get(label))
    guard = guard_cell(bool(sums["accounts"]), bool(sums["guard"]))
    return (name, *(Cell(value, formula, of) for value, formula, of in cells), guard)


def guard_cell(has_accounts: bool, holds: bool, look: Look = Look.BODY) -> Cell:
    """Whether support + success of a line cost less than the guard allows."""
    return Cell(
        ("OK" if holds else "LOOK") if has_accounts else "",
        'IF([@Accounts]=0,"",IF([@Cost to serve]<[@ARR]*max_share*(1-tie_tolerance),"OK","LOOK"))',
        look=look,
        coloured=("OK", "LOOK"),
    )


def _total(plan: Plan) -> tuple[Cell, ...]:
    of_arr, of_cost, of_contribution = _units(plan)
    total = plan.by_tier.sum(numeric_only=True)
    contribution = float(total["contribution"])
    cells = (
        (float(total["accounts"]), "SUM([Accounts])", Unit.COUNT),
        (_of(len(plan.accounts), len(plan.accounts)), "SUM([Share of accounts])", Unit.SHARE),
        (float(total["arr"]), "SUM([ARR])", of_arr),
        (_of(plan.arr, plan.arr), "SUM([Share of ARR])", Unit.SHARE),
        (float(total["cost_to_serve"]), "SUM([Cost to serve])", of_cost),
        (contribution, "SUM([Contribution])", of_contribution),
        (contribution / plan.arr if plan.arr else "", _MARGIN, Unit.SHARE),
        (float(total["fte"]), "SUM([FTE])", Unit.FTE),
        (float(total["unguarded"]), "SUM([Guard fails])", Unit.COUNT),
    )
    holds = float(total["cost_to_serve"]) < plan.arr * plan.settings.margin.max_share
    return (
        Cell("Total", look=Look.TOTAL),
        *(Cell(value, formula, of, Look.TOTAL) for value, formula, of in cells),
        guard_cell(bool(total["accounts"]), holds, Look.TOTAL),
    )


def _of(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
