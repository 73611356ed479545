"""Value: how many CSMs are worth their cost, with the proof, the risk and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.risk import Bar, tornado, uncertainty
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Look, Sheet, Unit, Wash
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.origin import put_origins
from csmcalc.reports.sheets.said import currency_of, sign_of
from csmcalc.reports.sheets.value.answers import by_segment, priced, proof
from csmcalc.reports.sheets.value.curve import (
    curve_chart,
    curve_table,
    curve_title,
    drawn_of,
    unit_cell,
)
from csmcalc.reports.sheets.value.names import CASH, horizon_of
from csmcalc.reports.sheets.value.origins import origins_table
from csmcalc.reports.sheets.value.risk import ranges_table, tornado_chart, tornado_table
from csmcalc.reports.sheets.value.words import range_of, sentence
from csmcalc.reports.wording import Phrase, literal, money, phrase, share, when

_WIDTHS = (2, 17, 13, 13, 14, 14, 14, 14, 14, 14, 14)
_CHART_ROWS = 16
_DATA_COLUMN = 14
_RIGHT = 7


def value_sheet(plan: Plan, bars: Sequence[Bar] | None = None) -> Sheet:
    """The sheet of the value view; `bars` are the tornado, if it was found before."""
    page = Page("Value", _WIDTHS)
    page.head("How many CSMs are worth what they cost?", _subtitle(plan))
    _cards(page, plan)
    page.text(10, FIRST_COLUMN, sentence(plan), Look.SENTENCE, span=10, lines=2)
    drawn = drawn_of(plan)
    page.text(12, FIRST_COLUMN, curve_title(drawn, currency_of(plan)), Look.SECTION)
    row = 13
    page.add(row, FIRST_COLUMN, curve_chart(drawn))
    for position in range(row, row + _CHART_ROWS):
        page.heights[position] = theme.ROW_HEIGHT
    page.breaks.append(row + _CHART_ROWS)
    row = page.section(row + _CHART_ROWS + 1, "What each answer is worth, its hours well spent")
    row = page.table(row, priced(plan)) + 1
    row = page.section(row, "Where the hours go at the best headcount")
    row = page.table(row, by_segment(plan)) + 1
    page.breaks.append(row - 1)
    row = page.section(row, "The proof")
    row = page.table(row, proof(plan)) + 1
    row = _risk(page, plan, row, tornado(plan.value.case) if bars is None else bars)
    if not plan.book.full:
        row = put_origins(page, row, _COMPUTED_FROM, origins_table(plan))
    page.section(4, "Chart data", _DATA_COLUMN)
    page.text(4, _DATA_COLUMN + 1, unit_cell(drawn), Look.MUTED)
    page.table(5, curve_table(drawn), _DATA_COLUMN)
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


_COMPUTED_FROM = "Computed from; a change turns the value view stale, until it is rerun"


def _subtitle(plan: Plan) -> Phrase:
    case = plan.value.case
    charged = when(
        "value_charge_service",
        case.rules.charge_service,
        "its future service charged",
        "not charged for service",
    )
    return phrase(
        "Margin of what service retains over ",
        horizon_of(plan),
        ", ",
        charged,
        ", at ",
        share("discount", case.margin.discount, 1),
        f" a year · response to service: see {'Inputs' if plan.book.full else 'Response'}"
        " · amounts in ",
        currency_of(plan),
    )


def _cards(page: Page, plan: Plan) -> None:
    chosen, cash, rates = plan.value.chosen, plan.value.cash, plan.rates
    best, currency, within = chosen.optimum, sign_of(plan), range_of(plan)
    cards: list[tuple[Phrase, Cell, Phrase | str]] = [
        (
            phrase("Best over ", horizon_of(plan)),
            Cell(float(best.csms), "csms_value", Unit.FIGURE),
            phrase(money("value_net", best.net_value, currency), " net value"),
        ),
        (
            literal("Within 1 % of the best"),
            Cell(within.value, within.formula, name="value_range"),
            "CSMs: decide within these",
        ),
        (
            literal(f"Best over {CASH}"),
            Cell(float(cash.optimum.csms), unit=Unit.FIGURE, name="value_cash_csms"),
            "the cash view",
        ),
        (
            literal("The next CSM brings"),
            Cell(best.next_csm_value, unit=money_unit((best.next_csm_value,)), name="value_next"),
            phrase("and costs ", money("loaded_cost", rates.loaded_cost, currency)),
        ),
        (
            literal("Price of an hour"),
            Cell(best.hour_price, unit=Unit.MONEY, name="value_hour_price"),
            phrase("costs ", money("cost_per_hour", rates.cost_per_hour, currency)),
        ),
    ]
    for position, (title, figure, note) in enumerate(cards):
        column = FIRST_COLUMN + 2 * position
        page.washes.append(Wash(5, column, 8, column + 1, position == 0))
        page.text(5, column, title, Look.CARD_LABEL)
        colour = theme.ACCENT if position == 0 else None
        page.text(6, column, figure, Look.CARD_FIGURE, span=2, colour=colour)
        page.text(7, column, note, Look.CARD_NOTE)
    page.heights.update({5: 20, 6: 38, 7: 15, 8: 17})


def _risk(page: Page, plan: Plan, row: int, bars: Sequence[Bar]) -> int:
    row = page.section(row, "How sure: a year ahead, with churn that all customers share")
    row = page.table(row, ranges_table(uncertainty(plan.value))) + 1
    # A chart that is cut by the end of a page cannot be read.
    page.breaks.append(row - 1)
    row = page.section(
        row, "What moves net value most: each input alone, from the best; grey: lower, blue: higher"
    )
    end = page.table(row, tornado_table(plan, bars))
    page.add(end + 1, FIRST_COLUMN, tornado_chart())
    for position in range(end + 1, end + 13):
        page.heights[position] = theme.ROW_HEIGHT
    return end + 14
