"""A team by month: leavers, starts, ramp, and whom a policy hires when.

Arrays have a row for each case (one, or a thousand scenarios) and a column for each month. Leavers
are expected ones and go at the start of a month; who starts in a month has a mean tenure of half a
month in it. Whole people are hired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.rounding import WHOLE_TOLERANCE, whole_up

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Staffing:
    """How a team comes and goes; each a number, or one for each case.

    Attributes:
        opening: heads before the first month, fully ramped.
        ramp: months until a starter is fully productive.
        leaving: part of the heads that leave in a month.
        to_fill: months from opening a requisition to the start.
    """

    opening: Any
    ramp: Any
    leaving: Any
    to_fill: Any

    @property
    def staying(self) -> Any:
        """Part of the heads that stay through a month's start."""
        return 1.0 - np.asarray(self.leaving, float)

    @property
    def lead(self) -> Any:
        """Whole months that a hire must start before the need."""
        return whole_up(np.asarray(self.ramp, float))

    @property
    def delay(self) -> Any:
        """Whole months from a decision to the start it leads to."""
        return whole_up(np.asarray(self.to_fill, float))


def monthly(annual_rate: Any) -> Any:
    """The monthly rate of which twelve, compounded, make the annual one."""
    return 1.0 - (1.0 - np.asarray(annual_rate, float)) ** (1 / 12)


def ramped(tenure: Any, ramp: Any) -> Any:
    """Productivity after some months in the job."""
    ramp = np.asarray(ramp, float)
    return np.where(ramp > 0, np.minimum(1.0, tenure / np.where(ramp > 0, ramp, 1.0)), 1.0)


def heads_of(starts: Floats, staffing: Staffing) -> tuple[Floats, Floats]:
    """Heads and leavers of every month."""
    heads, leavers = np.empty_like(starts), np.empty_like(starts)
    before = np.broadcast_to(np.asarray(staffing.opening, float), starts.shape[:1])
    for month in range(starts.shape[1]):
        leavers[:, month] = before * staffing.leaving
        heads[:, month] = before = before - leavers[:, month] + starts[:, month]
    return heads, leavers


def productive_of(starts: Floats, staffing: Staffing) -> Floats:
    """Productive FTE of every month: the opening heads, and starters as they ramp."""
    months = starts.shape[1]
    age = np.arange(months, dtype=float)
    staying, ramp = (
        np.atleast_1d(x).astype(float)[:, None] for x in (staffing.staying, staffing.ramp)
    )
    opening = np.atleast_1d(np.asarray(staffing.opening, float))[:, None]
    weight = staying**age * ramped(age + 0.5, ramp)
    productive = np.broadcast_to(opening * staying ** (age + 1), starts.shape).copy()
    for month in range(months):
        productive[:, month:] += starts[:, month, None] * weight[:, : months - month]
    return productive


@dataclass(frozen=True, slots=True)
class Reaction:
    """Month by month what a team does that hires once it falls short.

    Attributes:
        arriving: who was decided upon earlier and starts.
        coming: who was decided upon earlier and starts later.
        decided: who is decided upon.
        starts: who starts.
        heads: the team at the end.
    """

    arriving: Floats
    coming: Floats
    decided: Floats
    starts: Floats
    heads: Floats


def react(required: Floats, staffing: Staffing, catch_up: Floats | None = None) -> Reaction:
    """A team that hires once it falls short.

    A shortfall beyond those already being hired is decided upon in the month it is seen and starts
    `to_fill` months later. With `catch_up`, a team that is short of `required` hires towards that
    higher need until it has caught up.
    """
    cases, months = required.shape
    delay = np.broadcast_to(staffing.delay, cases).astype(int)
    made = {name: np.zeros((cases, months)) for name in Reaction.__slots__}
    begins = np.zeros((cases, months + int(delay.max(initial=0)) + 1))
    rows = np.arange(cases)
    before = np.broadcast_to(np.asarray(staffing.opening, float), cases)
    for month in range(months):
        arriving = begins[:, month].copy()
        coming = begins[:, month + 1 :].sum(axis=1)
        there = before * staffing.staying + arriving + coming
        need = required[:, month]
        if catch_up is not None:
            need = np.where(need > there + WHOLE_TOLERANCE, catch_up[:, month], need)
        decided = whole_up(np.maximum(0.0, need - there))
        begins[rows, month + delay] += decided
        starts = begins[:, month]
        before = before * staffing.staying + starts
        now = (arriving, coming, decided, starts, before)
        for name, figures in zip(Reaction.__slots__, now, strict=True):
            made[name][:, month] = figures
    return Reaction(**made)


def in_arrears(required: Floats, staffing: Staffing, catch_up: Floats | None = None) -> Floats:
    """Starts of a team that hires once it falls short; see `react`."""
    return react(required, staffing, catch_up).starts


def ahead(required: Floats, staffing: Staffing, catch_up: Floats | None = None) -> Floats:
    """Starts of a team that is fully ramped when the need comes.

    Each month those are hired whom any month up to `ramp` ahead will need; beyond the last month
    the need stays. What cannot be ready in time at the beginning is hired as in arrears.
    """
    cases, months = required.shape
    lead, delay = (np.broadcast_to(x, cases).astype(int) for x in (staffing.lead, staffing.delay))
    need = need_ahead(required, staffing, lead)
    late = np.cumsum(in_arrears(required, staffing, catch_up), axis=1)
    starts = np.zeros((cases, months))
    begun = np.zeros(cases)
    before = np.broadcast_to(np.asarray(staffing.opening, float), cases)
    for month in range(months):
        staying = before * staffing.staying
        hired = whole_up(np.maximum(0.0, need[:, month] - staying))
        hired = np.where(month < delay, 0.0, hired)
        catching_up = month < delay + lead
        starts[:, month] = np.where(catching_up, np.maximum(hired, late[:, month] - begun), hired)
        begun = begun + starts[:, month]
        before = staying + starts[:, month]
    return starts


def need_ahead(required: Floats, staffing: Staffing, lead: NDArray[np.int64]) -> Floats:
    """Heads that a month must have for those who stay to cover every month up to the lead."""
    months = required.shape[1]
    staying = np.broadcast_to(staffing.staying, len(required))[:, None]
    need = np.zeros_like(required)
    for ahead_by in range(int(lead.max(initial=0)) + 1):
        later = required[:, np.minimum(np.arange(months) + ahead_by, months - 1)]
        within = (ahead_by <= lead)[:, None]
        need = np.where(within, np.maximum(need, later / staying**ahead_by), need)
    return need


def level(required: Floats, staffing: Staffing) -> Floats:
    """Starts spread evenly over the months, as few in all as cover the last month's need.

    Where nobody can start in time there are none.
    """
    cases, months = required.shape
    delay = np.broadcast_to(staffing.delay, cases).astype(int)
    turn = np.maximum(np.arange(months)[None, :] - delay[:, None] + 1, 0.0)
    turns = np.maximum(turn[:, -1:], 1.0)

    def spread(total: Floats) -> Floats:
        done = np.floor(total[:, None] * turn / turns + 1e-9)
        return np.diff(done, axis=1, prepend=0.0)

    def covers(total: Floats) -> NDArray[np.bool_]:
        heads, _ = heads_of(spread(total), staffing)
        nobody_in_time = turn[:, -1] == 0
        enough: NDArray[np.bool_] = nobody_in_time | (whole_up(required[:, -1] - heads[:, -1]) <= 0)
        return enough

    low, high = np.full(cases, -1.0), np.ceil(2 * required.max(axis=1)) + months
    while not covers(high).all():
        high = np.where(covers(high), high, 2 * high)
    while (high - low > 1).any():
        middle = np.ceil((low + high) / 2)  # of those already found: the same again
        enough = covers(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return spread(high)
