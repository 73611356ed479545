"""What an argument of a formula may be: the vocabulary of the formulas' signatures.

A formula is written with these aliases as annotations; `core.formula` reads them, checks each
element and hands the formula clean numbers:

    def csm_ratio(arr: Amount, arr_per_csm: Base = 2_000_000, in_arrears: Flag = False) -> Any: ...

The unit and the meaning of an argument stand in the formula's docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np

from csmcalc.core.dates import LAST_SERIAL, excel_serial
from csmcalc.core.relations import Requirement
from csmcalc.errors import Fault, FaultKind


def is_blank(cell: Any) -> bool:
    """Whether a cell is empty: None, or pandas' missing value (seen without importing pandas)."""
    return cell is None or type(cell).__name__ in ("NAType", "NaTType")


def is_number(cell: Any) -> bool:
    """Whether a cell holds a number; TRUE and FALSE are none."""
    return isinstance(cell, (Real, Decimal)) and not isinstance(cell, (bool, np.bool_))


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number within limits; a divisor shows #DIV/0! at zero."""

    low: float = -np.inf
    high: float = np.inf
    low_open: bool = False
    divides: bool = False
    safe: float = 1.0
    dtype: type = float

    def convert(self, name: str, cell: Any) -> float:
        """Turn one cell into a float, or raise its fault."""
        if type(cell) not in (float, int) and not is_number(cell):
            raise Fault(FaultKind.VALUE, f"{name} is {shown(cell)}; {name} must be a number")
        try:
            number = float(cell)
        except (OverflowError, ValueError):
            number = np.inf
        self.check(name, number)
        return number

    def check(self, name: str, number: float) -> None:
        """Raise the fault of a number outside the domain."""
        if self.low < number <= self.high and number != 0 and number < np.inf:
            return
        if number == 0 and self.divides:
            raise Fault(FaultKind.DIV0, f"{name} is 0; {name} must be {self.allowed}")
        if not self.holds(number):
            wrong = f"{name} is {shown(number)}; {name} must be {self.allowed}"
            hint = (
                f"; write {shown(number)} % as {number / 100:g}" if self.is_percent(number) else ""
            )
            raise Fault(FaultKind.NUM, wrong + hint)

    def holds(self, numbers: Any) -> Any:
        """Where numbers lie inside the domain (NaN lies outside)."""
        above = numbers > self.low if self.low_open or self.divides else numbers >= self.low
        return above & (numbers <= self.high) & (numbers < np.inf) & (numbers > -np.inf)

    def all_hold(self, numbers: Any) -> bool:
        """Whether every number lies inside; two passes over memory instead of five."""
        if numbers.size == 0:
            return True
        return bool(self.holds(numbers.min()) and self.holds(numbers.max()))

    def is_percent(self, number: float) -> bool:
        """Whether somebody seems to have written 81 for the share 0.81."""
        return self.is_share and 1 < number <= 100

    @property
    def is_share(self) -> bool:
        """Whether the number is a fraction between 0 and 1."""
        return self.low == 0 and self.high == 1

    @property
    def allowed(self) -> str:
        """The domain in words, as messages and help show it."""
        low = (
            f"more than {self.low:g}" if self.low_open or self.divides else f"{self.low:g} or more"
        )
        if np.isinf(self.low):
            return "a finite number"
        if np.isinf(self.high):
            return f"a finite number, {low}"
        return f"a number, {low} and at most {self.high:g}"


@dataclass(frozen=True, slots=True)
class Day:
    """A day as Excel counts it; dates are converted, whole and broken serials accepted."""

    safe: float = 1.0
    dtype: type = float
    allowed: str = "an Excel date, 1 January 1900 to 31 December 9999"

    def convert(self, name: str, cell: Any) -> float:
        """Turn one cell into an Excel serial number, or raise its fault."""
        serial = excel_serial(cell)
        if serial is None:
            if not is_number(cell):
                raise Fault(FaultKind.VALUE, f"{name} is {shown(cell)}; {name} must be a date")
            serial = _ANY_NUMBER.convert(name, cell)
        if not self.holds(serial):
            raise Fault(FaultKind.NUM, f"{name} is {shown(cell)}; {name} must be {self.allowed}")
        return serial

    def holds(self, serials: Any) -> Any:
        """Where serial numbers are days of Excel's calendar."""
        return (serials >= 1) & (serials < LAST_SERIAL + 1)

    def all_hold(self, serials: Any) -> bool:
        """Whether every serial number is a day of Excel's calendar."""
        return bool(np.all(self.holds(serials)))


_ANY_NUMBER = Number()


