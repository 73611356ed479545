"""Customers: what is pasted or filled in on the left, what follows from it to the right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.plan.cells import CUSTOMERS, HEADINGS, PLANNED
from csmcalc.plan.full import RESOLVED
from csmcalc.plan.plan import Plan
from csmcalc.plan.timeline.opening import months_since
from csmcalc.portfolio.book import FIELDS, Field, Kind, Reason
from csmcalc.reports.model import Allowed, List, Look, Series, Sheet, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.customers import HEADER_ROW, UNITS, largest_first, series_of
from csmcalc.reports.sheets.letters import sought
from csmcalc.reports.sheets.said import currency_of, source_of
from csmcalc.reports.wording import number, phrase

ORDER_STEP = 1e-12
"""By what share of the ARR rows with the same ARR are told apart."""

_ANSWERS = (
    "Touch tier",
    "Growth",
    "Standard margin",
    "Segment",
    "Action",
    "Borderline",
    "Planned hours",
    "Cost to serve",
    "Contribution",
    "Margin guard",
    "Strict guard",
)
_FOUND = ("Service level", "Best hours")
_WORKINGS = (
    "Gross margin",
    "Support cost",
    "Standard hours",
    "Standard cost",
    "Complexity",
    "Days as customer",
    "Onboarding",
)
_FOUND_WORKINGS = ("Retention, no service", "Retention at best", "Value of service")
_WIDTH, _WIDE = 14.5, {"name": 36.0, "id": 14.0, "status": 15.0, "owner": 18.0}
_WIDE_ANSWERS = {"Action": 23.0, "Segment": 15.0, "In plan": 21.0, "Touch tier": 14.0}


def customers_sheet(plan: Plan) -> Sheet:
    """The sheet of all customers, left out or planned."""
    series = tuple(_all_series(largest_first(plan)))
    page = Page("Customers", (2, *map(_width, series)))
    count = len(plan.accounts)
    page.head(
        "Customers",
        phrase(
            source_of(plan),
            " · ",
            number("accounts_planned", count),
            " planned · amounts in ",
            currency_of(plan),
        ),
    )
    page.text(
        4, FIRST_COLUMN, "Paste or type into the blue columns; the others follow", Look.SUBTITLE
    )
    rows = max(1, count + len(_left_out(plan)))
    page.add(HEADER_ROW, FIRST_COLUMN, List(CUSTOMERS, series))
    inputs = sum(one.look is Look.INPUT for one in series)
    return page.sheet(
        printed=(HEADER_ROW + rows, FIRST_COLUMN + inputs + 14),
        one_page=False,
        frozen=(HEADER_ROW, FIRST_COLUMN + 1),
        repeated_row=HEADER_ROW,
        across=3,
        repeated_columns=FIRST_COLUMN + 1,
    )


def heading_of(field: Field) -> str:
    """What the column of a field is called."""
    return HEADINGS.get(field.name, field.title)


def _width(series: Series) -> float:
    by_heading = {heading_of(f): _WIDE[f.name] for f in FIELDS if f.name in _WIDE}
    return by_heading.get(series.heading, _WIDE_ANSWERS.get(series.heading, _WIDTH))


def _left_out(plan: Plan) -> pd.DataFrame:
    """Accounts of the list that do not count; rows that could not be read are not there."""
    excluded = plan.book.excluded
    return excluded[excluded["reason"] != Reason.BAD_ROW.value]


def _all_series(plan: Plan) -> Iterator[Series]:
    left = _left_out(plan)
    rest = len(left)
    for series in (*_inputs(plan, left), *_told(plan, left), *_found_and_computed(plan, rest)):
        empty = not len(series.values)
        yield replace(series, values=[None]) if empty else series


# --- inputs ----------------------------------------------------------------------------------


def _inputs(plan: Plan, left: pd.DataFrame) -> Iterator[Series]:
    customers = plan.book.customers
    for field in FIELDS:
        if field.name == "status":
            values: Any = [None] * len(customers) + _status(left)
        elif field.name in RESOLVED:
            values = [None] * (len(customers) + len(left))
        elif len(left):
            values = pd.concat([customers[field.name], left[field.name]], ignore_index=True)
        else:
            values = customers[field.name]
        unit = UNITS[field.kind]
        yield Series(heading_of(field), unit, values, None, Look.INPUT, (), _allowed(field))


def _status(left: pd.DataFrame) -> list[str | None]:
    """The words for those who do not count."""
    return [_STATUS.get(reason, str(reason)) for reason in left["reason"].tolist()]


_STATUS: Mapping[str, str | None] = {
    Reason.NO_REVENUE.value: None,
    Reason.PROSPECT.value: "not a customer",
}
"""Reasons that the status column says in other words, or not at all."""


_CHOICES = {
    "status": "Statuses[Status]",
    "category": "Categories[Category]",
    "tier": "Tiers[Touch tier]",
    "previous_segment": "Segments[Segment]",
}
_LONGEST = 255


def _allowed(field: Field) -> Allowed:
    """What may be typed into a column, and what it says to who types."""
    words = f"{field.meaning[:1].upper()}{field.meaning[1:]}."
    title = heading_of(field)
    if field.name in _CHOICES:
        where = "one of the words of the list, or nothing"
        return Allowed(where, choices_from=_CHOICES[field.name], title=title, help=words)
    if field.kind is Kind.TEXT:
        return Allowed(f"at most {_LONGEST} letters", longest=_LONGEST, title=title, help=words)
    if field.kind is Kind.DATE:
        return Allowed("a date", low=1, high=2_958_465, day=True, title=title, help=words)
    limits = "a number" if field.low is None else f"a number of at least {field.low:g}"
    if field.high is not None:
        limits += f" and of at most {field.high:g}"
    return Allowed(limits, field.low, field.high, title=title, help=words)


# --- who counts ------------------------------------------------------------------------------

_TOLD = (
    'IF([@ARR in list]<>"",[@ARR in list],'
    'IF([@ACV]<>"",[@ACV],IF([@MRR]<>"",[@MRR]*months_per_year,"")))'
)
_COUNTS_AS = (
    f"IFERROR(INDEX(Statuses[Counts as],MATCH({sought('[@Status]')},Statuses[Status],0)),"
    f'"{PLANNED}")'
)
_IN_PLAN = (
    f'IF(AND([@Account id]="",[@Account]=""),"",IF(OR({_COUNTS_AS}<>"{PLANNED}",N([@ARR told])>0),'
    f'{_COUNTS_AS},"{Reason.NO_REVENUE.value}"))'
)
_ARR = f'IF([@In plan]="{PLANNED}",[@ARR told],"")'


def _told(plan: Plan, left: pd.DataFrame) -> Iterator[Series]:
    """The ARR of every row, whether it counts, and the ARR of those that do."""
    arr = plan.accounts["arr"].to_numpy(float)
    told = np.concatenate([arr, left["arr"].to_numpy(float)])
    words = [PLANNED] * len(arr) + [str(reason) for reason in left["reason"]]
    yield Series("ARR told", Unit.MONEY, told, _TOLD)
    yield Series("In plan", Unit.TEXT, words, _IN_PLAN)
    yield Series("ARR", Unit.MONEY, _padded(arr, len(left)), _ARR, Look.STRONG)


def _padded(values: Any, rest: int) -> Any:
    """Values of the planned rows, and nothing for the others."""
    if isinstance(values, pd.Series):
        values = values.to_numpy()
    if getattr(values, "dtype", None) is not None and values.dtype.kind in "fiu":
        return np.concatenate([values, np.full(rest, np.nan)]) if rest else values
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return [*listed, *([""] * rest)]


# --- what follows ----------------------------------------------------------------------------


def _found_and_computed(plan: Plan, rest: int) -> Iterator[Series]:
    """The plan's own columns, blank beside rows that do not count, and those of the months."""
    series = {one.heading: one for one in series_of(plan)}

    def chosen(headings: Sequence[str]) -> Iterator[Series]:
        for heading in headings:
            one = series[heading]
            look = Look.FOUND if one.formula is None else one.look
            formula = one.formula and _unless_blank(one.formula)
            yield replace(one, values=_padded(one.values, rest), formula=formula, look=look)

    yield from chosen(_ANSWERS)
    yield from chosen(_FOUND)
    yield from chosen(_WORKINGS)
    yield from _of_months(plan, rest)
    yield from chosen(_FOUND_WORKINGS)


