"""From a workbook to a template: what stays, what follows, what is filled in each report."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.io.files.package import Limits
from csmcalc.reports.template.archive import CopiedParts, Part, compressed_once
from csmcalc.reports.template.cells import LONGEST_TEXT
from csmcalc.reports.template.charts import chart_edits
from csmcalc.reports.template.context import Context, Values
from csmcalc.reports.template.findings import FindingKind, TemplateTable, shown, unless
from csmcalc.reports.template.follow import following, of_a_rule, sheets_and_areas
from csmcalc.reports.template.names import scalar_names
from csmcalc.reports.template.parts import Parts, read_template
from csmcalc.reports.template.sheet import SheetMap, column_letter
from csmcalc.reports.template.sheets import compile_sheet
from csmcalc.reports.template.slots import Moved
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.template import Template
from csmcalc.reports.template.xmlmap import Edits, Element, attribute_place, mapped

_SUFFIXES = (".xlsx", ".xlsm")
_LARGEST_TEMPLATE = 256_000_000
_CALC_CHAIN_TYPE = re.compile(rb"<(?:\w+:)?Override[^>]*calcChain[^>]*/>")
_CALC_CHAIN_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*calcChain[^>]*/>")
_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")


def compile_template(path: Path, limits: Limits | None = None) -> Template:
    """Check a workbook and make it ready to be filled as often as wanted.

    Raises:
        WorkbookError: it is damaged, hostile, or would reach out of the report.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise WorkbookError(f"{path}: a template is an Excel workbook (.xlsx or .xlsm)")
    content = read_bytes(path, _LARGEST_TEMPLATE)
    return compile_content(str(path), content, limits or Limits())


def compile_content(
    source: str,
    content: bytes,
    limits: Limits,
    values: Values | None = None,
    spills: Mapping[tuple[str, str], str] | None = None,
) -> Template:
    """The same from bytes; `values` are those of formulas, by sheet and cell."""
    return template_of(context_of(read_template(source, content, limits), values, spills))


def context_of(
    parts: Parts,
    values: Values | None = None,
    spills: Mapping[tuple[str, str], str] | None = None,
) -> Context:
    """Everything that is known of a workbook before it becomes a template."""
    context = Context(parts, values or {}, spills or {})
    context.names = {found.name: found for found in scalar_names(context)}
    return context


def template_of(context: Context) -> Template:
    """All parts: those that stay, those changed once, those filled in each report."""
    packing: dict[str, Future[Part]] = {}
    with ThreadPoolExecutor(1) as other:  # zlib leaves Python to the compilation
        for sheet in context.sheets:
            compile_sheet(context, sheet)
            if content := _changed_once(context, sheet.part):
                packing[sheet.part] = other.submit(compressed_once, sheet.part, content)
        for table in context.tables:
            _table_part(context, table)
        _drawings(context)
        _workbook_part(context)
        _notes(context)
        copied, filled = _sorted_parts(context, packing)
    return Template(
        source=context.source,
        suffix=_suffix(context),
        tables={table.name: _described(context, table) for table in context.tables},
        names=tuple(sorted(set(context.names) | context.words)),
        findings=tuple(dict.fromkeys(context.findings)),
        boxes=context.boxes,
        copied=CopiedParts.of(copied),
        filled=tuple(filled),
        epoch_1904=context.epoch_1904,
    )


def template_of_sheet(context: Context, sheet: SheetMap) -> Template:
    """One sheet and its tables alone, to be written ahead of the others.

    Those before it are looked at too: it is in their order that styles are added. What is found in
    them is found again once all is known.
    """
    found = len(context.findings)
    for one in context.sheets[: context.sheets.index(sheet) + 1]:
        compile_sheet(context, one)
    del context.findings[found:]
    edits = context.edits.get(sheet.part)
    return Template(
        source=context.source,
        suffix="",
        tables={t.name: _described(context, t) for t in context.tables if t.sheet is sheet},
        names=(),
        findings=(),
        boxes=context.boxes,
        copied=CopiedParts.of(()),
        filled=((sheet.part, tuple(edits.pieces())),) if edits else (),
        epoch_1904=context.epoch_1904,
    )


def _suffix(context: Context) -> str:
    """Excel opens no file whose name says something else than its table of contents."""
    types = context.parts.read("[Content_Types].xml")
    has_macros = any(name.endswith("vbaProject.bin") for name in context.parts.names)
    return ".xlsm" if has_macros or b"macroEnabled.main" in types else ".xlsx"


