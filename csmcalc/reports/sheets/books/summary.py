"""Summary of books: who owns whom, answered on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from csmcalc.io.phrases import counted as said
from csmcalc.plan.checks import Check
from csmcalc.portfolio.books.words import asked_words, ended_words
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit, Wash
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.books.checks import finding_of, moved_now
from csmcalc.reports.sheets.books.shown import Load, Shown
from csmcalc.reports.sheets.books.table import caption, draw_loads
from csmcalc.reports.sheets.books.terms import TITLES, away, moved_share, terms_of
from csmcalc.reports.sheets.looks import looks_block
from csmcalc.reports.wording import Phrase, counted, number, phrase, share, when

_WIDTHS = (2, 22, 15, *(13 for _ in range(7)))
_RIGHT = 6
_MOVED = 'COUNTIF(Customers[Change],"moves")+COUNTIF(Customers[Change],"new")'


def books_summary_sheet(shown: Shown, checks: tuple[Check, ...]) -> Sheet:
    """The first sheet: the question, the answer, how good it is."""
    page = Page("Summary", _WIDTHS)
    book = shown.made.plan.book
    page.head(
        "Who owns whom?",
        phrase(
            f"{book.source} · ",
            counted("ROWS(Customers[CSM])", len(shown.now), "customer"),
            f" · {said(len(shown.books), 'CSM')} · as of {book.as_of:%d %b %Y} · amounts in "
            f"{shown.currency}",
        ),
        Look.TITLE,
    )
    _cards(page, shown)
    page.text(10, FIRST_COLUMN, _sentence(shown), Look.SENTENCE, span=9, lines=2)
    row = 12
    for words in filter(None, (asked_words(shown.made.asked), ended_words(shown.made.assigned))):
        page.text(row - 1, FIRST_COLUMN, words, Look.SENTENCE, span=9, lines=1)
        row += 1
    row = page.section(row, "How even the books are, today and now, for a book of one size")
    row = page.table(row, _balance(shown)) + 1
    return _below(page, shown, checks, row)


def _below(page: Page, shown: Shown, checks: tuple[Check, ...], row: int) -> Sheet:
    """The charts, then what needs a look and what the answer rests on."""
    for load, column in zip(shown.loads[:2], (FIRST_COLUMN, _RIGHT), strict=False):
        page.section(row, f"{caption(shown, load)}; grey: today, blue: now", column)
    row = draw_loads(page, shown, row + 1, (FIRST_COLUMN, _RIGHT), 12.0)
    page.section(row, "What needs a look")
    page.section(row, "What the points are made of", _RIGHT)
    left = looks_block(
        page,
        row + 1,
        FIRST_COLUMN,
        checks,
        lambda check: finding_of(check).value,
        span=4,
        letters=88,
        least=theme.ROW_HEIGHT,
    )
    right = page.table(row + 1, _points(shown), _RIGHT)
    if shown.task.rules:
        right = page.section(right + 1, "What the rules cost", _RIGHT)
        right = page.table(right, _costs(shown), _RIGHT)
    return page.sheet(printed=(max(left, right), len(_WIDTHS)))


# --- the answer ------------------------------------------------------------------------------


def _cards(page: Page, shown: Shown) -> None:
    assigned = shown.made.assigned
    moved = int((shown.task.today != shown.now).sum())
    loads = {load.name: load for load in shown.loads}
    cards: list[tuple[str, Any, Phrase | str]] = [
        (
            "Change hands",
            Cell(float(moved), _MOVED, Unit.FIGURE),
            phrase("of ", counted("ROWS(Customers[CSM])", len(shown.now), "customer")),
        ),
        *(
            (f"{title}, away from target", _spread(load), _was(load, shown))
            for name, title in (("hours", "Hours"), ("arr", "ARR"))
            if (load := loads.get(name))
        ),
        (
            "Gap to the best, points",
            number("gap", assigned.gap, 2),
            phrase(
                number("points", assigned.value, 2),
                " points; none below ",
                number("bound", assigned.bound, 2),
            ),
        ),
    ]
    for position, (title, figure, note) in enumerate(cards):
        column = FIRST_COLUMN + (0, 2, 4, 6)[position]
        last = len(_WIDTHS) if position == len(cards) - 1 else column + 1
        accent = position == 1
        page.washes.append(Wash(5, column, 7, last, accent))
        page.text(5, column, title, Look.CARD_LABEL)
        colour = theme.ACCENT if accent else None
        page.text(6, column, figure, Look.CARD_FIGURE, span=2, colour=colour)
        page.text(7, column, note, Look.CARD_NOTE)
    page.heights.update({5: 20, 6: 38, 7: 17})


def _spread(load: Load) -> Phrase:
    return share(away(load.heading), load.away[1], 1)


def _was(load: Load, shown: Shown) -> Phrase | str:
    if not shown.has_owners:
        return "on average; no owners today"
    return phrase("on average; today ", share(away(load.heading, " today"), load.away[0], 1))


def _sentence(shown: Shown) -> Phrase:
    """What the books do, and how far they are from the best."""
    assigned = shown.made.assigned
    start = phrase("Every hard rule is kept, ")
    if shown.has_owners:
        counted = "customers" if shown.task.continuity_by == "customers" else "ARR"
        start = phrase(
            share(moved_share(shown), moved_now(shown)),
            f" of the {counted} that has an owner changes hands, every hard rule is kept, ",
        )
    proven = when(
        "gap<=0.00001*MAX(1,points)",
        assigned.proven,
        "and no other books would have fewer points: that is proven.",
        phrase(
            "and no other books could have more than ",
            number("gap", assigned.gap, 2),
            " points fewer (",
            share("gap_share", assigned.gap_share, 1),
            "): that is proven.",
        ),
    )
    return phrase(start, proven)


# --- the table -------------------------------------------------------------------------------


def _balance(shown: Shown) -> Table:
    columns = (
        Column("Load"),
        Column("From target, today", Unit.SHARE),
        Column("From target", Unit.SHARE),
        Column("CV today", Unit.SHARE),
        Column("CV", Unit.SHARE),
        Column("Gini today", Unit.SHARE),
        Column("Gini", Unit.SHARE),
        Column("Max / min today", Unit.FTE),
        Column("Max / min", Unit.FTE),
    )
    return Table("Balance", columns, tuple(_row(shown, load) for load in shown.loads))


def _row(shown: Shown, load: Load) -> tuple[Cell, ...]:
    cells = [Cell(load.heading, look=Look.STRONG)]
    for formula, unit, values in _measures(shown, load):
        for suffix, value in zip((" today", ""), values, strict=True):
            if suffix and not shown.has_owners:
                cells.append(Cell("–", unit=unit))
            else:
                cells.append(Cell(value, formula(suffix), unit))
    return tuple(cells)


def _measures(
    shown: Shown, load: Load
) -> Iterator[tuple[Callable[[str], str], Unit, tuple[Any, Any]]]:
    """What tells how even a load lies: its formula by suffix of the heading, today and now."""
    today, now = load.today / shown.share, load.now / shown.share
    head = load.heading
    yield lambda suffix: away(head, suffix), Unit.SHARE, load.away
    yield lambda suffix: _cv_of(head + suffix), Unit.SHARE, (_cv(today), _cv(now))
    yield lambda suffix: _gini_of(head + suffix), Unit.SHARE, (_gini(today), _gini(now))
    yield lambda suffix: _ratio_of(head + suffix), Unit.FTE, (_ratio(today), _ratio(now))


def _cv(sizes: Any) -> float:
    return float(sizes.std() / sizes.mean()) if sizes.sum() > 0 else 0.0


def _cv_of(heading: str) -> str:
    return f"IF(SUM(Loads[{heading}])>0,STDEVP(Loads[{heading}])/AVERAGE(Loads[{heading}]),0)"


def _gini(sizes: Any) -> float:
    if sizes.sum() <= 0:
        return 0.0
    ranks = 2 * np.arange(1, len(sizes) + 1) - len(sizes) - 1
    return float(ranks @ np.sort(sizes) / (len(sizes) * sizes.sum()))


def _gini_of(heading: str) -> str:
    column, count = f"Loads[{heading}]", f"ROWS(Loads[{heading}])"
    ranked = f"SUMPRODUCT((2*Loads[No]-{count}-1)*SMALL({column},Loads[No]))"
    return f"IF(SUM({column})>0,{ranked}/({count}*SUM({column})),0)"


def _ratio(sizes: Any) -> float | str:
    return float(sizes.max() / sizes.min()) if sizes.min() > 0 else "–"


def _ratio_of(heading: str) -> str:
    column = f"Loads[{heading}]"
    return f'IF(MIN({column})>0,MAX({column})/MIN({column}),"–")'


# --- points and rules ------------------------------------------------------------------------


def _points(shown: Shown) -> Table:
    rows = tuple(
        (
            Cell(TITLES[term.name]),
            Cell(term.points, f"INDEX(Terms[Points],{place})", Unit.HOURS),
        )
        for place, term in enumerate(terms_of(shown), start=1)
    )
    total = (
        Cell("Points", look=Look.TOTAL),
        Cell(shown.made.assigned.value, "points", Unit.HOURS, Look.TOTAL),
    )
    return Table("PointLines", (Column("Term", span=4), Column("Points", Unit.HOURS)), rows, total)


_MOST_RULES = 8


def _costs(shown: Shown) -> Table:
    """What dropping each of the first rules would gain, at least and at most."""
    costs = {cost.rule: cost for cost in shown.made.rule_costs}
    rules = [rule.text for rule in shown.task.rules]
    rows = []
    for text in rules[:_MOST_RULES]:
        cost = costs.get(text)
        gains = (cost.gain, cost.up_to) if cost else ("not known", "")
        rows.append((Cell(text), *(Cell(gain, unit=Unit.HOURS) for gain in gains)))
    if len(rules) > _MOST_RULES:
        more = Cell(f"and {len(rules) - _MOST_RULES} more, see Rules")
        rows.append((more, Cell(None), Cell(None)))
    columns = (
        Column("Rule", span=3),
        Column("At least, points", Unit.HOURS),
        Column("At most", Unit.HOURS),
    )
    return Table("RuleCosts", columns, tuple(rows))
