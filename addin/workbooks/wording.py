"""The texts of the catalogue as a sheet has room for them."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r", (?![^(]*\))| and ")


def one_line(text: str) -> str:
    """Paragraphs in one line."""
    return "; ".join(" ".join(part.split()) for part in text.split("\n\n"))


def columns_told(returns: str, width: int) -> tuple[str, list[str]]:
    """What a result is, and what its columns are called where the text lists so many."""
    told = returns.removesuffix(" per element").removesuffix(", one value")
    listed, _, rows = told.partition(", a row ")
    names = [_short(name) for name in _BETWEEN.split(listed.removeprefix("one row of "))]
    if width == 1 or len(names) != width:
        return told, []
    return f"a row {rows}" if rows else "one row", names


def _short(name: str) -> str:
    """A column's name without what is said about it."""
    return re.sub(r" \(.*\)| = .*", "", name)
