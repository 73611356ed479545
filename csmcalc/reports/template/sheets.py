"""One sheet: its cells, the body that grows on it, the ranges that follow."""

from __future__ import annotations

from csmcalc.reports.template.bodies import compile_region, region_of
from csmcalc.reports.template.context import Context
from csmcalc.reports.template.follow import Following, following, of_a_rule, sheets_and_areas
from csmcalc.reports.template.formulas import compile_cell
from csmcalc.reports.template.names import scalar_cells
from csmcalc.reports.template.sheet import SheetMap, column_letter
from csmcalc.reports.template.slots import Moved
from csmcalc.reports.template.sparklines import sparklines
from csmcalc.reports.template.xmlmap import Edits, Element, attribute_place

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
    growing = [t for t in context.tables if t.sheet is sheet and not t.refusal]
    inside = Edits(sheet.content)
    start, end = region_of(growing) if growing else (-1, -1)
    for cell in sheet.cells():
        within = start <= cell.element.start < end
        compile_cell(context, sheet, cell, inside if within else edits)
    added = scalar_cells(context, sheet, edits, inside, (start, end))
    if growing:
        edits.replace(start, end, compile_region(context, growing, inside, added))
    _ranges(context, sheet, edits)
    _rules(context, sheet, edits)
    sparklines(context, sheet, edits)
    _page_texts(context, sheet, edits)
    if edits:
        context.edits[sheet.part] = edits


def _ranges(context: Context, sheet: SheetMap, edits: Edits) -> None:
    """The areas of rules and validations, the used range, protected ranges, extensions."""
    for element in sheet.outside(*_WITH_RANGE):
        for attribute in ("sqref", "ref"):
            text = element.attributes.get(attribute, "")
            if element.name == "dimension":
                text = _used(context, sheet, text)
            found = following(text, sheet.name, context.boxes, areas=True) if text else None
            if found:
                start, end = attribute_place(sheet.content, element, attribute)
                edits.replace(start, end, Moved(found, in_attribute=True))

    for element in sheet.outside("ignoredError", "protectedRange"):  # of newer kinds
        for inner in element.all("sqref"):
            found = following(inner.text, sheet.name, context.boxes, areas=True)
            _follow(edits, inner, found)


def _rules(context: Context, sheet: SheetMap, edits: Edits) -> None:
    """Formulas of rules and validations; those of newer kinds have their areas in an element."""
    for rule in sheet.outside("conditionalFormatting", "dataValidation"):
        inner = [e for e in rule.all("sqref") if not e.children]
        ranges = rule.attributes.get("sqref") or " ".join(e.text for e in inner)
        for element in inner:
            _follow(edits, element, following(ranges, sheet.name, context.boxes, areas=True))
        for element in rule.all("f", "formula", "formula1", "formula2"):
            if not element.children:
                context.check_call(f"a rule of sheet {sheet.name}", element.text)
                moved = of_a_rule(element.text, sheet.name, context.boxes, ranges)
                _follow(edits, element, moved)
        for element in rule.all("cfvo"):
            formula = element.attributes.get("val", "")
            context.check_call(f"a rule of sheet {sheet.name}", formula)
            moved = of_a_rule(formula, sheet.name, context.boxes, ranges)
            if moved:
                start, end = attribute_place(sheet.content, element, "val")
                edits.replace(start, end, Moved(moved, in_attribute=True))


def _follow(edits: Edits, element: Element, found: Following | None) -> None:
    if found:
        edits.replace(element.inside, element.inside_end, Moved(found))


def _used(context: Context, sheet: SheetMap, text: str) -> str:
    """The used range with all of each table in it, though rows of its body be missing."""
    for table in context.tables:
        for _, left, top, right, bottom in sheets_and_areas(text, sheet.name):
            if table.sheet is sheet and bottom < table.bottom:
                right = max(right, table.box.right)
                text = f"{column_letter(left)}{top}:{column_letter(right)}{table.bottom}"
    return text


def _page_texts(context: Context, sheet: SheetMap, edits: Edits) -> None:
    for element in sheet.outside(*_PAGE_TEXTS):
        place = f"{sheet.name}, header or footer"
        inside, end = element.inside, element.inside_end
        context.insert_words(edits, inside, end, place, _LONGEST_PAGE_TEXT, footer=True)


_LONGEST_PAGE_TEXT = 255
