"""One sheet of a template: its bytes, its rows and cells, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.cells import escape
from csmcalc.reports.template.xmlmap import Element, mapped

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_NEEDLESS = re.compile(r'\s(?:r|spans)\s*=\s*("[^"]*"|\'[^\']*\')')
_HIDING = re.compile(r'\s(?:hidden|collapsed)\s*=\s*("[^"]*"|\'[^\']*\')')
_SPREADING = ("array", "dataTable")


@dataclass(slots=True)
class Cell:
    """A cell of a template, the element that it is, its formula; its column counts from 0."""

    letter: str
    column: int
    row: int
    element: Element
    formula: Element | None

    @property
    def address(self) -> str:
        """Letter and row."""
        return f"{self.letter}{self.row}"

    @property
    def style(self) -> str:
        """Its style as an attribute, or nothing."""
        style = self.element.attributes.get("s")
        return f' s="{style}"' if style else ""

    @property
    def is_blank(self) -> bool:
        """Whether it holds neither a value nor a formula."""
        value = self.element.find("v")
        empty = value is None or not value.all_text
        return self.formula is None and empty and self.element.find("is") is None


@dataclass(slots=True)
class Row:
    """A row of a template: its number, its element and its cells."""

    number: int
    element: Element
    cells: list[Cell]


@dataclass(slots=True)
class SheetMap:
    """A sheet's XML with the places of its rows and cells."""

    name: str
    part: str
    content: bytes
    top: Element
    data: Element
    rows: list[Row]
    merged: tuple[str, ...] = ()
    shared_formulas: dict[str, Cell] = field(default_factory=dict)
    spread: list[tuple[int, int, int, int, Cell]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find merged cells, formulas that several share, and those that fill other cells."""
        self.merged = tuple(e.attributes.get("ref", "") for e in self.outside("mergeCell"))
        for cell in self.cells():
            formula = cell.formula
            if formula is None:
                continue
            told = formula.attributes
            if told.get("t") == "shared" and formula.text:
                self.shared_formulas[told.get("si", "")] = cell
            area = _AREA.fullmatch(told.get("ref", ""))
            if told.get("t") in _SPREADING and area:
                left, right = column_number(area[1]), column_number(area[3])
                self.spread.append((left, int(area[2]), right, int(area[4]), cell))

    def is_filled_by_another(self, column: int, row: int) -> bool:
        """Whether a cell gets its value from another, from an array or a data table."""
        return any(
            left <= column <= right and top <= row <= bottom
            for left, top, right, bottom, cell in self.spread
            if (cell.column, cell.row) != (column, row)
        )

    def outside(self, *names: str) -> Iterator[Element]:
        """All elements of some names at any depth, the cells left out."""
        for child in self.top.children:
            if child is not self.data:
                yield from child.all(*names)

    def cells(self) -> Iterator[Cell]:
        """All cells, row by row."""
        for row in self.rows:
            yield from row.cells

    def cell(self, column: int, row: int) -> Cell | None:
        """The cell of a column (from 0) and a row, if the file has one."""
        for found in self.rows:
            if found.number == row:
                return next((cell for cell in found.cells if cell.column == column), None)
        return None

    def formula_text(self, cell: Cell) -> str:
        """The formula of a cell; one that it shares with others is written out for it."""
        formula = cell.formula
        assert formula is not None
        master = self.shared_formulas.get(formula.attributes.get("si", ""))
        if formula.text or formula.attributes.get("t") != "shared" or master is None:
            return formula.all_text
        from openpyxl.formula.translate import Translator

        assert master.formula is not None
        shared = Translator(f"={master.formula.all_text}", origin=master.address)
        return str(shared.translate_formula(cell.address))[1:]

    def formula_opening(self, cell: Cell) -> str:
        """The first tag of a formula as it stands; one that is shared stands alone from now on."""
        formula = cell.formula
        assert formula is not None
        if formula.attributes.get("t") == "shared":
            return "<f>"
        tag = self.content[formula.start : formula.inside].decode()
        return tag.removesuffix("/>").rstrip() + ">" if tag.endswith("/>") else tag

    def text(self, cell: Cell, shared: list[str]) -> str:
        """The text in a cell, or nothing."""
        kind = cell.element.attributes.get("t")
        if kind == "inlineStr":
            inline = cell.element.find("is")
            return inline_text(inline) if inline else ""
        value = cell.element.find("v")
        text = value.all_text if value else ""
        if kind == "s":
            return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
        return text

    def column_style(self, column: int) -> str:
        """The style of a column's cells that the file does not have."""
        for found in self.outside("col"):
            low, high = (int(found.attributes.get(key, 0)) for key in ("min", "max"))
            if low <= column + 1 <= high and found.attributes.get("style"):
                return f' s="{found.attributes["style"]}"'
        return ""

    def row_attributes(self, row: Row, *, shown: bool = False) -> str:
        """A row's attributes without its number and without what a reader can do without.

        With `shown` also without what hides it, such as a filter that was set in the template.
        """
        tag = self.content[row.element.start : row.element.inside].decode()
        inside = tag[len("<row") :].rstrip(">").rstrip("/").rstrip()
        kept = _NEEDLESS.sub("", inside)
        return _HIDING.sub("", kept) if shown else kept


def inline_text(element: Element) -> str:
    """The text of a shared or inline string, phonetic guides left out."""
    return "".join(
        child.text if child.name == "t" else inline_text(child)
        for child in element.children
        if child.name in ("t", "r")
    )


def sheet_map(source: str, name: str, part: str, content: bytes) -> SheetMap:
    """Find the rows and cells of a sheet."""
    top = mapped(source, part, content)
    data = top.find("sheetData")
    if data is None or not content.startswith(b"<sheetData", data.start):
        raise WorkbookError(
            f"{source}, sheet {name}: is written in an unusual way (prefixed XML); open the file "
            "in Excel or LibreOffice and save it again as .xlsx"
        )
    rows = [_row(source, name, element) for element in data.children if element.name == "row"]
    numbers = [row.number for row in rows]
    if sorted(set(numbers)) != numbers:
        raise WorkbookError(f"{source}, sheet {name}: its rows are out of order; save it again")
    return SheetMap(name, part, content, top, data, rows)


def _row(source: str, sheet: str, element: Element) -> Row:
    cells = []
    number = element.attributes.get("r", "")
    for found in element.children:
        match = _ADDRESS.fullmatch(found.attributes.get("r", ""))
        if found.name == "c" and (not match or match[2] != number):
            raise WorkbookError(
                f"{source}, sheet {sheet}: has cells that do not say where they stand; open the "
                "file in Excel or LibreOffice and save it again as .xlsx"
            )
        if match:
            formula = found.find("f")
            cells.append(Cell(match[1], column_number(match[1]), int(match[2]), found, formula))
    if not number.isdigit():
        raise WorkbookError(f"{source}, sheet {sheet}: has rows without a number; save it again")
    return Row(int(number), element, cells)


def attributes_of(cell: Cell, *names: str) -> str:
    """Some attributes of a cell as they are written."""
    found: Mapping[str, Any] = cell.element.attributes
    return "".join([f' {name}="{escape(found[name])}"' for name in names if name in found])


def column_letter(column: int) -> str:
    """The letters of a column counted from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
