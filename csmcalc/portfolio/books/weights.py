"""What the balance of books is worth, in points: the weights of the objective."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.core.setting import setting

_OURS = "csmcalc: one point is one per cent of mean deviation"


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for what is not as it should be; 0 leaves a term out.

    A balance term is its weight times the mean over CSMs of |load / target - 1| in per cent.
    """

    workload: float = setting(
        1.0, "hours of a book away from its target", "points per %", _OURS,
        title="Workload balance", low=0,
    )  # fmt: skip
    arr: float = setting(
        1.0, "ARR of a book away from its target", "points per %", _OURS,
        title="ARR balance", low=0,
    )  # fmt: skip
    risk: float = setting(
        0.5, "risk of a book away from its target", "points per %", _OURS,
        title="Risk balance", low=0,
    )  # fmt: skip
    count: float = setting(
        0.0, "customers of a book away from their target", "points per %", _OURS,
        title="Count balance", low=0,
    )  # fmt: skip
    continuity: float = setting(
        0.25, "owned ARR that changes owner, of all owned ARR", "points per %", _OURS,
        title="Continuity", low=0,
    )  # fmt: skip
    renewals: float = setting(
        0.1, "ARR renewing in one calendar month above 20 % of a book, of the target ARR",
        "points per %", "<= 20 % of a book in a month (published practice)",
        title="Renewal spread", low=0,
    )  # fmt: skip
    ramp: float = setting(
        0.25, "hours of a ramping CSM above what the ramp allows", "points per %",
        "a new hire carries up to 40 % of a book at month 3 (published practice)",
        title="Ramp", low=0,
    )  # fmt: skip
    value: float = setting(
        0.0, "hours that pay best (at one price for all) away from the CSM's share of them",
        "points per %", "equal marginal value (Skiera & Albers 1998)",
        title="Value", low=0,
    )  # fmt: skip


RENEWAL_SHARE = 0.2
"""Share of a book whose renewals may fall in one month before it costs points."""
