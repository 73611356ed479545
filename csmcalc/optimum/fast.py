"""When the hot loops of `kernels` are compiled, and when numpy does the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csmcalc.core.compiled import SWITCH, compiled, wanted
from csmcalc.optimum import kernels

__all__ = ["SWITCH", "WORTH_IT", "kernel"]

WORTH_IT = 400_000
"""Entries of the menus below which numpy answers sooner than numba is imported."""


def kernel(name: str, entries: int) -> Callable[..., Any] | None:
    """The compiled function of this name, or None where numpy should do the work."""
    return compiled(kernels.KERNELS).get(name) if wanted(entries, WORTH_IT) else None
