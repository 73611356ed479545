"""What all charts share: labels, type, and where a column of a table stands."""

from __future__ import annotations

from typing import Any

from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import Font as DrawingFont

from csmcalc.reports import theme
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
NO_LINE = LineProperties(noFill=True)


def column_of(place: Place, heading: str) -> str:
    """The body of a column as charts refer to it."""
    return f"{quoted(place.sheet)}!{place.column(heading)}"


def heading_of(place: Place, heading: str) -> str:
    """The cell above a column."""
    return f"{quoted(place.sheet)}!${place.letters[heading]}${place.header}"


def cells_of(place: Place, heading: str, first: int, last: int) -> str:
    """Some rows (0-based, inclusive) of a column."""
    letter = place.letters[heading]
    return f"{quoted(place.sheet)}!${letter}${place.first + first}:${letter}${place.first + last}"


def labels(shown: str, look: RichText) -> DataLabelList:
    """Labels that show one thing; every other flag says no, or Excel shows it."""
    made = DataLabelList()
    for name in _LABELS:
        setattr(made, name, name == shown)
    made.txPr = look
    return made


def at_the_target(axis: Any) -> None:
    """An axis of shares of a target, whose one line in two stands at the target."""
    axis.delete = False
    axis.number_format, axis.majorUnit = "0%", 1.0
    axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=theme.MUTED, w=9525, prstDash="dash"))
    )
    axis.txPr = text(9, theme.MUTED)
    axis.graphicalProperties = GraphicalProperties(ln=NO_LINE)


def text(size: int, colour: str, *, bold: bool = False) -> RichText:
    """Type of labels and axes."""
    properties = CharacterProperties(
        sz=size * 100, b=bold, solidFill=colour, latin=DrawingFont(typeface=theme.FONT)
    )
    return RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)]
    )