def _table_part(context: Context, table: ExcelTable) -> None:
    edits = context.edits[table.part] = Edits(table.content)
    _totals_labels(context, table, edits)
    for element in table.element.all("calculatedColumnFormula", "totalsRowFormula"):
        context.check_call(f"table {table.name}", element.all_text)
    if table.refusal:
        context.find(FindingKind.REFUSED, f"table {table.name}", table.refusal)
        return
    names = ", ".join(
        f"{heading} (formula)" if heading in context.computed[table.name] else heading
        for heading in table.headings
    )
    context.find(FindingKind.TABLE, f"table {table.name}", f"{table.sheet.name}: {names}")
    for heading, formula in context.computed[table.name].items():
        letter = column_letter(table.box.left + table.headings.index(heading))
        place = f"{table.sheet.name}!{letter}{table.box.first}"
        context.find(FindingKind.UNCOMPUTED, place, f"{shown(formula)}, {unless(heading)}")
    _formulas_of_columns(context, table, edits)
    for element in table.element.all("table", "autoFilter", "sortState", "sortCondition"):
        found = following(
            element.attributes.get("ref", ""), table.sheet.name, context.boxes, areas=True
        )
        if found:
            start, end = attribute_place(table.content, element, "ref")
            edits.replace(start, end, Moved(found))
    if any(table.element.all("filterColumn")):
        context.find(
            FindingKind.NOTE,
            f"table {table.name}",
            "has a filter set; it hides no rows until it is applied again",
        )


def _formulas_of_columns(context: Context, table: ExcelTable, edits: Edits) -> None:
    sheet, boxes = table.sheet.name, context.boxes
    for element in table.element.all("calculatedColumnFormula"):
        if found := of_a_rule(element.all_text, sheet, boxes, ranges=""):
            edits.replace(element.inside, element.inside_end, Moved(found))
    for element in table.element.all("totalsRowFormula"):
        if found := following(element.all_text, sheet, boxes):
            edits.replace(element.inside, element.inside_end, Moved(found))


def _totals_labels(context: Context, table: ExcelTable, edits: Edits) -> None:
    """Words in a totals row, which the table tells as well as the cell does."""
    for column in table.element.all("tableColumn"):
        if "{{" in column.attributes.get("totalsRowLabel", ""):
            start, end = attribute_place(table.content, column, "totalsRowLabel")
            place = f"totals of table {table.name}"
            context.insert_words(edits, start, end, place, LONGEST_TEXT, attribute=True)


def _described(context: Context, table: ExcelTable) -> TemplateTable:
    computed = frozenset(context.computed[table.name])
    return TemplateTable(
        table.name, table.sheet.name, table.headings, computed, table.refusal, table.totals
    )


_DRAWN = ("xl/charts/", "xl/drawings/", "xl/ctrlProps/")
_WITH_LINK = ("sp", "pic", "formControlPr")
_LINKS = ("textlink", "fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx")
"""Attributes of shapes and controls that are formulas."""


def _drawings(context: Context) -> None:
    for name in context.parts.names:
        if not name.endswith(".xml") or not name.startswith(_DRAWN):
            continue
        content = context.parts.read(name)
        edits = Edits(content)
        top = mapped(context.source, name, content)
        if name.startswith("xl/charts/"):
            changes = partial(_changes, context)
            chart_edits(edits, content, top, context.tables, context.boxes, changes)
        for element in top.all("f", *_WITH_LINK):
            context.check_call(name, element.text if element.name == "f" else "")
            for attribute in _LINKS:
                context.check_call(name, element.attributes.get(attribute, ""))
        for element in top.all("t"):
            place = posixpath.basename(name)
            context.insert_words(edits, element.inside, element.inside_end, place, LONGEST_TEXT)
        if edits:
            context.edits[name] = edits


def _changes(context: Context, reference: str) -> bool:
    """Whether a chart's range holds formulas or cells that reports fill, or may: as a name does."""
    areas = sheets_and_areas(reference, "")
    if not areas:
        return True
    for where, left, top, right, bottom in areas:
        sheet = next((s for s in context.sheets if s.name.casefold() == where.casefold()), None)
        if sheet is None:
            return True
        named = {(n.column, n.row) for n in context.names.values() if n.sheet == sheet.name}
        for cell in sheet.cells():
            if left <= cell.column <= right and top <= cell.row <= bottom:
                texts = sheet.text(cell, context.shared)
                at = cell.column, cell.row
                if cell.formula is not None or at in named or "{{" in texts:
                    return True
                if sheet.is_filled_by_another(*at):
                    return True
        if any(left <= column <= right and top <= row <= bottom for column, row in named):
            return True
    return False


