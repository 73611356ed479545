"""What is known about a formula: its parameters, read off the signature, and their relations."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from csmcalc.core.arguments import Range, TableOf
from csmcalc.core.columns import Parameter
from csmcalc.core.relations import Requirement
from csmcalc.errors import Fault

Row: TypeAlias = tuple[Any, ...]
"""Return annotation of a formula that spills one row."""

Rows: TypeAlias = list[Row]
"""Return annotation of a formula that spills several rows."""


@dataclass(frozen=True, slots=True)
class Specification:
    """All that is known about a formula apart from its text."""

    body: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    requirements: tuple[Requirement, ...]
    required: int
    spills: bool
    reduces: bool
    signature: inspect.Signature

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        """One cell or range per parameter, blanks where nothing was given."""
        missing = len(self.parameters) - len(args)
        if not kwargs and missing >= 0 and self.required <= len(args):
            return [*args, *(None,) * missing]
        given = self.signature.bind(*args, **kwargs).arguments
        return [given.get(parameter.name) for parameter in self.parameters]

    def named(self, values: Sequence[Any]) -> dict[str, Any]:
        """Values by parameter name."""
        return {p.name: value for p, value in zip(self.parameters, values, strict=True)}

    def broken(self, requirement: Requirement, values: Mapping[str, Any]) -> Fault:
        """The fault of one element, naming the values that break a relation."""
        given = ", ".join(
            f"{parameter.name} is {parameter.shown(values[parameter.name])}"
            for parameter in self.parameters
            if parameter.name in requirement.names
        )
        return Fault(requirement.kind, f"{given}; {requirement.text}")


def read_specification(
    body: Callable[..., Any], requirements: tuple[Requirement, ...]
) -> Specification:
    """Read a formula's parameters off its body's signature."""
    signature = inspect.signature(body)
    hints = typing.get_type_hints(body, include_extras=True)
    parameters = tuple(
        _parameter(name, argument.default, hints[name].__metadata__)
        for name, argument in signature.parameters.items()
    )
    return Specification(
        body=body,
        parameters=parameters,
        requirements=requirements,
        required=sum(parameter.required for parameter in parameters),
        spills=hints.get("return") in (Row, Rows),
        reduces=any(parameter.group for parameter in parameters),
        signature=signature,
    )


def _parameter(name: str, default: Any, marks: tuple[Any, ...]) -> Parameter:
    domain = marks[0]
    if isinstance(domain, TableOf):
        return Parameter(name, domain, True, None, None, "table")
    group = next((mark.group for mark in marks if isinstance(mark, Range)), None)
    required = default is inspect.Parameter.empty
    if required or default is None:
        default = None
        absent = None if group else {float: np.nan, int: -1}.get(domain.dtype)
    else:
        absent = domain.convert(name, default)
    return Parameter(name, domain, required, default, absent, group)
