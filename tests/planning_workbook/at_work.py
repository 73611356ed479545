"""LibreOffice opened once, and many workbooks typed into one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.planning_door.office_edit import PYTHON, SOFFICE, _desktop

Typed = dict[str, Any]
"""What is typed: a number or text by the name of a cell, or by sheet and cell ("Customers!D6")."""

_ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
"""A virtual environment on the path makes LibreOffice's Python miss its own modules."""


def typed(source: Path, changes: dict[str, Typed], folder: Path) -> dict[str, Path]:
    """A copy of a workbook for each change, as LibreOffice computes and saves it."""
    made = {name: folder / f"{name}.xlsx" for name in changes}
    jobs = [[made[name].as_uri(), change] for name, change in changes.items()]
    pipe, profile = f"csmcalc-{uuid.uuid4().hex}", folder / "profile"
    command = [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    environment = {**_ENVIRONMENT, "HOME": str(folder)}
    office = subprocess.Popen(
        [*command, "--norestore", f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        told = json.dumps([pipe, source.as_uri(), jobs])
        done = subprocess.run(
            [PYTHON, __file__, told],
            capture_output=True,
            text=True,
            timeout=590,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
    finally:
        office.terminate()
        office.wait(30)
    return made


def _work(pipe: str, source: str, jobs: Sequence[tuple[str, Typed]]) -> None:
    import uno  # type: ignore[import-not-found]

    def named(name: str, value: Any) -> Any:
        told = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        told.Name, told.Value = name, value
        return told

    desktop = _desktop(uno, pipe)
    for target, change in jobs:
        document = desktop.loadComponentFromURL(source, "_blank", 0, (named("Hidden", True),))
        for where, value in change.items():
            cell = _cell(document, where)
            if isinstance(value, str):
                cell.String = value
            else:
                cell.Value = value
        document.calculate()
        document.storeToURL(target, (named("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)


def _cell(document: Any, where: str) -> Any:
    sheet, _, address = where.rpartition("!")
    if sheet:
        return document.Sheets.getByName(sheet).getCellRangeByName(address)
    return document.NamedRanges.getByName(where).ReferredCells


if __name__ == "__main__":
    _work(*json.loads(sys.argv[1]))
