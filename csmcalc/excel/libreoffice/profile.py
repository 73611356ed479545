"""The functions put into a profile of LibreOffice, and taken out of it again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from csmcalc.catalog import CATALOGUE
from csmcalc.errors import InputError
from csmcalc.excel.libreoffice import basic, script
from csmcalc.excel.placing import place, remove_empty

COMMAND = [sys.executable, "-E", "-m", "csmcalc.excel.libreoffice.service"]
"""How the script starts the service; -E, for LibreOffice sets Python's variables for itself."""

_ELEMENT = f'<library:element library:name="{basic.MODULE}"/>'


def default_profile() -> Path:
    """Where LibreOffice keeps the profile of the user."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "LibreOffice" / "4"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "LibreOffice" / "4"
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "libreoffice" / "4"


def install(profile: Path) -> int:
    """Put the functions into a profile, in place of an earlier version; how many there are."""
    files = _checked(profile)
    earlier = files.earlier()
    if not earlier and files.module.exists():
        raise InputError(
            f"{files.module}: a Basic module of this name is there, not written by csmcalc; "
            "rename it in LibreOffice first"
        )
    _check_service()
    original = files.index_without_ours(earlier)
    installed = _Installed(
        before=original.decode("utf-8"),
        after=_with_element(original, files.index).decode("utf-8"),
        folders=earlier.folders if earlier else files.missing_folders(),
    )
    place(
        {
            files.record: json.dumps(asdict(installed), indent=1).encode("ascii"),
            files.script: _script(),
            files.module: basic.module_file(),
            files.index: installed.after.encode("utf-8"),
        }
    )
    return len(CATALOGUE)


def remove(profile: Path) -> bool:
    """Take the functions out of a profile; whether there were any."""
    files = _checked(profile)
    earlier = files.earlier()
    if not earlier:
        return False
    left = files.index_without_ours(earlier)
    place({files.index: left, files.module: None, files.script: None, files.record: None})
    remove_empty([files.user / folder for folder in earlier.folders])
    return True


@dataclass(frozen=True, slots=True)
class _Installed:
    """What an installation found and left, so that removing restores it byte for byte."""

    before: str
    after: str
    folders: list[str]


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a profile that are ours, and the index of modules that is shared."""

    user: Path

    @property
    def module(self) -> Path:
        return self.user / "basic" / "Standard" / f"{basic.MODULE}.xba"

    @property
    def index(self) -> Path:
        return self.user / "basic" / "Standard" / "script.xlb"

    @property
    def script(self) -> Path:
        return self.user / "Scripts" / "python" / basic.SCRIPT

    @property
    def record(self) -> Path:
        return self.user / "csmcalc-functions.json"

    def earlier(self) -> _Installed | None:
        """What an earlier installation noted."""
        if not self.record.exists():
            return None
        try:
            return _Installed(**json.loads(self.record.read_text("ascii")))
        except (ValueError, TypeError):
            raise InputError(
                f"{self.record}: is damaged; delete it and {self.module}, then install again"
            ) from None

    def index_without_ours(self, earlier: _Installed | None) -> bytes:
        """The index as it was, or what LibreOffice has made of it since, without our line."""
        index = self.index.read_bytes()
        if earlier and index == earlier.after.encode("utf-8"):
            return earlier.before.encode("utf-8")
        return re.sub(rb"[ \t]*" + re.escape(_ELEMENT.encode()) + rb"\r?\n?", b"", index)

    def missing_folders(self) -> list[str]:
        """Folders that the installation will create."""
        wanted = (self.script.parent.parent, self.script.parent)
        return [str(f.relative_to(self.user).as_posix()) for f in wanted if not f.exists()]


def _checked(profile: Path) -> _Files:
    """The files of a profile that can be changed now."""
    if profile.name == "user" and (profile / "basic").is_dir():
        profile = profile.parent
    if not (profile / "user" / "basic" / "Standard" / "script.xlb").is_file():
        raise InputError(
            f"{profile}: is no profile of LibreOffice; start LibreOffice once, close it and try "
            "again, or name the profile with --profile"
        )
    lock = profile / ".lock"
    if lock.exists():
        raise InputError(
            f"{profile}: LibreOffice is running with this profile; close it and try again "
            f"(if it is not running, delete {lock})"
        )
    return _Files(profile.absolute() / "user")


def _with_element(index: bytes, path: Path) -> bytes:
    """The index of the Standard library with our module at its end."""
    line = f" {_ELEMENT}\n</library:library>".encode()
    if index.count(b"</library:library>") == 1:
        return index.replace(b"</library:library>", line)
    opened, count = re.subn(rb"(<library:library [^>]*)/>", rb"\1>\n" + line, index)
    if count != 1:
        raise InputError(f"{path}: is not the index of a Basic library; nothing was changed")
    return opened


def _script() -> bytes:
    """The script with the command that starts csmcalc's own interpreter."""
    text = Path(script.__file__).read_text("utf-8")
    empty = "COMMAND: List[str] = []"
    assert text.count(empty) == 1
    return text.replace(empty, f"COMMAND: List[str] = {COMMAND!a}").encode("utf-8")


def _check_service() -> None:
    """Refuse an interpreter that could not serve the cells."""
    if not sys.executable:
        raise InputError("the path of the Python interpreter is unknown; use an installed Python")
    done = subprocess.run(
        COMMAND, cwd=Path(sys.executable).parent, input=b"", capture_output=True, check=False
    )
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise InputError(
            f"{sys.executable}: does not find csmcalc outside this folder ({reason}); install it "
            "with pip"
        )
