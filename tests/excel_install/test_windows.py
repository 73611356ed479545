"""Installing for Excel and looking after it, with a Windows that the test describes."""

from __future__ import annotations

import json
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from csmcalc.errors import InputError
from csmcalc.excel.windows import doctor, install
from csmcalc.excel.windows.system import this_system


@dataclass
class FakeWindows:
    python: Path
    python_version: str = "3.12.4"
    bits: int = 64
    packages: dict[str, str] = field(
        default_factory=lambda: {"xlwings": doctor.XLWINGS, "pywin32": "310"}
    )
    variables: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str], str | int] = field(default_factory=dict)

    def version_of(self, package: str) -> str | None:
        return self.packages.get(package)

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def registry(self, key: str, value: str) -> str | int | None:
        return self.values.get((key, value))


@pytest.fixture
def windows(tmp_path: Path) -> FakeWindows:
    scripts = tmp_path / "venv" / "Scripts"
    scripts.mkdir(parents=True)
    (tmp_path / "venv" / f"xlwings64-{doctor.XLWINGS}.dll").touch()
    (scripts / "pythonw.exe").touch()
    local = {"LOCALAPPDATA": str(tmp_path / "local")}
    return FakeWindows(scripts / "python.exe", variables=local)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in install.WORKBOOKS:
        (folder / name).write_bytes(name.encode())
    return folder


@pytest.fixture
def folder(windows: FakeWindows) -> Path:
    return install.default_folder(windows)


def states(windows: FakeWindows, folder: Path, source: Path | None = None) -> dict[str, str]:
    return {f.what: f.state for f in doctor.findings(windows, folder, source)}


def test_what_was_installed_is_found_well(windows: FakeWindows, source: Path, folder: Path) -> None:
    written = install.install(windows, folder, source)
    assert {path.name for path in written} == {*install.WORKBOOKS, install.CONFIGURATION}
    lines = (folder / install.CONFIGURATION).read_bytes().decode("cp1252").split("\r\n")
    assert lines[0] == f'"INTERPRETER_WIN","{windows.python.with_name("pythonw.exe")}"'
    assert '"UDF MODULES","csmcalc.excel.udfs"' in lines
    assert set(states(windows, folder, source).values()) == {"ok"}


