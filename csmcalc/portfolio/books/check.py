"""An independent look at an answer: every hard rule and the objective, from the lists alone.

Nothing here is taken from the solver or from the model it solves: pairs, targets and points are
worked out anew, customer by customer, so that an error of the one does not hide in the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.words import plain_word
from csmcalc.portfolio.books.conditions import matching
from csmcalc.portfolio.books.rules import (
    Assign,
    Balance,
    KeepOwner,
    KeepShare,
    Limit,
    MonthlyRenewals,
)
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import SERVED, Csm
from csmcalc.portfolio.books.value import common_price, wanted_hours
from csmcalc.portfolio.books.weights import RENEWAL_SHARE

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that an answer breaks."""

    rule: str
    who: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found: broken rules, the objective and its terms in points."""

    violations: tuple[Violation, ...]
    value: float
    terms: dict[str, float]


def check(task: Task, owner: Sequence[str]) -> Verdict:
    """Look at the names of the owners, one for each customer in the order of the task."""
    team = {csm.name: csm for csm in task.team}
    frame = task.customers.reset_index(drop=True)
    found = _who(frame, list(owner), team)
    if found:
        return Verdict(tuple(found), float("nan"), {})
    books = pd.Series(list(owner), index=frame.index)
    found += _pairs(frame, books, team)
    found += _rules_on_customers(task, frame, books)
    weighed = _weighed(task, frame)
    targets = _targets(task, frame, weighed)
    found += _rules_on_books(task, frame, books, weighed, targets)
    terms = _points(task, frame, books, weighed, targets)
    terms = {name: float(points) for name, points in terms.items()}
    return Verdict(tuple(found), sum(terms.values()), terms)


def _who(frame: pd.DataFrame, owner: list[str], team: dict[str, Csm]) -> list[Violation]:
    if len(owner) != len(frame):
        return [Violation("one owner each", "customers", f"{len(owner)} for {len(frame)}")]
    return [
        Violation("one owner each", str(customer), f'"{name}" is not in the team')
        for customer, name in zip(frame["id"], owner, strict=True)
        if name not in team
    ]


def _needs(row: Mapping[Hashable, Any], kind: str) -> set[str]:
    cells = [row.get(column) for column in SERVED[kind]]
    return {plain_word(str(cell)) for cell in cells if cell is not None and not pd.isna(cell)} - {
        ""
    }


def _may(row: Mapping[Hashable, Any], csm: Csm) -> str:
    """What forbids a pair; empty where nothing does."""
    if csm.hours * csm.ramp <= 0:
        return "has no hours now"
    for kind in SERVED:
        served, needs = {plain_word(w) for w in getattr(csm, kind)}, _needs(row, kind)
        if served and needs and not served & needs:
            return f"does not serve {kind} {', '.join(sorted(needs))}"
    return ""


def _columns(frame: pd.DataFrame) -> list[str]:
    return [c for columns in SERVED.values() for c in columns if c in frame]


def _pairs(frame: pd.DataFrame, books: pd.Series, team: dict[str, Csm]) -> list[Violation]:
    found, known = [], {}
    rows = frame[_columns(frame)].to_dict("records") if _columns(frame) else [{}] * len(frame)
    for customer, row, name in zip(frame["id"], rows, books, strict=True):
        key = (name, *(str(cell) for cell in row.values()))
        if key not in known:
            known[key] = _may(row, team[name])
        if known[key]:
            found.append(Violation("eligibility", str(customer), f"{name} {known[key]}"))
    return found


def _today(task: Task, frame: pd.DataFrame) -> list[str | None]:
    names = {plain_word(csm.name): csm.name for csm in task.team}
    if "owner" not in frame:
        return [None] * len(frame)
    return [None if pd.isna(one) else names.get(plain_word(str(one))) for one in frame["owner"]]


def _rules_on_customers(task: Task, frame: pd.DataFrame, books: pd.Series) -> list[Violation]:
    today = pd.Series(_today(task, frame), index=frame.index, dtype=object)
    found: list[Violation] = []
    for rule in task.rules:
        if isinstance(rule, KeepOwner):
            meant = pd.Series(matching(rule.text, rule.where, frame)) & today.notna()
            wrong = meant & (books != today)
        elif isinstance(rule, Assign):
            named = {plain_word(name) for name in rule.csms}
            inside = books.map(lambda name, named=named: plain_word(name) in named)
            wrong = pd.Series(matching(rule.text, rule.where, frame)) & (inside == rule.away)
        elif isinstance(rule, KeepShare):
            weight = frame["arr"] if rule.measure == "arr" else pd.Series(1.0, index=frame.index)
            had, kept = weight[today.notna()].sum(), weight[today.notna() & (books == today)].sum()
            if kept < rule.share * had * (1 - _ROUNDING):
                found.append(Violation(rule.text, "all", f"{kept / had:.2%} is kept"))
            continue
        else:
            continue
        found += [
            Violation(rule.text, str(frame["id"][at]), f"goes to {books[at]}")
            for at in frame.index[wrong]
        ]
    return found


def _weighed(task: Task, frame: pd.DataFrame) -> dict[str, pd.Series]:
    ones = pd.Series(1.0, index=frame.index)
    weighed = {"hours": frame["hours"], "arr": frame["arr"], "customers": ones}
    if "risk" in frame:
        weighed["risk"] = frame["risk"].fillna(0.0)
    if "value_scale" in frame and "kappa" in frame:
        scale, kappa = frame["value_scale"].to_numpy(), frame["kappa"].to_numpy()
        price = common_price(scale, kappa, sum(csm.hours * csm.ramp for csm in task.team))
        weighed["value"] = pd.Series(wanted_hours(scale, kappa, price), index=frame.index)
    return {name: column.astype(float) for name, column in weighed.items()}


def _targets(
    task: Task, frame: pd.DataFrame, weighed: dict[str, pd.Series]
) -> dict[str, dict[str, float]]:
    """Loads shared out by hours at today's ramp among all CSMs whom customers hold together."""
    group = _together(task, frame)
    share: dict[str, float] = defaultdict(float)
    for csm in task.team:
        share[group[csm.name]] += csm.hours * csm.ramp
    free = _choices(task, frame, kept=False)
    leads = [group[names[0]] if names else "" for names in free]
    of_customer = pd.Series(leads, index=frame.index)
    targets: dict[str, dict[str, float]] = {}
    for name, column in weighed.items():
        total = column.groupby(of_customer).sum()
        targets[name] = {
            csm.name: float(total.get(group[csm.name], 0.0))
            * csm.hours * csm.ramp / share[group[csm.name]]
            for csm in task.team
            if csm.hours * csm.ramp > 0
        }  # fmt: skip
    return targets


