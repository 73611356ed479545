"""LibreOffice recalculates the months: to the cached values, and to the engine's for new inputs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.reports.plan_report import plan_report
from csmcalc.reports.render import render
from csmcalc.reports.timeline_report import timeline_report
from tests.books import book, demo_book
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, formulas

pytestmark = pytest.mark.engine
S = Settings()
MONTHS = 15
ENGINE_ROWS = ("By the value", "Level: starts", "Optimal: starts")
"""Rows of the Timeline sheet that only the engine can find."""


def write(path: Path, settings: Settings, policy: str, of: Any = demo_book) -> Path:
    made = make_timeline(make_plan(of(), settings), months=MONTHS, policy=policy)
    path.write_bytes(render(timeline_report(made)))
    return path


def no_growth() -> Any:
    return book(arr=[2_000_000.0, 100.0, 55_000.55], owner=["Ann", "Bob", "Ann"])


def test_cached_values_are_those_of_the_formulas(office: Office, written: Path) -> None:
    paths = [
        write(written / f"{policy}.xlsx", S, policy)
        for policy in ("ahead", "arrears", "level", "optimal")
    ]
    paths.append(write(written / "no growth.xlsx", S, "ahead", no_growth))
    tapered = S.replace("service", onboarding_window=45.0, onboarding_taper=75.0)
    paths.append(write(written / "tapered.xlsx", tapered, "arrears"))
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        addresses = formulas(path)
        assert len(addresses) > 1_000
        cached, computed = cached_values(path), cached_values(recalculated)
        assert differences(addresses, cached, computed) == [], path.stem
        assert lint(path) == [], path.stem


def churn_of_all(rate: float) -> Settings:
    names = ("Star", "Cash Cow", "Question Mark", "Poor Dog", "No verdict")
    return dataclasses.replace(S, growth=tuple(Growth(segment=n, churn=rate) for n in names))


CHANGES: dict[str, tuple[dict[str, Any], Settings]] = {
    "churn": ({f"s{n}_churn": 0.2 for n in range(1, 6)}, churn_of_all(0.2)),
    "new accounts of one segment": (
        {"s1_new_accounts": 0.6, "s1_new_acv": 1.5},
        dataclasses.replace(S, growth=(Growth(segment="Star", new_accounts=0.6, new_acv=1.5),)),
    ),
    "new a month": (
        {"s2_new_a_month": 1.5},
        dataclasses.replace(S, growth=(Growth(segment="Cash Cow", new_per_month=1.5),)),
    ),
    "scenario": ({"live_case": "downside"}, S.replace("timeline", scenario="downside")),
    "ramp and search": (
        {"ramp_months": 7.5, "months_to_fill": 1},
        S.replace("hiring", ramp_months=7.5, months_to_fill=1.0),
    ),
    "attrition": ({"attrition": 0.35}, S.replace("hiring", attrition=0.35)),
    "by the rule": ({"basis": "rule"}, S.replace("hiring", basis="rule")),
    "part time": ({"part_time": 0.8}, S.replace("hiring", part_time=0.8)),
    "team": ({"heads_today": 4}, S.replace("team", csms=4)),
    "onboarding": (
        {"onboarding_factor": 4, "onboarding_window": 60, "onboarding_taper": 90},
        S.replace("service", onboarding_factor=4.0, onboarding_window=60.0, onboarding_taper=90.0),
    ),
    "pay of managers": (
        {"manager_cost": 2, "span": 3},
        S.replace("hiring", manager_cost=2.0).replace("team", span=3.0),
    ),
}


def edited(path: Path, changes: dict[str, Any]) -> None:
    workbook = openpyxl.load_workbook(path)
    for name, value in changes.items():
        sheet, address = workbook.defined_names[name].attr_text.split("!")
        workbook[sheet.strip("'")][address.replace("$", "")] = value
    workbook.save(path)


def months_of(path: Path) -> dict[tuple[str, int, int], Any]:
    """The cells of Timeline by title, occurrence and column."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Timeline"]
    seen: dict[str, int] = {}
    cells = {}
    for row in sheet.iter_rows(min_row=5):
        title = str(row[1].value)
        seen[title] = seen.get(title, 0) + 1
        if not title.startswith(ENGINE_ROWS):
            cells |= {(title, seen[title], cell.column): cell.value for cell in row[4:]}
    return cells


