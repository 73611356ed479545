"""Headcount: every view of how many CSMs, its cost, and the workload built up by tier."""

from __future__ import annotations

import pandas as pd

from csmcalc.plan.plan import Plan, View
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.amounts import money_unit, people_unit
from csmcalc.reports.sheets.assumptions import tier_names
from csmcalc.reports.sheets.letters import criterion, sought
from csmcalc.reports.sheets.rounding import rounded_up
from csmcalc.reports.sheets.said import currency_of
from csmcalc.reports.sheets.value.names import FRESH
from csmcalc.reports.wording import phrase, when

_WIDTHS = (2, 22, 13, 13, 13, 13, 16, 13, 13, 13, 13)
_DEMAND = {
    "rule": "arr_planned/target_arr",
    "arrears": "(arr_planned+arr_planned)/target_arr",
    "accounts": "accounts_planned/accounts_per_csm",
    "workload": "hours_planned/effective_hours",
    "value": "SUM(Customers[Best hours])/effective_hours",
    "today": "IF(team_csms>0,team_csms,owners_in_list)",
}
_WHOLE = rounded_up("[@Demand]")
_MANAGERS = f"IF([@CSMs]<=span,0,{rounded_up('([@CSMs]/span)')})"
_BENCHMARKS = (
    ("Strategic", "$4-9M", "2-8"),
    ("Enterprise, high touch", "$2.5-5M", "8-22"),
    ("Mid-market", "$1.5-3.5M", "20-50"),
    ("SMB, tech touch", "$1-2M pooled, up to $3-10M", "100-500"),
    ("Any, at scale", "$2M; about $1M while scaling", "50-100 at $20k ACV"),
)


def headcount_sheet(plan: Plan) -> Sheet:
    """The sheet of all answers to how many."""
    page = Page("Headcount", _WIDTHS)
    row = page.head(
        "Headcount by view",
        phrase(
            "Whole people, rounded up once · demand in FTE · cost of the CSMs a year in ",
            currency_of(plan),
            ", without managers",
        ),
    )
    row = page.table(row, _views(plan)) + 1
    row = page.section(row, "The workload, built up by touch tier")
    row = page.table(row, _build_up(plan)) + 1
    row = page.section(row, "What one CSM gives in a year")
    row = page.table(row, _waterfall(plan)) + 1
    if not plan.book.full:
        row = page.section(row, ORIENTATION)
        row = page.table(row, benchmarks_table())
    return page.sheet(printed=(row, len(_WIDTHS)))


def _views(plan: Plan) -> Table:
    unit = money_unit(view.cost for view in plan.views)
    columns = (
        Column("View"),
        Column("Demand", Unit.FTE),
        Column("CSMs", Unit.COUNT),
        Column("Managers", Unit.COUNT),
        Column("ARR per CSM", Unit.MONEY),
        Column("Accounts per CSM", Unit.FTE),
        Column("CSM cost", unit),
        Column("Share of ARR", Unit.SHARE),
        Column("Workload met", Unit.SHARE),
    )
    return Table("Views", columns, tuple(_view(plan, view, unit) for view in plan.views))


def _view(plan: Plan, view: View, unit: Unit) -> tuple[Cell, ...]:
    hours = float(plan.accounts["planned_hours"].sum())
    count = len(plan.accounts)

    whole = "[@Demand]" if view.key == "today" else _WHOLE

    def per_csm(total: float) -> float:
        return total / view.csms if view.csms else 0.0

    return (
        _title(plan, view),
        Cell(view.exact, _DEMAND[view.key], Unit.FTE),
        Cell(float(view.csms), whole, people_unit(view.csms), Look.STRONG, f"csms_{view.key}"),
        Cell(float(view.managers), _MANAGERS, Unit.COUNT, name=f"managers_{view.key}"),
        Cell(per_csm(plan.arr), "IF([@CSMs]>0,arr_planned/[@CSMs],0)", Unit.MONEY),
        Cell(per_csm(count), "IF([@CSMs]>0,accounts_planned/[@CSMs],0)", Unit.FTE),
        Cell(view.cost, "[@CSMs]*loaded_cost", unit),
        Cell(
            view.cost / plan.arr if plan.arr else 0.0,
            "IF(arr_planned>0,[@CSM cost]/arr_planned,0)",
            Unit.SHARE,
        ),
        Cell(
            view.csms * plan.rates.effective_hours / hours if hours else 0.0,
            "IF(hours_planned>0,[@CSMs]*effective_hours/hours_planned,0)",
            Unit.SHARE,
        ),
    )


def _title(plan: Plan, view: View) -> Cell:
    """What a view is called; that of the value says where it is stale."""
    if view.key != "value" or not plan.book.full:
        return Cell(view.title, look=Look.STRONG)
    words = when(FRESH, True, view.title, f"{view.title} (stale)")
    return Cell(words.value, words.formula, look=Look.STRONG)


