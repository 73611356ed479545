"""Drivers: the inputs of a timeline by segment and team, and what the live case makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.core.rounding import TIE_TOLERANCE, WHOLE_TOLERANCE, whole_up
from csmcalc.core.setting import Setting, settings_of
from csmcalc.formulas._staffing import monthly
from csmcalc.plan.cells import AS_OF
from csmcalc.plan.timeline.cases import cases_of
from csmcalc.plan.timeline.drivers import FACTORS, Hiring
from csmcalc.plan.timeline.flows import MOST_GROWN, MOST_LOST, monthly_rates
from csmcalc.plan.timeline.opening import DAYS_PER_MONTH
from csmcalc.plan.timeline.timeline import Timeline, first_month
from csmcalc.reports.model import Allowed, Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.assumptions import allowed_of, unit_of
from csmcalc.reports.sheets.rounding import rounded_up
from csmcalc.reports.sheets.timeline.opening import (
    onboarding_table,
    segment_key,
    segments_table,
)

_WIDTHS = (2, 30, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15)
_TEAM = (
    "policy",
    "basis",
    "ramp_months",
    "months_to_fill",
    "attrition",
    "part_time",
    "hiring_cost",
    "manager_cost",
)
"""Settings of hiring that are inputs of the months."""


def drivers_sheet(timeline: Timeline, *, alone: bool) -> Sheet:
    """The sheet of inputs; `alone` where no plan's sheets stand in the same workbook."""
    page = Page("Drivers", _WIDTHS)
    row = page.head(
        "What drives the months",
        f"{timeline.plan.book.source} · amounts in {timeline.plan.book.currency} · rates a year · "
        "blue on yellow: inputs",
    )
    row = driver_blocks(page, row, timeline)
    if alone:
        row = page.section(row, "From the plan")
        row = page.table(row, _from_plan(timeline)) + 1
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def driver_blocks(page: Page, row: int, timeline: Timeline) -> int:
    """What the months start from and run by; returns the next free row.

    Where the book is full all of it follows from the customers and the inputs; else it is typed.
    """
    row = page.section(row, "Customers by segment")
    row = page.table(row, segments_table(timeline)) + 1
    row = page.section(row, "In the live case, a month")
    row = page.table(row, _monthly(timeline)) + 1
    row = page.section(
        row, "Onboarding: what it adds to an account's hours, and who is in it today"
    )
    row = page.table(row, onboarding_table(timeline)) + 1
    row = page.section(row, "The team")
    row = page.table(row, _team(timeline)) + 1
    row = page.section(row, "Constants of the calendar and of rounding")
    return page.table(row, _constants(timeline)) + 1


_AMOUNT = Allowed("a number of at least 0", low=0)


