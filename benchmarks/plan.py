"""What a plan costs end to end, beside reading the same list with pandas alone.

    python -m benchmarks.plan [CUSTOMERS]

Start-up, reading, planning and writing of the workbook are measured in a process of their own. The
target is at most 10 s and 400 MB for 20,000 customers; that the workbook adds up is checked first.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

SECONDS, MEGABYTES = 10.0, 400.0
RUN = "from csmcalc.cli.app import main; main()"


def customers(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(2015)
    arr = np.round(rng.lognormal(10.5, 1.2, count), 2)
    days = rng.integers(0, 2000, count)
    return pd.DataFrame(
        {
            "Account ID": [f"A{n:07d}" for n in range(count)],
            "Account name": [f"Customer number {n}" for n in range(count)],
            "Owner": [f"CSM {n % 99}" for n in range(count)],
            "Category": rng.choice(["SMB", "enterprise", "strategic", "mid-market"], count),
            "Start date": (pd.Timestamp("2026-09-30") - pd.to_timedelta(days, "D")).strftime(
                "%Y-%m-%d"
            ),
            "ARR": [f"${amount:,.2f}" for amount in arr],
            "Prior ARR": np.round(arr * rng.uniform(0.6, 1.3, count), 2),
            "CAC": np.round(arr * rng.uniform(0.2, 2, count), 2),
        }
    )


def timed(code: str, *arguments: str) -> tuple[float, float]:
    """Wall seconds and peak megabytes of a child process."""
    before = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)
    seconds = time.perf_counter() - before
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def check(workbook: Path, expected: pd.DataFrame) -> None:
    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("Customers").to_python()
    header = next(row for row in rows if "ARR" in row)
    amounts = [row[header.index("ARR")] for row in rows[rows.index(header) + 1 :]]
    total = expected["ARR"].str.replace("[$,]", "", regex=True).astype(float).sum()
    assert len(amounts) == len(expected)
    assert abs(sum(amounts) - total) < 0.01


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        made, source, target = customers(count), Path(folder, "list.csv"), Path(folder, "plan.xlsx")
        made.to_csv(source, index=False)
        reading, _ = timed(
            "import pandas, sys; pandas.read_csv(sys.argv[1], dtype=str)", str(source)
        )
        seconds, peak = timed(RUN, "plan", str(source), "-o", str(target))
        check(target, made)
        size = target.stat().st_size / 1e6
    verdict = "ok" if seconds <= SECONDS and peak <= MEGABYTES else "MISSED"
    print(f"{count:,} customers: {seconds:.1f} s, {peak:.0f} MB, workbook {size:.1f} MB {verdict}")
    print(f"pandas reading the list alone: {reading:.1f} s; ratio {seconds / reading:.1f}")


if __name__ == "__main__":
    main()
