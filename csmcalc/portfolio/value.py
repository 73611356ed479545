"""How many CSMs the book is worth: the whole curve, the proof, and what the rules would lose."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import InfeasibleError, InputError
from csmcalc.formulas.economics import csm_margin_guard
from csmcalc.formulas.ratio import csm_ratio
from csmcalc.optimum import budgets
from csmcalc.optimum.answers import Optimum, settled
from csmcalc.optimum.best import best_headcount
from csmcalc.optimum.continuous import ContinuousCurve, continuous_curve
from csmcalc.optimum.curve import MOST_CSMS, ValueCurve, value_curve
from csmcalc.optimum.history import ResponseFit
from csmcalc.optimum.hull import Increments, increments
from csmcalc.optimum.responses import responses_of as checked_responses
from csmcalc.portfolio.judgement import (
    JUDGED,
    LEVELS,
    SEGMENT_RULES,
    Judged,
    Level,
    Minimum,
    SegmentRule,
    Value,
)
from csmcalc.portfolio.margin import Margin, room_for_success
from csmcalc.portfolio.response import responses, rise


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the value of a book follows from.

    Attributes:
        accounts: the accounts of a plan; the columns `response.responses` names.
        effective_hours: hours a year that one CSM gives to customers.
        loaded_cost: what one CSM costs a year.
        arr_per_csm: the rule's target.
        margin: the settings of margins.
        rules: the settings of value.
    """

    accounts: pd.DataFrame
    effective_hours: float
    loaded_cost: float
    arr_per_csm: float = 2_000_000.0
    margin: Margin = dataclasses.field(default_factory=Margin)
    rules: Value = dataclasses.field(default_factory=Value)
    tiers: Sequence[str] = ()
    judged: Sequence[Judged] = JUDGED
    segment_rules: Sequence[SegmentRule] = SEGMENT_RULES
    levels: Sequence[Level] = LEVELS
    minimums: Sequence[Minimum] = ()
    fits: Mapping[str, ResponseFit] = dataclasses.field(default_factory=dict)

    @property
    def cost_per_hour(self) -> float:
        """What an effective hour costs."""
        return self.loaded_cost / self.effective_hours

    def with_rules(self, **values: Any) -> Case:
        """The same case with some settings of value changed."""
        return dataclasses.replace(self, rules=dataclasses.replace(self.rules, **values))


@dataclass(frozen=True, slots=True)
class RuleGap:
    """What a rule's headcount is worth with hours allocated at their best, and what it loses.

    The amounts are None where the rule's CSMs cannot give the minimum hours.
    """

    name: str
    csms: int
    net_value: float | None
    loss: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The value view over one horizon."""

    years: int
    optimum: Optimum
    csm_cost: float
    curve: ContinuousCurve | ValueCurve
    rules: tuple[RuleGap, ...]

    def table(self) -> pd.DataFrame:
        """The curve: csms, value, net_value, bound (net), marginal_value and hour_price."""
        curve = self.curve
        return pd.DataFrame(
            {
                "csms": curve.csms,
                "value": curve.value,
                "net_value": curve.net_value(self.csm_cost),
                "bound": curve.bound - self.csm_cost * curve.csms,
                "marginal_value": curve.marginal_value,
                "hour_price": curve.hour_price,
            }
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What one headcount is worth, with its proof.

    Attributes:
        csms: the headcount.
        value: what its hours are worth where they bring most, before its cost.
        net_value: less its cost.
        bound: no sharing of its hours has a higher net value.
        hour_price: value of one hour more.
        next_csm_value: value of one CSM more, before cost.
    """

    csms: int
    value: float
    net_value: float
    bound: float
    hour_price: float
    next_csm_value: float

    @property
    def gap(self) -> float:
        """How far the bound lies above the net value, as a share of it; 1 where that is 0."""
        missing = self.bound - self.net_value
        return missing / abs(self.net_value) if self.net_value else float(missing > 0)


@dataclass(frozen=True, slots=True)
class ValueView:
    """The answer over the chosen horizon, the cash view beside it, and what each account gets.

    `accounts` has the columns of `response.responses` and `hours`, `level` (name of the service
    level, or the nearest one below where hours are continuous), `level_cost` (what it costs besides
    hours), `retention` and `value` (less that cost).
    `by_segment` has accounts, hours, value and the margin `guard` at these hours.
    """

    case: Case
    chosen: Answer
    cash: Answer
    accounts: pd.DataFrame
    by_segment: pd.DataFrame

    @property
    def fte(self) -> float:
        """The hours given, in full-time CSMs."""
        return float(self.accounts["hours"].sum()) / self.case.effective_hours

    def accounts_at(self, csms: int) -> pd.DataFrame:
        """What each account gets at a headcount; the columns of `accounts`."""
        if csms == self.chosen.optimum.csms:
            return self.accounts
        return given_at(self.case, responses_of(self.case), self.chosen.curve, csms)


