"""Values of formulas that somebody added: those that still hold, and those that nobody knows yet.

csmcalc computes no formulas but its own. A value stays beside a formula where nothing that the
formula refers to was changed; else the cell is left without one, as an old one would look like new.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from csmcalc.planning.mapping import Spot
from csmcalc.planning.opened import Failed, Opened
from csmcalc.planning.places import Area, address, area_of, place
from csmcalc.planning.placing import Placed
from csmcalc.reports.template import folded
from csmcalc.reports.template.cells import cell_number
from csmcalc.reports.template.computed import CONSTANTS
from csmcalc.reports.template.sheet import Cell
from csmcalc.reports.template.tables import ExcelTable

_SHEET = r"(?:'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
_REFERENCE = re.compile(
    rf"(?<![\w.$])({_SHEET})(\$?[A-Z]{{1,3}}\$?[0-9]{{1,7}}(?::\$?[A-Z]{{1,3}}\$?[0-9]{{1,7}})?)(?![\w.(!\[#])"
)
_COLUMN = re.compile(r"(?<![\w.])([^\W\d]\w*)\[([^\[\]@#']+)\]")
_WORDS = re.compile(r'"(?:[^"]|"")*"')
_CALL = re.compile(r"([A-Z][A-Z0-9.]*)\(")
_NUMBER = re.compile(r"(?<![\w.])[0-9.]+(?:E[+-]?[0-9]+)?", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w.]*")
_TOLD = {"TRUE", "FALSE"}
_AT_ANY_TIME = {
    *("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"),
    *("SHEET", "SHEETS", "LAMBDA", "LET", "FORMULATEXT"),
}
"""Functions whose value may change though no cell did that stands in the formula."""
_MOST_CELLS = 100_000
_OPENERS = "[]{}#@!\\"
"""Signs of references that are not followed."""


def values_of(opened: Opened, made: Placed, sheets: Collection[str]) -> dict[tuple[str, str], Any]:
    """The values beside the formulas of some sheets, by sheet and address.

    They are those of csmcalc, those of formulas that are no more than a value, and those of
    somebody's own that still hold.
    """
    constants = {
        (name, cell.address): CONSTANTS[cell.formula.text]
        for name in sheets
        for cell in opened.sheets[name].cells()
        if cell.formula is not None and cell.formula.text in CONSTANTS
    }
    found = made.formulas.items()
    ours = {(sheet, address(row, column)): value for (sheet, row, column), value in found}
    return constants | OwnFormulas(opened, made).values(sheets) | ours


class OwnFormulas:
    """The formulas of a workbook that are not csmcalc's, once it is known what is written into it.

    `same` are columns of its tables, by table and heading, that stay as they are.
    """

    def __init__(
        self, opened: Opened, made: Placed, same: Collection[tuple[str, str]] = ()
    ) -> None:
        """Take note of what changes: the cells of `made`, and tables but for the columns `same`."""
        self.opened, self.made = opened, made
        self.same = {(table.casefold(), folded(heading)) for table, heading in same}
        self.columns = [column for table in opened.tables.values() for column in _columns(table)]
        self.changing = [area for name, area in self.columns if name not in self.same]
        self._holds: dict[Spot, bool] = {}

    def cells(self, sheets: Iterable[str]) -> Iterator[tuple[Spot, Cell]]:
        """Each of them on some sheets that stands outside of tables."""
        for name in sheets:
            for cell in self.opened.sheets[name].cells():
                spot = name, cell.row, cell.column
                if cell.formula is not None and self._is_own(spot, cell):
                    yield spot, cell

    def values(self, sheets: Iterable[str]) -> dict[tuple[str, str], Any]:
        """The values on some sheets that still hold, by sheet and address."""
        return {
            (spot[0], cell.address): self.opened.value_of(spot[0], cell)
            for spot, cell in self.cells(sheets)
            if self.holds(spot)
        }

    def unknown(self) -> Iterator[Spot]:
        """The cells whose value is known once the workbook is computed."""
        return (spot for spot, _ in self.cells(self.opened.sheets) if not self.holds(spot))

    def holds(self, spot: Spot) -> bool:
        """Whether the value of a formula is what it was."""
        if spot not in self._holds:
            self._holds[spot] = False  # a circle has no value
            self._holds[spot] = self._is_settled(spot)
        return self._holds[spot]

    def _is_own(self, spot: Spot, cell: Cell) -> bool:
        if spot in self.made.formulas or self._in_table(spot):
            return False
        return self.opened.sheets[spot[0]].formula_text(cell) not in CONSTANTS

    def _in_table(self, spot: Spot) -> bool:
        sheet, row, column = spot
        return any(
            area.sheet == sheet
            and area.top <= row <= area.bottom
            and area.left <= column <= area.right
            for _, area in self.columns
        )

    def _is_settled(self, spot: Spot) -> bool:
        """Whether a formula has a value, and all that it refers to is as it was.

        Beside a formula in place of one of ours may still stand the value of ours.
        """
        if place(*spot) in self.made.own:
            return False
        cell = self.opened.cell(*spot)
        value = None if cell is None else self.opened.value_of(spot[0], cell)
        if cell is None or value is None or isinstance(value, Failed):
            return False
        text = self.opened.sheets[spot[0]].formula_text(cell)
        areas = self._areas(_WORDS.sub('""', text), spot[0])
        return areas is not None and all(map(self._is_same, areas))

    def _areas(self, formula: str, sheet: str) -> list[Area] | None:
        """All cells that a formula refers to; None where that cannot be told, or moves."""
        found: list[Area | None] = []

        def cells(match: re.Match[str]) -> str:
            found.append(area_of(f"{match[1] or _quoted(sheet)}{match[2]}"))
            return " "

        rest = _REFERENCE.sub(cells, _COLUMN.sub(self._column, formula))
        if any(sign in rest for sign in _OPENERS):
            return None
        if any(name in _AT_ANY_TIME for name in _CALL.findall(rest.upper())):
            return None
        rest = _NUMBER.sub(" ", _CALL.sub("(", rest))
        names = (name for name in _NAME.findall(rest) if name.upper() not in _TOLD)
        found += [self.opened.area(name) for name in names]
        known = [area for area in found if area is not None and area.sheet in self.opened.sheets]
        return known if len(known) == len(found) else None

    def _column(self, match: re.Match[str]) -> str:
        """Nothing in place of a column that stays as it is."""
        return " " if (match[1].casefold(), folded(match[2])) in self.same else match[0]

    def _is_same(self, area: Area) -> bool:
        """Whether nothing was changed in some cells."""
        height, width = area.bottom - area.top + 1, area.right - area.left + 1
        if height * width > _MOST_CELLS or any(_touch(area, one) for one in self.changing):
            return False
        return all(
            self._is_unchanged((area.sheet, row, column))
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        )

    def _is_unchanged(self, spot: Spot) -> bool:
        cell = self.opened.cell(*spot)
        if spot in self.made.constants:
            return False
        if spot in self.made.formulas:
            now = None if cell is None else self.opened.value_of(spot[0], cell)
            return _alike(now, self.made.formulas[spot], late=self.opened.context.epoch_1904)
        return cell is None or cell.formula is None or self.holds(spot)


def _columns(table: ExcelTable) -> Iterator[tuple[tuple[str, str], Area]]:
    """The columns of a table, heading included, by its name and theirs."""
    for at, heading in enumerate(table.headings):
        column = table.box.left + at
        area = Area(table.sheet.name, table.header, column, table.bottom, column)
        yield (table.name.casefold(), folded(heading)), area


def _quoted(sheet: str) -> str:
    escaped = sheet.replace("'", "''")
    return f"'{escaped}'!"


def _touch(one: Area, other: Area) -> bool:
    return (
        one.sheet == other.sheet
        and one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )


_NOTHING = (None, "")


def _alike(before: Any, now: Any, *, late: bool) -> bool:
    """Whether a cell's value is what it was, to the digits that spreadsheets keep."""
    if now in _NOTHING or before in _NOTHING:
        return now in _NOTHING and before in _NOTHING
    if isinstance(before, Failed):
        return str(now) == before.word
    if isinstance(before, bool) or isinstance(now, (bool, str)):
        return type(before) is type(now) and bool(before == now)
    number = cell_number(now, epoch_1904=late)
    return (
        isinstance(before, float)
        and number is not None
        and math.isclose(before, number, rel_tol=1e-12)
    )
