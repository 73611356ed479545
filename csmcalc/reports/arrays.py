"""The parts by which a workbook tells a dynamic array from an old array formula.

A cell whose formula may give several values says `cm="1"`, the first entry of a part that openpyxl
does not know. Without it Excel shows `=@CSM_RATIO(...)` and cuts the result to one cell.
"""

from __future__ import annotations

from collections.abc import Mapping

_PART = "xl/metadata.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ARRAYS = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
_METADATA = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<metadata xmlns="{_MAIN}" xmlns:xda="{_ARRAYS}">\
<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" \
pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" \
clearComments="1" assign="1" coerce="1" cellMeta="1"/></metadataTypes>\
<futureMetadata name="XLDAPR" count="1"><bk><extLst>\
<ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}">\
<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>\
<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>"""
_TYPE = (
    f'<Override PartName="/{_PART}" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sheetMetadata+xml"/></Types>'
)
_RELATION = (
    '<Relationship Id="rIdMetadata" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/sheetMetadata" Target="metadata.xml"/></Relationships>'
)


def with_dynamic_arrays(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a workbook that change, and the new one, where cells say `cm="1"`."""
    types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    return {
        types: _with(parts[types], "</Types>", _TYPE),
        relations: _with(parts[relations], "</Relationships>", _RELATION),
        _PART: _METADATA.encode(),
    }


def _with(part: bytes, end: str, longer_end: str) -> bytes:
    return part.decode().replace(end, longer_end).encode()
