"""What callers hand in, made clean: cells, lists, arrays and pandas columns become columns.

A column holds a clean value everywhere, so that a formula's body never meets a blank, a text or
an Excel error; beside the values stand the faults of the elements that had to be replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.arguments import Choice, Day, Domain, Switch, TableOf, Words, is_blank, shown
from csmcalc.core.dates import day_of
from csmcalc.errors import Fault, FaultKind


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a formula: its name, what it may be, and what a blank stands for."""

    name: str
    domain: Domain | TableOf
    required: bool
    default: Any
    absent: Any
    group: str | None

    @property
    def cells(self) -> Domain:
        """What a cell of it may be."""
        assert not isinstance(self.domain, TableOf), "the columns of a table have each their own"
        return self.domain

    def convert(self, cell: Any, label: str = "") -> Any:
        """One cell as the body wants it, or its fault."""
        if self.is_blank(cell):
            if self.required:
                raise Fault(FaultKind.NA, f"{label or self.name} is empty; it is required")
            return self.absent
        return self.cells.convert(label or self.name, cell)

    def is_blank(self, cell: Any) -> bool:
        """Whether a cell is empty; where no number belongs, pandas marks that with a NaN."""
        if is_blank(cell):
            return True
        return self.domain.dtype is not float and isinstance(cell, float) and cell != cell

    def shown(self, value: Any) -> str:
        """A converted value as a message shows it."""
        if value is None or (isinstance(value, float) and value != value):
            return "empty"
        if isinstance(self.domain, Day):
            return day_of(value).isoformat()
        if isinstance(self.domain, TableOf):
            rows = len(next(iter(value.values())))
            return f"a table of {rows} row{'' if rows == 1 else 's'}"
        if isinstance(self.domain, Choice):
            return shown(self.domain.words[value]) if value >= 0 else "empty"
        return shown(value)


