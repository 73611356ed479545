"""The customer book: the one validated table that everything above reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from csmcalc.errors import Problem


class Kind(StrEnum):
    """How the cells of a field are read and shown."""

    TEXT = "text"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Field:
    """One column a customer list may have: its name, meaning, kind and limits."""

    name: str
    title: str
    meaning: str
    kind: Kind
    low: float | None = None
    high: float | None = None


FIELDS: tuple[Field, ...] = (
    Field("id", "Account id", "what identifies the account; unique", Kind.TEXT),
    Field("name", "Account", "the account's name", Kind.TEXT),
    Field("arr", "ARR", "annual recurring revenue, per year", Kind.MONEY, low=0),
    Field("acv", "ACV", "annual contract value, per year; read as ARR", Kind.MONEY, low=0),
    Field("mrr", "MRR", "monthly recurring revenue; times 12 it is the ARR", Kind.MONEY, low=0),
    Field("status", "Status", "active, churned, trial or deleted", Kind.TEXT),
    Field("currency", "Currency", "ISO code of the row's amounts", Kind.TEXT),
    Field("category", "Category", "e.g. strategic, foundational; leads to a tier", Kind.TEXT),
    Field("tier", "Touch tier", "how the account is served; leads to hours a year", Kind.TEXT),
    Field("owner", "Owner", "the CSM who owns the account today", Kind.TEXT),
    Field("region", "Region", "region or country", Kind.TEXT),
    Field("language", "Language", "language the account is served in", Kind.TEXT),
    Field("skill", "Skill", "skill or product its CSM must know", Kind.TEXT),
    Field("start", "Customer since", "start of the relation", Kind.DATE),
    Field("tenure", "Tenure", "months as a customer; gives the start", Kind.NUMBER, low=0),
    Field("renewal", "Renewal", "date of the next renewal", Kind.DATE),
    Field("growth", "Growth rate", "yearly growth of the ARR, as a fraction", Kind.SHARE, low=-1),
    Field("prior_arr", "Prior ARR", "ARR twelve months earlier", Kind.MONEY, low=0),
    Field("potential", "Potential", "expected ACV multiple in 2-3 years", Kind.NUMBER, low=0),
    Field("gross_margin", "Gross margin", "before support and success", Kind.SHARE, low=0, high=1),
    Field("support_cost", "Support cost", "cost of support, per year", Kind.MONEY, low=0),
    Field("hours", "CSM hours", "hours a year a CSM spends on it today", Kind.NUMBER, low=0),
    Field("complexity", "Complexity score", "mean score; raises the hours", Kind.NUMBER, low=0),
    Field("health", "Health", "health score or colour", Kind.TEXT),
    Field("risk", "Risk", "ARR at risk, or low, medium, high", Kind.TEXT),
    Field("cac", "CAC", "cost of acquiring the account", Kind.MONEY, low=0),
    Field("previous_segment", "Previous segment", "BCG segment last time", Kind.TEXT),
)
"""Every field a customer list may have, in the order reports show them."""

FIELD = {field.name: field for field in FIELDS}


class Reason(StrEnum):
    """Why an account of the list is not planned."""

    CHURNED = "churned"
    DELETED = "deleted"
    TRIAL = "trial"
    PROSPECT = "not a customer yet"
    NO_REVENUE = "no recurring revenue"
    BAD_ROW = "bad row, see Problems"


@dataclass(frozen=True, slots=True)
class Recognised:
    """How one column of a file was understood.

    Attributes:
        field: the field as `--column` spells it, such as `arr` or `subscriptions.arr`.
        header: the header as the file has it.
        how: by what its meaning is known.
        title: what the column holds, as a reader is told.
    """

    field: str
    header: str
    how: str
    title: str


@dataclass(frozen=True, slots=True)
class Book:
    """The customers to plan for, what was left out and why, and how the file was read.

    `customers` has a row per planned account, indexed 0..n-1: always `row` (its row in the file),
    `id`, `name` and `arr`; the other fields of `FIELDS` only where the list carries them (text as
    `str`, numbers as float64, dates as datetime64, all missing where a cell is empty; `acv`, `mrr`,
    `tenure`, `status` and `currency` are resolved into the other columns and do not appear).
    `excluded` has the same columns and `reason`, so that ARR in the file is the sum of both; the
    ARR of an account that left, or of a bad row, may be missing. A `full` book carries every field,
    told or not, and may have no account at all: it stands for a workbook that is yet to be filled.
    `team` is that of the whole list where the book is a slice that has only a part of it.
    Where a workbook names the `members` of the team, only owners among them count as CSMs of today.
    `cells` has sheet and letters of a field where people mend the list in its place.
    """

    source: str
    customers: pd.DataFrame
    excluded: pd.DataFrame
    recognised: tuple[Recognised, ...]
    unused: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    currency: str
    as_of: dt.date
    full: bool = False
    team: float = 0.0
    members: tuple[str, ...] | None = None
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def arr_in_file(self) -> float:
        """All ARR of the list, planned or not."""
        return float(self.customers["arr"].sum()) + float(self.excluded["arr"].sum())

    def where(self, field: str, row: int) -> str:
        """Where a field of a row of the list stands, as messages say it."""
        return f"{self.cells[field]}{row}" if field in self.cells else f"row {row}"

    def has(self, field: str) -> bool:
        """Whether the list carries a field, for at least one planned account."""
        carried = field in self.customers
        return carried and (self.full or bool(self.customers[field].notna().any()))
