"""The value of a formula on whatever a caller hands in: one cell each, or arrays that broadcast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.columns import (
    Column,
    Parameter,
    as_array,
    is_array,
    read_column,
    read_ranges,
    read_scalar,
    unequal,
)
from csmcalc.core.specification import Specification
from csmcalc.core.tables import read_tables
from csmcalc.errors import Fault, FaultKind

BLOCK = 16_384


def evaluate(spec: Specification, cells: Sequence[Any]) -> Any:
    """The value of a formula on cells and ranges, one per parameter."""
    if spec.reduces:
        cells = read_tables(spec.parameters, read_ranges(spec.parameters, cells))
    if spec.spills:
        cells = [_single(p, cell) for p, cell in zip(spec.parameters, cells, strict=True)]
    if any(is_array(cell) for cell in cells):
        return _evaluate_array(spec, cells)
    return _evaluate_scalar(spec, cells)


def _single(parameter: Parameter, cell: Any) -> Any:
    """The one cell that a spilling formula takes for an argument."""
    if not is_array(cell):
        return cell
    content = as_array(cell)
    if content.size == 1:
        return content.flat[0]
    wrong = f"{parameter.name} is a range of {content.size} cells; give a single cell"
    return Fault(FaultKind.VALUE, wrong)


# --- scalars ---------------------------------------------------------------------------------


def _evaluate_scalar(spec: Specification, cells: Sequence[Any]) -> Any:
    for cell in cells:
        if isinstance(cell, Fault):
            raise cell
        if type(cell) is Column and cell.passed_on:
            raise cell.passed_on[0]
    values = [_value(p, cell) for p, cell in zip(spec.parameters, cells, strict=True)]
    with np.errstate(all="ignore"):
        for requirement in spec.requirements:
            named = spec.named(values)
            if not np.all(requirement.holds(*(named[name] for name in requirement.names))):
                raise spec.broken(requirement, named)
        result = spec.body(*values)
    if isinstance(result, tuple):
        return _row([_captured(cell) for cell in result])
    if isinstance(result, list):
        return _rows([[_captured(cell) for cell in row] for row in result])
    return _finished(result)


def _value(parameter: Parameter, cell: Any) -> Any:
    if type(cell) is not Column:
        return read_scalar(parameter, cell)
    if cell.faults:
        raise cell.faults[0]
    return cell.values


def _finished(result: Any) -> Any:
    """A Python scalar, or the fault of a result that is not a finite number."""
    if isinstance(result, Fault):
        raise result
    value = _plain(result)
    if type(value) is int:
        return float(value)
    if isinstance(value, float) and not np.isfinite(value):
        raise _overflow(value)
    return value


def _captured(result: Any) -> Any:
    try:
        return _finished(result)
    except Fault as fault:
        return fault


def _overflow(value: float) -> Fault:
    return Fault(FaultKind.NUM, f"the result is {value}: the arguments are too large or too small")


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return value.item()
    return value


def _row(cells: Sequence[Any]) -> NDArray[Any]:
    """A row of plain numbers, or of objects when a fault stands among them."""
    row = np.empty(len(cells), dtype=object)
    row[:] = cells
    return row.astype(float) if all(isinstance(cell, float) for cell in cells) else row


def _rows(rows: Sequence[Sequence[Any]]) -> NDArray[Any]:
    """Rows of plain numbers, or of objects when a fault or text stands among them."""
    cells = _row([cell for row in rows for cell in row])
    return cells.reshape(len(rows), -1)


# --- arrays, element by element --------------------------------------------------------------


def _evaluate_array(spec: Specification, cells: Sequence[Any]) -> NDArray[Any]:
    columns = [
        cell if type(cell) is Column else read_column(parameter, cell)
        for parameter, cell in zip(spec.parameters, cells, strict=True)
    ]
    try:
        shape = np.broadcast_shapes(*(column.shape for column in columns))
    except ValueError:
        shapes = {p.name: c.shape for p, c in zip(spec.parameters, columns, strict=True)}
        raise unequal(shapes) from None
    no_range = any(column.is_range and not column.is_clean for column in columns)
    with np.errstate(all="ignore"):
        broken = {} if no_range else _broken_requirements(spec, columns, shape)
        faults = _merged(columns, broken, shape)
        if no_range or (faults and len(faults) == np.prod(shape)):
            # A body may not stand ranges that are missing or do not fit each other.
            return _with_faults(np.empty(shape, dtype=object), faults)
        result = _result(spec.body, columns, shape)
    if result.dtype.kind == "f" and not np.isfinite(result).all():
        for position in np.flatnonzero(~np.isfinite(result)).tolist():
            faults.setdefault(position, _overflow(float(result.flat[position])))
    return _with_faults(result, faults)


def _with_faults(result: NDArray[Any], faults: Mapping[int, Fault]) -> NDArray[Any]:
    if not faults:
        return result
    result = result.astype(object)
    for position, fault in faults.items():
        result.flat[position] = fault
    return result


def _result(
    body: Callable[..., Any], columns: Sequence[Column], shape: tuple[int, ...]
) -> NDArray[Any]:
    """The body's result in the broadcast shape; long columns go through in blocks.

    A body makes several passes over its numbers: a block stays in the processor's cache for them.
    """
    size = int(np.prod(shape))
    values = [column.values for column in columns]
    fixed = [column.shape == () for column in columns]
    blockwise = all(f or v.shape == shape for f, v in zip(fixed, values, strict=True))
    if size <= 2 * BLOCK or not blockwise:
        result = _floats(body(*values))
        return result if result.shape == shape else np.broadcast_to(result, shape).copy()
    flat = [v if f else v.ravel() for f, v in zip(fixed, values, strict=True)]
    result = np.empty(0)
    for start in range(0, size, BLOCK):
        block = slice(start, min(start + BLOCK, size))
        part = _floats(body(*(v if f else v[block] for f, v in zip(fixed, flat, strict=True))))
        if start == 0:
            result = np.empty(size, dtype=part.dtype)
        result[block] = part
    return result.reshape(shape)


def _floats(result: Any) -> NDArray[Any]:
    """The body's result as an array; counts become floats like all numbers."""
    array = np.asarray(result)
    return array.astype(float) if array.dtype.kind in "iu" else array


