"""Writes what the Excel add-in needs from the catalogue: `python -m addin.build [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from addin import page, udfs, vba
from addin.alike import alike
from addin.workbooks import functions, selfcheck

ROOT = Path(__file__).parents[1]
TARGETS: dict[str, Callable[[], bytes]] = {
    "csmcalc/excel/udfs.py": udfs.content,
    "csmcalc/data/excel/csmcalc_udfs.bas": vba.content,
    "csmcalc/data/excel/csm_functions.xlsm": functions.content,
    "csmcalc/data/excel/selfcheck.xlsm": selfcheck.content,
    "docs/FUNCTIONS.md": page.content,
}
"""Every generated file and what writes it."""


def stale() -> list[str]:
    """The generated files that differ from what the catalogue gives today."""
    return [name for name, content in TARGETS.items() if not _is_fresh(ROOT / name, content())]


def _is_fresh(path: Path, content: bytes) -> bool:
    if not path.exists():
        return False
    there = path.read_bytes()
    return there == content or (path.suffix == ".xlsm" and alike(there, content))


def main(arguments: list[str]) -> int:
    """Write the stale files, or with --check only name them; the exit code."""
    names = stale()
    if "--check" in arguments:
        for name in names:
            print(f"{name} is stale: run python -m addin.build")
        return 1 if names else 0
    for name in names:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(TARGETS[name]())
        print(f"{name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
