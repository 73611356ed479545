"""When the hot loops of `kernels` are compiled, and when numpy does the work."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from csmcalc.core.compiled import SWITCH, compiled, wanted
from csmcalc.optimum import kernels

__all__ = ["SWITCH", "WORTH_IT", "kernel"]

WORTH_IT = 400_000
"""Entries of the menus below which numpy answers sooner than numba is imported; once it is there it
serves smaller ones too."""


def kernel(name: str, entries: int) -> Callable[..., Any] | None:
    """The compiled function of this name, or None where numpy should do the work."""
    worth_it = 0 if _kernels.cache_info().currsize else WORTH_IT
    return _kernels().get(name) if wanted(entries, worth_it) else None


@functools.cache
def _kernels() -> Mapping[str, Callable[..., Any]]:
    return compiled(kernels.KERNELS)
