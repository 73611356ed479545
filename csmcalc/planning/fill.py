"""A planning workbook filled from a list: tables grow, every answer stands beside its formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from csmcalc.core.setting import settings_of
from csmcalc.io.files.package import open_package
from csmcalc.plan.cells import CSMS, CUSTOMERS, ROOM, row_cell
from csmcalc.plan.full import full_book
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import TABLES
from csmcalc.plan.timeline.timeline import Timeline, make_timeline
from csmcalc.planning.answers import lists_of
from csmcalc.planning.cited import citing
from csmcalc.planning.damage import Damage
from csmcalc.planning.inputs import Inputs, cells_of, check_cases
from csmcalc.planning.kept import OwnFormulas
from csmcalc.planning.mapping import Spot
from csmcalc.planning.opened import Opened
from csmcalc.planning.places import address, place
from csmcalc.planning.placing import Placed, columns_of, placed
from csmcalc.planning.statuses import STATUS, StatusColumn
from csmcalc.planning.structure import check_unprotected
from csmcalc.portfolio.book import FIELD, Book, Reason
from csmcalc.portfolio.risk import Bar, tornado
from csmcalc.reports.model import List, Report
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.sheets.customers import largest_first
from csmcalc.reports.sheets.planning.customers import ORDER_STEP, heading_of
from csmcalc.reports.sheets.planning.filled import Filled, Member, owners_in
from csmcalc.reports.template import folded
from csmcalc.reports.template.compile import template_of
from csmcalc.reports.template.findings import is_later
from csmcalc.reports.template.parts import Parts
from csmcalc.reports.template.patch import patched

ExtraColumn = Callable[[str, Sequence[int]], Any]
"""The values of a column of the list by its heading, for some of its rows; None without one."""

_ORDER_KEY, _STATUS = "Order key", heading_of(FIELD[STATUS])
_FUNCTIONS = "FunctionPairs"
"""The table that only a workbook with functions has."""

_BY_SEGMENT = ("segment_rules", "growth")


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook that was filled, and the plan in it.

    `own` are cells with formulas of somebody's own in place of those of the workbook, `later` other
    formulas of somebody's own that have no value, or an old one, until they are computed.
    """

    content: bytes
    timeline: Timeline
    own: tuple[str, ...]
    later: tuple[str, ...]


def fill(
    opened: Opened,
    told: Inputs,
    inputs: Inputs,
    book: Book,
    team: Sequence[Member | None],
    *,
    grow_team: bool,
    extra: ExtraColumn,
    status: StatusColumn,
) -> Made:
    """Fill a workbook: `told` are its inputs as they stand, `inputs` those to plan by.

    The team is that of the workbook row by row, or, where it is to grow, the one to be listed.

    Raises:
        WorkbookError: something in the workbook stands in the way; nothing was made.
    """
    check_cases(opened, told, inputs)
    damage = Damage(opened.source)
    members = tuple(one for one in team if one)
    book = replace(book, members=tuple(one.name for one in members) or None)
    with citing(opened, told.settings, inputs.settings):
        found = planned(book, inputs)
    timeline = found.timeline
    if grow_team and not members:
        members = owners_in(timeline.plan)
    words = _status_words(timeline, status)
    report = report_of(opened, found, members, book.arr_in_file, status.statuses.unknown(words))
    made = placed(opened, report, damage)
    check_unprotected(opened, damage, written_sheets(opened, made))
    damage.refuse()
    made.constants.update(changed_inputs(opened, told, inputs))
    lists = lists_of(report)
    tables = {CUSTOMERS: _customers(opened, lists[CUSTOMERS], timeline, extra, words)}
    if grow_team:
        tables[CSMS] = _columns(opened, lists[CSMS])
    else:
        beside_team(opened, lists[CSMS], team, made)
    context = opened.context
    context.values = dict(_constants(opened)) | OwnFormulas(opened, made).values()
    context.values |= {
        (sheet, address(row, column)): value
        for (sheet, row, column), value in made.formulas.items()
    }
    stamped = template_of(context).stamp(tables)
    parts = Parts(open_package(opened.source, stamped), stamped)
    content = patched(parts, by_sheet(made.constants))
    headings = {heading for columns in tables.values() for heading in columns}
    known = {*made.own, *(place(*spot) for spot in made.formulas)}
    later = (one.place for one in context.findings if is_later(one, headings))
    return Made(content, timeline, tuple(made.own), tuple(p for p in later if p not in known))


