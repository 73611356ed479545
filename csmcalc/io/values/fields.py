"""From the columns of a raw table to values by field, and everything wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.errors import InputError, Problem
from csmcalc.io.cells.content import FAILED, NO_RESULT, shown
from csmcalc.io.cells.words import yes_or_no
from csmcalc.io.naming.recognise import Column
from csmcalc.io.options import ReadOptions
from csmcalc.io.problems import MOST_OF_A_KIND, and_more
from csmcalc.io.raw import RawTable
from csmcalc.io.values import multiples
from csmcalc.io.values.columns import (
    DateColumn,
    NumberColumn,
    date_column,
    number_column,
    text_column,
)
from csmcalc.io.values.durations import DURATIONS, duration_column, months_a_unit
from csmcalc.io.values.multiples import MULTIPLES, multiple_column
from csmcalc.io.values.settle import date_order_of, decimal_of
from csmcalc.io.values.shares import as_fractions
from csmcalc.portfolio.book import Field, Kind, Recognised

LONGEST_TEXT = 32_767
NUMERIC = frozenset({Kind.MONEY, Kind.SHARE, Kind.NUMBER})

_CLEARLY_ANOTHER = 5
"""So many unreadable cells and no readable one: it is another column that is meant."""

_REMEDIES = {
    Kind.MONEY: "write an amount such as 1234.50, or leave the cell empty",
    Kind.NUMBER: "write a number, or leave the cell empty",
    Kind.SHARE: 'write a share such as "12%" or 0.12, or leave the cell empty',
    Kind.DATE: "write a date such as 2026-09-01, or leave the cell empty",
    Kind.FLAG: "write yes or no, or leave the cell empty",
}
_WHAT = {
    Kind.MONEY: "not an amount",
    Kind.NUMBER: "not a number",
    Kind.SHARE: "not a share",
    Kind.DATE: "not a date",
    Kind.FLAG: "neither yes nor no",
}


@dataclass(slots=True)
class Values:
    """The values of a table by field, and what was found on the way.

    Numbers are float64 with NaN, dates datetime64[D] with NaT, texts `str` objects with "" and
    flags bool, in the order of the raw table's rows. `bad` is where a row has a problem.
    """

    raw: RawTable
    columns: dict[str, Column]
    fields: Mapping[str, Field]
    by_field: dict[str, NDArray[Any]] = field(default_factory=dict)
    blank: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    currencies: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(init=False)
    bad: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what is wrong with the rows whatever their columns mean."""
        self.problems = list(self.raw.problems)
        self.bad = np.isin(self.raw.rows, [problem.row or 0 for problem in self.problems])

    def __contains__(self, name: str) -> bool:
        """Whether a field was found and could be read."""
        return name in self.by_field

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The values of a field."""
        return self.by_field[name]

    def recognised(self) -> tuple[Recognised, ...]:
        """How each column was understood."""
        return tuple(one.recognised(self.fields[name].title) for name, one in self.columns.items())

    def drop(self, name: str) -> None:
        """Forget a field whose column is of no use."""
        del self.by_field[name], self.columns[name]

    def clear(self, name: str, where: NDArray[np.bool_]) -> None:
        """Take texts of a field for blanks."""
        self.by_field[name] = np.where(where, "", self.by_field[name])
        self.blank[name] = self.blank[name] | where

    def problems_at(
        self,
        name: str,
        where: NDArray[np.bool_],
        wrong: str,
        remedy: str,
        each: Callable[[int], str] | None = None,
    ) -> None:
        """Note what is wrong with the cells of a field where a condition holds.

        `each` says it in more detail for the row at a position.
        """
        self.bad |= where
        positions = np.flatnonzero(where)
        first = positions[:MOST_OF_A_KIND]
        column = self.columns[name]
        cells = self.raw.column(column.index).iloc[first].tolist()
        rows = self.raw.rows[first].tolist()
        named = column.index in self.raw.places
        self.problems.extend(
            Problem(
                row,
                column.title,
                shown(cell).strip(),
                each(at) if each else wrong,
                remedy,
                cell=self.raw.where(at, column.index) if named else "",
            )
            for row, cell, at in zip(rows, cells, first.tolist(), strict=True)
        )
        self.problems.extend(and_more(len(positions), column.title, wrong, remedy))


def read_fields(
    raw: RawTable,
    columns: Mapping[str, Column],
    fields: Iterable[Field],
    options: ReadOptions,
    needed: frozenset[str],
) -> Values:
    """Read every recognised column; all questions that come up are asked together.

    A column that was only recognised by its header and of which most cells cannot be read is not
    what its header seems to say: it is left out with a note, unless the field is needed.
    """
    known = [f for f in fields if f.name in columns]
    values = Values(raw, dict(columns), {f.name: f for f in known})
    questions: list[str] = []
    numeric = _read_numbers(values, [f for f in known if f.kind in NUMERIC], options, questions)
    dated = _read_dates(values, [f for f in known if f.kind is Kind.DATE], options, questions)
    if questions:
        raise InputError("\n".join(questions))
    for one in known:
        if one.kind is Kind.TEXT:
            _read_text(values, one.name)
        elif one.kind is Kind.FLAG:
            _read_flags(values, one, needed)
        else:
            _report(values, one, {**numeric, **dated}[one.name], needed)
    return values


def _read_numbers(
    values: Values, fields: Sequence[Field], options: ReadOptions, questions: list[str]
) -> dict[str, NDArray[np.bool_]]:
    raw, columns = values.raw, values.columns
    contents = {f.name: _number_column(f, columns[f.name], raw) for f in fields}
    bad: dict[str, NDArray[np.bool_]] = {}
    for one in fields:
        column, content = columns[one.name], contents[one.name]
        others = {name: other for name, other in contents.items() if name != one.name}
        try:
            decimal = decimal_of(raw, column, one.kind, content, others, options.decimal)
            numbers, bad[one.name] = content.settle(decimal)
            if decimal is None:
                _report_open(values, one.name, content, bad[one.name])
            if one.kind is Kind.MONEY:
                bad[one.name] |= content.percents()
            if one.name in MULTIPLES:
                other = multiples.other_content(raw, column, content, numbers)
                numbers[other], bad[one.name] = np.nan, bad[one.name] | other
            values.by_field[one.name] = _in_units(values, one, content, numbers)
        except InputError as question:
            questions.append(str(question))
        values.blank[one.name] = content.blank
    return bad


def _number_column(one: Field, column: Column, raw: RawTable) -> NumberColumn:
    cells = raw.column(column.index)
    if one.name in DURATIONS:
        return duration_column(cells, column.header)
    return multiple_column(cells) if one.name in MULTIPLES else number_column(cells)


def _report_open(values: Values, name: str, content: NumberColumn, bad: NDArray[np.bool_]) -> None:
    """In a column of both styles, numbers that do not say which one is theirs."""
    open_ones = bad & np.isin(content.codes, list(content.open_cores()))
    remedy = "write it without a sign for thousands, or say --decimal"
    values.problems_at(name, open_ones, "can be read in two ways", remedy)
    bad &= ~open_ones


def _in_units(
    values: Values, one: Field, content: NumberColumn, numbers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Numbers in the units of their field: fractions, whole currency units, months."""
    column = values.columns[one.name]
    if one.kind is Kind.SHARE:
        numbers, notes = as_fractions(values.raw, column, numbers, content.percents())
        values.notes.extend(notes)
    if one.kind is Kind.MONEY:
        values.currencies[one.name] = content.currencies()
        if column.header.scale != 1:
            numbers = numbers * column.header.scale
            values.notes.append(
                f'{values.raw.source}: the header "{column.title}" states a unit; its amounts are '
                f"multiplied by {column.header.scale:,.0f}"
            )
    if one.name in DURATIONS:
        numbers = numbers * months_a_unit(column.header)
    return numbers


