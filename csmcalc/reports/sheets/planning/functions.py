"""Functions: formulas of the workbook beside the functions of csmcalc, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from csmcalc import formulas
from csmcalc.portfolio.segments import NO_VERDICT
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.planning.drawing import Drawing
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.planning.pairs import Pair, pairs_of
from csmcalc.reports.wording import Phrase, counted, phrase, when

_WIDTHS = (2, 44, 28, 18, 18, 14, 16, 16)
_SILENT, _UNASKED, _ALONE = "no answer", "not asked", "not compared"
"""What stands for a function's answer, and for whether it agrees, where there is none."""
_WORDS = ("OK", "LOOK")
_COMPARED = 10
"""Accounts whose segments are compared, the largest first."""


def functions_sheet(filled: Filled) -> Sheet:
    """The sheet of the functions."""
    page = Page("Functions", _WIDTHS)
    row = page.head(
        "Do the functions of csmcalc say what this workbook says?",
        "Black formulas need nothing; the functions need csmcalc on this computer, in Excel for "
        "Windows or LibreOffice (csmcalc addin doctor tells what is missing)",
    )
    words = verdict(filled)
    page.text(4, FIRST_COLUMN, Cell(words.value, words.formula, spill=(1, 1)), Look.CARD_LABEL)
    row = page.section(row + 1, "Figures of the plan")
    row = page.table(row, _pairs_table(filled)) + 1
    row = page.section(row, f"Segments of the {_COMPARED} largest accounts")
    row = page.table(row, _segments_table(filled))
    return page.sheet(printed=(row, len(_WIDTHS)))


FAULTY = '(COUNTIF(FunctionPairs[Agree],"LOOK")+COUNTIF(FunctionSegments[Agree],"LOOK"))'
"""How many figures the functions and the workbook differ in."""


def differing(filled: Filled) -> int:
    """The same now."""
    pairs = sum(not pair.agrees for pair in pairs_of(filled))
    return pairs + sum(b not in (a, _UNASKED) for *_, a, b in _compared(filled))


def verdict(filled: Filled) -> Phrase:
    """Whether functions and formulas agree, in words."""
    count = differing(filled)
    alone = f'COUNTIF(FunctionPairs[Agree],"{_ALONE}")'
    return when(
        f"{FAULTY}=0",
        count == 0,
        when(
            f"{alone}=0",
            True,
            "Functions and formulas agree",
            "The functions do not answer here; the workbook does not need them",
        ),
        phrase(counted(FAULTY, count, "figure differs", "figures differ"), ", see Functions"),
    )


def _pairs_table(filled: Filled) -> Table:
    columns = (
        Column("Figure"),
        Column("Function"),
        Column("By this workbook", Unit.PLAIN),
        Column("By the function", Unit.PLAIN),
        Column("Agree"),
    )
    return Table("FunctionPairs", columns, tuple(map(_pair, pairs_of(filled))))


def _pair(pair: Pair) -> tuple[Cell, ...]:
    near = (
        "ABS([@By this workbook]-[@By the function])<=whole_tolerance*(1+ABS([@By this workbook]))"
    )
    status = f'IF(ISNUMBER([@By the function]),IF({near},"OK","LOOK"),"{_ALONE}")'
    return (
        Cell(pair.title),
        Cell(pair.name, look=Look.MUTED),
        Cell(pair.now, pair.by_cells, pair.unit),
        Cell(pair.answer, f'IFERROR({pair.call},"{_SILENT}")', pair.unit, spill=(1, 1)),
        _status(_agreement(pair.agrees), status),
    )


def _agreement(holds: bool) -> str:
    return "OK" if holds else "LOOK"


def _status(word: str, formula: str) -> Cell:
    """Whether both agree, found anew with the function's answer where a file is opened.

    Without the functions LibreOffice finds nothing else anew: the word that was kept would lie.
    """
    return Cell(word, formula, look=Look.STRONG, coloured=_WORDS, spill=(1, 1))


# --- segments --------------------------------------------------------------------------------


def _compared(filled: Filled) -> Iterator[tuple[str, Any, Any, str, str]]:
    """Account, margin, growth, segment and what the function says of the largest accounts."""
    drawing = Drawing(filled.plan)
    lines, matrix = filled.plan.lines, filled.plan.settings.bcg
    before = filled.plan.book.customers["previous_segment"]
    for at, account in drawing.accounts.head(_COMPARED).iterrows():
        margin, growth = float(account["margin"]), float(account["growth_used"])
        segment = str(account["segment"])
        told = before.loc[at]
        asked = _UNASKED
        if segment != NO_VERDICT:
            given = (margin, growth, lines.profitability, lines.growth, matrix.band)
            previous = told if isinstance(told, str) and told else None
            asked = str(formulas.bcg_segment(*given, previous))
        yield str(account["name"]), margin, growth, segment, asked


def _segments_table(filled: Filled) -> Table:
    columns = (
        Column("Account"),
        Column("Function"),
        Column("By this workbook"),
        Column("By the function"),
        Column("Agree"),
        Column("Margin", Unit.SHARE),
        Column("Growth", Unit.SHARE),
        Column("No", Unit.FIGURE),
    )
    compared = list(_compared(filled))
    rows = tuple(
        _segment(at, compared[at] if at < len(compared) else None) for at in range(_COMPARED)
    )
    return Table("FunctionSegments", columns, rows)


def _of_largest(heading: str) -> str:
    return f'IFERROR(INDEX(Customers[{heading}],INDEX(Largest[Row],[@No])),"")'


def _segment(at: int, told: tuple[str, Any, Any, str, str] | None) -> tuple[Cell, ...]:
    name, margin, growth, segment, asked = told or ("", "", "", "", "")
    growth = "" if growth != growth else growth
    previous = "INDEX(Customers[Previous segment],INDEX(Largest[Row],[@No]))"
    call = f"BCG_SEGMENT([@Margin],[@Growth],profitability_line,growth_line,band,{previous})"
    status = (
        f'IF([@By this workbook]="","",IF(OR([@By the function]="{_SILENT}",'
        f'[@By the function]="{_UNASKED}"),"{_ALONE}",'
        'IF([@By the function]=[@By this workbook],"OK","LOOK")))'
    )
    word = "" if told is None else _ALONE if asked == _UNASKED else _agreement(asked == segment)
    return (
        Cell(name, 'INDEX(Largest[Name],[@No])&""'),
        Cell("BCG_SEGMENT", look=Look.MUTED),
        Cell(segment, 'INDEX(Largest[Segment],[@No])&""'),
        Cell(
            asked,
            f'IF([@By this workbook]="","",IF([@Growth]="","{_UNASKED}",'
            f'IFERROR({call},"{_SILENT}")))',
            spill=(1, 1),
        ),
        _status(word, status),
        Cell(margin, _of_largest("Standard margin"), Unit.SHARE),
        Cell(growth, _of_largest("Growth"), Unit.SHARE),
        Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED),
    )
