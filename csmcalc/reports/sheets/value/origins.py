"""What the optimum was computed from, as cells that can be compared with those of today."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from csmcalc.core.setting import settings_of
from csmcalc.plan.cells import ROOM, row_cell, setting_cell
from csmcalc.plan.plan import Plan
from csmcalc.plan.settings import TABLES
from csmcalc.reports.model import Table, Unit
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.assumptions import unit_of
from csmcalc.reports.sheets.letters import criterion_of
from csmcalc.reports.sheets.origin import Origin, origin_table
from csmcalc.reports.sheets.value.names import ORIGINS, grouped_by
from csmcalc.reports.sheets.value.response import TABLE_NAMES


def origins_table(plan: Plan) -> Table:
    """The inputs of the value view, then and now."""
    return origin_table(ORIGINS, list(_origins(plan)))


def _origins(plan: Plan) -> Iterator[Origin | str]:
    accounts, rates, settings = plan.accounts, plan.rates, plan.settings
    yield "Customers"
    yield Origin("ARR planned", plan.arr, "arr_planned", Unit.MONEY)
    for title, column, heading in (
        ("Gross margin planned", "gross_margin", "Gross margin"),
        ("ARR x planned hours", "planned_hours", "Planned hours"),
    ):
        product = math.fsum(accounts["arr"] * accounts[column])
        formula = f"SUMPRODUCT(Customers[ARR],Customers[{heading}])"
        yield Origin(title, product, formula, money_unit((product,)))
    squares = math.fsum(accounts["arr"] ** 2)
    root = "SQRT(SUMPRODUCT(Customers[ARR],Customers[ARR]))"
    yield Origin("ARR, root of its squares", math.sqrt(squares), root, Unit.MONEY)
    support = float(accounts["support_cost"].sum())
    yield Origin("Support cost", support, "SUM(Customers[Support cost])", Unit.MONEY)
    hours = float(accounts["planned_hours"].sum())
    yield Origin("Hours planned", hours, "hours_planned", Unit.HOURS)
    yield from _groups(plan)
    yield "Assumptions"
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
    if plan.book.full:
        yield from _judged(plan)


def _groups(plan: Plan) -> Iterator[Origin]:
    """How many accounts stand where: their bounds and responses follow from it."""
    key, heading = grouped_by(plan)
    counts = plan.accounts[key].value_counts()
    if plan.book.full:
        counts = counts.reindex(plan.by_segment.index, fill_value=0)
    for name, count in sorted(counts.items(), key=lambda pair: str(pair[0])):
        counted = f"COUNTIFS(Customers[{heading}],{criterion_of(str(name))})"
        yield Origin(f"Accounts: {name}", float(count), counted, Unit.COUNT)


def _judged(plan: Plan) -> Iterator[Origin | str]:
    """The tables of judgement, which are inputs of a planning workbook."""
    tiers = [float(count) for count in plan.by_tier["accounts"]]
    names = [tier.name for tier in plan.settings.tiers]
    yield "Tables of judgement"
    by_rank = "SUMPRODUCT(BuildUp[Accounts],Tiers[No])"
    yield Origin("Accounts by tier, each x its rank", _ranked(tiers), by_rank)
    yield Origin("Touch tiers", _listed(names), _joined("tiers", "name"), Unit.TEXT)
    for table, words in _JUDGED.items():
        rows = getattr(plan.settings, table)
        for declared in settings_of(TABLES[table].row):
            values = [getattr(row, declared.name) for row in rows]
            title = f"{words}: {declared.title}"
            if declared.kind is str:
                joined = _joined(table, declared.name)
                yield Origin(title, _listed(values), joined, Unit.TEXT)
            else:
                column = f"{TABLE_NAMES[table]}[{declared.title}]"
                yield Origin(title, _ranked(values), _rank(column))


_JUDGED = {
    "response": "Judged net retention",
    "segment_rules": "Bounds of hours by segment",
    "service_levels": "Service levels",
    "minimum_service": "Hours in any case",
}
"""Tables of judgement that the value view rests on, in words."""


def _ranked(values: Sequence[float | None]) -> float:
    """A sum that changes when two values change places."""
    return math.fsum(rank * (value or 0.0) for rank, value in enumerate(values, start=1))


def _rank(column: str) -> str:
    table, _, _ = column.partition("[")
    return f"SUMPRODUCT({column},{table}[No])"


def _listed(words: Sequence[str | None]) -> str:
    return "".join(f"{word}|" for word in words if word)


def _joined(table: str, name: str) -> str:
    cells = (row_cell(table, at, name) for at in range(ROOM[table]))
    return "&".join(f'IF({cell}="","",{cell}&"|")' for cell in cells)
