"""Every case through xlwings' own call path, in a process of its own; wrong ones are printed."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import numpy as np

from csmcalc.errors import Fault, FaultKind
from csmcalc.excel.bridge import MISSING, kind_of
from tests.engines.cells import ALL_CASES, Case
from tests.excel.windows import Cells, Time, stand_in

CODES = {
    FaultKind.NULL: 2000,
    FaultKind.DIV0: 2007,
    FaultKind.VALUE: 2015,
    FaultKind.REF: 2023,
    FaultKind.NAME: 2029,
    FaultKind.NUM: 2036,
    FaultKind.NA: 2042,
}


def com(content: Any) -> Any:
    """A cell's content as COM gives it."""
    if isinstance(content, Fault):
        return CODES[content.kind] - 2146828288
    if isinstance(content, dt.date):
        return Time(content.year, content.month, content.day)
    is_number = isinstance(content, (int, float, np.number)) and not isinstance(content, bool)
    return float(content) if is_number else content


def cells(argument: Any) -> Cells:
    if not isinstance(argument, list):
        return Cells(com(argument))
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in argument]
    if len(rows) == 1 and len(rows[0]) == 1:
        return Cells(com(rows[0][0]))
    return Cells(tuple(tuple(com(cell) for cell in row) for row in rows))


def flat(result: Any) -> list[Any]:
    rows = result if isinstance(result, (list, tuple)) else [result]
    return [cell for row in rows for cell in (row if isinstance(row, (list, tuple)) else [row])]


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, Fault):
        return kind_of(found) is expected.kind
    if isinstance(expected, (str, bool, np.bool_)) or isinstance(found, (str, bool)):
        return type(found) is type(com(expected)) and found == expected
    return abs(found - com(expected)) <= 1e-12 * max(1.0, abs(com(expected)))


def wrong(server: Any, case: Case) -> str:
    # What is left out at the end arrives as COM's mark for a missing argument.
    names = case.entry.arguments
    given = [cells(argument) for argument in case.arguments]
    given += [MISSING] * (len(names) - len(given))  # type: ignore[list-item]
    caller = Cells(None)
    result = server.CallUDF("csmcalc.excel.udfs", case.entry.name, given, None, caller)
    expected = list(np.ravel(np.asarray(case.expected, dtype=object)))
    found = flat(result)
    good = len(found) == len(expected) and all(map(same, found, expected))
    return "" if good else f"{case}: {found} instead of {expected}"


def main() -> None:
    server = stand_in()
    answers: dict[str, list[str]] = {}
    for case in ALL_CASES:
        answers.setdefault(case.entry.name, []).append(wrong(server, case))
    paid = ("xlwings.pro", "xlwings.server", "xlwings.reports")
    json.dump({"answers": answers, "paid": [n for n in paid if n in sys.modules]}, sys.stdout)


if __name__ == "__main__":
    main()
