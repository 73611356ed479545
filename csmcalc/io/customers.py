"""A customer list as people keep it -> the customer book, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError, Problem, TableError
from csmcalc.io import checks
from csmcalc.io.accounts import Accounts, accounts_of
from csmcalc.io.currency import assumed, settle_currency
from csmcalc.io.files.tables import read_table
from csmcalc.io.meanings import understand_words
from csmcalc.io.naming.aliases import LIST_FIELDS
from csmcalc.io.naming.questions import REVENUE, require
from csmcalc.io.naming.recognise import How, check_told, recognise
from csmcalc.io.naming.vocabulary import PREFIX
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable
from csmcalc.io.subscriptions import FIELDS as CONTRACT_FIELDS
from csmcalc.io.subscriptions import Contracts, read_subscriptions
from csmcalc.io.values.fields import Values, read_fields
from csmcalc.portfolio.book import FIELDS, Book, Kind, Reason, Recognised

_NEEDED = frozenset({"id", "name", *REVENUE})
_RESOLVED = frozenset({"id", "name", "start", *REVENUE, "tenure", "status", "currency"})


def read_customers(
    path: Path, options: ReadOptions | None = None, subscriptions: Path | None = None
) -> Book:
    """Read a customer list, and the file of its contracts where one is given.

    Every problem of the files is found in one pass and raised as a `TableError`; with
    `skip_bad_rows` the rows that have one are excluded instead. What only the user can know (which
    column is the ARR, whether 1.234 is 1234) is asked in an `InputError`.
    """
    options = options or ReadOptions()
    return customers_of(lambda: read_table(path, options), options, subscriptions)


def customers_of(
    table: Callable[[], RawTable], options: ReadOptions, subscriptions: Path | None = None
) -> Book:
    """The same from any table, which is read once it is clear that the options are sound."""
    check_told(
        options.columns,
        [*(one.name for one in LIST_FIELDS), *(PREFIX + one.name for one in CONTRACT_FIELDS)],
    )
    of_contracts = [field for field in options.columns if field.startswith(PREFIX)]
    if of_contracts and subscriptions is None:
        raise InputError(
            f"--column {of_contracts[0]}: is of the contracts; give their file with --subscriptions"
        )
    contracts = read_subscriptions(subscriptions, options) if subscriptions else None
    values = _read(table(), options, with_contracts=contracts is not None)
    understand_words(values)
    accounts = accounts_of(values, options, contracts)
    currency = _currency(values, accounts, options, contracts)
    checks.identities(values, accounts.ids, accounts.totals)
    checks.limits(values)
    checks.start_dates(values, options.as_of)
    if contracts is None:
        checks.revenue(values, accounts.arr, accounts.unread, accounts.reasons)
    else:
        checks.contract_sums(values, accounts.arr)
    problems = checks.tidy(values.problems, accounts.totals, values.raw.rows)
    found = [*problems, *(contracts.problems if contracts else ())]
    if found and not options.skip_bad_rows:
        raise TableError(values.raw.source, found, skippable=not values.raw.places)
    return _book(values, accounts, currency, options, problems, contracts)


def _read(raw: RawTable, options: ReadOptions, with_contracts: bool) -> Values:
    """The recognised columns of the list, read; with contracts its own revenue is left aside."""
    told = {f: header for f, header in options.columns.items() if not f.startswith(PREFIX)}
    columns = recognise(raw.source, raw.headers, told, as_of=options.as_of)
    require(raw, columns, with_contracts)
    by_field = dict(columns.by_field)
    notes = [*raw.notes, *columns.notes]
    if with_contracts:
        for name in REVENUE:
            if name in by_field:
                title = by_field.pop(name).title
                notes.append(f'{raw.source}: "{title}" is not used; the contracts tell the ARR')
    if raw.cells.empty and raw.problems:
        raise TableError(raw.source, raw.problems)
    if raw.cells.empty:
        raise InputError(
            f"{raw.source}: has a header row but no rows below it; fill in a row a customer"
        )
    values = read_fields(raw, by_field, LIST_FIELDS, options, _NEEDED)
    values.notes[:0] = notes
    return values


def _currency(
    values: Values, accounts: Accounts, options: ReadOptions, contracts: Contracts | None
) -> str:
    known = contracts.currency if contracts else None
    currency = settle_currency(
        values, options.currency, accounts.arr, options.default_currency, known
    )
    if currency is None:
        source = contracts.source if contracts else values.raw.source
        values.notes.append(assumed(source, options.default_currency))
    return currency or options.default_currency


def _book(
    values: Values,
    accounts: Accounts,
    currency: str,
    options: ReadOptions,
    problems: list[Problem],
    contracts: Contracts | None,
) -> Book:
    frame = _frame(values, accounts)
    frame["reason"] = _reasons(accounts, values.bad)
    frame = _with_unread(frame[~accounts.totals], values.raw.unread)
    planned = frame["reason"].isna()
    if not planned.any():
        raise InputError(_nothing_left(values.raw.source, frame))
    used = {column.title for column in values.columns.values()}
    return Book(
        source=values.raw.source,
        customers=frame[planned].drop(columns="reason").reset_index(drop=True),
        excluded=frame[~planned].reset_index(drop=True),
        recognised=(*_recognised(values), *(contracts.recognised if contracts else ())),
        unused=tuple(header for header in values.raw.headers if header not in used),
        notes=(*values.notes, *(contracts.notes if contracts else ())),
        problems=(*problems, *(contracts.problems if contracts else ())),
        currency=currency,
        as_of=options.as_of,
        cells={
            name: values.raw.places[column.index]
            for name, column in values.columns.items()
            if column.index in values.raw.places
        },
    )


def _recognised(values: Values) -> tuple[Recognised, ...]:
    """How each column was understood; nobody has to say what those of a workbook of ours are."""
    found = values.recognised()
    if not values.raw.places:
        return found
    return tuple(replace(one, how=str(How.HEADER)) for one in found)


def _with_unread(frame: pd.DataFrame, rows: tuple[int, ...]) -> pd.DataFrame:
    """With the rows of which nothing is known but that they are there."""
    if not rows:
        return frame
    unread = pd.DataFrame({"row": rows, "reason": Reason.BAD_ROW})
    unread = unread.reindex(columns=frame.columns).astype(frame.dtypes)
    return pd.concat([frame, unread]).sort_values("row", ignore_index=True)


def _reasons(accounts: Accounts, bad: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Why each row is left out, None where it is planned."""
    final = accounts.reasons.copy()
    final[pd.isna(final) & ~(accounts.arr > 0)] = Reason.NO_REVENUE
    final[bad] = Reason.BAD_ROW
    return final


