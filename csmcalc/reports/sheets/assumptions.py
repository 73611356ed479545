"""Assumptions: every setting with its unit and source, what follows from them, the tiers."""

from __future__ import annotations

from typing import Any

from csmcalc.core.rounding import TIE_TOLERANCE, WHOLE_TOLERANCE
from csmcalc.core.setting import Setting
from csmcalc.plan.checks import measured
from csmcalc.plan.plan import Plan, csms_in
from csmcalc.portfolio.service import DEFAULT_HOURS, Tier
from csmcalc.reports.model import Allowed, Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.wording import Phrase, phrase

_SECTION_TITLES = {
    "money": "Money",
    "rule": "Rules of thumb",
    "capacity": "A CSM's year",
    "pay": "What a CSM costs",
    "service": "Service",
    "margin": "Margin",
    "bcg": "BCG matrix",
    "value": "Value of service (computed by csmcalc, not by the workbook)",
    "team": "Team",
}
"""Sections that the plan's workbook rests on; what others rest on stands in their own."""

_COLUMNS = (
    Column("Assumption"),
    Column("Value", Unit.PLAIN),
    Column("Default", Unit.PLAIN),
    Column("Unit"),
    Column("Status"),
    Column("What it means"),
    Column("Source"),
)
_WIDTHS = (2, 28, 16, 14, 22, 17, 66, 62)


def name_of(section: str, setting: Setting) -> str:
    """The name of the cell that holds a setting."""
    is_common_word = section == "value" or (section, setting.name) == ("team", "csms")
    return f"{section}_{setting.name}" if is_common_word else setting.name


def assumptions_sheet(plan: Plan) -> Sheet:
    """The sheet of all inputs; changing one recalculates the workbook."""
    page = Page("Assumptions", _WIDTHS)
    row = page.head(
        "Assumptions",
        phrase(
            "Amounts of the settings in ",
            Phrase("currency", plan.settings.money.currency),
            f", of the list in {plan.book.currency} · blue on yellow: inputs · green: links · "
            "black: calculations",
        ),
    )
    row = page.table(row, _inputs(plan)) + 1
    row = page.section(row, "What follows")
    row = page.table(row, _derived(plan)) + 1
    row = page.section(row, "Touch tiers: hours a year and account")
    row = page.table(row, _tiers(plan)) + 1
    if plan.settings.categories:
        row = page.section(row, "Categories and the tier each stands for")
        row = page.table(row, _categories(plan))
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False, frozen=(5, 0), repeated_row=5)


def _inputs(plan: Plan) -> Table:
    rows: list[tuple[Cell, ...]] = []
    current = ""
    for section, declared, value in plan.settings.entries():
        if section not in _SECTION_TITLES:
            continue
        if section != current:
            current = section
            title = Cell(_SECTION_TITLES[section], look=Look.STRONG)
            rows.append((title, *(Cell(None) for _ in _COLUMNS[1:])))
        rows.append(_row(plan, section, declared, value))
    return Table("Inputs", _COLUMNS, tuple(rows))


def _row(plan: Plan, section: str, declared: Setting, value: Any) -> tuple[Cell, ...]:
    name, unit = name_of(section, declared), unit_of(declared)
    return (
        Cell(declared.title),
        Cell(value, unit=unit, look=Look.INPUT, name=name, allowed=allowed_of(declared)),
        Cell(declared.default, unit=unit, look=Look.MUTED, name=_DEFAULT_NAMES.get(name)),
        _unit_cell(plan, declared),
        _status(plan, name, value == declared.default),
        Cell(_sentence(declared.meaning), look=Look.MUTED),
        Cell(_sentence(declared.source), look=Look.MUTED),
    )


_DEFAULT_NAMES = {"gross_margin": "default_gross_margin", "ote": "default_ote"}
"""Defaults that checks compare with."""

_MEASURED_BY = {
    "gross_margin": "gross_margin",
    "support_share": "support_cost",
    "complexity_score": "complexity",
}
"""Settings that stand in where the list does not tell a figure itself."""


