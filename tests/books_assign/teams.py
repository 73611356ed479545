"""Small customer lists and teams for the tests of books."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.portfolio.books.rules import parse_rules
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import Csm
from csmcalc.portfolio.books.weights import Weights

NAMES = ("Ana", "Ben", "Cleo", "Dan")


def customers(count: int, seed: int = 0) -> pd.DataFrame:
    """Customers of mixed size, most of them with an owner, in two regions."""
    random = np.random.default_rng(seed)
    size = random.lognormal(0, 0.8, count)
    return pd.DataFrame(
        {
            "id": [f"A{n}" for n in range(count)],
            "name": [f"Customer {n}" for n in range(count)],
            "arr": np.round(20_000 * size * random.uniform(0.5, 1.5, count)),
            "hours": np.round(20 * size, 1),
            "risk": np.round(2_000 * random.random(count)),
            "owner": random.choice([*NAMES[:3], None], count),
            "region": random.choice(["EMEA", "AMER"], count),
            "tier": np.where(size > np.median(size), "high touch", "tech touch"),
            "renewal": pd.Timestamp("2026-01-15")
            + pd.to_timedelta(random.integers(0, 365, count), "D"),
        }
    )


def team(frame: pd.DataFrame, count: int = 3, room: float = 1.4, **more: Any) -> tuple[Csm, ...]:
    """CSMs alike, whose hours together leave some room."""
    hours = float(frame["hours"].sum()) * room / count
    return tuple(Csm(name, hours, **more) for name in NAMES[:count])


def task(
    count: int = 12,
    seed: int = 0,
    rules: Sequence[str] = (),
    csms: int = 3,
    weights: Weights | None = None,
    room: float = 1.4,
) -> Task:
    """A task that can be proven in a moment."""
    frame = customers(count, seed)
    return Task(frame, team(frame, csms, room), weights or Weights(), parse_rules(rules))
