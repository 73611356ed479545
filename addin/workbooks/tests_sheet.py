"""The sheet of the self-check that holds every test: what was found beside what is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from addin.examples import Cell as Content
from addin.examples import Rows, size_of
from addin.workbooks.cells import area, called, place_result
from addin.workbooks.checks import FORMULAS, Check, checks_of
from addin.workbooks.units import unit_of_argument, units_of_result
from csmcalc.catalog import groups
from csmcalc.errors import FaultKind
from csmcalc.reports.model import Cell, Look, Sheet, Text, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.wording import Phrase

NAME, IN_FORMULAS = "Tests", "In other formulas"
PASSED, FAILED, NOT_RUN = "PASSED", "FAILED", "NOT RUN"
_FUNCTION, _CASE, _FORMULA, _VERDICT, _HOLDS, _FOUND = 2, 3, 4, 5, 6, 7
_WIDTHS = (2, 28, 22, 62, 11, 9)
_VALUE_WIDTH = 14.0
_FIRST_ROW = 6
_ROW_HEIGHT = 15.0
_LOOK = Look.CARD_NOTE
_DIGITS = "1E-9"
"""How close a number must be: other processors may differ in the last digits."""

_ERROR_TYPES = {
    FaultKind.NULL: 1,
    FaultKind.DIV0: 2,
    FaultKind.VALUE: 3,
    FaultKind.REF: 4,
    FaultKind.NAME: 5,
    FaultKind.NUM: 6,
    FaultKind.NA: 7,
}
"""What ERROR.TYPE says of each error."""


@dataclass(slots=True)
class TestsSheet:
    """The tests put below each other; `groups` are the rows that each group takes."""

    page: Page = field(init=False)
    width: int = field(init=False)
    row: int = _FIRST_ROW
    count: int = 0
    groups: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put every test in its place."""
        checks = {
            group: [check for entry in entries for check in checks_of(entry)]
            for group, entries in groups().items()
        }
        everything = [check for listed in checks.values() for check in listed]
        self.width = max(size_of(check.call.outcome())[1] for check in everything)
        inputs = max(_columns(check) for check in everything)
        self.page = Page(NAME, (*_WIDTHS, *(_VALUE_WIDTH,) * (2 * self.width + inputs)))
        for group, listed in checks.items():
            first = self.row
            for check in listed:
                self._check(check)
            self.groups[group] = first, self.row - 1, len(listed)
        first = self.row
        for what, formula, expected in FORMULAS:
            self._formula(what, formula, expected)
        self.groups[IN_FORMULAS] = first, self.row - 1, len(FORMULAS)
        self._head()

    @property
    def expected_column(self) -> int:
        """Where what is expected begins."""
        return _FOUND + self.width

    def sheet(self) -> Sheet:
        """The finished sheet."""
        return self.page.sheet(
            printed=(self.row - 1, _HOLDS),
            one_page=False,
            frozen=(_FIRST_ROW - 1, _CASE),
            repeated_row=_FIRST_ROW - 1,
        )

    def verdicts(self, group: str) -> str:
        """The cells that say PASSED or FAILED for a group."""
        first, last, _ = self.groups[group]
        letter = get_column_letter(_VERDICT)
        return f"{NAME}!${letter}${first}:${letter}${last}"

    def column(self, position: int) -> str:
        """All rows of a column."""
        letter = get_column_letter(position)
        return f"{NAME}!${letter}${_FIRST_ROW}:${letter}${self.row - 1}"

    @property
    def failed_name(self) -> str:
        """A formula: function and case of the first test that failed."""
        at = f'MATCH("{FAILED}",{self.column(_VERDICT)},0)'
        parts = (f"INDEX({self.column(column)},{at})" for column in (_FUNCTION, _CASE))
        return '&": "&'.join(parts)

    def _head(self) -> None:
        self.page.head(
            "Every test: what was found, what is expected",
            "Inputs stand to the right of what is expected. Numbers may differ in the tenth digit.",
        )
        inputs = self.expected_column + self.width
        headings = {
            _FUNCTION: "Function",
            _CASE: "Case",
            _FORMULA: "Formula",
            _HOLDS: "Holds",
            _VERDICT: "Verdict",
            _FOUND: "Found",
            self.expected_column: "Expected",
            inputs: "Inputs",
        }
        for column in range(_FUNCTION, len(self.page.widths) + 1):
            heading = headings.get(column)
            unit = Unit.FLAG if column == _HOLDS else Unit.TEXT
            self.page.add(_FIRST_ROW - 1, column, Text(Cell(heading, unit=unit, look=Look.HEADER)))

    def _check(self, check: Check) -> None:
        entry, call = check.call.entry, check.call
        column = self.expected_column + self.width
        references, height = [], 1
        last = max(i for i, rows in enumerate([[[0.0]], *call.arguments]) if rows is not None)
        for argument, rows in zip(entry.arguments[:last], call.arguments, strict=False):
            rows = rows or [[None]]
            self._cells(column, rows, [unit_of_argument(argument, rows)] * len(rows[0]))
            references.append(area(self.row, column, rows))
            column, height = column + size_of(rows)[1], max(height, len(rows))
        expected = call.outcome()
        formula, units = called(entry, references), units_of_result(entry, expected)
        self._test(check.name, entry.name, check.what, formula, expected, units)
        self._next(max(height, len(expected)))

    def _formula(self, what: str, formula: str, expected: Content) -> None:
        name = f"test_formula_{what.replace(' ', '_')}"
        unit = Unit.TEXT if isinstance(expected, str) else Unit.NUMBER
        self._test(name, IN_FORMULAS, what, formula, [[expected]], [unit])
        self._next(1)

    def _test(
        self,
        name: str,
        function: str,
        what: str,
        formula: str,
        expected: Rows,
        units: Sequence[Unit],
    ) -> None:
        row, page = self.row, self.page
        nothing: Rows = [[None] * len(cells) for cells in expected]
        place_result(page, row, _FOUND, nothing, Cell(None, formula, look=_LOOK), units)
        self._cells(self.expected_column, expected, units, by_name=True)
        page.text(row, _FUNCTION, function, Look.CARD_LABEL)
        page.text(row, _CASE, what, _LOOK)
        found = f"{get_column_letter(_FOUND)}{row}"
        page.text(row, _FORMULA, Phrase(f"_xlfn.FORMULATEXT({found})", f"={formula}"), _LOOK)
        holds = f"{get_column_letter(_HOLDS)}{row}"
        condition = f"IFERROR({self._condition(expected)},FALSE)"
        page.text(row, _HOLDS, Cell(None, condition, Unit.FLAG, name=name), _LOOK)
        verdict = Cell(NOT_RUN, f'IF({holds},"{PASSED}","{FAILED}")', coloured=(PASSED, FAILED))
        page.text(row, _VERDICT, verdict, _LOOK)
        self.count += 1

    def _cells(
        self, column: int, rows: Rows, units: Sequence[Unit], *, by_name: bool = False
    ) -> None:
        """Fixed cells; an error is one that a formula makes, or its name where it is expected."""
        for down, cells in enumerate(rows):
            for across, (content, unit) in enumerate(zip(cells, units, strict=True)):
                cell = Cell(content, unit=unit)
                if isinstance(content, FaultKind) and by_name:
                    cell = Cell(content.value, unit=Unit.NUMBER)
                elif isinstance(content, FaultKind):
                    cell = Cell(content, _ERRORS[content], Unit.NUMBER)
                self.page.text(self.row + down, column + across, cell, _LOOK)

    def _next(self, rows: int) -> None:
        for row in range(self.row, self.row + rows):
            self.page.heights[row] = _ROW_HEIGHT
        self.row += rows

    def _condition(self, expected: Rows) -> str:
        """Whether what was found is what is expected."""
        found, wanted = (area(self.row, c, expected) for c in (_FOUND, self.expected_column))
        if all(isinstance(cell, float) for row in expected for cell in row):
            down, across = size_of(expected)
            far = f"ABS({found}-{wanted})>{_DIGITS}*(1+ABS({wanted}))"
            return f"AND(COUNT({found})={down * across},SUMPRODUCT(--({far}))=0)"
        parts = [
            _holds(content, *(f"{get_column_letter(c + across)}{self.row + down}" for c in pair))
            for pair in [(_FOUND, self.expected_column)]
            for down, cells in enumerate(expected)
            for across, content in enumerate(cells)
        ]
        return f"AND({','.join(parts)})"


_ERRORS = {FaultKind.DIV0: "1/0", FaultKind.NA: "NA()"}
"""Formulas that show an error."""


def _holds(content: Content, found: str, wanted: str) -> str:
    if isinstance(content, FaultKind):
        return f"ERROR.TYPE({found})={_ERROR_TYPES[content]}"
    if isinstance(content, bool):
        return f"{found}={wanted}"
    if isinstance(content, str):
        return f"EXACT({found},{wanted})"
    return f"ABS({found}-{wanted})<={_DIGITS}*(1+ABS({wanted}))"


def _columns(check: Check) -> int:
    return sum(size_of(rows)[1] if rows else 1 for rows in check.call.arguments)