def _status(plan: Plan, name: str, is_default: bool) -> Cell:
    if name in _MEASURED_BY and measured(plan, _MEASURED_BY[name]):
        return Cell("measured", look=Look.MUTED)
    default = "measured" if name == "team_csms" and csms_in(plan.book) else "default"
    return Cell(
        default if is_default else "set",
        f'IF([@Value]=[@Default],"{default}","set")',
        look=Look.MUTED,
    )


def _unit_cell(plan: Plan, declared: Setting) -> Cell:
    """The unit in words; amounts name the currency of the settings, which can be typed over."""
    kind, _, per = declared.unit.partition(" ")
    if kind != "currency":
        return Cell(declared.unit, look=Look.MUTED)
    return Cell(f"{plan.settings.money.currency} {per}", f'currency&" {per}"', look=Look.MUTED)


def allowed_of(declared: Setting) -> Allowed:
    """What may be typed for a setting."""
    if declared.kind is str and not declared.choices:
        return Allowed("a currency code of three letters", letters=3)
    return Allowed(
        declared.allowed,
        declared.low,
        declared.high,
        above_low=declared.low_open,
        whole=declared.kind is int,
        choices=("TRUE", "FALSE") if declared.kind is bool else declared.choices,
    )


def unit_of(declared: Setting) -> Unit:
    """The unit in which a setting is shown."""
    if declared.kind in (str, bool):
        return Unit.TEXT if declared.kind is str else Unit.FLAG
    return Unit.SHARE if declared.unit.startswith("share") else Unit.PLAIN


def _sentence(words: str) -> str:
    return words if words.startswith("csmcalc") else words[:1].upper() + words[1:]


def _derived(plan: Plan) -> Table:
    rates, lines = plan.rates, plan.lines
    tie = TIE_TOLERANCE
    owners, left_out = csms_in(plan.book), float(plan.book.excluded["arr"].sum())
    hours = float(plan.accounts["planned_hours"].sum())
    rows = [
        _line("As of", plan.book.as_of, None, Unit.DATE, "as_of", "day of the plan"),
        _line(
            "ARR per CSM in the list's currency",
            rates.arr_per_csm,
            "arr_per_csm*exchange_rate",
            Unit.MONEY,
            "target_arr",
            "ARR per CSM x exchange rate",
        ),
        _line(
            "Effective hours",
            rates.effective_hours,
            "(calendar-pto-sick)*(1-internal_share)*realisation",
            Unit.HOURS,
            "effective_hours",
            "hours a year that one CSM gives to customers",
        ),
        _line(
            "Loaded cost",
            rates.loaded_cost,
            "ote*exchange_rate*loading",
            Unit.MONEY,
            "loaded_cost",
            "earnings x loading, a year and CSM",
        ),
        _line(
            "Cost per hour",
            rates.cost_per_hour,
            "loaded_cost/effective_hours",
            Unit.MONEY,
            "cost_per_hour",
            "loaded cost / effective hours",
        ),
        _line(
            "Profitability line",
            lines.profitability,
            _line_formula("profitability", "Standard margin", "Customers[ARR]", "Customers[ARR]"),
            Unit.SHARE,
            "profitability_line",
            "contribution margin at standard service from which an account counts as profitable",
        ),
    ]
    if lines.growth is not None:
        rows.append(
            _line(
                "Growth line",
                lines.growth,
                _line_formula("growth", "Growth", "Customers[ARR with growth]", None),
                Unit.SHARE,
                "growth_line",
                "growth a year from which an account counts as growing",
            )
        )
    rows += [
        _line(
            "Hours planned",
            hours,
            "SUM(Customers[Planned hours])",
            Unit.HOURS,
            "hours_planned",
            "hours a year of all planned accounts",
        ),
        _line("Owners in the list", owners, None, Unit.COUNT, "owners_in_list", "CSMs today"),
        _line(
            "ARR left out",
            left_out,
            "SUM(Left_out[ARR])" if len(plan.book.excluded) else None,
            Unit.MONEY,
            "arr_left_out",
            "accounts of the list that are not planned",
        ),
        _line("Tie tolerance", tie, None, Unit.TINY, "tie_tolerance", "ties count as reached"),
        _line(
            "Whole-people tolerance",
            WHOLE_TOLERANCE,
            None,
            Unit.TINY,
            "whole_tolerance",
            "a hair above a whole number is that number",
        ),
    ]
    columns = (Column("Amount"), Column("Value", Unit.PLAIN), Column("How", span=4))
    return Table("Derived", columns, tuple(rows))


