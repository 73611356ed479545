"""How often a year the amount of a contract is paid: by its units, interval or term."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError
from csmcalc.io.cells.words import plain
from csmcalc.io.naming.vocabulary import PREFIX
from csmcalc.io.values.fields import Values

_PER_YEAR = {
    1 / 3: ("3 years", "every 3 years", "three years", "triennial", "36 months"),
    1 / 2: ("2 years", "every 2 years", "two years", "every two years", "biennial", "24 months"),
    1: (
        *(
            "year",
            "years",
            "yearly",
            "annual",
            "annually",
            "annum",
            "12 months",
            "jahrlich",
            "annuel",
        ),
        *("per year", "1 year", "every year", "once a year", "a year"),
    ),
    2: (
        *("half year", "half yearly", "semiannual", "semi annual", "semiannually", "biannual"),
        *(
            "biannually",
            "semi annually",
            "6 months",
            "every 6 months",
            "halbjahrlich",
            "semestriel",
        ),
    ),
    4: (
        *(
            "quarter",
            "quarters",
            "quarterly",
            "3 months",
            "every 3 months",
            "vierteljahrlich",
            "trimestriel",
        ),
        *("per quarter", "every quarter", "quartalsweise"),
    ),
    12: (
        "month",
        "months",
        "monthly",
        "1 month",
        "per month",
        "every month",
        "monatlich",
        "mensuel",
    ),
    52: ("week", "weeks", "weekly", "per week", "every week", "wochentlich"),
    365: ("day", "days", "daily"),
}
_TIMES_A_YEAR = {word: times for times, words in _PER_YEAR.items() for word in words}


def times_a_year(values: Values) -> NDArray[np.float64]:
    """By what an amount is to be multiplied, from its units and its billing interval or term."""
    return _units(values) * _periods(values)


def _units(values: Values) -> NDArray[np.float64]:
    """How many units an amount is to be multiplied by: only the user knows whether it is of one."""
    units = np.ones(len(values.raw.rows))
    if "quantity" not in values:
        return units
    quantity, amount = values.columns["quantity"], values.columns["amount"]
    units = np.where(np.isnan(values["quantity"]), 1.0, values["quantity"])
    if not quantity.told and (units != 1).any():
        raise InputError(
            f'{values.raw.source}: is "{amount.title}" the price of one unit or of all? Say '
            f'--column {PREFIX}quantity="{quantity.title}" to multiply it, or '
            f'--column {PREFIX}quantity="" to take it as it is'
        )
    return units


def _periods(values: Values) -> NDArray[np.float64]:
    """How often a year an amount is paid, by its billing interval or its term."""
    times, basis = np.ones(len(values.raw.rows)), "a year"
    if "interval" in values:
        times, basis = _intervals(values), "per interval"
    elif "term" in values:
        months = np.where(values["term"] > 0, values["term"], 12.0)
        times, basis = np.asarray(12 / months, dtype=np.float64), "per term"
    title = values.columns["amount"].title
    values.notes.append(f'{values.raw.source}: "{title}" is read as an amount {basis}')
    return times


def _intervals(values: Values) -> NDArray[np.float64]:
    """How many billing intervals a year has; some systems bill every so many of them."""
    words = pd.Series(values["interval"]).map(plain)
    known = words.map(_TIMES_A_YEAR)
    values.problems_at(
        "interval",
        (known.isna() & (words != "")).to_numpy(dtype=bool),
        "an unknown billing interval",
        "write month, quarter or year",
    )
    times = np.asarray(known.fillna(1.0), dtype=np.float64)
    if "interval_count" not in values:
        return times
    count = values["interval_count"]
    return np.asarray(times / np.where(count > 0, count, 1.0), dtype=np.float64)
