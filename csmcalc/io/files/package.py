"""An .xlsx or .xlsm package, looked at before anything reads it.

Whatever a reader could choke on is refused here with a word on what to do: damaged or encrypted
archives, zip bombs, document type declarations, missing parts.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from csmcalc.errors import WorkbookError
from csmcalc.io.raw import EPOCH_1900, EPOCH_1904

_SUSPICIOUS_PART = 64 << 20
_CHUNK = 1 << 20
_SAVE_AGAIN = "open it in Excel or LibreOffice and save it again as .xlsx"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may unpack to before it is taken for a bomb.

    Attributes:
        part: bytes of one part.
        total: bytes of all parts together.
        parts: how many parts there may be.
        dense_part, dense_ratio: a part above this size may not shrink more than so many times.
    """

    part: int = 1 << 30
    total: int = 1 << 32
    parts: int = 100_000
    dense_part: int = _SUSPICIOUS_PART
    dense_ratio: int = 200


_USUAL = Limits()

StartHandler = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook as its table of contents lists it."""

    name: str
    kind: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a workbook and its table of contents."""

    source: str
    archive: zipfile.ZipFile
    workbook: str
    sheets: tuple[Sheet, ...] = ()
    epoch: dt.date = EPOCH_1900
    names: Mapping[str, str] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """Whether the package holds a part."""
        return part in self.archive.NameToInfo

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind that a part refers to, as far as they are there."""
        found = relationships(self.source, self.archive, part).values()
        return [target for target, its_kind in found if its_kind == kind and self.has(target)]

    def hostile(self, part: str) -> WorkbookError:
        """The refusal of a part that declares a document type."""
        return _hostile(self.source, part)

    def walk(
        self, part: str, start: StartHandler, text: Callable[[str], None] | None = None
    ) -> None:
        """Feed the elements of an XML part to a handler."""
        walk(self.source, self.archive, part, start, text)


def open_package(source: str, content: bytes, limits: Limits = _USUAL) -> Package:
    """Open a workbook's package and read its table of contents."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise WorkbookError(
            f"{source}: the file is damaged (its zip archive cannot be opened); export or download "
            "it again"
        ) from None
    _check_sizes(source, archive, limits)
    _check_names(source, archive)
    roots = relationships(source, archive, "")
    workbook = next((t for t, kind in roots.values() if kind == "officeDocument"), "")
    if not workbook.startswith("xl/") or workbook not in archive.NameToInfo:
        raise WorkbookError(f"{source}: {_other_kind(archive)}")
    if workbook.endswith(".bin"):
        raise WorkbookError(f"{source}: is a binary workbook (.xlsb); save it as .xlsx")
    return _contents(source, archive, workbook)


