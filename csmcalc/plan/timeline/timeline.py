"""The plan over time: the months of every scenario, every policy, the requisitions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.setting import unknown_name
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.plan.plan import Plan
from csmcalc.plan.timeline.cases import Cases, cases_of
from csmcalc.plan.timeline.drivers import Scenario
from csmcalc.plan.timeline.flows import flows_of
from csmcalc.plan.timeline.opening import Opening, onboarding_weights, opening_of
from csmcalc.plan.timeline.optimal import Best, best_starts, none_of
from csmcalc.plan.timeline.policies import SIMPLE, starts_of
from csmcalc.plan.timeline.team import Frame, Team, demand_of, team_of
from csmcalc.plan.timeline.worth import worth_of

POLICIES = (*SIMPLE, "optimal")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Requisition:
    """A hire, or several alike: when the search must begin, the first day, when productive."""

    number: int
    csms: int
    opens: dt.date
    starts: dt.date
    productive: dt.date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The months of a plan.

    `frame` and `team` have a row for each scenario, in the order of `frame.cases.names`; `policies`
    holds the live scenario's team under every policy, `best` its optimum; where no plan keeps
    within the budget, that of "optimal" starts nobody and `best.why_not` tells why.
    """

    plan: Plan
    months: tuple[dt.date, ...]
    fiscal_years: tuple[int, ...]
    frame: Frame
    team: Team
    live: str
    policy: str
    policies: dict[str, Team]
    best: Best
    requisitions: tuple[Requisition, ...]

    @property
    def opening(self) -> Opening:
        """The customers and the team of the first day."""
        return self.frame.opening


def make_timeline(
    plan: Plan,
    *,
    months: int | None = None,
    policy: str | None = None,
    scenario: str | None = None,
    every_segment: bool = False,
) -> Timeline:
    """The timeline of a plan, by its settings unless told otherwise.

    `every_segment` tells its customers by BCG segment, whether or not any stands in it.
    """
    settings = plan.settings
    count = settings.timeline.months if months is None else months
    if not 1 <= count <= 60:
        raise InputError(f"--months {count}: plan 1 to 60 months")
    policy = policy or settings.hiring.policy
    if policy not in POLICIES:
        raise unknown_name("--policy", policy, POLICIES)
    live = scenario or settings.timeline.scenario
    names = [one.name for one in settings.scenarios]
    if live not in names:
        raise unknown_name("--scenario", live, names)
    opening = opening_of(plan, every_segment=every_segment)
    days = months_from(first_month(plan), count)
    years = tuple(fiscal_year(day, settings.timeline.fiscal_year_start) for day in days)
    frame = frame_of(plan, opening, settings.scenarios, count)
    alone = frame_of(plan, opening, (_named(plan, live),), count)
    policies, best = policies_of(alone, years, plan)
    if policy == "optimal" and best.why_not:
        raise InfeasibleError(best.why_not)
    team = team_of(frame, starts_under(policy, frame, years, plan))
    return Timeline(
        plan=plan,
        months=days,
        fiscal_years=years,
        frame=frame,
        team=team,
        live=live,
        policy=policy,
        policies=policies,
        best=best,
        requisitions=requisitions_of(policies[policy].starts[0], days, frame.cases.one(live)),
    )


def _named(plan: Plan, name: str) -> Scenario:
    return next(one for one in plan.settings.scenarios if one.name == name)


def frame_of(plan: Plan, opening: Opening, scenarios: tuple[Scenario, ...], months: int) -> Frame:
    """Run the customers of some scenarios, and what they ask for."""
    settings = plan.settings
    cases = cases_of(plan, opening, scenarios, settings.hiring)
    return frame_of_cases(plan, opening, cases, months)


def frame_of_cases(
    plan: Plan, opening: Opening, cases: Cases, months: int, *, at_end: bool = False
) -> Frame:
    """Run the customers of some cases, and what they ask for; or only what they do `at_end`."""
    settings = plan.settings
    rules = settings.service
    weights = onboarding_weights(
        rules.onboarding_factor,
        rules.onboarding_window,
        rules.onboarding_taper,
        opening.onboarding.shape[1],
    )
    flows = flows_of(opening, cases, months, weights)
    flows = flows.at_end() if at_end else flows
    worth = worth_of(opening, flows)
    return Frame(
        opening=opening,
        cases=cases,
        flows=flows,
        demand=demand_of(flows, worth, plan.rates, plan.rates.loaded_cost * cases.cost),
        worth=worth,
        rates=plan.rates,
        hiring=settings.hiring,
        span=settings.team.span,
        discount=settings.margin.discount,
    )


def policies_of(frame: Frame, years: tuple[int, ...], plan: Plan) -> tuple[dict[str, Team], Best]:
    """The team of one scenario under every policy."""
    try:
        best = _best(frame, years, plan)
    except InfeasibleError as why:
        best = none_of(frame, str(why))
    teams = {policy: team_of(frame, starts_of(policy, frame)) for policy in SIMPLE}
    teams["optimal"] = team_of(frame, best.starts[None, :])
    return teams, best


def starts_under(policy: str, frame: Frame, years: tuple[int, ...], plan: Plan) -> Floats:
    """Starts of every scenario under a policy."""
    if policy != "optimal":
        return starts_of(policy, frame)
    each = []
    for name in frame.cases.names:
        alone = frame_of_cases(plan, frame.opening, frame.cases.one(name), frame.flows.months)
        each.append(_best(alone, years, plan).starts)
    return np.array(each)


def _best(frame: Frame, years: tuple[int, ...], plan: Plan) -> Best:
    budget = plan.settings.hiring.budget * plan.settings.money.exchange_rate
    return best_starts(frame, np.array(years), budget)


# --- days ------------------------------------------------------------------------------------


def first_month(plan: Plan) -> dt.date:
    """The first day of the first month."""
    start = plan.settings.timeline.start
    now = plan.book.as_of.replace(day=1)
    if start == "next":
        return later(now, 1)
    first = dt.date.fromisoformat(f"{start}-01")
    if first < now:
        raise InputError(
            f'[timeline] start is "{start}", but the customers are those of {plan.book.as_of} '
            f'(--as-of); write "{now:%Y-%m}" or a later month, "next" for the month after, or read '
            "the list of that time with its own --as-of"
        )
    return first


def later(day: dt.date, months: int) -> dt.date:
    """The first of a month, some months later or earlier."""
    at = day.year * 12 + day.month - 1 + months
    return dt.date(at // 12, at % 12 + 1, 1)


def months_from(first: dt.date, count: int) -> tuple[dt.date, ...]:
    """The first days of the months planned."""
    return tuple(later(first, at) for at in range(count))


def fiscal_year(day: dt.date, begins: int) -> int:
    """The fiscal year of a day, named after the calendar year in which it ends."""
    return day.year + (1 if begins > 1 and day.month >= begins else 0)


def requisitions_of(
    starts: Floats, months: tuple[dt.date, ...], cases: Cases
) -> tuple[Requisition, ...]:
    """When each search must begin for its hires to start in their month."""
    to_fill = int(np.ceil(cases.to_fill[0] - 1e-9))
    ramp = int(np.ceil(cases.ramp[0] - 1e-9))
    hired = [(at, int(count)) for at, count in enumerate(starts) if count > 0]
    return tuple(
        Requisition(
            number=number,
            csms=count,
            opens=later(months[at], -to_fill),
            starts=months[at],
            productive=later(months[at], ramp),
        )
        for number, (at, count) in enumerate(hired, start=1)
    )
