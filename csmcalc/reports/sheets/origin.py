"""What an engine's result was computed from: each input then and now, and whether it still holds.

A workbook recalculates its formulas, not an optimum. The result stands beside the inputs it was
computed from; when one of them changes, it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csmcalc.reports.model import Cell, Column, Look, Table, Unit
from csmcalc.reports.page import Page

_HOLDS = (
    "IF(ISNUMBER([@As computed]),IF(ABS([@Now]-[@As computed])<=whole_tolerance*"
    'ABS([@As computed]),"yes","changed"),IF([@Now]=[@As computed],"yes","changed"))'
)


@dataclass(frozen=True, slots=True)
class Origin:
    """One input of a result: what it was, and the formula of what it is now."""

    title: str
    value: Any
    now: str
    unit: Unit = Unit.PLAIN


def origin_table(name: str, origins: Sequence[Origin | str]) -> Table:
    """Every input as it was and as it is; words alone are a heading over those below them."""
    columns = (
        Column("Input", span=2),
        Column("As computed", Unit.NUMBER),
        Column("Now", Unit.NUMBER),
        Column("Same"),
    )
    rows = tuple(_heading(one) if isinstance(one, str) else _line(one) for one in origins)
    return Table(name, columns, rows)


def _heading(words: str) -> tuple[Cell, ...]:
    return Cell(words, look=Look.STRONG), *(Cell(None) for _ in range(3))


def _line(origin: Origin) -> tuple[Cell, ...]:
    return (
        Cell(origin.title),
        Cell(origin.value, unit=_shortened(origin.unit), look=Look.MUTED, found=True),
        Cell(origin.value, origin.now, _shortened(origin.unit), _look(origin.value)),
        Cell("yes", _HOLDS, coloured=("changed",)),
    )


def put_origins(page: Page, row: int, title: str, table: Table) -> int:
    """The table under its title, on pages of its own that begin with a heading each.

    Returns the row after it.
    """
    page.breaks.append(row - 1)
    page.begin_with_headings(row, row + 2, table)
    return page.table(page.section(row, title), table)


def _look(value: Any) -> Look:
    """Lists of words are long."""
    return Look.LINKED_WORDS if isinstance(value, str) else Look.LINK


def _shortened(unit: Unit) -> Unit:
    """A number may have any decimals here: one that does not fit its column would show ####."""
    return Unit.NUMBER if unit is Unit.PLAIN else unit


def is_fresh(name: str) -> str:
    """The condition that every input of a result still is what it was computed from."""
    return f'COUNTIF({name}[Same],"changed")=0'
