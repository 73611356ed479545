"""Segments: the customers on the BCG matrix, live, and what each segment brings and costs."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports import theme
from csmcalc.reports.model import Look, Sheet
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.planning.drawing import DRAWN, Drawing
from csmcalc.reports.sheets.planning.matrix import largest_table, matrix_chart, named_table
from csmcalc.reports.sheets.planning.scale import dots_table, ticks_table
from csmcalc.reports.sheets.portfolio import segment_table
from csmcalc.reports.sheets.said import currency_of
from csmcalc.reports.wording import Phrase, counted, phrase, share, when

_WIDTHS = (2, 17, 12, 12, 14, 12, 14, 13, 18, 10, 10, 12, 34)
_CHART_ROW, _CHART_ROWS, _DATA_COLUMN = 7, 20, 16
_LEFT, _RIGHT = 3, 9
_CAPTIONS = (
    (_CHART_ROW - 1, _LEFT, "Question Mark", "QUESTION MARKS · invest carefully"),
    (_CHART_ROW - 1, _RIGHT, "Star", "STARS · invest generously"),
    (_CHART_ROW + _CHART_ROWS, _LEFT, "Poor Dog", "POOR DOGS · exit or reduce services"),
    (_CHART_ROW + _CHART_ROWS, _RIGHT, "Cash Cow", "CASH COWS · hold with lean services"),
)


def segments_sheet(plan: Plan) -> Sheet:
    """The sheet of the matrix."""
    page = Page("Segments", _WIDTHS)
    drawing = Drawing(plan)
    page.head(
        "Which customers are stars, cash cows, question marks and poor dogs?",
        phrase(
            f"Bubble area = ARR, the {DRAWN} largest accounts · lines: margin at standard service ",
            share("profitability_line", plan.lines.profitability, 1),
            ", growth ",
            share("growth_line", plan.lines.growth or 0.0, 1),
            " · amounts in ",
            currency_of(plan),
        ),
    )
    page.text(4, FIRST_COLUMN, _extent(drawing), Look.SUBTITLE)
    for row in range(_CHART_ROW, _CHART_ROW + _CHART_ROWS):
        page.heights[row] = theme.ROW_HEIGHT
    for row, column, segment, words in _CAPTIONS:
        page.text(row, column, words, Look.CARD_LABEL, colour=theme.SEGMENT_COLOURS[segment])
    page.add(_CHART_ROW, FIRST_COLUMN, matrix_chart())
    row = page.table(_CHART_ROW + _CHART_ROWS + 2, segment_table(plan))
    page.section(4, "Chart data", _DATA_COLUMN)
    end = page.table(5, largest_table(drawing), _DATA_COLUMN)
    for table in (named_table(drawing), ticks_table(drawing), dots_table(drawing)):
        end = page.table(end + 1, table, _DATA_COLUMN)
    return page.sheet(printed=(row, len(_WIDTHS)))


def _extent(drawing: Drawing) -> Phrase:
    """Who is drawn where, as far as it does not show."""
    count = int(drawing.beyond.sum())
    beyond = "SUM(Largest[Beyond])"
    words = counted(beyond, count, "account beyond an axis is", "accounts beyond an axis are")
    return when(
        f"{beyond}=0",
        count == 0,
        "Every account of these with a verdict lies within the axes",
        phrase(words, " drawn at its end: the axes leave outliers out"),
    )
