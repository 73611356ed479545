"""A workbook opened to be planned from: its tables, its names, what its cells say."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.io.files.package import Limits
from csmcalc.plan.cells import AS_OF, CURRENCY, LIVE_CASE, TEMPLATE
from csmcalc.planning import SUFFIXES
from csmcalc.planning.bodies import ShortParts, without_columns
from csmcalc.planning.places import Area, area_of
from csmcalc.reports.template.archive import Archive, compressed
from csmcalc.reports.template.compile import context_of
from csmcalc.reports.template.context import Context
from csmcalc.reports.template.parts import read_template
from csmcalc.reports.template.sheet import Cell, SheetMap, column_letter
from csmcalc.reports.template.tables import ExcelTable

LARGEST = 1 << 30
MAKE_ONE = "`csmcalc template new -o my_plan.xlsx` writes a new one"


@dataclass(frozen=True, slots=True)
class Failed:
    """What a cell shows that has no value: an error, or a formula that nobody computed."""

    word: str


NOT_COMPUTED = Failed("a formula without a result")


@dataclass(frozen=True, slots=True)
class LocalName:
    """A name that belongs to one sheet alone, as those of a copied sheet do."""

    name: str
    sheet: str


class Opened:
    """A workbook whose cells are asked for by sheet, row (from 1) and column (from 0)."""

    def __init__(self, source: str, content: bytes) -> None:
        """Check and take apart a workbook.

        Raises:
            WorkbookError: it is damaged, hostile, or reaches out of itself.
        """
        self.source, self.content = source, content
        self.parts = ShortParts(read_template(source, content, Limits()))
        self.context: Context = context_of(self.parts)
        self._cells: dict[str, dict[tuple[int, int], Cell]] = {}

    def without_columns(self, table: ExcelTable, count: int, but: Sequence[int]) -> bytes:
        """The workbook with only the first columns of a long table, which is read sooner.

        Some of the others may stay, by their places.
        """
        part, long = table.sheet.part, self.parts.long.get(table.sheet.part)
        if long is None or count >= len(table.headings):
            return self.content
        out = io.BytesIO()
        archive = Archive(out)
        for name in self.parts.names:
            if name == part:
                first, *others = (column_letter(table.box.left + at) for at in (count, *but))
                short = without_columns(long, first, others)
                archive.add(compressed(name, short))
            else:
                archive.add(self.parts.raw(name))
        archive.close()
        return out.getvalue()

    @cached_property
    def sheets(self) -> dict[str, SheetMap]:
        """The sheets by name."""
        return {sheet.name: sheet for sheet in self.context.sheets}

    @cached_property
    def tables(self) -> dict[str, ExcelTable]:
        """The Excel tables by name."""
        return {table.name: table for table in self.context.tables}

    @cached_property
    def names(self) -> dict[str, Area | None]:
        """What each name of the workbook means; None where its cells were deleted."""
        return {
            name.casefold(): area_of(text) for name, text, sheet in self._defined() if sheet is None
        }

    @cached_property
    def local_names(self) -> tuple[LocalName, ...]:
        """The names that belong to one sheet."""
        return tuple(
            LocalName(name, sheet) for name, _, sheet in self._defined() if sheet is not None
        )

    def _defined(self) -> Iterator[tuple[str, str, str | None]]:
        listed = self.parts.package.sheets
        for element in self.context.workbook.all("definedName"):
            name, local = element.attributes.get("name", ""), element.attributes.get("localSheetId")
            if name.startswith("_xlnm."):
                continue
            known = local is not None and local.isdigit() and int(local) < len(listed)
            yield name, element.all_text, listed[int(local or 0)].name if known else None

    def area(self, name: str) -> Area | None:
        """The cells of a name, on a sheet that is there."""
        found = self.names.get(name.casefold())
        return found if found and found.sheet in self.sheets else None

    def cells(self, sheet: str) -> dict[tuple[int, int], Cell]:
        """All cells of a sheet by row and column."""
        if sheet not in self._cells:
            listed = self.sheets[sheet].cells()
            self._cells[sheet] = {(cell.row, cell.column): cell for cell in listed}
        return self._cells[sheet]

    def cell(self, sheet: str, row: int, column: int) -> Cell | None:
        """A cell, if the file has it."""
        return self.cells(sheet).get((row, column))

    def value(self, sheet: str, row: int, column: int) -> Any:
        """What a cell holds: None, a number, a boolean, text, or what failed in it."""
        cell = self.cell(sheet, row, column)
        return None if cell is None else self.value_of(sheet, cell)

    def value_of(self, sheet: str, cell: Cell) -> Any:
        """The same of a cell at hand."""
        kind = cell.element.attributes.get("t", "n")
        text = self.sheets[sheet].text(cell, self.context.shared)
        if kind in ("s", "str", "inlineStr"):
            return text if text or cell.formula is None else ""
        if not text:
            return NOT_COMPUTED if cell.formula is not None else None
        if kind == "b":
            return text == "1"
        if kind == "e":
            return Failed(text)
        try:
            return float(text)
        except ValueError:
            return text


def open_planning(path: Path) -> Opened:
    """Open a planning workbook.

    Raises:
        WorkbookError: it cannot be read, or is none.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise WorkbookError(
            f"{path}: a planning workbook is an Excel workbook (.xlsx or .xlsm); {MAKE_ONE}"
        )
    opened = Opened(str(path), read_bytes(path, LARGEST))
    if not is_planning(opened.parts.package.names):
        raise WorkbookError(
            f"{path}: is no planning workbook (it has no cell named {TEMPLATE}); {MAKE_ONE}. A "
            "template of your own is filled by `csmcalc report`"
        )
    return opened


def is_planning(names: Any) -> bool:
    """Whether a workbook with these names is a planning workbook, perhaps a damaged one."""
    return TEMPLATE in names or {AS_OF, CURRENCY, LIVE_CASE} <= set(names)
