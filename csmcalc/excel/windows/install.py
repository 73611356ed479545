"""The workbooks with functions, put beside the settings that xlwings reads."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from csmcalc.errors import InputError
from csmcalc.excel.placing import place, remove_empty
from csmcalc.excel.windows.system import System

WORKBOOKS = ("csm_functions.xlsm", "selfcheck.xlsm")
CONFIGURATION = "xlwings.conf"
_RECORD = "csmcalc-installed.json"
UDF_MODULE = "csmcalc.excel.udfs"


def default_folder(system: System) -> Path:
    """Where the workbooks go: a local folder, for in a synced one Excel sees a web address."""
    local = system.variable("LOCALAPPDATA")
    if not local:
        raise InputError("LOCALAPPDATA is not set; name a folder with --folder")
    return Path(local) / "csmcalc" / "Excel"


def install(system: System, folder: Path, source: Traversable | None = None) -> list[Path]:
    """Put workbooks and configuration in a folder, all or none; the files that were written."""
    folder = folder.absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; name a folder with --folder")
    contents = {folder / name: _workbook(source, name) for name in WORKBOOKS}
    contents[folder / CONFIGURATION] = configuration(system)
    earlier = _record(folder)
    for path in contents:
        if path.exists() and not _is_ours(path, earlier):
            raise InputError(
                f"{path}: is not what csmcalc installed (yours, or changed since); move or "
                "rename it, or name another folder with --folder"
            )
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    record = {
        "files": {path.name: _digest(content) for path, content in contents.items()},
        "folders": earlier["folders"] if earlier else [str(part) for part in missing],
    }
    place({**contents, folder / _RECORD: json.dumps(record, indent=1).encode("ascii")})
    return list(contents)


def uninstall(folder: Path) -> tuple[list[Path], list[Path]]:
    """Remove what install wrote; the files removed, and those kept because they were changed."""
    folder = folder.absolute()
    record = _record(folder)
    if not record:
        return [], []
    present = [folder / name for name in record["files"] if (folder / name).exists()]
    removed = [path for path in present if _is_ours(path, record)]
    place({**dict.fromkeys(removed), folder / _RECORD: None})
    remove_empty([Path(created) for created in record["folders"]])
    return removed, [path for path in present if path not in removed]


def outdated(folder: Path, source: Traversable | None = None) -> list[str]:
    """The workbooks in a folder that are as another version of csmcalc installed them."""
    record = _record(folder)
    installed = record["files"] if record else {}
    return [
        name
        for name in WORKBOOKS
        if (folder / name).is_file()
        and _is_ours(folder / name, record)
        and installed[name] != _digest(_workbook(source, name))
    ]


def configuration(system: System) -> bytes:
    """The settings of xlwings, as its VBA reads them: quoted pairs in the system's code page."""
    # python.exe's windowless twin: no console flashes up beside Excel.
    windowless = system.python.with_name("pythonw.exe")
    interpreter = windowless if windowless.exists() else system.python
    settings = {
        "INTERPRETER_WIN": str(interpreter),
        "UDF MODULES": UDF_MODULE,
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
        "SHOW CONSOLE": "False",
    }
    lines = [f'"{key}","{value}"\r\n' for key, value in settings.items()]
    try:
        return "".join(lines).encode(_code_page())
    except UnicodeEncodeError:
        raise InputError(
            f"{interpreter}: VBA cannot read the letters of this path; install Python in a "
            "folder with plain letters, such as C:\\Python"
        ) from None


def _code_page() -> str:
    return "mbcs" if sys.platform == "win32" else "cp1252"


def _workbook(source: Traversable | None, name: str) -> bytes:
    source = source or resources.files("csmcalc") / "data" / "excel"
    try:
        return (source / name).read_bytes()
    except OSError:
        raise InputError(
            f"{name}: is missing in this installation of csmcalc; install csmcalc again with pip"
        ) from None


def _record(folder: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads((folder / _RECORD).read_text("ascii")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise InputError(
            f"{folder / _RECORD}: is damaged; delete it and the workbooks beside it"
        ) from None


def _is_ours(path: Path, record: dict[str, Any] | None) -> bool:
    return record is not None and record["files"].get(path.name) == _digest(path.read_bytes())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
