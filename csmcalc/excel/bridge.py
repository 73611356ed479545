"""From cells to a function and back, for every host that calls through one process.

A host hands in what its raw interface gives: a cell as float, text, bool or date, None when it is
empty, a whole number where Excel codes an error, and a range as rows of cells. It gets back a cell
or rows of cells, an error as its mark: a private character and its name, so that no customer called
"#N/A" is taken for one. The host's own wrapper turns marks into real errors.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from csmcalc.catalog import find
from csmcalc.core.columns import is_array
from csmcalc.core.dates import excel_serial
from csmcalc.errors import Fault, FaultKind

Cell: TypeAlias = float | str | bool | None
Rows: TypeAlias = list[tuple[Cell, ...]]
MARK = "\ue000"
"""Stands before the name of an error; from Unicode's private use, so that no text holds it."""

_FIRST_ERROR = -2146828288
_ERRORS = {
    _FIRST_ERROR + code: kind
    for code, kind in {
        2000: FaultKind.NULL,
        2007: FaultKind.DIV0,
        2015: FaultKind.VALUE,
        2023: FaultKind.REF,
        2029: FaultKind.NAME,
        2036: FaultKind.NUM,
        2042: FaultKind.NA,
    }.items()
}
_LATER_ERRORS = range(_FIRST_ERROR + 2043, _FIRST_ERROR + 2100)
"""#SPILL!, #CALC! and their like: errors without a name of their own here; they show as #VALUE!."""

MISSING = -2147352572
"""An optional argument that was left out, as COM codes it."""

_last_reason = ""


def call(name: str, *arguments: Any) -> Any:
    """The value of a function on cells and ranges, errors as marks."""
    try:
        entry = find(name)
        assert entry is not None
        return _write(entry.function(*(_read(argument) for argument in arguments)))
    except Fault as fault:
        return _mark(fault)


def last_error() -> str:
    """The reason of the last error a function gave, empty when there was none."""
    return _last_reason


def _read(argument: Any) -> Any:
    """A cell, or the rows of a range, with errors and dates as the functions know them."""
    if not is_array(argument):
        return _read_cell(argument)
    if not set(map(type, argument)) <= {tuple, list}:
        argument = [argument]  # an array written in a formula, {1,2,3}, comes without rows
    cells = list(chain.from_iterable(argument))
    kinds = set(map(type, cells))
    if kinds == {float}:
        return np.array(cells).reshape(len(argument), -1)
    if kinds <= {float, str, bool, type(None)}:
        return argument
    return [[_read_cell(cell) for cell in row] for row in argument]


def _read_cell(cell: Any) -> Any:
    if type(cell) is int:
        if cell in _ERRORS:
            return Fault(_ERRORS[cell], "an argument holds this error; it is passed on")
        if cell in _LATER_ERRORS:
            return Fault(FaultKind.VALUE, "an argument holds an error; it is passed on")
        return None if cell == MISSING else cell
    if isinstance(cell, Decimal):
        return float(cell)  # a cell formatted as currency
    # A date in a cell is a number to every function.
    return excel_serial(cell) if isinstance(cell, dt.date) else cell


def _write(result: Any) -> Cell | Rows:
    if not isinstance(result, np.ndarray):
        return result  # type: ignore[no-any-return]
    cells: list[Any] = result.ravel().tolist()
    if result.dtype == object:
        cells = [_mark(cell) if isinstance(cell, Fault) else cell for cell in cells]
    # Rows cut from one list are made in half the time of numpy's list of lists.
    return list(zip(*[iter(cells)] * result.shape[-1], strict=True))


def _mark(fault: Fault) -> str:
    global _last_reason
    _last_reason = str(fault)
    return f"{MARK}{fault.kind}"


def kind_of(mark: object) -> FaultKind | None:
    """Which error a cell marks, None for any other content."""
    if isinstance(mark, str) and mark.startswith(MARK):
        return FaultKind(mark.removeprefix(MARK))
    return None


def rows_of(result: Any) -> Rows:
    """A result as rows, a single cell as one row of one."""
    return result if isinstance(result, list) else [(result,)]
