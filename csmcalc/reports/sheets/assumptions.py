"""Assumptions: every setting with its unit and source, what follows from them, the tiers."""

from __future__ import annotations

from typing import Any

from csmcalc.core.rounding import TIE_TOLERANCE, WHOLE_TOLERANCE
from csmcalc.core.setting import Setting
from csmcalc.plan.cells import AS_OF, HEADINGS, PLANNED, ROOM, row_cell, setting_cell
from csmcalc.plan.checks import measured
from csmcalc.plan.plan import Plan, csms_in
from csmcalc.portfolio.book import FIELD
from csmcalc.portfolio.service import DEFAULT_HOURS, Tier
from csmcalc.reports.model import Allowed, Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.letters import sought
from csmcalc.reports.wording import Phrase, phrase

SECTION_TITLES = {
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

INPUT_COLUMNS = (
    Column("Assumption"),
    Column("Value", Unit.PLAIN),
    Column("Default", Unit.PLAIN),
    Column("Unit"),
    Column("Status"),
    Column("What it means"),
    Column("Source"),
)
_WIDTHS = (2, 28, 16, 14, 22, 17, 66, 62)
_ROWS_A_PAGE = 41


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
    inputs = _inputs(plan)
    begin = page.begin_with_headings(1, row + 1, inputs)
    row = page.table(row, inputs) + 1
    row = page.section(row, "What follows")
    row = page.table(row, derived_table(plan)) + 1
    row = page.section(row, "Touch tiers: hours a year and account")
    row = page.table(row, _tiers(plan)) + 1
    row = page.section(row, "The smallest ARR that earns a tier")
    row = page.table(row, minimums_table(plan)) + 1
    if plan.settings.categories:
        row = page.section(row, "Categories and the tier each stands for")
        row = page.table(row, _categories(plan))
    page.keep_together(_ROWS_A_PAGE, begin)
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False, frozen=(5, 0))


def _inputs(plan: Plan) -> Table:
    rows: list[tuple[Cell, ...]] = []
    current = ""
    for section, declared, value in plan.settings.entries():
        if section not in SECTION_TITLES:
            continue
        if section != current:
            current = section
            title = Cell(SECTION_TITLES[section], look=Look.STRONG)
            rows.append((title, *(Cell(None) for _ in INPUT_COLUMNS[1:])))
        rows.append(input_row(plan, section, declared, value))
    return Table("Inputs", INPUT_COLUMNS, tuple(rows))


