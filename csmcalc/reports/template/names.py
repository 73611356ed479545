"""Defined names that are one cell: where values go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.context import CellName, Context
from csmcalc.reports.template.findings import FindingKind
from csmcalc.reports.template.parts import CALLS_OUT
from csmcalc.reports.template.sheet import (
    SheetMap,
)
from csmcalc.reports.template.slots import (
    Scalar,
)
from csmcalc.reports.template.xmlmap import Edits

_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def scalar_names(context: Context) -> Iterator[CellName]:
    """Names of one cell; those of a sheet, of a range or hidden ones are no places for data."""
    for element in context.workbook.all("definedName"):
        name, text = element.attributes.get("name", ""), element.all_text.lstrip("=")
        if CALLS_OUT.search(text):
            raise WorkbookError(
                f"{context.source}: name {name} calls out of the workbook ({text[:60]}); delete "
                "it in the name manager"
            )
        match = _ONE_CELL.fullmatch(text)
        local = "localSheetId" in element.attributes or element.attributes.get("hidden") == "1"
        if not match or local or name.startswith("_xlnm."):
            continue
        sheet = (match[1] or match[2]).replace("''", "'")
        found = CellName(name, sheet, column_number(match[3]), int(match[4]), match[3])
        refusal = _no_scalar(context, found)
        if refusal:
            context.find(FindingKind.NOTE, f"name {name}", refusal)
        else:
            context.find(FindingKind.NAME, f"name {name}", f"sets {sheet}!{match[3]}{match[4]}")
            yield found


def scalar_cells(
    context: Context, sheet: SheetMap, edits: Edits, inside: Edits, region: tuple[int, int]
) -> None:
    """The cells of names; one that the file does not have is put where it belongs."""
    missing: dict[int, list[CellName]] = {}
    for name in _first_names(context, sheet):
        cell = sheet.cell(name.column, name.row)
        if cell is None:
            missing.setdefault(name.row, []).append(name)
            continue
        start, end = cell.element.start, cell.element.end
        original = sheet.content[start:end]
        chosen = inside if region[0] <= start < region[1] else edits
        chosen.replace_all(start, end, _scalar(context, name, cell.style, original))
    for row, names in sorted(missing.items()):
        _missing_cells(context, sheet, row, names, edits, region)


def _first_names(context: Context, sheet: SheetMap) -> list[CellName]:
    """The names on a sheet, the first of each cell."""
    first: dict[tuple[int, int], CellName] = {}
    for name in [name for name in context.names.values() if name.sheet == sheet.name]:
        found = first.setdefault((name.row, name.column), name)
        if found is not name:
            place = f"name {name.name}"
            context.names.pop(name.name)
            context.findings = [f for f in context.findings if f.place != place]
            context.find(FindingKind.NOTE, place, f"names the same cell as {found.name}: use that")
    return list(first.values())


def _no_scalar(context: Context, name: CellName) -> str:
    sheet = next((s for s in context.sheets if s.name == name.sheet), None)
    if sheet is None:
        return f"refers to sheet {name.sheet}, which holds no cells"
    cell = sheet.cell(name.column, name.row)
    at = f"{name.sheet}!{name.letter}{name.row}"
    if cell and cell.formula:
        return f"names a formula ({at}): an answer, which no value replaces"
    for table in context.tables:
        box, last = table.box, table.box.last + table.totals
        inside = box.left <= name.column <= box.right and table.header <= name.row <= last
        if box.sheet == name.sheet and inside:
            return f"names a cell of table {table.name} ({at}), which the table fills"
    return ""


def _scalar(context: Context, name: CellName, style: str, original: bytes) -> Scalar:
    begin = f'<c r="{name.letter}{name.row}"'
    quoted = context.styles.quoted(style)
    return Scalar(name.name, begin, style, quoted, original, context.epoch_1904)


def _missing_cells(
    context: Context,
    sheet: SheetMap,
    number: int,
    names: list[CellName],
    edits: Edits,
    region: tuple[int, int],
) -> None:
    row = next((row for row in sheet.rows if row.number == number), None)
    below = next((row for row in sheet.rows if row.number >= number), None)
    at = below.element.start if below else sheet.data.inside_end
    if region[0] >= 0 and at >= region[0]:
        for name in names:
            _refuse_name(context, name)
        return
    names = sorted(names, key=lambda name: name.column)
    slots = [(n, _scalar(context, n, sheet.column_style(n.column), b"")) for n in names]
    if row is None:
        pieces: list[Any] = [f'<row r="{number}">', *(s for _, s in slots), "</row>"]
        _insert_row(edits, sheet, at, pieces)
        return
    if row.element.inside == row.element.end:  # <row/>
        start, end = row.element.start, row.element.end
        opening = sheet.content[start:end].decode().removesuffix("/>")
        edits.replace(start, start, f"{opening}>")
        for _, slot in slots:
            edits.replace(start, start, slot)
        edits.replace(start, end, "</row>")
        return
    for name, slot in slots:
        following_cell = next((c for c in row.cells if c.column > name.column), None)
        at = following_cell.element.start if following_cell else row.element.inside_end
        edits.replace(at, at, slot)


def _refuse_name(context: Context, name: CellName) -> None:
    context.findings = [f for f in context.findings if f.place != f"name {name.name}"]
    context.find(
        FindingKind.REFUSED,
        f"name {name.name}",
        f"{name.sheet}!{name.letter}{name.row} is an empty cell beside or below a table; write "
        "something into it, or move it above",
    )
    context.names.pop(name.name, None)


def _insert_row(edits: Edits, sheet: SheetMap, at: int, pieces: list[Any]) -> None:
    start, end = sheet.data.start, sheet.data.end
    if sheet.data.inside == end:  # <sheetData/>
        edits.replace(start, start, "<sheetData>")
        for piece in pieces:
            edits.replace(start, start, piece)
        edits.replace(start, end, "</sheetData>")
        return
    for piece in pieces:
        edits.replace(at, at, piece)
