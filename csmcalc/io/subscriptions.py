"""Subscriptions or won deals, one row a contract -> what each contract brings a year, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError, Problem, TableError
from csmcalc.io import checks
from csmcalc.io.billing import times_a_year
from csmcalc.io.cells.words import State, is_won, state_of
from csmcalc.io.currency import settle_currency
from csmcalc.io.files.tables import read_table
from csmcalc.io.naming.recognise import Columns, recognise
from csmcalc.io.naming.vocabulary import PREFIX
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted, listed
from csmcalc.io.problems import by_row
from csmcalc.io.raw import RawTable
from csmcalc.io.terms import deals_by_status, period, stated_end
from csmcalc.io.values.fields import Values, read_fields
from csmcalc.portfolio.book import Field, Kind, Recognised

FIELDS: tuple[Field, ...] = (
    Field("account", "Account", "the account's id (or name) as the list has it", Kind.TEXT),
    Field("arr", "ARR", "annual recurring revenue of the contract", Kind.MONEY, low=0),
    Field("acv", "ACV", "annual contract value", Kind.MONEY),
    Field("mrr", "MRR", "monthly recurring revenue", Kind.MONEY, low=0),
    Field("amount", "Amount", "value per billing interval, per term, or per year", Kind.MONEY),
    Field("interval", "Interval", "billing interval of the amount", Kind.TEXT),
    Field("interval_count", "Interval count", "intervals per billing", Kind.NUMBER, low=0),
    Field("quantity", "Quantity", "units, where the amount is that of one", Kind.NUMBER, low=0),
    Field("term", "Term", "length of the contract in months", Kind.NUMBER, low=0),
    Field("start", "Start", "first day, or the day the deal was won", Kind.DATE),
    Field("end", "End", "first day after the contract; empty while open", Kind.DATE),
    Field("cancel_at", "Cancel at", "the day a cancellation takes effect", Kind.DATE),
    Field("canceled_at", "Cancelled at", "the day the cancellation was asked for", Kind.DATE),
    Field("period_end", "Period end", "until when it is paid for", Kind.DATE),
    Field("at_period_end", "Cancel at period end (yes/no)", "yes if not renewed", Kind.FLAG),
    Field("status", "Status", "state of the subscription", Kind.TEXT),
    Field("stage", "Stage", "stage of the deal", Kind.TEXT),
    Field("won", "Won (yes/no)", "yes where the deal is won", Kind.FLAG),
    Field("closed", "Closed (yes/no)", "yes where the deal is closed", Kind.FLAG),
    Field("trial", "Trial (yes/no)", "yes where it is a trial", Kind.FLAG),
    Field("deleted", "Deleted (yes/no)", "yes where the record was deleted", Kind.FLAG),
    Field("currency", "Currency", "ISO code of the amount", Kind.TEXT),
)
AMOUNTS = ("arr", "acv", "mrr", "amount")
_NEEDED = frozenset({"account", "start", *AMOUNTS})


@dataclass(frozen=True, slots=True)
class Contracts:
    """The contracts of a file.

    `table` has a row per contract: `row`, `account`, `arr` (what it brings in a year), `start`,
    `won` (a customer's contract, past or present), `active` (won and running on the day) and
    `ran_before` (won and running a year earlier). `year_before` is that earlier day, None where the
    file cannot tell what was lost and won since.
    """

    source: str
    table: pd.DataFrame
    recognised: tuple[Recognised, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    currency: str | None
    year_before: dt.date | None


def read_subscriptions(path: Path, options: ReadOptions) -> Contracts:
    """Read a file of subscriptions or won deals.

    A contract counts when it is won, no trial, not deleted and runs on the day of the plan.
    """
    told = {
        field.removeprefix(PREFIX): header
        for field, header in options.columns.items()
        if field.startswith(PREFIX)
    }
    own = replace(options, columns=told, sheet=None, table=None, cells=None)
    raw = read_table(path, own, "contracts")
    columns = recognise(raw.source, raw.headers, told, "contracts")
    _require(raw.source, columns, raw.headers)
    if raw.cells.empty and not raw.problems:
        raise InputError(
            f"{raw.source}: has a header row but no rows below it; fill in a row a contract"
        )
    values = read_fields(raw, columns.by_field, FIELDS, own, _NEEDED)
    values.notes.extend([*raw.notes, *columns.notes])
    checks.limits(values)
    stated = stated_end(values)
    start, end = period(values, stated, options)
    won = _won(values, ended=~np.isnat(stated))
    day = np.datetime64(options.as_of, "D")
    before = np.datetime64((pd.Timestamp(options.as_of) - pd.DateOffset(years=1)).date(), "D")
    active, ran_before = (won & ~(start > on) & ~(end <= on) for on in (day, before))
    tells = _tells_a_year(start[won], end[won], before, day)
    arr = _per_year(values)
    _require_amounts(values, arr, active)
    values.notes.extend(_oddities(raw, won & (end < start)))
    if values.problems and not options.skip_bad_rows and not (active & ~values.bad).any():
        raise TableError(raw.source, sorted(values.problems, key=by_row))
    running = np.where(active, arr, 0.0)
    currency = settle_currency(values, options.currency, running, options.default_currency)
    table = pd.DataFrame({"row": raw.rows, "account": values["account"], "arr": arr})
    return Contracts(
        source=raw.source,
        table=table.assign(
            start=start.astype("datetime64[s]"),
            won=won,
            active=active & ~values.bad,
            ran_before=ran_before & ~values.bad,
        ),
        recognised=values.recognised(),
        notes=tuple(values.notes),
        problems=tuple(replace(p, column=f"{raw.source}: {p.column}") for p in values.problems),
        currency=currency,
        year_before=before.item() if tells else None,
    )


def _oddities(raw: RawTable, backwards: NDArray[np.bool_]) -> Iterator[str]:
    """What may be meant or a slip: it is counted as it stands, and said."""
    repeated = raw.rows[raw.cells.duplicated().to_numpy(dtype=bool)]
    if len(repeated):
        yield (
            f"{raw.source}: {counted(len(repeated), 'row')} like one before in every cell "
            f"(row {repeated[0]}); each counts"
        )
    if backwards.any():
        yield (
            f"{raw.source}: {counted(int(backwards.sum()), 'contract')} ending before the start "
            f"(row {raw.rows[backwards][0]}); never active"
        )


def _tells_a_year(
    start: NDArray[np.datetime64],
    end: NDArray[np.datetime64],
    before: np.datetime64,
    day: np.datetime64,
) -> bool:
    """Whether a file shows the year's gains and losses: some contract began and some ended in it.

    An export of running contracts alone has lost the churned ones, and an old one the new ones;
    both would make up a growth that never was.
    """
    began, ended = (on[(on > before) & (on <= day)] for on in (start, end))
    return bool((start <= before).any() and len(began) and len(ended))


def _require(source: str, columns: Columns, headers: tuple[str, ...]) -> None:
    found = columns.by_field
    missing = []
    if "account" not in found:
        missing.append(("account", "no column says whose contracts they are (the account's id)"))
    if not set(AMOUNTS) & set(found):
        missing.append(("amount", "no column holds their value (ARR, MRR, ACV or amount)"))
    if missing:
        field, _ = missing[0]
        raise InputError(
            f"{source}: {' and '.join(text for _, text in missing)}; say which with "
            f'--column {PREFIX}{field}="...". The columns are {listed(headers)}'
        )


def _won(values: Values, ended: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which contracts are a customer's: no trial, not deleted, neither lost nor still open."""
    won = np.ones(len(values.raw.rows), dtype=bool)
    for flag in ("won", "closed"):
        if flag in values:
            won &= values[flag]
    if "stage" in values and "won" not in values:
        won &= _each(values["stage"], is_won)
        if not won.any():
            raise InputError(_nothing_won(values, "stage"))
    if "status" in values:
        won &= _by_outcome(values) if deals_by_status(values) else _by_status(values, ended)
    for flag in ("trial", "deleted"):
        if flag in values:
            won &= ~values[flag]
    return won


def _nothing_won(values: Values, field: str) -> str:
    column = values.columns[field]
    return (
        f'{values.raw.source}: no {field} in "{column.title}" says that a deal is won '
        f"({listed(sorted(set(values[field])), 8)}); say which column does with --column "
        f'{PREFIX}{field}="..." or {PREFIX}won="..."'
    )


def _by_outcome(values: Values) -> NDArray[np.bool_]:
    """Which deals their status calls won; the others are lost or still open."""
    won = _each(values["status"], is_won)
    if not won.any():
        raise InputError(_nothing_won(values, "status"))
    return won


def _by_status(values: Values, ended: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which contracts their status lets count; a cancelled one with an end was one until then."""
    states = {word: state_of(word) for word in set(values["status"])}
    unknown = sorted(word for word, state in states.items() if word and state is None)
    if unknown:
        values.notes.append(
            f'{values.raw.source}: "{values.columns["status"].title}": {listed(unknown, 8)} not '
            "known as a state; counted as active"
        )
    gone = {State.TRIAL, State.PROSPECT, State.DELETED}
    churned = _each(values["status"], lambda word: states[word] is State.CHURNED)
    left_out = _each(values["status"], lambda word: states[word] in gone)
    counts: NDArray[np.bool_] = ~(left_out | (churned & ~ended))
    return counts


def _each(words: NDArray[np.object_], holds: Callable[[str], bool]) -> NDArray[np.bool_]:
    answers = {word: holds(word) for word in set(words.tolist())}
    return np.array([answers[word] for word in words], dtype=bool)


def _per_year(values: Values) -> NDArray[np.float64]:
    """What a contract brings in a year: its ARR, else ACV, else MRR x 12, else its amount."""
    arr = np.full(len(values.raw.rows), np.nan)
    for name in AMOUNTS:
        if name in values:
            factor = 12.0 if name == "mrr" else times_a_year(values) if name == "amount" else 1.0
            arr = np.where(np.isnan(arr), values[name] * factor, arr)
    return arr


def _require_amounts(values: Values, arr: NDArray[np.float64], active: NDArray[np.bool_]) -> None:
    name = next(name for name in AMOUNTS if name in values)
    missing = np.isnan(arr) & active & values.blank[name]
    values.problems_at(name, missing, "no amount", "fill it in; 0 where nothing is paid")
