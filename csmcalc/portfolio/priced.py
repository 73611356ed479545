"""What the hours of some accounts bring at each price of an hour, by the value model of a view.

The model is the one of the optimum, bounds, levels with their costs, S-shaped responses and budgets
of segments included: the same concave envelopes from which its bound is proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from csmcalc.optimum.continuous import ContinuousCurve
from csmcalc.optimum.hull import Floats
from csmcalc.optimum.line import Line
from csmcalc.optimum.responses import Responses
from csmcalc.optimum.steps import Steps
from csmcalc.portfolio.value import ValueView, hulls_of


class Priced(Protocol):
    """Hours and value of some accounts together, by the price of an hour."""

    def at_price(self, price: Floats) -> tuple[Floats, Floats, Floats]:
        """Hours, value, and how many hours fewer for each step of the price's logarithm."""


def priced(view: ValueView, groups: Sequence[NDArray[np.bool_]]) -> tuple[Priced, ...]:
    """The accounts of a view in groups, each a mask over its accounts."""
    curve = view.chosen.curve
    if isinstance(curve, ContinuousCurve):
        return tuple(Line.of(_rows(curve.responses, group)) for group in groups)
    return tuple(_in_steps(view, groups))


def _rows(responses: Responses, rows: NDArray[np.bool_]) -> Responses:
    return Responses(*(getattr(responses, one.name)[rows] for one in fields(Responses)))


def _in_steps(view: ValueView, groups: Sequence[NDArray[np.bool_]]) -> Iterator[Steps]:
    found, hours, value = hulls_of(view)
    for group in groups:
        gain = found.gain[group[found.owner]]
        yield Steps.of(gain, float(hours[group].sum()), float(value[group].sum()))
