"""Charts that read the same in Excel and LibreOffice."""

from __future__ import annotations

from openpyxl.chart import BarChart, BubbleChart, LineChart

from csmcalc.reports.charts.bars import bar_chart, pairs_chart, tornado_chart
from csmcalc.reports.charts.bubbles import bubble_chart
from csmcalc.reports.charts.curve import curve_chart, ranks_chart
from csmcalc.reports.model import Bars, Bubbles, Chart, Curve, Pairs, Ranks
from csmcalc.reports.references import Place


def chart_of(block: Chart, place: Place) -> BarChart | BubbleChart | LineChart:
    """A chart over the columns of a table."""
    match block:
        case Bars():
            return bar_chart(block, place)
        case Bubbles():
            return bubble_chart(block, place)
        case Curve():
            return curve_chart(block, place)
        case Pairs():
            return pairs_chart(block, place)
        case Ranks():
            return ranks_chart(block, place)
    return tornado_chart(block, place)