_CONSTANTS = {"TRUE()": True, "FALSE()": False}
"""LibreOffice saves a boolean as a formula."""


def _constants(opened: Opened) -> Iterator[tuple[tuple[str, str], bool]]:
    """The values of formulas that are no more than a value."""
    for name, sheet in opened.sheets.items():
        for cell in sheet.cells():
            if cell.formula is not None and cell.formula.text in _CONSTANTS:
                yield (name, cell.address), _CONSTANTS[cell.formula.text]


@dataclass(frozen=True, slots=True)
class Planned:
    """The months of a plan, and what moves its answer most."""

    timeline: Timeline
    bars: tuple[Bar, ...]


def planned(book: Book, inputs: Inputs) -> Planned:
    """The plan of a book that has every field, its largest customers first.

    Rows that could not be read are not part of it.
    """
    readable = book.excluded[book.excluded["reason"] != Reason.BAD_ROW.value]
    customers = book.customers.sort_values("arr", ascending=False, kind="stable", ignore_index=True)
    plan = make_plan(
        full_book(replace(book, customers=customers, excluded=readable)), inputs.settings
    )
    # The solver that finds the best starts leaves Python alone for most of its time.
    with ThreadPoolExecutor(1) as other:
        bars = other.submit(tornado, plan.value.case)
        timeline = make_timeline(plan, months=inputs.settings.timeline.months)
        return Planned(timeline, bars.result())


def report_of(
    opened: Opened,
    found: Planned,
    team: Sequence[Member],
    arr_in_file: float | None,
    unknown_statuses: int = 0,
) -> Report:
    """What the workbook shows of a plan, found today."""
    functions = opened.area(_FUNCTIONS) is not None
    day = dt.date.today()
    told = tuple(team), day, arr_in_file, functions
    return planning_report(Filled(found.timeline, *told, found.bars, unknown_statuses))


def by_sheet(cells: Mapping[Spot, Any]) -> dict[str, dict[int, dict[int, Any]]]:
    """Values by sheet, row and column."""
    sheets: dict[str, dict[int, dict[int, Any]]] = {}
    for (sheet, row, column), value in cells.items():
        sheets.setdefault(sheet, {}).setdefault(row, {})[column] = value
    return sheets


def written_sheets(opened: Opened, made: Placed) -> Iterator[str]:
    """The sheets that get values."""
    sheets = {sheet for sheet, _, _ in (*made.formulas, *made.constants)}
    sheets |= {opened.tables[name].sheet.name for name in (CUSTOMERS, CSMS)}
    return (name for name in opened.sheets if name in sheets)


# --- inputs ----------------------------------------------------------------------------------


def changed_inputs(opened: Opened, told: Inputs, inputs: Inputs) -> Iterator[tuple[Spot, Any]]:
    """The input cells in which something else stands than what is planned by."""
    changed = [t for t in ROOM if getattr(told.settings, t) != getattr(inputs.settings, t)]
    whole = {name for table in changed for name in _cells_of_table(table)}
    before = dict(cells_of(told))
    for name, value in cells_of(inputs):
        area = opened.area(name)
        if area and name not in whole and before.get(name) != value:
            yield (area.sheet, area.top, area.left), value
    for table in changed:
        yield from _table_cells(opened, inputs, table)


def _cells_of_table(table: str) -> Iterator[str]:
    for at in range(ROOM[table]):
        for declared in settings_of(TABLES[table].row):
            yield row_cell(table, at, declared.name)


