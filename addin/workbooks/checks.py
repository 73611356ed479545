"""What the self-check asks of each function: calls with what they must show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from addin.examples import Call, Rows, calls_of, mistake, outside, size_of
from addin.workbooks.cells import with_defaults
from csmcalc.catalog import Entry
from csmcalc.errors import FaultKind


@dataclass(frozen=True)
class Check:
    """One call, and in words what it is there for."""

    what: str
    call: Call

    @property
    def name(self) -> str:
        """The name of the cell that says whether it holds."""
        return f"test_{self.call.entry.name}_{self.what.replace(' ', '_')}"


def checks_of(entry: Entry) -> Iterator[Check]:
    """The checks of one function: its examples, and each of them spoilt in every way there is."""
    calls = calls_of(entry)
    for number, call in enumerate(calls, start=1):
        yield Check(f"example {number}", call)
    call = calls[0]
    position, typed = mistake(call)
    yield Check("mistake", call.with_argument(position, [[typed]]))
    first = with_defaults(call).arguments[0]
    assert first
    yield Check("error passed on", call.with_argument(0, _spoilt(call, first)))
    if not entry.arguments[0].is_optional:
        yield Check("required cell empty", call.with_argument(0, [[None] * size_of(first)[1]]))
    if entry.arguments[-1].is_optional:
        yield Check("optional cells empty", _with_blanks(call))
    yield from _column(call)


def _column(call: Call) -> Iterator[Check]:
    """Cells below each other in, cells below each other out; a bad one spoils no neighbour."""
    if call.entry.spills or not any(call.arguments):
        return
    for position, (parameter, rows) in enumerate(zip(call.parameters, call.arguments, strict=True)):
        if rows and not parameter.group and size_of(rows) == (1, 1):
            good, bad = rows[0][0], outside(call, position)
            yield Check("column", call.with_argument(position, [[good], [bad], [good]]))
            return
    yield Check("column", call.turned())


def _spoilt(call: Call, rows: Rows) -> Rows:
    """An error in one cell; in an array Calc knows no errors beside values."""
    error = FaultKind.DIV0
    return [[error, *rows[0][1:]], *rows[1:]] if call.parameters[0].group else [[error]]


def _with_blanks(call: Call) -> Call:
    """Every optional argument is an empty cell."""
    blanks = [
        rows if parameter.required else [[None]]
        for parameter, rows in zip(call.parameters, call.arguments, strict=True)
    ]
    return Call(call.entry, tuple(blanks))


FORMULAS: tuple[tuple[str, str, float | str | FaultKind], ...] = (
    ("text is found", 'VLOOKUP(BCG_SEGMENT(0.3,0.3),{"Star",10;"Cash Cow",20},2,FALSE)', 10.0),
    ("text is compared", 'IF(BCG_SEGMENT(0.3,0.02)="Cash Cow","same","other")', "same"),
    ("text is counted", 'SUM(--(BCG_SEGMENT({0.3,0.4,-0.1},0.3)="Star"))', 2.0),
    ("an error stays in a sum", "SUM(CSM_RATIO(2000000),CSM_RATIO(-1))", FaultKind.NUM),
    ("an error is seen", "IF(ISERROR(CSM_RATIO(-1)),CSM_RATIO(2000000),0)", 1.0),
    ("an error is replaced", "IFERROR(CSM_RATIO(-1),CSM_RATIO(4000000))", 2.0),
    (
        "a function in a function",
        "CSM_COST_TO_SERVE(24,CSM_COST_PER_HOUR(140000,1.3,1065))",
        24 * 182000 / 1065,
    ),
)
"""Results inside other formulas: what is asked, the formula, what it must show."""
