"""Compiled kernels, where numba is installed and the work is worth the wait for it.

Each does step by step what its numpy counterpart does with whole arrays, in the same arithmetic, so
that the answer is the same.
"""

from __future__ import annotations

import functools
import importlib
import os
from collections.abc import Callable
from typing import Any

from csmcalc.optimum import kernels

WORTH_IT = 400_000
"""Entries of the menus below which numpy answers sooner than numba is imported; once it is there it
serves smaller ones too."""

SWITCH = "CSMCALC_NUMBA"
"""Environment variable: "0" keeps numba out, "1" uses it from the first entry on."""


def kernel(name: str, entries: int) -> Callable[..., Any] | None:
    """The compiled function of this name, or None where numpy should do the work."""
    switch = os.environ.get(SWITCH, "")
    loaded = _kernels.cache_info().currsize > 0
    if switch == "0" or not (switch == "1" or loaded or entries >= WORTH_IT):
        return None
    return _kernels().get(name)


@functools.cache
def _kernels() -> dict[str, Callable[..., Any]]:
    try:
        numba: Any = importlib.import_module("numba")
    except ImportError:
        return {}
    return {function.__name__: _compiled(numba, function) for function in kernels.KERNELS}


def _compiled(numba: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    try:
        compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to keep compiled code, as in a read-only installation
        compiled = numba.njit(nogil=True)(function)
    return compiled
