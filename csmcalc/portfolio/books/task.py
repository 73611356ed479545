"""The question put to the solver: customers, team, weights, rules, and what follows from them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.core.words import plain_word
from csmcalc.errors import InputError
from csmcalc.portfolio.books.conditions import matching
from csmcalc.portfolio.books.rules import AnyRule, Assign, KeepOwner, KeepShare
from csmcalc.portfolio.books.team import SERVED, Csm, check_team
from csmcalc.portfolio.books.weights import Weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NEXT = "\x00"
_COLOURS = {"green": 0.0, "yellow": 0.5, "amber": 0.5, "orange": 0.5, "red": 1.0}
_RISKS = {"none": 0.0, "low": 0.0, "medium": 0.5, "high": 1.0, "critical": 1.0, **_COLOURS}
"""Share of the ARR that a word puts at risk [ours]."""


@dataclass(frozen=True)
class Task:
    """Customers to give to CSMs.

    `customers` has a row per customer with `id`, `name`, `arr` and `hours` (a year), and where
    known `owner`, `risk`, `renewal`, `region`, `language`, `skill`, `category`, `tier`, `segment`,
    and `value_scale` and `kappa` (what hours bring: `value.py`). `continuity_by` is `arr` or
    `customers`: what is counted where customers change hands. `left` names who has left the team.
    """

    customers: pd.DataFrame
    team: tuple[Csm, ...]
    weights: Weights = field(default_factory=Weights)
    rules: tuple[AnyRule, ...] = ()
    continuity_by: str = "arr"
    left: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no books can be made of."""
        check_team(self.team)
        for column in ("id", "name", "arr", "hours"):
            if column not in self.customers:
                raise InputError(f'the customers have no column "{column}"')
        if self.customers.empty:
            raise InputError("there are no customers to assign")
        for column in ("arr", "hours"):
            bad = ~(self.customers[column].to_numpy(dtype=float) >= 0)
            if bad.any():
                one = self.customers.iloc[int(np.flatnonzero(bad)[0])]
                raise InputError(
                    f"customer {one['id']}: {column} is {one[column]}; write 0 or more"
                )
        names = {plain_word(csm.name): csm.name for csm in self.team}
        for rule in self.rules:
            if isinstance(rule, Assign):
                for name in rule.csms:
                    if plain_word(name) not in names:
                        raise _unknown_csm(rule, name, [csm.name for csm in self.team])

    @cached_property
    def names(self) -> list[str]:
        """The CSMs' names, in order."""
        return [csm.name for csm in self.team]

    @cached_property
    def today(self) -> Ints:
        """Position of today's owner in the team, -1 for none or one who is not in it."""
        if "owner" not in self.customers:
            return np.full(len(self.customers), -1)
        return self.positions(self.customers["owner"])

    @property
    def changing(self) -> Floats:
        """What a change of hands counts, by customer."""
        if self.continuity_by == "arr":
            return self.customers["arr"].to_numpy(dtype=float)
        return np.ones(len(self.customers))

    def positions(self, owners: pd.Series) -> Ints:
        """Position of each named CSM in the team, -1 where the team has no such name."""
        place = {plain_word(name): at for at, name in enumerate(self.names)}
        return np.array(
            [-1 if pd.isna(one) else place.get(plain_word(str(one)), -1) for one in owners],
            dtype=np.int64,
        )

    @property
    def keep_shares(self) -> list[KeepShare]:
        """The rules on how much must stay with today's owners."""
        return [rule for rule in self.rules if isinstance(rule, KeepShare)]


def _unknown_csm(rule: AnyRule, name: str, known: Sequence[str]) -> InputError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f'; did you mean "{near[0]}"?' if near else f"; known are {', '.join(known[:20])}"
    return InputError(f'rule "{rule.text}": no CSM is called "{name}"{hint}')


def make_task(
    accounts: pd.DataFrame,
    team: Sequence[Csm],
    weights: Weights | None = None,
    rules: Sequence[AnyRule] = (),
    continuity_by: str = "arr",
) -> Task:
    """A task from planned accounts (`Plan.accounts`): their planned hours, their risk."""
    customers = accounts.reset_index(drop=True).copy()
    if "planned_hours" in customers:
        customers["hours"] = customers["planned_hours"].astype(float)
    risk = _risk_of(customers)
    customers = customers.drop(columns="risk", errors="ignore")
    if risk is not None:
        customers["risk"] = risk
    return Task(customers, tuple(team), weights or Weights(), tuple(rules), continuity_by)


def _risk_of(customers: pd.DataFrame) -> pd.Series | None:
    """The list's own risk where it has one, else what the health puts at risk."""
    if "risk" in customers and customers["risk"].notna().any():
        return _told_risk(customers)
    if "health" in customers:
        return arr_at_risk(customers["health"], customers["arr"])
    return None


def _told_risk(customers: pd.DataFrame) -> pd.Series:
    """Numbers as they stand; words as shares of the ARR; nothing where nothing is told."""
    told = customers["risk"]
    numbers = pd.to_numeric(told, errors="coerce").astype(float)
    shares = told.map(lambda cell: _RISKS.get(plain_word(str(cell))), na_action="ignore")
    risk = numbers.where(numbers.notna(), shares.astype(float) * customers["arr"])
    wrong = told.notna() & ~(risk >= 0)
    if wrong.any():
        one = customers[wrong].iloc[0]
        raise InputError(
            f'customer {one["id"]}: risk is "{one["risk"]}"; write a number of 0 or more, or '
            f"one of {', '.join(_RISKS)}"
        )
    return risk.fillna(0.0)


