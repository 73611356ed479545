"""The customers and the team that stand in a planning workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import InputError
from csmcalc.io.csms import LEAVE_ONE, named_before
from csmcalc.io.customers import customers_of
from csmcalc.io.files.body import blank_rows
from csmcalc.io.files.sheets import read_workbook
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable
from csmcalc.plan.cells import CSMS, CUSTOMERS
from csmcalc.planning.cited import text_of
from csmcalc.planning.damage import Damage
from csmcalc.planning.inputs import Inputs
from csmcalc.planning.opened import Failed, Opened
from csmcalc.planning.places import place
from csmcalc.planning.statuses import STATUS, counted, statuses_of
from csmcalc.planning.typed import blanks_around, check_typed
from csmcalc.portfolio.book import FIELD, FIELDS, Book, Kind
from csmcalc.portfolio.books.team import CSM_FIELDS, SERVED, Csm
from csmcalc.reports.sheets.planning.customers import heading_of
from csmcalc.reports.sheets.planning.filled import Member
from csmcalc.reports.template import folded
from csmcalc.reports.template.sheet import Cell
from csmcalc.reports.template.tables import ExcelTable


def customers_table(
    opened: Opened, added: Collection[str] = (), *, checked: bool = True
) -> RawTable:
    """The columns of Customers that people fill, under their headings, and some that they added.

    Raises:
        WorkbookError: it is checked, and formulas would read a cell in another way than csmcalc.
    """
    raw = _read(opened, added)
    if checked:
        damage = Damage(opened.source)
        check_typed(opened.tables[CUSTOMERS], raw, damage)
        damage.refuse()
    by_heading = {folded(header): at for at, header in enumerate(raw.headers)}
    wanted = [*(heading_of(field) for field in FIELDS), *added]
    kept = [by_heading[folded(heading)] for heading in wanted if folded(heading) in by_heading]
    cells = raw.cells[kept].copy()
    cells.columns = pd.RangeIndex(len(kept))
    formats = {at: raw.formats[old] for at, old in enumerate(kept) if old in raw.formats}
    places = {at: raw.places[old] for at, old in enumerate(kept)}
    headers = tuple(" ".join(raw.headers[old].split()) for old in kept)
    told = ~blank_rows(cells)  # formulas give something in rows of nobody too
    table = replace(
        raw,
        headers=headers,
        cells=cells[told].reset_index(drop=True),
        rows=raw.rows[told],
        formats=formats,
        places=places,
    )
    return counted(table, _status(table), statuses_of(opened).in_workbook)


def _read(opened: Opened, added: Collection[str]) -> RawTable:
    """The table, as far as the last of the columns that people fill, and what they added behind."""
    ours, theirs = {folded(heading_of(field)) for field in FIELDS}, {folded(one) for one in added}
    table = opened.tables[CUSTOMERS]
    headings = [folded(one) for one in table.headings]
    last = max(at for at, one in enumerate(headings) if one in ours)
    behind = [at for at, one in enumerate(headings) if one in theirs and at > last]
    content = opened.without_columns(table, last + 1, behind)
    options = ReadOptions(table=CUSTOMERS, in_place=True)
    return read_workbook(Path(opened.source).name, content, options)


def _status(raw: RawTable) -> int | None:
    """Where the status words stand."""
    heading = folded(heading_of(FIELD[STATUS]))
    return next((at for at, one in enumerate(raw.headers) if folded(one) == heading), None)


def options_of(options: ReadOptions, inputs: Inputs) -> ReadOptions:
    """How the customers of a workbook are read: its headings are known, and its currency."""
    return replace(
        options,
        columns={field.name: heading_of(field) for field in FIELDS},
        currency=options.currency or inputs.currency,
        in_place=True,
    )


def book_of(opened: Opened, options: ReadOptions, subscriptions: Path | None = None) -> Book:
    """The customers of a workbook, by the options for it."""
    book = customers_of(lambda: customers_table(opened), options, subscriptions)
    return replace(book, members=members_of(opened))


def members_of(opened: Opened) -> tuple[str, ...] | None:
    """The names of the CSMs on Books; None where none is named.

    Raises:
        WorkbookError: cells of the team cannot be read.
    """
    damage = Damage(opened.source)
    names = tuple(one.name for one in team_of(opened, damage) if one)
    damage.refuse()
    return names or None


def has_customers(opened: Opened) -> bool:
    """Whether anybody filled a row of Customers."""
    table = opened.tables[CUSTOMERS]
    if table.sheet.part in opened.parts.long:
        return True
    if all(cell.is_blank for cell in _body(opened, table)):
        return False
    try:
        return bool(len(customers_table(opened, checked=False).rows))
    except InputError:
        return False


def _body(opened: Opened, table: ExcelTable) -> Iterator[Cell]:
    """The cells that people fill, as far as the file has them."""
    ours = {folded(heading_of(field)) for field in FIELDS}
    columns = [at for at, one in enumerate(table.headings) if folded(one) in ours]
    for row in range(table.box.first, table.box.last + 1):
        cells = (opened.cell(table.sheet.name, row, table.box.left + at) for at in columns)
        yield from (cell for cell in cells if cell)


def team_of(opened: Opened, damage: Damage) -> list[Member | None]:
    """A member of the team for each row of the table of CSMs; None where it names nobody."""
    table = opened.tables.get(CSMS)
    if table is None:
        return []
    at = {folded(heading): n for n, heading in enumerate(table.headings)}
    fields = {field: table.box.left + at[folded(field.title)] for field in CSM_FIELDS
              if folded(field.title) in at}  # fmt: skip
    sheet, team = table.sheet.name, []
    for row in range(table.box.first, table.box.last + 1):
        values = {}
        for field, column in fields.items():
            value = opened.value(sheet, row, column)
            where = f"{place(sheet, row, column)} ({field.title})"
            values[field.name] = _checked(value, field.kind is Kind.TEXT, field, where, damage)
        name = values.pop("name", None)
        texts = {one.name: values.get(one.name) or "" for one in CSM_FIELDS
                 if one.kind is Kind.TEXT and one.name != "name"}  # fmt: skip
        team.append(Member(name, **{**values, **texts}) if name else None)
    _check_names(table, team, damage)
    return team


def _check_names(table: ExcelTable, team: Sequence[Member | None], damage: Damage) -> None:
    """Note CSMs who stand twice."""
    field = next(one for one in CSM_FIELDS if one.name == "name")
    column = [folded(one) for one in table.headings].index(folded(field.title))
    names = {row: one.name for row, one in enumerate(team, start=table.box.first) if one}
    for row, before in named_before(names.items()).items():
        cell, first = (place(table.sheet.name, at, table.box.left + column) for at in (row, before))
        damage.add(
            f'{cell} ({field.title}) "{names[row]}" stands twice: also in {first}; {LEAVE_ONE}'
        )


def member_of(csm: Csm) -> Member:
    """A member of the team from a CSM of a list."""
    cost = None if np.isnan(csm.cost) else csm.cost
    ramp = None if csm.ramp == 1 else csm.ramp
    served: dict[str, Any] = {kind: ", ".join(sorted(getattr(csm, kind))) for kind in SERVED}
    return Member(csm.name, hours=csm.hours, ramp=ramp, cost=cost, **served)


def _checked(value: Any, is_text: bool, field: Any, where: str, damage: Damage) -> Any:
    if isinstance(value, Failed):
        damage.add(f"{where} holds {value.word}; type a value, or empty the cell")
        return None
    if isinstance(value, str) and value != value.strip():
        damage.add(f"{where} {blanks_around(value)}")
        return None
    if is_text:
        return text_of(value) if isinstance(value, float) else str(value or "")
    if value is None or value == "":
        return None
    limits = f"a number of at least {field.low or 0:g}"
    limits += "" if field.high is None else f" and of at most {field.high:g}"
    high = np.inf if field.high is None else field.high
    if not isinstance(value, float) or not (field.low or 0) <= value <= high:
        shown = f'"{value}"' if isinstance(value, str) else f"{value:g}"
        damage.add(f"{where} is {shown}; it must be {limits}, or empty")
        return None
    return value