SOME = ("scenario", "ramp and search", "by the rule", "team")


@pytest.mark.parametrize(("policy", "names"), [("ahead", tuple(CHANGES)), ("arrears", SOME)])
def test_an_input_changed_in_the_workbook_gives_what_the_engine_gives(
    office: Office, written: Path, policy: str, names: tuple[str, ...]
) -> None:
    typed, planned = [], []
    for name in names:
        changes, settings = CHANGES[name]
        typed.append(write(written / f"{name} typed.xlsx", S, policy))
        edited(typed[-1], changes)
        planned.append(write(written / f"{name} planned.xlsx", settings, policy))
    for recalculated, fresh in zip(office.recalculated(typed), planned, strict=True):
        one, other = months_of(recalculated), months_of(fresh)
        assert len(one) > 1_000
        assert differences(one, one, other) == [], fresh.stem  # type: ignore[arg-type]
        stale = openpyxl.load_workbook(recalculated, data_only=True)["Checks"]
        words = {row[1].value: row[2].value for row in stale.iter_rows()}
        hiring = openpyxl.load_workbook(recalculated, data_only=True)["Hiring"]
        fine = fresh.stem.startswith("pay of managers")  # no answer of the engine rests on it
        title = "Starts and sensitivities were computed from the drivers as they stand"
        assert fine or words[title] == "LOOK", fresh.stem
        proven = "The optimal hiring plan is proven"
        assert fine or words[proven] == "LOOK", fresh.stem
        assert fine or hiring["B5"].value.startswith("Stale since optimised"), fresh.stem


def words_of(path: Path, sheet: str) -> list[str]:
    rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return [value for row in rows for value in row if isinstance(value, str)]


def test_answers_of_other_drivers_say_so_where_they_stand(office: Office, written: Path) -> None:
    """The live case moves what is found for one case; what stands for every case holds."""
    path = write(written / "case.xlsx", S, "ahead")
    other = write(written / "pay.xlsx", S, "ahead")
    edited(path, {"live_case": "downside"})
    edited(other, {"loaded_cost": 250_000})
    case, pay = office.recalculated([path, other])
    sentence = openpyxl.load_workbook(case, data_only=True)["Hiring"]["B5"].value
    assert sentence.startswith("Stale since optimised: a driver was changed; run csmcalc timeline")
    assert "less than the optimum" not in sentence
    for changed, for_all_cases in ((case, "as computed"), (pay, "stale")):
        hiring = words_of(changed, "Hiring")
        assert hiring.count("stale") == 5  # four policies and the chosen one
        assert "as computed" not in hiring
        marks = " · stale since optimised"
        assert sum(marks in words for words in hiring) == 3
        assert words_of(changed, "Scenarios").count(for_all_cases) == len(S.scenarios)
        assert words_of(changed, "Sensitivity")[1].startswith("Stale since optimised")
        rows = words_of(changed, "Timeline")
        assert [row for row in rows if row.startswith("Optimal: starts")] == [
            "Optimal: starts" + marks
        ]
        by_value = "By the value" + (marks if for_all_cases == "stale" else "")
        assert rows.count(by_value) == 2
    as_written = words_of(path, "Hiring")
    assert not any("stale" in words.casefold() for words in as_written)


def test_months_behind_a_plan_turn_stale_with_its_value_view(office: Office, written: Path) -> None:
    """What a CSM is worth rests on inputs of the plan that are no drivers of the months."""
    plan = make_plan(demo_book(), S)
    path = written / "behind a plan.xlsx"
    path.write_bytes(render(plan_report(plan, timeline=make_timeline(plan, months=6))))
    edited(path, {"value_years": 3})
    (recalculated,) = office.recalculated([path])
    assert words_of(recalculated, "Hiring").count("stale") == 5