def test_installing_twice_is_installing_once(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    install.install(windows, folder, source)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    install.install(windows, folder, source)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_uninstalling_removes_what_was_installed_and_nothing_else(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    install.install(windows, folder, source)
    (folder / "mine.xlsx").write_bytes(b"mine")
    (folder / install.WORKBOOKS[0]).write_bytes(b"changed by me")
    removed, kept = install.uninstall(folder)
    assert [path.name for path in kept] == [install.WORKBOOKS[0]]
    assert {path.name for path in folder.iterdir()} == {"mine.xlsx", install.WORKBOOKS[0]}
    assert len(removed) == 2
    assert install.uninstall(folder) == ([], [])


def test_uninstalling_leaves_no_folder_behind(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    install.install(windows, folder, source)
    install.uninstall(folder)
    assert not Path(windows.variables["LOCALAPPDATA"]).exists()


def test_a_workbook_of_the_user_is_not_overwritten(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / install.WORKBOOKS[1]).write_bytes(b"mine")
    with pytest.raises(InputError, match="not what csmcalc installed"):
        install.install(windows, folder, source)
    assert [path.name for path in folder.iterdir()] == [install.WORKBOOKS[1]]


def test_nothing_is_half_written(windows: FakeWindows, source: Path, folder: Path) -> None:
    (source / install.WORKBOOKS[1]).unlink()
    with pytest.raises(InputError, match="is missing in this installation"):
        install.install(windows, folder, source)
    assert not folder.exists()


def test_a_write_that_fails_is_taken_back(
    windows: FakeWindows, source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def fail_at_the_end(self: Path, target: Path) -> Path:
        if Path(target).name == install.CONFIGURATION:
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_end)
    with pytest.raises(InputError, match="nothing was installed or removed"):
        install.install(windows, folder, source)
    assert not folder.exists()


def test_a_path_that_vba_cannot_read_is_refused(windows: FakeWindows) -> None:
    windows.python = Path("/Пётр/python.exe")
    with pytest.raises(InputError, match="plain letters"):
        install.configuration(windows)


@pytest.mark.parametrize(
    ("change", "what", "state"),
    [
        ({"bits": 32}, "Python", "fail"),
        ({"python_version": "3.10.9"}, "Python", "fail"),
        ({"packages": {}}, "xlwings", "fail"),
        ({"packages": {"xlwings": "0.30.0", "pywin32": "310"}}, "xlwings", "fail"),
        ({"packages": {"xlwings": doctor.XLWINGS}}, "pywin32", "fail"),
        ({"python": Path("/elsewhere/python.exe")}, "DLL", "fail"),
        ({"python": Path("/elsewhere/python.exe")}, "xlwings.conf", "fail"),
        ({"python": Path("/a/WindowsApps/python.exe")}, "Interpreter", "fail"),
        ({"python": Path("/t/python.exe"), "variables": {"TEMP": "/t"}}, "Interpreter", "look"),
        ({"values": {(doctor._USER, "VBAWarnings"): 4}}, "Macros", "fail"),
        ({"values": {(doctor._POLICIES[1], "VBAWarnings"): 3}}, "Macros", "fail"),
        ({"values": {(doctor._USER, "VBAWarnings"): 2}}, "Macros", "ok"),
    ],
)
def test_the_doctor_sees_what_is_wrong(
    windows: FakeWindows, source: Path, folder: Path, change: dict, what: str, state: str
) -> None:
    install.install(windows, folder, source)
    for name, value in change.items():
        setattr(windows, name, value)
    found = {finding.what: finding for finding in doctor.findings(windows, folder, source)}[what]
    assert found.state == state
    assert bool(found.remedy) == (state != "ok")


def test_the_workbooks_that_ship_are_installed_and_found_well(
    windows: FakeWindows, folder: Path
) -> None:
    install.install(windows, folder)
    assert set(states(windows, folder).values()) == {"ok"}
    for name in install.WORKBOOKS:
        with zipfile.ZipFile(folder / name) as archive:
            assert "xl/vbaProject.bin" in archive.namelist()


def test_the_doctor_sees_workbooks_of_another_version(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    install.install(windows, folder, source)
    (source / install.WORKBOOKS[0]).write_bytes(b"with more functions")
    assert states(windows, folder, source)[install.WORKBOOKS[0]] == "fail"
    assert states(windows, folder, source)[install.WORKBOOKS[1]] == "ok"
    install.install(windows, folder, source)
    assert set(states(windows, folder, source).values()) == {"ok"}


def test_a_workbook_that_was_changed_is_not_called_old(
    windows: FakeWindows, source: Path, folder: Path
) -> None:
    install.install(windows, folder, source)
    (folder / install.WORKBOOKS[0]).write_bytes(b"with sheets of my own")
    (source / install.WORKBOOKS[0]).write_bytes(b"with more functions")
    assert states(windows, folder, source)[install.WORKBOOKS[0]] == "ok"


def test_the_doctor_sees_a_synced_folder(windows: FakeWindows, tmp_path: Path) -> None:
    windows.variables["OneDrive"] = str(tmp_path / "OneDrive")
    assert states(windows, tmp_path / "OneDrive" / "Excel")["OneDrive"] == "fail"
    assert states(windows, tmp_path / "elsewhere")["OneDrive"] == "ok"


def test_the_doctor_sees_that_nothing_is_installed(windows: FakeWindows, folder: Path) -> None:
    found = states(windows, folder)
    assert [found[name] for name in (*install.WORKBOOKS, install.CONFIGURATION)] == ["fail"] * 3
    json.dumps(found)


@pytest.mark.skipif(sys.platform == "win32", reason="says so elsewhere than on Windows")
def test_other_systems_are_pointed_to_libreoffice() -> None:
    with pytest.raises(InputError, match="csmcalc addin libreoffice"):
        this_system()
