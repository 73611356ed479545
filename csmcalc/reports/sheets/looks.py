"""What needs a look, as the first sheet of a workbook says it: the master check and its reasons."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from csmcalc.plan.checks import Check
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Look
from csmcalc.reports.page import Page
from csmcalc.reports.wording import Phrase, number, phrase, when

_SHOWN = 7
_SPAN, _LETTERS = 5, 105


def looks_block(
    page: Page,
    row: int,
    column: int,
    checks: Sequence[Check],
    finding: Callable[[Check], Any],
    span: int = _SPAN,
    letters: int = _LETTERS,
    least: float = 13.5,
) -> int:
    """The master check and the first LOOKs below it, live; returns the next free row.

    `letters` of a reason fit on one line of `span` columns; a row is at least `least` points high.
    """
    looks = [check for check in checks if not check.ok]
    master = master_check(len(checks), len(looks))
    page.text(
        row,
        column,
        Cell(master.value, master.formula, name="master_check"),
        Look.CARD_LABEL,
        colour=theme.LOOK if looks else theme.OK,
    )
    for position in range(1, _SHOWN + 1):
        row += 1
        found = finding(looks[position - 1]) if position <= len(looks) else None
        words = Phrase(
            f'IFERROR("● "&INDEX(Checks[Finding],MATCH({position},Checks[No],0)),"")',
            f"● {found}" if found else "",
        )
        if position == _SHOWN:
            words = unless_more(words, len(looks), str(_SHOWN), _SHOWN)
        page.text(row, column, words, Look.REMARK, span=span)
        lines = max(1, math.ceil(len(words.value) / letters))
        page.heights[row] = max(least, 13.5 * lines)
    return row + 1


def unless_more(reason: Phrase, looks: int, lines: str, shown: int) -> Phrase:
    """The last line for reasons: the reason, or how many more there are than the `shown` lines.

    `lines` is their number as a formula.
    """
    count, more = "COUNT(Checks[No])", looks - shown + 1
    rest = phrase("● and ", number(f"{count}-{lines}+1", more), " more, see Checks")
    return when(f"{count}>{lines}", looks > shown, rest, reason)


def master_check(checks: int, looks: int) -> Phrase:
    """How many of the checks want a look."""
    count, every = 'COUNTIF(Checks[Status],"LOOK")', number("ROWS(Checks[Status])", checks)
    return when(
        f"{count}=0",
        looks == 0,
        phrase("✓ All ", every, " checks OK"),
        phrase(
            number(count, looks),
            " of ",
            every,
            when(f"{count}=1", looks == 1, " checks wants", " checks want"),
            " a look, see Checks",
        ),
    )
