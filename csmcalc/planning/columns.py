"""What goes into the columns of the tables that grow, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from csmcalc.plan.cells import CUSTOMERS
from csmcalc.plan.plan import Plan
from csmcalc.planning.opened import Opened
from csmcalc.planning.statuses import STATUS, StatusColumn
from csmcalc.portfolio.book import FIELD
from csmcalc.reports.model import List
from csmcalc.reports.sheets.customers import largest_first
from csmcalc.reports.sheets.planning.customers import ORDER_STEP, heading_of
from csmcalc.reports.template import folded

ExtraColumn = Callable[[str, Sequence[int]], Any]
"""The values of a column of the list by its heading, for some of its rows; None without one."""

ORDER_KEY, _STATUS = "Order key", heading_of(FIELD[STATUS])


def customer_columns(
    opened: Opened, block: List, plan: Plan, extra: ExtraColumn, words: Sequence[Any]
) -> dict[str, Any]:
    """The columns of Customers, and those that somebody added, from the list where it has them."""
    columns = columns_in(opened, block)
    table = opened.tables[CUSTOMERS]
    if len(plan.accounts):
        heading = next(one for one in columns if folded(one) == folded(_STATUS))
        columns[heading] = list(words)
        first = table.box.first
        columns[ORDER_KEY] = order_keys(plan, np.arange(block.length) + first)
        rows = rows_of(plan)
        for heading in [one for one in columns if columns[one] is None]:
            columns[heading] = extra(heading, rows)
    empty = [None] * block.length
    return {h: empty if values is None else values for h, values in columns.items()}


def status_words(plan: Plan, status: StatusColumn) -> list[Any]:
    """What is written into the status column; nothing where there are no customers."""
    count = len(plan.accounts)
    reasons = plan.book.excluded["reason"].tolist()
    return status(rows_of(plan), [*[None] * count, *reasons]) if count else []


def columns_in(opened: Opened, block: List) -> dict[str, Any]:
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


def rows_of(plan: Plan) -> list[int]:
    """The row of the list from which each row of Customers comes, in its order."""
    planned_rows = largest_first(plan).book.customers["row"].tolist()
    return [*planned_rows, *plan.book.excluded["row"].tolist()]


def order_keys(plan: Plan, rows: Any) -> list[Any]:
    """What tells equal ARR apart: the row in which each customer stands."""
    arr = largest_first(plan).accounts["arr"].to_numpy(float)
    keys = arr * (1 - np.asarray(rows)[: len(arr)] * ORDER_STEP)
    return [*keys.tolist(), *[""] * (len(rows) - len(arr))]
