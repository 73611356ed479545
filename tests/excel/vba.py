"""Our VBA module in a VBA interpreter, with xlwings' own call path behind it.

    python -m tests.excel.vba

A stand-in for `xlwings.bas` hands over an object whose CallUDF is that of xlwings' COM server
(Windows stood in). So every case goes the whole way: wrapper, xlwings, library, and back through
the code that turns marks into errors. Two members of Excel that the interpreter lacks are added.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, method
from pyopenvba.interpreter._values import MISSING as LEFT_OUT
from pyopenvba.interpreter._values import VBAArray, VBAErrorValue

from addin import vba
from csmcalc.errors import Fault, FaultKind
from csmcalc.excel.bridge import MARK, MISSING
from tests.engines.cells import ALL_CASES, Case
from tests.excel.calls import CODES, cells, com, flat
from tests.excel.windows import Cells, stand_in

STAND_IN = """\
Option Explicit
Public Const XLWINGS_VERSION As String = "{version}"
Public oServer As Object
Public lStarts As Long
Public Function Starts() As Long
    Starts = lStarts
End Function
Public Function XLPy() As Object
    lStarts = lStarts + 1
    Set XLPy = oServer
End Function
Public Sub Serve(ByVal one As Object)
    Set oServer = one
End Sub
"""
CALLER = VBAErrorValue(2023)
"""What Application.Caller says where no cell calls, as when a workbook opens."""
NUMBERS = {code: kind for kind, code in CODES.items()}


class Given(VBAObject):
    """A range on its way through VBA, which only hands it on."""

    vba_type_name = "Range"

    def __init__(self, handed: Cells) -> None:
        self.cells = handed


class Server(VBAObject):
    """What XLPy gives: CallUDF answers through a Python function."""

    vba_type_name = "Server"

    def __init__(self, answer: Callable[[str, list[Any]], Any]) -> None:
        self.answer = answer

    @method
    def CallUDF(  # noqa: N802
        self, script: Any, fname: Any, args: Any, this_workbook: Any, caller: Any
    ) -> Any:
        assert (script, caller) == ("csmcalc.excel.udfs", CALLER)
        assert this_workbook is not None
        return to_vba(self.answer(fname, [from_vba(one) for one in args.elements()]))


def from_vba(argument: Any) -> Any:
    if argument is LEFT_OUT:
        return MISSING
    return argument.cells if isinstance(argument, Given) else argument


def to_vba(result: Any) -> Any:
    """What pywin32 makes of a result: a row is an array of one dimension, rows one of two."""
    if not isinstance(result, (list, tuple)):
        return result
    if not isinstance(result[0], (list, tuple)):
        return VBAArray([(0, len(result) - 1)], items=list(result))
    down, across = len(result), len(result[0])
    by_column = [result[row][column] for column in range(across) for row in range(down)]
    return VBAArray([(0, down - 1), (0, across - 1)], items=by_column)


class Excel:
    """An Excel in memory with our module in it."""

    def __init__(self, answer: Callable[[str, list[Any]], Any], xlwings: str = "0.37.8") -> None:
        self.described: dict[str, dict[str, Any]] = {}
        members = Application._vba_members
        members["caller"] = MemberSpec("Caller", "property", getter=lambda _: CALLER)
        members["macrooptions"] = MemberSpec(
            "MacroOptions", "method", getter=self._describe, parameters=_OPTIONS
        )
        self.app = ExcelApplication()
        self.app.add_workbook()
        self.app.add_module(vba.content().decode("cp1252"), name=vba.MODULE)
        self.app.add_module(STAND_IN.format(version=xlwings), name=vba.XLWINGS)
        self.app.run("Serve", Server(answer))

    def _describe(self, _: Any, *args: Any, **named: Any) -> None:
        options = dict(zip(_OPTIONS, args, strict=False)) | named
        self.described[str(options["Macro"])] = options

    def call(self, name: str, *arguments: Any) -> Any:
        """What a cell shows: errors as their kinds, arrays as lists."""
        return plain(self.app.run(name, *arguments))

    @property
    def status(self) -> Any:
        return self.app.evaluate("Application.StatusBar")


_OPTIONS = ("Macro", "Description", "Category", "ArgumentDescriptions")


def plain(shown: Any) -> Any:
    if isinstance(shown, list):
        return [plain(one) for one in shown]
    return NUMBERS[shown.number] if isinstance(shown, VBAErrorValue) else shown


def wrong(excel: Excel, case: Case) -> str:
    given = [Given(cells(argument)) for argument in case.arguments]
    found = excel.call(case.entry.name, *given)
    shown = flat(found)
    expected = list(np.ravel(np.asarray(case.expected, dtype=object)))
    good = len(shown) == len(expected) and all(map(same, shown, expected))
    return "" if good else f"{case}: {found} instead of {expected}"


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, Fault):
        return found is expected.kind
    if isinstance(found, FaultKind) or str(found).startswith(MARK):
        return False
    if isinstance(expected, (str, bool, np.bool_)):
        return type(found) is type(com(expected)) and found == expected
    return abs(found - com(expected)) <= 1e-12 * max(1.0, abs(com(expected)))


def main() -> None:
    server = stand_in()

    def answer(name: str, given: list[Any]) -> Any:
        # A call that no cell makes has an error for its caller.
        caller = Cells(None) if given else CODES[FaultKind.REF] - 2146828288
        return server.CallUDF("csmcalc.excel.udfs", name, given, None, caller)

    excel = Excel(answer)
    answers: dict[str, list[str]] = {}
    for case in ALL_CASES:
        answers.setdefault(case.entry.name, []).append(wrong(excel, case))
    excel.app.run("Auto_Open")
    excel.call("CSM_RATIO", -1.0)
    reason = excel.call("CSM_LAST_ERROR")
    json.dump({"answers": answers, "status": excel.status, "reason": reason}, sys.stdout)


if __name__ == "__main__":
    main()