def _table_cells(opened: Opened, inputs: Inputs, table: str) -> Iterator[tuple[Spot, Any]]:
    """All cells of a table of settings; those of segments in the order of the sheet."""
    rows = list(getattr(inputs.settings, table))
    for at in range(ROOM[table]):
        row = rows[at] if at < len(rows) else None
        if table in _BY_SEGMENT:
            where = opened.area(row_cell(table, at, "segment"))
            segment = where and opened.value(where.sheet, where.top, where.left)
            row = next((one for one in rows if one.segment == segment), None)
        for declared in settings_of(TABLES[table].row):
            area = opened.area(row_cell(table, at, declared.name))
            fixed = table in _BY_SEGMENT and declared.name == "segment"
            if area and not fixed:
                yield (area.sheet, area.top, area.left), getattr(row, declared.name, None)


# --- tables ----------------------------------------------------------------------------------


def _customers(
    opened: Opened, block: List, timeline: Timeline, extra: ExtraColumn, words: Sequence[Any]
) -> dict[str, Any]:
    """The columns of Customers, and those that somebody added, from the list where it has them."""
    columns = _columns(opened, block)
    table = opened.tables[CUSTOMERS]
    if len(timeline.plan.accounts):
        heading = next(one for one in columns if folded(one) == folded(_STATUS))
        columns[heading] = list(words)
        first = table.box.first
        columns[_ORDER_KEY] = order_keys(timeline, np.arange(block.length) + first)
        rows = rows_of(timeline)
        for heading in [one for one in columns if columns[one] is None]:
            columns[heading] = extra(heading, rows)
    empty = [None] * block.length
    return {h: empty if values is None else values for h, values in columns.items()}


def _status_words(timeline: Timeline, status: StatusColumn) -> list[Any]:
    """What is written into the status column; nothing where there are no customers."""
    count = len(timeline.plan.accounts)
    reasons = timeline.plan.book.excluded["reason"].tolist()
    return status(rows_of(timeline), [*[None] * count, *reasons]) if count else []


def _columns(opened: Opened, block: List) -> dict[str, Any]:
    """The values of each column of a table; None for those of somebody's own without a formula."""
    series = {folded(one.heading): one.values for one in block.series}
    table = opened.tables[block.name]
    made: dict[str, Any] = {}
    for at, heading in enumerate(table.headings):
        if folded(heading) in series:
            made[heading] = series[folded(heading)]
        elif not table.calculated[at] and not has_formula(opened, block.name, at):
            made[heading] = None
    return made


def has_formula(opened: Opened, name: str, at: int) -> bool:
    """Whether a column of a table begins with a formula."""
    box = opened.tables[name].box
    cell = opened.cell(box.sheet, box.first, box.left + at)
    return cell is not None and cell.formula is not None


def rows_of(timeline: Timeline) -> list[int]:
    """The row of the list from which each row of Customers comes, in its order."""
    plan = timeline.plan
    planned_rows = largest_first(plan).book.customers["row"].tolist()
    return [*planned_rows, *plan.book.excluded["row"].tolist()]


def order_keys(timeline: Timeline, rows: Any) -> list[Any]:
    """What tells equal ARR apart: the row in which each customer stands."""
    arr = largest_first(timeline.plan).accounts["arr"].to_numpy(float)
    keys = arr * (1 - np.asarray(rows)[: len(arr)] * ORDER_STEP)
    return [*keys.tolist(), *[""] * (len(rows) - len(arr))]


def beside_team(opened: Opened, block: List, team: Sequence[Member | None], made: Placed) -> None:
    """The answers beside a team that stays as it is, row by row; nothing where nobody is named."""
    table = opened.tables[block.name]
    columns = columns_of(table, [one.heading for one in block.series if one.formula])
    values = {one.heading: list(one.values) for one in block.series}
    at = 0
    for row, member in enumerate(team, start=table.box.first):
        for heading, column in columns.items():
            spot = table.sheet.name, row, column
            made.formulas[spot] = values[heading][at] if member else ""
        at += member is not None
