"""The tables of the value view: every answer priced, the proof, and what each segment gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.value import Answer, net_at
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Table, Unit
from csmcalc.reports.sheets.amounts import money_unit, people_unit
from csmcalc.reports.sheets.letters import criterion
from csmcalc.reports.sheets.value.names import (
    ANSWERS,
    CASH,
    grouped_by,
    has_cash,
    horizon_of,
    over_horizon,
)
from csmcalc.reports.wording import Phrase, literal, phrase

_IMPOSSIBLE = "too few"


def priced(plan: Plan) -> Table:
    """What each answer to how many CSMs is worth, over the horizon and over one year."""
    chosen, cash = plan.value.chosen, plan.value.cash
    unit = money_unit((chosen.optimum.net_value, cash.optimum.net_value))
    columns = (
        Column("Answer", span=2),
        Column("CSMs", Unit.COUNT),
        over_horizon(plan, "Net value, ", unit),
        Column("Lost against the best", unit),
        *((Column("Net value, cash", unit), Column("Lost, cash", unit)) if has_cash(plan) else ()),
    )
    rows = [_priced(plan, *line, unit) for line in _answers(plan)]
    return Table(ANSWERS, columns, tuple(rows))


def _answers(plan: Plan) -> Iterator[tuple[Phrase, float, str | None, str | None]]:
    """Title, headcount, and the names of the cells with its net value and with what it loses."""
    chosen, cash = plan.value.chosen, plan.value.cash
    yield phrase("Best over ", horizon_of(plan)), chosen.optimum.csms, "value_net", None
    if has_cash(plan):
        yield literal(f"Best over {CASH}"), cash.optimum.csms, None, None
    for key, name in (("rule", "value_rule_loss"), ("arrears", None), ("workload", None)):
        view = plan.view(key)
        yield literal(view.title), view.csms, None, name
    today = plan.view("today")
    if today.csms or plan.book.full:
        yield literal(today.title), today.csms, None, None


def _priced(
    plan: Plan, title: Phrase, csms: float, net_name: str | None, loss_name: str | None, unit: Unit
) -> tuple[Cell, ...]:
    live = title.formula if plan.book.full else None
    cells = [Cell(title.value, live, look=Look.STRONG), Cell(float(csms), unit=people_unit(csms))]
    over = over_horizon(plan, "Net value, ", unit).heading
    cells += _worth(plan.value.chosen, csms, over, (net_name, loss_name), unit)
    if has_cash(plan):
        cells += _worth(plan.value.cash, csms, "Net value, cash", (None, None), unit)
    return tuple(cells)


def _worth(
    answer: Answer, csms: float, heading: str, names: tuple[str | None, str | None], unit: Unit
) -> tuple[Cell, Cell]:
    """Net value of a headcount, and what it loses against the best of all."""
    net = net_at(answer.curve, csms, answer.csm_cost)
    lost = "" if net is None else max(0.0, answer.optimum.net_value - net)
    formula = f'IF(ISNUMBER([@{heading}]),MAX(0,MAX([{heading}])-[@{heading}]),"")'
    worth = Cell(_IMPOSSIBLE if net is None else net, unit=unit, name=names[0], found=True)
    return worth, Cell(lost, formula, unit, name=names[1])


def proof(plan: Plan) -> Table:
    """The certificate: no headcount and no sharing of hours is worth more than the bound."""
    answers = [plan.value.chosen, *([plan.value.cash] if has_cash(plan) else [])]
    unit = money_unit(a.optimum.net_value for a in answers)
    per_hour, cost = plan.rates.cost_per_hour, plan.rates.loaded_cost
    columns = [over_horizon(plan, "Over ", Unit.MONEY)]
    columns += [Column(f"Over {CASH}", Unit.MONEY)] * has_cash(plan)
    lines = (
        ("Headcount", [a.optimum.csms for a in answers], None, Unit.COUNT),
        (_FEWEST, [a.optimum.csms_low for a in answers], None, Unit.COUNT),
        (_MOST, [a.optimum.csms_high for a in answers], None, Unit.COUNT),
        (_VALUE, [a.optimum.value for a in answers], None, unit),
        (_COST, [a.optimum.csms * cost for a in answers], None, unit),
        (_NET, [a.optimum.net_value for a in answers], "{value}-{cost}", unit),
        (_BOUND, [a.optimum.bound for a in answers], None, unit),
        (
            _GAP,
            [a.optimum.gap for a in answers],
            "IF({net}=0,IF({bound}>0,1,0),({bound}-{net})/ABS({net}))",
            Unit.GAP,
        ),
        ("Widest gap on the curve", [a.curve.width for a in answers], None, Unit.GAP),
        ("Price of an hour", [a.optimum.hour_price for a in answers], None, Unit.MONEY),
        ("Cost of an hour", [per_hour for _ in answers], None, Unit.MONEY),
        ("Value of the next CSM", [a.optimum.next_csm_value for a in answers], None, Unit.MONEY),
        ("Cost of a CSM", [cost for _ in answers], None, Unit.MONEY),
    )
    rows = []
    for title, values, formula, of in lines:
        cells = [
            Cell(float(value), _filled(formula, column.heading), of)
            for value, column in zip(values, columns, strict=True)
        ]
        cells[0] = replace(cells[0], name=_NAMED.get(title))
        rows.append((Cell(title), *cells))
    return Table("Proof", (Column("Proof", span=2), *columns), tuple(rows))


_VALUE, _COST, _NET = "Value of service", "Cost of the CSMs", "Net value"
_BOUND, _GAP = "Bound: nothing is worth more", "Gap to the bound"
_FEWEST, _MOST = "Fewest CSMs within 1 % of it", "Most CSMs within 1 % of it"
_NAMED = {
    _FEWEST: "value_low",
    _MOST: "value_high",
    _BOUND: "value_bound",
    _GAP: "value_gap",
}
"""Lines that other sheets speak of."""


def _filled(formula: str | None, heading: str) -> str | None:
    """A formula over the lines of one column."""
    if formula is None:
        return None
    lines = {"value": _VALUE, "cost": _COST, "net": _NET, "bound": _BOUND}
    found = (f'INDEX([{heading}],MATCH("{title}",[Proof],0))' for title in lines.values())
    return formula.format(**dict(zip(lines, found, strict=True)))


def by_segment(plan: Plan) -> Table:
    """Hours, retention and value of each segment at the best headcount."""
    key, heading = grouped_by(plan)
    lines = _sums(plan, key)
    unit = money_unit(lines["value"])
    columns = (
        Column(heading, span=2),
        Column("Accounts", Unit.COUNT),
        Column("ARR", money_unit(lines["arr"])),
        Column("Hours planned", Unit.HOURS),
        Column("Best hours", Unit.HOURS),
        Column("Best hours each", Unit.HOURS),
        Column("Retention, no service", Unit.SHARE),
        Column("Retention at best", Unit.SHARE),
        Column("Value of service", unit),
    )
    rows = [_group(str(name), line, heading, columns) for name, line in lines.iterrows()]
    total = lines.sum(numeric_only=True)
    weighted = [
        _ratio((lines[c] * lines["arr"]).sum(), total["arr"]) for c in ("none", "retention")
    ]
    cells = (
        Cell("Total", look=Look.TOTAL),
        *(
            Cell(float(value), formula, column.unit, Look.TOTAL)
            for value, formula, column in (
                (total["accounts"], "SUM([Accounts])", columns[1]),
                (total["arr"], "SUM([ARR])", columns[2]),
                (total["planned_hours"], "SUM([Hours planned])", columns[3]),
                (total["hours"], "SUM([Best hours])", columns[4]),
                (_ratio(total["hours"], total["accounts"]), _EACH, columns[5]),
                (weighted[0], _WEIGHTED.format("Retention, no service"), columns[6]),
                (weighted[1], _WEIGHTED.format("Retention at best"), columns[7]),
                (total["value"], "SUM([Value of service])", columns[8]),
            )
        ),
    )
    return Table("ValueBySegment", columns, tuple(rows), cells)


_EACH = "IF([@Accounts]>0,[@Best hours]/[@Accounts],0)"
_WEIGHTED = "IF(SUM([ARR])>0,SUMPRODUCT([{0}],[ARR])/SUM([ARR]),0)"


def _ratio(total: float, count: float) -> float:
    return float(total) / float(count) if count else 0.0


def _sums(plan: Plan, key: str) -> pd.DataFrame:
    accounts, given = plan.accounts, plan.value.accounts
    table = accounts[["arr", "planned_hours"]].assign(
        accounts=1.0,
        hours=given["hours"],
        value=given["value"],
        none=given["none"] * accounts["arr"],
        retention=given["retention"] * accounts["arr"],
    )
    sums = table.groupby(accounts[key], observed=True).sum()
    order = [*SEGMENTS, NO_VERDICT] if key == "segment" else [t.name for t in plan.settings.tiers]
    every = plan.book.full
    sums = sums.reindex([n for n in order if every or n in sums.index], fill_value=0.0)
    for column in ("none", "retention"):
        sums[column] = np.divide(
            sums[column], sums["arr"], out=np.zeros(len(sums)), where=sums["arr"].to_numpy() > 0
        )
    return sums


def _group(
    name: str, line: pd.Series, heading: str, columns: tuple[Column, ...]
) -> tuple[Cell, ...]:
    where = f"Customers[{heading}],{criterion(f'[@{heading}]')}"
    weight = f"--(Customers[{heading}]=[@{heading}]),Customers[ARR]"

    def added(column: str) -> str:
        return f"SUMIFS(Customers[{column}],{where})"

    def averaged(column: str) -> str:
        return f"IF([@ARR]>0,SUMPRODUCT({weight},Customers[{column}])/[@ARR],0)"

    cells = (
        (line["accounts"], f"COUNTIFS({where})"),
        (line["arr"], added("ARR")),
        (line["planned_hours"], added("Planned hours")),
        (line["hours"], added("Best hours")),
        (_ratio(line["hours"], line["accounts"]), _EACH),
        (line["none"], averaged("Retention, no service")),
        (line["retention"], averaged("Retention at best")),
        (line["value"], added("Value of service")),
    )
    return (
        Cell(name, look=Look.STRONG, colour=theme.SEGMENT_COLOURS.get(name)),
        *(
            Cell(float(value), formula, column.unit)
            for (value, formula), column in zip(cells, columns[1:], strict=True)
        ),
    )
