from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from csmcalc.cli.app import main
from csmcalc.reports.planning.shipped import shipped
from tests.engines.office import Office, require_uno

DAY = "2026-09-30"
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "csmcalc" / "data" / "demo_customers.csv"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process."""

    def go(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["csmcalc", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return go


def made(path: Path, *arguments: object) -> Path:
    """A workbook made by a command, once for all tests."""
    before, code = sys.argv, None
    sys.argv = ["csmcalc", *map(str, arguments)]
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv = before
    assert code == 0, arguments
    return path


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what all tests share."""
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="session")
def empty(folder: Path) -> Path:
    """The workbook as it ships."""
    path = folder / "empty.xlsx"
    path.write_bytes(shipped(functions=False))
    return path


@pytest.fixture(scope="session")
def demo(folder: Path, empty: Path) -> Path:
    """The workbook filled with the demo's customers."""
    path = folder / "demo.xlsx"
    return made(path, "fill", empty, DEMO, "-o", path, "--as-of", DAY)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    require_uno()
    return Office(tmp_path_factory.mktemp("office"))
