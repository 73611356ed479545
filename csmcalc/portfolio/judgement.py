"""What is judged about service: responses, bounds of segments, levels, and how value is reckoned.

No list tells how its customers would have fared with other service. Three points are judged per
tier or segment: net retention without service, at today's hours, and where more service lifts it no
further. The defaults are illustrations, not measurements; `evidence` fits them to history where the
list carries it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from csmcalc.core.setting import entry, setting
from csmcalc.errors import InfeasibleError, InputError
from csmcalc.formulas.response import csm_adbudg_fit
from csmcalc.portfolio.segments import SEGMENTS

JUDGED_BY = "csmcalc: judged, an illustration; replace it by your own judgement or a fit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Net retention (may exceed 1) of the accounts of a tier, a segment or both, at three points.

    With `more`, the net retention at half as many hours again as today's, there are four points and
    the response is Little's ADBUDG curve, which may be S-shaped; without it, it saturates
    exponentially. The row that names most applies: tier and segment, else segment, else tier. A
    tier of which no row speaks keeps csmcalc's default.
    """

    tier: str | None = entry("touch tier it holds for", "text", title="Touch tier", default=None)
    segment: str | None = entry(
        "BCG segment it holds for", "text", title="Segment", default=None, choices=SEGMENTS
    )
    none: float = entry(
        "net retention without service", "share, may exceed 1", title="No service", low=0
    )
    today: float = entry(
        "net retention at today's hours", "share, may exceed 1", title="Today", low=0
    )
    more: float | None = entry(
        "net retention at half as many hours again; makes the response an ADBUDG curve",
        "share, may exceed 1",
        title="Half as much again",
        default=None,
        low=0,
    )
    saturated: float = entry(
        "net retention that no service lifts further",
        "share, may exceed 1",
        title="Saturated",
        low=0,
    )
    hours_min: float | None = entry(
        "fewest hours a year and account", "hours", title="Fewest hours", default=None, low=0
    )
    hours_max: float | None = entry(
        "most hours a year and account", "hours", title="Most hours", default=None, low=0
    )

    @property
    def name(self) -> str:
        """What it holds for, in words."""
        return " / ".join(word for word in (self.tier, self.segment) if word) or "all accounts"

    def check(self) -> None:
        """Refuse points that do not ascend."""
        points = [self.none, self.today, *([] if self.more is None else [self.more])]
        points.append(self.saturated)
        if not all(a < b for a, b in itertools.pairwise(points)):
            raise InputError(
                f'[[response]] of "{self.name}" is {", ".join(f"{point:g}" for point in points)}; '
                "net retention must rise from none over today (and half as much again) to saturated"
            )
        if self.hours_max is not None and (self.hours_min or 0) > self.hours_max:
            raise InfeasibleError(
                f'[[response]] of "{self.name}" has hours_min {self.hours_min:g} above hours_max '
                f"{self.hours_max:g}; lower the floor or raise the cap"
            )

    @property
    def shape(self) -> tuple[float, float]:
        """c and d of the ADBUDG curve; NaN where the response is exponential."""
        if self.more is None:
            return math.nan, math.nan
        c, d = csm_adbudg_fit(self.none, self.today, self.more, self.saturated)
        return float(c), float(d)


JUDGED: tuple[Judged, ...] = (
    Judged(tier="tech touch", none=0.74, today=0.81, saturated=0.86),
    Judged(tier="mid touch", none=0.82, today=0.94, saturated=1.00),
    Judged(tier="high touch", none=0.86, today=0.99, saturated=1.05),
    Judged(tier="dedicated", none=0.90, today=1.04, saturated=1.10),
)
"""Judged by csmcalc: without service, today, saturated."""


def applied(judged: Sequence[Judged], tiers: Sequence[str]) -> tuple[Judged, ...]:
    """The rows that apply: those given, and csmcalc's for each tier of which no row speaks.

    Of csmcalc's a tier takes the one of its name, else the one of its rank, from the least touch
    up. A row for a segment alone leaves the tiers their defaults elsewhere.
    """
    told = {row.tier for row in judged if not row.segment}
    if None in told:
        return tuple(judged)
    missing = [tier for tier in tiers if tier not in told]
    return (*judged, *(_default(tier, tiers) for tier in missing))


def _default(tier: str, tiers: Sequence[str]) -> Judged:
    named = {row.tier: row for row in JUDGED}
    rank = tiers.index(tier) / max(1, len(tiers) - 1)
    return named.get(tier) or replace(JUDGED[round(rank * (len(JUDGED) - 1))], tier=tier)


def most_telling(judged: Sequence[Judged], tier: str, segment: str) -> Judged:
    """The row that names most of an account, of rows that apply to every tier."""
    fitting = (row for row in judged if row.tier in (None, tier) and row.segment in (None, segment))
    return max(fitting, key=lambda row: (row.segment is not None, row.tier is not None))