@dataclass(frozen=True, slots=True)
class Switch:
    """TRUE or FALSE; 1 and 0 are taken as such."""

    safe: bool = False
    dtype: type = bool
    allowed: str = "TRUE or FALSE"

    def convert(self, name: str, cell: Any) -> bool:
        """Turn one cell into a bool, or raise its fault."""
        if isinstance(cell, (bool, np.bool_, Real)) and cell in (0, 1):
            return bool(cell)
        raise Fault(FaultKind.VALUE, f"{name} is {shown(cell)}; {name} must be {self.allowed}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, in any case; the formula receives the word's position."""

    words: tuple[str, ...]
    unknown: FaultKind
    safe: int = 0
    dtype: type = int

    def convert(self, name: str, cell: Any) -> int:
        """Turn one cell into the position of its word, or raise its fault."""
        if not isinstance(cell, str):
            raise Fault(FaultKind.VALUE, f"{name} is {shown(cell)}; {name} must be {self.allowed}")
        wanted = " ".join(cell.split()).casefold()
        for position, word in enumerate(self.words):
            if word.casefold() == wanted:
                return position
        raise Fault(self.unknown, f"{name} is {shown(cell)}; {name} must be {self.allowed}")

    @property
    def allowed(self) -> str:
        """The words, as messages and help show them."""
        return "one of " + ", ".join(f'"{word}"' for word in self.words)


@dataclass(frozen=True, slots=True)
class Words:
    """Any text; a number stands for its own digits, as a label often does."""

    safe: str = ""
    dtype: type = object
    allowed: str = "text"

    def convert(self, name: str, cell: Any) -> str:
        """Turn one cell into text, or raise its fault."""
        if isinstance(cell, str):
            return cell
        if is_number(cell):
            return shown(cell)
        raise Fault(FaultKind.VALUE, f"{name} is {shown(cell)}; {name} must be {self.allowed}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table argument; optional ones may be empty, or left out at the end."""

    name: str
    domain: Number | Words
    required: bool = True


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table with a row for each thing, reduced as a whole; relations hold in every row.

    The body receives the columns as arrays by name, an optional one that was left out as None.
    """

    headings: tuple[Heading, ...]
    relations: tuple[Requirement, ...] = ()
    dtype: type = object

    @property
    def allowed(self) -> str:
        """The columns in order, as messages and help show them."""
        return ", ".join(h.name if h.required else f"[{h.name}]" for h in self.headings)


Domain: TypeAlias = Number | Day | Switch | Choice | Words


@dataclass(frozen=True, slots=True)
class Range:
    """Marks an argument that is reduced as a whole; those of one group are read row by row."""

    group: Literal["rows", "names"] = "rows"


def shown(cell: Any) -> str:
    """A value as a message shows it: short, without Python's dress.

    >>> shown(5.0), shown(0.1), shown("abc"), shown(True), shown([1.0, 2.0])
    ('5', '0.1', '"abc"', 'TRUE', '[1, 2]')
    """
    if isinstance(cell, (bool, np.bool_)):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        return f'"{_short(cell)}"'
    if is_blank(cell):
        return "empty"
    if is_number(cell):
        return _short(plain_number(cell))
    if isinstance(cell, (list, tuple, np.ndarray)):
        return _short(f"[{', '.join(shown(content) for content in cell[:20])}]")
    return _short(str(cell))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def plain_number(number: Any) -> str:
    """A number with full precision and no needless decimals.

    >>> plain_number(182000.0), plain_number(1 / 3), plain_number(1e300), plain_number(-0.0)
    ('182000', '0.3333333333333333', '1e+300', '0')
    """
    try:
        return repr(float(number) + 0.0).removesuffix(".0")
    except OverflowError:
        return str(number)


# Signatures read better with the field's words than with domains.
Amount = Annotated[Any, Number(low=0)]
Signed = Annotated[Any, Number()]
Base = Annotated[Any, Number(low=0, divides=True)]
Positive = Annotated[Any, Number(low=0, low_open=True)]
Share = Annotated[Any, Number(low=0, high=1)]
ShareBase = Annotated[Any, Number(low=0, high=1, divides=True)]
Multiplier = Annotated[Any, Number(low=1)]
MonthOfYear = Annotated[Any, Number(low=1, high=12)]
Flag = Annotated[Any, Switch()]
Date = Annotated[Any, Day()]
Amounts = Annotated[Any, Number(low=0), Range()]
Numbers = Annotated[Any, Number(), Range()]
Shares = Annotated[Any, Number(low=0, high=1), Range()]
Labels = Annotated[Any, Words(), Range("names")]
