"""The months against their targets: python -m benchmarks.timeline

Correctness comes first: corkscrews close, the optimum meets its bound; then CPU time is taken, the
best of some runs.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.plan.plan import Plan, make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.chance import random_paths
from csmcalc.plan.timeline.opening import Opening, opening_of
from csmcalc.plan.timeline.optimal import best_starts
from csmcalc.plan.timeline.policies import starts_of
from csmcalc.plan.timeline.team import team_of
from csmcalc.plan.timeline.timeline import frame_of

REPEATS = 5


def plan() -> Plan:
    path = Path(str(files("csmcalc") / "data" / "demo_customers.csv"))
    return make_plan(read_customers(path, ReadOptions(as_of=dt.date(2026, 9, 30))), Settings())


def of_eight(opening: Opening) -> Opening:
    """The same customers as eight segments."""
    at = np.arange(8) % len(opening.names)
    arrays = {
        name: getattr(opening, name)[at]
        for name in ("accounts", "arr", "hours", "margin", "support", "lift", "onboarding")
    }
    return replace(
        opening,
        names=tuple(f"S{n}" for n in range(8)),
        lines=tuple(opening.lines[n] for n in at),
        **arrays,
    )


def timed(what: str, target: float, run: Callable[[], object]) -> None:
    best = min(_seconds(run) for _ in range(REPEATS))
    word = "ok" if best <= target else "MISSED"
    print(f"{what:<62} {best:8.3f} s CPU   target {target:g} {word}")


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    made = plan()
    opening = of_eight(opening_of(made))
    base = made.settings.scenarios[0]
    many = tuple(replace(base, name=str(n), churn=0.5 + n / 1000) for n in range(1000))

    def scenarios() -> None:
        frame = frame_of(made, opening, many, 60)
        team_of(frame, starts_of("ahead", frame))

    frame = frame_of(made, opening_of(made), (base,), 36)
    flows = frame.flows
    closing = flows.arr_open + flows.arr_new + flows.arr_expansion + flows.arr_price
    closing = closing - flows.arr_contraction - flows.arr_churned
    assert np.abs(closing - flows.arr_close).max() < 0.005
    found = best_starts(frame, np.zeros(36, dtype=np.int64), 0.0)
    assert found.gap <= 1e-9
    print(f"hiring optimum: net value {found.net_value:,.2f}, bound {found.bound:,.2f}")
    timed("60 months x 8 segments x 1,000 scenarios, team included", 1.0, scenarios)
    timed(
        "hiring optimum over 36 months, gap 0",
        2.0,
        lambda: best_starts(frame, np.zeros(36, dtype=np.int64), 0.0),
    )
    starts = starts_of("ahead", frame)[0]
    timed("random attrition, 10,000 paths", 1.0, lambda: random_paths(frame, starts, 10_000))


if __name__ == "__main__":
    main()
