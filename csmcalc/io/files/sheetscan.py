"""A look at a worksheet's XML for what the reader of values does not tell.

The reader shows error cells and formulas without a stored result as empty cells, shows no number
formats, and allocates the whole rectangle between the first and the last cell: all this has to be
known beforehand. The patterns look for the few cells of interest; a walk through every element of
a large sheet would take longer than reading its values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from csmcalc.errors import WorkbookError
from csmcalc.io.cells.content import EXCEL_ERRORS, NO_RESULT
from csmcalc.io.files.formats import NumberFormat
from csmcalc.io.files.package import Package, Sheet, chunks

_BLOCK = 8 << 20
_FEW_STYLES = 50
# Tags are matched without looking back (atomic groups, possessive repeats): a hostile file whose
# tags never end costs no more than an honest one.
_P = rb"<(?:[^<>\s:/]+:)?"
_R = rb"\br\s*=\s*[\"']"
_CELL = rb"[A-Za-z]{1,3}[0-9]{1,7}[\"']"
_FILLED = re.compile(
    _P + rb"c\b(?>[^<>]*?" + _R + rb"([A-Za-z]{1,3})([0-9]{1,7})[\"'])[^<>]*+(?<!/)>"
)
_UNPLACED = re.compile(_P + rb"c\b(?![^<>]*" + _R + rb")[^<>]*+>")
_MISPLACED = re.compile(
    _P + rb"(?:c\b(?>[^<>]*?" + _R + rb")(?!" + _CELL + rb")|"
    rb"row\b(?>[^<>]*?" + _R + rb")(?![0-9]{1,7}[\"']))"
)
_ERROR = re.compile(
    _P + rb"c\b((?>[^<>]*?\bt=[\"']e[\"'])[^<>]*+)>"
    rb"(?:<(?!/?(?:[^<>\s:/]+:)?[vc]\b)[^<>]*+>[^<]*+)*+(?:" + _P + rb"v>([^<]*+))?"
)
_NO_RESULT = re.compile(
    _P + rb"c\b([^<>]*+)(?<!/)>\s*" + _P + rb"f\b"
    rb"(?>[^<>]*+(?<=/)>|[^<>]*+>[^<]*+</(?:[^<>\s:/]+:)?f>)\s*"
    rb"(?:" + _P + rb"v\s*/>|" + _P + rb"v></(?:[^<>\s:/]+:)?v>)?\s*</(?:[^<>\s:/]+:)?c>"
)
_FORMULA = re.compile(_P + rb"f\b")
_ROW = re.compile(_P + rb"row\b")
_ROW_NUMBER = re.compile(_R + rb"([0-9]{1,7})[\"']")
_HIDDEN = re.compile(_P + rb"row\b(?>[^<>]*?\bhidden=[\"'](?:1|true)[\"'])")
_REFERENCE = re.compile(_R + rb"([A-Za-z]{1,3})([0-9]{1,7})[\"']")
_STYLE = re.compile(rb"\bs=[\"']([0-9]+)[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w+)[\"']")

_USUAL = re.compile(
    rb'<c r="([A-Za-z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="(\w+)")?(?: [cv]m="[0-9]+")*(/?)>'
)
_USUAL_ROW = re.compile(rb'<row r="[0-9]{1,7}"')
_AFTER_A_NAME = (b">", b"/", b":", b"\t", b"\n", b"\r")

Position = tuple[int, int]
Attributes = tuple[bytes, bytes, bytes, bytes]
"""Column, row, style and kind of a cell, as they are written."""


@dataclass(slots=True)
class SheetScan:
    """What a worksheet's XML says beyond its values; rows and columns count from 0.

    Attributes:
        filled: how many cells are not empty.
        first, last: corners of the rectangle of those cells, as (row, column).
        failed: cells with an error, or with a formula that has no result.
        currencies: column -> currency of the number format -> rows.
        percents: column -> rows whose number is shown as a percentage.
        hidden_rows: how many rows are hidden, mostly by a filter.
        shared_texts: whether cells refer to the workbook's table of texts.
    """

    filled: int = 0
    first: Position = (1 << 20, 1 << 14)
    last: Position = (-1, -1)
    failed: dict[Position, str] = field(default_factory=dict)
    currencies: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    percents: dict[int, list[int]] = field(default_factory=dict)
    hidden_rows: int = 0
    shared_texts: bool = False

    @property
    def area(self) -> int:
        """How many cells the rectangle of the filled cells has."""
        height = self.last[0] - self.first[0] + 1
        return max(0, height) * (self.last[1] - self.first[1] + 1)


def scan_sheet(package: Package, sheet: Sheet, formats: Mapping[str, NumberFormat]) -> SheetScan:
    """Look through a worksheet once."""
    scan = SheetScan()
    styled = _styled(formats)
    for block in _blocks(package, sheet):
        cells = usual_cells(block)
        if cells is None:
            if _MISPLACED.search(block):
                raise WorkbookError(
                    f"{package.source}: sheet {sheet.name} is damaged (a cell stands outside of "
                    "any sheet); open the file in Excel or LibreOffice and save it again as .xlsx"
                )
            _extent(scan, _FILLED.findall(block))
            if _UNPLACED.search(block):
                _unplaced_extent(scan, block)
        else:
            _extent(scan, [(letters, row) for letters, row, _, _ in cells])
        _failures(package, sheet, scan, block)
        scan.hidden_rows += len(_HIDDEN.findall(block)) if b"hidden=" in block else 0
        scan.shared_texts |= b't="s"' in block
        if styled is not None:
            cells = _styled_cells(block, styled) if cells is None else cells
            _formats(scan, cells, formats)
    return scan


def usual_cells(block: bytes) -> list[Attributes] | None:
    """Column, row, style and kind of cells that hold something; None where one is unusual.

    Nearly all files write the attributes in one order, which is found much sooner.
    """
    found = _USUAL.findall(block)
    cells = block.count(b"<c ") + sum(block.count(b"<c" + sign) for sign in _AFTER_A_NAME)
    rows = block.count(b"<row") == len(_USUAL_ROW.findall(block))
    if not rows or cells != len(found) or b":c" in block or b":row" in block:
        return None
    return [cell[:4] for cell in found if not cell[4]]


def _blocks(package: Package, sheet: Sheet) -> Iterator[bytes]:
    """The sheet's XML in pieces that end with a row."""
    rest: list[bytes] = []
    size, first = 0, True
    for chunk in chunks(package.source, package.archive, sheet.part):
        if first:
            _check_beginning(package, sheet, chunk)
            first = False
        rest.append(chunk)
        size += len(chunk)
        end = chunk.rfind(b"row>") + 4
        if size >= _BLOCK and end > 4:
            yield b"".join([*rest[:-1], chunk[:end]])
            rest, size = [chunk[end:]], len(chunk) - end
    yield b"".join(rest)


