"""Charts that read the same in Excel and LibreOffice."""

from __future__ import annotations

from openpyxl.chart import BarChart, BubbleChart
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import DataPoint, SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
)
from openpyxl.drawing.text import Font as DrawingFont

from csmcalc.reports import theme
from csmcalc.reports.model import Axis, Bars, Bubble, Bubbles
from csmcalc.reports.references import Place, quoted

_LABELS = (
    "showSerName",
    "showVal",
    "showCatName",
    "showLegendKey",
    "showPercent",
    "showBubbleSize",
    "showLeaderLines",
)
_NO_LINE = LineProperties(noFill=True)


def bar_chart(bars: Bars, place: Place) -> BarChart:
    """Horizontal bars in grey, the accented one in the accent colour, values beside them."""
    chart = BarChart()
    chart.type, chart.gapWidth, chart.legend = "bar", 45, None
    chart.width, chart.height = bars.width, bars.height
    series = ChartSeries(_column(place, bars.values), title=bars.values)
    series.cat = AxDataSource(strRef=StrRef(_column(place, bars.labels)))
    series.graphicalProperties = GraphicalProperties(solidFill=theme.CONTEXT)
    series.invertIfNegative = False
    accent = DataPoint(idx=bars.accent, invertIfNegative=False)
    accent.graphicalProperties = GraphicalProperties(solidFill=theme.ACCENT)
    series.dPt.append(accent)
    series.dLbls = _labels("showVal", _text(10, theme.INK, bold=True))
    chart.series.append(series)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    chart.x_axis.txPr = _text(10, theme.INK)
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=_NO_LINE)
    chart.graphical_properties = GraphicalProperties(ln=_NO_LINE)
    return chart


def bubble_chart(bubbles: Bubbles, place: Place) -> BubbleChart:
    """Bubbles by segment; the axes cross at the lines of the matrix."""
    chart = BubbleChart()
    chart.bubbleScale, chart.legend = 45, None
    chart.width, chart.height = bubbles.width, bubbles.height
    for bubble in bubbles.bubbles:
        chart.series.append(_bubble(bubbles, bubble, place))
    _axis(chart.x_axis, bubbles.x, crossed_at=bubbles.y.line)
    _axis(chart.y_axis, bubbles.y, crossed_at=bubbles.x.line)
    chart.graphical_properties = GraphicalProperties(ln=_NO_LINE)
    return chart


def _bubble(bubbles: Bubbles, bubble: Bubble, place: Place) -> XYSeries:
    series = XYSeries()
    series.tx = SeriesLabel(v=bubble.title)
    cells = {
        heading: _cells(place, heading, bubble)
        for heading in (bubbles.x.heading, bubbles.y.heading, bubbles.size)
    }
    series.xVal = AxDataSource(numRef=NumRef(cells[bubbles.x.heading]))
    series.yVal = NumDataSource(numRef=NumRef(cells[bubbles.y.heading]))
    series.bubbleSize = NumDataSource(numRef=NumRef(cells[bubbles.size]))
    paint = GraphicalProperties(solidFill=bubble.colour)
    edge = theme.INK if bubble.label else "FFFFFF"
    paint.line = LineProperties(solidFill=edge, w=9525 if bubble.label else 6350)
    series.graphicalProperties = paint
    series.invertIfNegative = False
    if bubble.label:
        series.dLbls = _labels("showSerName", _text(9, theme.INK, bold=True))
        series.dLbls.position = "r"
    return series


def _axis(axis: object, described: Axis, crossed_at: float) -> None:
    axis.delete = False  # type: ignore[attr-defined]
    axis.crosses, axis.crossesAt = None, crossed_at  # type: ignore[attr-defined]
    axis.scaling.min, axis.scaling.max = described.low, described.high  # type: ignore[attr-defined]
    axis.number_format, axis.tickLblPos = "0%", "low"  # type: ignore[attr-defined]
    axis.majorGridlines = None  # type: ignore[attr-defined]
    axis.title = described.title  # type: ignore[attr-defined]
    axis.txPr = _text(9, theme.MUTED)  # type: ignore[attr-defined]
    line = LineProperties(solidFill=theme.MUTED, w=9525)
    axis.graphicalProperties = GraphicalProperties(ln=line)  # type: ignore[attr-defined]


def _column(place: Place, heading: str) -> str:
    return f"{quoted(place.sheet)}!{place.column(heading)}"


def _cells(place: Place, heading: str, bubble: Bubble) -> str:
    letter = place.letters[heading]
    first, last = place.first + bubble.first, place.first + bubble.last
    return f"{quoted(place.sheet)}!${letter}${first}:${letter}${last}"


def _labels(shown: str, text: RichText) -> DataLabelList:
    labels = DataLabelList()
    for name in _LABELS:
        setattr(labels, name, name == shown)
    labels.txPr = text
    return labels


def _text(size: int, colour: str, *, bold: bool = False) -> RichText:
    properties = CharacterProperties(
        sz=size * 100, b=bold, solidFill=colour, latin=DrawingFont(typeface=theme.FONT)
    )
    return RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)]
    )
