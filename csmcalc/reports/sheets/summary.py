"""Summary: how many customer success managers, answered on one screen."""

from __future__ import annotations

from collections.abc import Iterator

from csmcalc.plan.checks import Check
from csmcalc.plan.plan import Plan, View
from csmcalc.portfolio.book import Reason
from csmcalc.reports import theme
from csmcalc.reports.model import Bars, Cell, Column, Look, Sheet, Table, Unit, Wash
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import exact_unit, money_unit, people, people_unit
from csmcalc.reports.sheets.checks import conditions_of, finding_of
from csmcalc.reports.sheets.looks import looks_block
from csmcalc.reports.sheets.portfolio import action_cell
from csmcalc.reports.sheets.said import currency_of, sign_of
from csmcalc.reports.sheets.value.names import horizon_of
from csmcalc.reports.sheets.value.words import csms_of, fresh_or, range_of, sentence
from csmcalc.reports.wording import Phrase, counted, money, number, phrase, when

_WIDTHS = (2, 19, 13, 13, 13, 13, 13, 13, 13, 32)
_CARDS = ("rule", "workload", "value", "today")
_ANSWER = "value"
_RIGHT = 6


def summary_sheet(plan: Plan, checks: tuple[Check, ...]) -> Sheet:
    """The first sheet: the question, the answers, what they mean in money."""
    page = Page("Summary", _WIDTHS)
    book = plan.book
    page.head(
        "How many customer success managers?",
        phrase(
            f"{book.source} · ",
            counted("accounts_planned", len(plan.accounts), "account"),
            f" · ARR as of {book.as_of:%d %b %Y} · amounts in {book.currency}",
        ),
        Look.TITLE,
    )
    answer_cards(page, plan)
    page.text(10, FIRST_COLUMN, sentence(plan), Look.SENTENCE, span=9, lines=2)
    page.text(11, FIRST_COLUMN, margin_sentence(plan), Look.SENTENCE, span=9, lines=1)
    row = page.table(13, segment_lines(plan)) + 1
    page.section(row, "CSMs by view")
    page.add(row + 1, FIRST_COLUMN, view_bars(plan))
    page.section(row, "What needs a look", _RIGHT)
    conditions = conditions_of(plan)
    row = looks_block(
        page, row + 1, _RIGHT, checks, lambda check: finding_of(plan, check, conditions).value
    )
    row = page.section(row + 1, "From the file to the plan", _RIGHT)
    row = page.table(row, _tie_out(plan), _RIGHT)
    return page.sheet(printed=(row, len(_WIDTHS)))


# --- the answers -----------------------------------------------------------------------------


def answer_cards(page: Page, plan: Plan) -> None:
    """The answers in large figures."""
    for position, key in enumerate(_CARDS):
        view = plan.view(key)
        column = FIRST_COLUMN + 2 * position
        last = len(_WIDTHS) if position == len(_CARDS) - 1 else column + 1
        accent = key == _ANSWER
        page.washes.append(Wash(5, column, 8, last, accent))
        page.text(5, column, _title(plan, view), Look.CARD_LABEL)
        unit = people_unit(view.csms) if key == "today" else Unit.FIGURE
        figure = Cell(float(view.csms), f"csms_{key}", unit)
        colour = theme.ACCENT if accent else None
        page.text(6, column, figure, Look.CARD_FIGURE, span=2, colour=colour)
        page.text(7, column, _basis(plan, view), Look.CARD_NOTE)
        page.text(8, column, _cost(plan, view), Look.CARD_NOTE)
    page.heights.update({5: 20, 6: 38, 7: 15, 8: 17})


def _title(plan: Plan, view: View) -> Phrase | str:
    if view.key == "rule":
        return phrase(money("target_arr", plan.rates.arr_per_csm, sign_of(plan)), " : 1 rule")
    if view.key == "value":
        return phrase("Value over ", horizon_of(plan))
    if view.key == "today" and plan.book.team:
        return f"Today, a part of {people('', plan.book.team).value}"
    return view.title


def _basis(plan: Plan, view: View) -> Phrase:
    """What the view rests on, in one line."""
    if view.key == "workload":
        hours = float(plan.accounts["planned_hours"].sum())
        available = view.csms * plan.rates.effective_hours
        return phrase(
            number("hours_planned", hours),
            " h of ",
            number("csms_workload*effective_hours", available),
            " h",
        )
    if view.key == "value":
        return fresh_or(phrase(range_of(plan), " within 1 % of the best"))
    each = plan.arr / view.csms if view.csms else 0.0
    expression = f"IF(csms_{view.key}>0,arr_planned/csms_{view.key},0)"
    known = phrase(money(expression, each, sign_of(plan)), " ARR each")
    if view.key == "rule":
        known = _at_the_rate(plan, known)
    return when(f"csms_{view.key}>0", view.csms > 0, known, "not known")


def _at_the_rate(plan: Plan, words: Phrase) -> Phrase:
    """The target's basis; where no exchange rate was set, a target in another currency says so."""
    listed, given = plan.book.currency, plan.settings.money
    holds = given.currency == listed or given.exchange_rate != 1
    of_list = currency_of(plan)
    warning = phrase(Phrase("currency", given.currency), " taken one to one as ", of_list)
    return when(f"OR(currency={of_list.formula},exchange_rate<>1)", holds, words, warning)


