"""Somebody's words in formulas, letter by letter: to MATCH and COUNTIFS `*`, `?` and `~` are marks.

The formulas themselves take the marks for letters, so that this holds for what is typed later too.
"""

from __future__ import annotations

_MARKS = "~*?"
"""The tilde first: it is what the others are masked with."""


def letters(cell: str) -> str:
    """A cell's text with its marks masked."""
    for mark in _MARKS:
        cell = f'SUBSTITUTE({cell},"{mark}","~{mark}")'
    return cell


def sought(cell: str) -> str:
    """A cell's value as MATCH is to look for it; a number or nothing stays what it is."""
    return f"IF(ISTEXT({cell}),{letters(cell)},{cell})"


def criterion(cell: str) -> str:
    """A cell's text as COUNTIFS and SUMIFS are to look for it, also where it begins with < = or >.

    No text stands for every blank cell: whoever counts asks first whether there is one.
    """
    return f'"="&{letters(cell)}'


def criterion_of(word: str) -> str:
    """A word that is known already, as a criterion."""
    for mark in _MARKS:
        word = word.replace(mark, f"~{mark}")
    quoted = word.replace('"', '""')
    return f'"={quoted}"'
