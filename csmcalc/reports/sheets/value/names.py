"""What the sheets of the value view call their tables, and how they say the horizon."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.sheets.origin import is_fresh

ORIGINS, ANSWERS = "ValueInputs", "Priced"
FRESH = is_fresh(ORIGINS)


def years_of(years: int) -> str:
    """A horizon in words."""
    return "one year" if years == 1 else f"{years} years"


def grouped_by(plan: Plan) -> tuple[str, str]:
    """What accounts are summed by, as column of the plan and heading: segments where there are."""
    return ("segment", "Segment") if plan.has_growth else ("tier", "Touch tier")
