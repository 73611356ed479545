"""The list that a planning workbook is filled from, and what stays of what stood in it before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from csmcalc.io.customers import customers_of
from csmcalc.io.files.tables import read_table
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable
from csmcalc.plan.cells import CUSTOMERS
from csmcalc.planning.carried import OwnColumns, carried_from, own_columns
from csmcalc.planning.customers import options_of
from csmcalc.planning.extra import ExtraColumns
from csmcalc.planning.given import Given, is_workbook
from csmcalc.planning.shipped import SHIPPED_DAY
from csmcalc.planning.statuses import (
    StatusColumn,
    counted,
    status_column,
    statuses_of,
    words_of,
)
from csmcalc.portfolio.book import Book


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list gives to a workbook.

    `extra` are the columns that somebody added there, `status` its status words; `looks` says what
    was kept of the workbook and what was not, once it is filled.
    """

    book: Book
    extra: OwnColumns
    status: StatusColumn
    looks: Callable[[], Sequence[str]]


def is_new(given: Given) -> bool:
    """Whether nobody has filled a workbook or typed a customer or its day yet."""
    return given.inputs.as_of == SHIPPED_DAY and not given.is_filled


def read_list(
    path: Path, given: Given, options: ReadOptions, subscriptions: Path | None = None
) -> Listed:
    """Read a list, or the customers of another planning workbook, for a workbook.

    Raises:
        TableError: rows of the list cannot be used.
        InputError: the list cannot be read as it is.
    """
    told = given.inputs
    before = replace(options, as_of=told.as_of)
    if is_workbook(path):
        options = options_of(replace(options, table=CUSTOMERS), told)
    statuses = statuses_of(given.opened)
    read: list[tuple[RawTable, int | None]] = []

    def table() -> RawTable:
        raw = read_table(path, options)
        read.append((raw, status_column(raw, options)))
        return counted(*read[0], statuses.in_list)

    book = customers_of(table, options, subscriptions)
    old, looks = None, _nothing
    if given.is_filled:
        old = carried_from(given.opened, options_of(before, told))
        looks = old.said if old else _unreadable(given)
    book = old.into(book) if old else book
    return Listed(
        book,
        own_columns(ExtraColumns(read[0][0], options), old, book),
        StatusColumn(statuses, words_of(*read[0])),
        looks,
    )


def _nothing() -> list[str]:
    return []


def _unreadable(given: Given) -> Callable[[], list[str]]:
    workbook = given.opened.source
    said = (
        f"Nothing was kept of what stood in Customers of {workbook}, as it cannot be read: csmcalc "
        f"plan {workbook} tells why"
    )
    return lambda: [said]
