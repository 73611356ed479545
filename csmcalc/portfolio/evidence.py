"""Responses from history: a curve for each tier whose hours and outcomes are on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csmcalc.errors import InputError
from csmcalc.optimum.history import ResponseFit, fit_response


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the history of a tier can carry: a fit, or the reason why there is none.

    Attributes:
        tier: the touch tier.
        observations: accounts with hours and an outcome, lost ones included.
        fit: the fitted curve, None where it was refused.
        refusal: why there is no fit.
    """

    tier: str
    observations: int
    fit: ResponseFit | None
    refusal: str = ""


def observations(customers: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    """Tier, hours and net retention of the accounts that had ARR a year ago and hours on record.

    Lost accounts count with a net retention of 0: without them service would look useless.
    """
    kept = _with_outcome(customers)
    gone = _with_outcome(lost).assign(retention=0.0)
    return pd.concat([kept, gone], ignore_index=True)


def _with_outcome(customers: pd.DataFrame) -> pd.DataFrame:
    if not {"hours", "prior_arr"} <= set(customers):
        return pd.DataFrame({"tier": [], "hours": [], "retention": []})
    prior = customers["prior_arr"]
    known = customers["hours"].notna() & (prior > 0)
    seen = customers.loc[known, ["tier", "hours"]]
    return seen.assign(retention=customers["arr"][known] / prior[known])


def evidence_of(observed: pd.DataFrame, tiers: Sequence[str]) -> tuple[Evidence, ...]:
    """What the observations say of each tier."""
    found = []
    for tier in tiers:
        own = observed[observed["tier"] == tier]
        try:
            fit = fit_response(own["hours"].to_numpy(float), own["retention"].to_numpy(float))
        except InputError as refused:
            found.append(Evidence(tier, len(own), None, str(refused)))
        else:
            found.append(Evidence(tier, len(own), fit))
    return tuple(found)


def fits_of(evidence: Sequence[Evidence]) -> Mapping[str, ResponseFit]:
    """The curves there are, by tier."""
    return {one.tier: one.fit for one in evidence if one.fit is not None}


def band_at(fit: ResponseFit, hours: float) -> tuple[float, float]:
    """The 95 % confidence band of a fitted curve at some hours."""
    low, high = fit.band(np.array([hours]))
    return float(low[0]), float(high[0])
