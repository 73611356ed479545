"""From a report to an .xlsx file: openpyxl lays out, `stamp` adds values and long lists."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from csmcalc.errors import FaultKind
from csmcalc.reports import theme
from csmcalc.reports.charts import chart_of
from csmcalc.reports.charts.curves import curves_chart
from csmcalc.reports.charts.matrix import matrix_chart
from csmcalc.reports.dress import (
    Wardrobe,
    colour_words,
    hide_while_blank,
    scale_amounts,
    write_text,
)
from csmcalc.reports.grids import draw_grid
from csmcalc.reports.lists import draw_list
from csmcalc.reports.macros import WORKBOOK_CODE_NAME, code_name
from csmcalc.reports.model import (
    Cell,
    Column,
    Curves,
    Grid,
    List,
    Look,
    Matrix,
    Placed,
    Report,
    Sheet,
    Table,
    Text,
    Unit,
    Wash,
)
from csmcalc.reports.references import References
from csmcalc.reports.stamp import Stamp, stamped
from csmcalc.reports.validation import validation

_NO_CLOCK = dt.datetime(2000, 1, 1)


def render(report: Report) -> bytes:
    """The bytes of the workbook: every formula with its cached value, nothing left to compute."""
    return _Renderer(report).bytes()


class _Renderer:
    """One rendering: the workbook being laid out and the values to be stamped into it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.references = References(report)
        self.wardrobe = Wardrobe(report.currency)
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.active)
        self.stamps: dict[str, Stamp] = {}

    def bytes(self) -> bytes:
        for sheet in self.report.sheets:
            self._sheet(sheet)
        if self.report.macros:
            self._name_modules()
        names = {**self.references.names}
        if self.report.anchored:
            names |= self.references.anchors()
        for name, address in names.items():
            self.workbook.defined_names[name] = DefinedName(name, attr_text=address)
        self.workbook.properties.title = self.report.title
        self.workbook.properties.creator = "csmcalc"
        self.workbook.calculation.fullCalcOnLoad = True
        # The same report is the same file, byte for byte: no clock is asked.
        self.workbook.properties.created = self.workbook.properties.modified = _NO_CLOCK
        skeleton = io.BytesIO()
        with zipfile.ZipFile(skeleton, "w", zipfile.ZIP_STORED) as archive:
            ExcelWriter(self.workbook, archive).save()
        return stamped(skeleton.getvalue(), self.stamps, self.report.macros)

    def _name_modules(self) -> None:
        """Excel finds the module of a sheet by a name that both know."""
        self.workbook.code_name = WORKBOOK_CODE_NAME
        for position, worksheet in enumerate(self.workbook.worksheets, start=1):
            worksheet.sheet_properties.codeName = code_name(position)

    def _sheet(self, sheet: Sheet) -> None:
        worksheet = self.workbook.create_sheet(sheet.name)
        if sheet.hidden:
            worksheet.sheet_state = worksheet.SHEETSTATE_HIDDEN
        stamp = self.stamps[sheet.name] = Stamp()
        worksheet.sheet_view.showGridLines = False
        for number, width in enumerate(sheet.widths, start=1):
            worksheet.column_dimensions[get_column_letter(number)].width = width
        for row, height in sheet.heights.items():
            worksheet.row_dimensions[row].height = height
        for wash in sheet.washes:
            _wash(worksheet, wash)
        for placed in sheet.placed:
            self._block(worksheet, stamp, placed)
        _print_setup(worksheet, sheet, self.report.footer)
        if sheet.frozen:
            row, column = sheet.frozen
            worksheet.freeze_panes = f"{get_column_letter(column + 1)}{row + 1}"

    def _block(self, worksheet: Worksheet, stamp: Stamp, placed: Placed) -> None:
        block = placed.block
        anchor = f"{get_column_letter(placed.column)}{placed.row}"
        if isinstance(block, Text):
            self._text(worksheet, stamp, placed, block)
        elif isinstance(block, Table):
            self._table(worksheet, stamp, placed, block)
        elif isinstance(block, List):
            place = self.references.places[block.name]
            draw_list(worksheet, place, block, self.references, self.wardrobe)
            stamp.lists[block.name] = {one.heading: one.values for one in block.series}
        elif isinstance(block, Grid):
            draw_grid(worksheet, stamp, placed, block, self.references, self.wardrobe)
        elif isinstance(block, Curves):
            chart = curves_chart(block, self.references.grid_rows, self.report.currency)
            worksheet.add_chart(chart, anchor)
        elif isinstance(block, Matrix):
            worksheet.add_chart(matrix_chart(block, self.references.places), anchor)
        else:
            worksheet.add_chart(chart_of(block, self.references.places[block.table]), anchor)

    def _text(self, worksheet: Worksheet, stamp: Stamp, placed: Placed, text: Text) -> None:
        row, column = placed.row, placed.column
        self._cell(worksheet, stamp, row, column, text.cell, None)
        if text.span > 1:
            _merge(worksheet, row, column, text.span)
        if text.lines > 1:
            size = theme.STYLES[text.cell.look].size
            worksheet.row_dimensions[row].height = text.lines * size * 1.45

    def _table(self, worksheet: Worksheet, stamp: Stamp, placed: Placed, table: Table) -> None:
        header = tuple(map(heading_of, table.columns))
        lines = [header, *table.rows, *([table.total] if table.total else [])]
        scales = [_scales_as_one(at, lines) for at in range(len(header))]
        for offset, cells in enumerate(lines):
            row, column = placed.row + offset, placed.column
            if worksheet.row_dimensions[row].height is None:
                worksheet.row_dimensions[row].height = theme.ROW_HEIGHT
            for heading, cell, as_one in zip(table.columns, cells, scales, strict=True):
                indented = column > placed.column
                scaled = as_one or not offset
                self._cell(
                    worksheet,
                    stamp,
                    row,
                    column,
                    cell,
                    table.name,
                    indented=indented,
                    scaled=scaled,
                )
                if heading.span > 1:
                    self._widen(worksheet, row, column, heading.span, cell)
                column += heading.span
        column = placed.column
        for heading, as_one in zip(table.columns, scales, strict=True):
            if as_one:
                letter = get_column_letter(column)
                last = placed.row + len(lines) - 1
                scale_amounts(worksheet, f"{letter}{placed.row + 1}:{letter}{last}")
            column += heading.span
        if table.used:
            place = self.references.places[table.name]
            for row in range(place.first, place.last + 1):
                number = f"{get_column_letter(placed.column)}{row}"
                line = f"{number}:{get_column_letter(column - 1)}{row}"
                hide_while_blank(worksheet, number, line, place.cell(table.used, row))

    def _widen(self, worksheet: Worksheet, row: int, column: int, span: int, cell: Cell) -> None:
        """Merge a cell over the columns its heading spans, all of them in its style."""
        for other in range(column + 1, column + span):
            self.wardrobe.dress(worksheet.cell(row, other), cell)
        _merge(worksheet, row, column, span)

    def _cell(
        self,
        worksheet: Worksheet,
        stamp: Stamp,
        row: int,
        column: int,
        cell: Cell,
        table: str | None,
        *,
        indented: bool = False,
        scaled: bool = False,
    ) -> None:
        target = worksheet.cell(row, column)
        self.wardrobe.dress(target, cell, indented=indented)
        if cell.formula is not None:
            formula = self.references.resolve(cell.formula, worksheet.title, table, row)
            target.value = f"={formula}"
            stamp.cached[target.coordinate] = cell.value
            if cell.spill:
                rows, columns = cell.spill
                last = f"{get_column_letter(column + columns - 1)}{row + rows - 1}"
                stamp.spills[target.coordinate] = f"{target.coordinate}:{last}"
        elif isinstance(cell.value, FaultKind):
            target.value = cell.value.value
        elif isinstance(cell.value, str):
            write_text(target, cell.value)
        else:
            target.value = cell.value
        if cell.coloured:
            colour_words(worksheet, target.coordinate, cell.coloured)
        if cell.unit is Unit.SCALED and not scaled:
            scale_amounts(worksheet, target.coordinate)
        if cell.allowed:
            source = cell.allowed.choices_from
            choices = source and self.references.choices(source, worksheet.title)
            worksheet.add_data_validation(validation(target.coordinate, cell.allowed, choices))


