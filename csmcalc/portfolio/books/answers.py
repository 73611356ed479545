"""What the books say: each book, the balance before and after, the moves and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csmcalc.core.words import plain_word
from csmcalc.errors import InfeasibleError
from csmcalc.formulas.balance import csm_balance_cv, csm_gini
from csmcalc.portfolio.books.assign import Assigned, assign
from csmcalc.portfolio.books.check import check
from csmcalc.portfolio.books.conditions import matching
from csmcalc.portfolio.books.model import MONTHS, renewal_months, sizes
from csmcalc.portfolio.books.rules import AnyRule, Assign
from csmcalc.portfolio.books.task import Task, eligible
from csmcalc.portfolio.books.value import book_value, common_price

WORDS = {"hours": "workload", "arr": "ARR", "risk": "risk", "customers": "customers"}


def books(task: Task, owner: Sequence[str]) -> pd.DataFrame:
    """A row per CSM: customers, ARR, hours, utilisation, risk, BCG mix, renewals by month.

    Columns `segment: ...` count customers, columns named by month hold the ARR that renews in it.
    `book_value` is what the book brings when its hours go where they bring most.
    """
    owners = pd.Series(list(owner), dtype=object)
    table = pd.DataFrame({"csm": task.names})
    loads = {k: pd.Series(v).groupby(owners).sum() for k, v in sizes(task).items()}
    for column, load in (
        ("customers", "customers"),
        ("arr", "arr"),
        ("hours", "hours"),
        ("risk", "risk"),
    ):
        if load in loads:
            table[column] = table["csm"].map(loads[load]).fillna(0.0)
    table["customers"] = table["customers"].astype(int)
    table["capacity"] = [csm.hours for csm in task.team]
    table["utilisation"] = np.where(
        table["capacity"] > 0, table["hours"] / table["capacity"].replace(0, np.nan), 0.0
    )
    table["ramp"] = [csm.ramp for csm in task.team]
    frame = task.customers
    if "segment" in frame:
        for segment in frame["segment"].dropna().unique():
            counts = owners[(frame["segment"] == segment).to_numpy()].value_counts()
            table[f"segment: {segment}"] = table["csm"].map(counts).fillna(0).astype(int)
    months = renewal_months(task)
    arr = frame["arr"].to_numpy(dtype=float)
    if months.any():
        for number, month in enumerate(MONTHS, start=1):
            here = months == number
            table[month] = (
                table["csm"]
                .map(pd.Series(arr[here]).groupby(owners[here].to_numpy()).sum())
                .fillna(0.0)
            )
    if "value_scale" in frame and "kappa" in frame:
        table["book_value"] = [_worth(task, owners, csm.name, csm.share) for csm in task.team]
    return table


def _worth(task: Task, owners: pd.Series, name: str, hours: float) -> float:
    own = task.customers[(owners == name).to_numpy()]
    return book_value(own["value_scale"].to_numpy(), own["kappa"].to_numpy(), hours)


def value_bound(task: Task) -> float:
    """What all books together bring at most: all hours in one pot, at one price."""
    scale, kappa = (task.customers[c].to_numpy(dtype=float) for c in ("value_scale", "kappa"))
    hours = sum(csm.share for csm in task.team)
    if common_price(scale, kappa, hours) <= 0:
        return 0.0
    return book_value(scale, kappa, hours)


def balance(task: Task, owner: Sequence[str | None]) -> pd.DataFrame:
    """A row per load: CV, Gini and max/min of load per hour of target share, over active CSMs.

    Customers without an owner in the team count for nobody.
    """
    active = [csm for csm in task.team if csm.share > 0]
    share = np.array([csm.share for csm in active])
    share = share / share.mean()
    owners = pd.Series(list(owner), dtype=object)
    rows = []
    for name, size in sizes(task).items():
        sums = pd.Series(size).groupby(owners).sum()
        load = np.array([float(sums.get(csm.name, 0.0)) for csm in active]) / share
        even = load.sum() > 0
        rows.append(
            {
                "load": name,
                "cv": float(csm_balance_cv(load)) if even else float("nan"),
                "gini": float(csm_gini(load)) if even else float("nan"),
                "max_min": float(load.max() / load.min()) if load.min() > 0 else float("inf"),
            }
        )
    return pd.DataFrame(rows)


def owners_today(task: Task) -> list[str | None]:
    """Today's owner of each customer where the team has it."""
    return [task.names[at] if at >= 0 else None for at in task.today.tolist()]


def strangers(task: Task) -> dict[str, int]:
    """Owners in the customer list whom the team has not, with how many customers each has."""
    if "owner" not in task.customers:
        return {}
    counts = task.customers["owner"][task.today < 0].dropna().value_counts()
    left = {plain_word(name) for name in task.left}
    return {str(name): int(n) for name, n in counts.items() if plain_word(str(name)) not in left}


def moves(assigned: Assigned) -> pd.DataFrame:
    """Every customer that changes hands, or gets its first owner, and why."""
    task, frame = assigned.task, assigned.task.customers
    reasons = _Reasons(assigned)
    after = task.positions(pd.Series(list(assigned.owner)))
    moved = np.flatnonzero(after != task.today)
    table = frame.iloc[moved][["id", "name", "arr", "hours"]].reset_index(drop=True)
    table["from"] = frame["owner"].iloc[moved].to_numpy() if "owner" in frame else None
    table["to"] = [assigned.owner[at] for at in moved]
    table["reason"] = [reasons.of(at, int(after[at])) for at in moved.tolist()]
    return table


