"""The tables of the value view: every answer priced, the proof, and what each segment gets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.value import Answer, net_at
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Table, Unit
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.value.names import ANSWERS, grouped_by, years_of

_IMPOSSIBLE = "too few"


def priced(plan: Plan) -> Table:
    """What each answer to how many CSMs is worth, over the horizon and over one year."""
    chosen, cash = plan.value.chosen, plan.value.cash
    unit = money_unit((chosen.optimum.net_value, cash.optimum.net_value))
    columns = (
        Column("Answer", span=2),
        Column("CSMs", Unit.COUNT),
        Column(f"Net value, {years_of(chosen.years)}", unit),
        Column("Lost against the best", unit),
        *(
            (Column("Net value, cash", unit), Column("Lost, cash", unit))
            if chosen is not cash
            else ()
        ),
    )
    rows = [_priced(plan, *line, unit) for line in _answers(plan)]
    return Table(ANSWERS, columns, tuple(rows))


def _answers(plan: Plan) -> Iterator[tuple[str, int, str | None, str | None]]:
    """Title, headcount, and the names of the cells with its net value and with what it loses."""
    chosen, cash = plan.value.chosen, plan.value.cash
    yield f"Best over {years_of(chosen.years)}", chosen.optimum.csms, "value_net", None
    if chosen is not cash:
        yield "Best over one year", cash.optimum.csms, None, None
    for key, name in (("rule", "value_rule_loss"), ("arrears", None), ("workload", None)):
        view = plan.view(key)
        yield view.title, view.csms, None, name
    today = plan.view("today")
    if today.csms:
        yield today.title, today.csms, None, None


def _priced(
    plan: Plan, title: str, csms: int, net_name: str | None, loss_name: str | None, unit: Unit
) -> tuple[Cell, ...]:
    chosen, cash = plan.value.chosen, plan.value.cash
    cells = [Cell(title, look=Look.STRONG), Cell(float(csms), unit=Unit.COUNT)]
    best_row = 1
    for answer, net_heading, names in (
        (chosen, f"Net value, {years_of(chosen.years)}", (net_name, loss_name)),
        *([(cash, "Net value, cash", (None, None))] if chosen is not cash else []),
    ):
        net = net_at(answer.curve, csms, answer.csm_cost)
        best = answer.optimum.net_value
        cells.append(Cell(_IMPOSSIBLE if net is None else net, unit=unit, name=names[0]))
        cells.append(
            Cell(
                "" if net is None else max(0.0, best - net),
                f"IF(ISNUMBER([@{net_heading}]),MAX(0,INDEX([{net_heading}],{best_row})-"
                f'[@{net_heading}]),"")',
                unit,
                name=names[1],
            )
        )
        best_row = 2
    return tuple(cells)


def proof(plan: Plan) -> Table:
    """The certificate: no headcount and no sharing of hours is worth more than the bound."""
    answers = [plan.value.chosen]
    if plan.value.cash is not plan.value.chosen:
        answers.append(plan.value.cash)
    unit = money_unit(a.optimum.net_value for a in answers)
    per_hour, cost = plan.rates.cost_per_hour, plan.rates.loaded_cost
    headings = [f"Over {years_of(answer.years)}" for answer in answers]
    lines = (
        ("Headcount", [a.optimum.csms for a in answers], None, Unit.COUNT),
        ("Value of service", [a.optimum.value for a in answers], None, unit),
        ("Cost of the CSMs", [a.optimum.csms * cost for a in answers], None, unit),
        ("Net value", [a.optimum.net_value for a in answers], "{2}-{3}", unit),
        ("Bound: nothing is worth more", [a.optimum.bound for a in answers], None, unit),
        (
            "Gap to the bound",
            [_gap(a) for a in answers],
            "IF({4}=0,0,({5}-{4})/ABS({4}))",
            Unit.TINY,
        ),
        ("Widest gap on the curve", [a.curve.width for a in answers], None, Unit.TINY),
        ("Price of an hour", [a.optimum.hour_price for a in answers], None, Unit.MONEY),
        ("Cost of an hour", [per_hour for _ in answers], None, Unit.MONEY),
        ("Value of the next CSM", [a.optimum.next_csm_value for a in answers], None, Unit.MONEY),
        ("Cost of a CSM", [cost for _ in answers], None, Unit.MONEY),
    )
    rows = tuple(
        (
            Cell(title),
            *(
                Cell(float(value), _filled(formula, heading), of)
                for value, heading in zip(values, headings, strict=True)
            ),
        )
        for title, values, formula, of in lines
    )
    columns = (Column("Proof", span=2), *(Column(heading, Unit.MONEY) for heading in headings))
    return Table("Proof", columns, rows)


def _filled(formula: str | None, heading: str) -> str | None:
    """A formula over the lines of one column; `{2}` is the second line."""
    if formula is None:
        return None
    return formula.format(*(f"INDEX([{heading}],{line})" for line in range(12)))


def _gap(answer: Answer) -> float:
    best = answer.optimum
    return (best.bound - best.net_value) / abs(best.net_value) if best.net_value else 0.0


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
        float((lines[c] * lines["arr"]).sum() / total["arr"]) for c in ("none", "retention")
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
_WEIGHTED = "SUMPRODUCT([{0}],[ARR])/SUM([ARR])"


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
    sums = sums.reindex([name for name in order if name in sums.index])
    for column in ("none", "retention"):
        sums[column] = np.divide(
            sums[column], sums["arr"], out=np.zeros(len(sums)), where=sums["arr"].to_numpy() > 0
        )
    return sums


def _group(
    name: str, line: pd.Series, heading: str, columns: tuple[Column, ...]
) -> tuple[Cell, ...]:
    where = f"Customers[{heading}],[@{heading}]"
    weight = f"(Customers[{heading}]=[@{heading}])*Customers[ARR]"

    def added(column: str) -> str:
        return f"SUMIFS(Customers[{column}],{where})"

    def averaged(column: str) -> str:
        return f"IF([@ARR]>0,SUMPRODUCT({weight}*Customers[{column}])/[@ARR],0)"

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
