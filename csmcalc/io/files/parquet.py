"""Parquet files, through pandas and pyarrow where the extra is installed."""

from __future__ import annotations

import datetime as dt
import decimal
import importlib
import io
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import InputError
from csmcalc.io.files.body import body_of
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable

_MOST_CELLS = 200_000_000


def read_parquet(source: str, content: bytes) -> RawTable:
    """The table of a Parquet file; its rows count from 1, its headers stand above them."""
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise InputError(
            f"{source}: reading Parquet needs pyarrow; install it with "
            '`pip install "csmcalc[parquet]"`, or export the list as .csv'
        ) from None
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows * max(columns, 1) > _MOST_CELLS:
            raise InputError(
                f"{source}: has {counted(rows, 'row')} and {counted(columns, 'column')}, more than "
                "a customer list needs; export only the rows and columns of the list"
            )
        # The pandas index of a writer is data like any other: without metadata it is a column.
        frame = file.read().to_pandas(types_mapper=_exact_types, ignore_metadata=True)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{source}: the Parquet file is damaged or of a kind that cannot be read "
            f"({str(error)[:200]}); export it again, or as .csv"
        ) from None
    if not frame.shape[1]:
        raise InputError(f"{source}: the file is empty; it needs a header row and rows below it")
    cells = pd.concat([plain_column(frame.iloc[:, i]) for i in range(frame.shape[1])], axis=1)
    headers = [str(name) for name in frame.columns]
    body = body_of(source, headers, cells, np.arange(1, len(frame) + 1, dtype=np.int64))
    return RawTable(source, body.headers, body.cells, body.rows, 0, notes=body.notes)


def _exact_types(kind: Any) -> Any:
    """Whole numbers keep all their digits beside missing ones."""
    if str(kind) == "uint64":
        return pd.UInt64Dtype()
    return pd.Int64Dtype() if str(kind).startswith(("int", "uint")) else None


def plain_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as text, floats, or objects that the readers of cells know."""
    kind = column.dtype
    if kind.kind == "f":
        return column
    if kind.kind == "M":
        column = column.dt.tz_localize(None)
    return pd.Series([_cell(cell) for cell in column.astype(object)], dtype=object)


def _cell(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, decimal.Decimal):
        return float(cell)
    if isinstance(cell, np.generic):
        return cell.item()
    return cell if isinstance(cell, (str, bool, int, float, dt.date)) else str(cell)
