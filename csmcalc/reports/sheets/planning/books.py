"""Books: the team, what each CSM can carry, and what each carries today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.plan.cells import CSMS, PLANNED
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.book import Field, Kind
from csmcalc.portfolio.books.team import CSM_FIELDS
from csmcalc.reports.model import Allowed, Cell, Column, List, Look, Series, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.customers import UNITS
from csmcalc.reports.sheets.letters import criterion
from csmcalc.reports.sheets.planning.filled import Member
from csmcalc.reports.sheets.said import currency_of
from csmcalc.reports.wording import phrase

_WIDTHS = (2, 26, 12, 10, 10, 18, 16, 18, 18, 14, 13, 12, 16, 13, 13, 13)


@dataclass(frozen=True)
class Carried:
    """What each member of a team carries, summed as the workbook's formulas sum it."""

    plan: Plan
    team: Sequence[Member]

    @cached_property
    def _sums(self) -> pd.DataFrame:
        accounts = self.plan.accounts
        owner = self.plan.book.customers["owner"].fillna("").astype(str).str.casefold()
        table = accounts[["arr", "planned_hours"]].assign(accounts=1.0)
        return table.groupby(owner.to_numpy()).sum()

    def of(self, column: str) -> list[float]:
        """A sum for each member."""
        sums = self._sums[column].to_dict()
        return [float(sums.get(member.name.casefold(), 0.0)) for member in self.team]

    @cached_property
    def owned(self) -> tuple[float, float, float]:
        """Accounts, ARR and hours of accounts that have an owner, whether listed or not."""
        owned = self._sums[self._sums.index != ""]
        sums = owned[["accounts", "arr", "planned_hours"]].sum()
        return float(sums.iloc[0]), float(sums.iloc[1]), float(sums.iloc[2])

    @cached_property
    def capacity(self) -> list[float]:
        """Hours of each member now."""
        hours = self.plan.rates.effective_hours
        return [member.capacity(hours) for member in self.team]


def books_sheet(carried: Carried) -> Sheet:
    """The sheet of the team; the table of CSMs stands last, so that it can grow."""
    plan, team = carried.plan, carried.team
    page = Page("Books", _WIDTHS)
    row = page.head(
        "Who owns what, and is it too much?",
        phrase(
            "Type the team into the blue columns; an empty capacity is that of a full-time CSM · "
            "hours a year, amounts in ",
            currency_of(plan),
        ),
    )
    row = page.table(row, _summary(carried)) + 1
    row = page.section(row, "The team; owners are matched by name with those of Customers")
    page.add(row, FIRST_COLUMN, List(CSMS, tuple(_series(carried))))
    return page.sheet(
        printed=(row + max(1, len(team)), len(_WIDTHS)),
        one_page=False,
        frozen=(row, FIRST_COLUMN),
        repeated_row=row,
    )


def _summary(carried: Carried) -> Table:
    """Books in all, and what stands in none."""
    plan = carried.plan
    accounts, arr, hours = (
        float(len(plan.accounts)),
        plan.arr,
        float(plan.accounts["planned_hours"].sum()),
    )
    inside = [sum(carried.of(name)) for name in ("accounts", "arr", "planned_hours")]
    owned = carried.owned
    where = f'Customers[In plan],"{PLANNED}",Customers[Owner],"<>"'
    lines = (
        ("In the books of the team", inside, ("SUM(Csms[{0}])",) * 3, None),
        (
            "Owner not in the team",
            [_rest(a, b) for a, b in zip(owned, inside, strict=True)],
            (
                f"COUNTIFS({where})-SUM(Csms[Accounts])",
                _rest_of(f"SUMIFS(Customers[ARR],{where})", "SUM(Csms[ARR])"),
                _rest_of(f"SUMIFS(Customers[Planned hours],{where})", "SUM(Csms[Hours])"),
            ),
            "owners_unknown",
        ),
        (
            "Without an owner",
            [_rest(a, b) for a, b in zip((accounts, arr, hours), owned, strict=True)],
            (
                f"accounts_planned-COUNTIFS({where})",
                _rest_of("arr_planned", f"SUMIFS(Customers[ARR],{where})"),
                _rest_of("hours_planned", f"SUMIFS(Customers[Planned hours],{where})"),
            ),
            "owners_missing",
        ),
    )
    units = (Unit.COUNT, Unit.MONEY, Unit.HOURS)
    headings = ("Accounts", "ARR", "Hours")
    rows = tuple(
        (
            Cell(title, look=Look.STRONG),
            *(
                Cell(value, formula.format(heading), unit, name=name if at == 0 else None)
                for at, (value, formula, heading, unit) in enumerate(
                    zip(values, formulas, headings, units, strict=True)
                )
            ),
        )
        for title, values, formulas, name in lines
    )
    total = (
        Cell("Planned", look=Look.TOTAL),
        Cell(accounts, "SUM([Accounts])", Unit.COUNT, Look.TOTAL),
        Cell(arr, "SUM([ARR])", Unit.MONEY, Look.TOTAL),
        Cell(hours, "SUM([Hours])", Unit.HOURS, Look.TOTAL),
    )
    columns = (
        Column("Books"),
        Column("Accounts", Unit.COUNT),
        Column("ARR", Unit.MONEY, span=2),
        Column("Hours", Unit.HOURS),
    )
    return Table("BooksInAll", columns, rows, total)