def value_view(case: Case) -> ValueView:
    """The optimum of a case, over its horizon and over one year."""
    response = responses_of(case)
    chosen = answer_of(case, response)
    cash_case = case.with_rules(years=1)
    cash = chosen if case.rules.years == 1 else answer_of(cash_case, responses_of(cash_case))
    given = given_at(case, response, chosen.curve, chosen.optimum.csms)
    return ValueView(case, chosen, cash, given, segments_of(case, given))


def responses_of(case: Case) -> pd.DataFrame:
    """What hours bring each account of a case, and their bounds."""
    return responses(
        case.accounts,
        case.cost_per_hour,
        case.margin,
        case.rules,
        tiers=case.tiers,
        judged=case.judged,
        segment_rules=case.segment_rules,
        minimums=case.minimums,
        fits=case.fits,
    )


def answer_of(case: Case, response: pd.DataFrame) -> Answer:
    """The optimum of a case, and what the rules would lose."""
    curve = _curve(case, response)
    best = curve.optimum(case.loaded_cost, case.rules.flat)
    arr = float(case.accounts["arr"].sum())
    rules = []
    for name, arrears in (("rule", False), ("arrears", True)):
        csms = int(csm_ratio(arr, case.arr_per_csm, arrears))
        net = net_at(curve, csms, case.loaded_cost)
        rules.append(RuleGap(name, csms, net, None if net is None else best.net_value - net))
    return Answer(case.rules.years, best, case.loaded_cost, curve, tuple(rules))


def best_of(case: Case) -> tuple[int, float]:
    """The optimal headcount of a case and its net value, without the curve where it can be."""
    response = responses_of(case)
    if _has_levels(case, response) or case.rules.guard == "segment":
        best = answer_of(case, response).optimum
        return best.csms, best.net_value
    scale, kappa, low, high = (response[n].to_numpy() for n in ("scale", "kappa", "low", "high"))
    checked = checked_responses(scale, kappa, low, high, 1.0)
    return best_headcount(checked, case.effective_hours, case.loaded_cost)


def standing_at(answer: Answer, csms: int) -> Standing:
    """What a headcount of a curve is worth; beyond the last useful one more hours add nothing."""
    if csms > MOST_CSMS:
        raise InputError(f"csms is {csms:,}; ask for at most {MOST_CSMS:,}")
    curve = answer.curve
    fewest, last = int(curve.csms[0]), int(curve.csms[-1])
    if csms < fewest:
        raise InfeasibleError(
            f"{csms:,} CSM{'' if csms == 1 else 's'} cannot give the hours: the floors and minimum "
            "service of the accounts "
            f"need {fewest:,} CSM{'' if fewest == 1 else 's'}"
        )

    def value_and_bound(count: int) -> tuple[float, float]:
        at = min(count, last) - fewest
        if isinstance(curve, ValueCurve):
            exact = curve.exact_at(fewest + at)
            return exact.value, exact.bound
        return float(curve.value[at]), float(curve.bound[at])

    value, bound = value_and_bound(csms)
    following = max(0.0, value_and_bound(csms + 1)[0] - value) if csms < last else 0.0
    cost = csms * answer.csm_cost
    proven = settled(bound - cost, value - cost, float(np.abs(curve.bound).max(initial=0.0)))
    price = float(curve.hour_price[csms - fewest]) if csms <= last else 0.0
    return Standing(csms, value, value - cost, proven, price, following)


def net_at(curve: ContinuousCurve | ValueCurve, csms: float, cost: float) -> float | None:
    """Net value of any headcount; None below the fewest. Beyond the last, more hours add nothing.

    Parts of a CSM lie on the line between two headcounts. The curve of a menu of levels is refined
    to the exact value, as the optimum is.
    """
    fewest, last = int(curve.csms[0]), int(curve.csms[-1])
    if csms < fewest:
        return None
    useful = min(csms, last)
    below = int(useful)
    value = _value_at(curve, below)
    if part := useful - below:
        value += part * (_value_at(curve, below + 1) - value)
    return value - cost * csms


def _value_at(curve: ContinuousCurve | ValueCurve, csms: int) -> float:
    value = float(curve.value[csms - int(curve.csms[0])])
    return max(value, curve.exact_at(csms).value) if isinstance(curve, ValueCurve) else value


def _curve(case: Case, response: pd.DataFrame) -> ContinuousCurve | ValueCurve:
    groups: dict[str, Any] = {}
    if case.rules.guard == "segment":
        groups = _budgets(case, response)
    if not _has_levels(case, response):
        low, high = response["low"].to_numpy(), response["high"].to_numpy()
        return continuous_curve(
            response["scale"].to_numpy(),
            response["kappa"].to_numpy(),
            case.effective_hours,
            low=low,
            high=high,
            **groups,
        )
    levels = case.rules.menu == "levels"
    return value_curve(*_menu(case, response), case.effective_hours, exact=levels, **groups)