def _read_dates(
    values: Values, fields: Sequence[Field], options: ReadOptions, questions: list[str]
) -> dict[str, NDArray[np.bool_]]:
    raw, columns = values.raw, values.columns
    contents: dict[str, DateColumn] = {
        f.name: date_column(raw.column(columns[f.name].index), raw.epoch) for f in fields
    }
    bad: dict[str, NDArray[np.bool_]] = {}
    for name, content in contents.items():
        others = [other for other in contents.values() if other is not content]
        try:
            order = date_order_of(raw, columns[name], content, others, options.date_order)
            values.by_field[name], bad[name] = content.settle(order)
        except InputError as question:
            questions.append(str(question))
        values.blank[name] = content.blank
    return bad


def _read_text(values: Values, name: str) -> None:
    texts = text_column(values.raw.column(values.columns[name].index))
    values.by_field[name] = texts.to_numpy(dtype=object)
    values.blank[name] = np.asarray(texts == "", dtype=bool)
    _report_failed(values, name, texts.isin(FAILED).to_numpy(dtype=bool))
    values.problems_at(
        name,
        (texts.str.len() > LONGEST_TEXT).to_numpy(dtype=bool),
        f"longer than the {LONGEST_TEXT:,} characters a cell holds",
        "shorten the text",
    )


