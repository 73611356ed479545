"""What the checks of a formula cost: the ratio to the bare numpy expression in the same run.

    python -m benchmarks.formulas

The target is at most 3 on 1,000,000 rows; both sides are checked to agree before the clock runs.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.formulas import bcg_segment, csm_cac_payback, csm_grr, csm_ratio

ROWS = 1_000_000
TARGET = 3.0
Vector = NDArray[np.float64]


def bare_ratio(arr: Vector) -> Any:
    return np.ceil(arr / 2_000_000)


def bare_segment(profitability: Vector, growth: Vector) -> Any:
    return np.where(
        profitability >= 0,
        np.where(growth >= 0.1, "Star", "Cash Cow"),
        np.where(growth >= 0.1, "Question Mark", "Poor Dog"),
    )


def milliseconds(call: Callable[[], Any]) -> float:
    return 1e3 * min(timeit.repeat(call, number=1, repeat=9))


def microseconds(call: Callable[[], Any]) -> float:
    return 1e6 * min(timeit.repeat(call, number=2_000, repeat=5)) / 2_000


def compare(
    name: str, ours: Callable[..., Any], bare: Callable[..., Any], *columns: Vector
) -> None:
    np.testing.assert_array_equal(ours(*columns), bare(*columns))
    mine, its = milliseconds(lambda: ours(*columns)), milliseconds(lambda: bare(*columns))
    verdict = "ok" if mine <= TARGET * its else "MISSED"
    print(
        f"{name:<12} {mine:8.2f} ms   bare numpy {its:8.2f} ms   ratio {mine / its:5.2f} {verdict}"
    )


def main() -> None:
    rng = np.random.default_rng(2015)
    arr = rng.uniform(0, 1e8, ROWS)
    profitability, growth = rng.normal(0, 0.3, (2, ROWS))
    print(f"{ROWS:,} rows, best of 9; target: ratio <= {TARGET:g}")
    compare("CSM_RATIO", csm_ratio, bare_ratio, arr)
    compare("BCG_SEGMENT", bcg_segment, bare_segment, profitability, growth)
    print("\nscalar calls")
    scalars: dict[str, Callable[[], Any]] = {
        "CSM_RATIO": lambda: csm_ratio(30e6),
        "CSM_CAC_PAYBACK": lambda: csm_cac_payback(27, 18.4, 0.81),
        "CSM_GRR": lambda: csm_grr(100, 4, 2),
        "BCG_SEGMENT": lambda: bcg_segment(0.2, 0.05),
    }
    for name, call in scalars.items():
        print(f"{name:<16} {microseconds(call):6.1f} µs")


if __name__ == "__main__":
    main()
