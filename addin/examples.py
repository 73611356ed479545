"""The examples of the docstrings as calls: with which arguments, and what comes out.

They are run, not read, so that an example may name a table first and use it in its calls.
"""

from __future__ import annotations

import doctest
import sys
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from csmcalc.catalog import Entry
from csmcalc.core.arguments import Choice, Number
from csmcalc.core.columns import Parameter, is_array
from csmcalc.core.formula import specification
from csmcalc.errors import Fault, FaultKind

Cell: TypeAlias = float | str | bool | FaultKind | None
Rows: TypeAlias = list[list[Cell]]


@dataclass(frozen=True)
class Call:
    """A call of a function, one argument for each parameter, None where it is left out.

    Every argument is a rectangle of cells: one, a row, a column or a table.
    """

    entry: Entry
    arguments: tuple[Rows | None, ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the function knows about its arguments."""
        return specification(self.entry.function).parameters

    def outcome(self) -> Rows:
        """What the cells show that hold the result."""
        cells = np.atleast_2d(np.asarray(self._result(), dtype=object)).tolist()
        return [[c.kind if isinstance(c, Fault) else c for c in row] for row in cells]

    def reason(self) -> str:
        """Why there is no result, empty when there is one."""
        cells = np.ravel(np.asarray(self._result(), dtype=object)).tolist()
        return next((cell.reason for cell in cells if isinstance(cell, Fault)), "")

    def with_argument(self, position: int, rows: Rows | None) -> Call:
        """The same call with another argument."""
        arguments = list(self.arguments)
        arguments[position] = rows
        return Call(self.entry, tuple(arguments))

    def turned(self) -> Call:
        """The same call with its rows of cells standing as columns."""
        return Call(self.entry, tuple(rows and _turned(rows) for rows in self.arguments))

    def _result(self) -> Any:
        try:
            return self.entry.function(*map(_handed_in, self.arguments))
        except Fault as fault:
            return fault


def calls_of(entry: Entry) -> list[Call]:
    """Every call in the examples of a function, in order."""
    function, calls = entry.function, list[Call]()
    spec = specification(function)

    def recorded(*args: Any, **kwargs: Any) -> Any:
        given = spec.bind(args, kwargs)
        calls.append(Call(entry, tuple(None if one is None else rows_of(one) for one in given)))
        return function(*args, **kwargs)

    module = vars(sys.modules[function.__module__])
    run_examples(entry.example, {**module, function.__name__: recorded})
    assert calls, f"{entry.name} has no example that calls it"
    return calls


def run_examples(text: str, names: dict[str, Any]) -> None:
    """Run the examples of a docstring for what they do, without comparing what they print."""
    for example in doctest.DocTestParser().get_examples(text):
        exec(compile(example.source, "<example>", "exec"), names)


def rows_of(argument: Any) -> Rows:
    """An argument as a rectangle of cells; what has one dimension is a row."""
    if not is_array(argument):
        return [[_plain(argument)]]
    rows = [list(row) if is_array(row) else row for row in argument]
    if not all(isinstance(row, list) for row in rows):
        rows = [rows]
    return [[_plain(cell) for cell in row] for row in rows]


def _handed_in(rows: Rows | None) -> Any:
    """Cells as a host would hand them in: errors as faults, one cell alone."""
    if rows is None:
        return None
    cells = [
        [Fault(c, "a cell holds it") if isinstance(c, FaultKind) else c for c in row]
        for row in rows
    ]
    return cells[0][0] if size_of(rows) == (1, 1) else cells


def size_of(rows: Rows) -> tuple[int, int]:
    """How many rows and columns there are."""
    return len(rows), len(rows[0])


def _turned(rows: Rows) -> Rows:
    return [[cell] for cell in rows[0]] if len(rows) == 1 else rows


def _plain(cell: Any) -> Cell:
    value = cell.item() if isinstance(cell, np.generic) else cell
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


# --- the same calls, spoilt ------------------------------------------------------------------


def mistake(call: Call) -> tuple[int, Cell]:
    """Which argument somebody gets wrong, and what he types instead.

    The first required one that has limits, else the first; a single cell rather than a range.
    """

    def rank(position: int) -> tuple[bool, bool, bool, int]:
        parameter = call.parameters[position]
        return not parameter.required, bool(parameter.group), not _limits(parameter), position

    position = min(range(len(call.parameters)), key=rank)
    return position, outside(call, position)


def outside(call: Call, position: int) -> Cell:
    """What an argument may not be; for a share the percentage that somebody types for it."""
    domain = call.parameters[position].domain
    if isinstance(domain, Choice):
        return "unicorn"
    if not isinstance(domain, Number) or not np.isfinite(domain.low):
        return "abc"
    if domain.is_share:
        rows = call.arguments[position]
        share = rows[0][0] if rows else None
        return 100 * share if isinstance(share, float) and share else 50.0
    return 0.0 if domain.divides else domain.low - 1


def _limits(parameter: Parameter) -> bool:
    domain = parameter.domain
    return isinstance(domain, Choice) or (isinstance(domain, Number) and np.isfinite(domain.low))
