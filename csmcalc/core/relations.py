"""Relations between arguments, or between the columns of a table, that must hold."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from csmcalc.errors import FaultKind


@dataclass(frozen=True, slots=True)
class Requirement:
    """A relation between arguments that must hold, element by element."""

    kind: FaultKind
    text: str
    holds: Callable[..., Any]
    names: tuple[str, ...]


def require(kind: FaultKind, text: str, holds: Callable[..., Any]) -> Requirement:
    """Demand a relation between the arguments that `holds` names."""
    return Requirement(kind, text, holds, tuple(inspect.signature(holds).parameters))
