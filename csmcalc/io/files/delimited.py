"""CSV, TSV and other delimited text: found out how it is written, then read in one go."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.errors import ParserError

from csmcalc.errors import InputError, Problem
from csmcalc.io.cells.content import shown
from csmcalc.io.files.body import body_of
from csmcalc.io.files.encoding import as_utf8
from csmcalc.io.files.headings import LOOKED_AT, header_position
from csmcalc.io.naming.vocabulary import Listing
from csmcalc.io.phrases import counted
from csmcalc.io.problems import MOST_OF_A_KIND, and_more, by_row
from csmcalc.io.raw import RawTable

WIDEST = 16_384
"""Columns of a worksheet: a text file with more is not a customer list."""

_DELIMITERS = ",;\t|"
_GROUPING = {",": ",", ";": "."}
_SAMPLE = 1 << 17
_SPARE = 4
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def read_delimited(
    source: str, content: bytes, told: Mapping[str, str], listing: Listing = "customers"
) -> RawTable:
    """The table of a delimited text file."""
    data, notes = as_utf8(source, content)
    data, delimiter = _separator_line(data)
    sample = data[:_SAMPLE].decode("utf-8", errors="ignore")
    if len(data) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    delimiter = delimiter or _delimiter(sample)
    top = _records(sample, delimiter, LOOKED_AT)
    position = header_position(top, told, listing)
    if position is None:
        raise InputError(f"{source}: the file is empty; it needs a header row and rows below it")
    headers = top[position]
    while headers and not headers[-1]:
        headers = headers[:-1]
    if len(headers) > WIDEST:
        raise InputError(
            f"{source}: the header row has {len(headers):,} columns; at most {WIDEST:,} can be read"
        )
    cells = _parsed(source, data, delimiter, len(headers) + _SPARE)
    table = _table(source, headers, position, cells, notes, delimiter)
    if data.count(b"\n") <= len(cells):
        return table
    swallowed = _swallowed_rows(table, delimiter)
    return replace(table, problems=tuple(sorted([*table.problems, *swallowed], key=by_row)))


def _separator_line(data: bytes) -> tuple[bytes, str | None]:
    """Excel's own `sep=;` line, which it does not show as a row."""
    match = re.match(rb"\"?sep=([,;\t|:^~])\"?\r?\n", data, re.I)
    if match is None:
        return data, None
    return data[match.end() :], match[1].decode()


def _delimiter(sample: str) -> str:
    """The delimiter that splits most lines into the same number of fields."""

    def steadiness(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _records(sample, delimiter, 200) if any(row))
        widths.pop(1, None)
        width, count = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=steadiness)


def _records(sample: str, delimiter: str, most: int) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=None), delimiter=delimiter):
            records.append([cell.strip() for cell in record])
            if len(records) == most:
                break
    except csv.Error:
        # A field longer than the csv module allows: the parser below reads it, or says why not.
        pass
    return records


def _parsed(source: str, data: bytes, delimiter: str, width: int) -> pd.DataFrame:
    """All records as text, blank ones included; fields beyond `width` are not read."""
    # The parser wants one record of full width before it accepts shorter and longer ones alike.
    model = delimiter.encode() * (width - 1) + b"\n"
    try:
        cells = pd.read_csv(
            io.BufferedReader(_Chained(model, data), 1 << 20),
            sep=delimiter,
            header=None,
            names=range(width),
            usecols=range(width),
            index_col=False,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            encoding="utf-8",
            engine="c",
        )
    except ParserError as error:
        raise InputError(_parser_message(source, str(error))) from None
    return cells.iloc[1:]


class _Chained(io.RawIOBase):
    """Two pieces of text read one after the other, without a copy of both."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [memoryview(piece) for piece in pieces]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self.pieces and not self.pieces[0]:
            self.pieces.pop(0)
        if not self.pieces:
            return 0
        count = min(len(buffer), len(self.pieces[0]))
        buffer[:count] = self.pieces[0][:count]
        self.pieces[0] = self.pieces[0][count:]
        return count


def _parser_message(source: str, error: str) -> str:
    match = _OPEN_QUOTE.search(error)
    if match:
        return (
            f"{source}: a quotation mark opened in row {match[1]} is never closed; "
            "close it, or export the file again"
        )
    return f"{source}: cannot be read as delimited text ({error}); export the file again as CSV"


def _table(
    source: str,
    headers: Sequence[str],
    position: int,
    cells: pd.DataFrame,
    notes: tuple[str, ...],
    delimiter: str,
) -> RawTable:
    width = len(headers)
    rows = np.arange(position + 2, len(cells) + 1)
    cells = cells.iloc[position + 1 :]
    too_wide = np.zeros(len(cells), dtype=bool)
    for spare in range(width, cells.shape[1]):
        too_wide |= (cells[spare].str.strip() != "").to_numpy(dtype=bool)
    # The cells of a row with too many fields stand under the wrong headers: none can be trusted.
    cells, wide_rows = cells.iloc[:, :width], rows[too_wide].tolist()
    if too_wide.any():
        cells, rows = cells[~too_wide], rows[~too_wide]
    body = body_of(source, headers, cells, rows)
    return RawTable(
        source=source,
        headers=body.headers,
        cells=body.cells,
        rows=body.rows,
        header_row=position + 1,
        problems=_too_many(wide_rows, width),
        unread=tuple(wide_rows),
        notes=(*notes, *body.notes),
        grouping=_GROUPING.get(delimiter),
    )


def _swallowed_rows(table: RawTable, delimiter: str) -> list[Problem]:
    """Cells that hold a line break and just the delimiters of a row: a quote that was not closed.

    It runs on to the next quotation mark, and the rows between are lost in one cell.
    """
    problems: list[Problem] = []
    width = len(table.headers)
    for label, header in enumerate(table.headers if width > 2 else ()):
        column = table.column(label)
        for found in np.flatnonzero(column.str.contains("\n", regex=False)).tolist():
            text = str(column.iat[found])
            lines = text.strip().count("\n")
            if lines and text.count(delimiter) == lines * (width - 1):
                problems.append(
                    Problem(
                        row=int(table.rows[found]),
                        column=header,
                        value=shown(text),
                        wrong="holds a whole row: a quotation mark seems not to be closed",
                        remedy="close the quotation mark, or write the value in one line",
                    )
                )
    return problems


def _too_many(rows: Sequence[int], width: int) -> tuple[Problem, ...]:
    value = f"more than {counted(width, 'field')}"
    wrong = f"more fields than the {counted(width, 'column')} of the header"
    remedy = "put a value that holds the delimiter in quotation marks"
    listed = [Problem(row, "", value, wrong, remedy) for row in rows[:MOST_OF_A_KIND]]
    return (*listed, *and_more(len(rows), "", wrong, remedy))
