"""Defined names that are one cell: where values go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.files.sheetscan import column_number
from csmcalc.reports.template.context import CellName, Context
from csmcalc.reports.template.findings import FindingKind
from csmcalc.reports.template.sheet import SheetMap
from csmcalc.reports.template.slots import Scalar
from csmcalc.reports.template.xmlmap import Edits, Element

_ONE_CELL = re.compile(
    r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!\$?([A-Z]{1,3})\$?([0-9]{1,7})"
    r"(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)

Added = tuple[int, int, Scalar]
"""Row and column (from 0) of a cell that the file does not have, and what it becomes."""


def scalar_names(context: Context) -> Iterator[CellName]:
    """Names of one cell, or of cells merged into one; hidden ones are no places for data."""
    elements = list(context.workbook.all("definedName"))
    for element in elements:
        name, text = element.attributes.get("name", ""), element.all_text
        if context.calls_out(text):
            raise WorkbookError(
                f"{context.source}: name {name} calls out of the workbook ({text[:60]}); delete "
                "it in the name manager"
            )
    elements = [element for element in elements if not _is_internal(element)]
    spelled = Counter(e.attributes.get("name", "").casefold() for e in elements)
    for element in elements:
        name, text = element.attributes.get("name", ""), element.all_text.lstrip("=")
        found = _one_cell(context, name, text)
        if found is None:
            continue
        refusal = _no_scalar(context, found)
        if "localSheetId" in element.attributes and spelled[name.casefold()] > 1:
            refusal = "belongs to one sheet and has a namesake: rename it to set it"
        if refusal:
            context.find(FindingKind.NOTE, f"name {name}", refusal)
        else:
            at = f"{found.sheet}!{found.letter}{found.row}"
            context.find(FindingKind.NAME, f"name {name}", f"sets {at}")
            yield found


def _is_internal(name: Element) -> bool:
    hidden = name.attributes.get("hidden") in ("1", "true")
    return hidden or name.attributes.get("name", "").startswith("_xlnm.")


def _one_cell(context: Context, name: str, text: str) -> CellName | None:
    match = _ONE_CELL.fullmatch(text)
    if not match:
        return None
    where = (match[1] or match[2]).replace("''", "'")
    if match[5]:
        area = f"{match[3]}{match[4]}:{match[5]}{match[6]}"
        sheet = next((s for s in context.sheets if s.name == where), None)
        if sheet is None or area not in sheet.merged:
            return None
    return CellName(name, where, column_number(match[3]), int(match[4]), match[3])


def scalar_cells(
    context: Context, sheet: SheetMap, edits: Edits, inside: Edits, region: tuple[int, int]
) -> list[Added]:
    """The cells of names; those that the file does not have are put in, or, in a region, told."""
    missing: list[Added] = []
    for name in _first_names(context, sheet):
        cell = sheet.cell(name.column, name.row)
        if cell is None:
            slot = _scalar(context, name, sheet.column_style(name.column), b"")
            missing.append((name.row, name.column, slot))
            continue
        start, end = cell.element.start, cell.element.end
        original = sheet.content[start:end]
        chosen = inside if region[0] <= start < region[1] else edits
        chosen.replace_all(start, end, _scalar(context, name, cell.style, original))
    return _put_in(context, sheet, sorted(missing, key=lambda one: one[:2]), edits, region)


def _put_in(
    context: Context,
    sheet: SheetMap,
    missing: Sequence[Added],
    edits: Edits,
    region: tuple[int, int],
) -> list[Added]:
    growing = [t for t in context.tables if t.sheet is sheet and not t.refusal]
    above, told = [], []
    for row, column, slot in missing:
        below = [t for t in growing if t.box.touches(column, column) and row > t.bottom]
        if below:
            _refuse_name(context, slot.name, below[0].name)
        elif region[0] >= 0 and _place_of_row(sheet, row) >= region[0]:
            told.append((row, column, slot))
        else:
            above.append((row, column, slot))
    insert_cells(edits, sheet, above)
    return told


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
    if sheet.is_filled_by_another(name.column, name.row):
        return f"names a cell that a formula fills ({at})"
    table = context.table_at(sheet, name.column, name.row)
    if table:
        return f"names a cell of table {table.name} ({at}), which the table fills"
    return ""


def _scalar(context: Context, name: CellName, style: str, original: bytes) -> Scalar:
    begin = f'<c r="{name.letter}{name.row}"'
    return Scalar(name.name, begin, context.styles.look(style), original, context.epoch_1904)


def _refuse_name(context: Context, name: str, table: str) -> None:
    context.findings = [f for f in context.findings if f.place != f"name {name}"]
    context.find(
        FindingKind.REFUSED,
        f"name {name}",
        f"names a cell below table {table}, where its rows go; move it above, beside or to "
        "another sheet",
    )
    context.names.pop(name, None)


def _place_of_row(sheet: SheetMap, number: int) -> int:
    """Where a row stands, or would."""
    below = next((row for row in sheet.rows if row.number >= number), None)
    return below.element.start if below else sheet.data.inside_end


def insert_cells(edits: Edits, sheet: SheetMap, added: Sequence[Added]) -> None:
    """Put cells that the file does not have where they belong."""
    by_row: dict[int, list[tuple[int, Scalar]]] = {}
    for number, column, slot in added:
        by_row.setdefault(number, []).append((column, slot))
    new_rows = []
    for number, cells in sorted(by_row.items()):
        row = next((row for row in sheet.rows if row.number == number), None)
        slots = [slot for _, slot in cells]
        if row is None:
            new_rows.append((_place_of_row(sheet, number), [f'<row r="{number}">', *slots]))
        elif row.element.inside == row.element.end:  # <row/>
            start, end = row.element.start, row.element.end
            opening = sheet.content[start:end].decode().removesuffix("/>")
            _insert(edits, start, [f"{opening}>", *slots])
            edits.replace(start, end, "</row>")
        else:
            for column, slot in cells:
                behind = next((c for c in row.cells if c.column > column), None)
                at = behind.element.start if behind else row.element.inside_end
                edits.replace(at, at, slot)
    start, end = sheet.data.start, sheet.data.end
    empty = sheet.data.inside == end  # <sheetData/>
    if empty and new_rows:
        edits.replace(start, start, "<sheetData>")
    for at, pieces in new_rows:
        _insert(edits, start if empty else at, [*pieces, "</row>"])
    if empty and new_rows:
        edits.replace(start, end, "</sheetData>")


def _insert(edits: Edits, at: int, pieces: Sequence[Any]) -> None:
    for piece in pieces:
        edits.replace(at, at, piece)
