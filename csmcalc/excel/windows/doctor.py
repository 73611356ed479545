"""What stands between Excel and the functions, as far as it can be read without Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from csmcalc.excel.windows.install import CONFIGURATION, WORKBOOKS, configuration, outdated
from csmcalc.excel.windows.system import System

XLWINGS = "0.37.8"
"""The version whose DLL the workbooks name."""

State = Literal["ok", "look", "fail"]
_OFFICE = r"Microsoft\Office\16.0\Excel\Security"
_POLICIES = (rf"HKCU\Software\Policies\{_OFFICE}", rf"HKLM\Software\Policies\{_OFFICE}")
_USER = rf"HKCU\Software\{_OFFICE}"
_SYNCED = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what to do when it is not well."""

    what: str
    state: State
    found: str
    remedy: str = ""


def findings(system: System, folder: Path, source: Traversable | None = None) -> list[Finding]:
    """Everything that was looked at, in the order in which to mend it."""
    return [
        _python(system),
        *_xlwings(system),
        _location(system),
        *_workbooks(folder, outdated(folder, source)),
        _configuration(system, folder),
        _synced(system, folder),
        _macros(system),
        _asr(system),
    ]


def _python(system: System) -> Finding:
    found = f"Python {system.python_version}, {system.bits} bits, {system.python}"
    if system.bits != 64:
        return Finding("Python", "fail", found, "Install Python with 64 bits, then csmcalc in it.")
    version = tuple(int(part) for part in re.findall(r"\d+", system.python_version)[:2])
    if version < (3, 11):
        return Finding("Python", "fail", found, "Install Python 3.11 or later.")
    return Finding("Python", "ok", found)


def _xlwings(system: System) -> Iterator[Finding]:
    version = system.version_of("xlwings")
    install = f"Run: {system.python} -m pip install xlwings=={XLWINGS}"
    if version is None:
        yield Finding("xlwings", "fail", "is not installed", install)
        return
    good = version == XLWINGS
    wanted = f"{version}; the workbooks name {XLWINGS}"
    yield Finding("xlwings", "ok" if good else "fail", wanted, "" if good else install)
    if system.version_of("pywin32") is None:
        remedy = f"Run: {system.python} -m pip install pywin32"
        yield Finding("pywin32", "fail", "is not installed", remedy)
    dll = f"xlwings64-{XLWINGS}.dll"
    # The VBA of xlwings looks beside the interpreter, then one folder up (a virtual environment).
    for place in (system.python.parent, system.python.parent.parent):
        if (place / dll).is_file():
            yield Finding("DLL", "ok", str(place / dll))
            return
    remedy = f"{install} --force-reinstall; if it vanishes again, antivirus software took it: "
    yield Finding(
        "DLL",
        "fail",
        f"{dll} is not beside {system.python}",
        f"{remedy}have {system.python.parent} excepted.",
    )


def _location(system: System) -> Finding:
    """Interpreters that Excel cannot start, or that security software likes to stop."""
    path = str(system.python)
    if "windowsapps" in path.lower():
        return Finding(
            "Interpreter",
            "fail",
            f"{path} is the Store's Python, whose files Excel may not load",
            "Install Python from its own installer, and csmcalc in it.",
        )
    temporary = system.variable("TEMP")
    if temporary and path.lower().startswith(temporary.lower()):
        return Finding(
            "Interpreter",
            "look",
            f"{path} stands in the temporary folder, which antivirus software watches closely",
            "Install Python and csmcalc in a lasting folder.",
        )
    return Finding("Interpreter", "ok", "stands in a lasting folder")


def _workbooks(folder: Path, old: list[str]) -> Iterator[Finding]:
    for name in WORKBOOKS:
        path = folder / name
        if not path.is_file():
            yield Finding(name, "fail", f"is not in {folder}", "Run: csmcalc addin install")
        elif name in old:
            wrong = "is of another version of csmcalc; functions may be missing in it"
            yield Finding(name, "fail", wrong, "Run: csmcalc addin install")
        elif _came_from_the_web(path):
            yield Finding(
                name,
                "fail",
                "is marked as coming from the internet: Excel blocks its macros",
                f"In the Properties of {path} tick Unblock.",
            )
        else:
            yield Finding(name, "ok", str(path))


def _came_from_the_web(path: Path) -> bool:
    try:
        return "ZoneId=3" in Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace")
    except OSError:
        return False


def _configuration(system: System, folder: Path) -> Finding:
    path = folder / CONFIGURATION
    if not path.is_file():
        return Finding(CONFIGURATION, "fail", f"is not in {folder}", "Run: csmcalc addin install")
    if path.read_bytes() != configuration(system):
        return Finding(
            CONFIGURATION,
            "fail",
            f"does not name this interpreter, {system.python}",
            "Run: csmcalc addin uninstall, then csmcalc addin install",
        )
    return Finding(CONFIGURATION, "ok", f"names {system.python.parent}")


def _synced(system: System, folder: Path) -> Finding:
    for name in _SYNCED:
        root = system.variable(name)
        if root and folder.absolute().is_relative_to(root):
            return Finding(
                "OneDrive",
                "fail",
                f"{folder} is synced: Excel sees a web address and finds no {CONFIGURATION}",
                "Run: csmcalc addin install, without --folder",
            )
    return Finding("OneDrive", "ok", "the folder is not synced")


def _macros(system: System) -> Finding:
    """Trust Centre: a policy counts for more than the user's own choice."""
    for key in (*_POLICIES, _USER):
        level = system.registry(key, "VBAWarnings")
        if level is None:
            continue
        by = "the company's policy" if "Policies" in key else "the Trust Centre"
        if level == 4:
            return Finding(
                "Macros", "fail", f"{by} disables all macros without a word", _TRUST_REMEDY
            )
        if level == 3:
            return Finding("Macros", "fail", f"{by} allows signed macros alone", _TRUST_REMEDY)
        return Finding("Macros", "ok", f"{by} lets you enable them (VBAWarnings {level})")
    return Finding("Macros", "ok", "Excel asks before it enables them (its default)")


_TRUST_REMEDY = (
    "In Excel: File, Options, Trust Center, Trusted Locations: add the folder of the workbooks; "
    "where that is greyed out, ask your administrator."
)


def _asr(system: System) -> Finding:
    """Defender's rule that keeps Office from starting other programs stops xlwings' server."""
    key = (
        r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard"
        r"\ASR\Rules"
    )
    rule = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
    if str(system.registry(key, rule)) in {"1", "6"}:
        return Finding(
            "Antivirus",
            "look",
            "Defender's rule against child processes of Office is on: Excel may not start Python",
            f"Ask your administrator to except {system.python}.",
        )
    return Finding("Antivirus", "ok", "no rule found that keeps Excel from starting Python")
