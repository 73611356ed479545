"""Stars, cash cows, question marks and poor dogs: the book on the BCG matrix.

Profitability is the contribution margin at *standard* service, because the cost of the service an
account actually gets already follows from its segment. Growth is the yearly rate of the ARR.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csmcalc.core.rounding import at_least
from csmcalc.core.setting import setting
from csmcalc.formulas import bcg
from csmcalc.portfolio.columns import as_column

METHODS = ("fixed", "median", "mean", "weighted", "percentile")
SEGMENTS = ("Star", "Cash Cow", "Question Mark", "Poor Dog")
NO_VERDICT = "No verdict"
"""What stands in place of the segment where the list does not tell the growth."""
_HEDLEY = "Hedley 1977 cuts market growth at 10 %"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Where the lines of the matrix run.

    The book's own margin (the ARR-weighted mean) cuts profitability: an account is profitable when
    a dollar of its ARR earns at least what a dollar of the whole book earns. A fixed cut would mean
    something else in every company, and a median calls half of any book unprofitable. Growth is
    cut at the 10 % of the original matrix. A line read off the book is never below zero.
    """

    profitability_method: str = setting(
        "weighted",
        "how the profitability line is found: fixed, or from the book (weighted by ARR)",
        "word",
        "csmcalc: the book's own margin",
        title="Profitability method",
        choices=METHODS,
    )
    profitability_threshold: float = setting(
        0.6,
        "the line when the method is fixed, as a share of ARR",
        "share",
        "csmcalc",
        title="Profitability line",
        low=-100,
        high=100,
    )
    profitability_percentile: float = setting(
        0.5,
        "the percentile when the method is percentile",
        "share",
        "csmcalc",
        title="Profitability percentile",
        low=0,
        high=1,
    )
    growth_method: str = setting(
        "fixed",
        "how the growth line is found: fixed, or from the book (weighted by ARR)",
        "word",
        _HEDLEY,
        title="Growth method",
        choices=METHODS,
    )
    growth_threshold: float = setting(
        0.1,
        "the line when the method is fixed, as a rate a year",
        "share a year",
        _HEDLEY,
        title="Growth line",
        low=-100,
        high=100,
    )
    growth_percentile: float = setting(
        0.5,
        "the percentile when the method is percentile",
        "share",
        "csmcalc",
        title="Growth percentile",
        low=0,
        high=1,
    )
    potential_years: float = setting(
        2.5,
        "years over which an expected ACV multiple is reached; turns it into a yearly rate",
        "years",
        "potential in 2-3 years (How many customer success managers you really need)",
        title="Potential reached in",
        low=0,
        low_open=True,
    )
    band: float = setting(
        0.0,
        "half-width around both lines inside which an account keeps its previous segment",
        "share",
        "csmcalc: no band; two quarters before a move is practice",
        title="Hysteresis band",
        low=0,
    )
    borderline: float = setting(
        0.02,
        "distance to a line up to which an account is flagged as borderline",
        "share",
        "csmcalc",
        title="Borderline",
        low=0,
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the two lines of the matrix run for a book; growth is None without growth data."""

    profitability: float
    growth: float | None


def growth_of(customers: pd.DataFrame, potential_years: float) -> pd.DataFrame:
    """Yearly growth of each account and where it comes from.

    Columns `growth_used` (NaN where the list says nothing) and `growth_from`: the potential when
    it is given, else the rate, else the change from the prior-year ARR.
    """
    arr = customers["arr"]
    used = pd.Series(np.nan, index=customers.index)
    origin = pd.Series("", index=customers.index, dtype=object)
    candidates: dict[str, pd.Series] = {}
    if "potential" in customers:
        candidates["potential"] = customers["potential"] ** (1 / potential_years) - 1
    if "growth" in customers:
        candidates["growth rate"] = customers["growth"]
    if "prior_arr" in customers:
        prior = customers["prior_arr"].where(customers["prior_arr"] > 0)
        candidates["prior ARR"] = arr / prior - 1
    for name, rate in candidates.items():
        fills = used.isna() & rate.notna()
        used = used.where(~fills, rate)
        origin = origin.where(~fills, name)
    return pd.DataFrame({"growth_used": used, "growth_from": origin})


def line(
    values: pd.Series, method: str, fixed: float, percentile: float, weights: pd.Series
) -> float:
    """One line of the matrix by its method; missing values do not count.

    A line read off the book is never below zero: who loses money or shrinks is not on the high
    side, however poor the book. That of no values is zero.
    """
    if method == "fixed":
        return fixed
    known = values.notna()
    if not known.any():
        return 0.0
    threshold = bcg.bcg_threshold(
        values[known].to_numpy(),
        method,
        weights[known].to_numpy() if method == "weighted" else None,
        percentile,
    )
    return max(0.0, float(threshold))


def lines_of(
    margin: pd.Series, growth: pd.Series, arr: pd.Series, matrix: Matrix, *, always: bool = False
) -> Lines:
    """Both lines of the matrix for a book; `always` draws that of growth whatever is known."""
    growth_line = None
    if always or growth.notna().any():
        growth_line = line(
            growth, matrix.growth_method, matrix.growth_threshold, matrix.growth_percentile, arr
        )
    return Lines(
        line(
            margin,
            matrix.profitability_method,
            matrix.profitability_threshold,
            matrix.profitability_percentile,
            arr,
        ),
        growth_line,
    )


def segment(
    customers: pd.DataFrame, margin: pd.Series, growth: pd.Series, lines: Lines, matrix: Matrix
) -> pd.DataFrame:
    """Segment, distance to the nearer line and borderline flag; no verdict without growth."""
    segments = pd.DataFrame(
        {
            "segment": pd.Series(NO_VERDICT, index=margin.index, dtype=object),
            "distance": np.nan,
            "borderline": False,
        }
    )
    known = growth.notna()
    if lines.growth is None or not known.any():
        return segments
    at = (margin[known].to_numpy(), growth[known].to_numpy(), lines.profitability, lines.growth)
    named = bcg.bcg_segment(*at, matrix.band, _previous(customers, known))
    segments.loc[known, "segment"] = as_column(named, customers, known).astype(object)
    distance = as_column(bcg.bcg_distance(*at), customers, known)
    segments.loc[known, "distance"] = distance
    segments.loc[known, "borderline"] = at_least(matrix.borderline, distance)
    return segments


def _previous(customers: pd.DataFrame, known: pd.Series) -> list[str | None] | None:
    if "previous_segment" not in customers:
        return None
    told = customers.loc[known, "previous_segment"]
    if told.isna().all():
        return None
    return [word if isinstance(word, str) else None for word in told.to_numpy(object)]


def action(segments: pd.Series, loses_money: pd.Series) -> pd.Series:
    """What to do with each account; exit is advised only to poor dogs that lose money."""
    actions = dict(zip(SEGMENTS, bcg.bcg_action(list(SEGMENTS)), strict=True))
    advice = segments.map(actions).fillna("").astype(object)
    dog = segments == "Poor Dog"
    advice[dog & loses_money] = "Exit"
    advice[dog & ~loses_money] = "Reduce services"
    return advice


def room_for_service(
    arr: pd.Series, gross_margin: pd.Series, support: pd.Series, line: float
) -> pd.Series:
    """The most a year of service may cost for an account to stay on the profitable side."""
    return arr * (gross_margin - line) - support


def lean_cost(room: pd.Series, segments: pd.Series) -> pd.Series:
    """The cost of lean service that would make a poor dog a cash cow.

    NaN for other segments, and where no service at all would still leave the account short.
    """
    return room.where((segments == "Poor Dog") & (room >= 0))
