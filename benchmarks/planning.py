"""What the planning workbook costs: filled, read back, brought up to date; beside openpyxl.

    python -m benchmarks.planning [CUSTOMERS ...]

Seconds of the processor and by the clock of whole commands, the program's own start included, the
best of two; and of openpyxl writing the same cells of the table of customers, formulas without
values, in the same run. By the clock they mean something on a quiet machine with two cores alone.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd

from benchmarks.child import Cost, cost_of
from csmcalc.reports.planning.shipped import shipped

DAY = "2026-09-30"
TARGETS = {50_000: 3.0}
"""Seconds of filling, by the clock: half of the work stands beside the other half."""

COMMAND = "import sys; from csmcalc.cli.app import run; sys.argv[0] = 'csmcalc'; run()"


def made_list(count: int, path: Path) -> Path:
    """A list as a CRM exports it: sizes of all orders, gaps, owners of 60 customers each."""
    rng = np.random.default_rng(7)
    day = pd.Timestamp(DAY)
    arr = np.round(np.exp(rng.normal(10.2, 1.1, count)), 2)
    start = day - pd.to_timedelta(rng.integers(5, 2500, count), unit="D")
    prior = np.round(arr / (1 + rng.normal(0.08, 0.15, count).clip(-0.5, 1)), 2)
    known = (rng.random(count) < 0.8) & ((day - start).days > 366)
    categories = ["strategic", "enterprise", "mid-market", "SMB", "foundational"]
    frame = {
        "Account id": [f"A{n:06d}" for n in range(count)],
        "Account": [f"Customer number {n}" for n in range(count)],
        "ARR": arr,
        "Prior ARR": np.where(known, prior, np.nan),
        "Owner": [f"CSM {n}" for n in rng.integers(0, max(2, count // 60), count)],
        "Category": rng.choice(categories, count, p=[0.02, 0.08, 0.2, 0.4, 0.3]),
        "Region": rng.choice(["EMEA", "AMER", "APAC"], count),
        "Customer since": start.strftime("%Y-%m-%d"),
        "Renewal": (day + pd.to_timedelta(rng.integers(1, 365, count), unit="D")),
        "Gross margin": np.round(rng.normal(0.8, 0.05, count).clip(0.3, 0.95), 3),
        "Health": rng.choice(["green", "yellow", "red"], count),
    }
    pd.DataFrame(frame).to_csv(path, index=False)
    return path


def openpyxl_seconds(workbook: Path) -> float:
    """CPU seconds in which openpyxl writes the cells of the table of customers."""
    sheet = openpyxl.load_workbook(workbook, read_only=True)["Customers"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, min_col=2)]
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    book = openpyxl.Workbook(write_only=True)
    target = book.create_sheet("Customers")
    for row in rows:
        target.append(row)
    book.save(workbook.with_name("rival.xlsx"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun


def show(what: str, cost: Cost, note: str = "") -> None:
    """One line."""
    print(
        f"  {what:24s} {cost.cpu:6.1f} s CPU  {cost.seconds:6.1f} s by the clock  "
        f"{cost.megabytes:7,.0f} MB  {note}"
    )


def main(arguments: list[str]) -> None:
    """Measure for some numbers of customers."""
    for count in map(int, arguments or ["500", "5000", "50000"]):
        with tempfile.TemporaryDirectory() as folder:
            _measure(count, Path(folder))


def _measure(count: int, folder: Path) -> None:
    template, filled = folder / "my_plan.xlsx", folder / "filled.xlsx"
    template.write_bytes(shipped(functions=False))
    customers = made_list(count, folder / "customers.csv")
    told = "fill", str(template), str(customers), "-o", str(filled), "--as-of", DAY
    print(f"{count:,} customers")
    filling = cost_of(COMMAND, *told, times=2)
    goal = f"goal {TARGETS[count]:g} s by the clock" if count in TARGETS else ""
    show("fill", filling, f"{filled.stat().st_size / 1e6:.1f} MB  {goal}")
    rival = openpyxl_seconds(filled)
    print(f"  openpyxl, the same cells {rival:6.1f} s CPU   {rival / filling.cpu:.1f} x as long")
    show("plan from it", cost_of(COMMAND, "plan", str(filled), "--json"))
    show("fill --update", cost_of(COMMAND, "fill", "--update", str(filled)))
    again = folder / "again.xlsx"
    told = "fill", str(filled), str(customers), "-o", str(again), "--as-of", DAY
    show("fill a filled one", cost_of(COMMAND, *told))


if __name__ == "__main__":
    main(sys.argv[1:])
