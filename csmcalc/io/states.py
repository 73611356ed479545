"""Which accounts of a list are not customers (any more, or yet): status words, flags, dates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.io.cells.words import State, state_of
from csmcalc.io.naming.recognise import Column
from csmcalc.io.naming.vocabulary import vocabulary
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted, listed
from csmcalc.io.values.fields import Values
from csmcalc.portfolio.book import Reason

_REASONS: Mapping[State, Reason] = {
    State.CHURNED: Reason.CHURNED,
    State.TRIAL: Reason.TRIAL,
    State.PROSPECT: Reason.PROSPECT,
    State.DELETED: Reason.DELETED,
}
_SHOWN = 5


def reasons_to_leave_out(values: Values, options: ReadOptions) -> NDArray[np.object_]:
    """The reason to leave an account out, None for customers; the graver reason wins."""
    reasons = np.full(len(values.raw.rows), None, dtype=object)
    if "status" in values:
        _by_status(values, reasons)
    for name, reason in (("trial", Reason.TRIAL), ("churned", Reason.CHURNED)):
        if name in values:
            reasons[values[name].astype(bool)] = reason
    if "active" in values:
        reasons[~values["active"].astype(bool) & ~values.blank["active"]] = Reason.CHURNED
    if "churn_date" in values:
        _by_churn_date(values, reasons, options)
    if "deleted" in values:
        reasons[values["deleted"].astype(bool)] = Reason.DELETED
    return reasons


def _by_churn_date(values: Values, reasons: NDArray[np.object_], options: ReadOptions) -> None:
    """Who left by a date; a status that says otherwise is believed, with a note.

    Many systems put there the day a cancellation was asked for, or that of an earlier contract.
    """
    left = values["churn_date"] <= np.datetime64(options.as_of, "D")
    contradicted = left & _says_active(values) & pd.isna(reasons)
    reasons[left & ~contradicted] = Reason.CHURNED
    if contradicted.any():
        accounts = counted(int(contradicted.sum()), "account is", "accounts are")
        values.notes.append(
            f"{values.raw.source}: {accounts} active by the status in spite of a past "
            f'"{values.columns["churn_date"].title}"; kept as customers'
        )


def _says_active(values: Values) -> NDArray[np.bool_]:
    """Where a column for that says in so many words that an account is a customer.

    A type or a lifecycle stage does not: CRMs leave it at "customer" when the customer leaves.
    """
    says = np.zeros(len(values.raw.rows), dtype=bool)
    if "status" in values and _is_of_the_account(values.columns["status"]):
        words = pd.Series(values["status"], dtype=object)
        active = [word for word in words.unique() if state_of(word) is State.ACTIVE]
        says |= words.isin(active).to_numpy(dtype=bool)
    if "active" in values:
        says |= values["active"].astype(bool)
    if "churned" in values:
        says |= ~values["churned"].astype(bool) & ~values.blank["churned"]
    return says


def _is_of_the_account(status: Column) -> bool:
    return status.told or vocabulary("customers").get(status.header.key) == ("status", 0)


def _by_status(values: Values, reasons: NDArray[np.object_]) -> None:
    """Understand the status words; one that nobody agreed on counts as active, with a note."""
    words = pd.Series(values["status"])
    states = {word: state_of(word) for word in words.unique() if word}
    unknown = [word for word, state in states.items() if state is None]
    column = values.columns["status"]
    if states and len(unknown) == len(states) and not column.told:
        values.notes.append(
            f'{values.raw.source}: column "{column.title}" holds no word for the state of an '
            f"account ({listed(unknown, _SHOWN)}); it is not used"
        )
        values.drop("status")
        return
    if unknown:
        where = words.isin(unknown).to_numpy(dtype=bool)
        rows = counted(int(where.sum()), "row")
        first = values.raw.where(int(np.flatnonzero(where)[0]), column.index)
        values.notes.append(
            f'{values.raw.source}: column "{column.title}": {listed(unknown, _SHOWN)} ({rows}, '
            f"first {first}) not known as a state; counted as active"
        )
    for word, state in states.items():
        if state is not None and state in _REASONS:
            reasons[(words == word).to_numpy(dtype=bool)] = _REASONS[state]
