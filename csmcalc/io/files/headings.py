"""Where a table begins: the header row below titles and blank lines, and what its columns show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csmcalc.io.cells.content import UNPRINTABLE
from csmcalc.io.naming.recognise import score
from csmcalc.io.naming.vocabulary import Listing

LOOKED_AT = 30
"""Rows at the top of a file among which the header row is looked for."""


def header_position(
    rows: Sequence[Sequence[str]], told: Mapping[str, str], listing: Listing = "customers"
) -> int | None:
    """The row that names most fields; else the first that looks like a header.

    >>> header_position([["Customers 2026"], [], ["Id", "Name", "ARR"], ["1", "Acme", "9"]], {})
    2
    """
    filled = [i for i, row in enumerate(rows[:LOOKED_AT]) if any(row)]
    if not filled:
        return None
    scores = {i: score(rows[i], told, listing) for i in filled}
    best = max(scores.values())
    if best > 0:
        return next(i for i in filled if scores[i] == best)
    return next((i for i in filled if _looks_like_header(rows[i])), filled[0])


def _looks_like_header(row: Sequence[str]) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) > 1 and not any(_is_number(cell) for cell in cells)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown_headers(cells: Sequence[str], first_column: int = 0) -> tuple[str, ...]:
    """Headers a person can name: trimmed, one line, none empty, none twice.

    >>> shown_headers(["Name", "", "ARR", "ARR"])
    ('Name', 'column B', 'ARR', 'ARR (2)')
    """
    headers: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells):
        header = (
            " ".join(UNPRINTABLE.sub(" ", cell).split())
            or f"column {column_letters(first_column + position)}"
        )
        unique, count = header, 1
        while unique in taken:
            count += 1
            unique = f"{header} ({count})"
        taken.add(unique)
        headers.append(unique)
    return tuple(headers)


def column_letters(position: int) -> str:
    """The letters of a spreadsheet column, counted from 0.

    >>> column_letters(0), column_letters(27), column_letters(16_383)
    ('A', 'AB', 'XFD')
    """
    letters, rest = "", position + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
