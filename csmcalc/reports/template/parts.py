"""The parts of a template, read once and looked at before anything else does.

What could reach out of a report (links to other files, connections, functions that call programs)
or blow up on the way (bombs, document types) is refused here, with the place and the reason.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from csmcalc.errors import WorkbookError
from csmcalc.io.files.package import Limits, Package, chunks, open_package, relationships
from csmcalc.reports.template.archive import Part, compressed_once, unpacked
from csmcalc.reports.template.depth import deepest

_LOCAL_HEADER = 30
_STORED, _DEFLATED = 0, 8
_OLE = b"\xd0\xcf\x11\xe0"
_LARGE = 1 << 20
"""Bytes of a part from which on a quicker way to unpack it is worth it."""
_XML = (".xml", ".rels")
_DEEPEST = 250
_OUTWARD = {
    "externalLink": "refers to another workbook",
    "externalLinkPath": "refers to another workbook",
    "connections": "connects to a database or to the web",
    "queryTable": "fills a table from a database or from the web",
    "attachedTemplate": "refers to another file",
}
_LINKED = {"hyperlink"}
"""Kinds of links to the outside that only a click follows."""


@dataclass(slots=True)
class Parts:
    """The parts of a package: as compressed bytes, and, where asked for, unpacked once."""

    package: Package
    content: bytes = field(repr=False)
    unpacked: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> str:
        """What the template is called in messages."""
        return self.package.source

    @property
    def names(self) -> list[str]:
        """The parts in the order of the archive."""
        infos = self.package.archive.infolist()
        return [info.filename for info in infos if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """The bytes of a part; the main elements of XML without a prefix, as Excel writes them."""
        if name not in self.unpacked:
            content = self._content(name)
            xml = name.lower().endswith(".xml")
            self.unpacked[name] = _without_prefix(content) if xml else content
        return self.unpacked[name]

    def _content(self, name: str) -> bytes:
        archive = self.package.archive
        found = unpacked(self.raw(name)) if self._is_large(name) else None
        # What is wrong with a part is told by the usual way.
        return b"".join(chunks(self.source, archive, name)) if found is None else found

    def _is_large(self, name: str) -> bool:
        """Whether a part is large and deflated, and stands where the archive says."""
        info = self.package.archive.NameToInfo.get(name)
        if info is None or info.file_size < _LARGE or info.compress_type != _DEFLATED:
            return False
        encoded, start = name.encode(), info.header_offset
        head = self.content[start : start + _LOCAL_HEADER + len(encoded)]
        return head.startswith(b"PK\3\4") and head.endswith(encoded)

    def raw(self, name: str) -> Part:
        """A part as it stands in the archive."""
        info = self.package.archive.getinfo(name)
        if info.compress_type not in (_STORED, _DEFLATED):
            return compressed_once(name, self.read(name))
        header = self.content[info.header_offset : info.header_offset + _LOCAL_HEADER]
        lengths = struct.unpack("<HH", header[26:30])
        start = info.header_offset + _LOCAL_HEADER + sum(lengths)
        packed = memoryview(self.content)[start : start + info.compress_size]  # not a copy
        return Part(name, packed, info.CRC, info.file_size, info.compress_type)


def _without_prefix(content: bytes) -> bytes:
    """Elements such as <x:row> as <row>; some libraries write them so."""
    root = _PREFIXED_ROOT.match(content)
    if root is None or b"xmlns=" in root[0]:
        return content
    prefix = re.escape(root["prefix"])
    declared = re.search(rb"xmlns:" + prefix + rb"\s*=\s*[\"'](?:" + _MAIN + rb")[\"']", root[0])
    if declared is None:
        return content
    content = re.sub(rb"<(/?)" + prefix + rb":", rb"<\1", content)
    return re.sub(rb"xmlns:" + prefix + rb"(?=\s*=)", b"xmlns", content, count=1)


_MAIN = (
    rb"http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"
    rb"|http://purl\.oclc\.org/ooxml/spreadsheetml/main"
)
_PREFIXED_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<(?P<prefix>[\w.-]+):\w+[^>]*>", re.DOTALL
)


def open_parts(source: str, content: bytes, limits: Limits) -> Parts:
    """Open a template and refuse what is no template."""
    parts = Parts(open_package(source, content, limits), content)
    for name in parts.names:
        _check_name(source, name)
        if name.lower().endswith(_XML):
            _check_xml(parts, name)
        elif b"<!DOCTYPE" in (head := parts.read(name)[:4096]) or b"<!ENTITY" in head:
            raise parts.package.hostile(name)
        if name.endswith(".rels"):
            _check_links(parts, name)
    parts.read("[Content_Types].xml")  # Excel opens no workbook without it
    return parts


def _check_name(source: str, name: str) -> None:
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise WorkbookError(f"{source}: part {name} leads out of the workbook; it was not read")


def _check_xml(parts: Parts, name: str) -> None:
    """Every part is well-formed UTF-8 without a document type."""
    content = parts.read(name)
    beginning = content[:4]
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in beginning:
        raise WorkbookError(
            f"{parts.source}: part {name} is written in UTF-16, which is not read; open the file "
            "in Excel and save it again"
        )
    parser, depth = expat.ParserCreate(), 0

    def refuse(*_: object) -> None:
        raise parts.package.hostile(name)

    def declared(_: str, encoding: str | None, __: int) -> None:
        if encoding and encoding.casefold() not in ("utf-8", "utf8"):
            raise WorkbookError(
                f"{parts.source}: part {name} is written in {encoding}, which is not read; open "
                "the file in Excel and save it again"
            )

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise WorkbookError(
                f"{parts.source}: the elements of part {name} stand more than {_DEEPEST} deep in "
                "one another, as in no workbook that Excel saves; it was not read"
            )

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.XmlDeclHandler = declared
    told = deepest(content)
    if told is None or told > _DEEPEST:
        parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise WorkbookError(
            f"{parts.source}: part {name} is damaged ({error}); open the file in Excel and save it "
            "again"
        ) from None


def _check_links(parts: Parts, rels: str) -> None:
    """Relations that load something without a click are refused."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        target = attributes.get("Target", "")
        outside = attributes.get("TargetMode") == "External"
        if kind in _OUTWARD:
            raise WorkbookError(
                f"{parts.source}: {_OUTWARD[kind]} ({target}, in {rels}); reports must stand "
                "alone: break the link in Excel (Data, Edit Links or Queries) and save again"
            )
        if outside and kind not in _LINKED:
            raise WorkbookError(
                f"{parts.source}: loads a {kind} from {target} (in {rels}); put it into the "
                "workbook itself"
            )

    parts.package.walk(rels, start)


def related(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (target part, kind) for what a part refers to."""
    return relationships(parts.source, parts.package.archive, part)


def read_template(source: str, content: bytes, limits: Limits) -> Parts:
    """The same, with a word for what is no zip archive at all."""
    if content.startswith(_OLE):
        raise WorkbookError(
            f"{source}: is encrypted with a password, or in the old .xls format; save it in Excel "
            "as .xlsx without a password"
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise WorkbookError(f"{source}: is no workbook (.xlsx or .xlsm), or it is damaged")
    return open_parts(source, content, limits)
