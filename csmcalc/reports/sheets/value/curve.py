"""The curve of the value view: net value by headcount, its flat top, the answers on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.value import net_at
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Curve, Look, Mark, Table, Unit
from csmcalc.reports.sheets.amounts import people
from csmcalc.reports.wording import Phrase, phrase, when

_MOST_POINTS, _FIXED_POINTS = 80, 61
_PARTS, _MOST_LABELS = (1, 2, 3, 4, 6, 8), 16
_FREE = 2
"""Points without a value before the first, so that its name is clear of the axis."""
_TABLE, _LABEL = "ValueCurve", "Label"
_UNITS = ((1e9, "billions"), (1e6, "millions"), (1e3, "thousands"))
WIDTH, HEIGHT = 26.5, 8.4


@dataclass(frozen=True, slots=True)
class Named:
    """A point of the curve: what it is called, its headcount, colour, side, whether it is drawn."""

    title: str
    view: str
    csms: float
    colour: str
    side: str
    shown: bool = True

    @property
    def words(self) -> str:
        """Its name on the chart."""
        return f"{self.title}: {people('', self.csms).value}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The headcounts that are drawn, in equal steps through the best one, and their net values.

    These are in `unit`, such as millions. Of a full book as many are drawn for any list: the steps
    may be parts of CSMs.
    """

    csms: list[float]
    net: list[float]
    unit: str
    flat: tuple[int, int]
    marks: tuple[Named, ...]
    full: bool


