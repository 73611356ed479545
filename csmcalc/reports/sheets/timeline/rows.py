"""Rows of a grid of months, and the months themselves at its top."""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.plan.timeline.timeline import Timeline, later
from csmcalc.reports.model import Cell, GridRow, Look, Unit


def heading(title: str) -> GridRow:
    """A heading over the rows below it."""
    return GridRow("", title)


def line(
    key: str,
    title: str,
    words: str,
    unit: Unit,
    values: Any,
    formula: str | None,
    opening: Cell | None = None,
    look: Look = Look.BODY,
    coloured: tuple[str, ...] = (),
) -> GridRow:
    """A row of numbers; plain Python ones, as a workbook holds them."""
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return GridRow(key, title, words, unit, plain, formula, opening, look, coloured)


def total(
    key: str,
    title: str,
    words: str,
    unit: Unit,
    values: Any,
    formula: str,
    opening: Cell | None = None,
) -> GridRow:
    """A row that sums up those above it."""
    return line(key, title, words, unit, values, formula, opening, Look.TOTAL)


def calendar(timeline: Timeline) -> tuple[GridRow, ...]:
    """Month, fiscal year and number of every month: the columns of all sheets."""
    months = timeline.months
    return (
        line(
            "month", "Month", "", Unit.MONTH, months, "EDATE(first_month,{n}-1)",
            Cell(later(months[0], -1), "EDATE(first_month,-1)", Unit.MONTH, Look.MUTED),
            Look.STRONG,
        ),
        line(
            "fiscal_year", "Fiscal year", "", Unit.YEAR, timeline.fiscal_years,
            "YEAR({month})+IF(AND(fiscal_year_start>1,MONTH({month})>=fiscal_year_start),1,0)",
        ),
        line(
            "n", "Month number", "", Unit.FIGURE, np.arange(1.0, len(months) + 1), "{n.before}+1",
            Cell(0, unit=Unit.FIGURE, look=Look.MUTED),
        ),
    )  # fmt: skip


def months_again(timeline: Timeline, sheet: str) -> GridRow:
    """The same months on another sheet, as links; its key begins with the sheet's name."""
    months = timeline.months
    key = f"{sheet}_month"
    return line(key, "Month", "", Unit.MONTH, months, "{month}", None, Look.STRONG)
