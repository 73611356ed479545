"""What installing and looking after asks of Windows, in one place that tests can stand in for."""

from __future__ import annotations

import os
import platform
import struct
import sys
from importlib import metadata
from pathlib import Path
from typing import Protocol

from csmcalc.errors import InputError


class System(Protocol):
    """The few things that are read from Windows."""

    @property
    def python(self) -> Path:
        """The interpreter that runs csmcalc."""

    @property
    def python_version(self) -> str:
        """Its version, such as 3.12.4."""

    @property
    def bits(self) -> int:
        """32 or 64."""

    def version_of(self, package: str) -> str | None:
        """The version of an installed package."""

    def variable(self, name: str) -> str:
        """An environment variable, empty when it is not set."""

    def registry(self, key: str, value: str) -> str | int | None:
        """A value below HKEY_CURRENT_USER or HKLM, None when it is not there or not readable."""


class Windows:
    """The real one."""

    python = Path(sys.executable)
    python_version = platform.python_version()
    bits = 8 * struct.calcsize("P")

    def version_of(self, package: str) -> str | None:
        """The version of an installed package."""
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return None

    def variable(self, name: str) -> str:
        """An environment variable, empty when it is not set."""
        return os.environ.get(name, "")

    def registry(self, key: str, value: str) -> str | int | None:
        """A value of the registry; `key` begins with HKCU or HKLM."""
        if sys.platform != "win32":
            return None
        import winreg

        root, _, path = key.partition("\\")
        hive = winreg.HKEY_CURRENT_USER if root == "HKCU" else winreg.HKEY_LOCAL_MACHINE
        try:
            with winreg.OpenKey(hive, path) as opened:
                found = winreg.QueryValueEx(opened, value)[0]
        except OSError:
            return None
        return found if isinstance(found, (str, int)) else None


def this_system() -> System:
    """Windows, or a plain word that this is another system."""
    if sys.platform != "win32":
        raise InputError(
            "Excel's functions in VBA run on Windows alone, and this is another system; "
            "for LibreOffice use `csmcalc addin libreoffice`"
        )
    return Windows()
