"""The objective as live formulas: what each term measures in the cells, and its points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csmcalc.reports.sheets.books.shown import Load, Shown

TITLES = {
    "workload": "Hours away from target",
    "arr": "ARR away from target",
    "risk": "Risk away from target",
    "count": "Customers away from target",
    "value": "Hours that pay best away from the CSM's own",
    "continuity": "What changes hands, of all that is owned",
    "renewals": "ARR renewing in a month above 20 % of a book",
    "ramp": "Hours of ramping CSMs above their target",
}
_LOADS = {"workload": "hours", "count": "customers"}


@dataclass(frozen=True)
class Term:
    """One term: its weight, what it measures (a share), and the formula of that."""

    name: str
    weight: float
    measure: float
    formula: str

    @property
    def points(self) -> float:
        """Points of the objective."""
        return 100 * self.weight * self.measure


def terms_of(shown: Shown) -> Iterator[Term]:
    """The terms that count, in order."""
    loads = {load.name: load for load in shown.loads}
    for name, points in shown.made.assigned.terms.items():
        weight = float(getattr(shown.task.weights, name))
        if not weight:
            continue
        formula = _formula(shown, name, loads.get(_LOADS.get(name, name)))
        if formula:
            yield Term(name, weight, points / (100 * weight), formula)


def _formula(shown: Shown, name: str, load: Load | None) -> str | None:
    if name == "continuity":
        return moved_share(shown) if shown.has_owners else None
    if name == "renewals":
        return _above_a_fifth() if shown.months.any() else None
    if name == "ramp":
        return _above_the_ramp() if any(0 < csm.ramp < 1 for csm in shown.task.team) else None
    return away(load.heading) if load else None


def away(heading: str, suffix: str = "") -> str:
    """Mean distance of a load from its target, as a share of it."""
    load, target = f"Loads[{heading}{suffix}]", f"Loads[{heading} target]"
    parts = f"SUMPRODUCT(ABS({load}-{target})/({target}+({target}=0)))"
    return f'{parts}/MAX(1,COUNTIF({target},">0"))'


def moved_share(shown: Shown) -> str:
    """Of all that has an owner in the team, the share that goes to another."""
    name = shown.criterion("Books[CSM]")
    had, kept = f"Customers[Owner today],{name}", f"Customers[CSM],{name}"
    if shown.task.continuity_by == "customers":
        return f"1-SUMPRODUCT(COUNTIFS({kept},{had}))/SUMPRODUCT(COUNTIFS({had}))"
    return (
        f"1-SUMPRODUCT(SUMIFS(Customers[ARR],{kept},{had}))/"
        f"SUMPRODUCT(SUMIFS(Customers[ARR],{had}))"
    )


def _above_a_fifth() -> str:
    target = "Books[ARR target]"
    parts = f"SUMPRODUCT(Renewals[Above 20 %]*({target}>0)/({target}+({target}=0)))"
    return f'{parts}/MAX(1,COUNTIF({target},">0"))'


def _above_the_ramp() -> str:
    load, target = "Loads[Hours]", "Loads[Hours target]"
    above = f"Loads[Ramping]*({load}>{target})*({load}-{target})/({target}+({target}=0))"
    return f"SUMPRODUCT({above})/MAX(1,SUMPRODUCT(Loads[Ramping]*({target}>0)))"
