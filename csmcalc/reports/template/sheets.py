"""One sheet: its cells, the body that grows on it, the ranges that follow."""

from __future__ import annotations

from csmcalc.reports.template.bodies import body_rows, region_of
from csmcalc.reports.template.context import Context
from csmcalc.reports.template.follow import following, sheets_and_areas
from csmcalc.reports.template.formulas import compile_cell
from csmcalc.reports.template.names import scalar_cells
from csmcalc.reports.template.sheet import (
    SheetMap,
    column_letter,
)
from csmcalc.reports.template.slots import (
    Moved,
)
from csmcalc.reports.template.xmlmap import Edits, attribute_place

_WITH_RANGE = (
    "dimension",
    "conditionalFormatting",
    "dataValidation",
    "protectedRange",
    "ignoredError",
    "autoFilter",
)
_PAGE_TEXTS = (
    "oddHeader",
    "oddFooter",
    "evenHeader",
    "evenFooter",
    "firstHeader",
    "firstFooter",
)


def compile_sheet(context: Context, sheet: SheetMap) -> None:
    """Find all that changes on a sheet; what stands in or beside a body is the body's."""
    edits = Edits(sheet.content)
    growing = next((t for t in context.tables if t.sheet is sheet and not t.refusal), None)
    inside = Edits(sheet.content)
    start, end = region_of(growing) if growing else (-1, -1)
    for cell in sheet.cells():
        within = start <= cell.element.start < end
        compile_cell(context, sheet, cell, inside if within else edits)
    scalar_cells(context, sheet, edits, inside, (start, end))
    if growing:
        edits.replace(start, end, body_rows(context, growing, inside.part(start, end), inside))
    _ranges(context, sheet, edits)
    _page_texts(context, sheet, edits)
    if edits:
        context.edits[sheet.part] = edits


def _ranges(context: Context, sheet: SheetMap, edits: Edits) -> None:
    """Rules, validations, the used range, protected ranges, extensions."""
    for element in sheet.top.all(*_WITH_RANGE):
        for attribute in ("sqref", "ref"):
            text = element.attributes.get(attribute, "")
            if element.name == "dimension":
                text = _used(context, sheet, text)
            found = following(text, sheet.name, context.boxes, areas=True) if text else None
            if found:
                start, end = attribute_place(sheet.content, element, attribute)
                edits.replace(start, end, Moved(found, in_attribute=True))
    for element in sheet.top.all("sqref", "f", "formula", "formula1", "formula2"):
        if sheet.data.start <= element.start < sheet.data.end or element.children:
            continue
        context.check_call(f"a rule of sheet {sheet.name}", element.text)
        areas = element.name == "sqref"
        found = following(element.text, sheet.name, context.boxes, areas=areas)
        if found:
            edits.replace(element.inside, element.inside_end, Moved(found))


def _used(context: Context, sheet: SheetMap, text: str) -> str:
    """The used range with all of a table in it, though rows of its body be missing."""
    for table in context.tables:
        last = table.box.last + table.totals
        for _, left, top, right, bottom in sheets_and_areas(text, sheet.name):
            if table.sheet is sheet and bottom < last:
                right = max(right, table.box.right)
                text = f"{column_letter(left)}{top}:{column_letter(right)}{last}"
    return text


def _page_texts(context: Context, sheet: SheetMap, edits: Edits) -> None:
    for element in sheet.top.all(*_PAGE_TEXTS):
        raw = sheet.content[element.inside : element.inside_end]
        if b"{{" in raw:
            place = f"{sheet.name}, header or footer"
            context.insert_words(edits, element, raw, place, in_footer=True)