def _broken_requirements(
    spec: Specification, columns: Sequence[Column], shape: tuple[int, ...]
) -> dict[int, Fault]:
    faults: dict[int, Fault] = {}
    named = spec.named(columns)
    for requirement in spec.requirements:
        used = {name: named[name] for name in requirement.names}
        holds = np.asarray(requirement.holds(*(column.values for column in used.values())))
        if holds.all():
            continue
        spread = {
            name: column.values if column.is_range else np.broadcast_to(column.values, shape)
            for name, column in used.items()
        }
        for position in np.flatnonzero(~np.broadcast_to(holds, shape)).tolist():
            element = {
                name: values if used[name].is_range else values.flat[position]
                for name, values in spread.items()
            }
            faults.setdefault(position, spec.broken(requirement, element))
    return faults


def _merged(
    columns: Sequence[Column], broken: Mapping[int, Fault], shape: tuple[int, ...]
) -> dict[int, Fault]:
    """One fault per element: input errors first, then by argument, then broken relations."""
    merged: dict[int, Fault] = {}
    for column in columns:
        _spread(column.passed_on, column.shape, shape, merged)
    for column in columns:
        _spread(column.faults, column.shape, shape, merged)
    for position, fault in broken.items():
        merged.setdefault(position, fault)
    return merged


def _spread(
    own: Mapping[int, Fault],
    own_shape: tuple[int, ...],
    shape: tuple[int, ...],
    merged: dict[int, Fault],
) -> None:
    """Place the faults of one argument at the elements it is broadcast to."""
    if not own:
        return
    index = np.broadcast_to(np.arange(int(np.prod(own_shape))).reshape(own_shape), shape)
    for position in np.flatnonzero(np.isin(index, list(own))).tolist():
        merged.setdefault(position, own[int(index.flat[position])])
