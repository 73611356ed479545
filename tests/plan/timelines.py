"""What the tests of the months begin from."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from tests.books import book, demo_book

S = Settings()
STILL = {
    "new_accounts": 0.0,
    "churn": 0.0,
    "contraction": 0.0,
    "expansion": 0.0,
    "price": 0.0,
    "rates_from_list": False,
}

SMALL = book(
    arr=[900_000.0, 2_500_000.0, 40_000.0, 700_000.0, 5_000_000.0],
    growth=[0.3, 0.0, -0.1, 0.2, 0.05],
)


def demo(**sections: dict[str, Any]) -> Plan:
    """The demo's plan with some settings."""
    return make_plan(demo_book(), settings_with(**sections))


def settings_with(**sections: dict[str, Any]) -> Settings:
    """The usual settings but for some, by section."""
    made = S
    for section, values in sections.items():
        made = made.replace(section, **values)
    return made


def shares(most: float) -> st.SearchStrategy[float]:
    """Shares as people plan with: in whole tenths of a per cent."""
    return st.integers(0, round(1000 * most)).map(lambda thousandths: thousandths / 1000)
