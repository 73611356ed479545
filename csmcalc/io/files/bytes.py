"""The bytes of what a path names: a file or a pipe, of a size that can be held."""

from __future__ import annotations

import os
import select
import stat
from pathlib import Path
from typing import IO

from csmcalc.errors import InputError

_PATIENCE = 8


def read_bytes(path: Path, largest: int) -> bytes:
    """The content of a file or a pipe."""
    try:
        with open(path, "rb", opener=_without_waiting) as stream:
            _check_kind(path, stream)
            return _read(path, stream, largest)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name a file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe would wait for whoever writes to it, maybe for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_kind(path: Path, stream: IO[bytes]) -> None:
    """Only files and pipes have an end; and a pipe that nobody writes to has no beginning."""
    mode = os.fstat(stream.fileno()).st_mode
    if (stat.S_ISCHR(mode) and path != Path(os.devnull)) or stat.S_ISBLK(mode):
        raise InputError(f"{path}: is a device, not a file; name the file of the list")
    if stat.S_ISFIFO(mode):
        ready, _, _ = select.select([stream], [], [], _PATIENCE)
        if not ready:
            raise InputError(
                f"{path}: nothing came out of this pipe for {_PATIENCE} seconds; save the list to "
                "a file and name that"
            )
        os.set_blocking(stream.fileno(), True)


def _read(path: Path, stream: IO[bytes], largest: int) -> bytes:
    if os.fstat(stream.fileno()).st_size > largest:
        raise _too_large(path, largest)
    content = stream.read(largest + 1)
    if len(content) > largest:
        raise _too_large(path, largest)
    return content


def _too_large(path: Path, largest: int) -> InputError:
    most = largest // 10**6
    return InputError(f"{path}: is larger than {most:,} MB; keep only what is needed in it")
