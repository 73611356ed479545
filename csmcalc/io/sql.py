"""The answer of a database to a query, as one raw table."""

from __future__ import annotations

import contextlib
import importlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import InputError
from csmcalc.io.files.body import body_of
from csmcalc.io.files.parquet import plain_column
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable

_MOST_CELLS = 200_000_000
_AT_A_TIME = 20_000
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_SQLITE = re.compile(r"sqlite(?:\+pysqlite)?:///", re.I)
_HEAD = b"SQLite format 3\x00"
_PATIENCE = 10


def is_database(data: str) -> bool:
    """Whether data is named by a URL, or is the file of a database.

    >>> is_database("postgresql://host/crm"), is_database("customers.csv")
    (True, False)
    """
    if _URL.match(data):
        return True
    try:
        with Path(data).open("rb") as stream:
            return stream.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


def read_sql(data: str, query: str) -> RawTable:
    """The rows of a query; they count from 1, as the database returns them.

    SQLite is read by Python itself, other databases through SQLAlchemy. Nothing is ever written:
    SQLite is opened for reading, and any other transaction is rolled back.
    """
    if not query.strip():
        raise InputError(f'--sql is empty; write a query, such as --sql "select * from {_TABLE}"')
    reader = _sqlite if _SQLITE.match(data) or not _URL.match(data) else _sqlalchemy
    with reader(data, query) as answer:
        source, headers, rows = answer.source, answer.headers, list(_limited(answer))
    if not headers:
        raise InputError(f"{source}: the query returns no table; write one that selects rows")
    frame = pd.DataFrame.from_records(rows, columns=range(len(headers)))
    cells = pd.concat([plain_column(frame[i]) for i in frame], axis=1)
    body = body_of(source, headers, cells, np.arange(1, len(frame) + 1, dtype=np.int64))
    return RawTable(source, body.headers, body.cells, body.rows, 0, notes=body.notes)


_TABLE = "customers"


@dataclass(frozen=True, slots=True)
class _Answer:
    source: str
    headers: list[str]
    pieces: Iterator[list[Any]]


def _limited(answer: _Answer) -> Iterator[Any]:
    """All rows, unless there are more than any list has."""
    left = _MOST_CELLS // max(len(answer.headers), 1)
    for piece in answer.pieces:
        left -= len(piece)
        if left < 0:
            raise InputError(
                f"{answer.source}: the query returns more than "
                f"{counted(_MOST_CELLS, 'cell')}; select only the rows and columns that are needed"
            )
        yield from piece


@contextlib.contextmanager
def _sqlite(data: str, query: str) -> Iterator[_Answer]:
    path = Path(_SQLITE.sub("", data, count=1).partition("?")[0])
    source = path.name
    if not path.is_file():
        raise InputError(f"{path}: no such database file")
    try:
        # A database that is being written to is waited for; one that is not there is not created.
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as database:
            cursor = database.execute(query)
            headers = [str(column[0]) for column in cursor.description or ()]
            yield _Answer(source, headers, iter(lambda: cursor.fetchmany(_AT_A_TIME), []))
    except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError) as error:
        raise InputError(f"{source}: {_sqlite_trouble(path, str(error))}") from None


def _sqlite_trouble(path: Path, error: str) -> str:
    if "readonly" in error:
        return "is only read, never written; --sql takes a query that selects rows"
    if "locked" in error:
        return f"is locked by another program for {_PATIENCE} seconds and more; try again"
    if "not a database" in error or "malformed" in error:
        return f"is no SQLite database, or damaged ({error})"
    if "disk I/O" in error or "unable to open" in error or not path.exists():
        return f"went away or cannot be opened ({error}); nothing was written"
    return f"the query cannot be answered ({error})"


@contextlib.contextmanager
def _sqlalchemy(data: str, query: str) -> Iterator[_Answer]:
    try:
        sqlalchemy = importlib.import_module("sqlalchemy")
    except ImportError:
        raise InputError(
            "databases other than SQLite need SQLAlchemy; install it with `pip install "
            '"csmcalc[sql]"` and the driver of the database'
        ) from None
    source = _without_secrets(sqlalchemy, data)
    try:
        engine = sqlalchemy.create_engine(data)
    except ImportError as error:
        raise InputError(f"{source}: the driver is not installed ({error})") from None
    except (sqlalchemy.exc.SQLAlchemyError, ValueError, TypeError) as error:
        raise InputError(f"{source}: no database URL ({_first_line(error)})") from None
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(stream_results=True)
            result = connection.execute(sqlalchemy.text(query))
            if result.returns_rows:
                names = [str(name) for name in result.keys()]  # noqa: SIM118 - a result, not a dict
                pieces = ([tuple(row) for row in part] for part in result.partitions(_AT_A_TIME))
                yield _Answer(source, names, pieces)
            else:
                yield _Answer(source, [], iter(()))
            connection.rollback()
    except InputError:
        raise
    except Exception as error:  # drivers have errors of their own
        raise InputError(
            f"{source}: the database did not answer the query ({_first_line(error)})"
        ) from None
    finally:
        engine.dispose()


def _without_secrets(sqlalchemy: Any, data: str) -> str:
    """A URL that can stand in messages and reports: no user, no password, no parameters."""
    try:
        url = sqlalchemy.engine.make_url(data)
    except Exception:  # whatever is wrong with it, it may hold a password
        return f"{data.partition('://')[0]}://..."
    return f"{url.get_backend_name()} {url.host or ''}/{url.database or ''}"


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return lines[0][:200] if lines else type(original).__name__
