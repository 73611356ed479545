"""Excel workbooks: the right sheet, table or range of cells, as a raw table."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import python_calamine

from csmcalc.errors import InputError, WorkbookError
from csmcalc.io.cells.content import shown
from csmcalc.io.files.areas import Area, cell_name
from csmcalc.io.files.body import body_of
from csmcalc.io.files.formats import number_formats
from csmcalc.io.files.headings import LOOKED_AT, column_letters, header_position
from csmcalc.io.files.package import Package, Sheet, chunks
from csmcalc.io.files.sheetscan import SheetScan, scan_sheet
from csmcalc.io.naming.vocabulary import Listing
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import ColumnFormat, RawTable

_DENSE_CELLS = 12_000_000
_EMPTIEST = 0.3
_BEGINNING_OF_TEXTS = re.compile(rb"<(?:[^<>\s:/]+:)?sst\b([^<>]*)>")
_CLAIMED = re.compile(rb"\buniqueCount\s*=\s*[\"']\+?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet as a rectangle, and where its top left corner stands."""

    sheet: Sheet
    cells: list[list[Any]]
    top: int
    left: int
    scan: SheetScan

    def within(self, area: Area | None) -> Grid:
        """The part of the grid inside an area."""
        if area is None:
            return self
        first_row, first_column = max(area.top, self.top), max(area.left, self.left)
        cells = [
            row[first_column - self.left : area.right - self.left + 1]
            for row in self.cells[first_row - self.top : max(0, area.bottom - self.top + 1)]
        ]
        return Grid(self.sheet, cells, first_row, first_column, self.scan)

    def top_texts(self) -> list[list[str]]:
        """The first rows as text, among which the header is looked for."""
        return [[" ".join(shown(cell).split()) for cell in row] for row in self.cells[:LOOKED_AT]]


class Workbook:
    """A workbook that was looked at and is safe to read."""

    def __init__(self, package: Package, content: bytes) -> None:
        """Open the workbook in the reader of values."""
        self.package = package
        self._formats = number_formats(package)
        self._texts = package.related(package.workbook, "sharedStrings")
        for part in self._texts:
            _check_texts(package, part)
        self._values = _guarded(
            package.source,
            lambda: python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)),
        )

    def grid(self, sheet: Sheet) -> Grid:
        """The cells of a sheet, failed ones holding the word for their failure."""
        package = self.package
        scan = scan_sheet(package, sheet, self._formats)
        if scan.shared_texts and not self._texts:
            raise WorkbookError(
                f"{package.source}: the part that holds the texts of the workbook is missing; "
                "export the list again"
            )
        _refuse_scattered(package, sheet, scan)
        values = _guarded(package.source, lambda: self._values.get_sheet_by_name(sheet.name))
        cells = _guarded(package.source, lambda: values.to_python(skip_empty_area=True))
        top, left = values.start or (0, 0)
        return _with_failures(Grid(sheet, cells, top, left, scan))


def _check_texts(package: Package, part: str) -> None:
    """The reader makes room for as many texts as the part claims: it must not claim too many."""
    head = next(chunks(package.source, package.archive, part), b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise package.hostile(part)
    beginning = _BEGINNING_OF_TEXTS.search(head)
    claimed = _CLAIMED.search(beginning[1]) if beginning else None
    if beginning is None or (claimed and int(claimed[1]) > package.archive.getinfo(part).file_size):
        raise WorkbookError(
            f"{package.source}: part {part} is damaged (it claims more texts than it holds); open "
            "the file in Excel or LibreOffice and save it again as .xlsx"
        )


def _guarded(source: str, read: Any) -> Any:
    """Call the reader of values; whatever it stumbles over, even a Rust panic, is one message."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise WorkbookError(
            f"{source}: the workbook is damaged and cannot be read ({str(error)[:200]}); open it "
            "in Excel or LibreOffice and save it again as .xlsx"
        ) from None


def _refuse_scattered(package: Package, sheet: Sheet, scan: SheetScan) -> None:
    if scan.area > _DENSE_CELLS and scan.filled < _EMPTIEST * scan.area:
        raise WorkbookError(
            f"{package.source}, sheet {sheet.name}: has {scan.filled:,} filled cells scattered "
            f"from {cell_name(*scan.first)} to {cell_name(*scan.last)}; delete what stands far "
            "away from the list, or save the list alone as .csv"
        )


def _with_failures(grid: Grid) -> Grid:
    failed = grid.scan.failed
    if not failed:
        return grid
    top = min(grid.top, *(row for row, _ in failed)) if grid.cells else min(r for r, _ in failed)
    left = min(grid.left, *(c for _, c in failed)) if grid.cells else min(c for _, c in failed)
    width = max(len(grid.cells[0]) + grid.left if grid.cells else 0, *(c + 1 for _, c in failed))
    bottom = max(len(grid.cells) + grid.top, *(row + 1 for row, _ in failed))
    cells: list[list[Any]] = [[""] * (width - left) for _ in range(bottom - top)]
    start = grid.left - left
    for position, row in enumerate(grid.cells):
        cells[position + grid.top - top][start : start + len(row)] = row
    for (failed_row, failed_column), word in failed.items():
        cells[failed_row - top][failed_column - left] = word
    return Grid(grid.sheet, cells, top, left, grid.scan)


def raw_table(
    package: Package,
    grid: Grid,
    options: ReadOptions,
    listing: Listing,
    notes: Sequence[str] = (),
) -> RawTable:
    """The table in a grid of cells."""
    source = f"{package.source}, sheet {grid.sheet.name}"
    position = header_position(grid.top_texts(), options.columns, listing)
    if position is None:
        raise InputError(
            f"{source}: the sheet is empty; it needs a header row and a row a customer"
        )
    headers = [" ".join(shown(cell).split()) for cell in grid.cells[position]]
    below = grid.cells[position + 1 :]
    cells = pd.DataFrame(below, columns=range(len(headers)), dtype=object)
    rows = np.arange(len(below), dtype=np.int64) + grid.top + position + 2
    body = body_of(source, headers, cells, rows, grid.left)
    return RawTable(
        source=source,
        headers=body.headers,
        cells=body.cells,
        rows=body.rows,
        header_row=grid.top + position + 1,
        notes=(*notes, *body.notes),
        epoch=package.epoch,
        formats={
            label: _column_format(grid.scan, grid.left + position)
            for label, position in enumerate(body.kept)
        },
        places=_places(grid, body.kept) if options.in_place else {},
    )


def _places(grid: Grid, kept: Sequence[int]) -> dict[int, str]:
    return {
        label: f"{grid.sheet.name}!{column_letters(grid.left + position)}"
        for label, position in enumerate(kept)
    }


def _column_format(scan: SheetScan, column: int) -> ColumnFormat:
    signs = scan.currencies.get(column, {})
    return ColumnFormat(
        currencies={sign: np.array(rows) + 1 for sign, rows in signs.items()},
        percents=np.array(scan.percents.get(column, []), dtype=np.int64) + 1,
    )
