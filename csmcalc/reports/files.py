"""Writing files: whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from csmcalc.errors import InputError, Problem, WorkbookError
from csmcalc.reports.stamp import READS_AS_FORMULA

_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,]+")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go: a temporary file beside it, then a rename."""
    folder = path.parent
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file to write")
    if not folder.is_dir():
        raise InputError(f"{path}: the folder {folder} does not exist; create it first")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise WorkbookError(
            f"{path}: cannot be written ({error.strerror}); is it open in Excel, or the disk full?"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def problems_csv(problems: Sequence[Problem]) -> bytes:
    """The problems of a list as a CSV that spreadsheets open as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["row", "column", "value", "what is wrong", "what to do"])
    for problem in problems:
        row = "" if problem.row is None else problem.row
        cells = (problem.column, problem.value, problem.wrong, problem.remedy)
        writer.writerow([row, *(_as_text(cell) for cell in cells)])
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if cell.startswith(READS_AS_FORMULA) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell
