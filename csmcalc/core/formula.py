"""What makes a plain numpy function a formula: checks, broadcasting and one fault per element.

A body is written for clean numbers, as if nothing could go wrong:

    @formula()
    def csm_implied_ratio(arr: Amount, csms: Base) -> Any:
        return arr / csms

The decorated function takes scalars, lists, arrays and pandas columns, reads blanks, text and
Excel errors as the contract of the functions says, and gives each bad element its own `Fault`:
a call with scalars raises it, in an array it stands in the element's place (the array is then of
dtype object, so that no sum passes over it in silence).

A range that is reduced reaches the body as one vector. The other arguments may then still be
arrays: `each` lays them against the vector, and the body reduces the last axis.
"""

from __future__ import annotations

import functools
import typing
from collections.abc import Callable
from typing import Any, ParamSpec

import numpy as np

from csmcalc.core.evaluation import evaluate
from csmcalc.core.relations import Requirement, require
from csmcalc.core.specification import Row, Rows, Specification, read_specification

__all__ = ["Row", "Rows", "each", "formula", "require", "specification"]

P = ParamSpec("P")


def formula(*requirements: Requirement) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Make a formula of a body whose annotations are the aliases of `core.arguments`."""

    def decorate(body: Callable[P, Any]) -> Callable[P, Any]:
        spec = read_specification(body, requirements)

        @functools.wraps(body)
        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return evaluate(spec, spec.bind(args, kwargs))

        call.specification = spec  # type: ignore[attr-defined]
        return call

    return decorate


def specification(function: Callable[..., Any]) -> Specification:
    """The specification of a decorated formula."""
    spec = function.specification  # type: ignore[attr-defined]
    return typing.cast(Specification, spec)


def each(scalar: Any) -> Any:
    """An argument laid against a range: a last axis of one, to be reduced with the range."""
    return np.expand_dims(scalar, -1)
