"""What a plan costs end to end, beside reading the same list with pandas alone.

    python -m benchmarks.plan [CUSTOMERS ...]

Start-up, reading, planning and writing of the workbook are measured in a process of their own, the
best of three. That the workbook adds up is checked first.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

from benchmarks.child import cost_of

TARGETS = {1_000: (0.8, float("inf")), 20_000: (10.0, 400.0), 100_000: (3.0, 300.0)}
HELP = 0.15
RUN = "from csmcalc.cli.app import run; run()"


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


def check(workbook: Path, expected: pd.DataFrame) -> None:
    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("Customers").to_python()
    header = next(row for row in rows if "ARR" in row)
    amounts = [row[header.index("ARR")] for row in rows[rows.index(header) + 1 :]]
    total = expected["ARR"].str.replace("[$,]", "", regex=True).astype(float).sum()
    assert len(amounts) == len(expected)
    assert abs(sum(amounts) - total) < 0.01


def measure(count: int, seconds: float, megabytes: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made, source, target = customers(count), Path(folder, "list.csv"), Path(folder, "plan.xlsx")
        made.to_csv(source, index=False)
        reading = "import pandas, sys; pandas.read_csv(sys.argv[1], dtype=str)"
        alone = cost_of(reading, str(source), times=3).seconds
        plan = cost_of(RUN, "plan", str(source), "-o", str(target), times=3)
        check(target, made)
        size = target.stat().st_size / 1e6
    verdict = "ok" if plan.seconds <= seconds and plan.megabytes <= megabytes else "MISSED"
    print(
        f"{count:,} customers: {plan.seconds:.2f} s ({plan.cpu:.2f} s CPU), "
        f"{plan.megabytes:.0f} MB, target {seconds} s and {megabytes:.0f} MB {verdict}; workbook "
        f"{size:.1f} MB; pandas reading the list alone {alone:.1f} s"
    )


def main() -> None:
    wanted = [int(argument) for argument in sys.argv[1:]] or list(TARGETS)
    for count in wanted:
        measure(count, *TARGETS.get(count, (float("inf"), float("inf"))))
    took = cost_of(f"import sys; sys.argv = ['csmcalc', '--help']; {RUN}", times=7)
    verdict = "ok" if took.seconds <= HELP else "MISSED"
    print(f"csmcalc --help: {1e3 * took.seconds:.0f} ms, target {1e3 * HELP:.0f} ms {verdict}")


if __name__ == "__main__":
    main()
