"""Small charts in cells: those in the rows of a table are repeated for each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csmcalc.reports.template.cells import escape
from csmcalc.reports.template.context import Context
from csmcalc.reports.template.follow import Row, following, in_a_row, sheets_and_areas
from csmcalc.reports.template.sheet import SheetMap
from csmcalc.reports.template.slots import Filling, Moved
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.xmlmap import Edits, Element


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A sparkline of a sheet: its data, its place, and the table to whose body it belongs."""

    element: Element
    data: Element
    place: Element
    column: int
    row: int
    table: ExcelTable | None


def sparklines(context: Context, sheet: SheetMap, edits: Edits) -> None:
    """Let the sparklines of a sheet follow with their data and their place.

    Of those in one column of a table the first is repeated, and the others give way to it.
    """
    groups = [(g, _members(context, sheet, g)) for g in sheet.outside("sparklineGroup")]
    first: dict[tuple[str, int], Sparkline] = {}
    for one in sorted((m for _, members in groups for m in members), key=lambda m: m.row):
        if one.table:
            first.setdefault((one.table.name, one.column), one)
    repeated = {id(one.element) for one in first.values()}
    for group, members in groups:
        for data in group.all("f"):
            context.check_call(f"a sparkline of sheet {sheet.name}", data.text)
        for dates in group.children:
            if dates.name == "f":
                _follow(context, sheet, edits, dates)
        late = {m.table.name for m in members if m.table and id(m.element) not in repeated}
        if len(late) == 1 and all(m.table and id(m.element) not in repeated for m in members):
            # A group without sparklines is nothing that Excel opens.
            edits.replace(group.start, group.end, _while_unbound(sheet, late.pop(), group))
            continue
        for one in members:
            _sparkline(context, sheet, edits, one, repeat=id(one.element) in repeated)


def _members(context: Context, sheet: SheetMap, group: Element) -> Sequence[Sparkline]:
    found = []
    for element in group.all("sparkline"):
        data, place = element.find("f"), element.find("sqref")
        areas = sheets_and_areas(place.text, sheet.name) if place else ()
        if data and place and areas:
            _, column, row, _, _ = areas[0]
            table = context.table_at(sheet, column, row)
            if table and (table.refusal or not table.box.first <= row <= table.box.last):
                table = None
            found.append(Sparkline(element, data, place, column, row, table))
    return found


def _sparkline(
    context: Context, sheet: SheetMap, edits: Edits, one: Sparkline, *, repeat: bool
) -> None:
    start, end = one.element.start, one.element.end
    if one.table is None:
        _follow(context, sheet, edits, one.data)
        _follow(context, sheet, edits, one.place)
    elif repeat:
        edits.replace(start, end, _for_each_row(context, sheet, one, one.table))
    else:
        edits.replace(start, end, _while_unbound(sheet, one.table.name, one.element))


def _follow(context: Context, sheet: SheetMap, edits: Edits, element: Element) -> None:
    found = following(element.text, sheet.name, context.boxes)
    if found:
        edits.replace(element.inside, element.inside_end, Moved(found))


def _while_unbound(sheet: SheetMap, table: str, element: Element) -> RowSparklines:
    return RowSparklines(table, 0, (), sheet.content[element.start : element.end])


def _for_each_row(
    context: Context, sheet: SheetMap, one: Sparkline, table: ExcelTable
) -> RowSparklines:
    content, element = sheet.content, one.element
    data = in_a_row(one.data.text, sheet.name, context.boxes, one.row)
    place = in_a_row(one.place.text.replace("$", ""), sheet.name, context.boxes, one.row)
    pieces = (
        content[element.start : one.data.inside].decode(),
        *(escape(piece) if isinstance(piece, str) else piece for piece in data),
        content[one.data.inside_end : one.place.inside].decode(),
        *place,
        content[one.place.inside_end : element.end].decode(),
    )
    return RowSparklines(table.name, table.box.first, pieces, content[element.start : element.end])


@dataclass(frozen=True, slots=True)
class RowSparklines:
    """A sparkline for each row of a table from `first` on; `original` while it is not bound.

    Without pieces it is one that gives way.
    """

    table: str
    first: int
    pieces: tuple[str | int | Row, ...]
    original: bytes

    def fill(self, filling: Filling) -> bytes:
        """One sparkline for each row."""
        if self.table not in filling.bound:
            return self.original
        rows = range(self.first, filling.lasts[self.table] + 1) if self.pieces else ()
        return "".join(self._at(row, filling) for row in rows).encode()

    def _at(self, row: int, filling: Filling) -> str:
        return "".join(
            piece
            if isinstance(piece, str)
            else str(row + piece)
            if isinstance(piece, int)
            else piece.text(filling.boxes, filling.lasts)
            for piece in self.pieces
        )
