"""How sure the value view is: ranges a year ahead, and what moves the answer most."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.risk import Bar, Range
from csmcalc.reports.model import Cell, Column, Look, Table, Tornado, Unit
from csmcalc.reports.sheets.amounts import money_unit

_TABLE, _LOW, _HIGH = "ValueTornado", "Net value if lower", "Net value if higher"


def ranges_table(ranges: Sequence[Range]) -> Table:
    """P10, P50 and P90 of ARR, CSMs needed and net value."""
    columns = (
        Column("A year ahead", span=2),
        Column("P10", Unit.MONEY),
        Column("P50", Unit.MONEY),
        Column("P90", Unit.MONEY),
    )
    rows = tuple(
        (
            Cell(one.name, look=Look.STRONG),
            *(Cell(value, unit=_unit(one)) for value in (one.p10, one.p50, one.p90)),
        )
        for one in ranges
    )
    return Table("ValueRanges", columns, rows)


def _unit(one: Range) -> Unit:
    return Unit.FTE if one.name == "CSMs needed" else money_unit((one.p10, one.p50, one.p90))


def tornado_table(plan: Plan, bars: Sequence[Bar]) -> Table:
    """Each input alone lower and higher: the best headcount, and what it does to its net value."""
    best = plan.value.chosen.optimum.net_value
    unit = money_unit(bar.net_high - best for bar in bars)
    columns = (
        Column("Input", span=2),
        Column("Lower"),
        Column("Higher"),
        Column("CSMs if lower", Unit.COUNT),
        Column("CSMs if higher", Unit.COUNT),
        Column(_LOW, unit),
        Column(_HIGH, unit),
    )
    rows = tuple(
        (
            Cell(bar.name, look=Look.STRONG, found=True),
            Cell(bar.low, found=True),
            Cell(bar.high, found=True),
            Cell(float(bar.csms_low), unit=Unit.COUNT),
            Cell(float(bar.csms_high), unit=Unit.COUNT),
            Cell(bar.net_low - best, unit=unit),
            Cell(bar.net_high - best, unit=unit),
        )
        for bar in bars
    )
    return Table(_TABLE, columns, rows)


def tornado_chart() -> Tornado:
    """The chart of the tornado."""
    return Tornado(_TABLE, "Input", _LOW, _HIGH, width=11.5, height=6.2)