def input_row(plan: Plan, section: str, declared: Setting, value: Any) -> tuple[Cell, ...]:
    """A setting that can be typed over, beside its default, unit, meaning and source."""
    name, unit = setting_cell(section, declared.name), unit_of(declared)
    return (
        Cell(declared.title),
        Cell(value, unit=unit, look=Look.INPUT, name=name, allowed=allowed_of(declared)),
        Cell(declared.default, unit=unit, look=Look.MUTED, name=_DEFAULT_NAMES.get(name)),
        _unit_cell(plan, declared),
        _status(plan, name, value == declared.default),
        Cell(sentence(declared.meaning), look=Look.MUTED),
        Cell(sentence(declared.source), look=Look.MUTED),
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
    told = name in _MEASURED_BY and measured(plan, _MEASURED_BY[name])
    owners = name == "team_csms" and bool(csms_in(plan.book))
    word = "measured" if told or (owners and is_default) else "default" if is_default else "set"
    if plan.book.full:
        return Cell(word, _live_status(name), look=Look.MUTED)
    if told:
        return Cell(word, look=Look.MUTED)
    default = "measured" if owners else "default"
    return Cell(word, f'IF([@Value]=[@Default],"{default}","set")', look=Look.MUTED)


def _live_status(name: str) -> str:
    """The same where the customers can change."""
    if name == "team_csms":
        return 'IF([@Value]=[@Default],IF(owners_in_list>0,"measured","default"),"set")'
    if name not in _MEASURED_BY:
        return 'IF([@Value]=[@Default],"default","set")'
    heading = HEADINGS.get(_MEASURED_BY[name], FIELD[_MEASURED_BY[name]].title)
    untold = f'COUNTIFS(Customers[In plan],"{PLANNED}",Customers[{heading}],"")'
    told = f"AND(accounts_planned>0,{untold}=0)"
    return f'IF({told},"measured",IF([@Value]=[@Default],"default","set"))'


def _unit_cell(plan: Plan, declared: Setting) -> Cell:
    """The unit in words; amounts name the currency of the settings, which can be typed over."""
    kind, _, per = declared.unit.partition(" ")
    if kind != "currency":
        return Cell(declared.unit, look=Look.MUTED)
    return Cell(f"{plan.settings.money.currency} {per}", f'currency&" {per}"', look=Look.MUTED)


def allowed_of(declared: Setting) -> Allowed:
    """What may be typed for a setting."""
    if declared.kind is str and not declared.choices:
        return _words(declared)
    return Allowed(
        declared.allowed,
        declared.low,
        declared.high,
        above_low=declared.low_open,
        whole=declared.kind is int,
        choices=("TRUE", "FALSE") if declared.kind is bool else declared.choices,
        title=declared.title,
        help=f"{sentence(declared.meaning)} [{declared.unit}]. Allowed: {declared.allowed}.",
    )


def _words(declared: Setting) -> Allowed:
    """What may be typed for a setting in words: a code of a currency, a month."""
    is_code = declared.unit == "ISO code"
    allowed = "a currency code of three letters" if is_code else "at most 60 letters"
    return Allowed(
        allowed,
        letters=3 if is_code else None,
        longest=None if is_code else 60,
        title=declared.title,
        help=f"{sentence(declared.meaning)} [{declared.unit}].",
    )


def unit_of(declared: Setting) -> Unit:
    """The unit in which a setting is shown."""
    if declared.kind in (str, bool):
        return Unit.TEXT if declared.kind is str else Unit.FLAG
    return Unit.SHARE if declared.unit.startswith("share") else Unit.PLAIN


def sentence(words: str) -> str:
    """Words with a capital at their beginning; csmcalc is never written with one."""
    return words if words.startswith("csmcalc") else words[:1].upper() + words[1:]


def derived_table(plan: Plan) -> Table:
    """What follows from the assumptions and the list, for all sheets to refer to."""
    rates, lines = plan.rates, plan.lines
    tie, full = TIE_TOLERANCE, plan.book.full
    owners, left_out = csms_in(plan.book), float(plan.book.excluded["arr"].sum())
    hours = float(plan.accounts["planned_hours"].sum())
    day = _line("As of", plan.book.as_of, None, Unit.DATE, AS_OF, "day of the plan")
    rows = [
        *(() if full else (day,)),
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
            _line_formula("profitability", "Standard margin"),
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
                _line_formula("growth", "Growth"),
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
        _line(
            "Owners in the list",
            owners,
            'COUNTIF(Csms[Accounts],">0")' if full else None,
            Unit.COUNT,
            "owners_in_list",
            "CSMs today",
        ),
        _line(
            "ARR left out",
            left_out,
            "SUM(Customers[ARR told])+arr_unread-arr_planned"
            if full
            else ("SUM(Left_out[ARR])" if len(plan.book.excluded) else None),
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
        Cell(sentence(how), look=Look.MUTED),
    )


def _line_formula(axis: str, heading: str) -> str:
    """The line by its method, as the settings' words name them; that of no accounts is zero."""
    values = f"Customers[{heading}]"
    # With a comma between them, what is no number counts as zero.
    weighted = f"SUMPRODUCT(Customers[ARR],{values})"
    weights = f"SUMPRODUCT(Customers[ARR],--ISNUMBER({values}))"
    return (
        f'IF({axis}_method="fixed",{axis}_threshold,IF(COUNT({values})=0,0,MAX(0,'
        f'IF({axis}_method="median",MEDIAN({values}),'
        f'IF({axis}_method="mean",AVERAGE({values}),'
        f'IF({axis}_method="weighted",{weighted}/{weights},'
        f"PERCENTILE({values},{axis}_percentile)))))))"
    )


def _tiers(plan: Plan) -> Table:
    columns = (
        Column("Touch tier"),
        Column("Hours a year", Unit.PLAIN),
        Column("Default", Unit.PLAIN),
        Column("Minimum ARR set", Unit.PLAIN),
        Column("Status"),
    )
    rows = tuple(_tier(tier, at == 0) for at, tier in enumerate(plan.settings.tiers))
    return Table("Tiers", columns, rows)


def minimums_table(plan: Plan) -> Table:
    """The smallest ARR that earns a tier, in the order of the tiers."""
    tiers = zip(tier_names(plan), plan.rates.tier_minimums, strict=False)
    rows = [_minimum(name, minimum, at == 0) for at, (name, minimum) in enumerate(tiers)]
    rows += [_minimum(name, "", False) for name in tier_names(plan)[len(rows) :]]
    columns = (Column("Touch tier"), Column("Minimum ARR", Unit.MONEY), Column("How", span=4))
    return Table("Minimums", columns, tuple(rows))


def tier_names(plan: Plan) -> list[Cell]:
    """The names of the tiers on other sheets: links, and room for more, where they are inputs."""
    names = [tier.name for tier in plan.settings.tiers]
    if not plan.book.full:
        return [Cell(name, look=Look.STRONG) for name in names]
    names += [""] * (ROOM["tiers"] - len(names))
    cells = (row_cell("tiers", at, "name") for at in range(len(names)))
    return [Cell(n, f'{cell}&""', look=Look.LINK) for n, cell in zip(names, cells, strict=True)]


def _minimum(name: Cell, minimum: float | str, is_lowest: bool) -> tuple[Cell, ...]:
    how = (
        "All the rest"
        if is_lowest
        else "Smallest ARR whose service share pays the hours, or the one set"
    )
    value = Cell(minimum, None if is_lowest else _COMPUTED_MINIMUM, Unit.MONEY)
    return name, value, Cell(how, look=Look.MUTED)


def _of_tier(heading: str) -> str:
    return f"INDEX(Tiers[{heading}],MATCH({sought('[@Touch tier]')},Tiers[Touch tier],0))"


_COMPUTED_MINIMUM = (
    f'IF([@Touch tier]="","",IF({_of_tier("Minimum ARR set")}<>"",'
    f"{_of_tier('Minimum ARR set')}*exchange_rate,"
    f"{_of_tier('Hours a year')}*cost_per_hour/(service_share*gross_margin)))"
)
_AMOUNT = Allowed("a number of at least 0", low=0)


def _tier(tier: Tier, is_lowest: bool) -> tuple[Cell, ...]:
    default = DEFAULT_HOURS.get(tier.name)
    minimum_set = Cell(tier.min_arr, unit=Unit.PLAIN, look=Look.INPUT, allowed=_AMOUNT)
    return (
        Cell(tier.name, look=Look.STRONG),
        Cell(tier.hours, unit=Unit.PLAIN, look=Look.INPUT, allowed=_AMOUNT),
        Cell(default, unit=Unit.PLAIN, look=Look.MUTED),
        Cell(None) if is_lowest else minimum_set,
        Cell(
            "default" if tier.hours == default else "set",
            # A tier of one's own has no default, and an empty cell equals 0 hours.
            'IF(AND([@Default]<>"",[@Hours a year]=[@Default]),"default","set")',
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
