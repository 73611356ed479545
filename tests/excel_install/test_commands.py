"""`csmcalc addin` in the terminal: exit codes and what it prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from csmcalc.cli.app import app
from csmcalc.excel.windows import doctor
from tests.excel_install.test_windows import FakeWindows


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    made = FakeWindows(tmp_path / "python.exe", variables={"LOCALAPPDATA": str(tmp_path)})
    monkeypatch.setattr("csmcalc.excel.windows.system.this_system", lambda: made)
    return made


@pytest.mark.usefixtures("fake")
def test_the_doctor_tells_what_to_do_and_fails() -> None:
    done = CliRunner().invoke(app, ["addin", "doctor"])
    assert done.exit_code == 1
    assert "xlwings.conf: Run: csmcalc addin install\n" in done.stdout
    done = CliRunner().invoke(app, ["addin", "doctor", "--json"])
    assert done.exit_code == 1
    found = {finding["what"]: finding["state"] for finding in json.loads(done.stdout)}
    assert found["DLL"] == "fail"
    assert found["Python"] == "ok"


def test_a_doctor_who_finds_nothing_wrong_succeeds(
    fake: FakeWindows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = [doctor.Finding("Python", "ok", str(fake.python))]
    monkeypatch.setattr(doctor, "findings", lambda *_: well)
    assert CliRunner().invoke(app, ["addin", "doctor", "--folder", str(tmp_path)]).exit_code == 0


@pytest.mark.usefixtures("fake")
def test_what_is_installed_is_uninstalled(tmp_path: Path) -> None:
    folder = tmp_path / "csmcalc" / "Excel"
    done = CliRunner().invoke(app, ["addin", "install"])
    assert done.exit_code == 0
    written = [line for line in done.stdout.splitlines() if line.startswith("Written: ")]
    assert sorted(written) == sorted(
        f"Written: {path}" for path in folder.iterdir() if path.suffix != ".json"
    )
    assert (folder / "selfcheck.xlsm").stat().st_size > 50_000
    done = CliRunner().invoke(app, ["addin", "uninstall"])
    assert done.exit_code == 0
    assert done.stdout.count("Removed: ") == len(written) == 3
    assert not folder.exists()


@pytest.mark.usefixtures("fake")
def test_uninstalling_nothing_says_so() -> None:
    done = CliRunner().invoke(app, ["addin", "uninstall"])
    assert done.exit_code == 0
    assert "nothing was changed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["install"], "csmcalc addin libreoffice"),
        (["doctor"], "csmcalc addin libreoffice"),
        (["libreoffice", "--profile", "nowhere"], "start LibreOffice once"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="what other systems than Windows answer")
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    code = "from csmcalc.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "addin", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
