"""Settling what the numbers and dates of a file leave open, or asking the one right question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from csmcalc.errors import InputError
from csmcalc.io.cells.content import shown
from csmcalc.io.cells.numbers import Written
from csmcalc.io.naming.recognise import Column
from csmcalc.io.raw import RawTable
from csmcalc.io.values.columns import OPEN, DateColumn, NumberColumn
from csmcalc.portfolio.book import Kind

_POINT_CURRENCIES = frozenset({"$", "USD", "GBP"})


def decimal_of(
    raw: RawTable,
    column: Column,
    kind: Kind,
    content: NumberColumn,
    others: Mapping[str, NumberColumn],
    told: str | None,
) -> str | None:
    """The decimal sign of a column; None where every number proves its own.

    In money a lone group of three digits is a group of thousands, not three decimals, so what the
    rest of the file suggests may settle it that way only; the other way it takes the user's word.
    """
    if told:
        return told
    own = content.evidence - {OPEN}
    if len(own) == 1:
        return own.pop()
    open_numbers = content.open_cores()
    if own or not open_numbers:
        return None
    separators = {"." if "." in w.core else "," for w in open_numbers.values()}
    if kind is Kind.SHARE and len(separators) == 1:
        return separators.pop()
    suggested = _proven(others) or _suggested(raw, open_numbers.values())
    if suggested and (kind is not Kind.MONEY or separators == {_other(suggested)}):
        return suggested
    raise InputError(_decimal_question(raw, column, content, open_numbers))


def _proven(others: Mapping[str, NumberColumn]) -> str | None:
    signs = {sign for content in others.values() for sign in content.evidence - {OPEN}}
    return signs.pop() if len(signs) == 1 else None


def _suggested(raw: RawTable, written: Iterable[Written]) -> str | None:
    """What the delimiter and the place and kind of the currency sign hint at, when they agree."""
    groupings = {raw.grouping} if raw.grouping else set()
    for number in written:
        if number.sign_first and number.currency in _POINT_CURRENCIES:
            groupings.add(",")
        if number.sign_first is False and number.currency == "EUR":
            groupings.add(".")
    return _other(groupings.pop()) if len(groupings) == 1 else None


def _other(sign: str) -> str:
    return "," if sign == "." else "."


def _decimal_question(
    raw: RawTable, column: Column, content: NumberColumn, open_numbers: Mapping[int, Written]
) -> str:
    position = int(np.flatnonzero(np.isin(content.codes, list(open_numbers)))[0])
    text = shown(raw.column(column.index).iat[position]).strip()
    core = open_numbers[int(content.codes[position])].core
    sign = "." if "." in core else ","
    where = raw.where(position, column.index)
    return (
        f'{raw.source}: "{text}" in column "{column.title}" ({where}) is either '
        f"{core.replace(sign, '')} or {core.replace(sign, '.')}, and nothing in the file says "
        f"which; say --decimal {_other(sign)} for the first or --decimal {sign} for the second"
    )


def date_order_of(
    raw: RawTable,
    column: Column,
    content: DateColumn,
    others: Iterable[DateColumn],
    told: str | None,
) -> str | None:
    """The order of day and month in a column: told, proven by it, or by the file's other dates."""
    if told or OPEN not in content.evidence:
        return told
    own = content.evidence - {OPEN}
    proven = own or {order for other in others for order in other.evidence - {OPEN}}
    if len(proven) == 1:
        return proven.pop()
    position = _first_open(content)
    text = shown(raw.column(column.index).iat[position]).strip()
    where = raw.where(position, column.index)
    why = "the column holds dates of both kinds" if proven else "nothing in the file says which"
    raise InputError(
        f'{raw.source}: "{text}" in column "{column.title}" ({where}) may begin '
        f"with the day or with the month, and {why}; say --dates dmy or --dates mdy"
    )


def _first_open(content: DateColumn) -> int:
    day = content.settle(None)[1]
    open_codes = [
        c for c, w in enumerate(content.written) if w is not None and not hasattr(w, "date")
    ]
    return int(np.flatnonzero(np.isin(content.codes, open_codes) & day)[0])
