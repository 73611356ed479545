"""The VBA project of a workbook with functions: xlwings' module as it ships, and ours."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import xlwings
from openpyxl import Workbook
from pyopenvba import ExcelFile

from addin import vba


def vba_project(sheets: int) -> bytes:
    """The project for a workbook of so many sheets; the same bytes every time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.xlsm"
        path.write_bytes(_empty(sheets))
        with ExcelFile(path) as file:
            project = file.add_vba_project()
            project.add_module(vba.XLWINGS, xlwings_module())
            project.add_module(vba.MODULE, vba.content().decode("cp1252"))
            file.save()
            return file.vba_project_bytes()


def xlwings_module() -> str:
    """The module for workbooks that stand alone, under the BSD licence that it carries."""
    return Path(xlwings.__file__).with_name("xlwings.bas").read_bytes().decode("cp1252")


def _empty(sheets: int) -> bytes:
    workbook = Workbook()
    for _ in range(sheets - 1):
        workbook.create_sheet()
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
