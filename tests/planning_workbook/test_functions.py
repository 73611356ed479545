"""What the functions of csmcalc say of a plan is what the workbook's own formulas say."""

from __future__ import annotations

import pytest

from csmcalc.plan.settings import Settings
from csmcalc.reports.sheets.planning.functions import differing, verdict
from csmcalc.reports.sheets.planning.pairs import pairs_of
from tests.books import demo_book
from tests.planning_workbook.made import S, filled, nobody

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


def test_they_agree_where_there_is_nobody() -> None:
    assert differing(nobody()) == 0
