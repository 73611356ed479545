"""Horizontal bars: one column of a table, or a tornado around the answer."""

from __future__ import annotations

from openpyxl.chart import BarChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.series import DataPoint
from openpyxl.chart.shapes import GraphicalProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, at_the_target, column_of, labels, text
from csmcalc.reports.model import Bars, Pairs, Tornado
from csmcalc.reports.references import Place


def bar_chart(bars: Bars, place: Place) -> BarChart:
    """Horizontal bars in grey, the accented one in the accent colour, values beside them."""
    chart = _lying(bars.width, bars.height)
    series = _series(place, bars.labels, bars.values, theme.CONTEXT)
    accent = DataPoint(idx=bars.accent, invertIfNegative=False)
    accent.graphicalProperties = GraphicalProperties(solidFill=theme.ACCENT)
    series.dPt.append(accent)
    series.dLbls = labels("showVal", text(10, theme.INK, bold=True))
    chart.series.append(series)
    chart.y_axis.scaling.min = 0
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    return chart


def tornado_chart(tornado: Tornado, place: Place) -> BarChart:
    """Two bars a row from the answer outward: an input lower in grey, higher in the accent."""
    chart = _lying(tornado.width, tornado.height)
    chart.overlap = 100
    for heading, colour in ((tornado.low, theme.CONTEXT), (tornado.high, theme.ACCENT)):
        chart.series.append(_series(place, tornado.labels, heading, colour))
    chart.x_axis.tickLblPos = "low"
    return chart


def pairs_chart(pairs: Pairs, place: Place) -> BarChart:
    """Before in grey above after in the accent; a line at the target, values beside the second."""
    chart = _lying(pairs.width, pairs.height)
    if pairs.has_before:
        chart.series.append(_series(place, pairs.labels, pairs.before, theme.CONTEXT))
    after = _series(place, pairs.labels, pairs.after, theme.ACCENT)
    after.dLbls = labels("showVal", text(9, theme.INK))
    chart.series.append(after)
    at_the_target(chart.y_axis)
    chart.y_axis.scaling.min = 0
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    return chart


def _lying(width: float, height: float) -> BarChart:
    chart = BarChart()
    chart.type, chart.gapWidth, chart.legend = "bar", 45, None
    chart.width, chart.height = width, height
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.y_axis.majorGridlines = None
    chart.x_axis.txPr = text(10, theme.INK)
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _series(place: Place, labelled: str, heading: str, colour: str) -> ChartSeries:
    series = ChartSeries(column_of(place, heading), title=heading)
    series.cat = AxDataSource(strRef=StrRef(column_of(place, labelled)))
    series.graphicalProperties = GraphicalProperties(solidFill=colour)
    series.invertIfNegative = False
    return series
