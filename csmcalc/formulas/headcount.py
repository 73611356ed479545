"""As many CSMs as it takes, for a book told by segments: the optimum, its curve, its hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeAlias

import numpy as np

from csmcalc.core.arguments import Amount, Base, Flag, Heading, Number, Share, TableOf
from csmcalc.core.formula import Rows, formula, require
from csmcalc.core.rounding import at_least, below, whole_up
from csmcalc.errors import Fault, FaultKind
from csmcalc.formulas.ratio import csm_ratio
from csmcalc.optimum import worth
from csmcalc.optimum.best import best_headcount
from csmcalc.optimum.line import Line
from csmcalc.optimum.responses import Responses, responses_of

_AMOUNT, _BASE = Number(low=0), Number(low=0, divides=True)

SegmentTable: TypeAlias = Annotated[
    Any,
    TableOf(
        (
            Heading("accounts", _AMOUNT),
            Heading("arr_per_account", _AMOUNT),
            Heading("hours_today", _BASE),
            Heading("retention_none", _AMOUNT),
            Heading("retention_today", _AMOUNT),
            Heading("retention_saturated", _AMOUNT),
            Heading("hours_min", _AMOUNT),
            Heading("hours_max", _AMOUNT),
        ),
        (
            require(
                FaultKind.NUM,
                "they must ascend: none < today < saturated",
                lambda retention_none, retention_today, retention_saturated: (
                    below(retention_none, retention_today)
                    & below(retention_today, retention_saturated)
                ),
            ),
            require(
                FaultKind.NUM,
                "hours_min must not exceed hours_max",
                lambda hours_min, hours_max: hours_min <= hours_max,
            ),
        ),
    ),
]
"""A row a segment; net retention factors may exceed 1."""

Years: TypeAlias = Annotated[Any, Number(low=1, high=100)]

MOST_ROWS = 1_048_576
"""Headcounts of a curve that a worksheet has rows for."""


def _minimum(segments: Mapping[str, Any]) -> float:
    return float(segments["accounts"] @ segments["hours_min"])


_WHOLE_YEARS = require(
    FaultKind.NUM, "years must be a whole number", lambda years: np.mod(years, 1) == 0
)
_ENOUGH = require(
    FaultKind.NUM,
    "csms x effective_hours must cover the minimum hours of all accounts",
    lambda segment_table, effective_hours, csms: at_least(
        csms * effective_hours, _minimum(segment_table)
    ),
)


@dataclass(frozen=True)
class _Book:
    """A segment table under one set of scalars."""

    segments: Mapping[str, Any]
    loaded_cost: float
    effective_hours: float
    gross_margin: float
    discount: float
    years: float
    charge_service: bool

    @cached_property
    def responses(self) -> Responses:
        """How the accounts of each segment respond to hours."""
        s = self.segments
        none, today, saturated = (s[f"retention_{point}"] for point in _POINTS)
        cost_per_hour = self.loaded_cost / self.effective_hours if self.charge_service else 0.0
        margin = worth.yearly_margin(
            s["arr_per_account"], self.gross_margin, s["hours_today"] * cost_per_hour
        )
        return responses_of(
            margin * worth.continuation(today, self.discount, self.years) * (saturated - none),
            worth.steepness(none, today, saturated, s["hours_today"]),
            s["hours_min"],
            s["hours_max"],
            s["accounts"],
        )

    @cached_property
    def line(self) -> Line:
        """Hours and value of all accounts by the price of an hour."""
        return Line.of(self.responses)

    @property
    def fewest(self) -> float:
        """Whole CSMs that cover the minimum hours."""
        return float(whole_up(self.line.hours[0] / self.effective_hours))

    @property
    def most(self) -> float:
        """Whole CSMs beyond which no hour is useful."""
        return float(whole_up(self.line.hours[-1] / self.effective_hours))

    def at(self, csms: Any) -> tuple[Any, Any]:
        """Price of an hour and value at headcounts, each hour given where it brings most."""
        hours = np.maximum(np.atleast_1d(csms) * self.effective_hours, self.line.hours[0])
        return self.line.at(hours)

    def value(self, csms: Any) -> Any:
        """What headcounts are worth, before their cost."""
        return self.at(csms)[1]

    def net(self, csms: float) -> float:
        """What a headcount is worth, less its cost."""
        return float(self.value(csms)[0]) - csms * self.loaded_cost

    @property
    def optimum(self) -> float:
        """The headcount of the highest net value."""
        return best_headcount(self.responses, self.effective_hours, self.loaded_cost)[0]


_POINTS = ("none", "today", "saturated")


def _each(answer: Callable[..., Any], segments: Mapping[str, Any], *scalars: Any) -> Any:
    """An answer for each element of the scalars; one without gets its own fault."""
    shape = np.broadcast_shapes(*map(np.shape, scalars))
    columns = [np.broadcast_to(scalar, shape).ravel().tolist() for scalar in scalars]
    answers = [answer(segments, *given) for given in zip(*columns, strict=True)]
    if not shape:
        return answers[0]
    has_faults = any(isinstance(one, Fault) for one in answers)
    return np.array(answers, dtype=object if has_faults else float).reshape(shape)


@formula(_WHOLE_YEARS)
def csm_optimal_headcount(
    segment_table: SegmentTable,
    loaded_cost: Amount,
    effective_hours: Base,
    gross_margin: Share,
    discount: Amount,
    years: Years,
    charge_service: Flag = True,
) -> Any:
    """Whole CSMs that maximise the value of all customers, net of what the CSMs cost.

    csms = the whole number with the highest value of service - csms x loaded_cost

    value = sum of scale x (1 - exp(-k x hours)) over all accounts, hours given where they bring
    most; scale = yearly margin x years of it x (saturated - none)

    Args:
        segment_table: a row a segment: accounts, arr_per_account, hours_today, retention_none,
            retention_today, retention_saturated, hours_min, hours_max; table.
        loaded_cost: what a CSM costs a year; currency per year and CSM.
        effective_hours: hours a CSM has for customers; hours per year and CSM.
        gross_margin: margin before support and success cost; share.
        discount: discount rate; share a year.
        years: years for which what is retained counts; years.
        charge_service: TRUE charges the future service of what is retained; TRUE or FALSE.

    Returns: the optimal headcount, one value per element; CSMs.

    Errors: #NUM! a negative number, net retention that does not rise from none over today to
    saturated, hours_min above hours_max, years not whole; #DIV/0! hours_today or effective_hours
    is 0; #N/A an empty table or cell; #VALUE! a table of other columns.

    Source: Our own (docs/model.md), after Lodish, CALLPLAN (Management Science 1971); the case in
    tests/reference was verified with an independent solver.

    >>> csm_optimal_headcount(
    ...     [
    ...         [48, 666_667, 106.2, 0.90, 1.04, 1.10, 24, 250],
    ...         [210, 90_000, 50.7, 0.82, 0.94, 1.00, 6, 120],
    ...         [1_240, 12_016, 4.1, 0.74, 0.81, 0.86, 0.5, 20],
    ...     ],
    ...     182_000, 1_065, 0.81, 0.10, [5, 1],
    ... )
    array([33., 11.])
    """
    scalars = loaded_cost, effective_hours, gross_margin, discount, years, charge_service
    return _each(lambda *given: _Book(*given).optimum, segment_table, *scalars)


@formula(_WHOLE_YEARS)
def csm_value_curve(
    segment_table: SegmentTable,
    loaded_cost: Amount,
    effective_hours: Base,
    gross_margin: Share,
    discount: Amount,
    years: Years,
    charge_service: Flag = True,
    max_csms: Amount = None,
) -> Rows:
    """Net value of every headcount, from the fewest that cover the minimum hours.

    net value = value of service - csms x loaded_cost; each row also says what its last CSM adds
    to the value

    Args:
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service:
            as in csm_optimal_headcount.
        max_csms: where the curve ends, by default with the last useful CSM; CSMs.

    Returns: csms, net value, value of that CSM (#N/A in the first row), a row each; CSMs and
    currency.

    Errors: #NUM! as CSM_OPTIMAL_HEADCOUNT, max_csms that do not cover the minimum hours, a curve
    longer than a worksheet; #DIV/0! hours_today or effective_hours is 0; #N/A an empty table or
    cell; #VALUE! a table of other columns.

    Source: Our own (docs/model.md), after Lodish, CALLPLAN (Management Science 1971).

    >>> curve = csm_value_curve([[40, 50_000, 40, 0.8, 0.9, 1, 25, 60]], 1.5e5, 1_000, 0.8, 0.1, 3)
    >>> curve[:, 1].astype(float).round()
    array([ 66263.,  56492., -52360.])
    >>> curve[0, 2], round(curve[1, 2])
    (#N/A, 140229)
    """
    book = _Book(
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service
    )
    last = book.most if np.isnan(max_csms) else float(max_csms)
    if last < book.fewest:
        wrong = f"max_csms is {last:g}; the minimum hours of all accounts need {book.fewest:g} CSMs"
        raise Fault(FaultKind.NUM, wrong)
    if last - book.fewest >= MOST_ROWS:
        wrong = f"the curve has {last - book.fewest + 1:,.0f} headcounts; max_csms must end it"
        raise Fault(FaultKind.NUM, wrong)
    csms = np.arange(book.fewest, last + 1)
    value = book.value(csms)
    first = Fault(FaultKind.NA, "there is no headcount before the first")
    of_each = [first, *np.diff(value).tolist()]
    net = value - csms * loaded_cost
    return list(zip(csms.tolist(), net.tolist(), of_each, strict=True))


@formula(_WHOLE_YEARS, _ENOUGH)
def csm_service_hours(
    segment_table: SegmentTable,
    loaded_cost: Amount,
    effective_hours: Base,
    gross_margin: Share,
    discount: Amount,
    years: Years,
    csms: Amount,
    charge_service: Flag = True,
) -> Rows:
    """Hours a year for an account of each segment when a team's hours go where they bring most.

    hours = ln(scale x k / price) / k within hours_min and hours_max, one price for all

    Args:
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service:
            as in csm_optimal_headcount.
        csms: CSMs in the team; CSMs.

    Returns: hours of an account, a row a segment; hours per year and account.

    Errors: #NUM! as CSM_OPTIMAL_HEADCOUNT, too few csms for the minimum hours; #DIV/0! hours_today
    or effective_hours is 0; #N/A an empty table or cell; #VALUE! a table of other columns.

    Source: Our own (docs/model.md), after Lodish, CALLPLAN (Management Science 1971).

    >>> csm_service_hours(
    ...     [[40, 50_000, 40, 0.8, 0.9, 1, 0, 60], [100, 9_000, 9, 0.7, 0.8, 0.9, 2, 20]],
    ...     150_000, 1_000, 0.8, 0.1, 3, 2,
    ... ).round(2)
    array([[39.6 ],
           [ 4.16]])
    """
    book = _Book(
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service
    )
    price, _ = book.at(csms)
    return [(hours,) for hours in book.responses.hours_at(float(price[0])).tolist()]


@formula(_WHOLE_YEARS, _ENOUGH)
def csm_next_value(
    segment_table: SegmentTable,
    loaded_cost: Amount,
    effective_hours: Base,
    gross_margin: Share,
    discount: Amount,
    years: Years,
    csms: Amount,
    charge_service: Flag = True,
) -> Any:
    """What one CSM more would be worth, before the cost.

    next value = value of csms + 1 - value of csms; hire while it exceeds loaded_cost

    Args:
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service:
            as in csm_optimal_headcount.
        csms: CSMs in the team before; CSMs.

    Returns: gross value of the next CSM, one value per element; currency.

    Errors: #NUM! as CSM_OPTIMAL_HEADCOUNT, too few csms for the minimum hours; #DIV/0! hours_today
    or effective_hours is 0; #N/A an empty table or cell; #VALUE! a table of other columns.

    Source: Our own (docs/model.md); the case in tests/reference was verified independently.

    >>> csm_next_value(
    ...     [[40, 50_000, 40, 0.8, 0.9, 1, 0, 60], [100, 9_000, 9, 0.7, 0.8, 0.9, 2, 20]],
    ...     150_000, 1_000, 0.8, 0.1, 3, [1, 2, 3],
    ... ).round()
    array([156783., 117170.,  79258.])
    """
    scalars = loaded_cost, effective_hours, gross_margin, discount, years, charge_service, csms

    def worth_of_next(*given: Any) -> float:
        value = _Book(*given[:-1]).value([given[-1], given[-1] + 1])
        return float(value[1] - value[0])

    return _each(worth_of_next, segment_table, *scalars)


@formula(_WHOLE_YEARS)
def csm_rule_gap(
    segment_table: SegmentTable,
    loaded_cost: Amount,
    effective_hours: Base,
    gross_margin: Share,
    discount: Amount,
    years: Years,
    charge_service: Flag = True,
    arr_per_csm: Base = 2_000_000,
) -> Any:
    """Net value lost by hiring as the ARR rule says, its hours still given where they bring most.

    gap = net value of the optimum - net value of arr / arr_per_csm CSMs, rounded up

    Args:
        segment_table, loaded_cost, effective_hours, gross_margin, discount, years, charge_service:
            as in csm_optimal_headcount.
        arr_per_csm: ARR that one CSM covers by the rule; currency per year and CSM.

    Returns: the net value lost, 0 where the rule meets the optimum, one value per element;
    currency.

    Errors: #NUM! as CSM_OPTIMAL_HEADCOUNT, too few CSMs by the rule for the minimum hours; #DIV/0!
    hours_today, effective_hours or arr_per_csm is 0; #N/A an empty table or cell; #VALUE! a table
    of other columns.

    Source: Our own (docs/model.md); the rule: Schechter 2015.

    >>> csm_rule_gap(
    ...     [[40, 50_000, 40, 0.8, 0.9, 1, 0, 60], [100, 9_000, 9, 0.7, 0.8, 0.9, 2, 20]],
    ...     150_000, 1_000, 0.8, 0.1, 3, True, [500_000, 2_000_000],
    ... ).round()
    array([385017.,      0.])
    """
    arr = float(segment_table["accounts"] @ segment_table["arr_per_account"])
    by_rule = csm_ratio(arr, arr_per_csm)
    scalars = loaded_cost, effective_hours, gross_margin, discount, years, charge_service, by_rule
    return _each(_lost, segment_table, *scalars)


def _lost(*given: Any) -> float | Fault:
    book, by_rule = _Book(*given[:-1]), given[-1]
    if by_rule < book.fewest:
        return Fault(
            FaultKind.NUM,
            f"the rule gives {by_rule:g} CSMs; the minimum hours of all accounts need "
            f"{book.fewest:g}",
        )
    return max(0.0, book.net(book.optimum) - book.net(by_rule))
