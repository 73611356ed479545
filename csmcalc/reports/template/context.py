"""What all steps of a compilation share: the parts, what was found in them, the edits so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csmcalc.errors import WorkbookError
from csmcalc.io.raw import EPOCH_1904
from csmcalc.reports.template.computed import formulas_of
from csmcalc.reports.template.findings import Finding, FindingKind
from csmcalc.reports.template.outward import calls_out
from csmcalc.reports.template.parts import Parts
from csmcalc.reports.template.sheet import SheetMap, inline_text, sheet_map
from csmcalc.reports.template.slots import Words
from csmcalc.reports.template.styles import Styles
from csmcalc.reports.template.tables import ExcelTable, tables_of
from csmcalc.reports.template.xmlmap import Edits, mapped

Values = Mapping[tuple[str, str], Any]
"""The values of formulas, by sheet and cell."""

PLACEHOLDER = re.compile(r"\{\{\s*([^\W\d][\w.]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class CellName:
    """A defined name that is one cell."""

    name: str
    sheet: str
    column: int
    row: int
    letter: str


class Context:
    """One compilation: the parts, what was found in them, and the edits so far."""

    def __init__(self, parts: Parts, values: Values, spills: Mapping[tuple[str, str], str]) -> None:
        """Read what all sheets share."""
        self.parts, self.values, self.spills = parts, values, spills
        self.source = parts.source
        self.findings: list[Finding] = []
        self.epoch_1904 = parts.package.epoch == EPOCH_1904
        self.edits: dict[str, Edits] = {}
        self.words: set[str] = set()
        self.has_formulas = False
        self.shared, self.shared_raw = _shared_strings(parts)
        self._sheet_names = {sheet.name.casefold() for sheet in parts.package.sheets}
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
        self.computed = {table.name: formulas_of(table) for table in self.tables}
        self.workbook = mapped(self.source, parts.package.workbook, self.workbook_bytes())
        self.names: dict[str, CellName] = {}

    def workbook_bytes(self) -> bytes:
        """The part that lists sheets and names."""
        return self.parts.read(self.parts.package.workbook)

    def find(self, kind: FindingKind, place: str, what: str) -> None:
        """Note a finding."""
        self.findings.append(Finding(kind, place, what))

    def calls_out(self, text: str) -> bool:
        """Whether a formula starts programs or reaches out of this workbook."""
        return calls_out(text, self._sheet_names)

    def check_call(self, place: str, text: str) -> None:
        """Refuse a formula that calls out of the workbook."""
        if self.calls_out(text):
            raise WorkbookError(
                f"{self.source}: {place} calls out of the workbook ({text[:60]}); delete it"
            )

    def table_at(self, sheet: SheetMap, column: int, row: int) -> ExcelTable | None:
        """The table that a cell belongs to, headings and totals included."""
        return next(
            (
                table
                for table in self.tables
                if table.sheet is sheet
                and table.header <= row <= table.bottom
                and table.box.left <= column <= table.box.right
            ),
            None,
        )

    def with_words(
        self, raw: bytes, place: str, longest: int, *, footer: bool = False, attribute: bool = False
    ) -> Iterator[Any]:
        """A text as bytes and, for each `{{name}}`, a slot.

        The values share what the rest of the text leaves of the `longest` that Excel takes.
        """
        text = spelled_out(raw)
        found = list(PLACEHOLDER.finditer(text))
        rest = len(text) - sum(len(match[0]) for match in found)
        room = max(0, longest - rest) // max(1, len(found))
        at = 0
        for match in found:
            self.words.add(match[1])
            self.find(FindingKind.TEXT, place, f"shows {match[1]}")
            yield text[at : match.start()].encode()
            yield Words(match[1], match[0].encode(), room, footer, attribute)
            at = match.end()
        yield text[at:].encode()

    def insert_words(
        self,
        edits: Edits,
        start: int,
        end: int,
        place: str,
        longest: int,
        *,
        footer: bool = False,
        attribute: bool = False,
    ) -> None:
        """Fill the words between two places of a part in each report."""
        raw = edits.content[start:end]
        if b"{{" in raw:
            *pieces, last = self.with_words(raw, place, longest, footer=footer, attribute=attribute)
            for piece in pieces:
                edits.replace(start, start, piece)
            edits.replace(start, end, last)


def spelled_out(raw: bytes) -> str:
    """Text as XML holds it, its letters beyond ASCII as themselves: lxml writes ß as &#223;.

    >>> spelled_out(b"&lt;&#223;&#38;")
    '&lt;ß&#38;'
    """
    return _LETTER.sub(lambda match: chr(int(match[1])), raw.decode())


_LETTER = re.compile(r"&#(0*(?:1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,6}));")


def _shared_strings(parts: Parts) -> tuple[list[str], list[bytes]]:
    part = next(iter(parts.package.related(parts.package.workbook, "sharedStrings")), "")
    if not part:
        return [], []
    content = parts.read(part)
    items = [e for e in mapped(parts.source, part, content).children if e.name == "si"]
    return [inline_text(e) for e in items], [content[e.inside : e.inside_end] for e in items]
