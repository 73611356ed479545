"""Table arguments: a range with a row for each thing becomes clean columns by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.arguments import Heading, TableOf, Words, is_blank, shown
from csmcalc.core.columns import Column, Parameter, as_array, is_array
from csmcalc.errors import Fault, FaultKind


def read_tables(parameters: Sequence[Parameter], cells: Sequence[Any]) -> list[Any]:
    """The arguments with every table read into a `Column` of columns by name."""
    return [
        _read(parameter.name, parameter.domain, cell)
        if isinstance(parameter.domain, TableOf)
        else cell
        for parameter, cell in zip(parameters, cells, strict=True)
    ]


def _read(name: str, domain: TableOf, cell: Any) -> Column:
    try:
        content = _as_rows(cell)
        error = next((part for part in content.flat if isinstance(part, Fault)), None)
        if error:
            return Column(None, passed_on={0: error}, is_range=True)
        return Column(_columns(name, domain, content), is_range=True)
    except Fault as fault:
        return Column(None, faults={0: fault}, is_range=True)


def _as_rows(cell: Any) -> NDArray[Any]:
    """The cells in rows; a range of one row may come without them."""
    content = as_array(cell if is_array(cell) else [cell])
    return content if content.ndim == 2 else content.reshape(1, -1)


def _columns(name: str, domain: TableOf, content: NDArray[Any]) -> dict[str, Any]:
    width, headings = content.shape[1], domain.headings
    if not sum(heading.required for heading in headings) <= width <= len(headings):
        raise Fault(
            FaultKind.VALUE,
            f"{name} has {width} columns; it must have a row for each item and the columns "
            f"{domain.allowed}",
        )
    rows = [
        (number, row)
        for number, row in enumerate(content.tolist(), start=1)
        if not all(map(is_blank, row))
    ]
    if not rows:
        raise Fault(FaultKind.NA, f"{name} is empty; it must have the columns {domain.allowed}")
    columns: dict[str, Any] = {heading.name: None for heading in headings}
    for position, heading in enumerate(headings[:width]):
        columns[heading.name] = _column(name, heading, [(at, row[position]) for at, row in rows])
    _check(name, domain, columns, [number for number, _ in rows])
    return columns


def _column(name: str, heading: Heading, cells: list[tuple[int, Any]]) -> NDArray[Any]:
    is_words = isinstance(heading.domain, Words)
    values: list[Any] = []
    for row, cell in cells:
        label = f"{heading.name} in row {row} of {name}"
        if not is_blank(cell):
            values.append(heading.domain.convert(label, cell))
        elif heading.required:
            raise Fault(FaultKind.NA, f"{label} is empty; it is required")
        else:
            values.append("" if is_words else np.nan)
    return np.array(values, dtype=object if is_words else float)


def _check(name: str, domain: TableOf, columns: dict[str, Any], numbers: list[int]) -> None:
    """Raise the fault of the first row in which a relation does not hold."""
    for relation in domain.relations:
        used = {column: columns[column] for column in relation.names}
        holds = np.asarray(relation.holds(*used.values()))
        if not holds.all():
            at = int(np.flatnonzero(~holds)[0])
            given = ", ".join(f"{column} is {shown(cells[at])}" for column, cells in used.items())
            wrong = f"row {numbers[at]} of {name}: {given}; {relation.text}"
            raise Fault(relation.kind, wrong)
