"""A cell's clothes: font, fill, lines, alignment and number format from its look and unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from typing import Any

from openpyxl.cell import Cell as SheetCell
from openpyxl.formatting.rule import CellIsRule, Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Look, Unit
from csmcalc.reports.template.cells import READS_AS_FORMULA, workbook_text


class OrderedFont(Font):  # type: ignore[misc]
    """A font whose parts stand in the order of the file format; openpyxl puts its name first."""

    tagname = "font"
    __elements__ = (
        *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"),
        *("color", "name", "family", "charset", "scheme"),
    )
    __nested__ = Font.__nested__


class Wardrobe:
    """The clothes of one workbook; each combination is made once and worn by many cells."""

    def __init__(self, currency: str) -> None:
        """Clothes for amounts in a currency."""
        self.currency = currency
        self._made: dict[tuple[Look, Unit, str | None, bool, bool], Any] = {}

    def dress(
        self, target: SheetCell, cell: Cell, *, indented: bool = False, right: bool = False
    ) -> None:
        """Give a cell its font, fill, lines, alignment and number format.

        Text that follows a column of numbers is indented, so that the two do not touch; text among
        numbers stands on their side.
        """
        wanted = (cell.look, cell.unit, cell.colour, indented, right)
        if target.has_style:
            self._make(target, *wanted)
            return
        if wanted not in self._made:
            self._make(target, *wanted)
            # openpyxl compares and hashes every style object it is given: costly per cell.
            self._made[wanted] = copy(target._style)
        target._style = copy(self._made[wanted])

    def _make(
        self,
        target: SheetCell,
        look: Look,
        unit: Unit,
        colour: str | None,
        indented: bool,
        right: bool,
    ) -> None:
        style = theme.STYLES[look]
        target.font = OrderedFont(
            name=theme.FONT, size=style.size, bold=style.bold, color=colour or style.colour
        )
        if style.fill:
            target.fill = PatternFill("solid", fgColor=style.fill)
        if style.above or style.below:
            weight = "medium" if style.strong_line else "thin"
            target.border = Border(
                top=Side(weight, color=style.above) if style.above else None,
                bottom=Side(weight, color=style.below) if style.below else None,
            )
        on_the_right = right or (unit in theme.NUMERIC and look is not Look.CARD_FIGURE)
        target.alignment = Alignment(
            horizontal="right" if on_the_right else "left",
            vertical="center",
            wrap_text=style.wraps or None,
            indent=1 if indented and not on_the_right else 0,
        )
        if on_the_right and (look is Look.HEADER or unit is Unit.TEXT):
            target.number_format = theme.number_format(Unit.TEXT, self.currency)
        elif unit is not Unit.TEXT:
            target.number_format = theme.number_format(unit, self.currency)


def colour_words(worksheet: Worksheet, cells: str, words: Iterable[str]) -> None:
    """Let words choose their colour, in formulas too; the word says the same without colour."""
    for word in words:
        band = theme.BANDS.get(word)
        rule = CellIsRule(
            operator="equal",
            formula=[f'"{word}"'],
            font=Font(color=band or theme.WORD_COLOURS[word], bold=True),
            fill=PatternFill(bgColor=band) if band else None,
        )
        worksheet.conditional_formatting.add(cells, rule)


_MILLIONS, _BILLIONS, _WOULD_READ_ZERO = 10_000_000, 10_000_000_000, 50_000


def scale_amounts(worksheet: Worksheet, cells: str) -> None:
    """Show amounts in millions or billions while the largest of these cells needs it.

    The unit follows the amounts when they change, as one number format could not.
    """
    first = _absolute(cells)
    largest = f"MAX(MAX({first}),-MIN({first}))"
    small = (
        f'COUNTIFS({first},">0",{first},"<{_WOULD_READ_ZERO}")'
        f'+COUNTIFS({first},"<0",{first},">-{_WOULD_READ_ZERO}")'
    )
    for condition, unit in (
        (f"{largest}>={_BILLIONS}", Unit.BILLIONS),
        (f"AND({largest}>={_MILLIONS},{small}=0)", Unit.MILLIONS),
    ):
        numbers = NumberFormat(
            numFmtId=_NUMBER_FORMATS[unit], formatCode=theme.number_format(unit, "")
        )
        style = DifferentialStyle(numFmt=numbers)
        rule = Rule(type="expression", dxf=style, formula=[condition], stopIfTrue=True)
        worksheet.conditional_formatting.add(cells, rule)


def hide_while_blank(worksheet: Worksheet, number: str, line: str, other: str) -> None:
    """Let the number and the rule of a line show only while another of its cells says something."""
    unruled = Border(bottom=Side("thin", color=theme.PAPER))
    no_number = NumberFormat(numFmtId=_NOTHING, formatCode=";;;")
    # Of two rules for a cell LibreOffice keeps to the first alone.
    for cells, style in (
        (number, DifferentialStyle(numFmt=no_number, border=unruled)),
        (line, DifferentialStyle(border=unruled)),
    ):
        rule = Rule(type="expression", dxf=style, formula=[f'{other}=""'])
        worksheet.conditional_formatting.add(cells, rule)


_NOTHING = 303
_NUMBER_FORMATS = {Unit.BILLIONS: 301, Unit.MILLIONS: 302}
"""Numbers of formats that only rules use: of those that a workbook may choose."""


def _absolute(cells: str) -> str:
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", cells)


def write_text(target: SheetCell, text: str) -> None:
    """Put text into a dressed cell as text, even where it begins like a formula."""
    target.value = workbook_text(text)
    target.data_type = "s"
    if text.startswith(READS_AS_FORMULA):
        target.quotePrefix = True
