"""LibreOffice with our functions in its profile, and workbooks that it can compute with them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from csmcalc.excel.libreoffice import profile as profiles
from tests.engines.office import SOFFICE

_RECALCULATE = """<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def without_macros(workbook: bytes) -> bytes:
    """A copy that Calc takes its own functions for: the VBA in it would go first."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = re.sub(rb'<Override [^>]*vbaProject"/>', b"", content)
                content = content.replace(_WITH_MACROS, _PLAIN)
            elif name == "xl/_rels/workbook.xml.rels":
                content = re.sub(rb"<Relationship [^>]*vbaProject.bin[^>]*/>", b"", content)
            if not name.endswith("vbaProject.bin"):
                target.writestr(name, content)
    return out.getvalue()


_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


class Calc:
    """LibreOffice with our functions in its profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = folder / "profile"
        self.run("--terminate_after_init")
        profiles.install(self.profile)
        settings = self.profile / "user" / "registrymodifications.xcu"
        text = settings.read_text("utf-8").replace("</oor:items>", _RECALCULATE)
        settings.write_text(text, "utf-8")

    def run(self, *arguments: str) -> None:
        # A virtual environment on the path makes LibreOffice's Python miss its own modules.
        subprocess.run(
            [
                str(SOFFICE),
                f"-env:UserInstallation={self.profile.as_uri()}",
                "--headless",
                "--norestore",
                *arguments,
            ],
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
            capture_output=True,
            check=True,
            timeout=60,
        )

    def computed(self, workbook: Path) -> Any:
        """The workbook, computed afresh, with its values."""
        out = self.folder / "computed"
        self.run("--convert-to", "xlsx", "--outdir", str(out), str(workbook))
        made = out / workbook.name
        assert made.exists(), f"LibreOffice did not load {workbook.name}"
        return openpyxl.load_workbook(made, data_only=True)
