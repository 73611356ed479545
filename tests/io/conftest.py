"""Lists written on the spot, and what reading them gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.errors import InputError, Problem, TableError
from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.portfolio.book import Book

AS_OF = dt.date(2026, 9, 1)
FILES = Path(__file__).parent.parent / "files"


def read(
    content: str | bytes | Path,
    folder: Path,
    name: str = "list.csv",
    subscriptions: str | Path | None = None,
    **options: Any,
) -> Book:
    """Read a list given as text, bytes or path."""
    path = content if isinstance(content, Path) else written(folder / name, content)
    contracts = subscriptions
    if isinstance(subscriptions, str):
        contracts = written(folder / "contracts.csv", subscriptions)
    options.setdefault("as_of", AS_OF)
    return read_customers(path, ReadOptions(**options), contracts)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


class Lists:
    """Reads lists from a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def book(self, content: str | bytes | Path, **options: Any) -> Book:
        return read(content, self.folder, **options)

    def question(self, content: str | bytes | Path, **options: Any) -> str:
        with pytest.raises(InputError) as caught:
            read(content, self.folder, **options)
        assert not isinstance(caught.value, TableError), caught.value.problems[:5]
        assert caught.value.exit_code == 2
        return str(caught.value)

    def problems(self, content: str | bytes | Path, **options: Any) -> tuple[Problem, ...]:
        with pytest.raises(TableError) as caught:
            read(content, self.folder, **options)
        return caught.value.problems

    def workbook(
        self,
        rows: Sequence[Sequence[Any]],
        arrange: Callable[[openpyxl.Workbook], None] = lambda _: None,
        name: str = "list.xlsx",
    ) -> Path:
        """A workbook with the rows on its first sheet, arranged further as the test wants it."""
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        arrange(book)
        book.save(self.folder / name)
        return self.folder / name


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)
