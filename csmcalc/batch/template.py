"""A template as it is when the run begins; nobody can change it under the run's hands."""

from __future__ import annotations

from pathlib import Path

from csmcalc.errors import InputError, WorkbookError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.reports.template import Limits, Template, compile_content

_LARGEST = 256_000_000
_SUFFIXES = (".xlsx", ".xlsm")


def read_once(path: Path, limits: Limits) -> tuple[Template, bytes]:
    """A template compiled from its bytes, and these bytes."""
    if path.suffix.lower() not in _SUFFIXES:
        raise WorkbookError(f"{path}: a template is an Excel workbook (.xlsx or .xlsm)")
    content = read_bytes(path, _LARGEST)
    return compile_content(str(path), content, limits), content


def still_the_same(path: Path, content: bytes) -> bool:
    """Whether the file still is what was read."""
    try:
        return read_bytes(path, _LARGEST) == content
    except InputError:
        return False
