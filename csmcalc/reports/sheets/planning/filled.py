"""What a planning workbook is filled with: a timeline, a team, and where the list came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from csmcalc.core.words import as_counted
from csmcalc.plan.plan import Plan
from csmcalc.plan.timeline.chance import Paths
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.portfolio.risk import Bar
from csmcalc.reports.model import Sheet


@dataclass(frozen=True, slots=True)
class Member:
    """A CSM as the workbook lists them: what is not told is None, and the workbook's default."""

    name: str
    hours: float | None = None
    fte: float | None = None
    ramp: float | None = None
    region: str = ""
    language: str = ""
    skill: str = ""
    segment: str = ""
    cost: float | None = None

    def capacity(self, effective_hours: float) -> float:
        """Hours a year for customers, now."""
        hours = self.hours
        if hours is None:
            hours = effective_hours * (1.0 if self.fte is None else self.fte)
        return hours * (1.0 if self.ramp is None else self.ramp)


@dataclass(frozen=True, slots=True)
class Filled:
    """Everything that a planning workbook shows.

    Attributes:
        timeline: the months of the plan of a full book.
        team: the CSMs, in the order in which they are listed.
        computed: the day on which csmcalc found its answers; None in a workbook as it ships.
        arr_in_file: ARR of the list that was filled in, bad rows included; None without a list.
        functions: whether the workbook has the functions of csmcalc beside its own formulas.
        bars: what moves the answer most, if it was found before.
        unknown_statuses: customers with a status word that the workbook does not know.
        customers: the sheet of customers, if it was made before.
        paths: what random leavers do to the plan, if it was found before.
    """

    timeline: Timeline
    team: tuple[Member, ...] = ()
    computed: dt.date | None = None
    arr_in_file: float | None = None
    functions: bool = False
    bars: tuple[Bar, ...] | None = None
    unknown_statuses: int = 0
    customers: Sheet | None = None
    paths: Paths | None = None

    @property
    def plan(self) -> Plan:
        """The plan that the months begin with."""
        return self.timeline.plan


def owners_in(plan: Plan) -> tuple[Member, ...]:
    """A member of the team for each owner of the planned accounts, in the order of their names."""
    owners = plan.book.customers["owner"].dropna().drop_duplicates(keep="last")
    names = {str(owner).casefold(): str(owner) for owner in owners if owner}
    return tuple(Member(names[key]) for key in sorted(names, key=as_counted))
