"""The functions put into a profile of LibreOffice and taken out, other libraries left alone."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from csmcalc.catalog import CATALOGUE
from csmcalc.errors import InputError
from csmcalc.excel.bridge import MARK
from csmcalc.excel.libreoffice import basic, profile, script, service

EMPTY = '<library:library library:name="Standard" library:readonly="false"/>\n'
OTHERS = (
    '<library:library library:name="Standard">\n'
    ' <library:element library:name="Mine"/>\n</library:library>'
)


@pytest.fixture(params=[EMPTY, OTHERS])
def user(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    standard = tmp_path / "profile" / "user" / "basic" / "Standard"
    standard.mkdir(parents=True)
    (standard / "script.xlb").write_bytes(request.param.encode())
    (standard / "Mine.xba").write_bytes(b"mine")
    return tmp_path / "profile" / "user"


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_removing_restores_the_profile(user: Path) -> None:
    before = everything(user)
    profile.install(user.parent)
    installed = everything(user)
    profile.install(user.parent)
    assert everything(user) == installed
    assert profile.remove(user.parent)
    assert everything(user) == before
    assert not profile.remove(user.parent)


def test_what_came_to_the_index_since_is_kept(user: Path) -> None:
    profile.install(user.parent)
    index = user / "basic" / "Standard" / "script.xlb"
    added = index.read_text().replace(
        "</library:library>", ' <library:element library:name="Later"/>\n</library:library>'
    )
    index.write_text(added)
    profile.install(user.parent)
    profile.remove(user.parent)
    assert '"Later"' in index.read_text()
    assert basic.MODULE not in index.read_text()


def test_a_module_of_the_same_name_is_not_overwritten(user: Path) -> None:
    (user / "basic" / "Standard" / f"{basic.MODULE}.xba").write_bytes(b"mine")
    before = everything(user)
    with pytest.raises(InputError, match="not written by csmcalc"):
        profile.install(user.parent)
    assert everything(user) == before


def test_a_running_libreoffice_and_no_profile_are_refused(user: Path, tmp_path: Path) -> None:
    (user.parent / ".lock").touch()
    with pytest.raises(InputError, match="LibreOffice is running"):
        profile.install(user.parent)
    with pytest.raises(InputError, match="start LibreOffice once"):
        profile.install(tmp_path / "nowhere")


def test_a_write_that_fails_is_taken_back(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, replace = everything(user), Path.replace

    def fail_at_the_end(self: Path, target: Path) -> Path:
        if Path(target).name == "script.xlb":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_end)
    with pytest.raises(InputError, match="nothing was installed"):
        profile.install(user.parent)
    assert everything(user) == before


def test_every_entry_has_its_wrapper() -> None:
    text = basic.module_text()
    for entry in CATALOGUE:
        assert f"\nFunction {entry.name}(" in text


def test_the_script_asks_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "COMMAND", profile.COMMAND)
    assert script.call("CSM_RATIO", 30_000_000.0) == 15
    assert script.call("CSM_RATIO", ((30_000_000,), (2.0,))) == ((15.0,), (1.0,))
    first = script._child
    assert first is not None
    first.kill()
    first.wait()
    assert script.call("CSM_RATIO", 1.0) == 1, "a service that died is started again"
    assert script.call("CSM_RATIO", -1.0) != script.call("CSM_RATIO", -1.0), "a NaN is an error"
    script._child.stdin.close()
    assert script._child.wait(10) == 0
    script._child.stdout.close()


def test_a_defect_does_not_end_the_service() -> None:
    calls = [b'["NO_SUCH", []]\n', b'["CSM_LAST_ERROR", []]\n', b'["CSM_RATIO", [5.0]]\n']
    answers = io.BytesIO()
    service.serve(calls, answers)
    first, reason, value = map(json.loads, answers.getvalue().splitlines())
    assert first == f"{MARK}#VALUE!"
    assert "NO_SUCH" in reason
    assert value == 1
