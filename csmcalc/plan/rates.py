"""The amounts every view rests on: settings' money turned into the list's currency."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.errors import InputError
from csmcalc.formulas import capacity
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.service import tier_minimums


@dataclass(frozen=True, slots=True)
class Rates:
    """The amounts every view rests on, in the list's currency."""

    arr_per_csm: float
    effective_hours: float
    loaded_cost: float
    cost_per_hour: float
    tier_minimums: tuple[float, ...]


def rates_of(settings: Settings) -> Rates:
    """The amounts every view rests on: settings' money turned into the list's currency."""
    rate = settings.money.exchange_rate
    hours = settings.capacity.effective_hours
    pay = settings.pay
    per_hour = capacity.csm_cost_per_hour(pay.ote * rate, pay.loading, hours)
    minimums = tier_minimums(
        settings.tiers, per_hour, settings.margin.gross_margin, settings.service.service_share, rate
    )
    _check_minimums(settings, minimums)
    return Rates(
        arr_per_csm=settings.rule.arr_per_csm * rate,
        effective_hours=hours,
        loaded_cost=float(capacity.csm_loaded_cost(pay.ote * rate, pay.loading)),
        cost_per_hour=float(per_hour),
        tier_minimums=tuple(minimums),
    )


def _check_minimums(settings: Settings, minimums: list[float]) -> None:
    for tier, low, high in zip(settings.tiers[1:], minimums, minimums[1:], strict=False):
        if high <= low:
            raise InputError(
                f'[[tiers]] "{tier.name}" starts at an ARR of {high:,.0f}, not above the tier '
                f"below it ({low:,.0f}); raise its min_arr or its hours"
            )
