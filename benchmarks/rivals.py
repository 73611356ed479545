"""Rivals of the assignments: HiGHS plain in this process, others in one of their own.

ortools and highspy cannot share a process.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.engine.clock import Effort
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.mip import Programme

Ints = NDArray[np.int64]


def plain_highs(problem: Problem, seconds: float) -> tuple[Ints | None, float]:
    """Owners and bound of the same programme without levels, cuts or exchanges."""
    whole = np.ones(len(problem.agent), dtype=bool)
    found = Programme(problem, cuts=False).run(Effort(seconds=seconds), whole=whole)
    owner = None if found.share is None else problem.agent[rounded(problem, found.share)]
    return owner, found.bound


def elsewhere(python: str, code: str, path: Path, seconds: float, threads: int) -> Any:
    """What a rival prints as JSON in a process of its own; None where it found nothing."""
    command = [python, "-c", code, str(path), str(seconds), str(threads)]
    limit = seconds * 3 + 120
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(done.stdout) if done.returncode == 0 else None