def _frame(values: Values, accounts: Accounts) -> pd.DataFrame:
    """The book's columns for all rows of the list."""
    content: dict[str, Any] = {
        "row": values.raw.rows,
        "id": _text(accounts.ids),
        "name": _text(accounts.names),
        "arr": accounts.arr,
    }
    for field in FIELDS:
        if field.name == "start" and accounts.start is not None:
            content["start"] = accounts.start.astype("datetime64[s]")
        elif field.name == "prior_arr" and accounts.prior_arr is not None:
            content["prior_arr"] = accounts.prior_arr
        elif field.name in values and field.name not in _RESOLVED:
            content[field.name] = _as_kept(values[field.name], field.kind)
    return pd.DataFrame(content)


def _as_kept(column: NDArray[Any], kind: Kind) -> Any:
    if kind is Kind.TEXT:
        return _text(column)
    return column.astype("datetime64[s]") if kind is Kind.DATE else column


def _text(texts: NDArray[np.object_]) -> pd.Series[str]:
    column = pd.Series(texts, dtype="str")
    return column.where(column != "")


def _nothing_left(source: str, frame: pd.DataFrame) -> str:
    counts = ", ".join(f"{reason}: {n:,}" for reason, n in frame["reason"].value_counts().items())
    return f"{source}: of {counted(len(frame), 'account')}, none is left to plan for ({counts})"
