"""Planning workbooks as tests fill them: whole reports, with the engine's own values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from addin.project import vba_project
from csmcalc.plan.full import empty_book, full_book
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.portfolio.book import Book
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.render import render
from csmcalc.reports.sheets.planning.filled import Filled, Member, owners_in
from tests.books import demo_book

DAY, COMPUTED = dt.date(2026, 9, 30), dt.date(2026, 10, 1)
S = Settings()


def filled(
    book: Book, settings: Settings = S, team: tuple[Member, ...] | None = None, **options: Any
) -> Filled:
    """What a workbook shows for a list."""
    timeline = make_timeline(make_plan(full_book(book), settings))
    members = owners_in(timeline.plan) if team is None else team
    return Filled(timeline, members, COMPUTED, book.arr_in_file, **options)


def nobody() -> Filled:
    """What it shows without a list."""
    return Filled(make_timeline(make_plan(empty_book("USD", DAY), S)))


def content(of: Filled) -> bytes:
    """The workbook as a file."""
    report = planning_report(of)
    if of.functions:
        report = replace(report, macros=vba_project(len(report.sheets)))
    return render(report)


@cache
def demo() -> bytes:
    """The workbook with the demo's customers."""
    return content(filled(demo_book()))


def written(path: Path, of: bytes | Filled) -> Path:
    """The workbook on the disk."""
    path.write_bytes(of if isinstance(of, bytes) else content(of))
    return path


def values(path: Path) -> dict[tuple[str, str], Any]:
    """Each value of a file by sheet and address, read the quick way."""
    workbook = CalamineWorkbook.from_path(path)
    return {
        (name, f"{get_column_letter(column)}{row}"): value
        for name in workbook.sheet_names
        for row, cells in enumerate(
            workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
        )
        for column, value in enumerate(cells, start=1)
        if value != ""
    }


def synthetic(count: int) -> pd.DataFrame:
    """A list of so many invented customers; the same every time."""
    import numpy as np

    random = np.random.default_rng(7)
    arr = np.round(np.exp(random.normal(10.2, 1.1, count)), 2)
    ages = random.integers(5, 2500, count)
    grown = 1 + random.normal(0.08, 0.15, count).clip(-0.5, 1)
    told = (random.random(count) < 0.8) & (ages > 366)
    start = pd.Timestamp(DAY) - pd.to_timedelta(ages, unit="D")
    columns: Mapping[str, Any] = {
        "Account id": [f"A{at:06d}" for at in range(count)],
        "Account": [f"Customer number {at}" for at in range(count)],
        "ARR": arr,
        "Prior ARR": np.where(told, np.round(arr / grown, 2), np.nan),
        "Owner": [f"CSM {at}" for at in random.integers(0, max(2, count // 60), count)],
        "Category": random.choice(["strategic", "enterprise", "mid-market", "SMB"], count),
        "Customer since": start.strftime("%Y-%m-%d"),
        "Gross margin": np.round(random.normal(0.8, 0.05, count).clip(0.3, 0.95), 3),
    }
    return pd.DataFrame(columns)