def _choices(task: Task, frame: pd.DataFrame, kept: bool = True) -> list[list[str]]:
    """For each customer the CSMs who may have it, by skills and by rules on customers.

    Without the rules that have it `kept`, as targets are shared out.
    """
    columns = _columns(frame)
    rows = frame[columns].to_dict("records") if columns else [{}] * len(frame)
    known: dict[tuple[str, ...], list[str]] = {}
    choices = []
    for row in rows:
        key = tuple(str(cell) for cell in row.values())
        if key not in known:
            known[key] = [csm.name for csm in task.team if not _may(row, csm)]
        choices.append(known[key])
    today = _today(task, frame)
    for rule in task.rules:
        if isinstance(rule, KeepOwner):
            if not kept:
                continue
            for at in np.flatnonzero(matching(rule.text, rule.where, frame)):
                if today[at] is not None:
                    choices[at] = [name for name in choices[at] if name == today[at]]
        elif isinstance(rule, Assign):
            named = {plain_word(name) for name in rule.csms}
            for at in np.flatnonzero(matching(rule.text, rule.where, frame)):
                choices[at] = [n for n in choices[at] if (plain_word(n) in named) != rule.away]
    return choices


def _together(task: Task, frame: pd.DataFrame) -> dict[str, str]:
    lead = {csm.name: csm.name for csm in task.team}

    def root(name: str) -> str:
        while lead[name] != name:
            lead[name] = lead[lead[name]]
            name = lead[name]
        return name

    for names in {tuple(choice) for choice in _choices(task, frame, kept=False) if choice}:
        for name in names[1:]:
            lead[root(name)] = root(names[0])
    return {name: root(name) for name in lead}


