"""Constants by name: a formula of a planning workbook holds no number beside 0 and 1."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from csmcalc.plan.checks import CENT, PROVEN
from csmcalc.plan.plan import CONCENTRATION
from csmcalc.portfolio.judgement import JUDGED, Judged
from csmcalc.portfolio.margin import DAYS_PER_YEAR
from csmcalc.reports.model import Cell, Column, Table, Unit
from csmcalc.reports.sheets.planning.customers import ORDER_STEP


def response_points(rows: Sequence[Judged]) -> float:
    """A sum that changes with any of the judged points."""
    points = (row.none + row.today + row.saturated for row in rows)
    return math.fsum(at * each for at, each in enumerate(points, start=1))


_NUMBERS: tuple[tuple[str, float, str], ...] = (
    ("percent", 100, "Per cent of one"),
    ("thousand", 1e3, "Thousand"),
    ("million", 1e6, "Million"),
    ("billion", 1e9, "Billion"),
    ("thousands_from", 1e4, "Amounts in words: thousands from"),
    ("millions_from", 950_000, "Amounts in words: millions from"),
    ("billions_from", 1e10, "Amounts in words: billions from"),
    ("days_per_year", DAYS_PER_YEAR, "Days a year"),
    ("cent_tolerance", CENT, "Amounts tie within"),
    ("most_in_one_segment", CONCENTRATION, "Most accounts in one segment, share"),
    ("proven", PROVEN, "Gap to the bound that counts as none"),
    ("default_response", response_points(JUDGED), "Judged points as they ship, each x its row"),
    ("order_step", ORDER_STEP, "What tells equal ARR apart, share of it a row"),
)
_NAMES = {number: name for name, number, _ in _NUMBERS}
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'  # words
    r"|\[[^\[\]]*\]|\{[^{}]*\}"  # headings, rows of months
    r"|[A-Za-z_][\w.]*"  # names and functions
    r"|(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"
)


def constants_table() -> Table:
    """Every constant, named."""
    rows = tuple(
        (Cell(title), Cell(number, unit=_unit(number), name=name))
        for name, number, title in _NUMBERS
    )
    return Table("NamedNumbers", (Column("Constant"), Column("Value", Unit.PLAIN)), rows)


def _unit(number: float) -> Unit:
    return Unit.TINY if number < CENT else Unit.PLAIN


@lru_cache(maxsize=4096)
def with_names(formula: str) -> str:
    """A formula with the names of its constants.

    >>> with_names('IF(ABS(a)>=950000,a/1000000,"2 years")')
    'IF(ABS(a)>=millions_from,a/million,"2 years")'

    Raises:
        LookupError: it holds a number that has no name.
    """

    def name(match: re.Match[str]) -> str:
        text = match["number"]
        if text is None or float(text) in (0, 1):
            return match[0]
        try:
            return _NAMES[float(text)]
        except KeyError:
            raise LookupError(f"the constant {text} of {formula} has no name") from None

    return _TOKEN.sub(name, formula)
