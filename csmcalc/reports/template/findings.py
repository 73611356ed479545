"""What a template was found to be: what binds to what, what is refused, what cannot be kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What a finding says."""

    TABLE = "table"
    NAME = "name"
    TEXT = "text"
    REFUSED = "refused"
    UNCOMPUTED = "uncomputed"
    LOST = "not kept"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its kind, where it is, and what it means."""

    kind: FindingKind
    place: str
    what: str


def shown(formula: str) -> str:
    """What is said of a formula that has no value in a report."""
    return f"={formula[:120]} is computed when it is opened"


def unless(heading: str) -> str:
    """When it has one all the same."""
    return f"unless the data has a column {heading}"


def is_later(finding: Finding, headings: Collection[str]) -> bool:
    """Whether a formula has no value in a report from data with some headings."""
    known = tuple(unless(heading) for heading in headings)
    return finding.kind is FindingKind.UNCOMPUTED and not finding.what.endswith(known)


@dataclass(frozen=True, slots=True)
class TemplateTable:
    """A table that data can be bound to: by its name, columns by their headings.

    `computed` are the headings of columns with a formula, for which data is optional; `refusal`
    says why the table cannot grow, where it cannot; `totals` is whether it has a totals row.
    """

    name: str
    sheet: str
    headings: tuple[str, ...]
    computed: frozenset[str]
    refusal: str = ""
    totals: bool = False