def drawn_of(plan: Plan) -> Drawn:
    """The stretch of the curve that holds every answer."""
    answer, best = plan.value.chosen, plan.value.chosen.optimum.csms
    views = {key: plan.view(key).csms for key in ("rule", "arrears", "workload", "today")}
    fewest = int(answer.curve.csms[0])
    widest = max(best, answer.optimum.csms_high, *views.values())
    last = max(fewest + 2, math.ceil(1.15 * widest))
    step = max(1, math.ceil((last - fewest) / _MOST_POINTS))
    csms = [float(n) for n in range(best - (best - fewest) // step * step, last + 1, step)]
    if plan.book.full:
        of_full = _step(last - fewest)
        through = 0 if of_full > 1 else best  # round numbers, or the best one itself
        first = through - (through - fewest) // of_full * of_full
        csms = [float(first + at * of_full) for at in range(_FIXED_POINTS)]
    marks = _marks(best, views, fewest)
    net = [net_at(answer.curve, n, answer.csm_cost) or 0.0 for n in csms]
    size, unit = _unit(max(map(abs, net)))
    return Drawn(
        csms=csms,
        net=[one / size for one in net],
        unit=unit,
        flat=(answer.optimum.csms_low, answer.optimum.csms_high),
        marks=marks if plan.book.full else tuple(mark for mark in marks if mark.shown),
        full=plan.book.full,
    )


def _unit(largest: float) -> tuple[float, str]:
    """In which unit an axis up to an amount has short figures."""
    return next(((size, words) for size, words in _UNITS if largest >= size), (1.0, ""))


def _step(span: int) -> Fraction:
    """The smallest step whose points reach over a span, and meet round numbers on their way."""
    least = Fraction(span, _FIXED_POINTS - 1)
    if least > 1:
        return Fraction(_round_up(least))
    return min(Fraction(math.ceil(least * parts), parts) for parts in _PARTS)


def _round_up(least: float | Fraction, of: int = 1) -> int:
    """The least of 1, 2, 5, 10, 20, 50 and so on, times `of`, that is not below a number."""
    tens: int = 10 ** max(0, math.ceil(math.log10(max(1, least / of))) - 1)
    return of * next(step * tens for step in (1, 2, 5, 10) if of * step * tens >= least)


def _marks(best: int, views: dict[str, float], fewest: int) -> tuple[Named, ...]:
    """Every point that has a name."""
    rule, arrears, today = (views[key] for key in ("rule", "arrears", "today"))
    return (
        Named("Best", "value", best, theme.ACCENT, "t"),
        Named("ARR rule", "rule", rule, theme.INK, "t", rule >= fewest and rule != best),
        Named(
            "in arrears", "arrears", arrears, theme.INK, "t",
            arrears >= fewest and arrears not in (best, rule),
        ),
        Named(
            "Today", "today", today, theme.MUTED, "b",
            today >= fewest and today not in (best, rule),
        ),
    )  # fmt: skip


def curve_table(drawn: Drawn) -> Table:
    """What the chart draws; the columns of single points are empty elsewhere."""
    unit = Unit.DECIMAL
    low, high = drawn.flat
    of = Unit.FTE if drawn.full else Unit.COUNT
    columns = (
        Column("CSMs", of),
        Column("Net value", unit),
        Column("Within 1 % of the best", unit),
        *(_column(drawn, mark, unit) for mark in drawn.marks),
    )
    places = [_nearest(drawn, mark.csms) if mark.shown else -1 for mark in drawn.marks]
    rows = []
    for at, (csms, net) in enumerate(zip(drawn.csms, drawn.net, strict=True)):
        shown = [net if low <= csms <= high else None]
        shown += [net if place == at else None for place in places]
        cells = (Cell(value, unit=unit, look=Look.MUTED) for value in (net, *shown))
        rows.append((Cell(csms, unit=of, look=Look.MUTED), *cells))
    if drawn.full:
        columns = (*columns, Column(_LABEL))
        labelled = zip(rows, _labels(drawn.csms, drawn.marks[0].csms), strict=True)
        rows = [(*cells, Cell(word, look=Look.MUTED, found=True)) for cells, word in labelled]
        nothing = (*(Cell(None, unit=one.unit, look=Look.MUTED) for one in columns[:-1]), Cell(""))
        rows = [*[nothing] * _FREE, *rows]
    return Table(_TABLE, columns, tuple(rows))


def _labels(csms: Sequence[float], best: float) -> list[str]:
    """What stands below the points: whole headcounts, evenly, and nothing else.

    They are round ones, or, where steps are parts of a CSM, the best one and others around it.
    """
    whole = [count for count in csms if math.isclose(count, round(count))]
    apart = max(1, round((whole[-1] - whole[0]) / max(1, len(whole) - 1)))
    first = best if csms[1] - csms[0] <= 1 else 0
    apart = _round_up(apart * len(whole) / _MOST_LABELS, apart)
    kept = {count for count in whole if round(count - first) % apart == 0}
    return [f"{count:,.0f}" if count in kept else "" for count in csms]


def _column(drawn: Drawn, mark: Named, unit: Unit) -> Column:
    if not drawn.full:
        return Column(mark.words, unit)
    words = phrase(f"{mark.title}: ", people(f"csms_{mark.view}", mark.csms))
    return Column(mark.title, unit, live=Cell(words.value, words.formula))


def _nearest(drawn: Drawn, csms: float) -> int:
    return int(np.abs(np.array(drawn.csms) - csms).argmin())


def unit_cell(drawn: Drawn) -> Cell:
    """The unit of the net values of the curve, as words that csmcalc finds."""
    return Cell(drawn.unit, name=_UNIT_NAME, found=True)


def curve_title(drawn: Drawn, currency: Phrase) -> Phrase:
    """What stands over the chart: what it shows, and in which unit."""
    none = drawn.unit == ""
    unit = when(f'{_UNIT_NAME}=""', none, "", phrase(Phrase(_UNIT_NAME, drawn.unit), " of "))
    return phrase("Net value by headcount, in ", unit, currency, "; shaded: within 1 % of the best")


_UNIT_NAME = "value_unit"


def curve_chart(drawn: Drawn) -> Curve:
    """The chart of the curve."""
    marks = tuple(
        Mark(mark.title if drawn.full else mark.words, mark.colour, mark.side)
        for mark in drawn.marks
    )
    spread = max(drawn.net) - min(drawn.net)
    low = min(drawn.net) - 0.08 * spread if min(drawn.net) < 0 else 0.0
    return Curve(
        table=_TABLE,
        x=_LABEL if drawn.full else "CSMs",
        line="Net value",
        shaded="Within 1 % of the best",
        marks=marks,
        x_title="CSMs",
        number_format=theme.AXIS,
        low=None if drawn.full else low,
        label_every=1 if drawn.full else max(1, len(drawn.csms) // 16),
        width=WIDTH,
        height=HEIGHT,
        x_is_text=drawn.full,
    )
