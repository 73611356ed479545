"""What makes Excel offer to repair a workbook, found without Excel.

LibreOffice and openpyxl read much that Excel refuses: a table whose heading cell says something
else, rows out of order, a style that does not exist. Each rule yields the place and the fault.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_AREA = re.compile(r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?")
_NAME = re.compile(r"[A-Za-z_\\][\w.\\?]{0,254}")
_LIKE_A_CELL = re.compile(r"[a-z]{1,3}\d{1,7}|r|c|r\d*c\d*", re.IGNORECASE)
_LONGEST_TEXT, _LONGEST_FORMULA, _LONGEST_CHOICES = 32_767, 8_192, 257

Box = tuple[int, int, int, int]


class Package:
    """The parts of a workbook, parsed when asked for."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
            self.doubled = len(archive.namelist()) > len(self.parts)

    def xml(self, name: str) -> ET.Element:
        return ET.fromstring(self.parts[name])

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id -> kind and target part ("" for external targets)."""
        folder, file = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if name not in self.parts:
            return {}
        found = {}
        for relation in self.xml(name):
            kind = relation.get("Type", "").rsplit("/", 1)[1]
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                resolved = ""
            elif target.startswith("/"):
                resolved = target[1:]
            else:
                resolved = posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (kind, resolved)
        return found


def lint(path: Path) -> list[str]:
    """Every fault of a workbook; none in a good one."""
    package = Package(path)
    workbook = package.xml("xl/workbook.xml")
    related = package.relations("xl/workbook.xml")
    sheets = {
        sheet.get("name", ""): related[sheet.get(f"{RELATION}id", "")][1]
        for sheet in workbook.iter(f"{MAIN}sheet")
    }
    faults = [*_parts(package), *_workbook(workbook)]
    taken = {name.get("name", "").lower() for name in workbook.iter(f"{MAIN}definedName")}
    for name, part in sheets.items():
        faults += [f"{name}: {fault}" for fault in _sheet(package, part, taken)]
    faults += _charts(package, {name.lower() for name in sheets})
    return faults


def _parts(package: Package) -> Iterator[str]:
    if package.doubled:
        yield "two parts of one name"
    types = package.xml("[Content_Types].xml")
    overrides = {e.get("PartName", "")[1:] for e in types if e.tag.endswith("Override")}
    defaults = {e.get("Extension", "").lower() for e in types if e.tag.endswith("Default")}
    for name in package.parts:
        extension = name.rsplit(".", 1)[-1].lower()
        known = name in overrides or (extension != "xml" and extension in defaults)
        if not known and name != "[Content_Types].xml":
            yield f"{name} has no content type"
        for number, (_, target) in package.relations(name).items():
            if target and target not in package.parts:
                yield f"{name}: relation {number} leads to nothing ({target})"


def _workbook(workbook: ET.Element) -> Iterator[str]:
    sheets = list(workbook.iter(f"{MAIN}sheet"))
    names = [sheet.get("name", "").lower() for sheet in sheets]
    if len(set(names)) < len(names):
        yield "two sheets of one name"
    if len({sheet.get("sheetId") for sheet in sheets}) < len(sheets):
        yield "two sheets of one number"
    for name in names:
        if len(name) > 31 or re.search(r"[\[\]:*?/\\]|^'|'$", name):
            yield f"sheet name {name!r}"
    seen = set()
    for defined in workbook.iter(f"{MAIN}definedName"):
        name = defined.get("name", "").replace("_xlnm.", "")
        key = (name.lower(), defined.get("localSheetId"))
        if key in seen or not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
            yield f"defined name {name!r}"
        seen.add(key)


def _sheet(package: Package, part: str, taken: set[str]) -> Iterator[str]:
    sheet = package.xml(part)
    related = package.relations(part)
    styles = package.xml("xl/styles.xml")
    values: dict[str, str] = {}
    yield from _cells(sheet, len(styles.find(f"{MAIN}cellXfs") or ()), _shared(package), values)
    merged = [range_boundaries(m.get("ref", "")) for m in sheet.iter(f"{MAIN}mergeCell")]
    for position, box in enumerate(merged):
        if any(_overlap(box, other) for other in merged[:position]):
            yield f"merged cells overlap at {box}"
    yield from _arrays(sheet, merged)
    yield from _rules(sheet, len(styles.find(f"{MAIN}dxfs") or ()))
    for element in sheet.iter():
        if element.get(f"{RELATION}id") and element.get(f"{RELATION}id") not in related:
            yield f"{element.tag} leads to no relation"
    tables = [target for kind, target in related.values() if kind == "table"]
    parts = [part for part in tables if part in package.parts]
    yield from _tables(package, parts, values, merged, taken)


def _shared(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package.parts:
        return []
    strings = package.xml("xl/sharedStrings.xml").iter(f"{MAIN}si")
    return ["".join(t.text or "" for t in one.iter(f"{MAIN}t")) for one in strings]


def _cells(
    sheet: ET.Element, styles: int, shared: list[str], values: dict[str, str]
) -> Iterator[str]:
    above = 0
    for row in sheet.iter(f"{MAIN}row"):
        number = int(row.get("r", above + 1))
        if number <= above:
            yield f"row {number} after row {above}"
        above, left = number, 0
        for cell in row.iter(f"{MAIN}c"):
            at = cell.get("r", "")
            place = coordinate_to_tuple(at)
            if place[1] <= left or place[0] != number:
                yield f"{at} out of order"
            left = place[1]
            if int(cell.get("s", 0)) >= styles:
                yield f"{at} has style {cell.get('s')}, which is not there"
            values[at] = yield from _value(cell, at, shared)


def _value(cell: ET.Element, at: str, shared: list[str]) -> Iterator[str]:  # type: ignore[misc]
    value = cell.findtext(f"{MAIN}v") or ""
    if cell.get("t") == "s":
        if int(value) >= len(shared):
            yield f"{at} has string {value}, which is not there"
            return ""
        value = shared[int(value)]
    elif cell.get("t") == "inlineStr":
        value = "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
    if len(value) > _LONGEST_TEXT:
        yield f"{at} holds {len(value)} characters"
    formula = cell.findtext(f"{MAIN}f")
    if formula is not None and (len(formula) > _LONGEST_FORMULA or not _balanced(formula)):
        yield f"{at} has a formula Excel cannot read: {formula[:60]}"
    return value


def _balanced(formula: str) -> bool:
    try:
        tokens = Tokenizer(f"={formula}").items
    except (TokenizerError, IndexError):  # what an unbalanced bracket ends in
        return False
    depth = 0
    for token in tokens:
        depth += (token.subtype == "OPEN") - (token.subtype == "CLOSE")
        if depth < 0:
            return False
    return depth == 0


def _arrays(sheet: ET.Element, merged: list[Box]) -> Iterator[str]:
    """An array formula stands in no merged cells, and no other formula where its values go."""
    places: dict[str, Box] = {}
    arrays: dict[str, Box] = {}
    for cell in sheet.iter(f"{MAIN}c"):
        formula, at = cell.find(f"{MAIN}f"), cell.get("r", "")
        if formula is not None:
            places[at] = range_boundaries(at)
            if formula.get("t") == "array":
                arrays[at] = range_boundaries(formula.get("ref", at))
    for at, box in arrays.items():
        if any(_overlap(box, other) for other in merged):
            yield f"the array of {at} stands in merged cells"
        if any(_overlap(box, place) for other, place in places.items() if other != at):
            yield f"the array of {at} covers another formula"


def _rules(sheet: ET.Element, differential: int) -> Iterator[str]:
    for kind in ("conditionalFormatting", "dataValidation"):
        for element in sheet.iter(f"{MAIN}{kind}"):
            for area in element.get("sqref", "").split() or [""]:
                if not _AREA.fullmatch(area):
                    yield f"{kind} of {area!r}"
    for rule in sheet.iter(f"{MAIN}cfRule"):
        if rule.get("dxfId") is not None and int(rule.get("dxfId", 0)) >= differential:
            yield f"conditional format {rule.get('dxfId')} is not there"
    for validation in sheet.iter(f"{MAIN}dataValidation"):
        if len(validation.findtext(f"{MAIN}formula1") or "") > _LONGEST_CHOICES:
            yield f"choices of {validation.get('sqref')} are too long"
        for text, longest in (("error", 255), ("errorTitle", 32), ("prompt", 255)):
            if len(validation.get(text, "")) > longest:
                yield f"{text} of {validation.get('sqref')} is too long"


def _tables(
    package: Package, parts: list[str], values: dict[str, str], merged: list[Box], taken: set[str]
) -> Iterator[str]:
    boxes = list(merged)
    for part in parts:
        table = package.xml(part)
        name = table.get("displayName", "")
        box = range_boundaries(table.get("ref", ""))
        headings = [c.get("name", "") for c in table.iter(f"{MAIN}tableColumn")]
        if name.lower() in taken:
            yield f"table {name}: the name is taken"
        taken.add(name.lower())
        if len({heading.lower() for heading in headings}) < len(headings):
            yield f"table {name}: two columns of one name"
        if box[2] - box[0] + 1 != len(headings):
            yield f"table {name}: {len(headings)} columns in {table.get('ref')}"
        if box[3] <= box[1]:
            yield f"table {name} has no row"
        for offset, heading in enumerate(headings):
            at = f"{get_column_letter(box[0] + offset)}{box[1]}"
            if values.get(at) != heading:
                yield f"table {name}: {at} says {values.get(at)!r}, the column {heading!r}"
        if any(_overlap(box, other) for other in boxes):
            yield f"table {name} overlaps something"
        boxes.append(box)


def _overlap(one: Box, other: Box) -> bool:
    return not (one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1])


def _charts(package: Package, sheets: set[str]) -> Iterator[str]:
    for name in package.parts:
        if re.search(r"charts/chart\d+\.xml$", name):
            for formula in package.xml(name).iter(f"{CHART}f"):
                sheet = re.match(r"'?((?:[^'!]|'')+)'?!", formula.text or "")
                if not sheet or sheet[1].replace("''", "'").lower() not in sheets:
                    yield f"{name}: {formula.text} leads to no sheet"