def _monthly(timeline: Timeline) -> Table:
    """The live case: rates of a month, the ARR of a new account."""
    plan, opening = timeline.plan, timeline.opening
    live = next(one for one in plan.settings.scenarios if one.name == timeline.live)
    cases = cases_of(plan, opening, (live,), plan.settings.hiring)
    rates = monthly_rates(cases)
    lost = "MIN({0}_churn*factor_churn,most_lost)"
    given_up = f"MIN({{0}}_contraction*factor_contraction,most_lost-{lost})"
    grown, priced = "{0}_expansion*factor_expansion", "{0}_price*factor_price"
    most = f"most_grown*(1-{lost}-{given_up})"
    root, q = "^(1/months_per_year)", "{0}_nrr_m"
    found = (
        ("New accounts", "new_m", rates.new_accounts[0],
         "{0}_new_accounts*factor_new_accounts/months_per_year", Unit.RATE),
        ("New a month", "count_m", cases.new_per_month[0],
         'IF(ISNUMBER({0}_new_a_month),{0}_new_a_month*factor_new_accounts,"")', Unit.PLAIN),
        ("ARR of a new one", "acv_m", cases.new_acv[0],
         "IF({0}_accounts>0,{0}_arr/{0}_accounts,0)*{0}_new_acv*factor_new_acv", Unit.MONEY),
        ("Accounts leaving", "churn_m", rates.leaving[0], f"1-(1-{lost}){root}", Unit.RATE),
        ("Growth held to", "held", rates.held[0],
         f"IF({grown}+{priced}>{most},{most}/({grown}+{priced}),1)", Unit.SHARE),
        ("Net retention", "nrr_m", rates.retention[0],
         f"(1-{lost}-{given_up}+{{0}}_held*({grown}+{priced})){root}", Unit.RATE),
        # What a year's openings come to, of the first: 1 + q + ... + q^11.
        ("Openings a year", "openings", rates.openings[0],
         f"(1+{q})*(1+{q}*{q}+{q}*{q}*{q}*{q})*(1+{q}*{q}*{q}*{q}*{q}*{q})", Unit.FTE),
        ("Churn", "arr_churn_m", rates.churn[0], f"{lost}/{{0}}_openings", Unit.RATE),
        ("Contraction", "contraction_m", rates.contraction[0], f"{given_up}/{{0}}_openings",
         Unit.RATE),
        ("Expansion", "expansion_m", rates.expansion[0], f"{{0}}_held*{grown}/{{0}}_openings",
         Unit.RATE),
        ("Price", "price_m", rates.price[0], f"{{0}}_held*{priced}/{{0}}_openings", Unit.RATE),
        ("Hours each", "hours_m", opening.hours * cases.hours[0] / 12,
         "{0}_hours*factor_hours/months_per_year", Unit.HOURS),
    )  # fmt: skip
    columns = (Column("Segment"), *(Column(title, unit) for title, _, _, _, unit in found))
    rows = []
    for at, name in enumerate(opening.names):
        key = segment_key(at)
        cells = (
            Cell(_number(values[at]), formula.format(key), unit, name=f"{key}_{field}")
            for _, field, values, formula, unit in found
        )
        rows.append((Cell(name, look=Look.STRONG), *cells))
    return Table("LiveBySegment", columns, tuple(rows))


def _number(value: float) -> float | str:
    return "" if np.isnan(value) else float(value)


def _team(timeline: Timeline) -> Table:
    rows = _team_inputs(timeline)
    case = timeline.frame.cases.one(timeline.live)
    staying = 1.0 - float(monthly(case.attrition)[0])
    live = (
        ("Ramp in the live case", float(case.ramp[0]), "ramp_months*factor_ramp", "ramp", "months"),
        ("Lead of a hire", float(whole_up(case.ramp[0])),
         rounded_up("ramp"), "lead", "whole months"),
        ("Wait for a hire", float(whole_up(case.to_fill[0])),
         rounded_up("months_to_fill*factor_to_fill"), "wait", "whole months"),
        ("Staying a month", staying,
         "(1-MIN(attrition*factor_attrition,most_leaving))^(1/months_per_year)",
         "staying", "share"),
        ("Cost of a CSM", float(timeline.plan.rates.loaded_cost * case.cost[0]),
         "loaded_cost*factor_cost", "csm_cost", "a year"),
    )  # fmt: skip
    for title, value, formula, name, unit in live:
        of = {"csm_cost": Unit.MONEY, "staying": Unit.RATE}.get(name, Unit.PLAIN)
        rows.append((Cell(title), Cell(value, formula, of, name=name), Cell(unit, look=Look.MUTED)))
    columns = (Column("Team"), Column("Value", Unit.PLAIN), Column("Unit"))
    return Table("TeamDrivers", columns, tuple(rows))


def _team_inputs(timeline: Timeline) -> list[tuple[Cell, ...]]:
    """What is told of the team; in a full book the inputs stand on their own sheet."""
    title, heads, words = "Heads today", timeline.opening.heads, "CSMs, ramped"
    if timeline.plan.book.full:
        link = Cell(heads, "csms_today", Unit.PLAIN, Look.LINK, "heads_today")
        return [(Cell(title), link, Cell(words, look=Look.MUTED))]
    told = {name: getattr(timeline.plan.settings.hiring, name) for name in _TEAM}
    told["policy"] = timeline.policy
    declared = {one.name: one for one in settings_of(Hiring)}
    return [
        _input(title, heads, Unit.PLAIN, "heads_today", _AMOUNT, words),
        *(_setting(declared[name], value) for name, value in told.items()),
    ]


def _setting(declared: Setting, value: Any) -> tuple[Cell, ...]:
    allowed, unit = allowed_of(declared), unit_of(declared)
    return _input(declared.title, value, unit, declared.name, allowed, declared.unit)


