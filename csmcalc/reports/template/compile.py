"""From a workbook to a template: what stays, what follows, what is filled in each report."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from csmcalc.errors import WorkbookError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.io.files.package import Limits
from csmcalc.io.files.sheetscan import column_number
from csmcalc.io.raw import EPOCH_1904
from csmcalc.reports.template.aggregates import aggregate
from csmcalc.reports.template.archive import CopiedParts, Part, compressed
from csmcalc.reports.template.cells import rest_of_cell
from csmcalc.reports.template.charts import chart_edits
from csmcalc.reports.template.findings import Finding, FindingKind, TemplateTable
from csmcalc.reports.template.follow import by_row, following, sheets_and_areas
from csmcalc.reports.template.parts import CALLS_OUT, Parts, read_template
from csmcalc.reports.template.rows import ROW, Body, BodyColumn
from csmcalc.reports.template.sheet import (
    Cell,
    Row,
    SheetMap,
    attributes_of,
    inline_text,
    opening_of_formula,
    sheet_map,
)
from csmcalc.reports.template.slots import (
    BodyRows,
    FormulaCell,
    Moved,
    Neighbours,
    Scalar,
    Totals,
    TotalsCell,
    Words,
)
from csmcalc.reports.template.styles import Styles
from csmcalc.reports.template.tables import ExcelTable, tables_of
from csmcalc.reports.template.template import Template
from csmcalc.reports.template.xmlmap import Edits, Element, attribute_place, mapped

_SUFFIXES = (".xlsx", ".xlsm")
_LARGEST_TEMPLATE = 256_000_000
_PLACEHOLDER = re.compile(rb"\{\{\s*([^\W\d][\w.]*)\s*\}\}")
_PLACEHOLDER_TEXT = re.compile(r"\{\{\s*([^\W\d][\w.]*)\s*\}\}")
_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CALC_CHAIN_TYPE = re.compile(rb"<(?:\w+:)?Override[^>]*calcChain[^>]*/>")
_CALC_CHAIN_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*calcChain[^>]*/>")

Values = Mapping[tuple[str, str], Any]


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
    parts = read_template(source, content, limits)
    return _Compiler(parts, values or {}, spills or {}).template()


@dataclass(frozen=True, slots=True)
class _Name:
    """A defined name that is one cell."""

    name: str
    sheet: str
    column: int
    row: int
    letter: str


class _Compiler:
    """One compilation: the parts, what was found in them, and the edits so far."""

    def __init__(self, parts: Parts, values: Values, spills: Mapping[tuple[str, str], str]) -> None:
        self.parts, self.values, self.spills = parts, values, spills
        self.source = parts.source
        self.findings: list[Finding] = []
        self.epoch_1904 = parts.package.epoch == EPOCH_1904
        self.edits: dict[str, Edits] = {}
        self.words: set[str] = set()
        self.has_formulas = False
        self.shared, self.shared_raw = self._shared_strings()
        self.sheets = [
            sheet_map(self.source, sheet.name, sheet.part, parts.read(sheet.part))
            for sheet in parts.package.sheets
            if sheet.kind == "worksheet" and sheet.part
        ]
        self.styles_part = next(iter(parts.package.related(parts.package.workbook, "styles")), "")
        styles = parts.read(self.styles_part) if self.styles_part else b""
        self.styles = Styles(self.source, self.styles_part, styles)
        self.tables = [table for sheet in self.sheets for table in tables_of(parts, sheet)]
        growing = [table for table in self.tables if not table.refusal]
        self.boxes = {table.name: table.box for table in growing}
        self.headings = {table.name: table.headings for table in self.tables}
        self.workbook = mapped(self.source, parts.package.workbook, self._workbook())
        self.names = {found.name: found for found in self._scalar_names()}

    def _workbook(self) -> bytes:
        return self.parts.read(self.parts.package.workbook)

    def template(self) -> Template:
        """All parts: those that stay, those changed once, those filled in each report."""
        for sheet in self.sheets:
            self._sheet(sheet)
        for table in self.tables:
            self._table_part(table)
        self._drawings()
        self._workbook_part()
        self._notes()
        copied, filled = self._sorted_parts()
        return Template(
            source=self.source,
            suffix=".xlsm"
            if any(n.endswith("vbaProject.bin") for n in self.parts.names)
            else ".xlsx",
            tables={table.name: self._described(table) for table in self.tables},
            names=tuple(sorted(set(self.names) | self.words)),
            findings=tuple(self.findings),
            boxes=self.boxes,
            copied=CopiedParts.of(copied),
            filled=tuple(filled),
            epoch_1904=self.epoch_1904,
        )

    def _find(self, kind: FindingKind, place: str, what: str) -> None:
        self.findings.append(Finding(kind, place, what))

    # --- what the workbook says ------------------------------------------------------------------

    def _shared_strings(self) -> tuple[list[str], list[bytes]]:
        part = next(
            iter(self.parts.package.related(self.parts.package.workbook, "sharedStrings")), ""
        )
        if not part:
            return [], []
        content = self.parts.read(part)
        items = [e for e in mapped(self.source, part, content).children if e.name == "si"]
        return [inline_text(e) for e in items], [content[e.inside : e.inside_end] for e in items]

    def _scalar_names(self) -> Iterator[_Name]:
        """Names of one cell; those of a sheet, of a range or hidden ones are no places for data."""
        for element in self.workbook.all("definedName"):
            name, text = element.attributes.get("name", ""), element.all_text.lstrip("=")
            if CALLS_OUT.search(text):
                raise WorkbookError(
                    f"{self.source}: name {name} calls out of the workbook ({text[:60]}); delete "
                    "it in the name manager"
                )
            match = _ONE_CELL.fullmatch(text)
            local = "localSheetId" in element.attributes or element.attributes.get("hidden") == "1"
            if not match or local or name.startswith("_xlnm."):
                continue
            sheet = (match[1] or match[2]).replace("''", "'")
            found = _Name(name, sheet, column_number(match[3]), int(match[4]), match[3])
            refusal = self._no_scalar(found)
            if refusal:
                self._find(FindingKind.NOTE, f"name {name}", refusal)
            else:
                self._find(FindingKind.NAME, f"name {name}", f"sets {sheet}!{match[3]}{match[4]}")
                yield found

    def _no_scalar(self, name: _Name) -> str:
        sheet = next((s for s in self.sheets if s.name == name.sheet), None)
        if sheet is None:
            return f"refers to sheet {name.sheet}, which holds no cells"
        cell = sheet.cell(name.column, name.row)
        at = f"{name.sheet}!{name.letter}{name.row}"
        if cell and cell.formula:
            return f"names a formula ({at}): an answer, which no value replaces"
        for table in self.tables:
            box, last = table.box, table.box.last + table.totals
            inside = box.left <= name.column <= box.right and table.header <= name.row <= last
            if box.sheet == name.sheet and inside:
                return f"names a cell of table {table.name} ({at}), which the table fills"
        return ""

    # --- sheets ----------------------------------------------------------------------------------

    def _sheet(self, sheet: SheetMap) -> None:
        edits = Edits(sheet.content)
        growing = next((t for t in self.tables if t.sheet is sheet and not t.refusal), None)
        inside = Edits(sheet.content)
        start, end = self._region(growing) if growing else (-1, -1)
        for cell in sheet.cells():
            within = start <= cell.element.start < end
            self._cell(sheet, cell, inside if within else edits)
        self._scalars(sheet, edits, inside, (start, end))
        if growing:
            edits.replace(start, end, self._body(growing, inside.part(start, end), inside))
        self._ranges(sheet, edits)
        self._page_texts(sheet, edits)
        if edits:
            self.edits[sheet.part] = edits

    def _region(self, table: ExcelTable) -> tuple[int, int]:
        """The bytes from the first row of a body to the end of the rows of its sheet."""
        rows = [row for row in table.sheet.rows if row.number >= table.box.first]
        if not rows:
            at = table.sheet.data.inside_end
            return at, at
        return rows[0].element.start, rows[-1].element.end

    def _cell(self, sheet: SheetMap, cell: Cell, edits: Edits) -> None:
        element = cell.element
        if cell.formula is not None:
            made = self._formula(sheet, cell)
            constant = isinstance(made.formula, str) and made.aggregate is None
            value = self.values.get((sheet.name, cell.address))
            if (sheet.name, cell.address) in self.values:
                edits.replace(element.start, element.end, self._valued(sheet, cell, made, value))
            elif constant:
                edits.replace(element.start, element.end, _without_value(made))
            else:
                edits.replace(element.start, element.end, made)
            return
        if b"{{" in sheet.content[element.start : element.end] or "{{" in sheet.text(
            cell, self.shared
        ):
            self._text_cell(sheet, cell, edits)

    def _formula(self, sheet: SheetMap, cell: Cell) -> FormulaCell:
        formula = cell.formula
        assert formula is not None
        text = formula.all_text
        place = f"{sheet.name}!{cell.address}"
        if CALLS_OUT.search(re.sub(r'"(?:[^"]|"")*"', '""', text)):
            raise WorkbookError(
                f"{self.source}, {place}: the formula calls out of the workbook ({text[:60]}); "
                "replace it by a value"
            )
        self.has_formulas = True
        known = aggregate(text, self.headings)
        in_body = any(
            t.sheet is sheet
            and t.box.first <= cell.row <= t.box.last
            and t.box.left <= cell.column <= t.box.right
            for t in self.tables
        )
        if known is None and not in_body and (sheet.name, cell.address) not in self.values:
            self._find(
                FindingKind.UNCOMPUTED, place, f"={text[:120]} is computed when it is opened"
            )
        return FormulaCell(
            letter=cell.letter,
            row=cell.row,
            attributes=attributes_of(cell, "s", "cm"),
            opening=opening_of_formula(sheet.content, formula),
            formula=following(text, sheet.name, self.boxes) or text,
            aggregate=known,
        )

    def _valued(self, sheet: SheetMap, cell: Cell, made: FormulaCell, value: Any) -> str:
        attributes, opening = made.attributes, made.opening
        area = self.spills.get((sheet.name, cell.address))
        if area:
            attributes, opening = f'{attributes} cm="1"', f'<f t="array" ref="{area}">'
        assert cell.formula
        text = cell.formula.all_text
        formula = f"{opening}{escape(text)}</f>"
        return f'<c r="{cell.address}"' + rest_of_cell(value, formula, attributes, attributes)

    def _text_cell(self, sheet: SheetMap, cell: Cell, edits: Edits) -> None:
        """A text with `{{name}}` becomes an inline one, its runs as they were."""
        kind = cell.element.attributes.get("t")
        if kind == "s":
            value = cell.element.find("v")
            raw = self.shared_raw[int(value.all_text)] if value else b""
        elif kind == "inlineStr" and (inline := cell.element.find("is")):
            raw = sheet.content[inline.inside : inline.inside_end]
        else:
            return
        found = _PLACEHOLDER.findall(raw)
        place = f"{sheet.name}!{cell.address}"
        if len(found) < len(_PLACEHOLDER_TEXT.findall(sheet.text(cell, self.shared))):
            self._find(
                FindingKind.REFUSED,
                place,
                "a {{name}} is written in several fonts and is not filled; give it one font",
            )
        if not found:
            return
        start, end = cell.element.start, cell.element.end
        head = f'<c r="{cell.address}"{cell.style} t="inlineStr"><is>'
        edits.replace(start, start, head)
        for piece in self._with_words(raw, place):
            edits.replace(start, start, piece)
        edits.replace(start, end, "</is></c>")

    def _with_words(self, raw: bytes, place: str, *, in_footer: bool = False) -> Iterator[Any]:
        at = 0
        for match in _PLACEHOLDER.finditer(raw):
            name = match[1].decode()
            self.words.add(name)
            self._find(FindingKind.TEXT, place, f"shows {name}")
            yield raw[at : match.start()]
            yield Words(name, in_footer)
            at = match.end()
        yield raw[at:]

    def _scalars(
        self, sheet: SheetMap, edits: Edits, inside: Edits, region: tuple[int, int]
    ) -> None:
        """The cells of names; one that the file does not have is put where it belongs."""
        missing: dict[int, list[_Name]] = {}
        seen = set()
        for name in self.names.values():
            if name.sheet != sheet.name or (name.row, name.column) in seen:
                continue
            seen.add((name.row, name.column))
            cell = sheet.cell(name.column, name.row)
            if cell is None:
                missing.setdefault(name.row, []).append(name)
                continue
            start, end = cell.element.start, cell.element.end
            original = sheet.content[start:end]
            chosen = inside if region[0] <= start < region[1] else edits
            chosen.replace_all(start, end, self._scalar(name, cell.style, original))
        for row, names in sorted(missing.items()):
            self._missing_cells(sheet, row, names, edits, region)

    def _scalar(self, name: _Name, style: str, original: bytes) -> Scalar:
        begin = f'<c r="{name.letter}{name.row}"'
        quoted = self.styles.quoted(style)
        return Scalar(name.name, begin, style, quoted, original, self.epoch_1904)

    def _missing_cells(
        self,
        sheet: SheetMap,
        number: int,
        names: list[_Name],
        edits: Edits,
        region: tuple[int, int],
    ) -> None:
        row = next((row for row in sheet.rows if row.number == number), None)
        below = next((row for row in sheet.rows if row.number >= number), None)
        at = below.element.start if below else sheet.data.inside_end
        if region[0] >= 0 and at >= region[0]:
            for name in names:
                self._refuse_name(name)
            return
        names = sorted(names, key=lambda name: name.column)
        slots = [(n, self._scalar(n, sheet.column_style(n.column), b"")) for n in names]
        if row is None:
            pieces: list[Any] = [f'<row r="{number}">', *(s for _, s in slots), "</row>"]
            _insert_row(edits, sheet, at, pieces)
            return
        chosen = edits
        if row.element.inside == row.element.end:  # <row/>
            start, end = row.element.start, row.element.end
            opening = sheet.content[start:end].decode().removesuffix("/>")
            chosen.replace(start, start, f"{opening}>")
            for _, slot in slots:
                chosen.replace(start, start, slot)
            chosen.replace(start, end, "</row>")
            return
        for name, slot in slots:
            following_cell = next((c for c in row.cells if c.column > name.column), None)
            at = following_cell.element.start if following_cell else row.element.inside_end
            chosen.replace(at, at, slot)

    def _refuse_name(self, name: _Name) -> None:
        self.findings = [f for f in self.findings if f.place != f"name {name.name}"]
        self._find(
            FindingKind.REFUSED,
            f"name {name.name}",
            f"{name.sheet}!{name.letter}{name.row} is an empty cell beside or below a table; write "
            "something into it, or move it above",
        )
        self.names.pop(name.name, None)

    # --- the body of a table ---------------------------------------------------------------------

    def _body(self, table: ExcelTable, original: list[Any], inside: Edits) -> BodyRows:
        box = table.box
        first = next((row for row in table.sheet.rows if row.number == box.first), None)
        columns = tuple(
            self._body_column(table, column, first) for column in range(box.left, box.right + 1)
        )
        attributes = table.sheet.row_attributes(first) if first else ""
        for row in table.sheet.rows:
            if box.first < row.number <= box.last and any(c.formula for c in row.cells):
                self._uneven(table, row, first)
        beside: dict[int, Neighbours] = {}
        totals: Totals | None = None
        for row in table.sheet.rows:
            if row.number < box.first:
                continue
            left = [c for c in row.cells if c.column < box.left]
            right = [c for c in row.cells if c.column > box.right]
            if left or right:
                beside[row.number] = (
                    _pieces(inside, left),
                    _pieces(inside, right),
                    table.sheet.row_attributes(row),
                )
            if table.totals and row.number == box.last + 1:
                totals = self._totals(table, row)
        if table.totals and totals is None:
            totals = Totals("", ())
        body = Body(box.first, attributes, columns, self.epoch_1904)
        return BodyRows(table.name, body, totals, beside, tuple(original))

    def _uneven(self, table: ExcelTable, row: Row, first: Row | None) -> None:
        """Formulas in later rows of a column whose first row has none are not carried on."""
        has = {c.column for c in first.cells if c.formula} if first else set()
        for cell in row.cells:
            box = table.box
            within = box.left <= cell.column <= box.right
            if cell.formula and within and cell.column not in has:
                heading = table.headings[cell.column - box.left]
                if not table.calculated[cell.column - box.left]:
                    self._find(
                        FindingKind.LOST,
                        f"{table.sheet.name}!{cell.address}",
                        f"the first row of column {heading} has no formula: this one is replaced",
                    )

    def _body_column(self, table: ExcelTable, column: int, first: Row | None) -> BodyColumn:
        position = column - table.box.left
        cell = next((c for c in first.cells if c.column == column), None) if first else None
        style = cell.style if cell else table.sheet.column_style(column)
        letter = cell.letter if cell else _letter(column)
        formula = cell.formula.all_text if cell and cell.formula else table.calculated[position]
        pieces = by_row(formula, table.box.first) if formula else ()
        shifting = any(isinstance(piece, int) and piece for piece in pieces)
        escaped = tuple(escape(p) if isinstance(p, str) else p for p in pieces)
        return BodyColumn(
            letter=letter,
            style=style,
            text_style=self.styles.quoted(style),
            formula="".join(p if isinstance(p, str) else ROW for p in escaped),
            shifting=escaped if shifting else (),
        )

    def _totals(self, table: ExcelTable, row: Row) -> Totals:
        cells: list[FormulaCell | TotalsCell] = []
        for cell in row.cells:
            if not table.box.left <= cell.column <= table.box.right:
                continue
            if cell.formula is not None:
                cells.append(self._formula(table.sheet, cell))
                continue
            raw = table.sheet.content[cell.element.start : cell.element.end]
            _, end = attribute_place(table.sheet.content, cell.element, "r")
            rest = raw[end + 1 - cell.element.start :]
            cells.append(TotalsCell(cell.letter, rest))
        return Totals(table.sheet.row_attributes(row), tuple(cells))

    # --- what follows a table --------------------------------------------------------------------

    def _ranges(self, sheet: SheetMap, edits: Edits) -> None:
        """Rules, validations, the used range, protected ranges, extensions."""
        for element in sheet.top.all(*_WITH_RANGE):
            for attribute in ("sqref", "ref"):
                text = element.attributes.get(attribute, "")
                if element.name == "dimension":
                    text = self._used(sheet, text)
                found = following(text, sheet.name, self.boxes, areas=True) if text else None
                if found:
                    start, end = attribute_place(sheet.content, element, attribute)
                    edits.replace(start, end, Moved(found, in_attribute=True))
        for element in sheet.top.all("sqref", "f", "formula", "formula1", "formula2"):
            if sheet.data.start <= element.start < sheet.data.end or element.children:
                continue
            self._check_call(f"a rule of sheet {sheet.name}", element.text)
            areas = element.name == "sqref"
            found = following(element.text, sheet.name, self.boxes, areas=areas)
            if found:
                edits.replace(element.inside, element.inside_end, Moved(found))

    def _used(self, sheet: SheetMap, text: str) -> str:
        """The used range with all of a table in it, though rows of its body be missing."""
        for table in self.tables:
            last = table.box.last + table.totals
            for _, left, top, right, bottom in sheets_and_areas(text, sheet.name):
                if table.sheet is sheet and bottom < last:
                    right = max(right, table.box.right)
                    text = f"{_letter(left)}{top}:{_letter(right)}{last}"
        return text

    def _check_call(self, place: str, text: str) -> None:
        if CALLS_OUT.search(re.sub(r'"(?:[^"]|"")*"', '""', text)):
            raise WorkbookError(
                f"{self.source}: {place} calls out of the workbook ({text[:60]}); delete it"
            )

    def _page_texts(self, sheet: SheetMap, edits: Edits) -> None:
        for element in sheet.top.all(*_PAGE_TEXTS):
            raw = sheet.content[element.inside : element.inside_end]
            if b"{{" in raw:
                place = f"{sheet.name}, header or footer"
                self._insert_words(edits, element, raw, place, in_footer=True)

    def _insert_words(
        self, edits: Edits, element: Element, raw: bytes, place: str, *, in_footer: bool = False
    ) -> None:
        pieces = list(self._with_words(raw, place, in_footer=in_footer))
        for piece in pieces[:-1]:
            edits.replace(element.inside, element.inside, piece)
        edits.replace(element.inside, element.inside_end, pieces[-1])

    def _table_part(self, table: ExcelTable) -> None:
        if table.refusal:
            self._find(FindingKind.REFUSED, f"table {table.name}", table.refusal)
            return
        names = ", ".join(
            f"{heading} (formula)" if heading in self._computed(table) else heading
            for heading in table.headings
        )
        self._find(FindingKind.TABLE, f"table {table.name}", f"{table.sheet.name}: {names}")
        edits = self.edits[table.part] = Edits(table.content)
        for element in table.element.all("table", "autoFilter", "sortState", "sortCondition"):
            found = following(
                element.attributes.get("ref", ""), table.sheet.name, self.boxes, areas=True
            )
            if found:
                start, end = attribute_place(table.content, element, "ref")
                edits.replace(start, end, Moved(found))
        if any(table.element.all("filterColumn")):
            self._find(
                FindingKind.NOTE,
                f"table {table.name}",
                "has a filter set; it hides no rows until it is applied again",
            )

    def _computed(self, table: ExcelTable) -> frozenset[str]:
        first = next((r for r in table.sheet.rows if r.number == table.box.first), None)
        cells = {c.column for c in first.cells if c.formula} if first else set()
        return frozenset(
            heading
            for position, heading in enumerate(table.headings)
            if table.calculated[position] or table.box.left + position in cells
        )

    def _described(self, table: ExcelTable) -> TemplateTable:
        computed = self._computed(table)
        return TemplateTable(table.name, table.sheet.name, table.headings, computed, table.refusal)

    # --- other parts -----------------------------------------------------------------------------

    def _drawings(self) -> None:
        for name in self.parts.names:
            if not name.endswith(".xml") or not name.startswith(("xl/charts/", "xl/drawings/")):
                continue
            content = self.parts.read(name)
            edits = Edits(content)
            top = mapped(self.source, name, content)
            if name.startswith("xl/charts/"):
                chart_edits(edits, content, top, self.tables, self.boxes, self._changes)
            for element in top.all("t"):
                raw = content[element.inside : element.inside_end]
                if b"{{" in raw:
                    self._insert_words(edits, element, raw, posixpath.basename(name))
            if edits:
                self.edits[name] = edits

    def _changes(self, reference: str) -> bool:
        """Whether a chart's range holds formulas or cells that reports fill."""
        for where, left, top, right, bottom in sheets_and_areas(reference, ""):
            sheet = next((s for s in self.sheets if s.name.casefold() == where.casefold()), None)
            if sheet is None:
                return True
            named = {(n.column, n.row) for n in self.names.values() if n.sheet == sheet.name}
            for cell in sheet.cells():
                if left <= cell.column <= right and top <= cell.row <= bottom:
                    texts = sheet.text(cell, self.shared)
                    at = cell.column, cell.row
                    if cell.formula is not None or at in named or "{{" in texts:
                        return True
            if any(left <= column <= right and top <= row <= bottom for column, row in named):
                return True
        return False

    def _workbook_part(self) -> None:
        part = self.parts.package.workbook
        content = self._workbook()
        edits = Edits(content)
        for element in self.workbook.all("definedName"):
            text = element.all_text
            areas = element.attributes.get("name", "").startswith("_xlnm.")
            found = following(text, "", self.boxes, areas=areas)
            if found:
                edits.replace(element.inside, element.inside_end, Moved(found))
        if self.has_formulas:
            _recalculate(edits, content, self.workbook)
        if edits:
            self.edits[part] = edits

    def _notes(self) -> None:
        for name in self.parts.names:
            lower = name.lower()
            if lower.endswith("vbaproject.bin"):
                self._find(FindingKind.NOTE, name, "macros are kept as they are; look at them")
            elif "/pivotcache/" in lower and "definition" in lower and lower.endswith(".xml"):
                self._pivot(name)
            elif "/embeddings/" in lower or "/activex/" in lower:
                self._find(FindingKind.NOTE, name, "an embedded object is kept as it is")

    def _pivot(self, name: str) -> None:
        content = self.parts.read(name)
        top = mapped(self.source, name, content)
        edits = self.edits.setdefault(name, Edits(content))
        if "refreshOnLoad" in top.attributes:
            start, end = attribute_place(content, top, "refreshOnLoad")
            edits.replace(start, end, "1")
        else:
            at = top.start + len(re.match(rb"<[^\s/>]+", content[top.start :])[0])  # type: ignore[index]
            edits.replace(at, at, ' refreshOnLoad="1"')
        self._find(
            FindingKind.LOST,
            name,
            "a pivot table shows the rows of the template until Excel refreshes it on opening; "
            "delete confidential rows from the template",
        )

    def _sorted_parts(self) -> tuple[list[Part], list[tuple[str, tuple[Any, ...]]]]:
        copied: list[Part] = []
        filled: list[tuple[str, tuple[Any, ...]]] = []
        styles = self.styles.content()
        chain = [name for name in self.parts.names if name.lower().endswith("/calcchain.xml")]
        for name in self.parts.names:
            if name in chain:
                continue
            edits = self.edits.get(name)
            if edits:
                pieces = tuple(edits.pieces())
                if len(pieces) == 1 and isinstance(pieces[0], bytes):
                    copied.append(compressed(name, pieces[0]))
                else:
                    filled.append((name, pieces))
            elif name == self.styles_part and styles is not None:
                copied.append(compressed(name, styles))
            elif chain and name in ("[Content_Types].xml", _rels_of(self.parts.package.workbook)):
                content = self.parts.read(name)
                content = _CALC_CHAIN_LINK.sub(b"", _CALC_CHAIN_TYPE.sub(b"", content))
                copied.append(compressed(name, content))
            else:
                copied.append(self.parts.raw(name))
        return copied, filled


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


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _letter(column: int) -> str:
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _without_value(made: FormulaCell) -> str:
    assert isinstance(made.formula, str)
    formula = f"{made.opening}{escape(made.formula)}</f>"
    return f'<c r="{made.letter}{made.row}"{made.attributes}>{formula}</c>'


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


def _pieces(inside: Edits, cells: list[Cell]) -> list[Any]:
    made: list[Any] = []
    for cell in cells:
        made += inside.part(cell.element.start, cell.element.end)
    return made


def _recalculate(edits: Edits, content: bytes, workbook: Element) -> None:
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


_BEFORE_CALCULATION = ("sheets", "functionGroups", "externalReferences", "definedNames")
