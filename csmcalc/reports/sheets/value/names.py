"""What the sheets of the value view call their tables, and how they say the horizon."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.model import Cell, Column, Unit
from csmcalc.reports.sheets.origin import is_fresh
from csmcalc.reports.wording import Phrase, literal, number, phrase, when

ORIGINS, ANSWERS = "ValueInputs", "Priced"
FRESH = is_fresh(ORIGINS)
CASH = "one year"


def years_of(years: int) -> str:
    """A horizon in words."""
    return CASH if years == 1 else f"{years} years"


def horizon_of(plan: Plan) -> Phrase:
    """The horizon of the value view, live where it is an input of the workbook."""
    years = plan.value.chosen.years
    if not plan.book.full:
        return literal(years_of(years))
    several = phrase(number("value_years", years), " years")
    return when("value_years=1", years == 1, CASH, several)


def over_horizon(plan: Plan, before: str, unit: Unit) -> Column:
    """A column over the horizon; its heading must not change where the horizon can."""
    words = phrase(before, horizon_of(plan))
    if not plan.book.full:
        return Column(words.value, unit)
    return Column(f"{before}the horizon", unit, live=Cell(words.value, words.formula))


def has_cash(plan: Plan) -> bool:
    """Whether the cash view stands beside the horizon: where it is another, or may become one."""
    return plan.book.full or plan.value.cash is not plan.value.chosen


def grouped_by(plan: Plan) -> tuple[str, str]:
    """What accounts are summed by, as column of the plan and heading: segments where there are."""
    return ("segment", "Segment") if plan.has_growth else ("tier", "Touch tier")