@dataclass(slots=True)
class Column:
    """One converted argument: clean values, and the faults of its bad elements by position."""

    values: Any
    faults: dict[int, Fault] = field(default_factory=dict)
    passed_on: dict[int, Fault] = field(default_factory=dict)
    is_range: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape it broadcasts with; a range that is reduced stands in every element."""
        return () if self.is_range else np.shape(self.values)

    @property
    def is_clean(self) -> bool:
        """Whether every element is fit for use."""
        return not self.faults and not self.passed_on


_SINGLE = frozenset({float, int, bool, str, type(None)})


def is_array(cell: Any) -> bool:
    """Whether an argument is a range of cells rather than one cell."""
    if type(cell) in _SINGLE:
        return False
    return isinstance(cell, (list, tuple, range)) or (
        hasattr(cell, "__array__") and not isinstance(cell, np.generic) and np.ndim(cell) > 0
    )


def as_array(cell: Any) -> NDArray[Any]:
    """A range as an array of floats where all cells are numbers, else of objects or bools."""
    if type(cell).__name__ == "MaskedArray":
        # Its list holds None for what is masked; asarray would show the number below.
        cell = cell.tolist()
    try:
        cells = np.array(cell, dtype=object) if _has_objects(cell) else np.asarray(cell)
    except ValueError:
        raise Fault(FaultKind.VALUE, "the rows of a range are of unequal length") from None
    kind = cells.dtype.kind
    if kind in "fiu":
        return cells.astype(np.float64, copy=False)
    if kind == "b":
        return cells
    if kind == "M":
        # Nanoseconds would become bare integers.
        cells = cells.astype("datetime64[us]")
    cells = cells.astype(object)
    if all(_is_plain_number(kind) for kind in {type(content) for content in cells.flat}):
        try:
            return cells.astype(np.float64)
        except OverflowError:
            return cells
    return cells


def _has_objects(cell: Any) -> bool:
    """Whether numpy would guess at the cells: lists, and pandas columns that know missing values.

    Left to itself it turns numbers beside text into text, and a missing whole number into NaN.
    """
    if isinstance(cell, (list, tuple)):
        return True
    return hasattr(cell, "to_numpy") and not isinstance(getattr(cell, "dtype", None), np.dtype)


def _is_plain_number(kind: type) -> bool:
    return issubclass(kind, (float, int, np.floating, np.integer)) and kind is not bool


# --- element by element ----------------------------------------------------------------------


def read_column(parameter: Parameter, cell: Any) -> Column:
    """An argument that broadcasts: one cell, or an element each."""
    if not is_array(cell):
        return _read_cell(parameter, cell)
    cells = as_array(cell)
    domain = parameter.cells
    if cells.dtype.kind == "f" and domain.dtype is float:
        return _read_numbers(parameter, cells)
    if cells.dtype.kind == "b" and isinstance(domain, Switch):
        return Column(cells)
    column = Column(np.full(cells.shape, domain.safe, dtype=domain.dtype))
    for position, content in enumerate(cells.ravel().tolist()):
        if isinstance(content, Fault):
            column.passed_on[position] = content
            continue
        try:
            column.values.flat[position] = parameter.convert(content)
        except Fault as fault:
            column.faults[position] = fault
    return column


def read_scalar(parameter: Parameter, cell: Any) -> Any:
    """One cell as the body wants it, or its fault."""
    if isinstance(cell, np.ndarray):
        cell = cell[()]
    value = parameter.convert(cell)
    # numpy's float overflows to infinity where Python's would raise.
    return np.float64(value) if type(value) is float else value


def _read_cell(parameter: Parameter, cell: Any) -> Column:
    if isinstance(cell, Fault):
        return Column(parameter.cells.safe, passed_on={0: cell})
    try:
        return Column(read_scalar(parameter, cell))
    except Fault as fault:
        return Column(parameter.cells.safe, faults={0: fault})


def _read_numbers(parameter: Parameter, numbers: NDArray[np.float64]) -> Column:
    """The fast road: a float array, taken as it is when all of it lies in the domain."""
    domain = cast(Any, parameter.domain)
    if domain.all_hold(numbers):
        return Column(numbers)
    bad = ~np.asarray(domain.holds(numbers))
    column = Column(np.where(bad, domain.safe, numbers))
    for position in np.flatnonzero(bad).tolist():
        try:
            domain.convert(parameter.name, float(numbers.flat[position]))
        except Fault as fault:
            column.faults[position] = fault
    return column


# --- ranges that are reduced -----------------------------------------------------------------


def read_ranges(parameters: Sequence[Parameter], cells: Sequence[Any]) -> list[Any]:
    """The arguments with every range read into a `Column`; the others are left as they are."""
    read = list(cells)
    groups: dict[str, dict[int, NDArray[Any]]] = {}
    for index, (parameter, cell) in enumerate(zip(parameters, cells, strict=True)):
        if not parameter.group or parameter.group == "table":
            continue
        content = as_array(cell if is_array(cell) else [cell])
        errors = _errors(content)
        if errors:
            read[index] = Column(None, passed_on={0: errors[0]}, is_range=True)
        elif not parameter.required and all(parameter.is_blank(c) for c in content.flat):
            read[index] = Column(parameter.absent, is_range=True)
        else:
            groups.setdefault(parameter.group, {})[index] = content
    for group in groups.values():
        contents = {parameters[index]: content for index, content in group.items()}
        try:
            columns = list(_rows(contents))
        except Fault as fault:
            columns = [Column(None, faults={0: fault}, is_range=True) for _ in group]
        for index, column in zip(group, columns, strict=True):
            read[index] = column
    return read


def _errors(content: NDArray[Any]) -> list[Fault]:
    if content.dtype.kind != "O":
        return []
    return [cell for cell in content.flat if isinstance(cell, Fault)]


def _rows(contents: Mapping[Parameter, NDArray[Any]]) -> Iterator[Column]:
    """Ranges read row by row: empty rows skipped, half-empty ones a fault, the rest converted."""
    if len({_line(content.shape) for content in contents.values()}) > 1:
        raise unequal({p.name: content.shape for p, content in contents.items()})
    blank = np.array([_blanks(parameter, content) for parameter, content in contents.items()])
    half = np.flatnonzero(blank.any(axis=0) & ~blank.all(axis=0))
    if half.size:
        empty = next(p for p, blanks in zip(contents, blank, strict=True) if blanks[half[0]])
        raise Fault(
            FaultKind.NA,
            f"item {half[0] + 1} of {empty.name} is empty while its row is not; fill it or clear "
            "the row",
        )
    filled = np.flatnonzero(~blank[0])
    if not filled.size:
        raise Fault(FaultKind.NA, f"no values in {', '.join(p.name for p in contents)}")
    for parameter, content in contents.items():
        yield Column(_converted(parameter, content.ravel(), filled), is_range=True)


def _line(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a range, a row and a column of the same length being alike."""
    return (int(np.prod(shape)),) if sum(side > 1 for side in shape) <= 1 else shape


def _blanks(parameter: Parameter, content: NDArray[Any]) -> NDArray[np.bool_]:
    if content.dtype.kind != "O":
        return np.zeros(content.size, dtype=bool)
    return np.array([parameter.is_blank(cell) for cell in content.flat], dtype=bool)


def _converted(parameter: Parameter, content: NDArray[Any], filled: NDArray[Any]) -> NDArray[Any]:
    domain = cast(Any, parameter.domain)
    if content.dtype.kind == "f" and domain.dtype is float and domain.all_hold(content):
        return content
    values = [
        parameter.convert(content[position], f"item {position + 1} of {parameter.name}")
        for position in filled.tolist()
    ]
    return np.array(values, dtype=object if isinstance(domain, Words) else domain.dtype)


def unequal(shapes: Mapping[str, tuple[int, ...]]) -> Fault:
    """The fault of ranges that do not fit each other."""
    sizes = ", ".join(
        f"{name} is {' x '.join(map(str, shape))}" for name, shape in shapes.items() if shape
    )
    return Fault(FaultKind.VALUE, f"{sizes}; ranges must be of equal size")
