"""The curve of the value view: net value by headcount, its flat top, the answers on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.value import Answer, net_at
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Curve, Look, Mark, Table, Unit
from csmcalc.reports.sheets.amounts import money_unit

_MOST_POINTS = 80
_TABLE = "ValueCurve"
WIDTH, HEIGHT = 26.5, 8.4


@dataclass(frozen=True, slots=True)
class Drawn:
    """The headcounts that are drawn, in equal steps through the best one, and their net values."""

    csms: list[int]
    net: list[float]
    best: int
    flat: tuple[int, int]
    marks: dict[str, tuple[int, str, bool]]


def drawn_of(plan: Plan) -> Drawn:
    """The stretch of the curve that holds every answer."""
    answer, best = plan.value.chosen, plan.value.chosen.optimum.csms
    views = {key: plan.view(key).csms for key in ("rule", "arrears", "workload", "today")}
    fewest = int(answer.curve.csms[0])
    widest = max(best, answer.optimum.csms_high, *views.values())
    last = max(fewest + 2, math.ceil(1.15 * widest))
    step = max(1, math.ceil((last - fewest) / _MOST_POINTS))
    csms = list(range(best - (best - fewest) // step * step, last + 1, step))
    net = [_net(answer, count) for count in csms]
    return Drawn(
        csms=csms,
        net=net,
        best=best,
        flat=(answer.optimum.csms_low, answer.optimum.csms_high),
        marks=_marks(plan, views, fewest),
    )


def _net(answer: Answer, csms: int) -> float:
    return net_at(answer.curve, csms, answer.csm_cost) or 0.0


def _marks(plan: Plan, views: dict[str, int], fewest: int) -> dict[str, tuple[int, str, bool]]:
    """Headcount, colour and side of every named point, by its name on the chart."""
    best = plan.value.chosen.optimum.csms
    marks = {f"Best: {best}": (best, theme.ACCENT, True)}
    if views["rule"] >= fewest:
        marks[f"ARR rule: {views['rule']}"] = (views["rule"], theme.INK, False)
    if views["arrears"] >= fewest:
        marks[f"in arrears: {views['arrears']}"] = (views["arrears"], theme.INK, True)
    if views["today"] >= fewest and views["today"] not in (best, views["rule"]):
        marks[f"Today: {views['today']}"] = (views["today"], theme.MUTED, False)
    return marks


def curve_table(drawn: Drawn) -> Table:
    """What the chart draws; the columns of single points are empty elsewhere."""
    unit = money_unit(drawn.net)
    low, high = drawn.flat
    columns = (
        Column("CSMs", Unit.COUNT),
        Column("Net value", unit),
        Column("Within 1 % of the best", unit),
        *(Column(name, unit) for name in drawn.marks),
    )
    places = {name: _nearest(drawn, count) for name, (count, _, _) in drawn.marks.items()}
    rows = []
    for at, (csms, net) in enumerate(zip(drawn.csms, drawn.net, strict=True)):
        shown = [net if low <= csms <= high else None]
        shown += [net if places[name] == at else None for name in drawn.marks]
        cells = (Cell(value, unit=unit, look=Look.MUTED) for value in (net, *shown))
        rows.append((Cell(float(csms), unit=Unit.COUNT, look=Look.MUTED), *cells))
    return Table(_TABLE, columns, tuple(rows))


def _nearest(drawn: Drawn, csms: int) -> int:
    return int(np.abs(np.array(drawn.csms) - csms).argmin())


def curve_chart(drawn: Drawn, currency: str) -> Curve:
    """The chart of the curve."""
    marks = tuple(Mark(name, colour, above) for name, (_, colour, above) in drawn.marks.items())
    spread = max(drawn.net) - min(drawn.net)
    return Curve(
        table=_TABLE,
        x="CSMs",
        line="Net value",
        shaded="Within 1 % of the best",
        marks=marks,
        x_title="CSMs",
        number_format=theme.number_format(money_unit(drawn.net), currency),
        low=min(drawn.net) - 0.08 * spread if min(drawn.net) < 0 else 0.0,
        label_every=max(1, len(drawn.csms) // 16),
        width=WIDTH,
        height=HEIGHT,
    )
