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


def unit_of_result(entry: Entry, rows: Rows) -> Unit:
    """The unit of the cells of a result."""
    contents = _contents(rows)
    otherwise = Unit.NUMBER if entry.unit in _WHOLE else Unit.DECIMAL
    return _unit(entry.unit, contents, otherwise)


def unit_of_cell(unit: Unit, content: Content) -> Unit:
    """The unit of one cell of a result: thousands without decimals."""
    is_large = isinstance(content, float) and abs(content) >= 1000
    return Unit.COUNT if unit is Unit.DECIMAL and is_large else unit


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
        has_cents = any(isinstance(one, float) and one % 1 for one in contents)
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
