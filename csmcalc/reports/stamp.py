"""Into a saved workbook: cached values beside formulas, and the rows of long lists.

openpyxl writes no value beside a formula, so that a phone, pandas or a preview would see blanks;
and a cell object for each of a million cells costs seconds. Both are put into the sheets' XML.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from csmcalc.core.dates import excel_serial

_FORMULA_CELL = re.compile(
    r'<c r="(?P<at>[A-Z]+[0-9]+)"(?P<style>(?: s="[0-9]+")?)(?: t="[a-z]+")?>'
    r"<f>(?P<formula>.*?)</f><v\s*(?:/>|></v>)</c>",
    re.DOTALL,
)
_DIMENSION = re.compile(r'<dimension ref="([A-Z]+[0-9]+)(?::[A-Z]+[0-9]+)?"\s*/>')
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
READS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of text that a spreadsheet would take for a formula when it is typed again."""
_CHUNK = 2_000
LONGEST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a long list: where it stands, its styles, its values and their formula."""

    letter: str
    style: int
    text_style: int
    values: Sequence[Any]
    formula: str | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The body of a long list; nothing stands below it on its sheet."""

    first: int
    height: float
    columns: tuple[ListColumn, ...]

    @property
    def last_cell(self) -> str:
        """Its lower right cell."""
        return f"{self.columns[-1].letter}{self.first + len(self.columns[0].values) - 1}"


@dataclass(slots=True)
class Stamp:
    """What is to be put into one sheet."""

    cached: dict[str, Any] = field(default_factory=dict)
    rows: Rows | None = None


def stamped(workbook: bytes, stamps: Sequence[Stamp]) -> bytes:
    """The workbook with the stamps of its sheets, in their order, put in."""
    parts = {f"xl/worksheets/sheet{n}.xml": stamp for n, stamp in enumerate(stamps, start=1)}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            # A fixed time makes the same plan the same file, byte for byte.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            if name not in parts:
                target.writestr(entry, content)
                continue
            with target.open(entry, "w") as stream:
                for piece in _sheet(content.decode("utf-8"), parts[name]):
                    stream.write(piece.encode("utf-8"))
    return out.getvalue()


def _sheet(xml: str, stamp: Stamp) -> Iterator[str]:
    filled: set[str] = set()

    def with_value(match: re.Match[str]) -> str:
        at = match["at"]
        filled.add(at)
        formula = f"<f>{match['formula']}</f>"
        return _cell(at, match["style"], formula, stamp.cached[at])

    xml = _FORMULA_CELL.sub(with_value, xml)
    if filled != stamp.cached.keys():
        raise AssertionError(f"formulas without a value: {sorted(stamp.cached.keys() - filled)}")
    if stamp.rows is None:
        yield xml
        return
    last = stamp.rows.last_cell
    xml = _DIMENSION.sub(lambda match: f'<dimension ref="{match[1]}:{last}"/>', xml)
    before, after = xml.split("</sheetData>")
    yield before
    yield from _rows(stamp.rows)
    yield f"</sheetData>{after}"


def _rows(rows: Rows) -> Iterator[str]:
    lines = zip(*(_column(column, rows.first) for column in rows.columns), strict=True)
    buffer: list[str] = []
    for number, cells in enumerate(lines, start=rows.first):
        buffer.append(f'<row r="{number}" ht="{rows.height:g}" customHeight="1">')
        buffer.extend(cells)
        buffer.append("</row>")
        if number % _CHUNK == 0:
            yield "".join(buffer)
            buffer.clear()
    yield "".join(buffer)


def _column(column: ListColumn, first: int) -> Iterator[str]:
    """The cells of one column from the top down."""
    style, text_style = f' s="{column.style}"', f' s="{column.text_style}"'
    formula = "" if column.formula is None else f"<f>{escape(column.formula)}</f>"
    for row, value in enumerate(column.values, start=first):
        at = f"{column.letter}{row}"
        if type(value) is float and value == value and math.isfinite(value):
            yield f'<c r="{at}"{style}>{formula}<v>{value!r}</v></c>'
        elif isinstance(value, str) and value.startswith(READS_AS_FORMULA):
            yield _cell(at, text_style, formula, value)
        else:
            yield _cell(at, style, formula, value)


def _cell(at: str, style: str, formula: str, value: Any) -> str:
    """One cell of any kind; a missing value is a blank, or empty text where a formula stands."""
    if isinstance(value, bool):
        return f'<c r="{at}"{style} t="b">{formula}<v>{int(value)}</v></c>'
    serial = excel_serial(value)
    if serial is not None:
        value = serial
    if isinstance(value, (int, float)) and math.isfinite(value):
        return f'<c r="{at}"{style}>{formula}<v>{float(value)!r}</v></c>'
    text = cell_text(value) if isinstance(value, str) else ""
    if formula:
        return f'<c r="{at}"{style} t="str">{formula}<v>{text}</v></c>'
    if not text:
        return f'<c r="{at}"{style}/>'
    return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def cell_text(text: str) -> str:
    """Text as XML holds it; characters that XML forbids show as a replacement mark."""
    return escape(workbook_text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text[:LONGEST_TEXT])))


def workbook_text(text: str) -> str:
    """Text as a workbook spells it: what looks like the code of a character is no code.

    >>> workbook_text("_x0041_"), workbook_text("snake_case")
    ('_x005F_x0041_', 'snake_case')
    """
    return _CODE.sub("_x005F_", text)