def arr_at_risk(health: pd.Series, arr: pd.Series) -> pd.Series | None:
    """ARR by how bad the health is: nothing at green, half at yellow, all at red [ours].

    A score of health counts from 0 (all at risk) to the full 1, 10 or 100; None where health cannot
    be read for any customer. Customers without health take the mean.
    """
    words = health.map(lambda cell: _COLOURS.get(str(cell).strip().casefold()), na_action="ignore")
    scores = pd.to_numeric(health, errors="coerce")
    if scores.notna().any():
        top = next((full for full in (1.0, 10.0, 100.0) if scores.max() <= full), scores.max())
        words = words.where(words.notna(), 1 - scores.clip(lower=0) / top)
    shares = words.astype(float)
    if shares.notna().sum() == 0:
        return None
    return shares.fillna(shares.mean()) * arr


@dataclass(frozen=True)
class Eligible:
    """Who may go to whom: pairs of customer and CSM, by customer, then by CSM."""

    customer: Ints
    csm: Ints

    def first(self, customers: int) -> Ints:
        """Where the pairs of each customer begin."""
        counts = np.bincount(self.customer, minlength=customers)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def eligible(task: Task) -> Eligible:
    """All pairs that capacity, skills and rules allow; an error for a customer without any."""
    groups, served = _served(task)
    pairs = served[groups]
    customer, csm = np.nonzero(pairs)
    _nobody_left(task, customer, None)
    for rule in task.rules:
        keep = _allowed(task, rule, customer, csm)
        if keep is not None:
            customer, csm = customer[keep], csm[keep]
            _nobody_left(task, customer, rule)
    return Eligible(customer, csm)


def _words(task: Task, kind: str) -> pd.Series:
    """By customer, the words of a kind in plain form, joined; empty where there are none."""
    columns = [c for c in SERVED[kind] if c in task.customers]
    texts = [task.customers[c].fillna("").astype(str).map(plain_word) for c in columns]
    joined: pd.Series[str] = pd.Series("", index=task.customers.index)
    for text in texts:
        joined = joined + "\n" + text
    return joined


def _served(task: Task) -> tuple[Ints, Mask]:
    """Groups of customers alike in what they need, and which CSM serves which group."""
    kinds = [kind for kind in SERVED if any(getattr(csm, kind) for csm in task.team)]
    joined: Any = pd.Series("", index=task.customers.index)
    for kind in kinds:
        joined = pd.Series(
            [a + b + _NEXT for a, b in zip(joined, _words(task, kind), strict=True)],
            index=joined.index,
        )
    groups, keys = pd.factorize(joined, sort=True)
    needs = [str(key).split(_NEXT)[:-1] for key in keys]
    served = np.ones((len(needs), len(task.team)), dtype=bool)
    for at, need in enumerate(needs):
        for kind, joined in zip(kinds, need, strict=True):
            words = [word for word in str(joined).split("\n") if word]
            served[at] &= [csm.serves(kind, words) for csm in task.team]
    served &= np.array([csm.share > 0 for csm in task.team])
    return np.asarray(groups, dtype=np.int64), served


def _allowed(task: Task, rule: AnyRule, customer: Ints, csm: Ints) -> Mask | None:
    """Which pairs a rule on customers leaves; None for a rule on books."""
    if isinstance(rule, KeepOwner):
        meant = matching(rule.text, rule.where, task.customers)
        lost = meant & (task.today < 0)
        if lost.any() and (meant & (task.today >= 0)).sum() == 0:
            raise _nobody_owns(task, rule, meant)
        meant &= task.today >= 0
        return np.asarray(~meant[customer] | (csm == task.today[customer]))
    if isinstance(rule, KeepShare) and (task.today < 0).all():
        raise _nobody_owns(task, rule, task.today < 0)
    if isinstance(rule, Assign):
        meant = matching(rule.text, rule.where, task.customers)
        named = np.isin(np.arange(len(task.team)), task.positions(pd.Series(list(rule.csms))))
        return np.asarray(~meant[customer] | (named[csm] != rule.away))
    return None


def _nobody_owns(task: Task, rule: AnyRule, meant: Mask) -> InputError:
    """A rule on today's owners where there are none."""
    named: list[str] = []
    if task.left and "owner" in task.customers:
        had = {plain_word(str(one)) for one in task.customers["owner"][meant].dropna()}
        gone = [name for name in task.left if plain_word(name) in had]
        if gone:
            return InputError(
                f'rule "{rule.text}": {", ".join(gone)} leaves, and nobody else who stays owns its '
                "customers; leave the rule out"
            )
    if "owner" in task.customers:
        named = sorted({str(one) for one in task.customers["owner"][meant].dropna()})
    have = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    return InputError(
        f'rule "{rule.text}": none of its customers has an owner who is in the CSM list '
        f"({f'they have {have}' if named else 'they have none'}); write today's owner in the "
        "customer list as the CSM list writes the name, or leave the rule out"
    )


def _nobody_left(task: Task, customer: Ints, rule: AnyRule | None) -> None:
    missing = np.bincount(customer, minlength=len(task.customers)) == 0
    if not missing.any():
        return
    one = task.customers.iloc[int(np.flatnonzero(missing)[0])]
    others = int(missing.sum()) - 1
    more = f" (and {others:,} more)" if others else ""
    if rule is not None:
        raise InputError(
            f'rule "{rule.text}": leaves customer {one["id"]} ({one["name"]}){more} without a CSM '
            "who may serve it; change the rule, or what its CSM serves"
        )
    needs = ", ".join(
        f'{column} "{one[column]}"'
        for kind, columns in SERVED.items()
        if any(getattr(csm, kind) for csm in task.team)
        for column in columns
        if column in task.customers and not pd.isna(one[column])
    )
    raise InputError(
        f"customer {one['id']} ({one['name']}){more}: no CSM with hours serves {needs}; add it to "
        "a CSM's list, or leave that list empty to serve all"
    )
