"""Loops that numba compiles, where it is installed and the work is worth the wait for it.

The loops are plain functions in the part of Python that numba understands. They do step by step
what numpy or Python do with whole arrays and lists, for the same answer sooner.
"""

from __future__ import annotations

import functools
import importlib
import os
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SWITCH = "CSMCALC_NUMBA"
"""Environment variable: "0" keeps numba out, "1" uses it however little there is to do."""

Kernel = Callable[..., Any]


def wanted(work: float, worth_it: float) -> bool:
    """Whether there is enough to do for the time that loading numba takes."""
    switch = os.environ.get(SWITCH, "")
    return switch == "1" or (switch != "0" and work >= worth_it)


def compiled(functions: Sequence[Kernel]) -> Mapping[str, Kernel]:
    """The functions compiled, by name; nothing where numba is not installed.

    Each may call those before it.
    """
    return _compiled(tuple(functions))


@functools.cache
def _compiled(functions: tuple[Kernel, ...]) -> Mapping[str, Kernel]:
    try:
        numba: Any = importlib.import_module("numba")
    except ImportError:
        return {}
    made: dict[str, Kernel] = {}
    for function in functions:
        made[function.__name__] = _one(numba, _calling(function, made))
    return made


def _calling(function: Any, others: Mapping[str, Kernel]) -> Any:
    """The same function, which calls others in place of the plain ones of their names."""
    namespace = {**function.__globals__, **others}
    twin = types.FunctionType(function.__code__, namespace, function.__name__)
    twin.__module__, twin.__qualname__ = function.__module__, function.__qualname__
    return twin


def _one(numba: Any, function: Any) -> Kernel:
    try:
        made: Kernel = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to keep compiled code, as in a read-only installation
        made = numba.njit(nogil=True)(function)
    return made
