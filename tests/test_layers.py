"""The picture of the layers in ARCHITECTURE.md holds in the code."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

import csmcalc

ROOT = Path(csmcalc.__file__).parent
BELOW: dict[str, set[str]] = {
    "errors": set(),
    "core": {"errors"},
    "optimum": {"errors", "core"},
    "formulas": {"errors", "core", "optimum"},
    "portfolio": {"errors", "core", "optimum", "formulas"},
    "plan": {"errors", "core", "optimum", "formulas", "portfolio"},
    "catalog": {"errors", "core", "formulas"},
    "excel": {"errors", "core", "formulas", "catalog"},
    "io": {"errors", "core", "formulas", "portfolio", "plan"},
    "reports": {"errors", "core", "formulas", "portfolio", "plan", "catalog", "io"},
    "planning": {"errors", "core", "formulas", "portfolio", "plan", "io", "reports"},
    "batch": {"errors", "core", "formulas", "portfolio", "plan", "io", "reports"},
    "cli": {
        *("errors", "core", "formulas", "portfolio", "plan", "catalog", "excel", "io", "reports"),
        *("planning", "batch"),
    },
}
"""What each layer may import: only what stands below it in the picture."""

OUTSIDE: dict[str, set[str]] = {
    "errors": set(),
    "core": {"numpy"},
    "optimum": {"numpy", "scipy"},
    "formulas": {"numpy"},
    "catalog": {"numpy"},
    "excel": {"numpy", "xlwings", "unohelper", "com"},
    "portfolio": {"numpy", "pandas", "highspy"},
    "plan": {"numpy", "pandas"},
    "io": {"numpy", "pandas", "python_calamine", "charset_normalizer"},
    "reports": {"numpy", "pandas", "openpyxl", "isal", "msgspec"},
    "planning": {"numpy", "pandas"},
    "batch": {"numpy", "pandas", "filelock", "pathvalidate"},
    "cli": {"numpy", "pandas", "typer", "rich"},
}
"""The libraries each layer may import; openpyxl writes, and only `reports` writes workbooks."""


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or _layer(path))


def _layer(path: Path) -> str:
    name = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return "" if name.startswith("__") else name


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_layer_is_in_the_picture() -> None:
    assert {_layer(path) for path in modules()} == set(BELOW) == set(OUTSIDE)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_against_the_arrow(path: Path) -> None:
    layer = _layer(path)
    for name in imports(path):
        package, *rest = name.split(".")
        if package == "csmcalc":
            target = rest[0]
            assert target in {layer, "__version__"} | BELOW[layer], f"{layer} imports {name}"
        elif package not in sys.stdlib_module_names:
            assert package in OUTSIDE[layer], f"{layer} imports {name}"


def test_no_circles_between_modules() -> None:
    known = {_dotted(path): path for path in modules()}
    arrows = {name: _runs(imports(path), known.keys()) - {name} for name, path in known.items()}
    graphlib.TopologicalSorter(arrows).prepare()


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _runs(names: set[str], modules: Collection[str]) -> set[str]:
    """The modules that importing names runs: each itself, or the one it is taken from."""
    return {one for name in names for one in (name, name.rpartition(".")[0]) if one in modules}


LIGHT = {
    "csmcalc.formulas": ("pandas", "openpyxl", "xlwings", "typer"),
    "csmcalc.catalog": ("pandas", "openpyxl", "xlwings", "typer"),
    "csmcalc.excel.bridge": ("pandas", "openpyxl", "xlwings", "typer"),
    "csmcalc.cli.app": ("pandas", "openpyxl", "xlwings", "python_calamine"),
}


@pytest.mark.parametrize("module", LIGHT)
def test_light_imports_stay_light(module: str) -> None:
    code = f"import sys, {module}; print(*[n for n in {LIGHT[module]!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
