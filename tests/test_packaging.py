"""The wheel stands alone: installed outside the repository it holds its data and runs the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, timeout=120)
    return next(out.glob("*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "csmcalc/py.typed" in names
    assert "csmcalc/data/demo_customers.csv" in names
    for workbook in ("csm_functions.xlsm", "selfcheck.xlsm"):
        assert f"csmcalc/data/excel/{workbook}" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {"csmcalc", "csmcalc-0.1.0.dist-info"}


def test_the_wheel_runs_the_demo_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, timeout=120)
    code = "import csmcalc, csmcalc.cli.app as app; print(csmcalc.__file__); app.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "demo"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith(str(target))
    assert (elsewhere / "csmcalc-demo.xlsx").stat().st_size > 50_000
