"""Charts of a template: ranges follow the tables, caches hold the data of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from csmcalc.reports.template.follow import Box, Following, following, sheets_and_areas
from csmcalc.reports.template.slots import ChartCache, Moved
from csmcalc.reports.template.tables import ExcelTable
from csmcalc.reports.template.xmlmap import Edits, Element


def chart_edits(
    edits: Edits,
    content: bytes,
    top: Element,
    tables: Sequence[ExcelTable],
    boxes: Mapping[str, Box],
    changes: Callable[[str], bool],
) -> None:
    """Let every reference of a chart follow; fill, keep or drop the values kept beside it."""
    held = set()
    for reference in top.all("numRef", "strRef", "multiLvlStrRef"):
        formula = reference.find("f")
        cache = next((c for c in reference.children if c.name.endswith("Cache")), None)
        if formula is None:
            continue
        held.add(id(formula))
        _follow(edits, formula, boxes)
        column = _column(formula.text, tables)
        if cache is None:
            continue
        if column:
            edits.replace(cache.start, cache.end, _cache(content, cache, *column))
        elif changes(formula.text) or following(formula.text, "", boxes):
            edits.replace(cache.start, cache.end, "")
    for formula in top.all("f"):
        if id(formula) not in held and not formula.children:
            _follow(edits, formula, boxes)


def _follow(edits: Edits, formula: Element, boxes: Mapping[str, Box]) -> None:
    found = following(formula.text, "", boxes, areas=True)
    if found:
        edits.replace(formula.inside, formula.inside_end, Moved(_bodies_only(found, boxes)))


def _bodies_only(found: Following, boxes: Mapping[str, Box]) -> Following:
    """A single cell below a body is a cell and no range that would grow."""
    pieces = []
    for piece in found.pieces:
        if not isinstance(piece, str):
            table, reference = piece
            alone = not reference.c2 and int(reference.r1.lstrip("$")) != boxes[table].last
            piece = table, replace(reference, area=not alone)
        pieces.append(piece)
    return Following(tuple(pieces))


def _column(reference: str, tables: Sequence[ExcelTable]) -> tuple[str, int] | None:
    """The table and the position of the column whose whole body a reference is."""
    areas = sheets_and_areas(reference, "")
    if len(areas) != 1:
        return None
    where, left, top, right, bottom = areas[0]
    for table in tables:
        box = table.box
        whole = left == right and (top, bottom) == (box.first, box.last)
        inside = box.left <= left <= box.right and where.casefold() == box.sheet.casefold()
        if whole and inside and not table.refusal:
            return table.name, left - box.left
    return None


def _cache(content: bytes, cache: Element, table: str, column: int) -> ChartCache:
    raw = content[cache.start : cache.end]
    name = raw[1:].split(b">")[0].split()[0].decode()
    code = cache.find("formatCode")
    return ChartCache(
        table=table,
        column=column,
        prefix=name.removesuffix(cache.name),
        before=content[code.start : code.end].decode() if code else "",
        numeric=cache.name == "numCache",
        original=raw,
    )
