"""In which unit a column of money is shown."""

from __future__ import annotations

from collections.abc import Iterable

from csmcalc.reports.model import Unit
from csmcalc.reports.wording import Phrase, number, when

_LONG, _VERY_LONG = 10_000_000.0, 10_000_000_000.0
_SMALLEST_TENTH = 50_000.0


def money_unit(amounts: Iterable[float]) -> Unit:
    """Millions or billions with one decimal where they are long and none would read 0.0."""
    sizes = [abs(amount) for amount in amounts if amount]
    largest, smallest = max(sizes, default=0.0), min(sizes, default=0.0)
    if largest >= _VERY_LONG:
        return Unit.BILLIONS
    return Unit.MILLIONS if largest >= _LONG and smallest >= _SMALLEST_TENTH else Unit.MONEY


def people_unit(csms: float) -> Unit:
    """Whole people as such; one decimal where there are parts of them."""
    return Unit.COUNT if float(csms).is_integer() else Unit.FTE


def people(expression: str, csms: float) -> Phrase:
    """How many people, with one decimal where there are parts of them."""
    whole, parts = number(expression, csms), number(expression, csms, 1)
    return when(f"{expression}=INT({expression})", float(csms).is_integer(), whole, parts)


def exact_unit(largest: float) -> Unit:
    """Whole units for amounts that must tie to the eye, unless they would not fit a column."""
    return Unit.MILLIONS if abs(largest) >= _VERY_LONG else Unit.MONEY
