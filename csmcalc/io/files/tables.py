"""Any file to one raw table, by what the file is rather than by what it is called."""

from __future__ import annotations

from pathlib import Path

from csmcalc.errors import InputError, WorkbookError
from csmcalc.io.cells.content import UNPRINTABLE
from csmcalc.io.files.bytes import read_bytes
from csmcalc.io.files.delimited import read_delimited
from csmcalc.io.files.parquet import read_parquet
from csmcalc.io.files.sheets import read_workbook
from csmcalc.io.naming.vocabulary import Listing
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable

LARGEST = 1 << 30
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
_OTHERS = (
    (b"%PDF", "is a PDF; export the list as .xlsx or .csv"),
    (b"\x1f\x8b", "is compressed with gzip; unpack it first"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"BZh", "is compressed with bzip2; unpack it first"),
    (b"(\xb5/\xfd", "is compressed with zstd; unpack it first"),
    (b"SQLite format 3", "is an SQLite database; export the list as .csv"),
    (b"{\\rtf", "is a text document (RTF); save the table in it as .xlsx or .csv"),
    (b"ARROW1", "is a Feather file; save it as Parquet or .csv"),
)
_MARKUP = (b"<?xml", b"<html", b"<!doctype", b"<table", b"<head", b"<meta", b"<body", b"<workbook")


def read_table(path: Path, options: ReadOptions, listing: Listing = "customers") -> RawTable:
    """Read the one table of a file that holds what is looked for."""
    content = read_bytes(path, LARGEST)
    # A file may be called what no workbook can hold: control characters, bytes that are no text.
    source = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", path.name)
    if not content.strip():
        raise InputError(f"{source}: the file is empty; it needs a header row and rows below it")
    if content.startswith(_ZIP):
        return read_workbook(source, content, options, listing)
    if content.startswith(b"PAR1"):
        return read_parquet(source, content)
    _refuse_others(source, path.suffix.lower(), content)
    if options.sheet or options.table or options.cells:
        raise InputError(
            f"{source}: --sheet, --table and --range are for Excel workbooks, and this is a text "
            "file; leave them out"
        )
    return read_delimited(source, content, options.columns, listing)


def _refuse_others(source: str, suffix: str, content: bytes) -> None:
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(_OLE):
        raise WorkbookError(f"{source}: {_ole_kind(content)}")
    if content.startswith(_BIFF):
        raise WorkbookError(f"{source}: {_OLD_WORKBOOK}")
    for magic, message in _OTHERS:
        if content.startswith(magic):
            raise InputError(f"{source}: {message}")
    if head.lower().startswith(_MARKUP):
        raise InputError(
            f"{source}: is a web page or an XML file, whatever its name says; open it in Excel or "
            "LibreOffice and save it as .xlsx"
        )
    if head.startswith((b'{"', b'[{"', b"[\n", b"{\n", b"[{")) or suffix == ".json":
        raise InputError(f"{source}: is JSON; convert it to .csv or .xlsx")
    if suffix in {".xlsx", ".xlsm", ".xltx", ".xltm"}:
        raise WorkbookError(
            f"{source}: is not an Excel workbook (it does not begin as one); export it again, or "
            "name it .csv if it is text"
        )
    if suffix in {".parquet", ".pq"}:
        raise InputError(f"{source}: is not a Parquet file; export it again")


_OLD_WORKBOOK = (
    "is a workbook in the old .xls format, which is not read; open it in Excel or LibreOffice and "
    "save it as .xlsx"
)


def _ole_kind(content: bytes) -> str:
    """Encrypted workbooks and old ones begin with the same bytes: tell them apart."""
    if _ENCRYPTED in content:
        return (
            "is encrypted with a password; open it in Excel, remove the password (File, Info, "
            "Protect Workbook, Encrypt with Password) and save it again"
        )
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return _OLD_WORKBOOK
    return "is an old Office file but no workbook; export the list as .xlsx or .csv"