class _Reasons:
    """Why a customer moves, the plainest reason first."""

    def __init__(self, assigned: Assigned) -> None:
        task = self.task = assigned.task
        pairs = eligible(task)
        self._pairs = pairs.customer * len(task.team) + pairs.csm
        self._rules = [
            (
                rule,
                matching(rule.text, rule.where, task.customers),
                set(task.positions(pd.Series(list(rule.csms))).tolist()),
            )
            for rule in task.rules
            if isinstance(rule, Assign)
        ]
        known = task.today >= 0
        self._loads = {
            name: np.bincount(task.today[known], size[known], len(task.team))
            for name, size in sizes(task).items()
            if name in WORDS
        }
        self._away = {}
        for name, load in self._loads.items():
            target = assigned.targets[name]
            safe = np.where(target > 0, target, 1.0)
            self._away[name] = np.where(target > 0, load / safe - 1, 0.0)

    def of(self, at: int, new: int) -> str:
        """The reason of one move."""
        task, old = self.task, int(self.task.today[at])
        for rule, meant, named in self._rules:
            # a rule that keeps customers away moves those of the CSMs it names, the other kind all
            # that are with somebody else
            if meant[at] and (old in named) == rule.away:
                return f'rule "{rule.text}"'
        if old < 0:
            had = task.customers["owner"].iloc[at] if "owner" in task.customers else None
            if pd.isna(had):
                return "had no owner"
            left = plain_word(str(had)) in {plain_word(name) for name in task.left}
            return f"{had} {'leaves' if left else 'is not in the CSM list'}"
        before, after = task.names[old], task.names[new]
        key = at * len(task.team) + old
        place = int(np.searchsorted(self._pairs, key))
        if place == len(self._pairs) or self._pairs[place] != key:
            return f"{before} may not serve it"
        if self._loads["hours"][old] > task.team[old].hours:
            return f"{before} has more hours of customers than capacity"
        gains = {name: float(away[old] - away[new]) for name, away in self._away.items()}
        name = max(gains, key=lambda load: gains[load])
        if gains[name] <= 0:
            return f"makes room at {before} for what fits better"
        away = self._away[name]
        both = f"{before} {_signed(away[old])}, {after} {_signed(away[new])} of target"
        return f"evens out {WORDS[name]}: {both}"


def _signed(share: float) -> str:
    """A share in whole per cent with its sign; what rounds to nothing has a plus."""
    return f"{round(share, 2) + 0.0:+.0%}"


@dataclass(frozen=True, slots=True)
class Over:
    """A book that is far from its target, and what holds it there."""

    csm: str
    load: str
    above: float
    why: str


def over(assigned: Assigned, tolerance: float = 0.1) -> list[Over]:
    """Loads of books more than a share above their target, with the reason."""
    task, found = assigned.task, []
    owner = task.positions(pd.Series(list(assigned.owner)))
    for name, size in sizes(task).items():
        weight = getattr(task.weights, _WEIGHTS.get(name, name))
        if name == "value" and not weight:
            continue
        target = assigned.targets[name]
        load = np.bincount(owner, size, len(task.team))
        for at in np.flatnonzero((target > 0) & (load > (1 + tolerance) * target)).tolist():
            own = np.flatnonzero(owner == at)
            largest = own[np.argmax(size[own])]
            why = "to even it out would cost more points elsewhere"
            if not weight:
                why = f"[books] {_WEIGHTS.get(name, name)} is 0: it is not weighed"
            if size[largest] > 0.5 * target[at]:
                name_of = task.customers["name"].iloc[largest]
                why = f"{name_of} alone is {size[largest] / target[at]:.0%} of the target"
            found.append(Over(task.names[at], name, float(load[at] / target[at] - 1), why))
    return sorted(found, key=lambda one: -one.above)


_WEIGHTS = {"hours": "workload", "customers": "count"}
"""The weight of a load, where it is not called like the load."""


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What would be gained, in points, by dropping a rule; the gain is proven up to `up_to`."""

    rule: str
    gain: float
    up_to: float


def rule_costs(
    assigned: Assigned,
    seconds: float | None = None,
    seed: int = 0,
    work: int = 100,
    most: int | None = None,
) -> list[RuleCost]:
    """Each rule (or the first ones) dropped in turn and the books made anew.

    `seconds` and `work` are those of one rule. An interrupt ends with the rules done until then.
    """
    found = []
    for at, rule in enumerate(assigned.task.rules[:most]):
        rest = assigned.task.rules[:at] + assigned.task.rules[at + 1 :]
        task = dataclasses.replace(assigned.task, rules=rest)
        try:
            without = assign(task, seconds, seed, work)
        except InfeasibleError:
            # the books in hand keep the other rules: there was no time to find any
            found.append(RuleCost(rule.text, 0.0, assigned.value))
            continue
        except KeyboardInterrupt:
            break
        if without.interrupted:
            break
        found.append(_cost_of(rule, assigned, without))
    return found


def _cost_of(rule: AnyRule, assigned: Assigned, without: Assigned) -> RuleCost:
    """What books without a rule have fewer points, by the same targets.

    Books that happen to keep the rule show what a longer search gains, not what the rule costs.
    """
    verdict = check(assigned.task, without.owner)
    gain = max(0.0, assigned.value - verdict.value) if verdict.violations else 0.0
    same = all((assigned.targets[k] == target).all() for k, target in without.targets.items())
    return RuleCost(rule.text, gain, max(gain, assigned.value - (without.bound if same else 0.0)))