def _read_flags(values: Values, one: Field, needed: frozenset[str]) -> None:
    texts = text_column(values.raw.column(values.columns[one.name].index))
    codes, words = pd.factorize(texts)
    answers = [yes_or_no(str(word)) for word in words]
    blank = np.asarray(texts == "", dtype=bool)
    values.by_field[one.name] = np.array([bool(answer) for answer in answers])[codes]
    values.blank[one.name] = blank
    unclear = np.array([answer is None for answer in answers])[codes] & ~blank
    _report(values, one, unclear, needed)


def _report(values: Values, one: Field, bad: NDArray[np.bool_], needed: frozenset[str]) -> None:
    if not bad.any():
        return
    column = values.columns[one.name]
    cells = values.raw.column(column.index)
    failed = cells.isin(FAILED).to_numpy(dtype=bool) & bad
    strange = bad & ~failed
    readable = ~bad & ~values.blank[one.name]
    if one.name in needed and strange.sum() >= _CLEARLY_ANOTHER and not readable.any():
        raise InputError(_not_what_it_seems(values, one, int(np.flatnonzero(strange)[0])))
    if readable.sum() < strange.sum() and not column.told and one.name not in needed:
        values.drop(one.name)
        first = shown(cells.iat[int(np.flatnonzero(strange)[0])]).strip()
        values.notes.append(
            f'{values.raw.source}: column "{column.title}" looks like {one.name} but holds such '
            f'values as "{first}"; it is not used'
        )
        return
    _report_failed(values, one.name, failed)
    values.problems_at(one.name, strange, _what(one), _remedy(one))


def _what(one: Field) -> str:
    return multiples.WHAT if one.name in MULTIPLES else _WHAT[one.kind]


def _remedy(one: Field) -> str:
    return multiples.REMEDY if one.name in MULTIPLES else _REMEDIES[one.kind]


def _not_what_it_seems(values: Values, one: Field, position: int) -> str:
    column = values.columns[one.name]
    cell = shown(values.raw.column(column.index).iat[position]).strip()
    where = values.raw.where(position, column.index)
    return (
        f'{values.raw.source}: no cell of column "{column.title}" can be read as {one.title} '
        f'("{cell}" in {where} is {_what(one)}); say which column is '
        f'the {one.title} with --column {column.spelled}="..."'
    )


def _report_failed(values: Values, name: str, where: NDArray[np.bool_]) -> None:
    if not where.any():
        return
    words = values.raw.column(values.columns[name].index)
    for word in sorted(set(words[where].astype(str).str.strip())):
        wrong, remedy = f"the Excel error {word}", "correct the formula, or clear the cell"
        if word == NO_RESULT:
            wrong = "a formula that was saved with no result"
            remedy = "open the workbook in Excel or LibreOffice, save it and try again"
        here = where & (words.astype(str).str.strip() == word).to_numpy(dtype=bool)
        values.problems_at(name, here, wrong, remedy)
