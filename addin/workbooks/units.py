"""How the cells of a call look: the number format of their unit, and what may be typed."""

from __future__ import annotations

from addin.examples import Cell as Content
from addin.examples import Rows
from csmcalc.catalog import Argument, Entry
from csmcalc.core.arguments import Choice, Day, Domain, Number, Switch, TableOf
from csmcalc.core.dates import LAST_SERIAL
from csmcalc.errors import FaultKind
from csmcalc.reports.model import Allowed, Unit

_WHOLE = ("CSMs", "managers")
"""Units of which there are no parts; parts of a CSM are FTE."""


def unit_of_argument(argument: Argument, rows: Rows) -> Unit:
    """The unit of the cells of an argument; those of a table differ and show as typed."""
    contents = _contents(rows)
    return Unit.NUMBER if argument.kind == "table" else _unit(argument.unit, contents, Unit.NUMBER)


def units_of_result(entry: Entry, rows: Rows) -> list[Unit]:
    """The unit of each column of a result; those of a row that is spilled may differ."""
    if not entry.spills:
        return [_unit_of_result(entry, rows)] * len(rows[0])
    return [
        _unit_of_result(entry, [[cell] for cell in column]) for column in zip(*rows, strict=True)
    ]


def _unit_of_result(entry: Entry, rows: Rows) -> Unit:
    contents = _contents(rows)
    is_counted = entry.unit in _WHOLE or (entry.spills and not any(map(_has_parts, contents)))
    unit = _unit(entry.unit, contents, Unit.NUMBER if is_counted else Unit.DECIMAL)
    is_large = any(isinstance(one, float) and abs(one) >= 1000 for one in contents)
    return Unit.COUNT if unit in (Unit.DECIMAL, Unit.NUMBER) and is_large else unit


def _has_parts(content: Content) -> bool:
    return isinstance(content, float) and content % 1 != 0


def _unit(named: str, contents: list[Content], otherwise: Unit) -> Unit:
    if contents and all(isinstance(one, str) for one in contents):
        return Unit.TEXT
    if named == "TRUE or FALSE":
        return Unit.FLAG
    if named == "date":
        return Unit.DATE
    if named.startswith("share"):
        return Unit.EXACT_SHARE
    if named.startswith("currency") and "," not in named:
        has_cents = any(map(_has_parts, contents))
        return Unit.CENTS if has_cents and otherwise is Unit.NUMBER else _money(named)
    return otherwise


def _money(named: str) -> Unit:
    return Unit.CENTS if named == "currency per hour" else Unit.MONEY


def _contents(rows: Rows) -> list[Content]:
    """What stands in the cells, apart from errors."""
    cells = [cell for row in rows for cell in row]
    return [cell for cell in cells if cell is not None and not isinstance(cell, FaultKind)]


def allowed(domain: Domain | TableOf, column: int = 0) -> Allowed | None:
    """What may be typed into a cell of an argument; any text has no rule."""
    match domain:
        case TableOf(headings=headings):
            return allowed(headings[column].domain)
        case Number(low=low, high=high):
            return Allowed(
                words=domain.allowed,
                low=None if low == float("-inf") else low,
                high=None if high == float("inf") else high,
                above_low=domain.low_open or domain.divides,
            )
        case Day():
            return Allowed(words=domain.allowed, low=1, high=float(LAST_SERIAL))
        case Switch():
            return Allowed(words=domain.allowed, choices=("TRUE", "FALSE"))
        case Choice(words=words):
            return Allowed(words=domain.allowed, choices=words)
        case _:
            return None
