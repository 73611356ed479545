"""How sure the value view is: ranges a year ahead, and what moves the answer most."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.risk import Bar, Range
from csmcalc.reports.model import Cell, Column, Look, Table, Tornado, Unit
from csmcalc.reports.sheets.amounts import money_unit

_TABLE = "ValueTornado"
_NETS = ("Net value if lower", "Net value if higher")
_CHANGES = ("Change if lower", "Change if higher")


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
    """Each input alone lower and higher: the best headcount then, its net value, and the change."""
    best = plan.value.chosen.optimum.net_value
    net_unit = money_unit(bar.net_high for bar in bars)
    unit = money_unit(bar.net_high - best for bar in bars)
    columns = (
        Column("Input", span=2),
        Column("Lower"),
        Column("Higher"),
        Column("CSMs if lower", Unit.COUNT),
        Column("CSMs if higher", Unit.COUNT),
        *(Column(heading, net_unit) for heading in _NETS),
        *(Column(heading, unit) for heading in _CHANGES),
    )
    rows = tuple(
        (
            Cell(bar.name, look=Look.STRONG, found=True),
            Cell(bar.low, found=True),
            Cell(bar.high, found=True),
            Cell(float(bar.csms_low), unit=Unit.COUNT),
            Cell(float(bar.csms_high), unit=Unit.COUNT),
            *(Cell(net, unit=net_unit) for net in (bar.net_low, bar.net_high)),
            *(
                Cell(net - best, f"[@{heading}]-value_net", unit)
                for net, heading in zip((bar.net_low, bar.net_high), _NETS, strict=True)
            ),
        )
        for bar in bars
    )
    return Table(_TABLE, columns, rows)


def tornado_chart() -> Tornado:
    """The chart of the tornado."""
    return Tornado(_TABLE, "Input", *_CHANGES, width=11.5, height=6.2)
