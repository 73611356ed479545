"""Writes the planning workbooks that ship: `python -m workbook_templates.build [--check]`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from addin.alike import alike
from addin.project import vba_project
from csmcalc.plan.full import empty_book
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.planning.shipped import SHIPPED_DAY
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.planning.shipped import FOLDER, WITH_FUNCTIONS, WITHOUT
from csmcalc.reports.render import render
from csmcalc.reports.sheets.planning.filled import Filled

ROOT = Path(__file__).parents[1]
CURRENCY = "USD"
"""What stands in a workbook that nobody has filled yet."""


def content(*, functions: bool) -> bytes:
    """A planning workbook without customers; the same bytes every time."""
    nobody = make_plan(empty_book(CURRENCY, SHIPPED_DAY), Settings())
    report = planning_report(Filled(make_timeline(nobody), functions=functions))
    if functions:
        report = replace(report, macros=vba_project(len(report.sheets)))
    return render(report)


TARGETS = {f"{FOLDER}/{WITHOUT}": False, f"{FOLDER}/{WITH_FUNCTIONS}": True}
"""Every file, below the package, and whether it has the functions."""


def path_of(target: str) -> Path:
    """Where a file stands in the repository."""
    return ROOT / "csmcalc" / target


def is_fresh(there: Path, made: bytes) -> bool:
    """Whether a file says what is built today."""
    return there.exists() and (there.read_bytes() == made or alike(there.read_bytes(), made))


def main(arguments: list[str]) -> int:
    """Write the stale files, or with --check only name them; the exit code."""
    found = 0
    for target, functions in TARGETS.items():
        path, made = path_of(target), content(functions=functions)
        if is_fresh(path, made):
            continue
        found = 1
        if "--check" in arguments:
            print(f"{target} is stale: run python -m workbook_templates.build")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
            print(f"{target} written: {len(made) / 1000:,.0f} kB")
    return found if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
