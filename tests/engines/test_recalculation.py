"""LibreOffice recalculates the workbooks: every cached value is the value of its formula."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.service import Tier
from csmcalc.reports.plan_report import plan_report
from csmcalc.reports.render import render
from tests.books import book, demo_book
from tests.engines.office import Office, cached_values, differences, formulas

pytestmark = pytest.mark.engine
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


def small_book() -> Book:
    """Every optional column, blanks among them, and previous segments."""
    return book(
        arr=[500_000, 120_000, 60_000, 9_000, 3_000, 250_000],
        name=["=1+1", "Ünïcode & <Sons>", "+49 30", "@home", "-", "Plain"],
        category=["strategic", "SMB", "st*", "unheard of", "S?B", "enter~*"],
        tier=["", "mid touch", "", "*touch", "", "HIGH TOUCH"],
        owner=["Ann", "Bob", "ann", "Bob", "", "Cy"],
        start=["2026-09-01", "2020-02-29", None, "2026-07-02", "2025-01-01", "2026-06-25"],
        growth=[0.3, None, 0.1, -0.2, None, 0.05],
        potential=[None, 10, None, None, None, None],
        prior_arr=[400_000, 100_000, 70_000, None, 2_500, 250_000],
        gross_margin=[0.8, None, 0.7, 0.9, 0.05, None],
        support_cost=[20_000, 1_000, None, None, 4_000, None],
        hours=[None, 50, None, None, 0, None],
        complexity=[8, None, 2, 30, None, 0],
        cac=[600_000, None, 10_000, 50_000, 1_000, 100_000],
        previous_segment=["Star", "", "Poor Dog", "Cash Cow", "", "Star"],
        region=["*", "?", "~", "<>", "=", ">5"],
        excluded={
            "id": ["X", "Y"],
            "name": ["Gone", "Trial"],
            "arr": [0.0, 5_000.0],
            "prior_arr": [30_000.0, None],
            "reason": ["churned", "trial"],
        },
    )


BOOKS = {
    "demo": demo_book,
    "small": small_book,
    "no growth": lambda: book(arr=[2_000_000, 100, 55_000.55]),
    "one account": lambda: book(arr=[1_000.0], growth=[0.5]),
    "yen": lambda: dataclasses.replace(
        book(arr=[90_000_000.0, 1_500_000.0], growth=[0.2, 0.0]), currency="JPY"
    ),
}


def write(folder: Path, name: str, book: Book, settings: Settings | None = None) -> Path:
    path = folder / f"{name}.xlsx"
    path.write_bytes(render(plan_report(make_plan(book, settings or Settings()))))
    return path


OWN_TIERS = dataclasses.replace(
    Settings(), tiers=(Tier("none", 0.0), Tier("some", 5.0, 1000.0)), categories=()
)


MANY_TIERS = dataclasses.replace(
    Settings(), tiers=tuple(Tier(f"tier {n}", float(n)) for n in range(60)), categories=()
)


def test_every_cached_value_is_the_value_of_its_formula(office: Office, written: Path) -> None:
    paths = [write(written, name, make()) for name, make in BOOKS.items()]
    paths.append(write(written, "own tiers", BOOKS["no growth"](), OWN_TIERS))
    paths.append(write(written, "many tiers", BOOKS["no growth"](), MANY_TIERS))
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        cached, computed = cached_values(path), cached_values(recalculated)
        addresses = formulas(path)
        assert len(addresses) > 200
        assert differences(addresses, cached, computed) == [], path.stem
        assert not [cell for cell in computed.items() if cell[1] in ERRORS]


def with_tier_hours(settings: Settings, **hours: float) -> Settings:
    tiers = tuple(
        Tier(t.name, hours.get(t.name.replace(" ", "_"), t.hours), t.min_arr)
        for t in settings.tiers
    )
    return dataclasses.replace(settings, tiers=tiers)


S = Settings()
CHANGES: dict[str, tuple[dict[str, Any], Settings]] = {
    "dollars per CSM": ({"arr_per_csm": 1_300_000}, S.replace("rule", arr_per_csm=1_300_000.0)),
    "gross margin": ({"gross_margin": 0.6}, S.replace("margin", gross_margin=0.6)),
    "guard": ({"max_share": 0.1}, S.replace("margin", max_share=0.1)),
    "payback": ({"payback_years": 0.5}, S.replace("margin", payback_years=0.5)),
    "fixed line": (
        {"profitability_method": "fixed", "profitability_threshold": 0.7},
        S.replace("bcg", profitability_method="fixed", profitability_threshold=0.7),
    ),
    "median": ({"profitability_method": "median"}, S.replace("bcg", profitability_method="median")),
    "percentile": (
        {"profitability_method": "percentile", "profitability_percentile": 0.8},
        S.replace("bcg", profitability_method="percentile", profitability_percentile=0.8),
    ),
    "growth line": ({"growth_threshold": 0.02}, S.replace("bcg", growth_threshold=0.02)),
    "weighted growth": ({"growth_method": "weighted"}, S.replace("bcg", growth_method="weighted")),
    "mean growth": ({"growth_method": "mean"}, S.replace("bcg", growth_method="mean")),
    "band": ({"band": 0.05}, S.replace("bcg", band=0.05)),
    "tier's hours": ({("high touch", "Hours a year"): 140}, with_tier_hours(S, high_touch=140.0)),
    "lowest tier": ({("tech touch", "Hours a year"): 9}, with_tier_hours(S, tech_touch=9.0)),
    "onboarding": (
        {"onboarding_factor": 4, "onboarding_window": 60, "onboarding_taper": 120},
        S.replace("service", onboarding_factor=4.0, onboarding_window=60.0, onboarding_taper=120.0),
    ),
    "complexity": ({"complexity_divisor": 3}, S.replace("service", complexity_divisor=3.0)),
    "pay": ({"ote": 90_000, "loading": 1.4}, S.replace("pay", ote=90_000.0, loading=1.4)),
    "capacity": ({"realisation": 0.5}, S.replace("capacity", realisation=0.5)),
    "guard of one account": ({"max_share": 0.4}, S.replace("margin", max_share=0.4)),
    "minimum": (
        {("mid touch", "Minimum ARR set"): 20_000},
        dataclasses.replace(
            S,
            tiers=tuple(
                Tier(t.name, t.hours, 2e4 if t.name == "mid touch" else None) for t in S.tiers
            ),
        ),
    ),
    "currency": ({"currency": "EUR"}, S.replace("money", currency="EUR")),
    "exchange rate": ({"exchange_rate": 0.8}, S.replace("money", exchange_rate=0.8)),
    "team": ({"team_csms": 3, "span": 2}, S.replace("team", csms=3, span=2.0)),
}
"""What a person changes on the Assumptions sheet, and the settings that say the same."""


def edited(path: Path, changes: dict[Any, Any]) -> None:
    """Type values into the Assumptions sheet."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Assumptions"]
    for target, value in changes.items():
        if isinstance(target, str):
            address = workbook.defined_names[target].attr_text.split("!")[1].replace("$", "")
        else:
            address = _cell_of_tier(sheet, *target)
        sheet[address] = value
    workbook.save(path)


