"""Calls in cells: inputs in their places, results that fill several, formulas that call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from openpyxl.utils import get_column_letter

from addin.examples import Call, Rows, size_of
from csmcalc.catalog import Entry
from csmcalc.reports.model import Cell, Look, Text, Unit
from csmcalc.reports.page import Page


def called(entry: Entry, references: Sequence[str]) -> str:
    """The formula that calls a function."""
    return f"{entry.name}({','.join(references)})"


def area(row: int, column: int, rows: Rows) -> str:
    """The address of some cells by their first one."""
    down, across = size_of(rows)
    first = f"{get_column_letter(column)}{row}"
    last = f"{get_column_letter(column + across - 1)}{row + down - 1}"
    return first if first == last else f"{first}:{last}"


def place_result(
    page: Page, row: int, column: int, rows: Rows, shape: Cell, units: Sequence[Unit]
) -> None:
    """A formula and the cells that it fills; without the mark of a dynamic array Excel shows @."""
    filled = replace(shape, formula=None, name=None)
    below = replace(filled, look=Look.STRONG) if shape.look is Look.TOTAL else filled
    for down, cells in enumerate(rows):
        for across, (content, unit) in enumerate(zip(cells, units, strict=True)):
            made = replace(below if down else filled, value=content)
            if not down and not across:
                made = replace(shape, value=content, spill=size_of(rows))
            page.add(row + down, column + across, Text(replace(made, unit=unit)))


def with_defaults(call: Call) -> Call:
    """The same call with every default written out, and blanks where there is none."""
    widest: dict[str | None, int] = {}
    for parameter, rows in zip(call.parameters, call.arguments, strict=True):
        if rows and parameter.group:
            widest[parameter.group] = size_of(rows)[1]
    arguments = []
    for parameter, rows in zip(call.parameters, call.arguments, strict=True):
        if rows is None:
            default = parameter.default
            plain = float(default) if type(default) is int else default
            rows = [[plain] * (widest.get(parameter.group, 1) if parameter.group else 1)]
        arguments.append(rows)
    return Call(call.entry, tuple(arguments))
