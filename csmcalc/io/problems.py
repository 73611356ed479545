"""Problems of a kind: the first ones listed one by one, all of them counted."""

from __future__ import annotations

from csmcalc.errors import Problem

MOST_OF_A_KIND = 50_000
"""More than anybody reads; a hopeless file of a million rows is refused as fast as a good one is
read."""


def and_more(count: int, column: str, kind: str, remedy: str) -> list[Problem]:
    """What stands for the problems of a kind beyond those that are listed, if there are any.

    >>> and_more(50_002, "ARR", "not an amount", "write a number")[0].wrong
    'and 2 more of this kind: not an amount'
    """
    rest = count - MOST_OF_A_KIND
    if rest <= 0:
        return []
    return [Problem(None, column, "", f"and {rest:,} more of this kind: {kind}", remedy, rest)]


def by_row(problem: Problem) -> tuple[bool, int]:
    """Sorts problems as the file goes, those of no single row last."""
    return problem.row is None, problem.row or 0
