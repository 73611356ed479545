"""A list of CSMs as people keep it -> the team, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.words import plain_word, words_of
from csmcalc.errors import InputError, TableError
from csmcalc.io.files.tables import read_table
from csmcalc.io.naming.recognise import check_told, recognise
from csmcalc.io.options import ReadOptions
from csmcalc.io.values.fields import Values, read_fields
from csmcalc.portfolio.books.team import CSM_FIELDS, Csm, check_team, limits_of

_NEEDED = frozenset({"name", "hours", "fte"})
_LISTS = ("region", "language", "skill", "segment")


def read_csms(
    path: Path, full_time_hours: float, options: ReadOptions | None = None
) -> tuple[Csm, ...]:
    """Read the CSMs of a file.

    `full_time_hours` is what a full-time CSM gives customers in a year; it turns an FTE share into
    hours, and stands for both where the list has neither. Problems are raised as a `TableError`.
    """
    options = options or ReadOptions()
    check_told(options.columns, [one.name for one in CSM_FIELDS])
    raw = read_table(path, options, "csms")
    columns = recognise(raw.source, raw.headers, options.columns, "csms")
    if "name" not in columns.by_field:
        raise InputError(
            f"{raw.source}: no column is recognised as the CSM's name; call it CSM or name, or say "
            'which one it is with --column name="..."'
        )
    values = read_fields(raw, dict(columns.by_field), CSM_FIELDS, options, _NEEDED)
    named = values["name"] != ""
    for one in CSM_FIELDS:
        if one.name in values and one.low is not None:
            _within(values, one.name)
    values.problems_at(
        "name", ~named & _says_something(values), "a CSM without a name", "fill it in"
    )
    _named_twice(values, named)
    if values.problems:
        raise TableError(raw.source, values.problems, skippable=False)
    hours = _hours(values, full_time_hours)
    ramp = np.where(np.isnan(_numbers(values, "ramp")), 1.0, _numbers(values, "ramp"))
    cost = _numbers(values, "cost")
    team = tuple(
        Csm(
            name=str(values["name"][at]).strip(),
            hours=float(hours[at]),
            ramp=float(ramp[at]),
            cost=float(cost[at]),
            **{kind: words_of(str(values[kind][at])) for kind in _LISTS if kind in values},
        )
        for at in np.flatnonzero(named).tolist()
    )
    try:
        check_team(team)
    except InputError as error:
        raise InputError(f"{raw.source}: {error}") from None
    return team


def _numbers(values: Values, name: str) -> NDArray[np.float64]:
    if name not in values:
        return np.full(len(values.raw.rows), np.nan)
    return np.asarray(values[name], dtype=np.float64)


def _hours(values: Values, full_time: float) -> NDArray[np.float64]:
    """The hours of the list; where it has none, the FTE share of a full-time CSM's."""
    hours, fte = _numbers(values, "hours"), _numbers(values, "fte")
    by_share = full_time * np.where(np.isnan(fte), 1.0, fte)
    return np.where(np.isnan(hours), by_share, hours)


def _says_something(values: Values) -> NDArray[np.bool_]:
    return np.asarray(~np.all([values.blank[one] for one in values.by_field], axis=0))


LEAVE_ONE = "leave one of the rows out"


def named_before(names: Iterable[tuple[int, str]]) -> dict[int, int]:
    """The rows of CSMs who are named a second time, and the row of the first.

    The owner in the customer list has to mean one CSM. Names are told with their rows.

    >>> named_before([(6, "Ana Silva"), (7, "Ben"), (8, "ana silva ")])
    {8: 6}
    """
    first: dict[str, int] = {}
    before = {row: first.setdefault(plain_word(name), row) for row, name in names}
    return {row: earlier for row, earlier in before.items() if earlier != row}


def _named_twice(values: Values, named: NDArray[np.bool_]) -> None:
    rows = values.raw.rows
    told = ((int(rows[at]), str(values["name"][at])) for at in np.flatnonzero(named).tolist())
    before = named_before(told)
    values.problems_at(
        "name",
        np.isin(rows, list(before)),
        "stands twice",
        LEAVE_ONE,
        each=lambda at: f"stands twice: also in row {before[int(rows[at])]}",
    )


def _within(values: Values, name: str) -> None:
    low, high = limits_of(name)
    numbers = np.asarray(values[name], dtype=np.float64)
    values.problems_at(name, numbers < low, f"below {low:g}", f"write {low:g} or more")
    remedy = f"write at most {high:,.0f}"
    if name == "fte":
        remedy += ", or the hours of a pool of CSMs"
    values.problems_at(name, numbers > high, f"above {high:,.0f}", remedy)
