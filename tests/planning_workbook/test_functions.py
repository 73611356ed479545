"""What the functions of csmcalc say of a plan is what the workbook's own formulas say."""

from __future__ import annotations

from pathlib import Path

import pytest

from csmcalc.plan.settings import Settings
from csmcalc.reports.sheets.planning.functions import differing, verdict
from csmcalc.reports.sheets.planning.pairs import pairs_of
from tests.books import demo_book
from tests.engines.calc import without_macros
from tests.engines.office import Office, cached_values, require_office
from tests.planning_workbook.made import S, content, filled, nobody, written

SETTINGS = {
    "as they ship": S,
    "by the rule": S.replace("hiring", basis="rule"),
    "by the value, part time": S.replace("hiring", basis="value", part_time=0.8),
    "downside": S.replace("timeline", scenario="downside"),
    "slow": S.replace("hiring", ramp_months=7.5, months_to_fill=4.5, attrition=0.4),
    "fixed lines": S.replace("bcg", profitability_method="fixed", profitability_threshold=0.75),
    "in euro": S.replace("money", exchange_rate=0.9),
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_they_agree(settings: Settings) -> None:
    made = filled(demo_book(), settings)
    assert [(p.title, p.now, p.answer) for p in pairs_of(made) if not p.agrees] == []
    assert differing(made) == 0
    assert verdict(made).value == "Functions and formulas agree"


def test_without_the_functions_no_status_is_kept(tmp_path: Path) -> None:
    """LibreOffice finds anew what is an array alone; a kept OK would stand beside no answer."""
    require_office()
    made = filled(demo_book(), functions=True)
    path = written(tmp_path / "silent.xlsx", without_macros(content(made)))
    office = Office(tmp_path / "office", recalculates=False)
    told = cached_values(office.convert([path], "xlsx")[0])
    sheet = {at: value for (name, at), value in told.items() if name == "Functions"}
    assert sheet["B4"] == "The functions do not answer here; the workbook does not need them"
    shown = list(sheet.values())
    assert shown.count("no answer") > 11
    assert shown.count("not compared") == shown.count("no answer") + shown.count("not asked")
    assert "OK" not in shown
    assert "No figure differs, see Functions" in told.values()


def test_they_agree_where_there_is_nobody() -> None:
    assert differing(nobody()) == 0
