"""Inputs changed by somebody in LibreOffice: the workbook shows what the engine would plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csmcalc.core.dates import excel_serial
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.portfolio.book import Book
from csmcalc.reports.planning.shipped import shipped
from csmcalc.reports.sheets.planning.filled import Filled, Member, owners_in
from tests.books import book, demo_book
from tests.engines.office import differences, formulas, require_uno
from tests.planning_workbook.at_work import typed
from tests.planning_workbook.made import COMPUTED, DAY, S, demo, filled, values, written

pytestmark = pytest.mark.engine

LIVE = ("Customers", "Segments", "Headcount", "Timeline", "Books", "Workings")
"""Sheets that follow from inputs; the others show csmcalc's answers, or that they are stale."""

FOUND = {
    "Headcount": ("Value",),
    "Timeline": (
        *("By the value", "Level: starts", "Optimal: starts", "ARR lost for want of service"),
    ),
}
"""Rows of them that csmcalc finds, or that rest on what it found."""


def tiers(hours: float) -> Settings:
    first, *others = S.tiers
    return replace(S, tiers=(replace(first, hours=hours), *others))


def churning(rate: float) -> Settings:
    return dataclasses.replace(S, growth=(Growth(segment="Star", churn=rate),))


def grown() -> Book:
    """The demo with more ARR from its largest customer."""
    book = demo_book()
    customers = book.customers.copy()
    at = customers["arr"].idxmax()
    customers.loc[at, "arr"] *= 1.25
    return replace(book, customers=customers)


def halved() -> Filled:
    """The demo with a first CSM of half the hours."""
    made = filled(demo_book())
    first, *others = owners_in(made.plan)
    return replace(made, team=(Member(first.name, fte=0.5), *others))


CHANGES: dict[str, tuple[dict[str, Any], Any]] = {
    "ARR per CSM": ({"arr_per_csm": 1_500_000}, S.replace("rule", arr_per_csm=1.5e6)),
    "realisation": ({"realisation": 0.75}, S.replace("capacity", realisation=0.75)),
    "pay": (
        {"ote": 160_000, "loading": 1.4},
        S.replace("pay", ote=160_000.0, loading=1.4),
    ),
    "service share": ({"service_share": 0.2}, S.replace("service", service_share=0.2)),
    "matrix": (
        {"profitability_method": "median", "growth_threshold": 0.2, "growth_method": "fixed"},
        S.replace("bcg", profitability_method="median", growth_threshold=0.2),
    ),
    "scenario": ({"live_case": "downside"}, S.replace("timeline", scenario="downside")),
    "tier": ({"tiers_1_hours": 6}, tiers(6.0)),
    "churn of stars": ({"growth_1_churn": 0.25}, churning(0.25)),
    "hiring": (
        {"ramp_months": 7, "months_to_fill": 1, "policy": "arrears"},
        S.replace("hiring", ramp_months=7.0, months_to_fill=1.0, policy="arrears"),
    ),
    "by the rule": ({"basis": "rule"}, S.replace("hiring", basis="rule")),
    "span": ({"span": 4}, S.replace("team", span=4.0)),
    "largest customer": ({"Customers!{ARR in list}": None}, grown),
    "half a CSM": ({"Books!{FTE}": 0.5}, halved),
}
"""What is typed, and the settings, or what else is planned, that say the same."""


def addressed(there: dict[tuple[str, str], Any], change: dict[str, Any]) -> dict[str, Any]:
    """The cells below a heading in place of the heading."""
    found = {}
    for where, value in change.items():
        sheet, _, heading = where.partition("!")
        if heading:
            name = heading.strip("{}")
            header = next(at for (on, at), text in there.items() if (on, text) == (sheet, name))
            letters = header.rstrip("0123456789")
            first = f"{letters}{int(header.removeprefix(letters)) + 1}"
            value = there[sheet, first] * 1.25 if value is None else value
            where = f"{sheet}!{first}"
        found[where] = value
    return found


SOME = ("ARR per CSM", "matrix", "scenario")
OTHERS = tuple(name for name in CHANGES if name not in SOME)


@pytest.mark.parametrize("names", [SOME, pytest.param(OTHERS, marks=pytest.mark.long)])
def test_the_workbook_shows_what_the_engine_plans(tmp_path: Path, names: tuple[str, ...]) -> None:
    require_uno()
    source = written(tmp_path / "source.xlsx", demo())
    there = values(source)
    shown = typed(source, {n: addressed(there, CHANGES[n][0]) for n in names}, tmp_path)
    live = [at for at in formulas(source) if is_live(there, at)]
    assert len(live) > 8_000
    for name, path in shown.items():
        one, other = values(path), values(written(tmp_path / "fresh.xlsx", planned(name)))
        assert differences(live, one, other) == [], name
        told = f"Computed on {COMPUTED}, "
        words = "as the inputs stand" if name in UNTOUCHED else "stale: an input was changed since"
        assert one["Guide", "C7"] == told + words, name


UNTOUCHED = ("service share", "span", "half a CSM")
"""Changes that nothing rests on which csmcalc finds for the demo."""


def test_a_customer_typed_into_the_workbook_as_it_ships(tmp_path: Path) -> None:
    require_uno()
    source = written(tmp_path / "source.xlsx", shipped(functions=False))
    there = values(source)
    change = {
        "Customers!{Account id}": "007",
        "Customers!{Account}": "Only one",
        "Customers!{ARR in list}": 250_000,
        "Customers!{Prior ARR}": 200_000,
        "Customers!{Owner}": "Ann",
        "Customers!{Category}": "enterprise",
        "Customers!{Customer since}": excel_serial(dt.date(2026, 8, 20)),
        "Books!{CSM}": "Ann",
        "as_of": excel_serial(DAY),
    }
    path = typed(source, {"typed": addressed(there, change)}, tmp_path)["typed"]
    same = book(
        arr=[250_000.0], name=["Only one"], prior_arr=[200_000.0], owner=["Ann"],
        category=["enterprise"], start=[dt.date(2026, 8, 20)],
    )  # fmt: skip
    same = replace(same, source="", customers=same.customers.assign(id=["007"]))
    fresh = values(written(tmp_path / "fresh.xlsx", filled(same)))
    live = [at for at in formulas(source) if is_live(there, at)]
    assert differences(live, values(path), fresh) == []
    assert fresh["Segments", "C30"] == 1


def test_a_floor_above_its_cap_is_told_by_a_check(tmp_path: Path) -> None:
    """Pasting knows no validation."""
    require_uno()
    source = written(tmp_path / "source.xlsx", shipped(functions=False))
    typed_over = {"response_2_hours_min": 9, "response_2_hours_max": 4}
    for name, change in {"above": typed_over, "fine": {"response_2_hours_min": 9}}.items():
        shown = values(typed(source, {name: change}, tmp_path)[name])
        check = "Checks", "No floor of hours stands above its cap"
        row = next(at[1:] for (on, at), said in shown.items() if (on, said) == check)
        assert shown["Checks", f"C{row}"] == ("LOOK" if name == "above" else "OK")


def planned(name: str) -> Filled:
    """What the engine plans where the same was changed."""
    other = CHANGES[name][1]
    if isinstance(other, Settings):
        return filled(demo_book(), other)
    made = other()
    return made if isinstance(made, Filled) else filled(made)


def is_live(there: Mapping[tuple[str, str], Any], at: tuple[str, str]) -> bool:
    """Whether a formula follows from inputs alone."""
    sheet, address = at
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return sheet in LIVE and there.get((sheet, f"B{row}")) not in FOUND.get(sheet, ())
