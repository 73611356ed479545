"""The BCG matrix as bubbles around two lines in the middle."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.chart import BubbleChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, cells_of, column_of, labels, text
from csmcalc.reports.model import Matrix
from csmcalc.reports.references import Place


def matrix_chart(matrix: Matrix, places: Mapping[str, Place]) -> BubbleChart:
    """All accounts in the colours of their segments, then those with a name, outlined."""
    chart = BubbleChart()
    chart.bubbleScale, chart.legend = 45, None
    chart.width, chart.height = matrix.width, matrix.height
    drawn, named = places[matrix.table], places[matrix.named]
    for heading, colour in matrix.series:
        series = _series(*(column_of(drawn, h) for h in (matrix.x, matrix.y, heading)))
        series.tx = SeriesLabel(v=heading)
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line = LineProperties(solidFill="FFFFFF", w=6350)
        chart.series.append(series)
    for at in range(len(matrix.series)):
        chart.series.append(_named(matrix, named, at))
    _axis(chart.x_axis, matrix.x_title)
    _axis(chart.y_axis, matrix.y_title)
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _series(x: str, y: str, size: str) -> XYSeries:
    series = XYSeries()
    series.xVal = AxDataSource(numRef=NumRef(x))
    series.yVal = NumDataSource(numRef=NumRef(y))
    series.bubbleSize = NumDataSource(numRef=NumRef(size))
    series.invertIfNegative = False
    return series


def _named(matrix: Matrix, place: Place, at: int) -> XYSeries:
    series = _series(*(cells_of(place, h, at, at) for h in (matrix.x, matrix.y, matrix.size)))
    series.tx = SeriesLabel(strRef=StrRef(cells_of(place, matrix.name, at, at).partition(":")[0]))
    series.graphicalProperties = GraphicalProperties(noFill=True)
    series.graphicalProperties.line = LineProperties(solidFill=theme.INK, w=9525)
    series.dLbls = labels("showSerName", text(9, theme.INK, bold=True))
    series.dLbls.position = "r"
    return series


def _axis(axis: object, title: str) -> None:
    axis.delete = False  # type: ignore[attr-defined]
    axis.crosses, axis.crossesAt = None, 0  # type: ignore[attr-defined]
    axis.scaling.min, axis.scaling.max = -1, 1  # type: ignore[attr-defined]
    # openpyxl writes no "none": a format without figures hides them, one step has no marks between.
    axis.number_format, axis.majorUnit = ";;;", 1.0  # type: ignore[attr-defined]
    axis.majorGridlines = None  # type: ignore[attr-defined]
    axis.title = title  # type: ignore[attr-defined]
    axis.txPr = text(9, theme.MUTED)  # type: ignore[attr-defined]
    line = LineProperties(solidFill=theme.MUTED, w=9525)
    axis.graphicalProperties = GraphicalProperties(ln=line)  # type: ignore[attr-defined]
