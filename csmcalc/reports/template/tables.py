"""The tables of a template: where they stand, and why one cannot grow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from csmcalc.errors import WorkbookError
from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.follow import LAST_ROW, Box
from csmcalc.reports.template.parts import Parts, related
from csmcalc.reports.template.sheet import SheetMap
from csmcalc.reports.template.xmlmap import Element, mapped

_AREA = re.compile(r"([A-Z]{1,3})([0-9]+):([A-Z]{1,3})([0-9]+)")
_LAST_COLUMN = 16_383
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(slots=True)
class ExcelTable:
    """A table as its part describes it."""

    name: str
    part: str
    element: Element
    content: bytes
    sheet: SheetMap
    box: Box
    header: int
    totals: bool
    headings: tuple[str, ...]
    calculated: tuple[str, ...]
    refusal: str = ""

    @property
    def bottom(self) -> int:
        """Its last row, totals included."""
        return self.box.last + self.totals


def tables_of(parts: Parts, sheet: SheetMap) -> Iterator[ExcelTable]:
    """The tables of a sheet; each is told why it cannot grow, if it cannot."""
    links = related(parts, sheet.part).values()
    found = [
        _table(parts, sheet, target)
        for target, kind in links
        if kind == "table" and parts.package.has(target)
    ]
    anchors = list(_anchors(parts, sheet))
    for table in found:
        table.refusal = table.refusal or _refusal(table, sheet, anchors)
    yield from found


def _table(parts: Parts, sheet: SheetMap, part: str) -> ExcelTable:
    content = parts.read(part)
    element = mapped(parts.source, part, content)
    told = element.attributes
    name = told.get("displayName") or told.get("name", "")
    area = _area(parts, name, told.get("ref", ""))
    top, bottom = int(area[2]), int(area[4])
    totals = told.get("totalsRowCount", "0") not in ("0", "")
    columns = list(element.all("tableColumn"))
    formulas = [column.find("calculatedColumnFormula") for column in columns]
    table = ExcelTable(
        name=name,
        part=part,
        element=element,
        content=content,
        sheet=sheet,
        box=Box(
            sheet.name, column_number(area[1]), top + 1, column_number(area[3]), bottom - totals
        ),
        header=top,
        totals=totals,
        headings=tuple(_decoded(column.attributes.get("name", "")) for column in columns),
        calculated=tuple(f.all_text if f else "" for f in formulas),
    )
    _check_columns(parts, table)
    if told.get("headerRowCount", "1") == "0":
        table.refusal = "has no header row, so that its columns have no names; switch it on"
    return table


def _area(parts: Parts, name: str, ref: str) -> re.Match[str]:
    """Where a table stands, if that is a place on a sheet."""
    area = _AREA.fullmatch(ref)
    if area:
        left, right = column_number(area[1]), column_number(area[3])
        if left <= right <= _LAST_COLUMN and 1 <= int(area[2]) <= int(area[4]) <= LAST_ROW:
            return area
    raise WorkbookError(
        f'{parts.source}: table {name} is damaged: it stands at "{ref[:40]}", which is no area of '
        "a sheet; open the file in Excel and save it again"
    )


def _check_columns(parts: Parts, table: ExcelTable) -> None:
    """Columns that are as many as the area has, each with a heading of its own."""
    width = table.box.right - table.box.left + 1
    folded = [heading.casefold() for heading in table.headings]
    twice = next((heading for heading, n in Counter(folded).items() if n > 1), None)
    wrong = ""
    if width != len(folded):
        wrong = f"its area has {width:,} columns, and it describes {len(folded):,}"
    elif twice is not None:
        wrong = f'two of its columns are called "{twice[:40]}"'
    if wrong:
        raise WorkbookError(
            f"{parts.source}: table {table.name} is damaged: {wrong}; open the file in Excel and "
            "save it again"
        )


def _decoded(heading: str) -> str:
    return _CODE.sub(lambda match: chr(int(match[1], 16)), heading)


def _anchors(parts: Parts, sheet: SheetMap) -> Iterator[tuple[int, int, int, str]]:
    """What floats or is merged, commented or linked on a sheet: left, right, row, what it is."""
    for merged in sheet.merged:
        yield from _areas(merged, "merged cells")
    for link in sheet.outside("hyperlink"):
        yield from _areas(link.attributes.get("ref", ""), "a hyperlink")
    for target, kind in related(parts, sheet.part).values():
        if kind == "comments" and parts.package.has(target):
            for note in mapped(parts.source, target, parts.read(target)).all("comment"):
                yield from _areas(note.attributes.get("ref", ""), "a comment")
        if kind == "drawing" and parts.package.has(target):
            yield from _floating(mapped(parts.source, target, parts.read(target)))


def _areas(text: str, what: str) -> Iterator[tuple[int, int, int, str]]:
    area = _AREA.fullmatch(text if ":" in text else f"{text}:{text}")
    if area:
        # Bottom rows count: an area that begins above and reaches below is hit as well.
        yield column_number(area[1]), column_number(area[3]), int(area[4]), what


def _floating(drawing: Element) -> Iterator[tuple[int, int, int, str]]:
    for anchor in drawing.all("twoCellAnchor", "oneCellAnchor"):
        begin, end = anchor.find("from"), anchor.find("to")
        if begin is None:
            continue
        left, row = _number(begin, "col"), _number(begin, "row")
        right = _number(end, "col") if end else left
        yield left, right, row + 1, "a chart" if any(anchor.all("chart")) else "a picture or shape"


def _number(element: Element, name: str) -> int:
    found = element.find(name)
    return int(found.text) if found and found.text.strip().isdigit() else 0


def _refusal(table: ExcelTable, sheet: SheetMap, anchors: list[tuple[int, int, int, str]]) -> str:
    box = table.box
    for cell in sheet.cells():
        if not box.left <= cell.column <= box.right:
            continue
        if cell.row > table.bottom and not cell.is_blank:
            return (
                f"cell {sheet.name}!{cell.address} stands below it and would be overwritten when "
                "it grows; move it above, beside or to another sheet"
            )
        inside = box.first <= cell.row <= table.bottom
        if inside and sheet.is_filled_by_another(cell.column, cell.row):
            return f"cell {sheet.name}!{cell.address} in it is filled by an array formula"
        if inside and cell.formula and cell.formula.attributes.get("t") == "array":
            return f"cell {sheet.name}!{cell.address} in it is an array formula"
    for left, right, row, what in anchors:
        if row >= box.first and box.touches(left, right):
            return (
                f"{what} at row {row} of sheet {sheet.name} stands in or below it and would be in "
                "the way when it grows; move it above, beside or to another sheet"
            )
    return ""
