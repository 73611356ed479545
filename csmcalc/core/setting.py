"""A setting: a field of a frozen dataclass that knows its meaning, unit, source and limits.

Each room declares the rules it works by as such a dataclass (`portfolio.service.Service`, for
example); `plan.settings` puts them together, and the settings file, the Assumptions sheet and the
messages are derived from the declarations. Where there may be any number of a kind (touch tiers,
say), the dataclass is a row of a table, and its fields are declared with `entry`.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import typing
from collections.abc import Iterable
from dataclasses import MISSING, dataclass
from typing import Any

from csmcalc.core.arguments import shown
from csmcalc.errors import InputError

SMALLEST, LARGEST = 1e-9, 1e12
"""Within these every sum, product and quotient of a plan stays a number."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is declared about one setting; an optional one may be left out and is then None.

    A `kind` of tuple is a list of texts; `example` are texts that show what can be written.
    """

    name: str
    kind: type
    title: str
    default: Any
    meaning: str
    unit: str
    source: str
    low: float | None
    high: float | None
    low_open: bool
    choices: tuple[str, ...]
    example: tuple[str, ...]

    @property
    def is_required(self) -> bool:
        """Whether a row must give it."""
        return self.default is MISSING

    @property
    def allowed(self) -> str:
        """What a value may be, in words."""
        if self.choices:
            return "one of " + ", ".join(f'"{word}"' for word in self.choices)
        if self.kind is bool:
            return "true or false"
        if self.kind is str:
            return "text in quotes"
        if self.kind is tuple:
            return "a list of texts in quotes"
        words = "a whole number" if self.kind is int else "a number"
        if self.low is not None:
            words += f" {'above' if self.low_open else 'of at least'} {self.low:g}"
        if self.high is not None:
            words += f"{' and' if self.low is not None else ''} of at most {self.high:g}"
        return words

    def check(self, where: str, value: Any) -> Any:
        """The value in its declared type, or an error that says what is allowed."""
        is_number = type(value) is int or isinstance(value, float)
        if self.kind is float and is_number and abs(value) < 10**300:
            value = float(value)
        if self.kind is tuple and isinstance(value, list):
            value = tuple(value)
        if type(value) is not self.kind or not self._within(value):
            raise InputError(f"{where} is {shown(value)}; it must be {self.allowed}")
        if not _imaginable(value):
            raise InputError(
                f"{where} is {shown(value)}; no plan can be made of numbers below {SMALLEST:g} or "
                f"above {LARGEST:g}"
            )
        return value

    def _within(self, value: Any) -> bool:
        if self.choices:
            return value in self.choices
        if self.kind is str:
            return bool(value.strip())
        if self.kind is bool:
            return True
        if self.kind is tuple:
            return all(isinstance(text, str) and text.strip() for text in value)
        above = self.low is None or (value > self.low if self.low_open else value >= self.low)
        return above and value < float("inf") and (self.high is None or value <= self.high)


def _imaginable(value: Any) -> bool:
    if isinstance(value, (str, bool, tuple)) or value == 0:
        return True
    return bool(SMALLEST <= abs(value) <= LARGEST)


def setting(
    default: Any,
    meaning: str,
    unit: str,
    source: str,
    *,
    title: str,
    low: float | None = None,
    high: float | None = None,
    low_open: bool = False,
    choices: tuple[str, ...] = (),
    example: tuple[str, ...] = (),
) -> Any:
    """Declare a field of a settings dataclass."""
    declared = {
        "title": title,
        "meaning": meaning,
        "unit": unit,
        "source": source,
        "low": low,
        "high": high,
        "low_open": low_open,
        "choices": choices,
        "example": example,
    }
    return dataclasses.field(default=default, metadata={"setting": declared})


def entry(
    meaning: str,
    unit: str,
    *,
    title: str,
    default: Any = MISSING,
    low: float | None = None,
    high: float | None = None,
    low_open: bool = False,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a field of a row; it is required unless a default is given, which may be None."""
    limits: dict[str, Any] = {"low": low, "high": high, "low_open": low_open, "choices": choices}
    return setting(default, meaning, unit, "", title=title, **limits)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of settings: what its rows are, what it is for, and the rows it has by default.

    `example` stands as a comment in the settings file where there are no rows by default.
    """

    row: type
    note: str
    source: str
    default: tuple[Any, ...] = ()
    example: Any = None


def settings_of(section: type) -> tuple[Setting, ...]:
    """The settings a dataclass declares, in order."""
    return _declared(section)


@functools.cache
def _declared(section: Any) -> tuple[Setting, ...]:
    hints = typing.get_type_hints(section)
    return tuple(
        Setting(
            name=field.name,
            kind=_kind(hints[field.name]),
            default=field.default,
            **field.metadata["setting"],
        )
        for field in dataclasses.fields(section)
        if "setting" in field.metadata
    )


def _kind(hint: Any) -> type:
    """The type of a setting's values, whether or not they may be None."""
    if typing.get_origin(hint) is tuple:
        return tuple
    kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
    return typing.cast(type, kinds[0] if kinds else hint)


def unknown_name(where: str, name: str, known: Iterable[str]) -> InputError:
    """The error of a name nobody knows, with the nearest known one."""
    known = tuple(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f'; did you mean "{near[0]}"?' if near else f"; known are {', '.join(known)}"
    return InputError(f'{where}: "{name}" is not known{hint}')
