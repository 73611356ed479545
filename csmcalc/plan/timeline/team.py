"""The team by month: whom the customers ask for, who is there, and what is left uncovered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.rounding import WHOLE_TOLERANCE, at_least, whole_up
from csmcalc.formulas._staffing import Staffing, heads_of, monthly, productive_of
from csmcalc.plan.rates import Rates
from csmcalc.plan.timeline.cases import Cases
from csmcalc.plan.timeline.drivers import Hiring
from csmcalc.plan.timeline.flows import Flows
from csmcalc.plan.timeline.opening import Opening
from csmcalc.plan.timeline.worth import Worth

Floats = NDArray[np.float64]
BASES = ("rule", "workload", "value")


@dataclass(frozen=True, slots=True)
class Demand:
    """FTE asked for by scenario and month, exact, and the whole CSMs that follow."""

    rule: Floats
    workload: Floats
    value: Floats
    csms_value: Floats

    def exact(self, basis: str) -> Floats:
        """FTE by one answer."""
        found: Floats = getattr(self, basis)
        return found

    def csms(self, basis: str) -> Floats:
        """Whole CSMs by one answer."""
        whole: Floats = self.csms_value if basis == "value" else whole_up(self.exact(basis))
        return whole


def demand_of(flows: Flows, worth: Worth, rates: Rates, cost: Floats) -> Demand:
    """What the customers of every month ask for; `cost` is what a CSM costs in each scenario."""
    arr = flows.arr_close.sum(axis=2)
    hours = flows.hours.sum(axis=2) * 12
    price = np.broadcast_to(cost[:, None] / rates.effective_hours, arr.shape)
    part_time = worth.at_price(price)[0] / rates.effective_hours
    whole = _best_whole(part_time, worth, rates.effective_hours, price)
    useful = worth.useful[0] / rates.effective_hours
    return Demand(
        rule=arr / rates.arr_per_csm,
        workload=hours / rates.effective_hours,
        value=np.minimum(whole, useful),
        csms_value=whole,
    )


def _best_whole(fte: Floats, worth: Worth, hours: float, price: Floats) -> Floats:
    """The better of the two whole headcounts beside the best part-time one that keep the floors."""
    fewest = whole_up(worth.floors / hours)
    below, above = np.maximum(np.floor(fte + 1e-9), fewest), np.maximum(whole_up(fte), fewest)
    charge = price * hours
    net_below, net_above = (
        worth.within_floors(whole * hours, near=price)[0] - whole * charge
        for whole in (below, above)
    )
    better: Floats = np.where(net_above > net_below, above, below)
    return better


@dataclass(frozen=True, slots=True)
class Team:
    """Heads and capacity by scenario and month, what they cost, and what they leave uncovered."""

    starts: Floats
    leavers: Floats
    heads: Floats
    productive: Floats
    managers: Floats
    cost_csms: Floats
    cost_hires: Floats
    cost_managers: Floats
    cost_ramp: Floats
    gap: Floats
    uncovered: Floats
    uncovered_arr: Floats
    arr_lost: Floats
    value: Floats
    net_value: Floats

    @property
    def cost(self) -> Floats:
        """What CSMs, hires and managers cost in the month."""
        return self.cost_csms + self.cost_hires + self.cost_managers


def staffing_of(opening: Opening, cases: Cases) -> Staffing:
    """How the team of each scenario comes and goes."""
    return Staffing(opening.heads, cases.ramp, monthly(cases.attrition), cases.to_fill)


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a team is measured against."""

    opening: Opening
    cases: Cases
    flows: Flows
    demand: Demand
    worth: Worth
    rates: Rates
    hiring: Hiring
    span: float
    discount: float

    @property
    def csm_cost(self) -> Floats:
        """What a full-time CSM costs a year, by scenario."""
        return self.rates.loaded_cost * self.cases.cost

    @property
    def needed(self) -> Floats:
        """Whole heads that the chosen answer asks for; part-time CSMs are more."""
        needed: Floats = whole_up(self.demand.csms(self.hiring.basis) / self.hiring.part_time)
        return needed


def team_of(frame: Frame, starts: Floats) -> Team:
    """What comes of some starts."""
    hiring, flows = frame.hiring, frame.flows
    staffing = staffing_of(frame.opening, frame.cases)
    heads, leavers = heads_of(starts, staffing)
    productive = productive_of(starts, staffing) * hiring.part_time
    cost = frame.csm_cost[:, None]
    managers = np.where(at_least(frame.span, heads), 0.0, whole_up(heads / frame.span))
    exact = frame.demand.exact(hiring.basis)
    gap = exact - productive
    uncovered = np.clip(np.divide(gap, exact, out=np.zeros_like(gap), where=exact > 0), 0.0, 1.0)
    arr = flows.arr_close.sum(axis=2)
    lift = (flows.arr_close * frame.opening.lift).sum(axis=2)
    hours = frame.rates.effective_hours
    value = frame.worth.of_hours(productive * hours, near=cost / hours)[0] / 12
    csms, hires = heads * hiring.part_time * cost / 12, starts * hiring.hiring_cost * cost
    months = np.arange(1, flows.months + 1)
    return Team(
        starts=starts,
        leavers=leavers,
        heads=heads,
        productive=productive,
        managers=managers,
        cost_csms=csms,
        cost_hires=hires,
        cost_managers=managers * hiring.manager_cost * cost / 12,
        cost_ramp=_ramping(heads, heads * hiring.part_time - productive) * cost / 12,
        gap=gap,
        uncovered=uncovered,
        uncovered_arr=arr * uncovered,
        arr_lost=lift * uncovered / 12,
        value=value,
        net_value=(value - csms - hires) / (1 + frame.discount) ** (months / 12),
    )


def _ramping(heads: Floats, ramping: Floats) -> Floats:
    """FTE paid and not yet productive; what rounding leaves of nobody is nobody."""
    return np.where(ramping <= WHOLE_TOLERANCE * heads, 0.0, ramping)
