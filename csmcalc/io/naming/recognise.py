"""Which column of a file is which field: told by the user, or recognised by its header."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from csmcalc.errors import InputError
from csmcalc.io.cells.content import FAILED
from csmcalc.io.cells.headers import MONTHLY, PERIODS, YEARLY, YEARS, Header, understood
from csmcalc.io.naming.vocabulary import Listing, spelled, vocabulary
from csmcalc.io.naming.years import arr_by_year, without_year
from csmcalc.io.phrases import listed
from csmcalc.portfolio.book import FIELDS, Kind, Recognised

NEEDED = frozenset({"id", "name", "arr", "acv", "mrr", "account", "amount"})
"""Fields for which two equally good columns are a question, not a choice."""

_AMOUNTS = ("arr", "acv", "mrr", "amount")
_WITHOUT_MONEY = frozenset(f.name for f in FIELDS if f.kind in (Kind.SHARE, Kind.NUMBER))
_OWN_PERIOD = {"tenure": MONTHLY | YEARS, "term": MONTHLY | YEARS, "mrr": MONTHLY}
_REVENUE = frozenset({*_AMOUNTS, "prior_arr"})
_MONEY = frozenset(f.name for f in FIELDS if f.kind is Kind.MONEY) | _REVENUE


class How(StrEnum):
    """By what the meaning of a column is known."""

    TOLD = "told by --column"
    HEADER = "by its header"
    YEAR = "by its year"


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose meaning is known."""

    field: str
    index: int
    title: str
    header: Header
    how: How = How.HEADER
    listing: Listing = "customers"

    @property
    def told(self) -> bool:
        """Whether the user named the column."""
        return self.how is How.TOLD

    @property
    def spelled(self) -> str:
        """The field as `--column` spells it."""
        return spelled(self.field, self.listing)

    def recognised(self, meaning: str) -> Recognised:
        """How the column was understood, as reports show it."""
        title = meaning if self.listing == "customers" else f"{meaning}, of the contracts"
        return Recognised(self.spelled, self.title, str(self.how), title)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file by field, the headers that mean nothing here, and notes."""

    by_field: Mapping[str, Column]
    unused: tuple[str, ...]
    notes: tuple[str, ...] = ()


def recognise(
    source: str,
    headers: Sequence[str],
    told: Mapping[str, str] | None = None,
    listing: Listing = "customers",
    as_of: dt.date | None = None,
) -> Columns:
    """Find the column of each field.

    A header the user names is matched exactly first, then as headers are compared; everything else
    goes by the vocabulary of `aliases`, the surest name first. Where no other header says so, the
    year in it tells the ARR on the day of the list from the one before.
    """
    told = told or {}
    known = [understood(header) for header in headers]
    found = {
        field: _told_column(source, field, header, headers, known, listing)
        for field, header in told.items()
        if header.strip()
    }
    _check_doubles(source, found)
    taken = {column.index for column in found.values()}
    if as_of is not None and listing == "customers" and not {"arr", "prior_arr"} & set(told):
        found |= _by_year(headers, known, taken, as_of)
        taken = {column.index for column in found.values()}
    notes: list[str] = []
    for field, candidates in _candidates(headers, known, taken, listing).items():
        if field in told or field in found:
            continue
        best = min(rank for rank, _ in candidates)
        equals = [index for rank, index in candidates if rank == best]
        index = equals[0]
        column = Column(field, index, headers[index], known[index], How.HEADER, listing)
        if len(equals) > 1:
            if field in NEEDED or listing == "csms":
                raise InputError(_which(source, column.spelled, [headers[i] for i in equals]))
            notes.append(
                f"{source}: {_quoted(headers[i] for i in equals)} are all recognised as {field}; "
                f'"{column.title}" is used (--column {column.spelled}=... says otherwise)'
            )
        found[field] = column
    if "currency" not in told:
        found |= _currency_beside(headers, known, found, listing)
    used = {column.index for column in found.values()}
    unused = tuple(h for i, h in enumerate(headers) if i not in used)
    return Columns(found, unused, tuple(notes))


def _check_doubles(source: str, told: Mapping[str, Column]) -> None:
    """One column means one thing; only the id and the name may be what means something else."""
    first: dict[int, Column] = {}
    for column in told.values():
        other = first.setdefault(column.index, column)
        if other is not column and not {column.field, other.field} & {"id", "name", "account"}:
            raise InputError(
                f'{source}: column "{column.title}" is named as {other.spelled} and as '
                f"{column.spelled}; name a column of its own for each"
            )


def _by_year(
    headers: Sequence[str], known: Sequence[Header], taken: set[int], as_of: dt.date
) -> dict[str, Column]:
    """The ARR and the prior ARR by the years in their headers, where nothing else tells them."""
    pair = arr_by_year(headers, as_of.year)
    if pair is None or taken & set(pair):
        return {}
    dated = {i for i, header in enumerate(headers) if without_year(header)[1] is not None}
    if {"arr", "prior_arr"} & set(_candidates(headers, known, taken | dated, "customers")):
        return {}
    return {
        field: Column(field, index, headers[index], without_year(headers[index])[0], How.YEAR)
        for field, index in zip(("arr", "prior_arr"), pair, strict=True)
    }


def _currency_beside(
    headers: Sequence[str],
    known: Sequence[Header],
    found: Mapping[str, Column],
    listing: Listing,
) -> dict[str, Column]:
    """The currency of the amount itself: reports of Salesforce name it `<amount> Currency`.

    It is surer than any other column for a currency, which may be that of something else.
    """
    amount = next((found[name] for name in _AMOUNTS if name in found), None)
    used = {column.index for field, column in found.items() if field != "currency"}
    for index, header in enumerate(known):
        if amount and header.key == f"{amount.header.key}currency" and index not in used:
            column = Column("currency", index, headers[index], header, How.HEADER, listing)
            return {"currency": column}
    return {}


def check_told(told: Mapping[str, str], fields: Iterable[str]) -> None:
    """Raise when the user names a field that does not exist."""
    allowed = list(fields)
    for field in told:
        if field not in allowed:
            close = difflib.get_close_matches(field.casefold(), allowed, n=1)
            hint = f'did you mean "{close[0]}"? ' if close else ""
            raise InputError(
                f'--column {field}="{told[field]}": "{field}" is no field; {hint}'
                f"the fields are {', '.join(allowed)}"
            )


def score(headers: Sequence[str], told: Mapping[str, str], listing: Listing = "customers") -> int:
    """How many fields a row of cells names: what makes it a header row."""
    index = vocabulary(listing)
    keys = {understood(header).key for header in headers if header not in FAILED}
    wanted = {header.strip() for header in told.values()} - {""}
    fields = {index[key][0] for key in keys if key in index}
    return len(fields) + 3 * sum(header in wanted for header in headers)


def _candidates(
    headers: Sequence[str], known: Sequence[Header], taken: set[int], listing: Listing
) -> dict[str, list[tuple[int, int]]]:
    index = vocabulary(listing)
    candidates: dict[str, list[tuple[int, int]]] = {}
    for position, header in enumerate(known):
        if headers[position] in FAILED or position in taken:
            continue
        # "ARR (last year)" is told by all its words; "ARR (USD)" by those before the bracket.
        for form in (header.whole, header) if header.unit else (header,):
            field, rank = index.get(form.key, ("", 0))
            if field and _fits(field, form):
                candidates.setdefault(field, []).append((rank, position))
                break
    return candidates


def _fits(field: str, header: Header) -> bool:
    """Whether the unit suits the field: a tenure in days is none in months or years.

    Nor is a potential in euros a multiple, or `ARR (target)` the ARR.
    """
    if header.currency and field in _WITHOUT_MONEY:
        return False
    if (header.percent and field in _MONEY) or (header.remark and field in _REVENUE):
        return False
    period = PERIODS.intersection(header.unit.split())
    return not period - _OWN_PERIOD.get(field, YEARLY)


def _told_column(
    source: str,
    field: str,
    header: str,
    headers: Sequence[str],
    known: Sequence[Header],
    listing: Listing,
) -> Column:
    wanted, asked = header.strip(), spelled(field, listing)
    matches = [i for i, own in enumerate(headers) if own == wanted]
    if not matches:
        matches = [i for i, own in enumerate(headers) if own.casefold() == wanted.casefold()]
    if not matches:
        key = understood(wanted).key
        matches = [i for i, own in enumerate(known) if key and own.key == key]
    if not matches:
        close = difflib.get_close_matches(wanted, headers, n=1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        raise InputError(
            f'{source}: there is no column "{wanted}" (asked for as {asked}); {hint}'
            f"the columns are {listed(headers)}"
        )
    if len(matches) > 1:
        raise InputError(_which(source, asked, [headers[i] for i in matches]))
    return Column(field, matches[0], headers[matches[0]], known[matches[0]], How.TOLD, listing)


def _which(source: str, field: str, headers: Sequence[str]) -> str:
    return (
        f"{source}: {_quoted(headers)} could each be the {field}; say which one with "
        f'--column {field}="{headers[0]}"'
    )


def _quoted(headers: Iterable[str]) -> str:
    return ", ".join(f'"{header}"' for header in headers)