def _rules_on_books(
    task: Task,
    frame: pd.DataFrame,
    books: pd.Series,
    weighed: dict[str, pd.Series],
    targets: dict[str, dict[str, float]],
) -> list[Violation]:
    found = []
    loads = {name: column.groupby(books).sum() for name, column in weighed.items()}
    for csm in task.team:
        hours = float(loads["hours"].get(csm.name, 0.0))
        if hours > csm.hours * (1 + _ROUNDING):
            found.append(Violation("capacity", csm.name, f"{hours:,.1f} of {csm.hours:,.1f} hours"))
        for rule in task.rules:
            if isinstance(rule, Balance | Limit) and csm.hours * csm.ramp > 0:
                load = float(loads[rule.measure].get(csm.name, 0.0))
                low, high = _allowed(rule, csm, targets)
                room = _ROUNDING * max(1.0, abs(load))
                if load < low - room or load > high + room:
                    found.append(Violation(rule.text, csm.name, f"{rule.measure} {load:,.6g}"))
            elif isinstance(rule, MonthlyRenewals):
                found += _crowded(rule, csm, frame, books)
    return found


def _allowed(
    rule: Balance | Limit, csm: Csm, targets: dict[str, dict[str, float]]
) -> tuple[float, float]:
    if isinstance(rule, Balance):
        target = targets[rule.measure][csm.name]
        return target * (1 - rule.within), target * (1 + rule.within)
    amount = rule.amount * csm.hours if rule.of_capacity else rule.amount
    return (-np.inf, amount) if rule.at_most else (amount, np.inf)


def _crowded(
    rule: MonthlyRenewals, csm: Csm, frame: pd.DataFrame, books: pd.Series
) -> list[Violation]:
    own = frame[books == csm.name]
    by_month = own.groupby(own["renewal"].dt.month)["arr"].sum()
    most = rule.share * own["arr"].sum() * (1 + _ROUNDING)
    return [
        Violation(rule.text, csm.name, f"month {month:.0f}: {arr / own['arr'].sum():.1%}")
        for month, arr in zip(by_month.index.tolist(), by_month, strict=True)
        if arr > most
    ]


def _points(
    task: Task,
    frame: pd.DataFrame,
    books: pd.Series,
    weighed: dict[str, pd.Series],
    targets: dict[str, dict[str, float]],
) -> dict[str, float]:
    """The terms of the objective."""
    weights = task.weights
    terms = {}
    for term, name, weight in (
        ("workload", "hours", weights.workload),
        ("arr", "arr", weights.arr),
        ("risk", "risk", weights.risk),
        ("count", "customers", weights.count),
        ("value", "value", weights.value),
    ):
        if name in weighed:
            away = _relative(weighed[name].groupby(books).sum(), targets[name])
            terms[term] = 100 * weight * float(np.mean(np.abs(away))) if away else 0.0
    today = pd.Series(_today(task, frame), index=frame.index, dtype=object)
    counted = frame["arr"] if task.continuity_by == "arr" else pd.Series(1.0, index=frame.index)
    owned = counted.where(today.notna(), 0.0)
    moved = float(owned[books != today].sum())
    terms["continuity"] = 100 * weights.continuity * moved / owned.sum() if owned.sum() > 0 else 0.0
    terms["renewals"] = _crowding(weights.renewals, frame, books, targets["arr"])
    terms["ramp"] = _ramping(weights.ramp, task, weighed["hours"].groupby(books).sum(), targets)
    return terms


def _relative(loads: pd.Series, targets: dict[str, float]) -> list[float]:
    return [float(loads.get(n, 0.0)) / target - 1 for n, target in targets.items() if target > 0]


def _crowding(
    weight: float, frame: pd.DataFrame, books: pd.Series, targets: dict[str, float]
) -> float:
    active = {name: target for name, target in targets.items() if target > 0}
    if "renewal" not in frame or weight == 0 or not active:
        return 0.0
    total = 0.0
    for name, target in active.items():
        own = frame[books == name]
        by_month = own.groupby(own["renewal"].dt.month)["arr"].sum()
        total += float((by_month - RENEWAL_SHARE * own["arr"].sum()).clip(lower=0).sum()) / target
    return 100 * weight * total / len(active)


def _ramping(
    weight: float, task: Task, hours: pd.Series, targets: dict[str, dict[str, float]]
) -> float:
    ramping = [
        float(hours.get(csm.name, 0.0)) / targets["hours"][csm.name] - 1
        for csm in task.team
        if 0 < csm.ramp < 1 and targets["hours"].get(csm.name, 0.0) > 0
    ]
    return 100 * weight * float(np.mean(np.maximum(ramping, 0))) if ramping else 0.0
