"""What random leavers do to a hiring plan: many paths of the same starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csmcalc.formulas._staffing import monthly, ramped
from csmcalc.plan.timeline.sensitivity import frame_of_live, team_of_live
from csmcalc.plan.timeline.team import Frame
from csmcalc.plan.timeline.timeline import Timeline

Floats = NDArray[np.float64]
PERCENTILES = (10, 50, 90)


@dataclass(frozen=True, slots=True)
class Paths:
    """P10, P50 and P90 by month (a row each): heads, productive FTE, FTE that are missing."""

    heads: Floats
    productive: Floats
    missing: Floats


def paths_of(timeline: Timeline) -> Paths:
    """What they do to the live case under the chosen policy, in as many paths as are set."""
    starts = team_of_live(timeline).starts[0]
    return random_paths(frame_of_live(timeline), starts, timeline.plan.settings.hiring.paths)


def random_paths(frame: Frame, starts: Floats, paths: int, seed: int = 0) -> Paths:
    """Leavers drawn one by one instead of expected; starts as planned, nobody is replaced sooner.

    `frame` is that of one scenario, `starts` its starts by month. People of one tenure are alike,
    so that the number of them who leave is binomial.
    """
    rng = np.random.default_rng(seed)
    leaving = float(monthly(frame.cases.attrition)[0])
    ramp, share = float(frame.cases.ramp[0]), frame.hiring.part_time
    ages = int(np.ceil(ramp)) + 1
    weight = ramped(np.arange(ages) + 0.5, ramp)
    # The last column holds all who are fully ramped.
    team = np.zeros((paths, ages + 1), dtype=np.int64)
    whole = int(frame.opening.heads)
    team[:, -1] = whole
    exact = frame.demand.exact(frame.hiring.basis)[0]
    found: dict[str, list[Floats]] = {"heads": [], "productive": [], "missing": []}
    for month, begun in enumerate(starts):
        team = team - rng.binomial(team, leaving)
        team[:, -1] += team[:, -2]
        team[:, 1:-1] = team[:, :-2]
        team[:, 0] = int(begun)
        productive = (team[:, :-1] @ weight + team[:, -1]) * share
        measured = (team.sum(axis=1), productive, np.maximum(exact[month] - productive, 0.0))
        for name, figures in zip(found, measured, strict=True):
            found[name].append(np.percentile(figures, PERCENTILES))
    return Paths(**{name: np.array(columns).T for name, columns in found.items()})
