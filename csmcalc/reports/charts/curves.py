"""Rows of months as lines, each named at its end."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.chart import LineChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.data_source import AxDataSource, NumRef
from openpyxl.chart.label import DataLabel
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, labels, text
from csmcalc.reports.model import Curves
from csmcalc.reports.references import GridLine, quoted


def curves_chart(curves: Curves, rows: Mapping[str, GridLine], currency: str) -> LineChart:
    """Lines over the months; no legend, each line's name stands at its last month."""
    chart = LineChart()
    chart.legend, chart.width, chart.height = None, curves.width, curves.height
    for key, name, colour in curves.lines:
        series = ChartSeries(_cells(rows[key]), title=name)
        series.tx = SeriesLabel(v=name)
        series.cat = AxDataSource(numRef=NumRef(_cells(rows[curves.months])))
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=22225)
        )
        series.marker, series.smooth = Marker(symbol="none"), False
        series.dLbls = labels("", text(9, colour, bold=True))
        at_end = DataLabel(idx=rows[key].last - rows[key].opening - 1)
        for flag in ("showVal", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"):
            setattr(at_end, flag, False)
        at_end.showSerName, at_end.dLblPos, at_end.txPr = True, "t", text(9, colour, bold=True)
        series.dLbls.dLbl = [at_end]
        chart.series.append(series)
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    x.number_format, y.number_format = "mmm yy", theme.number_format(curves.unit, currency)
    y.majorGridlines, y.scaling.min = None, 0
    for axis in (x, y):
        axis.title, axis.tickLblPos = None, "low"
        axis.txPr = text(9, theme.MUTED)
        line = LineProperties(solidFill=theme.RULE, w=9525)
        axis.graphicalProperties = GraphicalProperties(ln=line)
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _cells(row: GridLine) -> str:
    whole = row.cells("all", row.last)
    first, last = (part.lstrip("$") for part in whole.split(":"))
    return f"{quoted(row.sheet)}!${_fixed(first)}:${_fixed(last)}"


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"{letters}${cell.removeprefix(letters)}"
