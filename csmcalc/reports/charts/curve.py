"""A curve over equal steps: a shaded stretch, a line, and points that are named."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import (
    NO_LINE,
    at_the_target,
    column_of,
    heading_of,
    labels,
    text,
)
from csmcalc.reports.model import Curve, Mark, Ranks
from csmcalc.reports.references import Place


def curve_chart(curve: Curve, place: Place) -> BarChart:
    """The shaded stretch, columns without gaps, lies behind the line, the marks before it."""
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 0
    chart.legend, chart.width, chart.height = None, curve.width, curve.height
    shade = _series(curve, place, curve.shaded)
    shade.graphicalProperties = GraphicalProperties(solidFill=theme.SHADE, ln=NO_LINE)
    shade.invertIfNegative = False
    chart.series.append(shade)
    lines = LineChart()
    line = _series(curve, place, curve.line)
    line.graphicalProperties = GraphicalProperties(
        ln=LineProperties(solidFill=theme.MUTED, w=22225)
    )
    line.marker, line.smooth = Marker(symbol="none"), False
    lines.series.append(line)
    lines.series.extend(_mark(curve, place, mark) for mark in curve.marks)
    chart += lines
    _axes(chart, curve)
    return chart


def _series(curve: Curve, place: Place, heading: str) -> ChartSeries:
    series = ChartSeries(column_of(place, heading), title=heading)
    x = column_of(place, curve.x)
    of_words = curve.x_is_text
    series.cat = AxDataSource(strRef=StrRef(x)) if of_words else AxDataSource(numRef=NumRef(x))
    return series


def _mark(curve: Curve, place: Place, mark: Mark) -> ChartSeries:
    series = _series(curve, place, mark.heading)
    series.tx = SeriesLabel(strRef=StrRef(heading_of(place, mark.heading)))
    series.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    series.marker = Marker(symbol="circle", size=9)
    paint = GraphicalProperties(solidFill=mark.colour)
    paint.line = LineProperties(solidFill="FFFFFF")
    series.marker.graphicalProperties = paint
    series.smooth = False
    series.dLbls = labels("showSerName", text(9, mark.colour, bold=True))
    series.dLbls.position = mark.side
    return series


def _axes(chart: BarChart, curve: Curve) -> None:
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    x.title, y.title = curve.x_title, None
    x.number_format, y.number_format = "#,##0", curve.number_format
    y.majorGridlines = None
    x.tickLblPos = y.tickLblPos = "low"
    x.tickLblSkip = x.tickMarkSkip = curve.label_every
    if curve.low is not None:
        y.scaling.min = curve.low
    for axis in (x, y):
        axis.txPr = text(9, theme.MUTED)
        axis.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=theme.RULE, w=9525)
        )
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)


def ranks_chart(ranks: Ranks, place: Place) -> LineChart:
    """Before in grey, after in the accent, without marks; a line at the target."""
    chart = LineChart()
    chart.legend, chart.width, chart.height = None, ranks.width, ranks.height
    drawn = [(ranks.before, theme.MUTED)] if ranks.has_before else []
    for heading, colour in (*drawn, (ranks.after, theme.ACCENT)):
        series = ChartSeries(column_of(place, heading), title=heading)
        series.cat = AxDataSource(numRef=NumRef(column_of(place, ranks.x)))
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=22225)
        )
        series.marker, series.smooth = Marker(symbol="none"), False
        chart.series.append(series)
    x, y = chart.x_axis, chart.y_axis
    at_the_target(y)
    y.scaling.min = 0
    x.delete, x.tickLblPos, x.number_format = False, "low", "#,##0"
    x.tickLblSkip = x.tickMarkSkip = max(1, (place.last - place.first + 1) // 16)
    x.txPr = text(9, theme.MUTED)
    x.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.RULE, w=9525))
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart
