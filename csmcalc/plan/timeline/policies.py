"""Whom each policy starts when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.rounding import whole_up
from csmcalc.formulas._staffing import ahead, in_arrears, level
from csmcalc.plan.timeline.team import Frame, staffing_of

Floats = NDArray[np.float64]
SIMPLE = ("ahead", "arrears", "level")


def starts_of(policy: str, frame: Frame) -> Floats:
    """Starts by scenario and month of a policy that follows a rule."""
    staffing = staffing_of(frame.opening, frame.cases)
    needed = frame.needed
    catch_up = doubled_rule(frame) if frame.hiring.basis == "rule" else None
    if policy == "arrears":
        return in_arrears(needed, staffing, catch_up)
    if policy == "ahead":
        return ahead(needed, staffing, catch_up)
    return level(needed, staffing)


def doubled_rule(frame: Frame) -> Floats:
    """Heads by one CSM per half the ARR target, as the rule asks while a team is catching up."""
    doubled: Floats = whole_up(whole_up(2 * frame.demand.rule) / frame.hiring.part_time)
    return doubled