def _build_up(plan: Plan) -> Table:
    tiers = plan.by_tier
    arr, cost = money_unit(tiers["arr"]), money_unit(tiers["cost_to_serve"])
    columns = (
        Column("Touch tier"),
        Column("Accounts", Unit.COUNT),
        Column("ARR", arr),
        Column("Hours each", Unit.HOURS),
        Column("Standard hours", Unit.HOURS),
        Column("Raised by", Unit.HOURS),
        Column("Planned hours", Unit.HOURS),
        Column("FTE", Unit.FTE),
        Column("Cost to serve", cost),
    )
    names = tier_names(plan)
    rows = [
        (name, *_tier(sums, tier.hours, arr, cost))
        for name, tier, (_, sums) in zip(names, plan.settings.tiers, tiers.iterrows(), strict=False)
    ]
    nothing = pd.Series(0.0, index=tiers.columns)
    rows += [(name, *_tier(nothing, 0.0, arr, cost)) for name in names[len(rows) :]]
    total = tiers.sum(numeric_only=True)
    return Table("BuildUp", columns, tuple(rows), _total(total, arr, cost))


_THIS = criterion("[@Touch tier]")


def _added(column: str) -> str:
    where = f"Customers[Touch tier],{_THIS}"
    return f'IF([@Touch tier]="",0,SUMIFS(Customers[{column}],{where}))'


def _tier(sums: pd.Series, hours: float, arr: Unit, cost: Unit) -> tuple[Cell, ...]:
    raised = float(sums["planned_hours"] - sums["standard_hours"])
    found = f"INDEX(Tiers[Hours a year],MATCH({sought('[@Touch tier]')},Tiers[Touch tier],0))"
    each = f'IF([@Touch tier]="",0,{found})'
    counted = f'IF([@Touch tier]="",0,COUNTIFS(Customers[Touch tier],{_THIS}))'
    return (
        Cell(float(sums["accounts"]), counted, Unit.COUNT),
        Cell(float(sums["arr"]), _added("ARR"), arr),
        Cell(hours, each, Unit.HOURS, Look.LINK),
        Cell(float(sums["standard_hours"]), "[@Accounts]*[@Hours each]", Unit.HOURS),
        Cell(raised, "[@Planned hours]-[@Standard hours]", Unit.HOURS),
        Cell(float(sums["planned_hours"]), _added("Planned hours"), Unit.HOURS),
        Cell(float(sums["fte"]), "[@Planned hours]/effective_hours", Unit.FTE),
        Cell(float(sums["cost_to_serve"]), _added("Cost to serve"), cost),
    )


def _total(total: pd.Series, arr: Unit, cost: Unit) -> tuple[Cell, ...]:
    def summed(heading: str, value: float, unit: Unit) -> Cell:
        return Cell(float(value), f"SUM([{heading}])", unit, Look.TOTAL)

    return (
        Cell("Total", look=Look.TOTAL),
        summed("Accounts", total["accounts"], Unit.COUNT),
        summed("ARR", total["arr"], arr),
        Cell(None, look=Look.TOTAL),
        summed("Standard hours", total["standard_hours"], Unit.HOURS),
        summed("Raised by", total["planned_hours"] - total["standard_hours"], Unit.HOURS),
        summed("Planned hours", total["planned_hours"], Unit.HOURS),
        summed("FTE", total["fte"], Unit.FTE),
        summed("Cost to serve", total["cost_to_serve"], cost),
    )


def _waterfall(plan: Plan) -> Table:
    year = plan.settings.capacity
    paid = year.calendar - year.pto - year.sick
    facing = paid * (1 - year.internal_share)
    lines = (
        ("Calendar hours", year.calendar, "calendar"),
        ("Paid leave and sick leave", -(year.pto + year.sick), "-(pto+sick)"),
        ("Internal work", facing - paid, "-(calendar-pto-sick)*internal_share"),
        (
            "Not realised",
            facing * (year.realisation - 1),
            "-(calendar-pto-sick)*(1-internal_share)*(1-realisation)",
        ),
    )
    rows = tuple((Cell(title), Cell(value, formula, Unit.HOURS)) for title, value, formula in lines)
    total = (
        Cell("Effective hours", look=Look.TOTAL),
        Cell(plan.rates.effective_hours, "SUM([Hours a year])", Unit.HOURS, Look.TOTAL),
    )
    return Table("Waterfall", (Column("Hours"), Column("Hours a year", Unit.HOURS)), rows, total)


ORIENTATION = "Published ranges, for orientation; nothing here is computed from them"


def benchmarks_table() -> Table:
    """What others publish of ARR and accounts per CSM."""
    columns = (
        Column("Customers"),
        Column("ARR per CSM, USD", span=3),
        Column("Accounts per CSM, published", span=3),
    )
    rows = tuple(
        (Cell(name), Cell(arr, look=Look.MUTED), Cell(accounts, look=Look.MUTED))
        for name, arr, accounts in _BENCHMARKS
    )
    return Table("Benchmarks", columns, rows)
