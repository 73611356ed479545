"""The sheet of customers, written while the solver looks for the best starts.

It is nearly all of a workbook, follows from the plan of today alone, and the solver leaves Python
to others for most of its time. What was written is taken only where the whole workbook asks for
the same: see `Template.stamp`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csmcalc.errors import CsmcalcError
from csmcalc.plan.cells import CUSTOMERS
from csmcalc.plan.plan import Plan
from csmcalc.planning.answers import lists_of
from csmcalc.planning.columns import ExtraColumn, customer_columns, status_words
from csmcalc.planning.damage import Damage
from csmcalc.planning.kept import values_of
from csmcalc.planning.opened import Opened
from csmcalc.planning.placing import placed
from csmcalc.planning.statuses import StatusColumn
from csmcalc.reports.model import Sheet
from csmcalc.reports.planning.report import report_of_sheets
from csmcalc.reports.sheets.planning.customers import customers_sheet
from csmcalc.reports.template.columns import Column
from csmcalc.reports.template.compile import template_of_sheet
from csmcalc.reports.template.template import STREAMED_FROM, Ahead


@dataclass(slots=True)
class Customers:
    """The sheet of customers as data, the columns of its table, and what was written of it."""

    sheet: Sheet
    words: Sequence[Any]
    columns: dict[str, Column]
    written: tuple[Ahead, ...]

    def taken(self) -> tuple[Ahead, ...]:
        """What was written, which is not held here any longer: it is large."""
        written, self.written = self.written, ()
        return written


def customers_ahead(
    opened: Opened, plan: Plan, extra: ExtraColumn, status: StatusColumn
) -> Customers | None:
    """The sheet of customers, from the plan of today.

    None where it is short, and where anything is in the way: that is told once all is known,
    together with what else is.
    """
    if len(plan.accounts) <= STREAMED_FROM:
        return None
    damage = Damage(opened.source)
    try:
        sheet = customers_sheet(plan)
        report = report_of_sheets((sheet,))
        answers = placed(opened, report, damage)
        if damage.found:
            return None
        words = status_words(plan, status)
        columns = customer_columns(opened, lists_of(report)[CUSTOMERS], plan, extra, words)
        late = opened.context.epoch_1904
        made = {heading: Column(values, epoch_1904=late) for heading, values in columns.items()}
        shown = opened.tables[CUSTOMERS].sheet
        opened.context.values = values_of(opened, answers, [shown.name])
        template = template_of_sheet(opened.context, shown)
        return Customers(sheet, words, made, template.ahead({CUSTOMERS: made}))
    except CsmcalcError:
        return None
