"""5,000 cells with functions recalculated in LibreOffice, beside the same with native formulas.

    python -m benchmarks.libreoffice [CELLS]

The clock runs from the start of LibreOffice to its end, loading and saving included, for both
workbooks; that both hold the right values is checked first. The target is at most 3 s. Nine tenths
of the cells are CSM_RATIO, one tenth is BCG_SEGMENT.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import openpyxl

from csmcalc.formulas import bcg_segment, csm_ratio
from tests.engines.calc import Calc

SECONDS = 3.0
RATIO, SEGMENT = "=CSM_RATIO(A{0})", "=BCG_SEGMENT(B{0},C{0})"
NATIVE_RATIO = "=ROUNDUP(A{0}/2000000,0)"
NATIVE_SEGMENT = (
    '=IF(B{0}>=0,IF(C{0}>=0.1,"Star","Cash Cow"),IF(C{0}>=0.1,"Question Mark","Poor Dog"))'
)


def inputs(row: int) -> tuple[float, float, float]:
    return 1_234_567.0 * row, (row % 7 - 3) / 10, (row % 11 - 4) / 25


def workbook(path: Path, cells: int, ratio: str, segment: str) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(1, cells + 1):
        formula = (ratio if row % 10 else segment).format(row)
        sheet.append([*inputs(row), formula])
    book.save(path)


def expected(row: int) -> Any:
    arr, profitability, growth = inputs(row)
    return csm_ratio(arr) if row % 10 else bcg_segment(profitability, growth)


def check(computed: Any, cells: int) -> None:
    for row, (value,) in enumerate(
        computed.active.iter_rows(min_col=4, max_col=4, values_only=True), start=1
    ):
        assert value == expected(row), f"row {row}: {value!r} instead of {expected(row)!r}"
    assert row == cells


def seconds(calc: Calc, path: Path) -> float:
    out = calc.folder / "timed"
    begin = time.perf_counter()
    calc.run("--convert-to", "xlsx", "--outdir", str(out), str(path))
    return time.perf_counter() - begin


def main() -> None:
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        calc = Calc(Path(folder))
        ours, native, empty = (calc.folder / f"{n}.xlsx" for n in ("ours", "native", "empty"))
        workbook(ours, cells, RATIO, SEGMENT)
        workbook(native, cells, NATIVE_RATIO, NATIVE_SEGMENT)
        workbook(empty, 1, RATIO, SEGMENT)
        for path in (ours, native):
            check(calc.computed(path), cells)
        best = {p.stem: min(seconds(calc, p) for _ in range(3)) for p in (ours, native, empty)}
    verdict = "ok" if best["ours"] <= SECONDS else "MISSED"
    per_cell = 1e6 * (best["ours"] - best["native"]) / cells
    print(f"{cells:,} cells with functions: {best['ours']:.2f} s {verdict} (target {SECONDS:g} s)")
    print(f"the same with native formulas:  {best['native']:.2f} s; {per_cell:.0f} µs a call more")
    print(f"one cell with a function:       {best['empty']:.2f} s (starting both processes)")


if __name__ == "__main__":
    main()
