"""A planning workbook filled from a list: tables grow, every answer stands beside its formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from csmcalc.core.setting import settings_of
from csmcalc.io.files.package import open_package
from csmcalc.plan.cells import CSMS, CUSTOMERS, ROOM, row_cell
from csmcalc.plan.full import full_book
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import TABLES
from csmcalc.plan.timeline.chance import Paths, paths_of
from csmcalc.plan.timeline.timeline import Timeline, make_timeline
from csmcalc.planning.ahead import Customers, customers_ahead
from csmcalc.planning.answers import lists_of
from csmcalc.planning.cited import citing
from csmcalc.planning.columns import ExtraColumn, columns_in, customer_columns, status_words
from csmcalc.planning.damage import Damage
from csmcalc.planning.inputs import Inputs, cells_of, check_cases
from csmcalc.planning.kept import values_of
from csmcalc.planning.mapping import Spot
from csmcalc.planning.opened import Opened
from csmcalc.planning.places import place
from csmcalc.planning.placing import Placed, columns_of, placed
from csmcalc.planning.statuses import StatusColumn
from csmcalc.planning.structure import check_macros, check_unprotected
from csmcalc.portfolio.book import Book, Reason
from csmcalc.portfolio.risk import Bar, tornado
from csmcalc.reports.model import List, Report
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.sheets.planning.filled import Filled, Member, owners_in
from csmcalc.reports.template.compile import template_of
from csmcalc.reports.template.findings import is_later
from csmcalc.reports.template.parts import Parts
from csmcalc.reports.template.patch import patched
from csmcalc.reports.template.template import Table

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
        found = planned(book, inputs, lambda plan: customers_ahead(opened, plan, extra, status))
    plan, ahead = found.timeline.plan, found.customers
    if grow_team and not members:
        members = owners_in(plan)
    words = ahead.words if ahead else status_words(plan, status)
    report = report_of(opened, found, members, book.arr_in_file, status.statuses.unknown(words))
    made = placed(opened, report, damage)
    check_macros(opened, damage)
    check_unprotected(opened, damage, written_sheets(opened, made))
    damage.refuse()
    made.constants.update(changed_inputs(opened, told, inputs))
    lists = lists_of(report)
    tables: dict[str, Table] = {
        CUSTOMERS: ahead.columns
        if ahead
        else customer_columns(opened, lists[CUSTOMERS], plan, extra, words)
    }
    if grow_team:
        tables[CSMS] = columns_in(opened, lists[CSMS])
    else:
        beside_team(opened, lists[CSMS], team, made)
    opened.context.values = values_of(opened, made, opened.sheets)
    template = template_of(opened.context)
    stamped = template.stamp(tables, ahead=ahead.taken() if ahead else ())
    parts = Parts(open_package(opened.source, stamped), stamped)
    content = patched(parts, by_sheet(made.constants))
    headings = {heading for columns in tables.values() for heading in columns}
    known = {*made.own, *(place(*spot) for spot in made.formulas)}
    later = (one.place for one in template.findings if is_later(one, headings))
    own, others = tuple(made.own), tuple(one for one in later if one not in known)
    return Made(content, found.timeline, own, others)


@dataclass(frozen=True, slots=True)
class Planned:
    """The months of a plan, what moves its answer most, what random leavers do to it.

    And the sheet of its customers, where it was made beside.
    """

    timeline: Timeline
    paths: Paths
    bars: tuple[Bar, ...]
    customers: Customers | None = None


def planned(
    book: Book, inputs: Inputs, beside: Callable[[Plan], Customers | None] = lambda _: None
) -> Planned:
    """The plan of a book that has every field, its largest customers first.

    Rows that could not be read are not part of it. `beside` makes the sheet of customers.
    """
    readable = book.excluded[book.excluded["reason"] != Reason.BAD_ROW.value]
    customers = book.customers.sort_values("arr", ascending=False, kind="stable", ignore_index=True)
    plan = make_plan(
        full_book(replace(book, customers=customers, excluded=readable)), inputs.settings
    )
    # The solver that finds the best starts leaves Python to others for most of its time. More than
    # one of them would only take turns.
    with ThreadPoolExecutor(1) as other:
        months = other.submit(_months, plan, inputs.settings.timeline.months)
        bars, ahead = tornado(plan.value.case), beside(plan)
        return Planned(*months.result(), bars, ahead)


def _months(plan: Plan, count: int) -> tuple[Timeline, Paths]:
    timeline = make_timeline(plan, months=count)
    return timeline, paths_of(timeline)


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
    sheet = found.customers.sheet if found.customers else None
    known = found.bars, unknown_statuses, sheet, found.paths
    return planning_report(Filled(found.timeline, *told, *known))


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


# --- team ------------------------------------------------------------------------------------


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
