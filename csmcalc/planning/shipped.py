"""What the planning workbook holds as it ships: where things stood before somebody moved them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

from csmcalc.io.files.package import open_package
from csmcalc.planning.places import area_of
from csmcalc.reports.planning.shipped import shipped

SHIPPED_DAY = dt.date(2026, 12, 31)
"""The day of the plan in a workbook that nobody has filled yet."""


@cache
def names_of_cells() -> frozenset[str]:
    """The names that stand for one cell each."""
    areas = ((name, area_of(text)) for name, text in _names().items())
    return frozenset(name for name, area in areas if area and area.is_cell)


@cache
def _names() -> Mapping[str, str]:
    return open_package("the planning workbook", shipped(functions=True)).names


def stood_at(name: str) -> str:
    """Where a name stood as the workbook shipped, as messages say it."""
    area = area_of(_names().get(name.casefold(), ""))
    return area.words if area else "the workbook"
