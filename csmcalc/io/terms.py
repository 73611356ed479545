"""When a contract begins and when it ends, whatever its file tells of that."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from csmcalc.io.cells.headers import without_accents
from csmcalc.io.cells.words import State, is_outcome, state_of
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted
from csmcalc.io.values.fields import Values

Days = NDArray[np.datetime64]
Mask = NDArray[np.bool_]

_LONGEST_TERM = 12_000
"""Months beyond which a contract runs for ever anyway: dates end in the year 9999."""


def period(values: Values, stated: Days, options: ReadOptions) -> tuple[Days, Days]:
    """First day and first day after each contract, NaT where it has no such bound.

    A deal that names neither end nor term runs for the usual term from the day it was won; a
    subscription without an end is still running.
    """
    start, end = _days(values, "start"), stated.copy()
    months = np.full(len(start), np.nan)
    if _are_deals(values):
        months[:] = options.deal_term_months
        values.notes.append(
            f"{values.raw.source}: deals without an end run for "
            f"{counted(options.deal_term_months, 'month')} (--deal-term-months)"
        )
    if "term" in values:
        months = np.where(values["term"] > 0, values["term"], months)
    open_ended = np.isnat(end) & ~np.isnat(start) & ~np.isnan(months)
    end[open_ended] = _months_later(start[open_ended], months[open_ended])
    return start, end


def stated_end(values: Values) -> Days:
    """The end that the file states for each contract, NaT where it states none.

    Billing systems keep the day a cancellation was asked for beside the day it takes effect: until
    then, or to the end of the period paid for, the subscription runs and its status says so.
    """
    cancelled_on = _days(values, "canceled_at")
    asked = ~np.isnat(cancelled_on) | ~np.isnat(_days(values, "cancel_at"))
    if "at_period_end" in values:
        asked |= values["at_period_end"]
    over, running = _says(values)
    steps = (
        ("end", np.full(len(asked), True)),
        ("cancel_at", asked),
        ("canceled_at", over),
        ("period_end", asked | over),
        ("canceled_at", ~running),
    )
    end = _days(values, "")
    for name, where in steps:
        days = _days(values, name)
        fills = np.isnat(end) & ~np.isnat(days) & where
        end[fills] = days[fills]
        if name == "period_end":
            _note_running_out(values, fills & running)
    _note_running_on(values, np.isnat(end) & ~np.isnat(cancelled_on))
    return end


def _days(values: Values, name: str) -> Days:
    nothing = np.full(len(values.raw.rows), np.datetime64("NaT", "D"), dtype="datetime64[D]")
    return values.by_field.get(name, nothing)


def _says(values: Values) -> tuple[Mask, Mask]:
    """Where the status says that a contract is over, and where it says that it is not."""
    if "status" not in values:
        no = np.zeros(len(values.raw.rows), dtype=bool)
        return no, no
    words = values["status"].tolist()
    is_over = {word: state_of(word) is State.CHURNED for word in set(words)}
    over = np.array([is_over[word] for word in words], dtype=bool)
    return over, ~over & ~values.blank["status"]


def _note_running_out(values: Values, where: Mask) -> None:
    if where.any():
        contracts = counted(int(where.sum()), "contract runs", "contracts run")
        values.notes.append(
            f"{values.raw.source}: cancelled but active by its status, {contracts} until "
            f'"{values.columns["period_end"].title}"'
        )


def _note_running_on(values: Values, where: Mask) -> None:
    if where.any():
        column = values.columns["canceled_at"]
        contracts = counted(int(where.sum()), "contract runs", "contracts run")
        values.notes.append(
            f'{values.raw.source}: "{column.title}" is the day a cancellation was asked for; '
            f"active by its status, {contracts} on (if it is the end: --column "
            f'subscriptions.end="{column.title}")'
        )


def _are_deals(values: Values) -> bool:
    """Whether the rows are deals won on a day rather than subscriptions that run."""
    start = values.columns.get("start")
    closing = start is not None and "close" in without_accents(start.title)
    tells = bool({"won", "stage"} & set(values.columns)) or deals_by_status(values)
    return closing or (tells and "end" not in values)


def deals_by_status(values: Values) -> bool:
    """Whether the status says of deals how they went: then one that is open is not yet a contract.

    The same word says of a subscription that it runs.
    """
    return "status" in values and any(map(is_outcome, set(values["status"].tolist())))


def _months_later(days: Days, months: NDArray[np.float64]) -> Days:
    """The same day some whole months later; a day that month lacks runs into the next one."""
    month = days.astype("datetime64[M]")
    later = month + np.rint(np.minimum(months, _LONGEST_TERM)).astype("timedelta64[M]")
    into_month: NDArray[np.timedelta64] = days - month.astype("datetime64[D]")
    return np.asarray(later.astype("datetime64[D]") + into_month, dtype="datetime64[D]")
