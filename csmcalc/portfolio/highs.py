"""The solver HiGHS, from the extra `optimise`: found, quiet, on one thread."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from csmcalc.errors import InputError


@cache
def library() -> Any:
    """HiGHS, its first object made, or an error that says how to get it."""
    try:
        highspy = importlib.import_module("highspy")
    except ImportError:
        raise InputError(
            'an optimum needs the solver HiGHS; install it with pip install "csmcalc[optimise]"'
        ) from None
    with _quiet():
        highspy.Highs()
    return highspy


def quiet_highs() -> Any:
    """HiGHS on one thread and without a word."""
    highs = library().Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("parallel", "off")
    return highs


def run_quietly(highs: Any) -> None:
    """Solve on one thread, where another programme ran on more in this thread before as well.

    HiGHS keeps its threads for the next one and refuses to work with fewer until they are let go.
    """
    if highs.run() == library().HighsStatus.kError:
        highs.resetGlobalScheduler(True)
        highs.run()


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing reaches standard output: HiGHS 1.16 greets there before it can be told not to."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
