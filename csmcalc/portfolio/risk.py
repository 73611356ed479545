"""How sure the optimum is: ranges under a shared shock, and a tornado of what moves the answer."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from csmcalc.optimum import shock
from csmcalc.portfolio.judgement import applied
from csmcalc.portfolio.value import Case, ValueView, best_of

PERCENTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Range:
    """P10, P50 and P90 of a figure a year ahead."""

    name: str
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the tornado: what the answer becomes when one input alone is changed."""

    name: str
    low: str
    high: str
    csms_low: int
    csms_high: int
    net_low: float
    net_high: float


def uncertainty(view: ValueView, csms: int | None = None) -> tuple[Range, ...]:
    """P10, P50 and P90 a year ahead, at the optimum or at a headcount.

    They are of ARR, of the CSMs needed at these hours, and of net value.

    Each account renews or leaves, and may expand, with the probabilities its net retention implies
    in an ordinary year; all share one shock. Hours grow with the account. A bad shock takes more
    than a good one gives, so that on average net value is a little less than the optimum's.
    """
    csms = view.chosen.optimum.csms if csms is None else csms
    case, given = view.case, view.accounts_at(csms)
    rules, rho = case.rules, given["retention"].to_numpy()
    stays = np.minimum(rho, rules.renewal_cap)
    growth = np.divide(rho, stays, out=np.ones_like(rho), where=stays > 0)
    grown = 1 + (growth - 1) / rules.expanding
    worth = (given["yearly_margin"] * given["multiple"]).to_numpy()
    # What happens whatever the fates: what is compared with, tools of the levels, the team.
    unserved = float((worth * given["none"].to_numpy()).sum() + given["level_cost"].sum())
    cost = case.loaded_cost * csms
    figures = (
        ("ARR", case.accounts["arr"].to_numpy(), 0.0),
        ("CSMs needed", given["hours"].to_numpy() / case.effective_hours, 0.0),
        ("Net value", worth, -unserved - cost),
    )
    ranges = []
    for name, amount, constant in figures:
        customers = shock.fates(stays, rules.expanding, amount, amount * grown)
        found = shock.distribution(customers, rules.shock, constant)
        ranges.append(Range(name, *(found.quantile(share) for share in PERCENTILES)))
    return tuple(ranges)


def tornado(case: Case, swing: float = 0.1, years: int = 2) -> tuple[Bar, ...]:
    """What moves the answer most: each input alone changed down and up, widest bar first."""
    names = {name: case.accounts[name].astype("category") for name in ("tier", "segment")}
    case = dataclasses.replace(case, accounts=case.accounts.assign(**names))
    short, long = max(1, case.rules.years - years), case.rules.years + years
    over = case.with_rules(years=short), case.with_rules(years=long)
    bars = [_bar("Horizon", f"{short} years", f"{long} years", *over)]
    changes = {
        "Response": _respond,
        "Gross margin": _earn,
        "Complexity": _complicate,
        "Effective hours": _work,
        "Cost of a CSM": _pay,
    }
    for name, change in changes.items():
        low, high = change(case, 1 - swing), change(case, 1 + swing)
        bars.append(_bar(name, f"-{swing:.0%}", f"+{swing:.0%}", low, high))
    return tuple(sorted(bars, key=lambda bar: -abs(bar.net_high - bar.net_low)))


def _bar(name: str, low: str, high: str, lower: Case, upper: Case) -> Bar:
    (fewer, below), (more, above) = map(best_of, (lower, upper))
    return Bar(name, low, high, fewer, more, below, above)


def _respond(case: Case, factor: float) -> Case:
    """The lift of service over none, scaled."""
    tiers = [*case.tiers, *(t for t in case.accounts["tier"].unique() if t not in case.tiers)]
    scaled = [
        dataclasses.replace(
            point,
            today=point.none + factor * (point.today - point.none),
            saturated=point.none + factor * (point.saturated - point.none),
            more=None if point.more is None else point.none + factor * (point.more - point.none),
        )
        for point in applied(case.judged, tiers)
    ]
    fits = {
        name: dataclasses.replace(fit, saturated=fit.none + factor * (fit.saturated - fit.none))
        for name, fit in case.fits.items()
    }
    return dataclasses.replace(case, judged=tuple(scaled), fits=fits)


def _earn(case: Case, factor: float) -> Case:
    gross = (case.accounts["gross_margin"] * factor).clip(upper=1.0)
    return dataclasses.replace(case, accounts=case.accounts.assign(gross_margin=gross))


def _complicate(case: Case, factor: float) -> Case:
    hours = {name: case.accounts[name] * factor for name in ("planned_hours", "standard_hours")}
    return dataclasses.replace(case, accounts=case.accounts.assign(**hours))


def _work(case: Case, factor: float) -> Case:
    return dataclasses.replace(case, effective_hours=case.effective_hours * factor)


def _pay(case: Case, factor: float) -> Case:
    return dataclasses.replace(case, loaded_cost=case.loaded_cost * factor)
