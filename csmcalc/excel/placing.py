"""Files put in place or taken away, all of them or none."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from csmcalc.errors import InputError


def place(contents: Mapping[Path, bytes | None]) -> list[Path]:
    """Write each file with its content, or remove it for None; the folders that were created.

    What was changed before a failure is put back as it was.
    """
    before: dict[Path, bytes | None] = {}
    folders: list[Path] = []
    target = Path()
    try:
        for target, content in contents.items():
            before[target] = target.read_bytes() if target.exists() else None
            if content is None:
                target.unlink(missing_ok=True)
            elif content != before[target]:
                folders += _make_folder(target.parent)
                _write(target, content)
    except OSError as error:
        _put_back(before, folders)
        raise InputError(
            f"{target}: cannot be changed ({error.strerror}); nothing was installed or removed. "
            "Is it open, or the folder not yours to write in?"
        ) from error
    return folders


def remove_empty(folders: list[Path]) -> None:
    """Remove those folders that nobody else has put anything in, inner ones first."""
    for folder in sorted(folders, reverse=True):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _make_folder(folder: Path) -> list[Path]:
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _write(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".csmcalc-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _put_back(before: Mapping[Path, bytes | None], folders: list[Path]) -> None:
    for target, content in before.items():
        with contextlib.suppress(OSError):
            if content is None:
                target.unlink(missing_ok=True)
            elif target.read_bytes() != content:
                _write(target, content)
    remove_empty(folders)
