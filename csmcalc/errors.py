"""Every way csmcalc says no: one small tree of errors, one table of exit codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    OK = 0
    FAULT = 1
    BAD_INPUT = 2
    PARTLY_DONE = 3


class FaultKind(StrEnum):
    """The Excel error that a fault shows in a cell."""

    DIV0 = "#DIV/0!"
    NA = "#N/A"
    NAME = "#NAME?"
    NULL = "#NULL!"
    NUM = "#NUM!"
    REF = "#REF!"
    VALUE = "#VALUE!"


class CsmcalcError(Exception):
    """The root: an error the user can understand and act on, shown without a traceback."""

    exit_code = ExitCode.BAD_INPUT


class Fault(CsmcalcError):
    """A formula has no result: the Excel error it shows and the reason.

    A formula called with scalars raises it; in an array it stands in the place of the element.
    """

    exit_code = ExitCode.FAULT

    def __init__(self, kind: FaultKind, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"

    def __repr__(self) -> str:
        return str(self.kind)


class InputError(CsmcalcError):
    """Something the user handed in (a file, an option, a setting) cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one cell of a user's table, or with `count` of them alike.

    `cell` names sheet and cell where the table is one that people mend in its place.
    """

    row: int | None
    column: str
    value: str
    wrong: str
    remedy: str
    count: int = 1
    cell: str = ""


class TableError(InputError):
    """All problems of one table at once; `skippable` where its bad rows can be left out."""

    def __init__(self, source: str, problems: Sequence[Problem], skippable: bool = True) -> None:
        count = sum(problem.count for problem in problems)
        super().__init__(f"{source}: {count:,} problem{'s' if count != 1 else ''}")
        self.source = source
        self.problems = tuple(problems)
        self.skippable = skippable


class InfeasibleError(InputError):
    """What was asked for cannot be had together; the message says what would have to give."""


class WorkbookError(InputError):
    """A workbook cannot be opened, read or written."""
