"""Slices add up to the whole: accounts, segments, hours, and money to the cent."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from csmcalc.batch.makers import BookSource
from csmcalc.batch.slices import Slices, digests, slices_of
from csmcalc.plan.checks import checks_of
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.slices import (
    Figures,
    figures_of,
    fitting,
    pinned,
    shares_of_growth,
    shares_of_team,
    slice_of,
    together,
)
from csmcalc.plan.timeline.digest import Ending
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.segments import METHODS
from csmcalc.reports.model import List
from csmcalc.reports.render import render
from csmcalc.reports.sheets.index import SliceLine, adds_up, index_report
from csmcalc.reports.sheets.index_scenarios import CaseLine
from tests.books import demo_book
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, require_office
from tests.engines.test_recalculation import small_book


def cut(book: Book, by: str) -> list[Book]:
    both = pd.concat([book.customers, book.excluded], ignore_index=True)
    labels = both[by] if by in both else pd.Series(["all"] * len(both))
    slices = slices_of(labels, by)
    count = len(book.customers)
    return [
        slice_of(book, label, rows[rows < count], rows[rows >= count] - count)
        for label, rows in ((name, slices.rows(n)) for n, name in enumerate(slices.labels))
    ]


def planned(book: Book, settings: Settings, by: str) -> tuple[Plan, list[tuple[str, Plan]]]:
    whole = make_plan(book, settings)
    shared = pinned(settings, whole)
    parts = [part for part in cut(book, by) if len(part.customers)]
    return whole, [(part.source, make_plan(part, shared)) for part in parts]


SETTINGS: dict[str, Settings] = {
    "defaults": Settings(),
    "growth from the book": Settings().replace("bcg", growth_method="weighted"),
    "a team that is told": Settings().replace("team", csms=12),
    "another currency": Settings().replace("money", exchange_rate=0.93),
} | {method: Settings().replace("bcg", profitability_method=method) for method in METHODS}


@pytest.mark.parametrize("by", ["owner", "region", "category"])
@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("book", [demo_book, small_book])
def test_slices_add_up_to_the_whole(book: Callable[[], Book], name: str, by: str) -> None:
    whole, parts = planned(book(), SETTINGS[name], by)
    sums = together(figures_of(plan) for _, plan in parts)
    ours = figures_of(whole)
    assert sums.accounts == ours.accounts
    for field in ("arr", "hours", "cost_to_serve", "contribution"):
        assert abs(getattr(sums, field) - getattr(ours, field)) < 0.005, field
    counts = {name: n for name, (n, _) in sums.segments.items() if n}
    assert counts == {name: n for name, (n, _) in ours.segments.items() if n}
    for view in ("rule", "arrears", "accounts", "workload"):
        assert sums.views[view].exact == pytest.approx(ours.views[view].exact)
        assert sums.views[view].csms >= ours.views[view].csms


def sliced(book: Book, settings: Settings, by: str) -> tuple[Plan, list[tuple[float, Plan]]]:
    """The plans of slices as a run makes them, each with its part of the team."""
    whole = make_plan(book, settings)
    source = slices_of(book.customers[by], by)
    none = slices_of(book.customers[by].iloc[:0], by)
    rows = [source.rows(n) for n in range(len(source.labels))]
    csms, team = shares_of_team(whole, rows), whole.view("today").csms
    empty = Slices(by, source.labels, none.order, np.zeros(len(source.labels) + 1, dtype=np.int64))
    books = BookSource(book, source, empty, csms, team, [()] * len(csms))
    shared = pinned(settings, whole)
    parts = [books.slice(n) for n in range(len(source.labels))]
    return whole, [
        (part.team, make_plan(part, fitting(shared, part, mine, ())))
        for part, mine in zip(parts, csms, strict=True)
    ]


@pytest.mark.parametrize("by", ["owner", "region"])
@pytest.mark.parametrize("told", [0, 12, 2.5])
def test_today_s_team_adds_up_whatever_the_slices_are(by: str, told: float) -> None:
    """Each of three regions would otherwise believe that it has all the owners."""
    whole, parts = sliced(demo_book(), Settings().replace("team", csms=told), by)
    today = whole.view("today")
    assert today.csms == (told or 10)
    for field in ("exact", "csms", "cost"):
        each = [getattr(plan.view("today"), field) for _, plan in parts]
        assert math.fsum(each) == pytest.approx(getattr(today, field), rel=1e-12)
    for team, plan in parts:
        counted = plan.settings.team.csms == 0
        assert counted == (team == 0)
        check = next(one for one in checks_of(plan) if one.key == "team_covers")
        assert ("a part of" in check.finding) == (not counted)
    if by == "owner" and not told:
        assert {(team, plan.view("today").csms) for team, plan in parts} == {(0.0, 1)}


def test_a_team_without_owners_is_shared_out_by_hours() -> None:
    book = dataclasses.replace(demo_book(), customers=demo_book().customers.drop(columns="owner"))
    _, parts = sliced(book, Settings().replace("team", csms=6), "region")
    hours = [max(1.0, plan.accounts["planned_hours"].sum()) for _, plan in parts]
    expected = [6 * one / sum(hours) for one in hours]
    assert [plan.view("today").csms for _, plan in parts] == pytest.approx(expected, rel=0.02)
    unknown, parts = sliced(book, Settings(), "region")
    assert unknown.view("today").csms == 0
    assert {(team, plan.view("today").csms) for team, plan in parts} == {(0.0, 0)}


@pytest.mark.parametrize("by", ["owner", "region"])
def test_accounts_that_come_by_number_add_up(by: str) -> None:
    """Three regions do not each win what the whole wins; nor does one without such accounts."""
    told = {"Star": 6.0, "Poor Dog": 1.5, "No verdict": 2.0}
    rows = tuple(Growth(segment=name, new_per_month=count) for name, count in told.items())
    book = demo_book()
    labels = book.customers[by].fillna("").to_numpy()
    slices = [np.flatnonzero(labels == label) for label in sorted(set(labels))]
    settings = dataclasses.replace(Settings(), growth=rows)
    whole = make_plan(book, settings)
    ours = make_timeline(whole, months=12, every_segment=True).frame.flows
    shared = pinned(settings, whole)
    parts = []
    for rows_of, own in zip(slices, shares_of_growth(whole, slices), strict=True):
        part = slice_of(book, "part", rows_of, np.array([], dtype=np.int64))
        plan = make_plan(part, fitting(shared, part, 1.0, own))
        parts.append(make_timeline(plan, months=12, every_segment=True).frame.flows)
    for flow in ("accounts_new", "accounts_close", "arr_new", "arr_close"):
        added = sum(getattr(one, flow) for one in parts)
        assert added == pytest.approx(getattr(ours, flow), rel=1e-9), flow
    assert ours.accounts_new[0, 0].sum() > sum(told.values())


def test_accounts_of_a_segment_without_any_are_shared_out_as_all_are() -> None:
    rows = (Growth(segment="Star", new_per_month=3.0, churn=0.1), Growth(segment="Poor Dog"))
    whole = make_plan(demo_book(), dataclasses.replace(Settings(), growth=rows))
    whole = dataclasses.replace(whole, accounts=whole.accounts.assign(segment="Cash Cow"))
    count = len(whole.accounts)
    halves = [np.arange(count // 4), np.arange(count // 4, count)]
    first, second = shares_of_growth(whole, halves)
    assert first[0].new_per_month == pytest.approx(3.0 * (count // 4) / count)
    assert (first[0].new_per_month or 0) + (second[0].new_per_month or 0) == pytest.approx(3.0)
    assert (first[0].churn, first[1]) == (0.1, rows[1])


def test_an_owner_s_hours_are_split_where_their_accounts_are() -> None:
    customers = pd.DataFrame(
        {
            "row": range(1, 5),
            "id": list("abcd"),
            "name": list("abcd"),
            "arr": [100_000.0] * 4,
            "owner": ["Ann", "ann", "Bob", ""],
            "region": ["N", "S", "S", "S"],
            "hours": [30.0, 10.0, 0.0, 50.0],
        }
    )
    book = dataclasses.replace(demo_book(), customers=customers)
    _, parts = sliced(book, Settings(), "region")
    assert [plan.view("today").csms for _, plan in parts] == [0.75, 1.25]


def test_every_account_keeps_its_segment_tier_and_hours() -> None:
    whole, parts = planned(demo_book(), Settings(), "owner")
    columns = ["row", "segment", "tier", "planned_hours", "margin", "contribution", "action"]
    sliced = pd.concat([plan.accounts for _, plan in parts]).sort_values("row")
    pd.testing.assert_frame_equal(
        sliced[columns].reset_index(drop=True),
        whole.accounts.sort_values("row")[columns].reset_index(drop=True),
    )


def test_without_the_pinned_lines_slices_would_differ() -> None:
    """The reason for pinning: the defaults alone place accounts elsewhere."""
    whole = make_plan(demo_book(), Settings())
    segments = [make_plan(part, Settings()).by_segment["accounts"] for part in cut_planned()]
    assert not (sum(segments) == whole.by_segment["accounts"]).all()


def cut_planned() -> list[Book]:
    return [part for part in cut(demo_book(), "owner") if len(part.customers)]


def test_accounts_left_out_are_cut_like_the_others() -> None:
    book = demo_book()
    parts = cut(book, "region")
    assert sum(len(part.excluded) for part in parts) == len(book.excluded)
    left = math.fsum(part.excluded["arr"].sum() for part in parts)
    assert left == pytest.approx(book.excluded["arr"].sum(), abs=0.005)


def test_figures_survive_json() -> None:
    figures = figures_of(make_plan(demo_book(), Settings()))
    assert Figures.of_plain(json.loads(json.dumps(figures.plain()))) == figures


def test_missing_labels_are_a_slice_of_their_own() -> None:
    slices = slices_of(pd.Series(["b", None, "a", "b", None], dtype="str"), "owner")
    assert slices.labels == ("a", "b", "without owner")
    assert [slices.rows(n).tolist() for n in range(3)] == [[2], [0, 3], [1, 4]]


def test_a_digest_sees_every_change_of_its_slice_and_no_other() -> None:
    frame = pd.DataFrame({"a": ["x", "y", "z"], "n": [1.0, 2.0, np.nan]})
    rows = [np.array([0]), np.array([1, 2])]
    before = digests(frame, rows)
    assert digests(frame.copy(), rows) == before
    changed = frame.assign(n=[1.0, 2.5, np.nan])
    assert [a == b for a, b in zip(digests(changed, rows), before, strict=True)] == [True, False]
    assert digests(frame, [rows[0], rows[1][::-1]])[1] != before[1]
    mixed = pd.DataFrame({"m": [1, "x", None]}, dtype=object)
    as_text = pd.DataFrame({"m": ["1", "x", None]}, dtype=object)
    assert digests(mixed, rows)[0] != digests(as_text, rows)[0]
    assert digests(frame.rename(columns={"a": "b"}), rows)[0] != before[0]


def index_of(book: Book, by: str) -> tuple[Plan, list[SliceLine]]:
    whole, parts = planned(book, Settings(), by)
    lines = [SliceLine(name, f"{name}.xlsx", "done", figures_of(plan)) for name, plan in parts]
    return whole, lines


def test_the_index_is_clean_and_recalculates_to_what_it_shows(tmp_path: Path) -> None:
    require_office()
    whole, lines = index_of(demo_book(), "owner")
    endings = {
        name: Ending(1e6 + n, 4.0, 3.5 + n, 2.0, 9e5, 1e4 + n / 3, 500.0, -1e5)
        for n, name in enumerate(("base", "upside"))
    }
    lines = [
        dataclasses.replace(
            line,
            cases=tuple(CaseLine(line.label, n, line.file, "done", e) for n, e in endings.items()),
        )
        for line in lines
    ]
    path = tmp_path / "index.xlsx"
    path.write_bytes(render(index_report(whole, lines, "owner", endings)))
    assert lint(path) == []
    (again,) = Office(tmp_path / "office").recalculated([path])
    cached = cached_values(path)
    assert differences(cached, cached, cached_values(again)) == []
    told = {
        tuple(map(str, row[1:3])): row
        for row in load_workbook(path, data_only=True)["Scenarios"].values
    }
    assert told["base", "None"][3] == pytest.approx((len(lines) - 1) * 1e6)


def test_a_list_too_long_for_a_workbook_has_the_index_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csmcalc.reports.sheets.index.MOST_PLANNED", 10)
    whole, lines = index_of(demo_book(), "owner")
    report = index_report(whole, lines, "owner")
    assert [sheet.name for sheet in report.sheets] == ["Index"]
    path = tmp_path / "index.xlsx"
    path.write_bytes(render(report))
    assert lint(path) == []


def test_the_index_says_when_a_slice_is_missing_or_wrong() -> None:
    book = dataclasses.replace(demo_book(), excluded=demo_book().excluded.iloc[:0])
    whole, lines = index_of(book, "owner")
    assert adds_up(whole, lines)
    figures = lines[0].figures
    assert figures is not None
    cent_off = dataclasses.replace(figures, arr=figures.arr + 0.01)
    assert not adds_up(whole, [dataclasses.replace(lines[0], figures=cent_off), *lines[1:]])
    assert not adds_up(whole, lines[1:])
    missing = [SliceLine("Ann", "", "failed: why", None), *lines[1:]]
    text = repr(index_report(whole, missing, "owner").sheets[0])
    assert "1 of" in text
    assert "cannot add up" in text
    listed = [p.block for p in index_report(whole, missing, "owner").sheets[0].placed]
    slices = next(block for block in listed if isinstance(block, List))
    assert slices.length == len(lines)
