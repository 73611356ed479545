"""What one process costs, whatever the process that measures it has taken itself.

Linux counts the memory of a process from before it becomes another program: a child of a large
process would look as large. So a small one stands between.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_BETWEEN = """
import json, os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
seconds = time.perf_counter() - begun
print(json.dumps([status, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of the processor, and the memory at its highest."""

    seconds: float
    cpu: float
    megabytes: float


def added_megabytes(work: Callable[[], object]) -> float:
    """What some work of this process takes at its highest beside what was there before it.

    Linux forgets the highest mark when it is told to; elsewhere nothing can be said (NaN).
    """
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        work()
        return float("nan")
    before = _status("VmRSS")
    work()
    return _status("VmHWM") - before


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def cost_of(code: str, *arguments: str, times: int = 1) -> Cost:
    """What a program costs at best."""
    return min((_once(code, *arguments) for _ in range(times)), key=lambda cost: cost.seconds)


def _once(code: str, *arguments: str) -> Cost:
    command = [sys.executable, "-c", _BETWEEN, code, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    status, *numbers = json.loads(done.stdout)
    assert status == 0, done.stderr
    return Cost(*numbers)
