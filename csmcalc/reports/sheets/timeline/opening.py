"""What the months start from: customers by segment with their rates, and who is in onboarding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csmcalc.plan.cells import row_cell
from csmcalc.plan.timeline.cases import rates_of
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.plan.timeline.opening import Opening, onboarding_weights
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Allowed, Cell, Column, Look, Table, Unit

_RATE = Allowed("a share of at least 0", low=0)
_LOST = Allowed("a share of at least 0 and of at most 0.999", low=0, high=0.999)
_AMOUNT = Allowed("a number of at least 0", low=0)
_COLUMNS = (
    Column("Segment"),
    Column("Accounts", Unit.COUNT),
    Column("ARR", Unit.MONEY),
    Column("New accounts", Unit.SHARE),
    Column("New a month", Unit.PLAIN),
    Column("New ACV", Unit.PLAIN),
    Column("Churn", Unit.SHARE),
    Column("Contraction", Unit.SHARE),
    Column("Expansion", Unit.SHARE),
    Column("Price", Unit.SHARE),
    Column("Hours each", Unit.HOURS),
    Column("Support of ARR", Unit.SHARE),
    Column("Lift of service", Unit.SHARE),
)
DRIVER_TITLES = dict(
    zip(
        (
            *("accounts", "arr", "new_accounts", "new_a_month", "new_acv", "churn", "contraction"),
            *("expansion", "price", "hours", "support", "lift"),
        ),
        (column.heading for column in _COLUMNS[1:]),
        strict=True,
    )
)
"""What the figures of a segment are called where people read them."""

_RATES = (
    ("new_accounts", Unit.SHARE, _RATE),
    ("new_a_month", Unit.PLAIN, _AMOUNT),
    ("new_acv", Unit.PLAIN, _AMOUNT),
    ("churn", Unit.SHARE, _LOST),
    ("contraction", Unit.SHARE, _LOST),
    ("expansion", Unit.SHARE, _RATE),
    ("price", Unit.SHARE, _RATE),
)
"""What is told of each segment, in the order of the columns."""

_OF_SETTINGS = {"new_a_month": "new_per_month"}
"""Cells that are called otherwise than their setting."""


def segment_key(position: int) -> str:
    """What the rows and cells of a segment are called by."""
    return f"s{position + 1}"


def segments_table(timeline: Timeline) -> Table:
    """The segments of the first day: typed, or found from customers and inputs in a full book."""
    own = {row.segment: row for row in timeline.plan.settings.growth}
    rows = tuple(
        _Segment(timeline, at, own.get(name)).cells()
        for at, name in enumerate(timeline.opening.names)
    )
    return Table("DriversBySegment", _COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class _Segment:
    """One line of the table of segments."""

    timeline: Timeline
    at: int
    own: Growth | None

    def cells(self) -> tuple[Cell, ...]:
        opening, at = self.timeline.opening, self.at
        accounts, arr = float(opening.accounts[at]), float(opening.arr[at])
        hours, support = float(opening.hours[at]), float(opening.support[at])
        return (
            Cell(opening.names[at], look=Look.STRONG),
            self._cell("accounts", accounts, Unit.COUNT, _AMOUNT, f"COUNTIFS({_HERE})"),
            self._cell("arr", arr, Unit.MONEY, _AMOUNT, _summed("ARR")),
            *(self._rate(name, unit, allowed) for name, unit, allowed in _RATES),
            self._cell("hours", hours, Unit.HOURS, _AMOUNT, _each(_STEADY, "Accounts")),
            self._cell("support", support, Unit.SHARE, _RATE, _each("Support cost", "ARR")),
            Cell(float(opening.lift[at]), unit=Unit.SHARE, name=f"{segment_key(at)}_lift"),
        )

    def _cell(self, field: str, value: Any, unit: Unit, allowed: Allowed, formula: str) -> Cell:
        name = f"{segment_key(self.at)}_{field}"
        if self.timeline.plan.book.full:
            return Cell(value, formula, unit, name=name)
        return Cell(value, unit=unit, look=Look.INPUT, name=name, allowed=allowed)

    def _rate(self, field: str, unit: Unit, allowed: Allowed) -> Cell:
        setting = _OF_SETTINGS.get(field, field)
        told = row_cell("growth", self.at, setting)
        value = getattr(self.own, setting, None)
        otherwise = '""'
        if setting != "new_per_month":
            otherwise = f"base_{setting}"
            if value is None:
                value = getattr(rates_of(self.timeline.plan), setting)
        live = f"IF(ISNUMBER({told}),{told},{otherwise})"
        return self._cell(field, value, unit, allowed, live)


_STEADY = "Hours after onboarding"
_HERE = "Customers[Segment],[@Segment]"


def _summed(heading: str) -> str:
    return f"SUMIFS(Customers[{heading}],{_HERE})"


def _each(heading: str, by: str) -> str:
    return f"IF([@{by}]>0,{_summed(heading)}/[@{by}],0)"


def base_rates_table(timeline: Timeline) -> Table:
    """The rates of all segments: the inputs', or those of the list's last year."""
    base = rates_of(timeline.plan)
    from_list = "AND(timeline_rates_from_list,bridge_start>0)"
    shares = {"churn": "most_lost", "contraction": "most_lost", "expansion": "most_grown"}
    rows = []
    for name, title in _BASE.items():
        formula = f"timeline_{name}"
        if name in shares:
            seen = f"MIN(bridge_{name}/bridge_start,{shares[name]})"
            formula = f"IF({from_list},{seen},{formula})"
        elif name == "price":
            formula = f"IF({from_list},0,{formula})"
        unit = Unit.PLAIN if name == "new_acv" else Unit.SHARE
        rows.append((Cell(title), Cell(getattr(base, name), formula, unit, name=f"base_{name}")))
    return Table("BaseRates", (Column("Rate a year"), Column("Rate", Unit.SHARE)), tuple(rows))


_BASE = {
    "new_accounts": "New accounts",
    "new_acv": "ARR of a new account, of today's",
    "churn": "Churn",
    "contraction": "Contraction",
    "expansion": "Expansion",
    "price": "Price",
}


def onboarding_table(timeline: Timeline) -> Table:
    """What onboarding adds by month since the start, and the hours of the accounts in it."""
    opening, rules = timeline.opening, timeline.plan.settings.service
    factor, window, taper = (
        rules.onboarding_factor, rules.onboarding_window, rules.onboarding_taper,
    )  # fmt: skip
    ages = opening.onboarding.shape[1]
    weights = onboarding_weights(factor, window, taper, ages)
    columns = (
        Column("Months since the start", Unit.COUNT),
        Column("Raised by", Unit.RATE),
        *(Column(onboarding_heading(name), Unit.HOURS) for name in opening.names),
    )
    rows = []
    for age in range(ages + 1):
        past = age == ages  # after the last month looked at there is nothing to add
        rows.append(
            (
                Cell(float(age + 1), unit=Unit.COUNT),
                Cell(0.0 if past else float(weights[age]), None if past else _WEIGHT, Unit.RATE),
                *(
                    Cell(0.0, unit=Unit.HOURS, look=Look.MUTED)
                    if past
                    else _young(opening, at, age, live=timeline.plan.book.full)
                    for at in range(len(opening.names))
                ),
            )
        )
    return Table("Onboarding", columns, tuple(rows))


def _young(opening: Opening, at: int, age: int, *, live: bool) -> Cell:
    """The hours of the accounts of a segment that began so many months ago."""
    formula = None
    if live:
        formula = (
            f'SUMIFS(Customers[{_STEADY}],Customers[Segment],"{opening.names[at]}",'
            "Customers[Month as customer],[@Months since the start]-1)"
        )
    return Cell(float(opening.onboarding[at][age]), formula, Unit.HOURS, Look.MUTED)


def onboarding_heading(segment: str) -> str:
    """The column of the hours that accounts of a segment have that are in onboarding today."""
    return f"{segment}, hours"


def _spread(days: str) -> str:
    """What onboarding adds from the start to a day: the window whole, the taper falling."""
    past = f"MAX(0,MIN({days}-onboarding_window,onboarding_taper))"
    falling = f"IF(onboarding_taper>0,{past}-{past}*{past}/(onboarding_taper+onboarding_taper),0)"
    return f"MIN({days},onboarding_window)+{falling}"


_AGE = "[@Months since the start]"
_WEIGHT = (
    f"(onboarding_factor-1)*(({_spread(f'{_AGE}*days_per_month')})-"
    f"({_spread(f'({_AGE}-1)*days_per_month')}))/days_per_month"
)