def _check_sizes(source: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    total = sum(info.file_size for info in archive.infolist())
    if len(archive.infolist()) > limits.parts or total > limits.total:
        raise WorkbookError(
            f"{source}: would unpack to {total / 1e6:,.0f} MB in {len(archive.infolist()):,} parts "
            "(a zip bomb, or far more than a workbook needs); nothing was unpacked"
        )
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise WorkbookError(
                f"{source}: its parts are encrypted; save it without a password and try again"
            )
        ratio = info.file_size / max(info.compress_size, 1)
        too_dense = info.file_size > limits.dense_part and ratio > limits.dense_ratio
        if info.file_size > limits.part or too_dense:
            raise WorkbookError(
                f"{source}: part {info.filename} would unpack to {info.file_size / 1e6:,.0f} MB "
                "(a zip bomb, or far more than a customer list needs); nothing was unpacked. "
                "Export the list again, as .csv when it is really this large"
            )


def _check_names(source: str, archive: zipfile.ZipFile) -> None:
    counts = Counter(info.filename.casefold() for info in archive.infolist())
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise WorkbookError(
            f"{source}: the archive holds two parts named {twice[0]}, and only one of them can be "
            f"meant; {_SAVE_AGAIN}"
        )


def _other_kind(archive: zipfile.ZipFile) -> str:
    names = archive.NameToInfo
    if "content.xml" in names and "mimetype" in names:
        return "is an OpenDocument file, not an Excel workbook; save it as .xlsx or .csv"
    if any(name.startswith("Index/") or name.endswith(".iwa") for name in names):
        return "is an Apple Numbers file; export it as .xlsx or .csv"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "is a text document or a presentation; save the table in it as .xlsx or .csv"
    if not names:
        return "is an empty zip archive, not a workbook; export the list again"
    if any(name.startswith("xl/") for name in names):
        return f"is a damaged workbook (its table of contents is missing); {_SAVE_AGAIN}"
    return (
        "is a zip archive but not a workbook; unpack it first, or give the .xlsx or .csv inside it"
    )


def relationships(source: str, archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (target part, kind) for what a part refers to inside the package."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            joined = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (posixpath.normpath(joined).lstrip("/"), kind)

    if rels in archive.NameToInfo:
        walk(source, archive, rels, start)
    return found


def _contents(source: str, archive: zipfile.ZipFile, workbook: str) -> Package:
    targets = relationships(source, archive, workbook)
    sheets: list[Sheet] = []
    names: dict[str, str] = {}
    naming: list[str] = []
    epoch = [EPOCH_1900]

    def start(tag: str, attributes: dict[str, str]) -> None:
        naming.clear()
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true", "on"):
            epoch[0] = EPOCH_1904
        elif tag == "definedName":
            naming.append(attributes.get("name", "").casefold())
        elif tag == "sheet":
            part, kind = targets.get(attributes.get("id", ""), ("", "worksheet"))
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(Sheet(attributes.get("name", ""), kind, visible, part))

    def text(content: str) -> None:
        for name in naming:
            names[name] = names.get(name, "") + content

    walk(source, archive, workbook, start, text)
    if not sheets:
        raise WorkbookError(f"{source}: the workbook lists no sheets; {_SAVE_AGAIN}")
    return Package(source, archive, workbook, tuple(sheets), epoch[0], names)


def walk(
    source: str,
    archive: zipfile.ZipFile,
    part: str,
    start: StartHandler,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed the elements of an XML part to a handler, by local name and local attribute names.

    A document type declaration is refused: no writer of workbooks needs one, and entity bombs do.
    """
    if part in archive.NameToInfo and archive.getinfo(part).file_size > _SUSPICIOUS_PART:
        raise WorkbookError(
            f"{source}: part {part} is far larger than any workbook needs; {_SAVE_AGAIN}"
        )
    parser = expat.ParserCreate()

    def local_start(tag: str, attributes: dict[str, str]) -> None:
        start(tag.rpartition(":")[2], {k.rpartition(":")[2]: v for k, v in attributes.items()})

    def refuse(*_: object) -> None:
        raise _hostile(source, part)

    parser.StartElementHandler = local_start
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    if text:
        parser.CharacterDataHandler = text
    try:
        for chunk in chunks(source, archive, part):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # Python's own codecs raise the latter two for an encoding that does not exist.
        raise WorkbookError(f"{source}: part {part} is damaged ({error}); {_SAVE_AGAIN}") from None


def _hostile(source: str, part: str) -> WorkbookError:
    return WorkbookError(
        f"{source}: part {part} declares a document type or entities, as hostile files do and "
        "Excel never does; it was not read. Ask whoever made the file for a clean export"
    )


def chunks(source: str, archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The content of a part, piece by piece, its checksum being verified at the end."""
    if part not in archive.NameToInfo:
        raise WorkbookError(f"{source}: part {part} is missing; {_SAVE_AGAIN}")
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise WorkbookError(
            f"{source}: part {part} is damaged (it cannot be unpacked); {_SAVE_AGAIN}"
        ) from None
