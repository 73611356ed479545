"""The parts by which a workbook carries a VBA project; openpyxl can only keep one it has read."""

from __future__ import annotations

from collections.abc import Mapping

_PART = "xl/vbaProject.bin"
_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TYPE = (
    f'<Override PartName="/{_PART}" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
)
_RELATION = (
    '<Relationship Id="rIdMacros" Type="http://schemas.microsoft.com/office/2006/relationships/'
    'vbaProject" Target="vbaProject.bin"/></Relationships>'
)


def with_macros(parts: Mapping[str, bytes], project: bytes) -> dict[str, bytes]:
    """The parts of a workbook that change, and the new one, when it gets a VBA project."""
    types = parts[_TYPES].decode()
    assert types.count(_PLAIN) == 1
    types = types.replace(_PLAIN, _WITH_MACROS).replace("</Types>", _TYPE)
    relations = parts[_RELATIONS].decode().replace("</Relationships>", _RELATION)
    return {_TYPES: types.encode(), _RELATIONS: relations.encode(), _PART: project}


def code_name(position: int) -> str:
    """What the project calls the module of the sheet at a position (from 1)."""
    return f"Sheet{position}"


WORKBOOK_CODE_NAME = "ThisWorkbook"
"""What the project calls the workbook's own module."""