def _check_beginning(package: Package, sheet: Sheet, head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise package.hostile(sheet.part)
    if b"\0" in head[:64]:
        raise WorkbookError(
            f"{package.source}: sheet {sheet.name} is written in UTF-16, which is not read; open "
            "the file in Excel or LibreOffice and save it again as .xlsx"
        )


def _extent(scan: SheetScan, references: list[tuple[bytes, bytes]]) -> None:
    if not references:
        return
    columns = {column_number(letters.decode()) for letters in {first for first, _ in references}}
    rows = {int(digits) - 1 for digits in {second for _, second in references}}
    scan.filled += len(references)
    scan.first = (min(scan.first[0], *rows), min(scan.first[1], *columns))
    scan.last = (max(scan.last[0], *rows), max(scan.last[1], *columns))


def _unplaced_extent(scan: SheetScan, block: bytes) -> None:
    """Cells that do not say where they stand follow each other, row by row."""
    rows = _ROW.split(block)[1:]
    numbers = [int(m[1]) for row in rows if (m := _ROW_NUMBER.search(row.partition(b">")[0]))]
    widths = [len(_UNPLACED.findall(row)) for row in rows]
    scan.filled += sum(widths)
    scan.first = (0, 0)
    height = max([len(rows), scan.last[0] + 1, *numbers])
    scan.last = (height - 1, max([scan.last[1], *(width - 1 for width in widths)]))


def _failures(package: Package, sheet: Sheet, scan: SheetScan, block: bytes) -> None:
    found: list[tuple[bytes, str]] = []
    if b't="e"' in block or b"t='e'" in block:
        errors = _ERROR.findall(block)
        found += [(attributes, _error_word(value)) for attributes, value in errors]
    if _FORMULA.search(block):
        found += [(attributes, NO_RESULT) for attributes in _NO_RESULT.findall(block)]
    for attributes, value in found:
        match = _REFERENCE.search(attributes)
        if match is None:
            raise WorkbookError(
                f"{package.source}: sheet {sheet.name} has cells that failed ({value}) and do not "
                "say where they stand; open the file in Excel, correct them and save it again"
            )
        scan.failed.setdefault(_position(match), value)


def _error_word(value: bytes) -> str:
    word = value.decode(errors="replace").strip()
    return word if word in EXCEL_ERRORS else "#UNKNOWN!"


def _styled(formats: Mapping[str, NumberFormat]) -> re.Pattern[bytes] | None:
    """Cells with a number format that says something."""
    if not formats:
        return None
    few = len(formats) <= _FEW_STYLES
    styles = "|".join(formats).encode() if few else b"[0-9]+"
    return re.compile(_P + rb"c\b((?>[^<>]*?\bs=[\"'](?:" + styles + rb")[\"'])[^<>]*+)(?<!/)>")


def _styled_cells(block: bytes, styled: re.Pattern[bytes]) -> list[Attributes]:
    found = []
    for attributes in styled.findall(block):
        reference, style = _REFERENCE.search(attributes), _STYLE.search(attributes)
        kind = _TYPE.search(attributes)
        if reference is not None and style is not None:
            found.append((reference[1], reference[2], style[1], kind[1] if kind else b""))
    return found


def _formats(scan: SheetScan, cells: list[Attributes], formats: Mapping[str, NumberFormat]) -> None:
    told = {style.encode(): shown for style, shown in formats.items()}
    alike: defaultdict[tuple[bytes, bytes], list[int]] = defaultdict(list)
    for letters, digits, style, kind in cells:
        if style in told and kind in (b"", b"n"):
            alike[letters, style].append(int(digits) - 1)
    for (letters, style), rows in alike.items():
        column, shown = column_number(letters.decode()), told[style]
        if shown.percent:
            scan.percents.setdefault(column, []).extend(rows)
        if shown.currency:
            scan.currencies.setdefault(column, {}).setdefault(shown.currency, []).extend(rows)


def _position(reference: re.Match[bytes]) -> Position:
    return int(reference[2]) - 1, column_number(reference[1].decode())


@lru_cache(maxsize=16_384)
def column_number(letters: str) -> int:
    """The position of a spreadsheet column, counted from 0.

    >>> column_number("A"), column_number("AB"), column_number("xfd")
    (0, 27, 16383)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
