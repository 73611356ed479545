"""What the optimum was computed from, as cells that can be compared with those of today."""

from __future__ import annotations

import math
from collections.abc import Iterator

from csmcalc.plan.cells import setting_cell
from csmcalc.plan.plan import Plan
from csmcalc.reports.model import Table, Unit
from csmcalc.reports.sheets.assumptions import unit_of
from csmcalc.reports.sheets.origin import Origin, origin_table
from csmcalc.reports.sheets.value.names import ORIGINS, grouped_by


def origins_table(plan: Plan) -> Table:
    """The inputs of the value view, then and now."""
    return origin_table(ORIGINS, list(_origins(plan)))


def _origins(plan: Plan) -> Iterator[Origin]:
    accounts, rates, settings = plan.accounts, plan.rates, plan.settings
    margin = math.fsum(accounts["arr"] * accounts["gross_margin"])
    yield Origin("ARR planned", plan.arr, "arr_planned", Unit.MONEY)
    yield Origin(
        "Gross margin planned",
        margin,
        "SUMPRODUCT(Customers[ARR],Customers[Gross margin])",
        Unit.MONEY,
    )
    support = float(accounts["support_cost"].sum())
    yield Origin("Support cost", support, "SUM(Customers[Support cost])", Unit.MONEY)
    hours = float(accounts["planned_hours"].sum())
    yield Origin("Hours planned", hours, "hours_planned", Unit.HOURS)
    yield from _groups(plan)
    yield Origin("Effective hours", rates.effective_hours, "effective_hours", Unit.HOURS)
    yield Origin("Loaded cost", rates.loaded_cost, "loaded_cost", Unit.MONEY)
    yield Origin("ARR per CSM", rates.arr_per_csm, "target_arr", Unit.MONEY)
    yield Origin("Discount rate", settings.margin.discount, "discount", Unit.SHARE)
    yield Origin("Margin guard at most", settings.margin.max_share, "max_share", Unit.SHARE)
    for section, declared, value in settings.entries():
        if section == "value":
            yield Origin(
                declared.title, value, setting_cell(section, declared.name), unit_of(declared)
            )


def _groups(plan: Plan) -> Iterator[Origin]:
    """How many accounts stand where: their bounds and responses follow from it."""
    key, heading = grouped_by(plan)
    counts = plan.accounts[key].value_counts()
    for name, count in sorted(counts.items(), key=lambda pair: str(pair[0])):
        words = str(name).replace('"', '""')
        counted = f'COUNTIFS(Customers[{heading}],"{words}")'
        yield Origin(f"Accounts: {name}", float(count), counted, Unit.COUNT)
