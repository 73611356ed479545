"""Writing files: whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from csmcalc.errors import InputError, Problem, WorkbookError
from csmcalc.reports.template.cells import READS_AS_FORMULA

_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,]+")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go: a temporary file beside it, then a rename."""
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, each in one go, and none before all of them are on the disk."""
    waiting: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            check_writable(path)
            with _explained(path):
                target = Path(os.path.realpath(path))
                waiting[target] = _temporary(target, content)
        for target, temporary in waiting.items():
            with _explained(target):
                temporary.replace(target)
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Refuse what cannot be written, before the work that would be lost."""
    folder = path.parent
    with _explained(path):
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name a file to write")
        if not folder.is_dir():
            raise InputError(f"{path}: the folder {folder} does not exist; create it first")
        if path.exists() and not os.access(path, os.W_OK):
            raise WorkbookError(f"{path}: is write-protected; choose another name with -o")


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = _HINTS.get(error.errno or 0, "is it open in Excel?")
        raise WorkbookError(f"{path}: cannot be written ({error.strerror}); {hint}") from error


_HINTS = {
    errno.ENOSPC: "make room on the disk",
    errno.EROFS: "choose another folder",
    errno.EACCES: "is it open in Excel, or the folder not yours to write in?",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOENT: "choose another folder",
}


def _temporary(target: Path, content: bytes) -> Path:
    """The content in a file beside the target, which is removed if it cannot be written."""
    handle, name = tempfile.mkstemp(prefix=".csmcalc-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def problems_beside(workbook: Path) -> Path:
    """Where the problems of a list stand beside the workbook made without its bad rows."""
    return workbook.with_name(f"{workbook.stem}-problems.csv")


def problems_csv(problems: Sequence[Problem]) -> bytes:
    """The problems of a list as a CSV that spreadsheets open as text."""
    headings = ("row", "column", "value", "what is wrong", "what to do")
    rows = ((p.row, p.column, p.value, p.wrong, p.remedy) for p in problems)
    return table_csv(headings, rows)


def table_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as a CSV in which no spreadsheet takes text for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(_as_text(cell) if isinstance(cell, str) else cell for cell in row)
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if cell.startswith(READS_AS_FORMULA) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
