"""What hosts hand over beside plain cells: currency, missing marks, errors without names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from csmcalc.errors import FaultKind
from csmcalc.excel.bridge import MARK, MISSING, call, kind_of, last_error, rows_of

NA, REF, SPILL = -2146826246, -2146826265, -2146828288 + 2045


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("CSM_RATIO", [Decimal("30000000.0000")], 15.0),
        ("CSM_RATIO", [5e6, MISSING, True], 5.0),
        ("CSM_RATIO", [5e6, None, None], 3.0),
        ("CSM_HIRE_BY", [dt.datetime(2026, 9, 1), 3.0, 3.0], 46082.0),
        ("CSM_RATIO", [((2e6,), (5e6,))], [(1.0,), (3.0,)]),
        ("CSM_RATIO", [(2e6, 5e6)], [(1.0, 3.0)]),
        ("CSM_GINI", [((1.0, 1.0), (1.0, 1.0))], 0.0),
        ("BCG_SEGMENT", [((0.3, -0.2),), 0.2], [("Star", "Question Mark")]),
        ("CSM_RATIO", [((Decimal(2000000),), (None,), (NA,))], [(1.0,), "#N/A", "#N/A"]),
    ],
)
def test_cells_become_what_the_functions_know(name: str, arguments: Any, expected: Any) -> None:
    found = call(name, *arguments)
    marked = [
        (MARK + row,) if isinstance(row, str) else row
        for row in (expected if isinstance(expected, list) else [])
    ]
    assert found == (marked or expected)


@pytest.mark.parametrize(
    ("code", "kind"), [(NA, FaultKind.NA), (REF, FaultKind.REF), (SPILL, FaultKind.VALUE)]
)
def test_an_error_in_a_cell_is_passed_on(code: int, kind: FaultKind) -> None:
    assert kind_of(call("CSM_RATIO", code)) is kind
    assert kind_of(call("CSM_GINI", ((1.0,), (code,)))) is kind
    assert kind_of("#N/A") is None


def test_the_reason_of_the_last_error_is_kept() -> None:
    call("CSM_RATIO", -1.0)
    assert "arr is -1" in last_error()
    call("CSM_RATIO", 5e6)
    assert "arr is -1" in last_error()


def test_rows_are_rows() -> None:
    assert rows_of(15.0) == [(15.0,)]
    assert rows_of([(1.0, 2.0)]) == [(1.0, 2.0)]