def _cost(plan: Plan, view: View) -> Phrase:
    csms = f"csms_{view.key}"
    amount = money(f"{csms}*loaded_cost", view.cost, sign_of(plan))
    return when(f"{csms}>0", view.csms > 0, phrase(amount, " a year"), "")


def margin_sentence(plan: Plan) -> Phrase:
    """What service costs and leaves."""
    currency = sign_of(plan)
    cost_to_serve = float(plan.accounts["cost_to_serve"].sum())
    margin = float(plan.accounts["contribution"].sum())
    return phrase(
        "Today's service plan asks for ",
        csms_of("csms_workload", int(plan.view("workload").csms)),
        " by its hours; support and success cost ",
        money("SUM(Customers[Cost to serve])", cost_to_serve, currency),
        " of ",
        money("arr_planned", plan.arr, currency),
        " ARR and ",
        when("SUM(Customers[Contribution])>=0", margin >= 0, "leave ", "leave a loss of "),
        money("ABS(SUM(Customers[Contribution]))", abs(margin), currency),
        when("SUM(Customers[Contribution])>=0", margin >= 0, " of margin.", "."),
    )


# --- the segments ----------------------------------------------------------------------------


def segment_lines(plan: Plan) -> Table:
    """The lines of the Portfolio sheet's table that a board reads first."""
    sums = plan.by_segment if plan.has_growth else plan.by_tier
    lines = sums.assign(share=sums["arr"] / (plan.arr or 1.0))
    read = (
        ("Accounts", "accounts", Unit.COUNT),
        ("ARR", "arr", money_unit(sums["arr"])),
        ("Share of ARR", "share", Unit.SHARE),
        ("Cost to serve", "cost_to_serve", money_unit(sums["cost_to_serve"])),
        ("Contribution", "contribution", money_unit(sums["contribution"])),
        ("Guard fails", "unguarded", Unit.COUNT),
        ("FTE", "fte", Unit.FTE),
    )
    named = "Segment" if plan.has_growth else "Touch tier"
    at = f"MATCH([@{named}],Segments[{named}],0)"
    rows = []
    for label, line in lines.iterrows():
        name = str(label)
        cells = (
            Cell(float(line[key]), f"INDEX(Segments[{heading}],{at})", unit)
            for heading, key, unit in read
        )
        action = [action_cell(plan, name)] if plan.has_growth else []
        colour = theme.SEGMENT_COLOURS.get(name)
        rows.append((Cell(name, look=Look.STRONG, colour=colour), *cells, *action))
    total = lines.sum(numeric_only=True)
    totals = (
        Cell(float(total[key]), f"SUM([{heading}])", unit, Look.TOTAL)
        for heading, key, unit in read
    )
    blank = [Cell(None, look=Look.TOTAL)] if plan.has_growth else []
    columns = (
        Column(named),
        *(Column(heading, unit) for heading, _, unit in read),
        *([Column("Action")] if plan.has_growth else []),
    )
    end = (Cell("Total", look=Look.TOTAL), *totals, *blank)
    return Table("SegmentLines", columns, tuple(rows), end)


def view_bars(plan: Plan) -> Bars:
    """The answers side by side."""
    accent = [view.key for view in plan.views].index(_ANSWER)
    return Bars("Views", "View", "CSMs", accent, width=11.2, height=7.6)


# --- where the ARR went ----------------------------------------------------------------------


def _tie_out(plan: Plan) -> Table:
    """ARR in the file, what was left out and why, ARR planned."""
    excluded = plan.book.excluded
    unit = exact_unit(plan.book.arr_in_file)
    accounts = len(plan.accounts) + len(excluded)
    rows = [
        (
            Cell("In the file", look=Look.STRONG),
            Cell(float(accounts), unit=Unit.COUNT),
            Cell(plan.book.arr_in_file, unit=unit, name="arr_in_file"),
        ),
        *_reasons(plan),
    ]
    total = (
        Cell("Planned", look=Look.TOTAL),
        Cell(
            float(len(plan.accounts)),
            "COUNT(Customers[ARR])",
            Unit.COUNT,
            Look.TOTAL,
            "accounts_planned",
        ),
        Cell(plan.arr, "SUM(Customers[ARR])", unit, Look.TOTAL, "arr_planned"),
    )
    columns = (Column("Step", span=2), Column("Accounts", Unit.COUNT), Column("ARR", unit))
    return Table("TieOut", columns, tuple(rows), total)


def _reasons(plan: Plan) -> Iterator[tuple[Cell, ...]]:
    excluded = plan.book.excluded
    for reason in Reason:
        left = excluded[excluded["reason"] == reason.value]
        if len(left):
            yield (
                Cell(f"Left out: {reason.value}"),
                Cell(
                    -float(len(left)),
                    f'-COUNTIFS(Left_out[Reason],"{reason.value}")',
                    Unit.COUNT,
                ),
                Cell(
                    -float(left["arr"].sum()),
                    f'-SUMIFS(Left_out[ARR],Left_out[Reason],"{reason.value}")',
                    exact_unit(plan.book.arr_in_file),
                ),
            )
