"""Zip archives written from parts: most are copied as the compressed bytes that they are."""

from __future__ import annotations

import contextlib
import io
import struct
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from csmcalc.errors import WorkbookError

try:
    from isal import isal_zlib as _quick
except ImportError:  # an optional quicker way; any unzip reads both
    _quick = None  # type: ignore[assignment]

_DAMAGED: Any = getattr(_quick, "error", zlib.error)
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_LAST = struct.Struct("<4sHHHHLLH")
_UTF8 = 0x800
_VERSION, _MADE_BY, _DEFLATED = 20, 20, 8
# A fixed time makes the same report the same file, byte for byte.
_TIME, _DAY = 0, 0x21
_MOST = 0xFFFF_FFFE
_RAW = -15
_WAITING = 8
"""Pieces of a part that may wait to be packed."""
_TURN = 0.000_1
"""Seconds; Python's own are 5 ms, in which ten pieces are packed."""
_SMALL = 4_096
"""Bytes up to which the better way to compress takes longer to begin than to work."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a package as it stands in the archive."""

    name: str
    content: bytes | memoryview
    crc: int
    size: int
    method: int = _DEFLATED


def _compressor() -> Any:
    if _quick is not None:
        return _quick.compressobj(1, _quick.DEFLATED, _RAW)
    return zlib.compressobj(6, zlib.DEFLATED, _RAW)


class _Packer:
    """Compresses what it is given, one piece after another, and counts it."""

    def __init__(self) -> None:
        self._compressor = _compressor()
        self.crc = self.size = 0

    def pack(self, piece: bytes) -> bytes:
        """What is ready of the bytes so far."""
        self.crc, self.size = checksum(piece, self.crc), self.size + len(piece)
        return bytes(self._compressor.compress(piece))

    def flush(self) -> bytes:
        """The rest."""
        return bytes(self._compressor.flush())


def _beside(work: Callable[[bytes], bytes], pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What work makes of each piece, in their order, while the next ones are being made."""
    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(1) as other, _quick_turns():
        for piece in pieces:
            waiting.append(other.submit(work, piece))
            if len(waiting) > _WAITING:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextlib.contextmanager
def _quick_turns() -> Iterator[None]:
    """A thread that asks for its turn between two pieces waits less than a piece takes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def checksum(content: bytes, before: int = 0) -> int:
    """The CRC of bytes that follow others."""
    return int((_quick or zlib).crc32(content, before))


def compressed(name: str, content: bytes) -> Part:
    """A part made of bytes, as quickly as it goes."""
    if _quick is not None:
        deflated = _quick.compress(content, int(len(content) > _SMALL), _RAW)
    else:
        deflated = zlib.compress(content, 6, _RAW)
    return Part(name, deflated, checksum(content), len(content))


def packed(name: str, pieces: Iterable[bytes]) -> Part:
    """A part made of pieces, each packed while the next ones are being made."""
    out, packer = io.BytesIO(), _Packer()
    for ready in _beside(packer.pack, pieces):
        out.write(ready)
    out.write(packer.flush())
    _check_size(name, packer.size, out.tell())
    return Part(name, out.getvalue(), packer.crc, packer.size)


def compressed_once(name: str, content: bytes) -> Part:
    """The same for many archives, as small as it goes."""
    return Part(name, zlib.compress(content, 9, _RAW), checksum(content), len(content))


def unpacked(part: Part) -> bytes | None:
    """The bytes of a part; None where the quicker way is not there or finds it damaged."""
    if _quick is None or part.method != _DEFLATED:
        return None
    unpacker = _quick.decompressobj(_RAW)
    try:
        content = bytes(unpacker.decompress(part.content, part.size + 1))
    except _DAMAGED:
        return None
    whole = unpacker.eof and len(content) == part.size and checksum(content) == part.crc
    return content if whole else None


class Archive:
    """An archive under construction; nothing of a long part is held but the piece being written."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Write to a stream that can go back, such as a file or a buffer."""
        self._stream = stream
        self._offset = 0
        self._directory: list[bytes] = []

    def copy(self, block: CopiedParts) -> None:
        """Add parts that are ready."""
        assert self._offset == 0, "ready parts come first"
        self._stream.write(block.content)
        self._directory += block.directory
        self._offset += len(block.content)

    def add(self, part: Part) -> None:
        """Add one part."""
        local, central = _records(part.name, part.crc, len(part.content), part.size, part.method)
        self._write(local, part.content)
        self._directory.append(central(self._offset))
        self._offset += len(local) + len(part.content)

    def stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add a part piece by piece; what is to be known beforehand is filled in afterwards."""
        start = self._stream.tell()
        self._write(_records(name, 0, 0, 0, _DEFLATED)[0])
        packer = _Packer()
        packed = 0
        for ready in _beside(packer.pack, pieces):
            packed += len(ready)
            self._stream.write(ready)
        rest = packer.flush()
        packed += len(rest)
        self._stream.write(rest)
        crc, size = packer.crc, packer.size
        _check_size(name, size, self._offset + packed)
        local, central = _records(name, crc, packed, size, _DEFLATED)
        end = self._stream.tell()
        self._stream.seek(start)
        self._stream.write(local)
        self._stream.seek(end)
        self._directory.append(central(self._offset))
        self._offset += len(local) + packed

    def close(self) -> None:
        """Write the table of contents."""
        directory = b"".join(self._directory)
        count = len(self._directory)
        _check_size("", self._offset, self._offset)
        last = _LAST.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._offset, 0)
        self._write(directory, last)

    def _write(self, *pieces: bytes | memoryview) -> None:
        for piece in pieces:  # a long one is not copied
            self._stream.write(piece)


@dataclass(frozen=True, slots=True)
class CopiedParts:
    """Parts that stand at the beginning of every archive made of them: one run of bytes."""

    content: bytes
    directory: tuple[bytes, ...]

    @classmethod
    def of(cls, parts: Iterable[Part]) -> CopiedParts:
        """Lay parts out, once for many archives."""
        content: list[bytes | memoryview] = []
        directory, offset = [], 0
        for part in parts:
            packed = len(part.content)
            local, central = _records(part.name, part.crc, packed, part.size, part.method)
            content += [local, part.content]
            directory.append(central(offset))
            offset += len(local) + packed
        return cls(b"".join(content), tuple(directory))


def _records(name: str, crc: int, packed: int, size: int, method: int) -> tuple[bytes, Any]:
    encoded = name.encode()
    flags = 0 if name.isascii() else _UTF8
    numbers = crc, packed, size, len(encoded)
    head = _VERSION, flags, method, _TIME, _DAY

    def central(offset: int) -> bytes:
        made = _CENTRAL.pack(b"PK\1\2", _MADE_BY, *head, *numbers, 0, 0, 0, 0, 0, offset)
        return made + encoded

    return _LOCAL.pack(b"PK\3\4", *head, *numbers, 0) + encoded, central


def _check_size(name: str, size: int, end: int) -> None:
    if max(size, end) > _MOST:
        raise WorkbookError(
            f"{name or 'the workbook'}: grows beyond the 4 GB that a workbook can hold; split the "
            "data into several reports"
        )
