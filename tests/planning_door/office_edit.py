"""Somebody at work in LibreOffice: cells typed over, sheets and rows put in, the file saved."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOFFICE = shutil.which("soffice")
PYTHON = "/usr/bin/python3"
"""The Python that LibreOffice's own modules are installed for."""

Edit = tuple[str, ...]
"""("type", sheet, cell, number or text) | ("insert rows", sheet, row, count) |
("insert columns", sheet, column, count) | ("new sheet", name)."""


def edited(path: Path, out: Path, edits: Sequence[Sequence[Any]], profile: Path) -> Path:
    """A copy of a workbook as LibreOffice saves it after some edits."""
    pipe = f"csmcalc-{uuid.uuid4().hex}"
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    office = subprocess.Popen(
        [*command, "--norestore", f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "HOME": str(profile)},
    )
    try:
        told = json.dumps([pipe, path.as_uri(), out.as_uri(), out.suffix, list(edits)])
        done = subprocess.run(
            [PYTHON, __file__, told],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            env={"PATH": "/usr/bin:/bin", "HOME": str(profile)},
        )
        assert done.returncode == 0, done.stderr
    finally:
        office.terminate()
        office.wait(30)
    return out


# --- inside the Python of LibreOffice -------------------------------------------------------


def _work(pipe: str, source: str, target: str, suffix: str, edits: list[list[Any]]) -> None:
    import uno  # type: ignore[import-not-found]

    desktop = _desktop(uno, pipe)
    hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    hidden.Name, hidden.Value = "Hidden", True
    document = desktop.loadComponentFromURL(source, "_blank", 0, (hidden,))
    for what, *told in edits:
        _EDITS[what](document, *told)
    document.calculateAll()
    kind = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    kind.Name = "FilterName"
    kind.Value = "Calc MS Excel 2007 VBA XML" if suffix == ".xlsm" else "Calc MS Excel 2007 XML"
    document.storeToURL(target, (kind,))
    document.close(True)


def _desktop(uno: Any, pipe: str) -> Any:
    local = uno.getComponentContext()
    manager = local.ServiceManager
    resolver = manager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(300):
        try:
            remote = resolver.resolve(address)
        except Exception:  # the office is not up yet
            time.sleep(0.2)
            continue
        return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    raise SystemExit("LibreOffice does not answer")


def _type(document: Any, sheet: str, cell: str, value: Any) -> None:
    target = document.Sheets.getByName(sheet).getCellRangeByName(cell)
    if isinstance(value, str) and value.startswith("="):
        target.Formula = value
    elif isinstance(value, str):
        target.String = value
    else:
        target.Value = value


def _insert_rows(document: Any, sheet: str, row: int, count: int) -> None:
    document.Sheets.getByName(sheet).Rows.insertByIndex(row - 1, count)


def _insert_columns(document: Any, sheet: str, column: int, count: int) -> None:
    document.Sheets.getByName(sheet).Columns.insertByIndex(column, count)


def _new_sheet(document: Any, name: str) -> None:
    document.Sheets.insertNewByName(name, document.Sheets.Count)


def _rename(document: Any, sheet: str, name: str) -> None:
    document.Sheets.getByName(sheet).Name = name


def _copy(document: Any, sheet: str, name: str) -> None:
    document.Sheets.copyByName(sheet, name, document.Sheets.Count)


_EDITS = {
    "type": _type,
    "insert rows": _insert_rows,
    "insert columns": _insert_columns,
    "new sheet": _new_sheet,
    "rename sheet": _rename,
    "copy sheet": _copy,
}

if __name__ == "__main__":
    _work(*json.loads(sys.argv[1]))
