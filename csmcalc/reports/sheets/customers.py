"""Customers: a row per account; answers on the left, what they rest on to the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.io.phrases import counted
from csmcalc.plan.cells import CUSTOMERS, HEADINGS
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.book import FIELD, Kind
from csmcalc.portfolio.margin import DAYS_PER_YEAR
from csmcalc.portfolio.retention import is_untold
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports.model import List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.letters import letters, sought

HEADER_ROW = 5
UNITS = {
    Kind.TEXT: Unit.TEXT,
    Kind.MONEY: Unit.MONEY,
    Kind.SHARE: Unit.SHARE,
    Kind.NUMBER: Unit.DECIMAL,
    Kind.DATE: Unit.DATE,
}


def customers_sheet(plan: Plan) -> Sheet:
    """The sheet of all planned accounts."""
    plan = largest_first(plan)
    page = Page("Customers", (2,))
    count = len(plan.accounts)
    page.head(
        "Customers",
        f"{counted(count, 'account')} · amounts in {plan.book.currency}, hours a year · answers "
        "first, then what the list says, then the workings",
    )
    customers = List(CUSTOMERS, tuple(series_of(plan)))
    page.add(HEADER_ROW, FIRST_COLUMN, customers)
    answers = sum(1 for _ in _answers(plan))
    return page.sheet(
        printed=(HEADER_ROW + count, FIRST_COLUMN + answers - 1),
        one_page=False,
        frozen=(HEADER_ROW, FIRST_COLUMN + 1),
        repeated_row=HEADER_ROW,
    )


def largest_first(plan: Plan) -> Plan:
    """The same plan with its accounts by falling ARR."""
    if plan.accounts["arr"].is_monotonic_decreasing:
        return plan
    order = plan.accounts.sort_values("arr", ascending=False, kind="stable").index
    book = replace(plan.book, customers=plan.book.customers.loc[order])
    value = replace(plan.value, accounts=plan.value.accounts.loc[order])
    return replace(plan, accounts=plan.accounts.loc[order], book=book, value=value)


def series_of(plan: Plan) -> Iterator[Series]:
    """Every column: answers, what the list says, workings."""
    yield from _answers(plan)
    yield from _from_list(plan)
    yield from _workings(plan)


def listed(plan: Plan, field: str) -> bool:
    """Whether the list itself carries a field."""
    return plan.book.has(field)


def _answers(plan: Plan) -> Iterator[Series]:
    accounts = plan.accounts
    if plan.book.customers["id"].equals(plan.book.customers["name"]):
        yield Series("Account", Unit.TEXT, accounts["name"], look=Look.STRONG)
    else:
        yield Series("Account id", Unit.TEXT, accounts["id"])
        yield Series("Account", Unit.TEXT, accounts["name"], look=Look.STRONG)
    if listed(plan, "owner"):
        yield _constant(plan, "owner")
    yield _live("Touch tier", Unit.TEXT, accounts["tier"], _tier_formula(plan))
    yield Series("ARR", Unit.MONEY, accounts["arr"])
    if plan.has_growth:
        yield _live("Growth", Unit.SHARE, accounts["growth_used"], _growth_formula(plan))
    yield _live(
        "Standard margin",
        Unit.SHARE,
        accounts["margin"],
        "([@ARR]*[@Gross margin]-[@Support cost]-[@Standard cost])/[@ARR]",
    )
    if plan.has_growth:
        yield from _verdict(plan)
    yield _live(
        "Planned hours", Unit.HOURS, accounts["planned_hours"], _planned_hours_formula(plan)
    )
    yield _live(
        "Cost to serve",
        Unit.MONEY,
        accounts["cost_to_serve"],
        "[@Planned hours]*cost_per_hour+[@Support cost]",
    )
    yield _live(
        "Contribution",
        Unit.MONEY,
        accounts["contribution"],
        "[@ARR]*[@Gross margin]-[@Cost to serve]",
    )
    yield _live(
        "Margin guard",
        Unit.TEXT,
        np.where(accounts["guard"].astype(bool), "OK", "LOOK"),
        'IF([@Cost to serve]<[@ARR]*max_share*(1-tie_tolerance),"OK","LOOK")',
        coloured=("OK", "LOOK"),
    )
    if listed(plan, "cac"):
        yield from _acquisition(plan)
    yield Series("Service level", Unit.TEXT, plan.value.accounts["level"])
    yield Series("Best hours", Unit.HOURS, plan.value.accounts["hours"])


def _verdict(plan: Plan) -> Iterator[Series]:
    accounts = plan.accounts
    yield _live(
        "Segment", Unit.TEXT, accounts["segment"], _segment_formula(plan), coloured=SEGMENTS
    )
    yield _live(
        "Action",
        Unit.TEXT,
        accounts["action"],
        f'IF([@Segment]="{NO_VERDICT}","",IF([@Segment]="Star","Invest generously",'
        'IF([@Segment]="Cash Cow","Hold with lean services",'
        'IF([@Segment]="Question Mark","Invest carefully",'
        'IF(AND([@Standard margin]<0,[@Contribution]<0),"Exit","Reduce services")))))',
        coloured=("Exit",),
    )
    yield _live(
        "Borderline",
        Unit.TEXT,
        np.where(accounts["borderline"], "Borderline", ""),
        f'IF([@Segment]="{NO_VERDICT}","",IF(MIN(ABS([@Standard margin]-profitability_line),'
        'ABS([@Growth]-growth_line))<=borderline*(1+tie_tolerance),"Borderline",""))',
        coloured=("Borderline",),
    )
    yield _live(
        "Lean service cost",
        Unit.MONEY,
        _lean(accounts),
        'IF([@Segment]<>"Poor Dog","",IF([@Room for service]<0,"none",[@Room for service]))',
    )


def _lean(accounts: pd.DataFrame) -> list[Any]:
    dog, cost = accounts["segment"] == "Poor Dog", accounts["lean_cost"]
    columns = zip(dog.tolist(), cost.isna().tolist(), cost.tolist(), strict=True)
    return [
        "" if not is_dog else ("none" if unknown else cost) for is_dog, unknown, cost in columns
    ]


def _acquisition(plan: Plan) -> Iterator[Series]:
    accounts = plan.accounts
    cac, contribution = accounts["cac"], accounts["contribution"]
    yield _constant(plan, "cac")
    columns = zip(cac.isna().tolist(), cac.tolist(), contribution.tolist(), strict=True)
    payback = [
        "" if unknown else ("never" if earned <= 0 else cost / earned * 12)
        for unknown, cost, earned in columns
    ]
    yield _live(
        "CAC payback months",
        Unit.FTE,
        payback,
        'IF([@CAC]="","",IF([@Contribution]<=0,"never",[@CAC]/[@Contribution]*12))',
    )
    yield _live(
        "Strict guard",
        Unit.TEXT,
        _verdicts(accounts["strict_guard"], "OK", "LOOK"),
        'IF([@CAC]="","",IF([@Contribution]>=[@CAC]/payback_years-'
        'tie_tolerance*[@CAC]/payback_years,"OK","LOOK"))',
        coloured=("OK", "LOOK"),
    )
    if listed(plan, "start"):
        yield _live(
            "CAC repaid",
            Unit.TEXT,
            _verdicts(accounts["cac_repaid"], "Repaid", "Not yet"),
            'IF(OR([@CAC]="",[@Days as customer]=""),"",'
            f"IF([@Contribution]*[@Days as customer]/{DAYS_PER_YEAR}>=[@CAC]*(1-tie_tolerance),"
            '"Repaid","Not yet"))',
            coloured=("Repaid",),
        )


def _verdicts(verdicts: pd.Series, yes: str, no: str) -> pd.Series:
    """Words for TRUE and FALSE, empty where there is no verdict."""
    return verdicts.map({True: yes, False: no}).fillna("")


_ANSWERED = {"id", "name", "arr", "owner", "cac"}


def _from_list(plan: Plan) -> Iterator[Series]:
    yield Series("Row in list", Unit.COUNT, plan.book.customers["row"].astype(float))
    for field in FIELD:
        if field not in _ANSWERED and listed(plan, field):
            yield _constant(plan, field)


def _constant(plan: Plan, field: str) -> Series:
    described = FIELD[field]
    return Series(
        HEADINGS.get(field, described.title), UNITS[described.kind], plan.book.customers[field]
    )


def _workings(plan: Plan) -> Iterator[Series]:
    accounts = plan.accounts
    yield _live(
        "Gross margin",
        Unit.SHARE,
        accounts["gross_margin"],
        _or_default(plan, "gross_margin", "gross_margin"),
    )
    yield _live(
        "Support cost",
        Unit.MONEY,
        accounts["support_cost"],
        _or_default(plan, "support_cost", "support_share*[@ARR]"),
    )
    yield _live(
        "Standard hours",
        Unit.HOURS,
        accounts["standard_hours"],
        _found("Tiers", "Hours a year", "Touch tier", _tier_sought(plan)),
    )
    yield _live(
        "Standard cost",
        Unit.MONEY,
        accounts["standard_cost"],
        "[@Standard hours]*cost_per_hour",
    )
    yield _live("Complexity", Unit.PLAIN, accounts["complexity"], _complexity_formula(plan))
    if listed(plan, "start"):
        days = accounts["days"]
        yield _live(
            "Days as customer",
            Unit.COUNT,
            days,
            _days_formula(plan),
        )
        yield _live("Onboarding", Unit.PLAIN, accounts["onboarding"], _ONBOARDING)
    if plan.bridge:
        yield from _new_revenue(plan)
    if plan.has_growth:
        yield _live(
            "Room for service",
            Unit.MONEY,
            accounts["room"],
            "[@ARR]*([@Gross margin]-profitability_line)-[@Support cost]",
        )
    given = plan.value.accounts
    yield Series("Retention, no service", Unit.SHARE, given["none"])
    yield Series("Retention at best", Unit.SHARE, given["retention"])
    yield Series("Value of service", Unit.MONEY, given["value"])


def _days_formula(plan: Plan) -> str:
    """Days since the start, which a workbook that is typed into may tell as a tenure."""
    otherwise = '""'
    if plan.book.full:
        otherwise = 'IF([@Tenure]="","",as_of-EDATE(as_of,-ROUND([@Tenure],0)))'
    return f'IF([@Customer since]="",{otherwise},as_of-INT([@Customer since]))'


def _new_revenue(plan: Plan) -> Iterator[Series]:
    """ARR that was not there a year ago, and ARR of which the list does not tell."""
    arr, days = plan.accounts["arr"], plan.accounts["days"]
    prior = plan.book.customers["prior_arr"]
    untold = is_untold(prior, days)
    old = f"N([@Days as customer])>{DAYS_PER_YEAR}" if listed(plan, "start") else "FALSE"
    yield _live(
        "Untold ARR",
        Unit.MONEY,
        arr.where(untold, 0.0),
        f'IF(AND([@Prior ARR]="",{old}),[@ARR],0)',
    )
    yield _live(
        "New ARR",
        Unit.MONEY,
        arr.where(~(prior > 0) & ~untold, 0.0),
        "IF(N([@Prior ARR])>0,0,[@ARR]-[@Untold ARR])",
    )


_ONBOARDING = (
    'IF([@Days as customer]="",1,IF([@Days as customer]<=onboarding_window,onboarding_factor,'
    "IF([@Days as customer]<onboarding_window+onboarding_taper,onboarding_factor+"
    "(1-onboarding_factor)*([@Days as customer]-onboarding_window)/onboarding_taper,1)))"
)


def _live(
    heading: str, unit: Unit, values: Any, formula: str, *, coloured: tuple[str, ...] = ()
) -> Series:
    return Series(heading, unit, values, formula, coloured=coloured)


def _or_default(plan: Plan, field: str, default: str) -> str:
    if not listed(plan, field):
        return default
    heading = HEADINGS[field]
    return f'IF([@{heading}]="",{default},[@{heading}])'


def _tier_formula(plan: Plan) -> str:
    """The list's tier if it is known, else the category's, else the highest the ARR earns."""
    formula = "LOOKUP([@ARR],Minimums[Minimum ARR],Minimums[Touch tier])"
    if listed(plan, "category") and plan.settings.categories:
        category = _found("Categories", "Stands for tier", "Category", _exact(plan, "category"))
        formula = f"IFERROR({category},{formula})"
    if listed(plan, "tier"):
        tier = _found("Tiers", "Touch tier", "Touch tier", _exact(plan, "tier"))
        formula = f"IFERROR({tier},{formula})"
    return formula


def _found(table: str, wanted: str, known_by: str, word: str) -> str:
    return f"INDEX({table}[{wanted}],MATCH({word},{table}[{known_by}],0))"


def _exact(plan: Plan, field: str) -> str:
    """The list's word as MATCH is to look for it: letter by letter, where it holds wildcards."""
    cell = f"[@{HEADINGS.get(field, FIELD[field].title)}]"
    words = plan.book.customers[field].dropna()
    if plan.book.full:
        return sought(cell)
    return letters(cell) if words.str.contains(r"[*?~]").any() else cell


