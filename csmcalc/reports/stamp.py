"""Into a workbook as openpyxl saved it: cached values beside formulas, and the rows of long lists.

openpyxl writes no value beside a formula, so that a phone, pandas or a preview would see blanks;
and a cell object for each of a million cells costs seconds. So its file is a template like any
other: formulas get their values when it is compiled, lists their rows when it is filled.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from csmcalc.reports.arrays import with_dynamic_arrays
from csmcalc.reports.macros import with_macros
from csmcalc.reports.template import Limits, compile_content


@dataclass(slots=True)
class Stamp:
    """What is to be put into one sheet: values by cell, ranges that dynamic arrays fill, lists.

    `lists` are the columns of each Excel table, by its name and their headings.
    """

    cached: dict[str, Any] = field(default_factory=dict)
    spills: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def stamped(workbook: bytes, stamps: Mapping[str, Stamp], macros: bytes | None = None) -> bytes:
    """The workbook with the stamps of its sheets put in, and a VBA project if there is one."""
    values: dict[tuple[str, str], Any] = {}
    spills: dict[tuple[str, str], str] = {}
    lists: dict[str, Mapping[str, Any]] = {}
    for sheet, stamp in stamps.items():
        values |= {(sheet, at): value for at, value in stamp.cached.items()}
        spills |= {(sheet, at): area for at, area in stamp.spills.items()}
        lists |= stamp.lists
    if spills:
        workbook = _changed(workbook, with_dynamic_arrays)
    if macros:
        workbook = _changed(workbook, partial(with_macros, project=macros))
    template = compile_content("the report", workbook, Limits(), values, spills)
    return template.stamp(lists)


def _changed(
    workbook: bytes, change: Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
) -> bytes:
    """The workbook with some parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        contents = {name: source.read(name) for name in source.namelist()}
        for name, content in {**contents, **change(contents)}.items():
            target.writestr(name, content)
    return out.getvalue()
