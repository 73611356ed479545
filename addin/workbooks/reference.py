"""One sheet for each group: every function explained, with an example that can be changed."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from addin.examples import Call, Rows, calls_of, mistake, size_of
from addin.workbooks.cells import area, called, place_result, with_defaults
from addin.workbooks.paging import Paper
from addin.workbooks.units import allowed, unit_of_argument, units_of_result
from addin.workbooks.wording import columns_told, one_line
from csmcalc.catalog import Argument, Entry
from csmcalc.core.arguments import Domain, TableOf, plain_number
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Look, Sheet, Text, Unit
from csmcalc.reports.page import Page

_NAME, _MEANING, _UNIT, _DEFAULT, _VALUES = 2, 3, 4, 5, 6
_WIDTHS = (2, 21, 60, 25, 11)
_VALUE_WIDTH = 13.0
_HEADINGS = ("Argument", "Meaning", "Unit", "Default", "Try it")
_FIRST_BLOCK = 5
_TITLE_HEIGHT, _NOTE_HEIGHT, _GAP = 26.0, 15.0, 6.0


class GroupSheet:
    """The sheet of a group while its functions are put on it, one below the other."""

    def __init__(self, group: str, entries: Sequence[Entry]) -> None:
        """Begin the sheet of a group."""
        self.calls = [with_defaults(calls_of(entry)[0]) for entry in entries]
        self.columns = max(_columns(call) for call in self.calls)
        widths = (*_WIDTHS, *(_VALUE_WIDTH,) * self.columns)
        self.page = Page(group, widths)
        self.paper = Paper(widths)
        self.rows: dict[str, int] = {}
        count = f"{len(entries)} functions" if len(entries) > 1 else "1 function"
        self.page.head(group, f"{count}. Change the blue cells: the results follow.")
        self.page.heights[_FIRST_BLOCK - 1] = _GAP

    @property
    def last_column(self) -> int:
        """The last column that holds values."""
        return _VALUES + self.columns - 1

    def sheet(self) -> Sheet:
        """The finished sheet."""
        row = _FIRST_BLOCK
        for call in self.calls:
            end = self._block(row, call)
            self.paper.block(row, end, self.page.heights)
            self.rows[call.entry.name] = row
            row = end + 1
        self.page.breaks.extend(self.paper.breaks)
        return self.page.sheet(
            printed=(row - 2, self.last_column), one_page=False, frozen=(3, 0), repeated_row=2
        )

    def _block(self, row: int, call: Call) -> int:
        """One function; returns the row after it."""
        entry = call.entry
        self.page.text(row, _NAME, entry.signature, Look.SECTION, colour=theme.ACCENT)
        self.page.heights[row] = _TITLE_HEIGHT
        self._long(row + 1, _NAME, entry.summary, Look.SENTENCE)
        self._long(row + 2, _NAME, one_line(entry.equation), Look.REMARK)
        self._headings(row + 3)
        row, references = self._arguments(row + 4, call)
        row = self._result(row, call, references)
        row = self._mistake(row, call, references)
        for title, text in (("Errors", entry.errors), ("Source", entry.source)):
            self._text(row, _NAME, title, Look.MUTED)
            row = self._long(row, _MEANING, text, Look.MUTED)
        return row

    def _headings(self, row: int) -> None:
        for column, heading in enumerate(_HEADINGS, start=_NAME):
            unit = Unit.NUMBER if column in (_DEFAULT, _VALUES) else Unit.TEXT
            self.page.add(row, column, Text(Cell(heading, unit=unit, look=Look.HEADER)))
        self._rest(row, 1, Look.HEADER)
        self.page.heights[row] = theme.ROW_HEIGHT

    def _arguments(self, row: int, call: Call) -> tuple[int, list[str]]:
        """The inputs, one below the other; the row after them, and where each stands."""
        references = []
        pairs = zip(call.entry.arguments, call.parameters, call.arguments, strict=True)
        for argument, parameter, rows in pairs:
            assert rows is not None
            unit = unit_of_argument(argument, rows)
            self._text(row, _NAME, argument.name, Look.STRONG)
            self._text(row, _UNIT, argument.unit, Look.MUTED)
            self.page.add(row, _DEFAULT, Text(_default(argument, unit)))
            if isinstance(parameter.domain, TableOf):
                # Its columns stand above their cells; the text need not list them.
                self._text(row, _MEANING, argument.text.partition(":")[0], Look.BODY)
                names = [one.name.replace("_", " ") for one in parameter.domain.headings]
                row = self._column_names(row, names)
            else:
                self._text(row, _MEANING, argument.text, Look.BODY)
            references.append(area(row, _VALUES, rows))
            row = self._inputs(row, rows, unit, parameter.domain)
        return row, references

    def _column_names(self, row: int, names: Sequence[str]) -> int:
        """What the columns of a table hold, above its cells; the row after them."""
        for column, name in enumerate(names, start=_VALUES):
            cell = Cell(name, unit=Unit.NUMBER, look=Look.MUTED)
            self.page.add(row, column, Text(cell))
        self._rest(row, len(names))
        self.page.heights[row] = 2 * _NOTE_HEIGHT
        return row + 1

    def _inputs(self, row: int, rows: Rows, unit: Unit, domain: Domain | TableOf) -> int:
        """The cells of an argument; the row after them."""
        for cells in rows:
            for across, content in enumerate(cells):
                own = Unit.TEXT if isinstance(content, str) else unit
                rule = allowed(domain, across)
                made = Cell(content, unit=own, look=Look.INPUT, allowed=rule)
                self.page.add(row, _VALUES + across, Text(made))
            self._rest(row, len(cells))
            self.page.heights[row] = theme.ROW_HEIGHT
            row += 1
        return row

    def _result(self, row: int, call: Call, references: list[str]) -> int:
        entry, rows = call.entry, call.outcome()
        told, names = columns_told(entry.returns, size_of(rows)[1])
        if names:
            row = self._column_names(row, names)
        self._text(row, _NAME, "Result", Look.TOTAL)
        self._text(row, _MEANING, told, Look.TOTAL)
        self._text(row, _UNIT, entry.unit, Look.TOTAL)
        self._text(row, _DEFAULT, "", Look.TOTAL)
        formula, units = called(entry, references), units_of_result(entry, rows)
        place_result(self.page, row, _VALUES, rows, Cell(None, formula, look=Look.TOTAL), units)
        self._rest(row, size_of(rows)[1], Look.TOTAL)
        row += len(rows)
        self._formula(row, "Formula", row - len(rows), formula)
        self._rest(row, 0)
        return row + 1

    def _mistake(self, row: int, call: Call, references: list[str]) -> int:
        """The same call with something typed that cannot be."""
        position, typed = mistake(call)
        spoilt = call.with_argument(position, [[typed]])
        written = f'"{typed}"' if isinstance(typed, str) else plain_number(typed)
        formula = called(call.entry, [*references[:position], written, *references[position + 1 :]])
        self._formula(row, "A mistake", row, formula)
        shape = Cell(None, formula, look=Look.BODY, colour=theme.WRONG)
        rows = spoilt.outcome()
        place_result(self.page, row, _VALUES, rows, shape, [Unit.NUMBER] * len(rows[0]))
        self._rest(row, size_of(rows)[1])
        self._text(row + len(rows), _NAME, "", Look.MUTED)
        return self._long(row + len(rows), _MEANING, spoilt.reason(), Look.MUTED)

    def _formula(self, row: int, title: str, of: int, formula: str) -> None:
        """What stands in the first cell of a result, as text that follows it."""
        self._text(row, _NAME, title, Look.MUTED)
        address = f"{get_column_letter(_VALUES)}{of}"
        shown = Cell(f"={formula}", f"_xlfn.FORMULATEXT({address})", look=Look.BODY)
        self.page.add(row, _MEANING, Text(shown, _VALUES - _MEANING))

    def _rest(self, row: int, used: int, look: Look = Look.BODY) -> None:
        """The lines of a row go on where it holds no values."""
        for column in range(_VALUES + used, self.last_column + 1):
            self.page.add(row, column, Text(Cell(None, look=look)))

    def _text(self, row: int, column: int, text: str, look: Look = Look.MUTED) -> None:
        self.page.text(row, column, text, look)
        self.page.heights[row] = _NOTE_HEIGHT if look is Look.MUTED else theme.ROW_HEIGHT

    def _long(self, row: int, column: int, text: str, look: Look) -> int:
        """Text over all columns to the right; the row after it."""
        span = self.last_column - column + 1
        lines = self.paper.lines(text, column, self.last_column, theme.STYLES[look].size)
        self.page.text(row, column, text, look, span=span, lines=lines)
        if lines == 1 and look is Look.SENTENCE:
            self.page.heights[row] = theme.ROW_HEIGHT
        elif lines == 1:
            self.page.heights[row] = _NOTE_HEIGHT
        return row + 1


def _columns(call: Call) -> int:
    """How many columns the inputs and the results of a call take."""
    rectangles = [*call.arguments, call.outcome()]
    return max(size_of(rows)[1] for rows in rectangles if rows)


def _default(argument: Argument, unit: Unit) -> Cell:
    if argument.default is None:
        text = "none" if argument.is_optional else None
        return Cell(text, unit=Unit.NUMBER, look=Look.MUTED)
    return Cell(argument.default, unit=unit, look=Look.MUTED)