def _input(
    title: str, value: Any, unit: Unit, name: str, allowed: Allowed | None, words: str
) -> tuple[Cell, ...]:
    cell = Cell(value, unit=unit, look=Look.INPUT, name=name, allowed=allowed)
    return Cell(title), cell, Cell(words, look=Look.MUTED)


def _from_plan(timeline: Timeline) -> Table:
    plan = timeline.plan
    settings, rates = plan.settings, plan.rates
    service = settings.service
    lines: tuple[tuple[str, Any, Unit, str], ...] = (
        ("ARR planned", plan.arr, Unit.MONEY, "arr_planned"),
        ("ARR per CSM", rates.arr_per_csm, Unit.MONEY, "target_arr"),
        ("Effective hours", rates.effective_hours, Unit.HOURS, "effective_hours"),
        ("Loaded cost", rates.loaded_cost, Unit.MONEY, "loaded_cost"),
        ("Span of control", settings.team.span, Unit.PLAIN, "span"),
        ("Discount rate", settings.margin.discount, Unit.SHARE, "discount"),
        ("Margin guard at most", settings.margin.max_share, Unit.SHARE, "max_share"),
        ("Onboarding factor", service.onboarding_factor, Unit.PLAIN, "onboarding_factor"),
        ("Onboarding window", service.onboarding_window, Unit.PLAIN, "onboarding_window"),
        ("Onboarding taper", service.onboarding_taper, Unit.PLAIN, "onboarding_taper"),
        ("Tie tolerance", TIE_TOLERANCE, Unit.TINY, "tie_tolerance"),
        ("Whole-people tolerance", WHOLE_TOLERANCE, Unit.TINY, "whole_tolerance"),
    )
    rows = tuple(
        (Cell(title), Cell(value, unit=unit, look=Look.INPUT, name=name, allowed=_AMOUNT),
         Cell(None))
        for title, value, unit, name in lines
    )  # fmt: skip
    return Table(
        "FromPlan", (Column("From the plan"), Column("Value", Unit.PLAIN), Column("")), rows
    )


def _constants(timeline: Timeline) -> Table:
    """What formulas need by name instead of as bare numbers."""
    lines: tuple[tuple[str, Any, Unit, str], ...] = (
        ("First month", first_month(timeline.plan), Unit.MONTH, "first_month"),
        ("Months planned", len(timeline.months), Unit.COUNT, "months_planned"),
        ("Fiscal year begins", timeline.plan.settings.timeline.fiscal_year_start, Unit.COUNT,
         "fiscal_year_start"),
        ("Months a year", 12, Unit.COUNT, "months_per_year"),
        ("Days a month", DAYS_PER_MONTH, Unit.DECIMAL, "days_per_month"),
        ("Middle of a month", 0.5, Unit.PLAIN, "mid_month"),
        ("Most that can be lost", MOST_LOST, Unit.PLAIN, "most_lost"),
        ("Most by which anything can grow", MOST_GROWN, Unit.PLAIN, "most_grown"),
        ("Most who can leave", 0.95, Unit.PLAIN, "most_leaving"),
    )  # fmt: skip
    links = _LINKS if timeline.plan.book.full else {}
    rows = tuple((Cell(t), Cell(v, links.get(n), u, name=n)) for t, v, u, n in lines)
    return Table("Constants", (Column("Constant"), Column("Value", Unit.PLAIN)), rows)


_DASH = 'FIND("-",timeline_start)'
_LINKS = {
    # A spreadsheet takes 2027-01 for a day when somebody types it.
    "first_month": "IF(ISNUMBER(timeline_start),timeline_start-DAY(timeline_start)+1,"
    f'IF(timeline_start="next",EDATE({AS_OF}-DAY({AS_OF})+1,1),'
    f"DATE(LEFT(timeline_start,{_DASH}-1),MID(timeline_start,{_DASH}+1,LEN(timeline_start)),1)))",
    "fiscal_year_start": "timeline_fiscal_year_start",
}
"""Constants that are inputs where a full book has them on a sheet of their own."""

FACTOR_TITLES = dict(
    zip(
        FACTORS,
        (
            "New accounts",
            "ARR of a new account",
            "Churn",
            "Contraction",
            "Expansion",
            "Price",
            "Hours of an account",
            "Attrition of CSMs",
            "Ramp",
            "Time to fill",
            "Cost of a CSM",
        ),
        strict=True,
    )
)
