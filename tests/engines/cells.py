"""Calls of the functions in real cells: laid out in a workbook, computed by Calc, read back."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.core.arguments import Choice, Day, Number, Switch, TableOf
from csmcalc.core.columns import Parameter
from csmcalc.errors import Fault, FaultKind
from tests.formulas.test_every_function import (
    bad_cells,
    column_of,
    example,
    is_table,
    outcome,
    parameters,
)


@dataclass(frozen=True)
class Case:
    """One call: its arguments as cells, columns (lists) or blanks, and what the library says."""

    entry: Entry
    what: str
    arguments: list[Any]

    @property
    def expected(self) -> Any:
        # A list stands in a column of cells.
        cells = [
            [[content] for content in cell] if isinstance(cell, list) and not p.group else cell
            for p, cell in zip(parameters(self.entry), self.arguments, strict=False)
        ]
        return outcome(self.entry, *cells)

    def __str__(self) -> str:
        return f"{self.entry.name} ({self.what}) of {self.arguments}"


def cases_of(entry: Entry) -> Iterator[Case]:
    """Every way in which a function is called from cells, derived from its catalogue entry."""
    full = example(entry)
    given = [
        p.required or cell is not None for p, cell in zip(parameters(entry), full, strict=True)
    ]
    last = max((index for index, is_given in enumerate(given) if is_given), default=-1) + 1
    yield Case(entry, "example", full[:last])
    yield Case(entry, "example with blanks", full)
    yield Case(entry, "required alone", [c for p, c in _named(entry, full) if p.required])
    for index, (parameter, cell) in enumerate(_named(entry, full)):
        yield from _spoilt(entry, full, index, parameter, cell)
    draw = random.Random(entry.name)
    for _ in range(6):
        if entry.name in FITTED or any(map(is_table, parameters(entry))):
            yield Case(entry, "near the example", [_near(draw, cell) for cell in full])
        else:
            yield Case(entry, "drawn", [_drawn(draw, p, 4) for p in parameters(entry)])
    if not entry.spills and any(not p.group for p in parameters(entry)):
        yield from _arrays(entry, full, draw)


FITTED = {"CSM_ADBUDG_LSQ"}
"""Fits: on drawn points the best curve is not determined, to say nothing of its twelfth digit."""


def _near(draw: random.Random, cell: Any) -> Any:
    """Like the example, larger or smaller; what must be whole stays so."""
    if isinstance(cell, list):
        scale = draw.choice((0.5, 0.75, 1.25, 1.5, 2.0))
        return [_scaled(content, scale) for content in cell]
    return cell if cell is None or isinstance(cell, int) else _scaled(cell, 1.05)


def _scaled(cell: Any, scale: float) -> Any:
    if isinstance(cell, list):
        return [_scaled(content, scale) for content in cell]
    return cell if isinstance(cell, str) else float(f"{cell * scale:.12g}")


def _named(entry: Entry, cells: list[Any]) -> list[tuple[Parameter, Any]]:
    return list(zip(parameters(entry), cells, strict=True))


def _spoilt(
    entry: Entry, full: list[Any], index: int, parameter: Parameter, cell: Any
) -> Iterator[Case]:
    """One argument is empty, an error, or outside its domain; in a range one cell of it is."""
    before, after = full[:index], full[index + 1 :]
    if isinstance(parameter.domain, TableOf):
        for at, heading in enumerate(parameter.domain.headings):
            for bad in _bad_in_cells(column_of(parameter, at)):
                rows = [[*cell[0][:at], bad, *cell[0][at + 1 :]], *cell[1:]]
                yield Case(entry, f"bad {heading.name}", [*before, rows, *after])
        narrow, blank = [row[:-1] for row in cell], [[None] * len(cell[0]), *cell]
        yield Case(entry, "a column is missing", [*before, narrow, *after])
        yield Case(entry, "a row is empty", [*before, blank, *after])
        return
    for bad in _bad_in_cells(parameter):
        spoilt = [bad, *cell[1:]] if isinstance(cell, list) else bad
        yield Case(entry, f"bad {parameter.name}", [*before, spoilt, *after])
    empty = [None] * len(cell) if isinstance(cell, list) else None
    yield Case(entry, f"empty {parameter.name}", [*before, empty, *after])


def _bad_in_cells(parameter: Parameter) -> Iterator[Any]:
    for bad, _ in bad_cells(parameter):
        if not isinstance(bad, (bool, complex)) and _fits_a_cell(bad):
            yield bad


def _arrays(entry: Entry, full: list[Any], draw: random.Random) -> Iterator[Case]:
    """Columns in, a column out; then one bad element, whose neighbours keep their values."""
    has_table = any(map(is_table, parameters(entry)))
    columns = [
        _column(draw, p, cell if has_table else None)
        for p, cell in zip(parameters(entry), full, strict=True)
    ]
    yield Case(entry, "columns", columns)
    index = next(i for i, p in enumerate(parameters(entry)) if not p.group)
    for bad in ("abc", None):
        spoilt = [*full[:index], [full[index], bad, full[index]], *full[index + 1 :]]
        yield Case(entry, f"a column with {bad}", spoilt)


def _column(draw: random.Random, parameter: Parameter, example: Any) -> Any:
    """A column of arguments: the example again and again where a table must go with them."""
    if parameter.group:
        return _drawn(draw, parameter, 4) if example is None else example
    return [_drawn(draw, parameter, 1) for _ in range(5)] if example is None else [example] * 5


def _drawn(draw: random.Random, parameter: Parameter, length: int) -> Any:
    if parameter.group:
        return [_drawn_cell(draw, parameter) for _ in range(length)]
    return _drawn_cell(draw, parameter)


def _drawn_cell(draw: random.Random, parameter: Parameter) -> Any:
    if not parameter.required and draw.random() < 0.3 and not parameter.group:
        return None
    match parameter.domain:
        case Number() as number:
            low = number.low if math.isfinite(number.low) else -2.0
            high = number.high if math.isfinite(number.high) else low + draw.choice((1, 20, 1e6))
            # Calc reads 15 digits exactly; more would shift the last bit.
            return float(f"{draw.uniform(low, high):.12g}")
        case Day():
            return dt.datetime(2026, 1, 1) + dt.timedelta(days=draw.randrange(2_000))
        case Switch():
            return draw.random() < 0.5
        case Choice(words=words):
            return draw.choice(words)
        case _:
            return draw.choice(("North", "South", "=1+1", "Ünïcode \U0001f600"))


def _fits_a_cell(content: Any) -> bool:
    if isinstance(content, str):
        return content != ""  # openpyxl writes no cell that holds an empty text
    return not isinstance(content, (int, float)) or (
        abs(content) < 1e300 if isinstance(content, int) else math.isfinite(content)
    )


ALL_CASES = [case for entry in CATALOGUE for case in cases_of(entry)]


# --- into a workbook and out of it -----------------------------------------------------------


def write_cases(path: Path, cases: Sequence[Case]) -> list[str]:
    """Every call with its arguments in cells; the addresses of the results."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    row, addresses = 1, []
    for case in cases:
        references, column = [], 20
        for cell in case.arguments:
            references.append(_put(sheet, row, column, cell))
            column += _WIDEST
        formula = f"={case.entry.name}({','.join(references)})"
        rows, columns = shape_of(case.expected)
        address = f"A{row}"
        if (rows, columns) == (1, 1):
            sheet[address] = formula
        else:
            sheet[address] = ArrayFormula(
                f"A{row}:{get_column_letter(columns)}{row + rows - 1}", formula
            )
        addresses.append(address)
        row += max([rows, *(len(c) for c in case.arguments if isinstance(c, list))])
    workbook.save(path)
    return addresses


