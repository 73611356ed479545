"""The BCG matrix as bubbles over two axes whose figures and lines are bubbles too, and so move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.chart import BubbleChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, cells_of, column_of, labels, text
from csmcalc.reports.model import Matrix
from csmcalc.reports.references import Place

_PLOT = {"x": 0.075, "y": 0.02, "w": 0.8, "h": 0.83}
"""Where the frame stands in the chart: room for figures, titles, and names beside it."""
_TITLES = {"x": {"x": 0.36, "y": 0.935}, "y": {"x": 0.005, "y": 0.34}}


def matrix_chart(matrix: Matrix, places: Mapping[str, Place]) -> BubbleChart:
    """The lines, all accounts in their segments' colours, those with a name, the figures."""
    chart = BubbleChart()
    chart.bubbleScale, chart.legend = 45, None
    chart.width, chart.height = matrix.width, matrix.height
    chart.series.append(_widest(places[matrix.dots]))
    chart.series.extend(_lines(places[matrix.dots]))
    drawn = places[matrix.table]
    for heading, colour in matrix.series:
        series = _series(*(column_of(drawn, h) for h in (matrix.x, matrix.y, heading)))
        series.tx = SeriesLabel(v=heading)
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line = LineProperties(solidFill="FFFFFF", w=6350)
        chart.series.append(series)
    for at in range(matrix.names):
        chart.series.extend(_named(matrix, places[matrix.named], at))
    for at in range(matrix.most_ticks):
        chart.series.extend(_ticks(places[matrix.ticks], at))
    _axis(chart.x_axis, matrix.x_title, matrix.room, _at(**_TITLES["x"]))
    _axis(chart.y_axis, matrix.y_title, matrix.room, _at(**_TITLES["y"]))
    chart.layout = _at(layoutTarget="inner", **_PLOT)
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _series(x: str, y: str, size: str) -> XYSeries:
    series = XYSeries()
    series.xVal = AxDataSource(numRef=NumRef(x))
    series.yVal = NumDataSource(numRef=NumRef(y))
    series.bubbleSize = NumDataSource(numRef=NumRef(size))
    series.invertIfNegative = False
    return series


def _widest(place: Place) -> XYSeries:
    """A bubble that does not show: all others are drawn by the widest of a chart."""
    series = _series(*(cells_of(place, h, 0, 0) for h in ("Along", "Along upwards", "Widest")))
    series.tx = SeriesLabel(v="Widest")
    series.graphicalProperties = GraphicalProperties(noFill=True)
    series.graphicalProperties.line = NO_LINE
    return series


def _lines(place: Place) -> Iterator[XYSeries]:
    """The two lines of the matrix, dotted."""
    for x, y in (("Along", "Growth line"), ("Margin line", "Along upwards")):
        series = _series(*(column_of(place, heading) for heading in (x, y, "Dot")))
        series.tx = SeriesLabel(v=y if x == "Along" else x)
        series.graphicalProperties = GraphicalProperties(solidFill=theme.MUTED)
        series.graphicalProperties.line = NO_LINE
        yield series


def _named(matrix: Matrix, place: Place, at: int) -> Iterator[XYSeries]:
    """A ring for each side on which the name may stand; all but one have neither name nor size."""
    for name, size, side in matrix.sides:
        series = _series(*(cells_of(place, h, at, at) for h in (matrix.x, matrix.y, size)))
        series.tx = _title(place, name, at)
        series.graphicalProperties = GraphicalProperties(noFill=True)
        series.graphicalProperties.line = LineProperties(solidFill=theme.INK, w=9525)
        series.dLbls = labels("showSerName", text(9, theme.INK, bold=True))
        series.dLbls.position = side
        yield series


def _ticks(place: Place, at: int) -> Iterator[XYSeries]:
    """A figure below the frame and one beside it: bubbles that do not show, with their names."""
    for heading, side in (("Margin", "b"), ("Growth", "l")):
        along, size = (cells_of(place, h, at, at) for h in (f"{heading} at", f"{heading} dot"))
        frame = cells_of(place, "Frame", at, at)
        x, y = (along, frame) if side == "b" else (frame, along)
        series = _series(x, y, size)
        series.tx = _title(place, f"{heading} shown", at)
        series.graphicalProperties = GraphicalProperties(noFill=True)
        series.graphicalProperties.line = NO_LINE
        series.dLbls = labels("showSerName", text(9, theme.MUTED))
        series.dLbls.position = side
        yield series


def _title(place: Place, heading: str, at: int) -> SeriesLabel:
    return SeriesLabel(strRef=StrRef(cells_of(place, heading, at, at).partition(":")[0]))


def _at(**place: Any) -> Layout:
    """A place in the chart, as shares of its width and height."""
    return Layout(ManualLayout(xMode="edge", yMode="edge", **place))


def _axis(axis: Any, title: str, room: float, place: Layout) -> None:
    axis.delete = False
    axis.crosses, axis.crossesAt = None, -room
    axis.scaling.min, axis.scaling.max = -room, 1 + room
    # openpyxl writes no "none": a format without figures hides them, one step has no marks between.
    axis.number_format, axis.majorUnit = ";;;", 2.0
    axis.majorGridlines = None
    axis.title = title
    axis.title.layout = place  # its figures are not those of the axis, which would make room
    axis.txPr = text(9, theme.MUTED)
    line = LineProperties(solidFill=theme.RULE, w=9525)
    axis.graphicalProperties = GraphicalProperties(ln=line)
