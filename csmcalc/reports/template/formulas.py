"""Cells with a formula or with `{{name}}` in their text."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

from csmcalc.errors import WorkbookError
from csmcalc.reports.template.aggregates import aggregate
from csmcalc.reports.template.cells import rest_of_cell
from csmcalc.reports.template.context import PLACEHOLDER, Context
from csmcalc.reports.template.findings import FindingKind
from csmcalc.reports.template.follow import following
from csmcalc.reports.template.parts import CALLS_OUT
from csmcalc.reports.template.sheet import (
    Cell,
    SheetMap,
    attributes_of,
    opening_of_formula,
)
from csmcalc.reports.template.slots import (
    FormulaCell,
)
from csmcalc.reports.template.xmlmap import Edits

_PLACEHOLDER_TEXT = re.compile(r"\{\{\s*([^\W\d][\w.]*)\s*\}\}")


def compile_cell(context: Context, sheet: SheetMap, cell: Cell, edits: Edits) -> None:
    """What becomes of a cell: a formula loses its stale value, `{{name}}` becomes a slot."""
    element = cell.element
    if cell.formula is not None:
        made = formula_cell(context, sheet, cell)
        constant = isinstance(made.formula, str) and made.aggregate is None
        value = context.values.get((sheet.name, cell.address))
        if (sheet.name, cell.address) in context.values:
            edits.replace(element.start, element.end, _valued(context, sheet, cell, made, value))
        elif constant:
            edits.replace(element.start, element.end, _without_value(made))
        else:
            edits.replace(element.start, element.end, made)
        return
    if b"{{" in sheet.content[element.start : element.end] or "{{" in sheet.text(
        cell, context.shared
    ):
        _text_cell(context, sheet, cell, edits)


def formula_cell(context: Context, sheet: SheetMap, cell: Cell) -> FormulaCell:
    """A formula with the references in it that follow, and its value where we compute it."""
    formula = cell.formula
    assert formula is not None
    text = formula.all_text
    place = f"{sheet.name}!{cell.address}"
    if CALLS_OUT.search(re.sub(r'"(?:[^"]|"")*"', '""', text)):
        raise WorkbookError(
            f"{context.source}, {place}: the formula calls out of the workbook ({text[:60]}); "
            "replace it by a value"
        )
    context.has_formulas = True
    known = aggregate(text, context.headings)
    in_body = any(
        t.sheet is sheet
        and t.box.first <= cell.row <= t.box.last
        and t.box.left <= cell.column <= t.box.right
        for t in context.tables
    )
    if known is None and not in_body and (sheet.name, cell.address) not in context.values:
        context.find(FindingKind.UNCOMPUTED, place, f"={text[:120]} is computed when it is opened")
    return FormulaCell(
        letter=cell.letter,
        row=cell.row,
        attributes=attributes_of(cell, "s", "cm"),
        opening=opening_of_formula(sheet.content, formula),
        formula=following(text, sheet.name, context.boxes) or text,
        aggregate=known,
    )


def _valued(context: Context, sheet: SheetMap, cell: Cell, made: FormulaCell, value: Any) -> str:
    attributes, opening = made.attributes, made.opening
    area = context.spills.get((sheet.name, cell.address))
    if area:
        attributes, opening = f'{attributes} cm="1"', f'<f t="array" ref="{area}">'
    assert cell.formula
    text = cell.formula.all_text
    formula = f"{opening}{escape(text)}</f>"
    return f'<c r="{cell.address}"' + rest_of_cell(value, formula, attributes, attributes)


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
    found = PLACEHOLDER.findall(raw)
    place = f"{sheet.name}!{cell.address}"
    if len(found) < len(_PLACEHOLDER_TEXT.findall(sheet.text(cell, context.shared))):
        context.find(
            FindingKind.REFUSED,
            place,
            "a {{name}} is written in several fonts and is not filled; give it one font",
        )
    if not found:
        return
    start, end = cell.element.start, cell.element.end
    head = f'<c r="{cell.address}"{cell.style} t="inlineStr"><is>'
    edits.replace(start, start, head)
    for piece in context.with_words(raw, place):
        edits.replace(start, start, piece)
    edits.replace(start, end, "</is></c>")


def _without_value(made: FormulaCell) -> str:
    assert isinstance(made.formula, str)
    formula = f"{made.opening}{escape(made.formula)}</f>"
    return f'<c r="{made.letter}{made.row}"{made.attributes}>{formula}</c>'