@dataclass(frozen=True, slots=True)
class SegmentRule:
    """The fewest and most hours the accounts of a segment may get, as multiples of today's."""

    segment: str = entry("BCG segment", "text", title="Segment", choices=SEGMENTS)
    floor: float = entry("fewest hours of an account, of today's", "multiple", title="Floor", low=0)
    cap: float = entry("most hours of an account, of today's", "multiple", title="Cap", low=0)

    def check(self) -> None:
        """Refuse a floor above the cap."""
        if self.floor > self.cap:
            raise InfeasibleError(
                f'[[segment_rules]] of "{self.segment}" has a floor of {self.floor:g} and a cap of '
                f"{self.cap:g} times today's hours; the floor must not exceed the cap"
            )


SEGMENT_RULES: tuple[SegmentRule, ...] = (
    SegmentRule("Star", 0.75, 3.0),
    SegmentRule("Question Mark", 0.25, 1.5),
    SegmentRule("Cash Cow", 0.25, 1.0),
    SegmentRule("Poor Dog", 0.0, 0.5),
)
"""Generous for stars, careful for question marks, lean for cash cows, exit or reduce for poor dogs
(How many customer success managers you really need); the multiples are judged by csmcalc."""


@dataclass(frozen=True, slots=True)
class Level:
    """A service level: hours as a multiple of today's, and what it costs a year besides."""

    name: str = entry("how it is called", "text", title="Service level")
    share: float = entry("hours of an account, of today's", "multiple", title="Of today", low=0)
    cost: float = entry(
        "what it costs an account a year besides CSM hours, such as a tool",
        "currency a year",
        title="Other cost",
        default=0.0,
        low=0,
    )


LEVELS: tuple[Level, ...] = (
    Level("none", 0.0),
    Level("tech touch", 0.1),
    Level("lean", 0.5),
    Level("standard", 1.0),
    Level("high touch", 2.0),
)
"""Judged by csmcalc."""


@dataclass(frozen=True, slots=True)
class Minimum:
    """Hours a year that a named account gets in any case."""

    account: str = entry("the account's id as the list writes it", "text", title="Account id")
    hours: float = entry("hours a year it gets in any case", "hours", title="Hours a year", low=0)


@dataclass(frozen=True, slots=True)
class Value:
    """How the value of service is reckoned."""

    years: int = setting(
        5,
        "years over which the margin of what is retained counts; 1 is the cash view",
        "years",
        "DCF practice: 5 to 7 years where net retention exceeds 1",
        title="Horizon",
        low=1,
        high=50,
    )
    charge_service: bool = setting(
        True,
        "whether the future service of what is retained is charged at today's hours; without it "
        "several years of margin stand against one year of service",
        "true or false",
        "csmcalc",
        title="Charge future service",
    )
    response_from: str = setting(
        "judged",
        "whether responses are the judged points of [[response]], or fitted per tier to hours and "
        "net retention in the list wherever these can carry a fit",
        "word",
        "csmcalc",
        title="Response from",
        choices=("judged", "history"),
    )
    menu: str = setting(
        "continuous",
        "whether an account gets any number of hours or one of the service levels",
        "word",
        "csmcalc",
        title="Menu of service",
        choices=("continuous", "levels"),
    )
    bcg_rules: bool = setting(
        True,
        "whether segments bound the hours: stars generous, cash cows lean, poor dogs reduced",
        "true or false",
        "How many customer success managers you really need",
        title="BCG rules",
    )
    guard: str = setting(
        "customer",
        "where support and success together must cost less than the revenue assigned",
        "word",
        "How many customer success managers you really need",
        title="Margin guard",
        choices=("off", "customer", "segment"),
    )
    most: float = setting(
        3.0,
        "most hours an account can use, as a multiple of today's; hours_max of a response replaces "
        "it",
        "multiple",
        JUDGED_BY,
        title="Most hours",
        low=0,
        low_open=True,
    )
    flat: float = setting(
        0.01,
        "share of the best net value within which headcounts count as equally good",
        "share",
        "csmcalc",
        title="Flat top",
        low=0,
        high=1,
    )
    shock: float = setting(
        0.25,
        "standard deviation of the shock that all customers share, on the log-odds of renewal",
        "log-odds",
        JUDGED_BY,
        title="Shared shock",
        low=0,
        high=3,
    )
    renewal_cap: float = setting(
        0.95,
        "most of a net retention that is renewal; what exceeds it is expansion",
        "probability",
        JUDGED_BY,
        title="Best renewal",
        low=0,
        low_open=True,
        high=1,
    )
    expanding: float = setting(
        0.3,
        "share of the renewing accounts that expand",
        "probability",
        JUDGED_BY,
        title="Expanding accounts",
        low=0,
        low_open=True,
        high=1,
    )
