"""Who the rows of a list are, what they pay, since when, and whether they are customers at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.io import checks
from csmcalc.io.joining import join
from csmcalc.io.naming.questions import REVENUE
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import amount, counted
from csmcalc.io.states import reasons_to_leave_out
from csmcalc.io.subscriptions import Contracts
from csmcalc.io.values.durations import months_a_unit
from csmcalc.io.values.fields import Values
from csmcalc.portfolio.book import Reason


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a list, one a row.

    Attributes:
        ids, names: what identifies and what names them; "" where both are missing.
        arr: annual recurring revenue, NaN where it is missing or cannot be read.
        unread: where a cell should tell the ARR and cannot be read.
        start: since when, NaT where unknown; None where the list tells it of nobody.
        prior_arr: ARR a year earlier; None where the list tells it of nobody.
        reasons: why an account is not to be planned, None where it is.
        totals: rows that are sums of others and no accounts.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    arr: NDArray[np.float64]
    unread: NDArray[np.bool_]
    start: NDArray[np.datetime64] | None
    prior_arr: NDArray[np.float64] | None
    reasons: NDArray[np.object_]
    totals: NDArray[np.bool_]


def accounts_of(
    values: Values, options: ReadOptions, contracts: Contracts | None = None
) -> Accounts:
    """The accounts of a list whose columns were read."""
    ids, names = _identities(values)
    start, prior = values.by_field.get("start"), values.by_field.get("prior_arr")
    if start is None and "tenure" in values:
        start = _start_from_tenure(values, options)
    reasons = reasons_to_leave_out(values, options)
    if contracts is None:
        arr, unread = _revenue(values)
    else:
        joined = join(contracts, ids, names, str(options.as_of))
        arr, unread = joined.arr, np.zeros(len(ids), dtype=bool)
        values.notes.extend(joined.notes)
        start = joined.start if start is None else start
        if prior is None and joined.prior_arr is not None:
            prior = joined.prior_arr
            values.notes.append(
                f"{contracts.source}: the prior ARR is what its contracts brought on "
                f"{contracts.year_before}"
            )
        _note_contradictions(values, arr, reasons, contracts.currency)
    totals = checks.total_rows(values, ids, names, arr)
    return Accounts(ids, names, arr, unread, start, prior, reasons, totals)


def _identities(values: Values) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Ids and names; a list that carries only one of them uses it for both."""
    for name, other in (("id", "name"), ("name", "id")):
        if name in values and other in values and values.blank[name].all():
            values.notes.append(
                f'{values.raw.source}: column "{values.columns[name].title}" is empty; not used'
            )
            values.drop(name)
    ids = values["id"] if "id" in values else values["name"]
    if "id" in values and _are_floats(ids):
        ids = np.array([one.removesuffix(".0") for one in ids], dtype=object)
        values.notes.append(f'{values.raw.source}: ids such as "17850.0" are read as "17850"')
    names = values.by_field.get("name", ids)
    return ids, np.where(names == "", ids, names)


def _are_floats(ids: NDArray[np.object_]) -> bool:
    """Whether all ids are whole numbers that a program turned into floats."""
    return all(one.endswith(".0") and one[:-2].isdigit() for one in ids if one) and any(ids)


def _revenue(values: Values) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """ARR per row, from the ARR, else the ACV, else the MRR x 12; and where it cannot be read."""
    rows = len(values.raw.rows)
    arr, unread = np.full(rows, np.nan), np.zeros(rows, dtype=bool)
    present = [name for name in REVENUE if name in values]
    for name in present:
        amounts = values[name] * (12 if name == "mrr" else 1)
        filled = np.isnan(arr) & ~unread & ~np.isnan(amounts)
        if name != present[0] and filled.any():
            without = f'without "{values.columns[present[0]].title}"'
            rows_take = counted(int(filled.sum()), f"row {without} takes", f"rows {without} take")
            values.notes.append(
                f'{values.raw.source}: {rows_take} "{values.columns[name].title}"'
                + (" x 12" if name == "mrr" else "")
            )
        arr[filled] = amounts[filled]
        unread |= np.isnan(values[name]) & ~values.blank[name] & np.isnan(arr)
    return arr, unread


def _start_from_tenure(values: Values, options: ReadOptions) -> NDArray[np.datetime64]:
    """The day an account became a customer, counted back from the day of the plan."""
    column = values.columns["tenure"]
    unit = "months" if months_a_unit(column.header) == 1 else "years"
    values.notes.append(
        f'{values.raw.source}: "{column.title}" is read as {unit}; it gives the start'
    )
    months = pd.Series(values["tenure"]).round()
    as_of = pd.Timestamp(options.as_of)
    known = {m for m in months.dropna().unique() if 0 <= m <= 12 * (as_of.year - 1)}
    starts = {month: as_of - pd.DateOffset(months=int(month)) for month in known}
    return months.map(starts).to_numpy().astype("datetime64[D]")


def _note_contradictions(
    values: Values,
    arr: NDArray[np.float64],
    reasons: NDArray[np.object_],
    currency: str | None,
) -> None:
    """Accounts that the list calls churned or trials while their contracts pay deserve a look."""
    for marked in (Reason.CHURNED, Reason.TRIAL):
        paying = np.array([reason is marked for reason in reasons], dtype=bool) & (arr > 0)
        if paying.any():
            accounts = counted(int(paying.sum()), "account is", "accounts are")
            values.notes.append(
                f"{values.raw.source}: {accounts} marked as {marked} and left out, though active "
                f"contracts bring {amount(float(arr[paying].sum()), currency)} a year"
            )
