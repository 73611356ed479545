"""What moves a timeline: each driver alone, two at once, break-even, goal seek, growth levers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from csmcalc.formulas._staffing import ramped
from csmcalc.formulas.economics import csm_breakeven_grr
from csmcalc.plan.plan import Plan
from csmcalc.plan.timeline.cases import Cases, cases_of
from csmcalc.plan.timeline.drivers import FACTORS, Lever, Scenario
from csmcalc.plan.timeline.opening import Opening
from csmcalc.plan.timeline.policies import SIMPLE, starts_of
from csmcalc.plan.timeline.team import Frame, Team, staffing_of, team_of
from csmcalc.plan.timeline.timeline import Timeline, frame_of, frame_of_cases

Floats = NDArray[np.float64]
SWING = 0.1
STEPS = (0.5, 0.75, 1.0, 1.25, 1.5)


@dataclass(frozen=True, slots=True)
class Swing:
    """One driver alone lower and higher: CSMs required at the end, net value of the months."""

    driver: str
    csms_low: float
    csms_high: float
    net_low: float
    net_high: float


@dataclass(frozen=True, slots=True)
class Grid:
    """CSMs required at the end by growth (rows) and churn (columns), as multiples of the case."""

    steps: tuple[float, ...]
    csms: Floats
    arr: Floats


@dataclass(frozen=True, slots=True)
class Goal:
    """The yearly rate of new accounts at which the end of the plan asks for a headcount."""

    csms: int
    new_accounts: float | None


@dataclass(frozen=True, slots=True)
class LeverGain:
    """What a lever brings over the months: ARR at their end, gross margin in them, per dollar."""

    lever: Lever
    cost: float
    arr: float
    margin: float

    @property
    def per_dollar(self) -> float:
        """Gross margin for each unit of money spent."""
        return self.margin / self.cost if self.cost else 0.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Everything that is asked of the live scenario."""

    swings: tuple[Swing, ...]
    base_csms: float
    base_net: float
    grid: Grid
    breakeven_now: float | None
    breakeven_end: float | None
    goals: tuple[Goal, ...]
    levers: tuple[LeverGain, ...]


def sensitivity_of(timeline: Timeline) -> Sensitivity:
    """The sensitivities of the live scenario.

    A policy that follows a rule follows it in every case; the optimal plan's starts stay.
    """
    plan, opening = timeline.plan, timeline.opening
    months = len(timeline.months)
    live = next(one for one in plan.settings.scenarios if one.name == timeline.live)
    cases = _swung(live)
    frame = frame_of(plan, opening, tuple(cases), months)
    if timeline.policy in SIMPLE:
        starts = starts_of(timeline.policy, frame)
    else:
        starts = np.broadcast_to(timeline.best.starts, (len(cases), months))
    team = team_of(frame, starts)
    needed, net = frame.needed[:, -1], team.net_value.sum(axis=1)
    swings = [
        Swing(driver, *(float(x) for x in (needed[at], needed[at + 1], net[at], net[at + 1])))
        for at, driver in zip(range(1, len(cases), 2), FACTORS, strict=True)
    ]
    base = frame_of(plan, opening, (live,), months)
    return Sensitivity(
        swings=tuple(sorted(swings, key=lambda one: -abs(one.net_high - one.net_low))),
        base_csms=float(needed[0]),
        base_net=float(net[0]),
        grid=_grid(plan, opening, live, months),
        breakeven_now=_breakeven(base, 0),
        breakeven_end=_breakeven(base, months - 1),
        goals=tuple(_goals(plan, opening, live, months, int(needed[0]))),
        levers=tuple(_levers(plan, opening, live, months)),
    )


def _swung(live: Scenario) -> list[Scenario]:
    """The case as it is, then each of its drivers lower and higher."""
    swung = [
        replace(live, **{name: getattr(live, name) * factor})
        for name in FACTORS
        for factor in (1 - SWING, 1 + SWING)
    ]
    return [live, *swung]


def _grid(plan: Plan, opening: Opening, live: Scenario, months: int) -> Grid:
    cases = tuple(
        replace(live, new_accounts=live.new_accounts * growth, churn=live.churn * churn)
        for growth in STEPS
        for churn in STEPS
    )
    frame = frame_of(plan, opening, cases, months)
    shape = (len(STEPS), len(STEPS))
    arr = frame.flows.arr_close[:, -1].sum(axis=1).reshape(shape)
    return Grid(STEPS, frame.needed[:, -1].reshape(shape), arr)


def _breakeven(frame: Frame, month: int) -> float | None:
    """NRR points on the whole ARR that repay one CSM more within the year; None without ARR."""
    arr = float(frame.flows.arr_close[0, month].sum())
    if arr == 0:
        return None
    margin = float((frame.flows.arr_close[0, month] * frame.opening.margin).sum()) / arr
    return float(csm_breakeven_grr(float(frame.csm_cost[0]), arr, margin))


_STEPS, _PARTS = 10, 16
"""So often a range of growth is cut into so many parts."""
_FASTEST = 20.0
_FEW = 50
"""CSMs from twice which on headcounts apart by more than one are asked about."""