def _scales_as_one(at: int, lines: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether all numbers of a column are amounts that are shown in one unit, words aside."""
    header, *rest = (cells[at].unit for cells in lines)
    return header is Unit.SCALED and not set(rest) & (theme.NUMERIC - {Unit.SCALED})


def heading_of(column: Column) -> Cell:
    """What stands above a column."""
    shown = column.live or Cell(column.heading)
    look = Look.HEADER if column.ruled else Look.CARD_NOTE
    return replace(shown, unit=column.unit, look=look)


def _merge(worksheet: Worksheet, row: int, column: int, span: int) -> None:
    """One cell over several columns, without the care that openpyxl takes of its borders."""
    last = get_column_letter(column + span - 1)
    worksheet.merged_cells.add(f"{get_column_letter(column)}{row}:{last}{row}")


def _wash(worksheet: Worksheet, wash: Wash) -> None:
    fill = PatternFill("solid", fgColor=theme.WASH)
    line = Side("medium", color=theme.ACCENT if wash.accent else theme.RULE)
    for row in range(wash.top, wash.bottom + 1):
        for column in range(wash.left, wash.right + 1):
            cell = worksheet.cell(row, column)
            cell.fill = fill
            if row == wash.top:
                cell.border = Border(top=line)


def _print_setup(worksheet: Worksheet, sheet: Sheet, footer: str) -> None:
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = worksheet.PAPERSIZE_A4
    worksheet.page_setup.fitToWidth = sheet.across
    worksheet.page_setup.fitToHeight = 1 if sheet.one_page else 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.5
    worksheet.page_margins.top, worksheet.page_margins.bottom = 0.6, 0.75
    worksheet.page_margins.header = worksheet.page_margins.footer = 0.35
    worksheet.oddFooter.left.text = footer.replace("&", "&&")
    worksheet.oddFooter.right.text = "Page &P of &N"
    for part in (worksheet.oddFooter.left, worksheet.oddFooter.right):
        part.size, part.font, part.color = 8, theme.FONT, theme.MUTED
    if sheet.printed:
        row, column = sheet.printed
        worksheet.print_area = f"A1:{get_column_letter(column)}{row}"
    for row in sheet.breaks:
        worksheet.row_breaks.append(Break(row))
    if sheet.repeated_row:
        worksheet.print_title_rows = f"{sheet.repeated_row}:{sheet.repeated_row}"
    if sheet.repeated_columns:
        worksheet.print_title_cols = f"A:{get_column_letter(sheet.repeated_columns)}"
