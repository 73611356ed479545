"""Charts of a template: ranges follow the tables, caches hold the data of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from csmcalc.reports.template.follow import Box, following, sheets_and_areas
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
    for reference in top.all(*_REFERENCES):
        formula = reference.find("f")
        if formula is None:
            continue
        held.add(id(formula))
        _follow(edits, formula, boxes)
        for cache in reference.children:
            if not cache.name.endswith("Cache") and cache.name != "lvl":
                continue
            column = _column(formula.text, tables)
            if column and cache.name in ("numCache", "strCache"):
                edits.replace(cache.start, cache.end, _cache(content, cache, *column))
            elif changes(formula.text) or following(formula.text, "", boxes):
                edits.replace(cache.start, cache.end, "")
    for formula in top.all("f", "sqref"):
        if id(formula) not in held and not formula.children:
            _follow(edits, formula, boxes)


_REFERENCES = ("numRef", "strRef", "multiLvlStrRef", "datalabelsRange", "numDim", "strDim")
"""What holds a formula and the values it had: the last two in charts of the newer kinds."""


def _follow(edits: Edits, formula: Element, boxes: Mapping[str, Box]) -> None:
    found = following(formula.text, "", boxes, areas=True)
    if found:
        edits.replace(formula.inside, formula.inside_end, Moved(found))


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