_WIDEST = 10
"""Columns that an argument may take."""


def _put(sheet: Any, row: int, column: int, argument: Any) -> str:
    """The argument in cells of its own; the reference to them."""
    rows = argument if isinstance(argument, list) else [argument]
    table = [cells if isinstance(cells, list) else [cells] for cells in rows]
    for down, cells in enumerate(table):
        for right, content in enumerate(cells):
            _put_cell(sheet.cell(row + down, column + right), content)
    first, last = get_column_letter(column), get_column_letter(column + len(table[0]) - 1)
    reference = f"{first}{row}:{last}{row + len(table) - 1}"
    return reference if len(table) * len(table[0]) > 1 else f"{first}{row}"


def _put_cell(cell: Any, content: Any) -> None:
    if isinstance(content, Fault):
        cell.value = _ERROR_FORMULAS[content.kind]
    elif isinstance(content, str):
        cell.value, cell.data_type = content, "s"
    else:
        cell.value = content


_ERROR_FORMULAS = {FaultKind.REF: "=INDEX(ZZ1:ZZ2,9)"}
"""What makes Calc show the error of a bad cell."""


def shape_of(value: Any) -> tuple[int, int]:
    if not isinstance(value, np.ndarray):
        return 1, 1
    if value.ndim == 1:
        return 1, value.size
    return value.shape[0], value.shape[1]


def read_result(sheet: Any, address: str, shape: tuple[int, int]) -> list[Any]:
    """The cells of a result, row by row."""
    start = sheet[address]
    rows = sheet.iter_rows(
        start.row, start.row + shape[0] - 1, start.column, start.column + shape[1] - 1
    )
    return [cell.value for row in rows for cell in row]


def same(found: Any, expected: Any, in_array: bool) -> bool:
    """Equal to the library: numbers to 1e-12, errors by name, all else exactly.

    An array that Basic gives to Calc holds 1 and 0 for TRUE and FALSE.
    """
    if isinstance(expected, Fault):
        return bool(found == expected.kind.value)
    if isinstance(expected, (bool, np.bool_)):
        return found == expected and isinstance(found, int if in_array else bool)
    if isinstance(expected, float):
        return type(found) in (int, float) and math.isclose(
            found, expected, rel_tol=1e-12, abs_tol=1e-12
        )
    return bool(found == expected)
