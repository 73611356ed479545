"""What one CSM can give in a year, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.core.setting import setting
from csmcalc.formulas import capacity

_WATERFALL = "Capacity Math (gaintrace, customer-success-skills)"


@dataclass(frozen=True, slots=True)
class Capacity:
    """The hours of a CSM's year."""

    calendar: float = setting(
        2080.0,
        "paid hours in a year, before leave",
        "hours a year",
        _WATERFALL,
        title="Calendar hours",
        low=0,
        low_open=True,
    )
    pto: float = setting(160.0, "paid leave", "hours a year", _WATERFALL, title="Paid leave", low=0)
    sick: float = setting(40.0, "sick leave", "hours a year", _WATERFALL, title="Sick leave", low=0)
    internal_share: float = setting(
        1 / 3,
        "share of the remaining hours spent on internal work",
        "share",
        _WATERFALL,
        title="Internal work",
        low=0,
        high=1,
    )
    realisation: float = setting(
        0.85,
        "share of the customer-facing hours that reaches customers",
        "share",
        _WATERFALL,
        title="Realisation",
        low=0,
        high=1,
    )

    @property
    def effective_hours(self) -> float:
        """Hours a year that one CSM gives to customers."""
        return float(
            capacity.csm_effective_hours(
                self.calendar, self.pto, self.sick, self.internal_share, self.realisation
            )
        )


@dataclass(frozen=True, slots=True)
class Pay:
    """What a CSM costs."""

    ote: float = setting(
        140_000.0,
        "on-target earnings of a CSM",
        "currency a year",
        _WATERFALL,
        title="On-target earnings",
        low=0,
        low_open=True,
    )
    loading: float = setting(
        1.3,
        "loaded cost as a multiple of the earnings (benefits, tools, place)",
        "multiple",
        f"{_WATERFALL}; 1.25-1.40 in use",
        title="Loading",
        low=1,
    )
