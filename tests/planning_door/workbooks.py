"""Workbooks taken apart and put together again, as tests damage them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import python_calamine

from csmcalc.io.files.areas import cell_name

Change = Callable[[str], str]


def changed(source: Path, out: Path, changes: Mapping[str, Change]) -> Path:
    """A copy with some parts changed; each change must change something."""
    with zipfile.ZipFile(source) as there, zipfile.ZipFile(out, "w") as target:
        for name in there.namelist():
            content = there.read(name)
            if name in changes:
                text = content.decode()
                made = changes[name](text)
                assert made != text, f"{name}: nothing was changed"
                content = made.encode()
            target.writestr(name, content)
    return out


def part_of(source: Path, sheet: str) -> str:
    """The part that holds a sheet."""
    with zipfile.ZipFile(source) as there:
        workbook = there.read("xl/workbook.xml").decode()
        rels = there.read("xl/_rels/workbook.xml.rels").decode()
    tag = next(t for t in re.findall(r"<sheet [^>]*>", workbook) if f'name="{sheet}"' in t)
    rid = re.search(r'r:id="([^"]+)"', tag)
    assert rid
    link = next(t for t in re.findall(r"<Relationship [^>]*>", rels) if f'Id="{rid[1]}"' in t)
    target = re.search(r'Target="([^"]+)"', link)
    assert target
    return target[1].lstrip("/") if target[1].startswith("/") else f"xl/{target[1]}"


def table_part(source: Path, table: str) -> str:
    """The part that describes an Excel table."""
    with zipfile.ZipFile(source) as there:
        return next(
            name
            for name in there.namelist()
            if name.startswith("xl/tables/")
            and f'displayName="{table}"' in there.read(name).decode()
        )


def where(source: Path, name: str) -> tuple[str, str]:
    """Sheet and cell (or range) of a defined name."""
    with zipfile.ZipFile(source) as there:
        workbook = there.read("xl/workbook.xml").decode()
    text = re.search(rf'<definedName [^>]*name="{name}"[^>]*>([^<]*)<', workbook)
    assert text, f"no name {name}"
    sheet, _, cell = text[1].rpartition("!")
    return sheet.strip("'").replace("''", "'"), cell.replace("$", "")


def cell_as(address: str, rest: str) -> Change:
    """A cell of a sheet written in another way, its style kept; `rest` follows its style."""

    def change(text: str) -> str:
        pattern = rf'<c r="{address}"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)'
        made, count = re.subn(pattern, rf'<c r="{address}"\1{rest}', text, count=1, flags=re.S)
        assert count == 1, f"no cell {address}"
        return made

    return change


def number(value: float) -> str:
    """A number as the rest of a cell."""
    return f"><v>{value!r}</v></c>"


def text(value: str) -> str:
    """Text as the rest of a cell."""
    return f' t="inlineStr"><is><t>{value}</t></is></c>'


def values(content: Path | bytes) -> dict[tuple[str, str], Any]:
    """Every cell's value as the file holds it; empty text is no value."""
    source = io.BytesIO(content) if isinstance(content, bytes) else io.BytesIO(content.read_bytes())
    book = python_calamine.CalamineWorkbook.from_filelike(source)
    return {
        (sheet, cell_name(row, column)): value
        for sheet in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        for column, value in enumerate(cells)
        if value != ""
    }