def _has_levels(case: Case, response: pd.DataFrame) -> bool:
    """Whether hours come in steps: as service levels, or because a response is S-shaped."""
    return case.rules.menu == "levels" or not response["c"].isna().all()


FINE = 65
"""Steps of hours that stand for continuous ones where a response is S-shaped."""


def _menu(case: Case, response: pd.DataFrame) -> tuple[Any, Any]:
    """Hours and value of each level, kept within each account's bounds."""
    low, high, today, scale = (
        response[name].to_numpy()[:, None] for name in ("low", "high", "hours_today", "scale")
    )
    if case.rules.menu == "continuous":
        hours, cost = low + (high - low) * np.linspace(0, 1, FINE) ** 2, np.zeros(FINE)
    else:
        hours = np.clip(today * [level.share for level in case.levels], low, high)
        cost = np.array([level.cost for level in case.levels])
    return hours, scale * rise(response, hours) - cost


def _budgets(case: Case, response: pd.DataFrame) -> dict[str, Any]:
    """Hours each segment may get for support and success to stay within its revenue."""
    accounts = case.accounts
    group, names = pd.factorize(accounts["segment"])
    arr = np.bincount(group, accounts["arr"], len(names))
    support = np.bincount(group, accounts["support_cost"], len(names))
    low = np.bincount(group, response["low"], len(names))
    hours = room_for_success(arr, support, case.margin.max_share) / case.cost_per_hour
    for at in np.flatnonzero(low > hours * (1 + 1e-12)):
        raise InfeasibleError(
            f'the floors of segment "{names[int(at)]}" come to {low[at]:,.6g} hours; its margin '
            f"guard allows {hours[at]:,.6g}; lower the floors or guard customers, not segments"
        )
    return {"groups": group, "group_hours": hours}


def hulls_of(view: ValueView) -> tuple[Increments, Any, Any]:
    """The concave hulls of each account's levels, within the budgets of segments.

    They prove the bound of a view whose hours come in steps. Second and third come hours and value
    of the level that each account has in any case.
    """
    hours, value = _menu(view.case, view.accounts)
    found = increments(hours, value)
    rows = np.arange(len(hours))
    hours, value = hours[rows, found.base], value[rows, found.base]
    if view.case.rules.guard == "segment":
        limits = _budgets(view.case, view.accounts)
        _, found, _ = budgets.within(found, limits["groups"], limits["group_hours"], hours)
    return found, hours, value


def given_at(
    case: Case, response: pd.DataFrame, curve: ContinuousCurve | ValueCurve, csms: int
) -> pd.DataFrame:
    """What each account gets at a headcount, and what it brings; see `ValueView.accounts`."""
    csms = min(csms, int(curve.csms[-1]))
    names = np.array([level.name for level in case.levels], dtype=object)
    chosen = None
    if isinstance(curve, ContinuousCurve):
        hours = curve.hours_at(csms)
    else:
        chosen = curve.levels_at(csms)
        hours = _menu(case, response)[0][np.arange(len(chosen)), chosen]
    cost = np.zeros(len(hours))
    if chosen is not None and case.rules.menu == "levels":
        level = names[chosen]
        cost = np.array([level.cost for level in case.levels], float)[chosen]
    else:
        shares = np.array([level.share for level in case.levels])
        order = shares.argsort()
        today = response["hours_today"].where(response["hours_today"] > 0, 1.0)
        multiple = hours / today.to_numpy() * (1 + 1e-9)
        below = np.searchsorted(shares[order], multiple, side="right") - 1
        level = names[order][np.maximum(below, 0)]
    risen = rise(response, hours)
    return response.assign(
        hours=hours,
        level=level,
        level_cost=cost,
        retention=response["none"] + (response["saturated"] - response["none"]) * risen,
        value=response["scale"] * risen - cost,
    )


def segments_of(case: Case, given: pd.DataFrame) -> pd.DataFrame:
    """Accounts, hours, value and margin guard of each segment; see `ValueView.by_segment`."""
    accounts = case.accounts
    table = pd.DataFrame(
        {
            "segment": accounts["segment"],
            "arr": accounts["arr"],
            "support_cost": accounts["support_cost"],
            "hours": given["hours"],
            "value": given["value"],
        }
    )
    grouped = table.groupby("segment", observed=True, sort=False)
    summed = grouped.sum()
    summed.insert(0, "accounts", grouped.size())
    summed["success_cost"] = summed["hours"] * case.cost_per_hour
    summed["guard"] = np.atleast_1d(
        csm_margin_guard(
            summed["arr"].to_numpy(),
            summed["support_cost"].to_numpy(),
            summed["success_cost"].to_numpy(),
            case.margin.max_share,
        )
    )
    return summed