def _cell_of_tier(sheet: Any, tier: str, heading: str) -> str:
    header = next(row for row in sheet.iter_rows() if row[1].value == "Touch tier")
    column = next(cell.column_letter for cell in header if cell.value == heading)
    row = next(cell.row for cell in sheet["B"] if cell.value == tier and cell.row > header[0].row)
    return f"{column}{row}"


def fixed(workbook: Any) -> set[tuple[str, str]]:
    """Cells that a typed assumption does not change: how the chart was drawn, what csmcalc found.

    An optimum is not recalculated by the workbook; it turns stale and says so.
    """
    found = set()
    for sheet in workbook:
        for row in sheet.iter_rows():
            found |= {(sheet.title, cell.coordinate) for cell in row if _is_fixed(sheet, row, cell)}
    return found


VALUE_COLUMNS = {
    "Service level",
    "Best hours",
    "Retention, no service",
    "Retention at best",
    "Value of service",
}
STALE = "An input was changed since the value view was computed"


def _is_fixed(sheet: Any, row: tuple[Any, ...], cell: Any) -> bool:
    match sheet.title:
        case "Portfolio":
            return cell.row in (3, 5, 26) or cell.column_letter >= "P"
        case "Value" | "Response":
            return True
        case "Headcount":
            return row[1].value == "Value"
        case "Customers":
            return sheet.cell(5, cell.column).value in VALUE_COLUMNS
        case "Summary":
            heading = sheet.cell(5, cell.column).value
            of_value = cell.row <= 10 and str(heading).startswith("Value over")
            words = str(cell.value)
            return of_value or cell.row == 10 or STALE in words or "a look, see Checks" in words
        case "Checks":
            return row[1].value == FRESH_TITLE
    return False


FRESH_TITLE = "The value view was computed from the inputs as they stand"


NAMED = ("dollars per CSM", "gross margin", "fixed line", "growth line", "tier's hours")


@pytest.mark.parametrize(("make", "names"), [(demo_book, NAMED), (small_book, tuple(CHANGES))])
def test_an_assumption_changed_in_the_workbook_gives_the_plan_with_that_setting(
    office: Office, written: Path, make: Any, names: tuple[str, ...]
) -> None:
    typed, planned = [], []
    for name in names:
        changes, settings = CHANGES[name]
        typed.append(write(written, f"{name} typed", make()))
        edited(typed[-1], changes)
        planned.append(write(written, f"{name} planned", make(), settings))
    for recalculated, fresh in zip(office.recalculated(typed), planned, strict=True):
        typed_in, planned_so = cached_values(recalculated), cached_values(fresh)
        left_out = set()
        for path in (recalculated, fresh):
            left_out |= fixed(openpyxl.load_workbook(path, data_only=True))
        addresses = [a for a in typed_in.keys() | planned_so.keys() if a not in left_out]
        assert differences(addresses, typed_in, planned_so) == [], fresh.stem
        assert _says_what_is_stale(recalculated, fresh), fresh.stem


def _says_what_is_stale(typed: Path, planned: Path) -> bool:
    """Whether the workbook calls its value view stale wherever the engine now finds another."""
    typed_in, planned_so = (openpyxl.load_workbook(p, data_only=True) for p in (typed, planned))
    checks = {row[1].value: row[2].value for row in typed_in["Checks"].iter_rows()}
    before, after = (
        [float(cell.value or 0) for row in book["Value"]["N6:O90"] for cell in row]
        for book in (typed_in, planned_so)
    )
    return checks[FRESH_TITLE] == "LOOK" or before == pytest.approx(after, rel=1e-9)
