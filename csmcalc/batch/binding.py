"""Which columns of a list go to which tables and names of a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from csmcalc.batch.makers import TemplateMaker
from csmcalc.errors import InputError
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import listed
from csmcalc.portfolio.book import FIELD
from csmcalc.reports.template import Template, TemplateTable, folded
from csmcalc.reports.template.cells import LONGEST_TEXT


class _Columns:
    """The columns of a list by their headings; sales_rep is found as "Sales Rep" too.

    A column that was told to hold a field is found by the field's title as well.
    """

    def __init__(self, headings: Sequence[str], told: Mapping[str, str]) -> None:
        self.headings = headings
        titles = {FIELD[one].title: header for one, header in told.items() if one in FIELD}
        self._told = {folded(title): header for title, header in titles.items()}
        self._found = {_spaced(heading): heading for heading in reversed(headings)}
        self._found |= {folded(heading): heading for heading in reversed(headings)}

    def find(self, wanted: str) -> str | None:
        there = self._found.get(folded(wanted)) or self._found.get(_spaced(wanted))
        return there or self._found.get(folded(self._told.get(folded(wanted), "")))

    def of(self, table: TemplateTable) -> dict[str, str]:
        """Each heading of a table for which there is a column, and that column."""
        found = {heading: self.find(heading) for heading in table.headings}
        return {heading: column for heading, column in found.items() if column is not None}


def _spaced(heading: str) -> str:
    return folded(heading.replace("_", " "))


def bound(
    template: Template, frame: pd.DataFrame, by: str, options: ReadOptions
) -> tuple[TemplateMaker, list[str], list[str]]:
    """What fills a template, the columns it takes, and what the reader should know.

    Raises:
        InputError: the list fills nothing of it.
    """
    columns = _Columns([str(heading) for heading in frame], options.columns)
    tables, missing = _tables(template, columns)
    if not tables and (template.tables or not template.names):
        raise InputError(
            f"{template.source}: the list fills none of its tables ("
            f"{'; '.join(missing) or 'it has none'}); the columns of the list are "
            f"{listed(columns.headings)}"
        )
    maker, unset = _names(template, columns, tables, by, options)
    if not tables and len(unset) == len(template.names):
        raise InputError(
            f"{template.source}: takes nothing from the list: it has no tables, and no value for "
            f"its names {listed(unset)}"
        )
    notes = [f"{template.source}: {what}" for what in missing]
    if unset:
        notes.append(f"{template.source}: no value for {listed(unset)}; they stay as they are")
    used = {column for table in tables.values() for column in table.values()}
    used |= set(maker.named.values())
    return maker, sorted(used), [*notes, *_cut(frame[sorted(used)])]


def _cut(frame: pd.DataFrame) -> Iterator[str]:
    """Columns whose texts are longer than a cell takes."""
    for heading, column in frame.items():
        if isinstance(column.dtype, pd.StringDtype):
            longest = column.str.len().max()
            if longest > LONGEST_TEXT:
                yield (
                    f'column "{heading}" has texts of up to {longest:,} characters; what is beyond '
                    f"the {LONGEST_TEXT:,} of a cell is cut"
                )


def _tables(
    template: Template, columns: _Columns
) -> tuple[dict[str, Mapping[str, str]], list[str]]:
    tables: dict[str, Mapping[str, str]] = {}
    missing = []
    for table in template.tables.values():
        there = columns.of(table)
        lacking = [h for h in table.headings if h not in there and h not in table.computed]
        if table.refusal:
            missing.append(f"table {table.name} cannot be filled: {table.refusal}")
        elif lacking or not there:
            what = listed(lacking or table.headings, 5)
            missing.append(f"table {table.name} stays as it is: no column {what}")
        else:
            tables[table.name] = there
    return tables, missing


def _names(
    template: Template,
    columns: _Columns,
    tables: Mapping[str, Mapping[str, str]],
    by: str,
    options: ReadOptions,
) -> tuple[TemplateMaker, list[str]]:
    day = options.as_of
    known = {"month": f"{day:%Y-%m}", "date": day, "as_of": day, "year": day.year}
    constant: dict[str, Any] = {}
    by_names, count_names, unset = [], [], []
    named: dict[str, str] = {}
    for name in template.names:
        column = columns.find(name)
        if _spaced(name) in (_spaced(by), "slice"):
            by_names.append(name)
        elif name.casefold() in known:
            constant[name] = known[name.casefold()]
        elif name.casefold() == "rows":
            count_names.append(name)
        elif column is not None:
            named[name] = column
        else:
            unset.append(name)
    maker = TemplateMaker(template, tables, tuple(by_names), constant, tuple(count_names), named)
    return maker, unset
