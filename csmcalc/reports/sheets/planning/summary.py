"""Summary: how many customer success managers, on one screen of the planning workbook."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.plan.cells import PLANNED
from csmcalc.portfolio.book import Reason
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.looks import master_check, unless_more
from csmcalc.reports.sheets.planning.checks import Checked
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.said import currency_of, day_of, source_of
from csmcalc.reports.sheets.summary import answer_cards, margin_sentence, segment_lines, view_bars
from csmcalc.reports.sheets.value.words import sentence
from csmcalc.reports.wording import Phrase, counted, phrase, when

_WIDTHS = (2, 19, 14, 14, 14, 14, 14, 14, 14, 32)
_LOOKS, _LOOKS_WIDE = 7, 5
"""Reasons that are shown, and in how many columns: each fits on one line."""
_RIGHT = 6


def summary_sheet(filled: Filled, checks: Sequence[Checked]) -> Sheet:
    """The sheet for the board: the question, the answers, what they mean in money."""
    plan = filled.plan
    page = Page("Summary", _WIDTHS)
    page.head(
        "How many customer success managers?",
        phrase(
            source_of(plan),
            " · ",
            counted("accounts_planned", len(plan.accounts), "account"),
            " · ARR as of ",
            day_of(plan),
            " · amounts in ",
            currency_of(plan),
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
    row = _looks(page, row + 1, checks)
    row = page.section(row + 1, "From the customers to the plan", _RIGHT)
    row = page.table(row, _tie_out(filled), _RIGHT)
    return page.sheet(printed=(row, len(_WIDTHS)))


def _looks(page: Page, row: int, checks: Sequence[Checked]) -> int:
    """The master check and the first LOOKs below it, live."""
    words = master_check(len(checks), sum(not check.ok for check in checks))
    cell = Cell(words.value, words.formula, name="master_check")
    page.text(row, _RIGHT, cell, Look.CARD_LABEL)
    found = [check.finding.value for check in checks if not check.ok]
    rows = []
    for at in range(_LOOKS):
        finding = f"INDEX(Checks[Finding],MATCH({_COUNT},Checks[No],0))"
        told = f"● {found[at]}" if at < len(found) else ""
        reason = Phrase(f'IFERROR("● "&{finding},"")', told)
        rest = unless_more(reason, len(found), _LINES, _LOOKS)
        is_last = at == _LOOKS - 1
        words = when(f"{_COUNT}={_LINES}", is_last, rest, reason)
        rows.append(
            (
                Cell(None, look=Look.CARD_NOTE),
                Cell(words.value, words.formula, look=Look.REMARK),
            )
        )
    columns = (
        Column("Line", live=Cell(""), ruled=False),
        Column("Finding", span=_LOOKS_WIDE, live=Cell("")),
    )
    page.heights[row + 1] = 4
    return page.table(row + 1, Table("Looks", columns, tuple(rows)), _RIGHT - 1)


_LINES = "ROWS([Line])"
_COUNT = "ROWS(INDEX([Line],1):[@Line])"
"""Which line of a table it is, counted from its first."""


def _tie_out(filled: Filled) -> Table:
    """All accounts of the table, those left out and why, those planned."""
    plan = filled.plan
    left = plan.book.excluded
    left = left[left["reason"] != Reason.BAD_ROW.value]
    everything = float(len(plan.accounts) + len(left))
    told = plan.arr + float(left["arr"].sum())
    rows = [
        (
            Cell("In the table", look=Look.STRONG),
            Cell(everything, 'COUNTIF(Customers[In plan],"?*")', Unit.COUNT),
            Cell(told, "SUM(Customers[ARR told])", Unit.MONEY),
        )
    ]
    for reason in Reason:
        if reason is Reason.BAD_ROW:
            continue
        some = left[left["reason"] == reason.value]
        where = f'Customers[In plan],"{reason.value}"'
        rows.append(
            (
                Cell(f"Left out: {reason.value}"),
                Cell(-float(len(some)), f"-COUNTIFS({where})", Unit.COUNT),
                Cell(
                    -float(some["arr"].sum()),
                    f"-SUMIFS(Customers[ARR told],{where})",
                    Unit.MONEY,
                ),
            )
        )
    counted = f'COUNTIF(Customers[In plan],"{PLANNED}")'
    total = (
        Cell("Planned", look=Look.TOTAL),
        Cell(float(len(plan.accounts)), counted, Unit.COUNT, Look.TOTAL, "accounts_planned"),
        Cell(plan.arr, "SUM(Customers[ARR])", Unit.MONEY, Look.TOTAL, "arr_planned"),
    )
    columns = (Column("Step", span=2), Column("Accounts", Unit.COUNT), Column("ARR", Unit.MONEY))
    return Table("TieOut", columns, tuple(rows), total)
