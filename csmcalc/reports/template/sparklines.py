"""Small charts in cells: those in the rows of a table are repeated for each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from csmcalc.reports.template.context import Context
from csmcalc.reports.template.follow import following, in_a_row, sheets_and_areas
from csmcalc.reports.template.sheet import SheetMap
from csmcalc.reports.template.slots import Filling, Moved
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.xmlmap import Edits, Element


def sparklines(context: Context, sheet: SheetMap, edits: Edits) -> None:
    """Let the sparklines of a sheet follow with their data and their place."""
    for group in sheet.top.all("sparklineGroup"):
        for dates in group.children:
            if dates.name == "f":
                _follow(context, sheet, edits, dates)
    for sparkline in sheet.top.all("sparkline"):
        data, place = sparkline.find("f"), sparkline.find("sqref")
        areas = sheets_and_areas(place.text, sheet.name) if place else ()
        if data is None or place is None or not areas:
            continue
        _, column, row, _, _ = areas[0]
        table = context.table_at(sheet, column, row)
        if table and not table.refusal and table.box.first <= row <= table.box.last:
            slot = _in_table(context, sheet, table, row, sparkline, data, place)
            edits.replace(sparkline.start, sparkline.end, slot)
        else:
            _follow(context, sheet, edits, data)
            _follow(context, sheet, edits, place)


def _follow(context: Context, sheet: SheetMap, edits: Edits, element: Element) -> None:
    found = following(element.text, sheet.name, context.boxes)
    if found:
        edits.replace(element.inside, element.inside_end, Moved(found))


def _in_table(
    context: Context,
    sheet: SheetMap,
    table: ExcelTable,
    row: int,
    sparkline: Element,
    data: Element,
    place: Element,
) -> RowSparklines:
    content = sheet.content
    formula = in_a_row(data.text, sheet.name, context.boxes, row)
    at = in_a_row(place.text.replace("$", ""), sheet.name, context.boxes, row)
    return RowSparklines(
        table=table.name,
        first=table.box.first if row == table.box.first else 0,
        begin=content[sparkline.start : data.inside].decode(),
        formula=tuple(escape(piece) if isinstance(piece, str) else piece for piece in formula),
        between=content[data.inside_end : place.inside].decode(),
        place=at,
        end=content[place.inside_end : sparkline.end].decode(),
        original=content[sparkline.start : sparkline.end],
    )


@dataclass(frozen=True, slots=True)
class RowSparklines:
    """The sparklines of a table's column, like the one of its first row; others give way to them.

    `original` stays while the table is not bound; `first` is 0 for a sparkline of a later row.
    """

    table: str
    first: int
    begin: str
    formula: tuple[Any, ...]
    between: str
    place: tuple[Any, ...]
    end: str
    original: bytes

    def fill(self, filling: Filling) -> bytes:
        """One sparkline for each row."""
        if self.table not in filling.bound:
            return self.original
        rows = range(self.first, filling.lasts[self.table] + 1) if self.first else ()
        return "".join(
            f"{self.begin}{self._at(self.formula, row, filling)}{self.between}"
            f"{self._at(self.place, row, filling)}{self.end}"
            for row in rows
        ).encode()

    def _at(self, pieces: tuple[Any, ...], row: int, filling: Filling) -> str:
        return "".join(
            p
            if isinstance(p, str)
            else str(row + p)
            if isinstance(p, int)
            else p.text(filling.boxes, filling.lasts)
            for p in pieces
        )