def _line(
    title: str, value: Any, formula: str | None, unit: Unit, name: str, how: str
) -> tuple[Cell, ...]:
    return (
        Cell(title),
        Cell(value, formula, unit, Look.BODY, name),
        Cell(_sentence(how), look=Look.MUTED),
    )


def _line_formula(axis: str, heading: str, weights: str, weighted: str | None) -> str:
    """The line by its method, as the settings' words name them."""
    values = f"Customers[{heading}]"
    products = f"SUMPRODUCT({weighted},{values})" if weighted else "SUM(Customers[ARR x growth])"
    return (
        f'IF({axis}_method="fixed",{axis}_threshold,MAX(0,'
        f'IF({axis}_method="median",MEDIAN({values}),'
        f'IF({axis}_method="mean",AVERAGE({values}),'
        f'IF({axis}_method="weighted",{products}/SUM({weights}),'
        f"PERCENTILE({values},{axis}_percentile))))))"
    )


def _tiers(plan: Plan) -> Table:
    columns = (
        Column("Touch tier"),
        Column("Hours a year", Unit.PLAIN),
        Column("Default", Unit.PLAIN),
        Column("Minimum ARR", Unit.MONEY),
        Column("Minimum ARR set", Unit.PLAIN),
        Column("Status"),
        Column("How"),
    )
    pairs = zip(plan.settings.tiers, plan.rates.tier_minimums, strict=True)
    rows = tuple(
        _tier(tier, minimum, position == 0) for position, (tier, minimum) in enumerate(pairs)
    )
    return Table("Tiers", columns, rows)


_COMPUTED_MINIMUM = (
    'IF([@Minimum ARR set]<>"",[@Minimum ARR set]*exchange_rate,'
    "[@Hours a year]*cost_per_hour/(service_share*gross_margin))"
)
_AMOUNT = Allowed("a number of at least 0", low=0)


def _tier(tier: Tier, minimum: float, is_lowest: bool) -> tuple[Cell, ...]:
    default = DEFAULT_HOURS.get(tier.name)
    minimum_set = Cell(tier.min_arr, unit=Unit.PLAIN, look=Look.INPUT, allowed=_AMOUNT)
    return (
        Cell(tier.name, look=Look.STRONG),
        Cell(tier.hours, unit=Unit.PLAIN, look=Look.INPUT, allowed=_AMOUNT),
        Cell(default, unit=Unit.PLAIN, look=Look.MUTED),
        Cell(minimum, None if is_lowest else _COMPUTED_MINIMUM, Unit.MONEY),
        Cell(None) if is_lowest else minimum_set,
        Cell(
            "default" if tier.hours == default else "set",
            # A tier of one's own has no default, and an empty cell equals 0 hours.
            'IF(AND([@Default]<>"",[@Hours a year]=[@Default]),"default","set")',
            look=Look.MUTED,
        ),
        Cell(
            "All the rest"
            if is_lowest
            else "Smallest ARR whose service share pays the hours, or the one set",
            look=Look.MUTED,
        ),
    )


def _categories(plan: Plan) -> Table:
    names = ", ".join(tier.name for tier in plan.settings.tiers)
    allowed = Allowed(f"one of {names}", choices_from="Tiers[Touch tier]")
    rows = tuple(
        (
            Cell(category.name, look=Look.STRONG),
            Cell(category.tier, look=Look.INPUT, allowed=allowed),
        )
        for category in plan.settings.categories
    )
    return Table("Categories", (Column("Category"), Column("Stands for tier")), rows)
