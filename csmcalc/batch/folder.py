"""The run folder: whole reports or none, one run at a time, nothing of others overwritten."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from csmcalc.batch.manifest import MANIFEST, Manifest, Record, read_manifest
from csmcalc.errors import InputError, WorkbookError

OURS = ".csmcalc-"
_LOCK = f"{OURS}lock"
_CLUTTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@contextlib.contextmanager
def run_folder(path: Path, *, resume: bool) -> Iterator[RunFolder]:
    """The folder of a run, locked and with a place for unfinished files, removed afterwards."""
    created = _check(path, resume)
    with writing(path):
        try:
            path.mkdir(exist_ok=True)
        except FileNotFoundError as error:
            # Its parent is there, as was seen above: /proc and the like take no folders.
            raise InputError(f"{path}: no folder can be made there; choose another") from error
        lock = FileLock(path / _LOCK, blocking=False)
    with writing(path):
        try:
            lock.acquire()
        except Timeout:
            raise InputError(f"{path}: another run is writing into this folder") from None
    try:
        record = read_manifest(path)
        _check_content(path, record)
        with writing(path):
            _sweep(path)
            scratch = Path(tempfile.mkdtemp(prefix=f"{OURS}work-", dir=path))
        try:
            yield RunFolder(path, scratch, record)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        with contextlib.suppress(OSError):
            (path / _LOCK).unlink(missing_ok=True)
        lock.release()
        if created:
            # A run that never began leaves no empty folder behind.
            with contextlib.suppress(OSError):
                path.rmdir()


def _check(path: Path, resume: bool) -> bool:
    """Refuse what cannot be a run folder; whether it must be created."""
    with writing(path):
        if path.exists() and not path.is_dir():
            raise InputError(f"{path}: is a file; name a folder for the reports")
        if not path.exists():
            if not path.parent.is_dir():
                raise InputError(f"{path}: the folder {path.parent} does not exist; create it")
            return True
        content = _content(path)
    if content and not resume:
        raise InputError(
            f"{path}: is not empty (it holds {content[0]}); choose a new folder, or go on with the "
            "run that was begun in it with --resume"
        )
    return False


def _check_content(path: Path, record: Record | None) -> None:
    content = _content(path)
    if record is None and content and content != [MANIFEST]:
        raise InputError(
            f"{path}: holds {content[0]} but no record of a run ({MANIFEST}); choose a new folder"
        )


def _content(path: Path) -> list[str]:
    names = (child.name for child in path.iterdir())
    return sorted(name for name in names if name not in _CLUTTER and not name.startswith(OURS))


def _sweep(path: Path) -> None:
    """Take away what a killed run left unfinished.

    A worker that outlived its run finds its place gone and can deliver nothing any more.
    """
    for left in path.glob(f"{OURS}work-*"):
        shutil.rmtree(left)


class RunFolder:
    """A folder in which a run is going on."""

    def __init__(self, path: Path, scratch: Path, record: Record | None) -> None:
        """Take over a locked folder with what its manifest told."""
        self.path, self.scratch, self.record = path, scratch, record

    def manifest(self) -> Manifest:
        """The manifest, open for appending."""
        with writing(self.path):
            return Manifest(self.path)

    def digest(self, name: str) -> str:
        """The digest of a file as it stands in the folder; "" where it does not."""
        try:
            with (self.path / name).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return ""


def write_part(
    scratch: Path, number: int, content: bytes | Callable[[IO[bytes]], None]
) -> tuple[Path, str]:
    """A report on its way: written, not yet in its place; and its digest.

    One that cannot be made to its end leaves nothing.
    """
    part = scratch / f"{os.getpid()}-{number}.part"
    try:
        with part.open("wb+") as stream:
            if isinstance(content, bytes):
                stream.write(content)
                return part, hashlib.sha256(content).hexdigest()
            content(stream)
            stream.seek(0)
            return part, hashlib.file_digest(stream, "sha256").hexdigest()
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def flush(parts: Sequence[Path]) -> None:
    """Wait until reports are on the disk itself, so that no power cut can leave them half-written.

    For many of them at a time one flush of everything is several times faster.
    """
    if sys.platform == "linux" and len(parts) > _FEW:
        os.sync()
        return
    for part in parts:
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())


_FEW = 4


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say plainly why a folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> WorkbookError:
    """What stands in the way of writing, and what to do."""
    hint = _HINTS.get(error.errno or 0, "check the folder and its disk")
    return WorkbookError(f"{path}: cannot be written ({error.strerror or error}); {hint}")


_HINTS = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room: your share of the disk is used up",
    errno.EFBIG: "files of this size are not allowed here",
    errno.EROFS: "choose another folder",
    errno.EACCES: "choose a folder that is yours to write in, or close the report in Excel",
    errno.EPERM: "choose a folder that is yours to write in, or close the report in Excel",
    errno.ENOENT: "the folder was taken away while the run was going",
    errno.ENAMETOOLONG: "choose shorter names with --name",
}
