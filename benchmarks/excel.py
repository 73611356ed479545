"""Calls through xlwings' own path, Windows stood in: `python -m benchmarks.excel`.

xlwings imports pandas, and polars and pyarrow where they are installed, before it looks at a
function. Users of the add-in have pandas alone, so the start is timed without the other two, and
once more with all that a developer has.
"""

from __future__ import annotations

import subprocess
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from tests.excel.windows import Cells, stand_in


def best(action: Callable[[], Any], times: int) -> float:
    """The shortest of several runs, in seconds."""
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        spans.append(time.perf_counter() - start)
    return min(spans)


def default_twin() -> str:
    """The same function with xlwings' default converters, for comparison."""
    import xlwings as xw

    from csmcalc.excel.bridge import call, rows_of

    def twin(profitability, growth, a=None, b=None, band=None):  # type: ignore[no-untyped-def]
        rows = [
            [[cell] for cell in one] if isinstance(one, list) else one
            for one in (profitability, growth, a, b, band)
        ]
        return rows_of(call("BCG_SEGMENT", *rows))

    module = types.ModuleType("default_twin")
    module.TWIN = xw.func(twin)  # type: ignore[attr-defined]
    module.__file__ = __file__
    sys.modules["default_twin"] = module
    return "default_twin"


def main() -> None:
    server = stand_in()
    caller = Cells(None)
    twin = default_twin()

    def udf(name: str, *arguments: Any, module: str = "csmcalc.excel.udfs") -> Any:
        return server.CallUDF(module, name, arguments, None, caller)

    def column(rows: int, step: int) -> Cells:
        return Cells(tuple(((i * step % 200 - 100) / 100,) for i in range(rows)))

    assert udf("CSM_RATIO", Cells(5e6)) == 3
    assert udf("BCG_SEGMENT", Cells(0.2), Cells(0.3)) == "Star"
    ten = (column(10_000, 7), column(10_000, 13))
    hundred = tuple(column(100_000, step) for step in (7, 13, 3, 11))
    hundred = (*hundred, Cells(tuple((0.05,) for _ in range(100_000))))
    ours, theirs = udf("BCG_SEGMENT", *ten), udf("TWIN", *ten, module=twin)
    assert [list(row) for row in ours] == theirs

    scalar = Cells(5e6)
    many = best(lambda: [udf("CSM_RATIO", scalar) for _ in range(1000)], 3)
    print(f"scalar call: {told(many * 1e3, 200, 'us')}")
    for text, arguments, limit in (
        ("BCG_SEGMENT 10,000 rows", ten, 20),
        ("BCG_SEGMENT 100,000 x 5", hundred, 150),
    ):
        raw = best(lambda a=arguments: udf("BCG_SEGMENT", *a), 5)  # type: ignore[misc]
        plain = best(lambda a=arguments: udf("TWIN", *a, module=twin), 1)  # type: ignore[misc]
        print(f"{text}: {told(raw * 1e3, limit, 'ms')}; default converters {plain * 1e3:.1f} ms")
    started, own = start(without=("polars", "pyarrow"))
    print(f"import of the UDF process: {told(started, 300, 'ms')}, {own:.0f} ms of it ours")
    print(f"the same beside polars and pyarrow: {start()[0]:.0f} ms")


def told(found: float, limit: float, unit: str) -> str:
    """A figure beside its limit."""
    verdict = "ok" if found <= limit else "MISSED"
    return f"{found:.1f} {unit} {verdict} (at most {limit:g})"


def start(without: tuple[str, ...] = ()) -> tuple[float, float]:
    """Milliseconds until the functions can be called, and how many of them are csmcalc's."""
    code = (
        f"import sys, time; sys.modules.update(dict.fromkeys({without!r})); "
        "from tests.excel.windows import stand_in; a = time.perf_counter(); stand_in(); "
        "b = time.perf_counter(); import csmcalc.excel.udfs; c = time.perf_counter(); "
        "print(1e3 * (c - a), 1e3 * (c - b))"
    )
    runs = [subprocess.check_output([sys.executable, "-c", code]).split() for _ in range(7)]
    whole, ours = min((float(whole), float(ours)) for whole, ours in runs)
    return whole, ours


if __name__ == "__main__":
    main()
