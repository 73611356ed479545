"""Cells with a formula or with `{{name}}` in their text."""

from __future__ import annotations

from csmcalc.errors import WorkbookError
from csmcalc.reports.template.aggregates import Aggregate, aggregate
from csmcalc.reports.template.cells import LONGEST_TEXT, Look, escape, rest_of_cell
from csmcalc.reports.template.context import PLACEHOLDER, Context, spelled_out
from csmcalc.reports.template.findings import FindingKind, shown, unless
from csmcalc.reports.template.follow import following
from csmcalc.reports.template.sheet import Cell, SheetMap, attributes_of
from csmcalc.reports.template.slots import FormulaCell
from csmcalc.reports.template.xmlmap import Edits


def compile_cell(context: Context, sheet: SheetMap, cell: Cell, edits: Edits) -> None:
    """What becomes of a cell: a formula loses its stale value, `{{name}}` becomes a slot."""
    element = cell.element
    if cell.formula is not None:
        if (sheet.name, cell.address) in context.values:
            edits.replace(element.start, element.end, _valued(context, sheet, cell))
            return
        made = formula_cell(context, sheet, cell)
        constant = isinstance(made.formula, str) and made.aggregate is None
        edits.replace(element.start, element.end, _without_value(made) if constant else made)
    elif sheet.is_filled_by_another(cell.column, cell.row):
        edits.replace(element.start, element.end, f'<c r="{cell.address}"{cell.style}/>')
    elif b"{{" in sheet.content[element.start : element.end] or "{{" in sheet.text(
        cell, context.shared
    ):
        _text_cell(context, sheet, cell, edits)


def formula_cell(context: Context, sheet: SheetMap, cell: Cell) -> FormulaCell:
    """A formula with the references in it that follow, and its value where we compute it."""
    text = _checked(context, sheet, cell)
    table = context.table_at(sheet, cell.column, cell.row)
    known = aggregate(text, context.headings, table.name if table else "")
    in_body = table is not None and not table.refusal and cell.row <= table.box.last
    if not in_body and (sheet.name, cell.address) not in context.values:
        _find_uncomputed(context, f"{sheet.name}!{cell.address}", text, known)
    return FormulaCell(
        letter=cell.letter,
        row=cell.row,
        attributes=attributes_of(cell, "s", "cm"),
        opening=sheet.formula_opening(cell),
        formula=following(text, sheet.name, context.boxes) or text,
        aggregate=known,
    )


def _checked(context: Context, sheet: SheetMap, cell: Cell) -> str:
    """The text of a formula that stays in the workbook."""
    text = sheet.formula_text(cell)
    if context.calls_out(text):
        raise WorkbookError(
            f"{context.source}, {sheet.name}!{cell.address}: the formula calls out of the workbook "
            f"({text[:60]}); replace it by a value"
        )
    context.has_formulas = True
    if "{{" in text:
        context.find(
            FindingKind.REFUSED,
            f"{sheet.name}!{cell.address}",
            "{{...}} inside a formula is not filled; give a cell a name and refer to that",
        )
    return text


def _find_uncomputed(context: Context, place: str, text: str, known: Aggregate | None) -> None:
    """Note a formula without a value, or one that has it only where the data has its column."""
    if known is None or known.table not in context.boxes:
        context.find(FindingKind.UNCOMPUTED, place, shown(text))
        return
    heading = context.headings[known.table][known.column]
    if known.function != "ROWS" and heading in context.computed[known.table]:
        context.find(FindingKind.UNCOMPUTED, place, f"{shown(text)}, {unless(heading)}")


def _valued(context: Context, sheet: SheetMap, cell: Cell) -> str:
    """A formula with the value that is known of it."""
    text, attributes = _checked(context, sheet, cell), attributes_of(cell, "s", "cm")
    address = cell.address
    value, area = context.values[sheet.name, address], context.spills.get((sheet.name, address))
    if area:
        attributes, opening = f'{attributes} cm="1"', f'<f t="array" ref="{area}">'
    else:
        opening = sheet.formula_opening(cell)
    formula = f"{opening}{escape(text)}</f>"
    rest = rest_of_cell(value, formula, Look.fixed(attributes), epoch_1904=context.epoch_1904)
    return f'<c r="{address}"{rest}'


def _text_cell(context: Context, sheet: SheetMap, cell: Cell, edits: Edits) -> None:
    """A text with `{{name}}` becomes an inline one, its runs as they were."""
    kind = cell.element.attributes.get("t")
    if kind == "s":
        value = cell.element.find("v")
        raw = context.shared_raw[int(value.all_text)] if value else b""
    elif kind == "inlineStr" and (inline := cell.element.find("is")):
        raw = sheet.content[inline.inside : inline.inside_end]
    else:
        return
    place = f"{sheet.name}!{cell.address}"
    table = context.table_at(sheet, cell.column, cell.row)
    if table and cell.row == table.header:
        context.find(
            FindingKind.REFUSED,
            place,
            "{{...}} in a heading of a table is not filled: tables are bound by their headings",
        )
        return
    found = PLACEHOLDER.findall(spelled_out(raw))
    whole = sheet.text(cell, context.shared)
    if whole.count("{{") > len(found):
        several = len(PLACEHOLDER.findall(whole)) > len(found)
        what = "is written in several fonts; give it one font" if several else _NO_NAME
        context.find(FindingKind.REFUSED, place, f"a {{{{...}}}} is not filled: it {what}")
    if not found:
        return
    start, end = cell.element.start, cell.element.end
    head = f'<c r="{cell.address}"{cell.style} t="inlineStr"><is>'
    edits.replace(start, start, head)
    for piece in context.with_words(raw, place, LONGEST_TEXT):
        edits.replace(start, start, piece)
    edits.replace(start, end, "</is></c>")


_NO_NAME = "holds no name; a name has letters, digits, _ and . only and begins with a letter"


def _without_value(made: FormulaCell) -> str:
    assert isinstance(made.formula, str)
    formula = f"{made.opening}{escape(made.formula)}</f>"
    return f'<c r="{made.letter}{made.row}"{made.attributes}>{formula}</c>'