def _unless_blank(formula: str) -> str:
    return f'IF([@ARR]="","",{formula})'


def _of_months(plan: Plan, rest: int) -> Iterator[Series]:
    """What bridge, months and the largest accounts are found by."""
    accounts = plan.accounts
    arr, prior = accounts["arr"], plan.book.customers["prior_arr"]
    measured = accounts["hours"].notna()
    raised = accounts["onboarding"].where(~measured & (accounts["onboarding"] > 0), 1.0)
    days = accounts["days"]
    since = months_since(days).where(~measured)
    rows = np.arange(len(arr)) + HEADER_ROW + 1
    columns: tuple[tuple[str, Unit, Any, str], ...] = (
        (
            "Kept change",
            Unit.MONEY,
            (arr - prior).where(prior > 0),
            'IF(N([@Prior ARR])>0,[@ARR]-[@Prior ARR],"")',
        ),
        (
            "Hours after onboarding",
            Unit.HOURS,
            accounts["planned_hours"] / raised,
            'IF(OR([@Measured hours]<>"",[@Onboarding]<=0),[@Planned hours],'
            "[@Planned hours]/[@Onboarding])",
        ),
        (
            "Month as customer",
            Unit.COUNT,
            since,
            'IF(OR([@Measured hours]<>"",[@Days as customer]=""),"",'
            "INT([@Days as customer]/days_per_month))",
        ),
        ("Order key", Unit.MONEY, arr * (1 - rows * ORDER_STEP), "[@ARR]*(1-ROW()*order_step)"),
    )
    for heading, unit, values, formula in columns:
        yield Series(heading, unit, _padded(values, rest), _unless_blank(formula))
