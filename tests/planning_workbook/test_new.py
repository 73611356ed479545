"""`csmcalc template new` copies a planning workbook out, and writes over nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from csmcalc.cli.app import app
from csmcalc.errors import InputError
from csmcalc.reports.planning.shipped import shipped

RUN = CliRunner()


@pytest.mark.parametrize(("name", "options"), [("p.xlsx", []), ("p.xlsm", ["--functions"])])
def test_a_copy(tmp_path: Path, name: str, options: list[str]) -> None:
    path = tmp_path / name
    done = RUN.invoke(app, ["template", "new", "-o", str(path), *options])
    assert done.exit_code == 0
    assert f"Written: {path}" in done.output
    assert path.read_bytes() == shipped(functions=bool(options))


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("p.xlsm", [], "without --functions is .xlsx; name it so, or add --functions"),
        ("p.xlsx", ["--functions"], "with the functions is .xlsm; name it so, or drop"),
        ("p.csv", [], "name it p.xlsx"),
        ("none/p.xlsx", [], "does not exist; create it first"),
    ],
)
def test_a_name_that_does_not_fit(
    tmp_path: Path, name: str, options: list[str], words: str
) -> None:
    done = RUN.invoke(app, ["template", "new", "-o", str(tmp_path / name), *options])
    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    path.write_text("mine")
    done = RUN.invoke(app, ["template", "new", "-o", str(path)])
    assert isinstance(done.exception, InputError)
    assert "is already there" in str(done.exception)
    assert path.read_text() == "mine"
