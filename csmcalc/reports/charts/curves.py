"""Rows of months as lines, their names above them."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.chart import LineChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter

from csmcalc.reports import theme
from csmcalc.reports.charts.parts import NO_LINE, text
from csmcalc.reports.model import Curves
from csmcalc.reports.references import GRID_COLUMNS, GridLine, quoted


def curves_chart(curves: Curves, rows: Mapping[str, GridLine], currency: str) -> LineChart:
    """Lines over the months; their names stand above them, as lines that move would cross names."""
    chart = LineChart()
    chart.legend, chart.width, chart.height = Legend(), curves.width, curves.height
    chart.legend.position, chart.legend.overlay = "t", False
    chart.legend.txPr = text(9, theme.INK, bold=True)
    for line in curves.lines:
        row, colour = rows[line.key], line.colour
        series = ChartSeries(_cells(row), title=line.name or None)
        series.tx = SeriesLabel(v=line.name) if line.name else _title_of(row)
        series.cat = AxDataSource(numRef=NumRef(_cells(rows[curves.months])))
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=22225)
        )
        series.marker, series.smooth = Marker(symbol="none"), False
        chart.series.append(series)
    x, y = chart.x_axis, chart.y_axis
    x.delete = y.delete = False
    x.number_format, y.number_format = "mmm yy", theme.number_format(curves.unit, currency)
    y.majorGridlines, y.scaling.min = None, 0
    for axis in (x, y):
        axis.title, axis.tickLblPos = None, "low"
        axis.txPr = text(9, theme.MUTED)
        axis.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=theme.RULE, w=9525)
        )
    chart.graphical_properties = GraphicalProperties(ln=NO_LINE)
    return chart


def _title_of(row: GridLine) -> SeriesLabel:
    """The title of a row, whatever it says."""
    column = get_column_letter(row.opening - GRID_COLUMNS + 1)
    return SeriesLabel(strRef=StrRef(f"{quoted(row.sheet)}!${column}${row.row}"))


def _cells(row: GridLine) -> str:
    whole = row.cells("all", row.last)
    first, last = (part.lstrip("$") for part in whole.split(":"))
    return f"{quoted(row.sheet)}!${_fixed(first)}:${_fixed(last)}"


def _fixed(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    return f"{letters}${cell.removeprefix(letters)}"
