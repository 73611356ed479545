"""One sheet of a template: its bytes, its rows and cells, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from csmcalc.errors import WorkbookError
from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.xmlmap import Element, mapped

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_KEPT = re.compile(r'\s(?:r|spans)\s*=\s*("[^"]*"|\'[^\']*\')')


@dataclass(slots=True)
class Cell:
    """A cell of a template and the element that it is."""

    letter: str
    row: int
    element: Element

    @property
    def column(self) -> int:
        """Its column, counted from 0."""
        return column_number(self.letter)

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
    def formula(self) -> Element | None:
        """Its formula."""
        return self.element.find("f")

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
    texts: list[Element] = field(default_factory=list)

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
        for found in self.top.all("col"):
            low, high = (int(found.attributes.get(key, 0)) for key in ("min", "max"))
            if low <= column + 1 <= high and found.attributes.get("style"):
                return f' s="{found.attributes["style"]}"'
        return ""

    def row_attributes(self, row: Row) -> str:
        """A row's attributes without its number and without what a reader can do without."""
        tag = self.content[row.element.start : row.element.inside].decode()
        inside = tag[len("<row") :].rstrip(">").rstrip("/").rstrip()
        return _KEPT.sub("", inside)


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
            cells.append(Cell(match[1], int(match[2]), found))
    if not number.isdigit():
        raise WorkbookError(f"{source}, sheet {sheet}: has rows without a number; save it again")
    return Row(int(number), element, cells)


def opening_of_formula(content: bytes, formula: Element) -> str:
    """The first tag of a formula as it stands."""
    tag = content[formula.start : formula.inside].decode()
    return tag.removesuffix("/>").rstrip() + ">" if tag.endswith("/>") else tag


def attributes_of(cell: Cell, *names: str) -> str:
    """Some attributes of a cell as they are written."""
    found: Mapping[str, Any] = cell.element.attributes
    return "".join(f' {name}="{escape(found[name])}"' for name in names if name in found)


def column_letter(column: int) -> str:
    """The letters of a column counted from 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
