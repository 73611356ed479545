"""Formulas over one column of a table whose value we know, as in totals rows and headlines."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.reports.template.bound import Bound

_CALL = re.compile(
    r"(?P<function>[A-Z.]+)\((?:(?P<code>\d{1,3}),)?(?P<table>[^\W\d][\w.]*)?\[(?P<heading>[^\[\]'#@]+)\]\)"
)
_SUBTOTALS = {
    1: "AVERAGE",
    2: "COUNT",
    3: "COUNTA",
    4: "MAX",
    5: "MIN",
    9: "SUM",
}


def _mean(numbers: NDArray[np.float64]) -> float | None:
    return math.fsum(numbers.tolist()) / len(numbers) if len(numbers) else None


def _extreme(of: Callable[[Any], Any]) -> Callable[[NDArray[np.float64]], float]:
    return lambda numbers: float(of(numbers)) if len(numbers) else 0.0


_NUMERIC: dict[str, Callable[[NDArray[np.float64]], float | None]] = {
    "SUM": lambda numbers: math.fsum(numbers.tolist()),
    "AVERAGE": _mean,
    "MAX": _extreme(np.max),
    "MIN": _extreme(np.min),
    "COUNT": lambda numbers: float(len(numbers)),
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One function over one column of a table."""

    function: str
    table: str
    column: int

    def value(self, bound: Mapping[str, Bound]) -> float | None:
        """Its value, or None where the table got no data or no number comes out."""
        data = bound.get(self.table)
        if data is None:
            return None
        if self.function == "ROWS":
            return float(data.rows)
        column = data.columns[self.column]
        if column is None:
            return None
        if self.function == "COUNTA":
            return float(column.count_filled())
        numbers = column.numbers()
        try:
            return _NUMERIC[self.function](numbers) if np.isfinite(numbers).all() else None
        except OverflowError:
            return None


def aggregate(
    formula: str, headings: Mapping[str, Sequence[str]], own: str = ""
) -> Aggregate | None:
    """What a formula computes, if it is one of those known; `own` is the table it stands in.

    >>> aggregate("SUBTOTAL(109,T[ARR])", {"T": ["Id", "ARR"]})
    Aggregate(function='SUM', table='T', column=1)
    """
    match = _CALL.fullmatch(formula)
    table = (match["table"] or own) if match else ""
    if not match or table not in headings:
        return None
    folded = [heading.casefold() for heading in headings[table]]
    function = match["function"]
    if match["code"]:
        code = int(match["code"]) if function == "SUBTOTAL" else 0
        function = _SUBTOTALS.get(code % 100, "")
    if match["heading"].casefold() not in folded or function not in {*_NUMERIC, "COUNTA", "ROWS"}:
        return None
    return Aggregate(function, table, folded.index(match["heading"].casefold()))