def _tier_sought(plan: Plan) -> str:
    """The same of the tier that was found."""
    masked = plan.book.full or any(set("*?~") & set(one.name) for one in plan.settings.tiers)
    return sought("[@Touch tier]") if masked else "[@Touch tier]"


def _planned_hours_formula(plan: Plan) -> str:
    onboarding = "*[@Onboarding]" if listed(plan, "start") else ""
    return _or_default(plan, "hours", f"[@Standard hours]*[@Complexity]{onboarding}")


def _complexity_formula(plan: Plan) -> str:
    score = "complexity_score"
    if listed(plan, "complexity"):
        score = f'IF([@Complexity score]="",{score},[@Complexity score])'
    return f"MIN(complexity_cap,1+{score}/complexity_divisor)"


def _growth_formula(plan: Plan) -> str:
    """Potential before growth rate before the change from the prior ARR."""
    formula = '""'
    if listed(plan, "prior_arr"):
        formula = 'IF(N([@Prior ARR])>0,[@ARR]/[@Prior ARR]-1,"")'
    if listed(plan, "growth"):
        formula = f'IF([@Growth rate]<>"",[@Growth rate],{formula})'
    if listed(plan, "potential"):
        formula = f'IF([@Potential]<>"",[@Potential]^(1/potential_years)-1,{formula})'
    return formula


def _segment_formula(plan: Plan) -> str:
    profitable = _side("[@Standard margin]", "profitability_line", ("Star", "Cash Cow"), plan)
    growing = _side("[@Growth]", "growth_line", ("Star", "Question Mark"), plan)
    return (
        f'IF([@Growth]="","{NO_VERDICT}",IF({profitable},IF({growing},"Star","Cash Cow"),'
        f'IF({growing},"Question Mark","Poor Dog")))'
    )


def _side(value: str, line: str, high: tuple[str, str], plan: Plan) -> str:
    """Whether an account lies on the high side of a line; inside the band it keeps its side."""
    reached = f"{value}>={line}-tie_tolerance*ABS({line})"
    if not listed(plan, "previous_segment"):
        return reached
    before = f'OR([@Previous segment]="{high[0]}",[@Previous segment]="{high[1]}")'
    inside = f'AND([@Previous segment]<>"",ABS({value}-{line})<=band*(1+tie_tolerance))'
    return f"IF({inside},{before},{reached})"
