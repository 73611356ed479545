"""Single cells of a workbook given other values; all else stays as it is, byte for byte."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from csmcalc.io.files.sheetscan import column_number
from csmcalc.io.raw import EPOCH_1904
from csmcalc.reports.template.archive import Archive, compressed
from csmcalc.reports.template.cells import Look, rest_of_cell
from csmcalc.reports.template.compile import recalculate
from csmcalc.reports.template.parts import Parts
from csmcalc.reports.template.replaced import Replaced, Values, in_blocks
from csmcalc.reports.template.sheet import column_letter
from csmcalc.reports.template.xmlmap import Edits, mapped

Cells = Mapping[int, Mapping[int, Any]]
"""Values by row (from 1) and column (from 0)."""

UNKNOWN = object()
"""In place of a value: the formula of a cell stays without one, until it is computed."""

_ROW = re.compile(rb'<row\b[^>]*?\br="([0-9]{1,7})"[^>]*>')
CELL = re.compile(
    rb'<c\b(?P<told>[^>]*?\br="(?P<letters>[A-Z]{1,3})[0-9]+"[^>]*?)(?:/>|>(?P<inside>.*?)</c>)',
    re.S,
)
_FORMULA = re.compile(rb"<f\b[^>]*?(?:/>|>.*?</f>)", re.S)
_KEPT = re.compile(rb'\s(?:s|cm|vm|ph)="[^"]*"')
_CLOSE = b"</row>"
_CACHED = re.compile(
    rb"(<(?P<p>(?:\w+:)?)f>(?P<of>[^<]*)</(?P=p)f>)\s*<(?P=p)(?P<kind>num|str)Cache>.*?"
    rb"</(?P=p)(?P=kind)Cache>",
    re.S,
)


def patched(
    parts: Parts, sheets: Mapping[str, Cells], columns: Mapping[str, Values] | None = None
) -> bytes:
    """A workbook with other values in some cells and in whole columns of tables, by sheet.

    A formula stays beside its value. What charts keep of these sheets is dropped, and the workbook
    is computed anew when it is opened.
    """
    columns = columns or {}
    changed = {name for name, cells in sheets.items() if cells} | set(columns)
    by_part = {s.part: s.name for s in parts.package.sheets if s.name in changed}
    late = parts.package.epoch == EPOCH_1904
    out = io.BytesIO()
    archive = Archive(out)
    for name in parts.names:
        made = None
        if name in by_part:
            sheet = by_part[name]
            rows = patched_rows(
                parts.read(name), sheets.get(sheet, {}), columns.get(sheet), epoch_1904=late
            )
            archive.stream(name, in_blocks(rows))
            continue
        if name == parts.package.workbook:
            made = _computed_anew(parts.source, name, parts.read(name))
        elif name.startswith("xl/charts/") and name.endswith(".xml"):
            made = _without_caches(parts.read(name), tuple(changed))
        archive.add(parts.raw(name) if made is None else compressed(name, made))
    archive.close()
    return out.getvalue()


def patched_rows(
    content: bytes, cells: Cells, columns: Values | None = None, *, epoch_1904: bool = False
) -> Iterator[bytes]:
    """A sheet in pieces, some of its cells with other values."""
    at, replaced = 0, Replaced(columns, epoch_1904=epoch_1904) if columns else None
    for match in rows_in(content):
        number = int(match[1])
        values = cells.get(number, {})
        if not values and not (columns and columns.has(number)):
            continue
        if match[0].endswith(b"/>"):
            end, inside = match.end(), b""
            opening = match[0][:-2] + b">"
        else:
            stop = content.index(_CLOSE, match.end())
            end, inside, opening = stop + len(_CLOSE), content[match.end() : stop], match[0]
        yield content[at : match.start()]
        yield opening
        made = replaced(number, inside) if replaced and not values else None
        if made is None:
            values = {**(columns.row(number) if columns else {}), **values}
            made = _row(number, inside, values, epoch_1904)
        yield made
        yield _CLOSE
        at = end
    yield content[at:]


def rows_in(content: bytes) -> Iterator[re.Match[bytes]]:
    """The first tags of all rows; what stands in a row is passed over."""
    match = _ROW.search(content)
    while match:
        yield match
        end = match.end()
        if not match[0].endswith(b"/>"):
            end = content.index(_CLOSE, end) + len(_CLOSE)
        match = _ROW.search(content, end)


def _row(number: int, inside: bytes, values: Mapping[int, Any], late: bool) -> bytes:
    """The cells of a row, some with other values; those that the file lacks are put in."""
    made, at = [], 0
    left = dict(values)
    for match in CELL.finditer(inside):
        column = column_of(match["letters"])
        for missing in [one for one in left if one < column]:
            made += [inside[at : match.start()], _new(number, missing, left.pop(missing), late)]
            at = match.start()
        if column not in left:
            continue
        made.append(inside[at : match.start()])
        formula = _FORMULA.search(match["inside"] or b"")
        style = b"".join(_KEPT.findall(match["told"])).decode()
        value, text = left.pop(column), formula[0].decode() if formula else ""
        if value is UNKNOWN:
            rest = f"{style}>{text}</c>"
        else:
            rest = rest_of_cell(value, text, Look.fixed(style), epoch_1904=late)
        made.append(f'<c r="{match["letters"].decode()}{number}"{rest}'.encode())
        at = match.end()
    made.append(inside[at:])
    made += [_new(number, column, left[column], late) for column in sorted(left)]
    return b"".join(made)


def _new(row: int, column: int, value: Any, late: bool) -> bytes:
    rest = rest_of_cell(value, "", Look.fixed(""), epoch_1904=late)
    return f'<c r="{column_letter(column)}{row}"{rest}'.encode()


_NUMBERS: dict[bytes, int] = {}


def column_of(letters: bytes) -> int:
    """The column of an address, from 0."""
    if letters not in _NUMBERS:
        _NUMBERS[letters] = column_number(letters.decode())
    return _NUMBERS[letters]


def _computed_anew(source: str, name: str, content: bytes) -> bytes:
    edits = Edits(content)
    recalculate(edits, content, mapped(source, name, content))
    return b"".join(p if isinstance(p, bytes) else str(p).encode() for p in edits.pieces())


def _without_caches(content: bytes, sheets: tuple[str, ...]) -> bytes | None:
    """A chart without the values it keeps of some sheets; None where it keeps none."""
    names = {f"{quoted}!" for sheet in sheets for quoted in (sheet, f"'{_escaped(sheet)}'")}

    def without(match: re.Match[bytes]) -> bytes:
        of = match["of"].decode()
        return match[1] if any(of.lstrip("(").startswith(name) for name in names) else match[0]

    made = _CACHED.sub(without, content)
    return None if made == content else made


def _escaped(sheet: str) -> str:
    return sheet.replace("'", "''").replace("&", "&amp;")