def _workbook_part(context: Context) -> None:
    part = context.parts.package.workbook
    content = context.workbook_bytes()
    edits = Edits(content)
    for element in context.workbook.all("definedName"):
        text = element.all_text
        areas = element.attributes.get("name", "").startswith("_xlnm.")
        found = following(text, "", context.boxes, areas=areas)
        if found:
            edits.replace(element.inside, element.inside_end, Moved(found))
    if context.has_formulas:
        recalculate(edits, content, context.workbook)
    if edits:
        context.edits[part] = edits


def _notes(context: Context) -> None:
    for name in context.parts.names:
        lower = name.lower()
        if lower.endswith("vbaproject.bin"):
            context.find(FindingKind.NOTE, name, "macros are kept as they are; look at them")
        elif "/pivotcache/" in lower and "definition" in lower and lower.endswith(".xml"):
            _pivot(context, name)
        elif "/embeddings/" in lower or "/activex/" in lower:
            context.find(FindingKind.NOTE, name, "an embedded object is kept as it is")


def _pivot(context: Context, name: str) -> None:
    content = context.parts.read(name)
    top = mapped(context.source, name, content)
    edits = context.edits.setdefault(name, Edits(content))
    for source in top.all("worksheetSource"):
        sheet, area = source.attributes.get("sheet", ""), source.attributes.get("ref", "")
        if found := following(area, sheet, context.boxes, areas=True):
            start, end = attribute_place(content, source, "ref")
            edits.replace(start, end, Moved(found, in_attribute=True))
    if "refreshOnLoad" in top.attributes:
        start, end = attribute_place(content, top, "refreshOnLoad")
        edits.replace(start, end, "1")
    else:
        at = top.start + len(re.match(rb"<[^\s/>]+", content[top.start :])[0])  # type: ignore[index]
        edits.replace(at, at, ' refreshOnLoad="1"')
    context.find(
        FindingKind.LOST,
        name,
        "a pivot table shows the rows of the template until Excel refreshes it on opening; "
        "delete confidential rows from the template",
    )


def _changed_once(context: Context, name: str) -> bytes | None:
    """A part that is changed alike for all reports; None where it is not changed, or in each."""
    edits = context.edits.get(name)
    pieces = edits.pieces() if edits else []
    return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], bytes) else None


def _sorted_parts(
    context: Context, packing: Mapping[str, Future[Part]]
) -> tuple[list[Part], list[tuple[str, tuple[Any, ...]]]]:
    copied: list[Part] = []
    filled: list[tuple[str, tuple[Any, ...]]] = []
    styles = context.styles.content()
    chain = [name for name in context.parts.names if name.lower().endswith("/calcchain.xml")]
    for name in context.parts.names:
        if name in chain:
            continue
        edits = context.edits.get(name)
        if name in packing:
            copied.append(packing[name].result())
        elif content := _changed_once(context, name):
            copied.append(compressed_once(name, content))
        elif edits:
            filled.append((name, tuple(edits.pieces())))
        elif name == context.styles_part and styles is not None:
            copied.append(compressed_once(name, styles))
        elif chain and name in ("[Content_Types].xml", _rels_of(context.parts.package.workbook)):
            content = context.parts.read(name)
            content = _CALC_CHAIN_LINK.sub(b"", _CALC_CHAIN_TYPE.sub(b"", content))
            copied.append(compressed_once(name, content))
        else:
            copied.append(context.parts.raw(name))
    return copied, filled


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def recalculate(edits: Edits, content: bytes, workbook: Element) -> None:
    """Let Excel compute every formula when it opens the file."""
    found = workbook.find("calcPr")
    if found is None:
        before = [e for e in workbook.children if e.name in _BEFORE_CALCULATION]
        at = before[-1].end
        edits.replace(at, at, '<calcPr fullCalcOnLoad="1"/>')
    elif "fullCalcOnLoad" in found.attributes:
        start, end = attribute_place(content, found, "fullCalcOnLoad")
        edits.replace(start, end, "1")
    else:
        at = found.start + len("<calcPr")
        edits.replace(at, at, ' fullCalcOnLoad="1"')
