"""Contracts joined to the accounts of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError
from csmcalc.io.cells.content import shown
from csmcalc.io.naming.vocabulary import PREFIX
from csmcalc.io.phrases import amount, counted
from csmcalc.io.subscriptions import Contracts

_SALESFORCE_LENGTHS = (15, 18)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the contracts say of each account, in the order of the list.

    Attributes:
        arr: the sum of what is active, 0 where nothing is.
        start: the earliest start of a won contract, NaT without one.
        prior_arr: the sum of what ran a year before; None where the file cannot tell.
        notes: what was left out of the sums.
    """

    arr: NDArray[np.float64]
    start: NDArray[np.datetime64]
    prior_arr: NDArray[np.float64] | None
    notes: tuple[str, ...]


def join(
    contracts: Contracts, ids: NDArray[np.object_], names: NDArray[np.object_], day: str
) -> Joined:
    """Sum the active contracts of each account; a file that cannot be joined is a question."""
    table = contracts.table
    account, keys = _matching(contracts, ids, names)
    active = table["active"].to_numpy(dtype=bool)
    if not active.any():
        raise InputError(
            f"{contracts.source}: of {counted(len(table), 'contract')}, none is active on {day} "
            "(won, begun, not ended, no trial); say the day of the list with --as-of, or check the "
            "file"
        )
    known = account.isin(set(keys.tolist())).to_numpy(dtype=bool)
    starts = table["start"][table["won"]].groupby(account[table["won"]]).min()
    series = pd.Series(keys)

    def summed(running: NDArray[np.bool_]) -> NDArray[np.float64]:
        sums = table["arr"][running].groupby(account[running]).sum()
        return series.map(sums).fillna(0.0).to_numpy(dtype=np.float64)

    before = table["ran_before"].to_numpy(dtype=bool)
    return Joined(
        arr=summed(active),
        start=series.map(starts).to_numpy().astype("datetime64[D]"),
        prior_arr=summed(before) if contracts.year_before else None,
        notes=_left_out(contracts, account, active, active & ~known),
    )


def _matching(
    contracts: Contracts, ids: NDArray[np.object_], names: NDArray[np.object_]
) -> tuple[pd.Series[str], NDArray[np.object_]]:
    """The contracts' accounts and the list's keys, compared in the way that matches most."""
    own = contracts.table["account"].astype(object)
    ways: list[tuple[NDArray[np.object_], Callable[[str], str]]] = [
        (ids, str),
        (ids, lambda text: text.removesuffix(".0")),
        (ids, _salesforce_id),
        (names, lambda text: text.casefold()),
    ]
    best: tuple[int, pd.Series[str], NDArray[np.object_]] | None = None
    for keys, form in ways:
        theirs = own.map(form)
        ours = np.array([form(key) for key in keys], dtype=object)
        matches = len((set(theirs) & set(ours.tolist())) - {""})
        if best is None or matches > best[0]:
            best = (matches, theirs, ours)
    if best is None or best[0] == 0:
        raise InputError(
            f"{contracts.source}: no account of it is in the list: its accounts are such as "
            f'"{_example(own.tolist())}", those of the list such as "{_example(ids.tolist())}"; '
            f'name the right columns with --column id="..." and --column {PREFIX}account="..."'
        )
    return best[1], best[2]


def _salesforce_id(text: str) -> str:
    """Salesforce writes one id with 15 characters or, with a checksum, with 18."""
    return text[:15] if len(text) in _SALESFORCE_LENGTHS else text


def _example(texts: list[str]) -> str:
    return shown(next((text for text in texts if text), ""))


def _left_out(
    contracts: Contracts,
    account: pd.Series[str],
    active: NDArray[np.bool_],
    unknown: NDArray[np.bool_],
) -> tuple[str, ...]:
    table, source = contracts.table, contracts.source

    def brought(by: NDArray[np.bool_]) -> str:
        return f"{amount(float(table['arr'][by].sum()), contracts.currency)} a year"

    notes = [
        f"{source}: {int(active.sum()):,} of {counted(len(table), 'contract')} active, bringing "
        f"{brought(active)}"
    ]
    if unknown.any():
        notes.append(
            f"{source}: {counted(int(unknown.sum()), 'active contract')} of "
            f"{counted(account[unknown].nunique(), 'account')} not in the list, bringing "
            f"{brought(unknown)}: not planned"
        )
    return tuple(notes)