def _goals(plan: Plan, opening: Opening, live: Scenario, months: int, needed: int) -> list[Goal]:
    """Growth that justifies headcounts around the one the case asks for."""
    near = max(1, needed // _FEW)  # one CSM more of a thousand is no growth that anybody sees
    fewer = [step for step in (-2, -1) if needed + step * near >= 1]
    more = (1, 2, 5, *(3, 4)[: 2 - len(fewer)])
    wanted = np.array([needed + step * near for step in (*fewer, *sorted(more))])
    base = plan.settings.timeline.new_accounts or 1.0

    def asked(rates: Floats) -> Floats:
        cases = cases_of(
            plan,
            opening,
            tuple(replace(live, name=str(at), new_accounts=r / base) for at, r in enumerate(rates)),
            plan.settings.hiring,
        )
        told = np.broadcast_to(rates[:, None], cases.new_accounts.shape)
        cases = replace(cases, new_accounts=told, new_per_month=np.full(told.shape, np.nan))
        return frame_of_cases(plan, opening, cases, months, at_end=True).needed[:, -1]

    reached = asked(np.full(len(wanted), _FASTEST)) >= wanted
    unneeded = asked(np.zeros(len(wanted))) >= wanted
    low, width = np.zeros(len(wanted)), _FASTEST
    for _ in range(_STEPS):
        width /= _PARTS
        rates = low[:, None] + width * np.arange(1, _PARTS)
        enough = asked(rates.ravel()).reshape(rates.shape) >= wanted[:, None]
        first = np.where(enough.any(axis=1), enough.argmax(axis=1), _PARTS - 1)
        low = low + width * first
    return [
        Goal(int(csms), 0.0 if free else (float(rate) if can else None))
        for csms, rate, can, free in zip(wanted, low + width, reached, unneeded, strict=True)
    ]


def _levers(plan: Plan, opening: Opening, live: Scenario, months: int) -> list[LeverGain]:
    levers, rate = plan.settings.levers, plan.settings.money.exchange_rate
    hiring = plan.settings.hiring
    base = cases_of(plan, opening, (live,) * (len(levers) + 1), hiring)
    changed = {name: getattr(base, name).copy() for name in {one.driver for one in levers}}
    for at, lever in enumerate(levers, start=1):
        step = lever.change * opening.acv if lever.driver == "new_acv" else lever.change
        changed[lever.driver][at] = np.maximum(changed[lever.driver][at] + step, 0.0)
    frame = frame_of_cases(plan, opening, replace(base, **changed), months)
    arr = frame.flows.arr_close
    end = arr[:, -1].sum(axis=1)
    margin = (arr * opening.margin).sum(axis=(1, 2)) / 12
    return [
        LeverGain(
            lever=lever,
            cost=lever.cost * rate * months / 12,
            arr=float(end[at] - end[0]),
            margin=float(margin[at] - margin[0]),
        )
        for at, lever in enumerate(levers, start=1)
    ]


@dataclass(frozen=True, slots=True)
class FirstCsm:
    """What a first CSM who starts in a month brings and costs to the end of the plan.

    Attributes:
        month: the first month, from 0, in which to start pays; None if none does.
        worth: what the hours are worth where they bring most, as the CSM ramps; discounted. Where
            no month pays, of the first possible start.
        cost: the pay and the hire; discounted alike.
    """

    month: int | None
    worth: float
    cost: float


def first_csm(timeline: Timeline) -> FirstCsm:
    """When a first CSM pays: worth against cost from each start to the end of the months.

    A CSM leaves as others do, and cannot start before the time to fill.
    """
    frame, hiring = frame_of_live(timeline), timeline.plan.settings.hiring
    months = np.arange(frame.flows.months)
    age = months[None, :] - months[:, None]
    staying = float(staffing_of(frame.opening, frame.cases).staying[0])
    kept = np.where(age >= 0, staying ** np.maximum(age, 0), 0.0) * hiring.part_time
    hours = kept * ramped(np.maximum(age, 0) + 0.5, float(frame.cases.ramp[0]))
    value, _ = frame.worth.of_hours(hours * frame.rates.effective_hours)
    discount = (1 + frame.discount) ** (-(months + 1) / 12)
    yearly = float(frame.csm_cost[0])
    worth = np.where(age >= 0, value, 0.0) @ discount / 12
    cost = yearly * (kept @ discount / 12 + hiring.hiring_cost * discount)
    first = int(np.ceil(frame.cases.to_fill[0] - 1e-9))
    pays = first + np.flatnonzero((worth >= cost)[first:])
    if first >= len(months):
        return FirstCsm(None, 0.0, 0.0)
    at = int(pays[0]) if len(pays) else first
    return FirstCsm(at if len(pays) else None, float(worth[at]), float(cost[at]))


def frame_of_live(timeline: Timeline) -> Frame:
    """The months of the live scenario alone."""
    cases: Cases = timeline.frame.cases.one(timeline.live)
    return frame_of_cases(timeline.plan, timeline.opening, cases, len(timeline.months))


def team_of_live(timeline: Timeline) -> Team:
    """The live scenario's team under the chosen policy."""
    return timeline.policies[timeline.policy]
