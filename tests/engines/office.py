"""LibreOffice as the independent engine: it recalculates, we compare."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.planning_door.office_edit import PYTHON

REQUIRED = os.environ.get("CSMCALC_REQUIRE_ENGINES") == "1"
SOFFICE = shutil.which("soffice")
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def require_office() -> None:
    """Skip with a plain word where LibreOffice is missing, or fail where it is demanded."""
    if SOFFICE:
        return
    if REQUIRED:
        pytest.fail("CSMCALC_REQUIRE_ENGINES=1, but LibreOffice (soffice) is not installed")
    pytest.skip("LibreOffice (soffice) is not installed: workbooks are not recalculated")


def require_uno() -> None:
    """Skip where LibreOffice cannot be driven from Python, or fail where it is demanded."""
    require_office()
    try:
        done = subprocess.run([PYTHON, "-c", "import uno"], capture_output=True, check=False)
    except OSError:
        has_uno = False
    else:
        has_uno = done.returncode == 0
    if has_uno:
        return
    missing = "LibreOffice's Python modules (python3-uno) are not installed"
    if REQUIRED:
        pytest.fail(f"CSMCALC_REQUIRE_ENGINES=1, but {missing}")
    pytest.skip(missing)


class Office:
    """One LibreOffice profile that recalculates every workbook it loads, or keeps what it may."""

    def __init__(self, folder: Path, *, recalculates: bool = True) -> None:
        self.folder = folder
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        if recalculates:
            settings = profile / "registrymodifications.xcu"
            settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")

    def convert(self, paths: Sequence[Path], kind: str) -> list[Path]:
        """Convert files in one call; LibreOffice exits 0 even when a load fails."""
        out = self.folder / f"{kind}-{len(list(self.folder.iterdir()))}"
        profile = (self.folder / "profile").as_uri()
        command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
        done = subprocess.run(
            [*map(str, command), "--outdir", str(out), *map(str, paths)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        made = [out / f"{path.stem}.{kind}" for path in paths]
        missing = [path.name for path in made if not path.exists()]
        assert not missing, f"LibreOffice did not load {missing}: {done.stderr}"
        return made

    def recalculated(self, paths: Sequence[Path]) -> list[Path]:
        """Copies of workbooks with every formula computed afresh."""
        return self.convert(paths, "xlsx")


Cells = dict[tuple[str, str], Any]


def cached_values(path: Path) -> Cells:
    """Each cell's value by sheet and address; blanks left out."""
    workbook = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Each formula by sheet and address."""
    workbook = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def differences(addresses: Iterable[tuple[str, str]], one: Cells, other: Cells) -> list[str]:
    """Cells whose values differ: numbers beyond rounding, anything else at all."""
    found = []
    for address in addresses:
        a, b = one.get(address, ""), other.get(address, "")
        if not _alike(a, b):
            found.append(f"{address[0]}!{address[1]}: {a!r} against {b!r}")
    return found


def _alike(a: Any, b: Any) -> bool:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
    return bool(a == b)
