"""Which rows of a list belong to which slice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.batch.names import WITHOUT, compared
from csmcalc.errors import InputError
from csmcalc.io.cells.content import content
from csmcalc.io.columns import column_named
from csmcalc.io.naming.recognise import recognise
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import listed
from csmcalc.io.raw import RawTable
from csmcalc.portfolio.book import FIELD

MOST_SLICES = 200_000
_LONGEST_LABEL = 2_000


@dataclass(frozen=True, slots=True)
class Slices:
    """A table cut into slices: `order` lists the rows slice by slice, `bounds` where each begins.

    The slices stand in the order of their labels; rows without a label are the last slice.
    """

    by: str
    labels: tuple[str, ...]
    order: NDArray[np.int64]
    bounds: NDArray[np.int64]

    def rows(self, position: int) -> NDArray[np.int64]:
        """The rows of a slice, in the order of the table."""
        return self.order[self.bounds[position] : self.bounds[position + 1]]

    def sizes(self) -> list[int]:
        """How many rows each slice has."""
        return [int(size) for size in np.diff(self.bounds)]


def slices_of(labels: pd.Series[Any], by: str) -> Slices:
    """Cut a table by the labels of its rows."""
    codes, names = pd.factorize(labels, sort=True)
    words = [str(name) for name in names]
    if (codes < 0).any():
        without = f"{WITHOUT} {by}"
        codes = np.where(codes < 0, len(words), codes)
        words.append(_free(without, words))
    if len(words) > MOST_SLICES:
        raise InputError(
            f"--by {by}: has {len(words):,} different values, more than {MOST_SLICES:,} reports; "
            "name a column that groups the list"
        )
    longest = max(words, key=len, default="")
    if len(longest) > _LONGEST_LABEL:
        raise InputError(f'--by {by}: "{longest[:60]}…" is too long for the name of anything')
    order = np.argsort(codes, kind="stable").astype(np.int64)
    bounds = np.searchsorted(codes[order], np.arange(len(words) + 1)).astype(np.int64)
    return Slices(by, tuple(words), order, bounds)


def _free(label: str, taken: Sequence[str]) -> str:
    """A label in as many brackets as it takes to be nobody else's, in any spelling."""
    others = {compared(word) for word in taken}
    while compared(label) in others:
        label = f"({label})"
    return label


def labels_of(raw: RawTable, by: str, options: ReadOptions) -> pd.Series[Any]:
    """What `--by` says of each row: a field such as owner, or any column by its heading."""
    index = column_named(raw, by)
    if index is None and by.casefold() in FIELD:
        told = {f: header for f, header in options.columns.items() if f in FIELD}
        found = recognise(raw.source, raw.headers, told, as_of=options.as_of).by_field
        column = found.get(by.casefold())
        index = column.index if column else None
    if index is None:
        raise InputError(
            f"{raw.source}: --by {by}: there is no such column; the columns are "
            f"{listed(raw.headers)}"
        )
    cells = raw.column(index)
    if isinstance(cells.dtype, pd.StringDtype):
        texts = cells.fillna("").str.strip().astype("str")
    else:
        texts = pd.Series([content(cell).strip() for cell in cells], dtype="str")
    return texts.mask(texts == "")


def digests(frame: pd.DataFrame, slices: Sequence[NDArray[np.int64]]) -> list[str]:
    """A digest of the content of each slice of a table, its headings and types included."""
    heads = repr([(str(name), str(kind)) for name, kind in frame.dtypes.items()]).encode()
    if len(frame):
        mixed = [str(name) for name, kind in frame.dtypes.items() if kind == np.dtype(object)]
        plain = frame.assign(**{name: _with_types(frame[name]) for name in mixed})
        rows = pd.util.hash_pandas_object(plain, index=False).to_numpy(dtype=np.uint64)
    else:
        rows = np.empty(0, dtype=np.uint64)
    return [hashlib.sha256(heads + rows[positions].tobytes()).hexdigest() for positions in slices]


def _with_types(column: pd.Series[Any]) -> pd.Series[Any]:
    """The cells of a mixed column as texts that tell 1 from "1"."""
    return pd.Series([f"{type(cell).__name__} {cell}" for cell in column], column.index, "str")


def digest_of(*parts: Any) -> str:
    """A digest of anything whose `repr` says all of it."""
    return hashlib.sha256("\x1f".join(repr(part) for part in parts).encode()).hexdigest()
