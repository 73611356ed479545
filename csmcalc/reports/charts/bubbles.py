"""The BCG matrix as bubbles."""

from __future__ import annotations

from openpyxl.chart import BubbleChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, cells_of, labels, text
from csmcalc.reports.model import Axis, Bubble, Bubbles
from csmcalc.reports.references import Place


def bubble_chart(bubbles: Bubbles, place: Place) -> BubbleChart:
    """Bubbles by segment; the axes cross at the lines of the matrix."""
    chart = BubbleChart()
    chart.bubbleScale, chart.legend = 45, None
    chart.width, chart.height = bubbles.width, bubbles.height
    for bubble in bubbles.bubbles:
        chart.series.append(_bubble(bubbles, bubble, place))
    _axis(chart.x_axis, bubbles.x, crossed_at=bubbles.y.line)
    _axis(chart.y_axis, bubbles.y, crossed_at=bubbles.x.line)
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _bubble(bubbles: Bubbles, bubble: Bubble, place: Place) -> XYSeries:
    series = XYSeries()
    series.tx = SeriesLabel(v=bubble.title)
    cells = {
        heading: cells_of(place, heading, bubble.first, bubble.last)
        for heading in (bubbles.x.heading, bubbles.y.heading, bubbles.size)
    }
    series.xVal = AxDataSource(numRef=NumRef(cells[bubbles.x.heading]))
    series.yVal = NumDataSource(numRef=NumRef(cells[bubbles.y.heading]))
    series.bubbleSize = NumDataSource(numRef=NumRef(cells[bubbles.size]))
    paint = GraphicalProperties(solidFill=bubble.colour)
    edge = theme.INK if bubble.side else "FFFFFF"
    paint.line = LineProperties(solidFill=edge, w=9525 if bubble.side else 6350)
    series.graphicalProperties = paint
    series.invertIfNegative = False
    if bubble.side:
        series.dLbls = labels("showSerName", text(9, theme.INK, bold=True))
        series.dLbls.position = bubble.side
    return series


def _axis(axis: object, described: Axis, crossed_at: float) -> None:
    axis.delete = False  # type: ignore[attr-defined]
    axis.crosses, axis.crossesAt = None, crossed_at  # type: ignore[attr-defined]
    axis.scaling.min, axis.scaling.max = described.low, described.high  # type: ignore[attr-defined]
    axis.number_format, axis.tickLblPos = "#,##0%", "low"  # type: ignore[attr-defined]
    axis.majorUnit = described.step  # type: ignore[attr-defined]
    axis.majorGridlines = None  # type: ignore[attr-defined]
    axis.title = described.title  # type: ignore[attr-defined]
    axis.txPr = text(9, theme.MUTED)  # type: ignore[attr-defined]
    line = LineProperties(solidFill=theme.MUTED, w=9525)
    axis.graphicalProperties = GraphicalProperties(ln=line)  # type: ignore[attr-defined]
