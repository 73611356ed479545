"""Book plans for the tests of reports and of the command line: small, quick, of every kind."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.plan.books import BookPlan, make_books, task_of
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.books.team import Csm
from tests.books import book


def many(count: int, csms: int, seed: int = 0, names: int = 12) -> tuple[Any, list[Csm]]:
    """A book of `count` customers of mixed size, and CSMs who can carry them in three regions."""
    random = np.random.default_rng(seed)
    size = random.lognormal(0, 0.9, count)
    team_names = [f"CSM {n:03d}" for n in range(csms)]
    regions = np.array(["EMEA", "AMER", "APAC"])
    of_csm = [regions[n % 3] if csms > 6 else "" for n in range(csms)]
    region = regions[random.integers(0, 3, count)]
    eligible = [[n for n in range(csms) if of_csm[n] in ("", one)] for one in region]
    owner = [None if random.random() < 0.1 else team_names[random.choice(e)] for e in eligible]
    customers = book(
        arr=np.round(30_000 * size * random.uniform(0.5, 2, count)).tolist(),
        name=[f"Customer {n} {'x' * (names - 12)}".strip() for n in range(count)],
        owner=owner,
        region=region.tolist(),
        hours=np.round(15 * size, 1).tolist(),
        growth=random.uniform(-0.1, 0.4, count).tolist(),
        health=random.choice(["green", "yellow", "red"], count, p=[0.6, 0.3, 0.1]).tolist(),
        renewal=[f"2027-{month:02d}-15" for month in random.integers(1, 13, count)],
    )
    hours = float(np.sum(15 * size)) * 1.25 / csms
    return customers, [
        Csm(name, hours, region=frozenset({one} if one else ()))
        for name, one in zip(team_names, of_csm, strict=True)
    ]


def books_of(
    customers: Any,
    team: Sequence[Csm],
    rules: Sequence[str] = (),
    seconds: float = 1.0,
    **settings: Any,
) -> BookPlan:
    """The books of a customer book, after a short search."""
    chosen = Settings().replace("books", rules=tuple(rules), **settings)
    plan = make_plan(customers, chosen)
    return make_books(plan, task_of(plan, team), seconds)


def odd_names() -> BookPlan:
    """Names that spreadsheets take for more than letters, and one CSM without customers."""
    customers = book(
        arr=[120_000.0, 80_000.0, 50_000.0, 9_000.0, 3_000.0, 70_000.0],
        name=["=1+1", "Ünïcode & <Sons>", "+49 30", "@home", "-", "x" * 60],
        owner=["*", "A/B?", "*", None, "Gone", "o'Neil"],
        hours=[40.0, 30.0, 20.0, 5.0, 3.0, 25.0],
    )
    team = [Csm("*", 100), Csm("A/B?", 80), Csm("=x", 90), Csm("o'Neil", 60, ramp=0.5)]
    return books_of(customers, [*team, Csm("Books", 0)])


def bare() -> BookPlan:
    """Nothing but ARR: no owners, no renewals, no growth; amounts in yen."""
    customers = dataclasses.replace(
        book(arr=[90_000_000.0, 1_500_000.0, 4_000_000.0]), currency="JPY"
    )
    return books_of(customers, [Csm("Ana", 600), Csm("Ben", 600)])


def valued() -> BookPlan:
    """The value objective, a ramping CSM, rules, and continuity counted by customers."""
    customers, team = many(40, 4, seed=3)
    team = [dataclasses.replace(csm, hours=1.4 * csm.hours) for csm in team]
    team[3] = dataclasses.replace(team[3], ramp=0.5)
    rules = ["keep owner for arr > 150000", "customers at most 14 per CSM"]
    return books_of(customers, team, rules, objective="value", continuity_by="customers", count=0.5)


AS_OF = dt.date(2026, 9, 30)


def as_csv(customers: Any) -> str:
    """A customer book as the file it could have come from."""
    frame: pd.DataFrame = customers.customers
    kept = [c for c in frame if c not in ("row",) and frame[c].notna().any()]
    return str(frame[kept].to_csv(index=False))