def _rest(whole: float, part: float) -> float:
    """What a part leaves of a whole, without the dust of long sums."""
    return 0.0 if abs(whole - part) <= WHOLE_TOLERANCE * whole else whole - part


def _rest_of(whole: str, part: str) -> str:
    """The same in cells."""
    return f"IF(ABS({whole}-{part})<=whole_tolerance*{whole},0,{whole}-{part})"


def _series(carried: Carried) -> list[Series]:
    columns = [_input(field, carried.team) for field in CSM_FIELDS]
    columns += _computed(carried)
    if carried.team:
        return columns
    return [Series(**{**_plain(one), "values": [None]}) for one in columns]


def _plain(series: Series) -> dict[str, Any]:
    return {name: getattr(series, name) for name in Series.__slots__}


def _input(field: Field, team: Sequence[Member]) -> Series:
    values = [getattr(member, field.name) for member in team]
    if field.kind is Kind.TEXT:
        values = [value or None for value in values]
    words = f"{field.meaning[:1].upper()}{field.meaning[1:]}."
    if field.kind is Kind.TEXT:
        allowed = Allowed("at most 255 letters", longest=255, title=field.title, help=words)
    else:
        limits = f"a number of at least {field.low or 0:g}"
        if field.high is not None:
            limits += f" and of at most {field.high:g}"
        allowed = Allowed(limits, field.low, field.high, title=field.title, help=words)
    unit = Unit.HOURS if field.name == "hours" else UNITS[field.kind]
    return Series(field.title, unit, values, None, Look.INPUT, (), allowed)


_CAPACITY = (
    'IF([@Capacity]<>"",[@Capacity],IF([@FTE]<>"",[@FTE],1)*effective_hours)'
    '*IF([@Ramp]<>"",[@Ramp],1)'
)
_OWNED = f"Customers[Owner],{criterion('[@CSM]')}"


def _computed(carried: Carried) -> list[Series]:
    capacity, hours = np.array(carried.capacity), np.array(carried.of("planned_hours"))
    used = np.divide(hours, capacity, out=np.zeros_like(hours), where=capacity > 0)
    over = [bool(h > c * (1 + 1e-12)) for h, c in zip(hours, capacity, strict=True)]
    counted = f'COUNTIFS({_OWNED},Customers[In plan],"{PLANNED}")'
    columns: tuple[tuple[str, Unit, Any, str], ...] = (
        ("Hours now", Unit.HOURS, capacity, _CAPACITY),
        ("Accounts", Unit.COUNT, carried.of("accounts"), counted),
        ("ARR", Unit.MONEY, carried.of("arr"), f"SUMIFS(Customers[ARR],{_OWNED})"),
        ("Hours", Unit.HOURS, hours, f"SUMIFS(Customers[Planned hours],{_OWNED})"),
        (
            "Utilisation",
            Unit.SHARE,
            used,
            "IF([@Hours now]>0,[@Hours]/[@Hours now],0)",
        ),
        (
            "Room",
            Unit.TEXT,
            ["LOOK" if one else "OK" for one in over],
            'IF([@Hours]>[@Hours now]*(1+tie_tolerance),"LOOK","OK")',
        ),
    )
    return [
        Series(
            heading,
            unit,
            values,
            f'IF([@CSM]="","",{formula})',
            coloured=("OK", "LOOK") if unit is Unit.TEXT else (),
        )
        for heading, unit, values, formula in columns
    ]
