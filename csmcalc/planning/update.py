"""The engine's answers written back into the workbook that they follow from; nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from csmcalc.plan.cells import CSMS, CUSTOMERS
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.planning.answers import lists_of
from csmcalc.planning.cited import citing
from csmcalc.planning.columns import ORDER_KEY, order_keys, rows_of
from csmcalc.planning.damage import Damage
from csmcalc.planning.fill import (
    Made,
    beside_team,
    by_sheet,
    changed_inputs,
    planned,
    report_of,
    written_sheets,
)
from csmcalc.planning.inputs import Inputs, check_cases
from csmcalc.planning.kept import OwnFormulas
from csmcalc.planning.mapping import Spot
from csmcalc.planning.opened import NOT_COMPUTED, Opened
from csmcalc.planning.places import place
from csmcalc.planning.placing import columns_of, placed
from csmcalc.planning.statuses import STATUS, statuses_of
from csmcalc.planning.structure import TYPED, check_macros, check_unprotected
from csmcalc.portfolio.book import FIELD, Book
from csmcalc.reports.model import List
from csmcalc.reports.sheets.planning.customers import heading_of
from csmcalc.reports.sheets.planning.filled import Member
from csmcalc.reports.sheets.said import SOURCE
from csmcalc.reports.template import folded
from csmcalc.reports.template.computed import formulas_of
from csmcalc.reports.template.patch import UNKNOWN, patched
from csmcalc.reports.template.replaced import Values

_LARGEST, _ROW = "Largest", "Row"


def update(
    opened: Opened, told: Inputs, inputs: Inputs, book: Book, team: Sequence[Member | None]
) -> Made:
    """Compute a workbook anew from its own inputs and customers.

    Customers keep their rows; only the columns that follow from them get values.

    Raises:
        WorkbookError: something in the workbook stands in the way; nothing was made.
    """
    check_cases(opened, told, inputs)
    damage = Damage(opened.source)
    members = tuple(one for one in team if one)
    names = tuple(one.name for one in members)
    book = replace(book, source=_text(opened, SOURCE), members=names)
    with citing(opened, told.settings, inputs.settings):
        found = planned(book, inputs)
    timeline = found.timeline
    arr = book.arr_in_file if _is_told(opened, "arr_in_file") else None
    strange = statuses_of(opened).unknown(_status_words(opened))
    report = report_of(opened, found, members, arr, strange)
    made = placed(opened, report, damage, whole=True)
    lists = lists_of(report)
    check_macros(opened, damage)
    check_unprotected(opened, damage, written_sheets(opened, made))
    damage.refuse()
    made.constants.update(changed_inputs(opened, told, inputs))
    beside_team(opened, lists[CSMS], team, made)
    cells = {**made.formulas, **made.constants}
    _places_of_largest(opened, timeline, cells)
    columns = {opened.tables[CUSTOMERS].sheet.name: _customers(opened, lists[CUSTOMERS], timeline)}
    later = list(OwnFormulas(opened, made, _typed_columns(opened)).unknown())
    cells |= dict.fromkeys((spot for spot in later if _shows(opened, spot)), UNKNOWN)
    content = patched(opened.parts.whole, by_sheet(cells), columns)
    places = [*(place(*spot) for spot in later), *_own_columns(opened, lists)]
    others = tuple(one for one in places if one not in made.own)
    return Made(content, timeline, tuple(made.own), others)


def _shows(opened: Opened, spot: Spot) -> bool:
    """Whether a value stands beside a formula."""
    return opened.value(*spot) not in (None, NOT_COMPUTED)


def _typed_columns(opened: Opened) -> list[tuple[str, str]]:
    """The columns of tables that stay as they are: those that people fill."""
    return [
        (table.name, heading)
        for table in opened.tables.values()
        for heading in (TYPED.get(table.name) or table.headings)
        if table.name in TYPED or not formulas_of(table)
    ]


def _own_columns(opened: Opened, lists: Mapping[str, List]) -> Iterator[str]:
    """The first cell of each column of Customers to which somebody gave a formula."""
    table, ours = opened.tables[CUSTOMERS], {folded(s.heading) for s in lists[CUSTOMERS].series}
    for heading in formulas_of(table):
        if folded(heading) not in ours:
            at = table.box.left + table.headings.index(heading)
            yield place(table.sheet.name, table.box.first, at)


def _text(opened: Opened, name: str) -> str:
    area = opened.area(name)
    value = area and opened.value(area.sheet, area.top, area.left)
    return value if isinstance(value, str) else ""


def _is_told(opened: Opened, name: str) -> bool:
    area = opened.area(name)
    return area is not None and isinstance(opened.value(area.sheet, area.top, area.left), float)


def _status_words(opened: Opened) -> Iterator[Any]:
    """What stands in the status column."""
    table = opened.tables[CUSTOMERS]
    box, column = table.box, columns_of(table, [heading_of(FIELD[STATUS])])
    for at in column.values():
        yield from (opened.value(box.sheet, row, at) for row in range(box.first, box.last + 1))


def _customers(opened: Opened, block: List, timeline: Timeline) -> Values:
    """What follows for each customer, in the row where they stand; nothing in rows of nobody."""
    table = opened.tables[CUSTOMERS]
    typed = {one.heading for one in block.series if one.look.value == "input"}
    series = {one.heading: one for one in block.series if one.heading not in typed}
    columns = columns_of(table, list(series))
    box = table.box
    rows = rows_of(timeline.plan)
    values = {heading: _listed(series[heading].values) for heading in columns}
    values[ORDER_KEY] = order_keys(timeline.plan, np.array(rows or [box.first]))
    made: dict[int, list[Any]] = {}
    for heading, column in columns.items():
        told = dict(zip(rows, values[heading], strict=False))
        nothing = "" if series[heading].formula else None
        made[column] = [told.get(row, nothing) for row in range(box.first, box.last + 1)]
    computed = frozenset(column for heading, column in columns.items() if series[heading].formula)
    return Values(box.first, made, computed)


def _listed(values: Any) -> list[Any]:
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _places_of_largest(opened: Opened, timeline: Timeline, cells: dict[Spot, Any]) -> None:
    """In which row of the table the largest accounts stand, which need not be sorted."""
    area, table = opened.area(_LARGEST), opened.tables[CUSTOMERS]
    if area is None:
        return
    headings = [opened.value(area.sheet, area.top, c) for c in range(area.left, area.right + 1)]
    column = area.left + headings.index(_ROW)
    largest = rows_of(timeline.plan)[: len(timeline.plan.accounts)]
    for at, row in zip(range(area.top + 1, area.bottom + 1), largest, strict=False):
        if (area.sheet, at, column) in cells:
            cells[area.sheet, at, column] = float(row - table.box.first + 1)
