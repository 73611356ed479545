"""What must hold for the rows of a customer list; everything that does not is a problem."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import Problem
from csmcalc.io.cells.content import shown, whole_or_repr
from csmcalc.io.cells.headers import without_accents
from csmcalc.io.naming.questions import REVENUE
from csmcalc.io.problems import by_row
from csmcalc.io.values.fields import NUMERIC, Values
from csmcalc.portfolio.book import Field

_TOTALS = frozenset(
    {
        *("total", "totals", "grand total", "sum", "subtotal", "sub total", "sub-total", "all"),
        *("summe", "gesamt", "gesamtsumme", "gesamtergebnis", "zwischensumme", "somme"),
        *("total general", "sous-total", "overall", "total arr"),
    }
)
_TOTAL_BEGINNINGS = frozenset(
    "".join(letters)
    for word in _TOTALS
    for letters in itertools.product(*((letter, letter.upper()) for letter in word[:3]))
)
_CENT = 0.01
_LARGEST = 1e15
"""A thousand million million: below it amounts are exact to the cent, and so are their sums."""
_TOO_LARGE = "check the number and its unit; at most 1e15 is allowed"


def total_rows(
    values: Values,
    ids: NDArray[np.object_],
    names: NDArray[np.object_],
    arr: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Where a row is a sum of others: called so, and without an id of its own or adding up."""
    called_so = _called_total(names)
    if ids is not names:
        called_so = called_so | _called_total(ids)
    nameless = np.asarray((ids == "") & (names == ""), dtype=bool)
    above = np.nancumsum(arr) - np.nan_to_num(arr)
    adds_up = (arr > 0) & (np.abs(arr - above) <= np.maximum(_CENT, 1e-6 * above))
    totals = np.asarray(adds_up & (called_so | nameless), dtype=bool)
    for position in np.flatnonzero(called_so & ~totals).tolist():
        # Allstate, whose id is ALL, is an account; so is Total, whose id is 00157.
        words = {str(ids[position]), str(names[position])} - {""}
        totals[position] = all(_is_total(word) for word in words)
    unsure = nameless & ~totals
    totals[unsure] = _begin_as_total(values.raw.cells[unsure])
    if totals.any():
        has_name = values["name"] != "" if "name" in values else np.zeros_like(totals)
        by_name = totals & _called_total(names) & has_name
        for field, where in (("name", by_name), ("id", totals & ~by_name)):
            column = field if field in values else "name"
            if where.any():
                values.problems_at(
                    column, where, "a row of totals, not an account", "delete the row from the list"
                )
    return totals


def _begin_as_total(cells: pd.DataFrame) -> NDArray[np.bool_]:
    """Where the first cell with content says that a row is a sum: `Subtotal Ann`."""
    first = np.full(len(cells), "", dtype=object)
    for label in cells.columns:
        empty = np.flatnonzero(first == "")
        if not empty.size:
            break
        first[empty] = [shown(cell).strip() for cell in cells[label].iloc[empty]]
    said = [_is_total(text) or _is_total(text.partition(" ")[0]) for text in first.tolist()]
    return np.array(said, dtype=bool)


def _called_total(texts: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Where a text is a word for a sum; a look at the first letters spares most of the work."""
    begins_so = [text[:3] in _TOTAL_BEGINNINGS for text in texts.tolist()]
    found = np.array(begins_so, dtype=bool)
    found[found] = [_is_total(text) for text in texts[found].tolist()]
    return found


def _is_total(text: str) -> bool:
    return without_accents(text).strip(" :.") in _TOTALS


def identities(
    values: Values,
    ids: NDArray[np.object_],
    totals: NDArray[np.bool_],
) -> None:
    """Every account needs an id (or a name), and no two the same."""
    field = "id" if "id" in values else "name"
    missing = np.asarray(ids == "", dtype=bool)
    wrong = "no id" if field == "id" else "no name"
    remedy = "fill in what identifies the account, or delete the row"
    values.problems_at(field, missing, wrong, remedy)
    repeated = pd.Series(ids).duplicated().to_numpy(dtype=bool) & ~missing & ~totals
    if repeated.any():
        firsts = dict(zip(ids[::-1], range(len(ids) - 1, -1, -1), strict=True))
        raw, index = values.raw, values.columns[field].index
        values.problems_at(
            field,
            repeated,
            f"the same {field} as another row",
            "keep one row per account; contracts of one account belong in --subscriptions",
            each=lambda position: f"the same {field} as {raw.where(firsts[ids[position]], index)}",
        )


def revenue(
    values: Values,
    arr: NDArray[np.float64],
    unread: NDArray[np.bool_],
    reasons: NDArray[np.object_],
) -> None:
    """Every account that is a customer needs its recurring revenue."""
    field = next(name for name in REVENUE if name in values.columns)
    missing = np.isnan(arr) & ~unread & pd.isna(reasons)
    values.problems_at(field, missing, "no amount", "fill it in; 0 where the account pays nothing")


def contract_sums(values: Values, arr: NDArray[np.float64]) -> None:
    """No account is paid to be a customer: its credits belong to contracts of their own."""
    values.problems_at(
        "id" if "id" in values else "name",
        arr <= -_CENT,
        "its contracts add up to less than nothing",
        "check the credits among its contracts, or their end dates",
        each=lambda position: f"its contracts add up to {arr[position]:,.2f} a year",
    )


def limits(values: Values) -> None:
    """No number outside what its field allows."""
    for name in values.columns:
        field = values.fields[name]
        if field.kind not in NUMERIC:
            continue
        numbers = values[name]
        too_large = np.abs(numbers) > _LARGEST
        values.problems_at(name, too_large, "more than any list can mean", _TOO_LARGE)
        if field.low is not None:
            wrong = "negative" if field.low == 0 else f"below {whole_or_repr(field.low)}"
            values.problems_at(name, numbers < field.low, wrong, _remedy(field))
        if field.high is not None:
            wrong = f"above {whole_or_repr(field.high)}"
            values.problems_at(name, numbers > field.high, wrong, _remedy(field))


def _remedy(field: Field) -> str:
    if field.name in REVENUE:
        return "give the recurring revenue, 0 or more; credit notes do not belong in it"
    if field.low is not None and field.high is not None:
        return f"a value from {whole_or_repr(field.low)} to {whole_or_repr(field.high)} is allowed"
    return f"a value of at least {whole_or_repr(field.low or 0)} is allowed"


def start_dates(values: Values, as_of: dt.date) -> None:
    """No customer starts after the day that the list describes."""
    if "start" not in values:
        return
    values.problems_at(
        "start",
        values["start"] > np.datetime64(as_of, "D"),
        f"after {as_of}, the day of the plan",
        "correct the date, leave out the future customer, or say --as-of",
    )


def tidy(
    problems: Sequence[Problem], totals: NDArray[np.bool_], rows: NDArray[np.int64]
) -> list[Problem]:
    """Problems in the order of the file, a row of totals being reported once."""
    total_rows = set(rows[totals].tolist())
    kept = [p for p in problems if p.row not in total_rows or "totals" in p.wrong]
    return sorted(dict.fromkeys(kept), key=by_row)
