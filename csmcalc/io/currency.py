"""The one currency of a list, from whatever names it; a second currency is a problem."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError
from csmcalc.io.cells.currencies import agree, currency_code, one_currency
from csmcalc.io.naming.questions import REVENUE
from csmcalc.io.phrases import counted
from csmcalc.io.values.fields import Values
from csmcalc.portfolio.book import Kind

_AMOUNTS = (*REVENUE, "amount")
_REMEDY = "convert all amounts to one currency"


def settle_currency(
    values: Values,
    told: str | None,
    amounts: NDArray[np.float64],
    default: str,
    known: str | None = None,
) -> str | None:
    """The currency of a file: told or known, else named by the header, the column or the cells.

    A sign that several currencies share means the default where it is one of them. Rows with an
    amount in another currency are noted as problems, a header that names another is a question
    unless the user `told` the currency. None where nothing names one.
    """
    paying = np.nan_to_num(amounts) != 0
    for_all = (currency_code(told) if told else None) or known or _header_sign(values)
    sign = for_all or _most_common(_signs(values, paying))
    if sign is None:
        return None
    code = default if agree(sign, default) else one_currency(sign)
    if for_all is None:
        _note_nameless(values, paying, code)
    _check_column(values, paying, code)
    for name, field in values.fields.items():
        if field.kind is Kind.MONEY and name in values:
            _check_header(values, name, code, told is not None)
            amounts_there = np.nan_to_num(values[name]) != 0
            _mixed(values, name, _cell_signs(values, name), amounts_there, code)
    return code


def assumed(source: str, default: str) -> str:
    """The note on a list that names no currency."""
    return (
        f"{source}: no currency is named; the amounts count as {default}, the currency of the "
        "settings (--currency names another)"
    )


def _note_nameless(values: Values, paying: NDArray[np.bool_], code: str) -> None:
    """What names no currency among amounts that do is taken for theirs, and said."""
    nameless = paying.copy()
    for name in _AMOUNTS:
        nameless &= pd.isna(_cell_signs(values, name))
    if "currency" in values:
        nameless &= values.blank["currency"]
    if nameless.any():
        values.notes.append(
            f"{values.raw.source}: {counted(int(nameless.sum()), 'row names', 'rows name')} no "
            f"currency (row {values.raw.rows[nameless][0]}); counted as {code} like the others"
        )


def _signs(values: Values, paying: NDArray[np.bool_]) -> list[str]:
    """Every currency that a paying row names."""
    named = [_cell_signs(values, name)[paying] for name in _AMOUNTS]
    if "currency" in values:
        named.insert(0, _column_codes(values)[paying])
    return [sign for signs in named for sign in signs[pd.notna(signs)]]


def _most_common(signs: list[str]) -> str | None:
    """The commonest currency; an ISO code is surer than a sign that it agrees with."""
    if not signs:
        return None
    counts = Counter(signs)
    best = counts.most_common(1)[0][0]
    surer = [sign for sign, _ in counts.most_common() if sign != best and agree(best, sign)]
    return surer[0] if surer else best


def _check_header(values: Values, name: str, code: str, insisted: bool) -> None:
    column = values.columns[name]
    sign = column.header.currency
    if not sign or agree(sign, code):
        return
    what = f'{values.raw.source}: the header "{column.title}" names {one_currency(sign)}'
    if not insisted:
        raise InputError(
            f"{what} in a list kept in {code}; convert its amounts, leave it out with --column "
            f'{column.spelled}="", or say --currency {code} if they are in {code} all the same'
        )
    values.notes.append(f"{what}; its amounts are read as {code}")


def _check_column(values: Values, paying: NDArray[np.bool_], code: str) -> None:
    if "currency" not in values:
        return
    codes = _column_codes(values)
    unknown = pd.isna(codes) & ~values.blank["currency"]
    values.problems_at("currency", unknown & paying, "not a currency", "write an ISO code: EUR")
    _mixed(values, "currency", codes, paying, code)


def _mixed(
    values: Values,
    name: str,
    signs: NDArray[np.object_],
    paying: NDArray[np.bool_],
    code: str,
) -> None:
    for sign in pd.unique(signs):
        if sign is None or agree(sign, code):
            continue
        where = (signs == sign) & paying
        other = one_currency(sign)
        values.problems_at(name, where, f"{other} in a list kept in {code}", _REMEDY)


def _header_sign(values: Values) -> str | None:
    named = (values.columns[name].header.currency for name in _AMOUNTS if name in values.columns)
    return next(filter(None, named), None)


def _column_codes(values: Values) -> NDArray[np.object_]:
    """The currency column as codes, None where it is empty or holds no currency."""
    words = values["currency"]
    codes = {word: currency_code(word) for word in set(words.tolist())}
    return np.array([codes[word] for word in words], dtype=object)


def _cell_signs(values: Values, name: str) -> NDArray[np.object_]:
    """The currency of each cell of a money column: written in it, else in its number format."""
    if name not in values:
        return np.full(len(values.raw.rows), None, dtype=object)
    signs = values.currencies[name].copy()
    formats = values.raw.formats.get(values.columns[name].index)
    written = pd.notna(signs)
    for sign, rows in formats.currencies.items() if formats else ():
        signs[np.isin(values.raw.rows, rows) & ~written] = sign
    return signs
