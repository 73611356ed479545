"""The CSMs: what each can carry, whom each can serve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from csmcalc.core.words import plain_word
from csmcalc.errors import InputError
from csmcalc.portfolio.book import Field, Kind

CSM_FIELDS: tuple[Field, ...] = (
    Field("name", "CSM", "the CSM's name, as the customer list writes the owner", Kind.TEXT),
    Field(
        "hours",
        "Capacity",
        "hours a year for customers; a book never takes more",
        Kind.NUMBER,
        low=0,
    ),
    Field(
        "fte",
        "FTE",
        "share of a full-time CSM; gives the hours where they are not",
        Kind.SHARE,
        low=0,
        high=1,
    ),
    Field(
        "ramp", "Ramp", "share of a full book carried now; 1 once ramped", Kind.SHARE, low=0, high=1
    ),
    Field("region", "Regions", "regions served; empty serves all", Kind.TEXT),
    Field("language", "Languages", "languages spoken; empty serves all", Kind.TEXT),
    Field("skill", "Skills", "skills and products; empty serves all", Kind.TEXT),
    Field(
        "segment", "Segments", "segments, categories or tiers served; empty serves all", Kind.TEXT
    ),
    Field("cost", "Cost", "loaded cost a year", Kind.MONEY, low=0),
)
"""Every column a list of CSMs may have."""

MOST_HOURS = 1_000_000.0
"""Hours a year that one row of the list may have: a pool of some 900 CSMs [ours]."""

SERVED = {
    "region": ("region",),
    "language": ("language",),
    "skill": ("skill",),
    "segment": ("category", "tier", "segment"),
}
"""What a CSM's list of a kind is compared with: the columns of the customers."""


@dataclass(frozen=True, slots=True)
class Csm:
    """A CSM.

    Attributes:
        name: as the customer list writes the owner.
        hours: hours a year for customers, once ramped; never exceeded.
        ramp: share of a full book that is carried now.
        region: regions served; none serves all. The same for language, skill and segment.
        cost: loaded cost a year, NaN where unknown.
    """

    name: str
    hours: float
    ramp: float = 1.0
    region: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    skill: frozenset[str] = frozenset()
    segment: frozenset[str] = frozenset()
    cost: float = float("nan")

    @property
    def share(self) -> float:
        """Weight of the CSM's targets: hours at today's ramp."""
        return self.hours * self.ramp

    def serves(self, kind: str, words: Sequence[str]) -> bool:
        """Whether a customer with these words (in plain form) of a kind can be served."""
        served = {plain_word(word) for word in getattr(self, kind)}
        return not served or not words or any(word in served for word in words)


def limits_of(name: str) -> tuple[float, float]:
    """The least and the most that a column of numbers may hold."""
    field = next(one for one in CSM_FIELDS if one.name == name)
    most = MOST_HOURS if name == "hours" else field.high
    return (-math.inf if field.low is None else field.low, math.inf if most is None else most)


def check_team(team: Sequence[Csm]) -> None:
    """Refuse a team that no books can be made for."""
    if not team:
        raise InputError("the CSM list is empty; name at least one CSM with hours")
    seen: dict[str, str] = {}
    for csm in team:
        if not csm.name.strip():
            raise InputError("a CSM of the list has no name; fill the name in")
        plain = plain_word(csm.name)
        if plain in seen:
            raise InputError(
                f'CSM "{csm.name}" stands twice in the CSM list; leave one of the rows out'
            )
        seen[plain] = csm.name
        if not 0 <= csm.hours <= MOST_HOURS:
            raise InputError(
                f'hours of CSM "{csm.name}" are {csm.hours:g}; write 0 to {MOST_HOURS:,.0f}'
            )
        if not 0 <= csm.ramp <= 1:
            raise InputError(f'ramp of CSM "{csm.name}" is {csm.ramp:g}; write a share from 0 to 1')
    if not any(csm.share > 0 for csm in team):
        raise InputError(
            "no CSM of the list has hours now; give at least one hours and a ramp above 0"
        )
