"""What people typed beside customers, kept when a newer list without such columns is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from csmcalc.errors import InputError
from csmcalc.io.columns import typed_columns
from csmcalc.io.customers import customers_of
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable
from csmcalc.plan.cells import CUSTOMERS
from csmcalc.plan.full import RESOLVED
from csmcalc.planning.columns import has_formula
from csmcalc.planning.customers import customers_table
from csmcalc.planning.extra import ExtraColumns
from csmcalc.planning.opened import Opened
from csmcalc.portfolio.book import FIELDS, Book
from csmcalc.reports.sheets.planning.customers import heading_of
from csmcalc.reports.template import folded

_NOT_TYPED = frozenset({"id", "name", "arr", *RESOLVED})
_SHOWN = 5
_OF_ANOTHER_DAY = frozenset({"growth", "prior_arr", "previous_segment"})
"""Fields that would be wrong beside the ARR of a newer list."""


@dataclass(slots=True)
class Carried:
    """The customers of a workbook before it is filled anew, and what was taken over from them.

    `cells` tells where each account stands in the workbook `source`; `left` are headings with the
    accounts beside which something stands and which the list no longer has.
    """

    book: Book
    own: pd.DataFrame
    source: str
    cells: dict[str, str]
    kept: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)

    def into(self, book: Book) -> Book:
        """A list's book with the fields that it has no columns for, account by account."""
        before = pd.concat([self.book.customers, self.book.excluded]).drop_duplicates("id")
        before = before.set_index("id")
        parts = {"customers": book.customers, "excluded": book.excluded}
        for one in FIELDS:
            name = one.name
            if name in _NOT_TYPED or name in book.customers or name not in before:
                continue
            found = {at: before[name].reindex(part["id"]) for at, part in parts.items()}
            if name not in _OF_ANOTHER_DAY:
                self._leave(heading_of(one), before[name], [*book.customers.id, *book.excluded.id])
            if not any(column.notna().any() for column in found.values()):
                continue
            if name in _OF_ANOTHER_DAY:
                self.emptied.append(heading_of(one))
                continue
            self.kept.append(heading_of(one))
            for at, column in found.items():
                parts[at] = parts[at].assign(**{name: column.to_numpy()})
                parts[at][name] = parts[at][name].astype(before[name].dtype)
        return replace(book, customers=parts["customers"], excluded=parts["excluded"])

    def column(self, heading: str, ids: Sequence[str]) -> Any:
        """A column of somebody's own for these accounts; None where nothing stands in it."""
        if heading not in self.own:
            return None
        self._leave(heading, self.own[heading], ids)
        column = self.own[heading].reindex(pd.Index(ids))
        if not column.notna().any():
            return None
        self.kept.append(heading)
        return column.reset_index(drop=True)

    def _leave(self, heading: str, column: pd.Series[Any], ids: Sequence[str]) -> None:
        """Take note of what stands beside accounts that are no longer there."""
        told = column[column.notna()]
        gone = told.index[~told.index.isin(ids)]
        if len(gone):
            self.left[heading] = [str(account) for account in gone]

    def said(self) -> list[str]:
        """What is said of columns that the list does not have."""
        said = []
        if self.kept:
            said.append(f"Kept from the workbook, not in the list: {', '.join(self.kept)}")
        if self.emptied:
            said.append(
                "Emptied, as they told of an earlier day and are not in the list: "
                f"{', '.join(self.emptied)}"
            )
        if self.left:
            said.append(self._left_behind())
        return said

    def _left_behind(self) -> str:
        gone = list(dict.fromkeys(account for ids in self.left.values() for account in ids))
        shown = ", ".join(f"{one} ({self.cells.get(one, 'Customers')})" for one in gone[:_SHOWN])
        more = f" and {len(gone) - _SHOWN:,} more" if len(gone) > _SHOWN else ""
        beside = counted(len(gone), "account that is", "accounts that are")
        return (
            f"Left behind beside {beside} not in the list any more: {', '.join(self.left)} of "
            f"{shown}{more}; it still stands in {self.source}"
        )


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """Columns that somebody added: from the list where it has them, else as they were."""

    listed: ExtraColumns
    carried: Carried | None
    ids: dict[int, str]

    def __call__(self, heading: str, rows: Sequence[int]) -> Any:
        """The values of a column for some rows of the list; None where there are none."""
        found = self.listed(heading, rows)
        if found is not None or self.carried is None:
            return found
        return self.carried.column(heading, [self.ids[row] for row in rows])


def own_columns(listed: ExtraColumns, carried: Carried | None, book: Book) -> OwnColumns:
    """The columns that somebody added, for the accounts of a book."""
    parts = (book.customers, book.excluded) if carried else ()
    ids = {
        int(row): str(account)
        for part in parts
        for row, account in zip(part["row"].tolist(), part["id"].tolist(), strict=True)
    }
    return OwnColumns(listed, carried, ids)


def carried_from(opened: Opened, options: ReadOptions) -> Carried | None:
    """What stands in Customers, as far as it can be read; None where nobody does."""
    table = opened.tables[CUSTOMERS]
    known = {folded(heading_of(one)) for one in FIELDS}
    added = [
        heading
        for at, heading in enumerate(table.headings)
        if folded(heading) not in known
        and not table.calculated[at]
        and not has_formula(opened, CUSTOMERS, at)
    ]
    try:
        raw = customers_table(opened, added, checked=False)
        book = customers_of(lambda: raw, replace(options, skip_bad_rows=True))
    except InputError:
        return None
    parts = [part[["row", "id"]] for part in (book.customers, book.excluded)]
    ids = pd.concat(parts).drop_duplicates("row").set_index("row")["id"].reindex(raw.rows)
    once = (ids.notna() & ~ids.duplicated()).to_numpy()
    places = {folded(header): at for at, header in enumerate(raw.headers)}
    own = {
        heading: pd.Series(_typed(raw, places[folded(heading)], options)[once], index=ids[once])
        for heading in added
        if folded(heading) in places
    }
    where = (f"{raw.places[0]}{row}" for row in ids.index)
    cells = {str(account): cell for account, cell in zip(ids, where, strict=True)}
    return Carried(book, pd.DataFrame(own), opened.source, cells)


def _typed(raw: RawTable, at: int, options: ReadOptions) -> Any:
    header = raw.headers[at]
    alone = replace(raw, headers=(header,), cells=pd.DataFrame({0: raw.column(at)}), formats={})
    return typed_columns(alone, options)[header].to_numpy()
