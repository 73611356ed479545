"""The drivers of each scenario and segment as numbers, ready for the months to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.setting import unknown_name
from csmcalc.errors import InputError
from csmcalc.plan.plan import Plan
from csmcalc.plan.timeline.drivers import Growth, Hiring, Months, Scenario
from csmcalc.plan.timeline.opening import Opening
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS

Floats = NDArray[np.float64]
RATES = ("new_accounts", "churn", "contraction", "expansion", "price")


@dataclass(frozen=True, slots=True)
class Cases:
    """A row a scenario, a column a segment; rates a year. Of the team one figure a scenario.

    Attributes:
        new_accounts: new accounts, of those at the start of the year.
        new_per_month: new accounts a month in place of the rate; NaN where the rate holds.
        new_acv: ARR of a new account.
        churn, contraction, expansion, price: shares of accounts and ARR.
        hours: by what the hours of all accounts are multiplied.
        attrition, ramp, to_fill, cost: of the team; cost is a multiple.
    """

    names: tuple[str, ...]
    new_accounts: Floats
    new_per_month: Floats
    new_acv: Floats
    churn: Floats
    contraction: Floats
    expansion: Floats
    price: Floats
    hours: Floats
    attrition: Floats
    ramp: Floats
    to_fill: Floats
    cost: Floats

    def one(self, name: str) -> Cases:
        """The case of one scenario."""
        at = self.names.index(name)
        fields = {f: getattr(self, f)[at : at + 1] for f in self.__slots__ if f != "names"}
        return Cases(names=(name,), **fields)


def rates_of(plan: Plan) -> Months:
    """The rates of all segments: the settings', or those of the list's last year."""
    months, bridge = plan.settings.timeline, plan.bridge
    if not months.rates_from_list or bridge is None or bridge.start <= 0:
        return months
    return replace(
        months,
        churn=min(bridge.churn / bridge.start, 0.999),
        contraction=min(bridge.contraction / bridge.start, 0.999),
        expansion=min(bridge.expansion / bridge.start, 20.0),
        price=0.0,
    )


def cases_of(plan: Plan, opening: Opening, scenarios: Sequence[Scenario], hiring: Hiring) -> Cases:
    """The drivers of some scenarios."""
    base = rates_of(plan)
    own = _own(plan.settings.growth, opening.names)
    shape = (len(scenarios), len(opening.names))

    def of(field: str) -> Floats:
        values = np.array(
            [_or(getattr(row, field, None), getattr(base, field)) for row in own], dtype=float
        )
        factors = np.array([getattr(scenario, field) for scenario in scenarios])
        found: Floats = values[None, :] * factors[:, None]
        return found

    factor = {
        name: np.array([getattr(scenario, name) for scenario in scenarios])
        for name in ("hours", "attrition", "ramp", "to_fill", "cost", "new_accounts")
    }
    counts = np.array([_or(getattr(row, "new_per_month", None), np.nan) for row in own])
    return Cases(
        names=tuple(scenario.name for scenario in scenarios),
        **{name: of(name) for name in RATES},
        new_per_month=np.broadcast_to(counts, shape) * factor["new_accounts"][:, None],
        new_acv=of("new_acv") * opening.acv,
        hours=factor["hours"],
        attrition=np.minimum(hiring.attrition * factor["attrition"], 0.95),
        ramp=hiring.ramp_months * factor["ramp"],
        to_fill=hiring.months_to_fill * factor["to_fill"],
        cost=factor["cost"],
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _own(growth: Sequence[Growth], names: tuple[str, ...]) -> list[Growth | None]:
    """What is told of each segment on its own."""
    told = {row.segment: row for row in growth}
    for segment in told:
        if segment in names:
            continue
        if segment in (*SEGMENTS, NO_VERDICT):
            raise InputError(
                f'[[growth]] segment: "{segment}" needs growth, which the list tells of no '
                f"account, so that its months go by touch tier; name a tier, such as {names[0]}, "
                "or add a growth rate or the ARR a year ago to the list"
            )
        raise unknown_name("[[growth]] segment", segment, names)
    return [told.get(name) for name in names]
