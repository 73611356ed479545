"""Runs inside LibreOffice's own Python, which knows neither csmcalc nor numpy.

Basic calls `call`; the work is done by a child process of csmcalc's interpreter, one line of JSON
there and one back. The installer copies this file into the profile and fills in `COMMAND`. It
imports the standard library alone and runs on the old Pythons that LibreOffice bundles.
"""

import json
import os
import struct
import subprocess
from typing import Any, List, Optional  # noqa: UP035 - for old Pythons

# The installer writes the path of the interpreter here.
COMMAND: List[str] = []  # noqa: UP006

IMPLEMENTATION = "org.csmcalc.Functions"
MARK = "\ue000"
CODES = {
    "#NUM!": 503,
    "#VALUE!": 519,
    "#NULL!": 521,
    "#REF!": 524,
    "#NAME?": 525,
    "#DIV/0!": 532,
    "#N/A": 32767,
}
_child: Optional[Any] = None  # noqa: UP045 - for old Pythons


def error(name: str) -> float:
    """A real error of Calc, which it keeps in the payload of a NaN."""
    bits = 0x7FF8000000000000 | CODES.get(name, CODES["#VALUE!"])
    return float(struct.unpack("<d", struct.pack("<Q", bits))[0])


def call(name: str, *arguments: Any) -> Any:
    """The value of a function, for Calc: a cell, or rows of cells."""
    line = json.dumps([name, [_handed_in(argument) for argument in arguments]])
    try:
        return _handed_back(json.loads(_answer(line.encode("ascii") + b"\n")))
    except (OSError, ValueError):
        return error("#VALUE!")


def _answer(line: bytes) -> Any:
    """The service's answer; a service that has ended is started once more."""
    global _child
    for _ in range(2):
        if _child is None or _child.poll() is not None:
            _child = _start()
        try:
            _child.stdin.write(line)
            _child.stdin.flush()
            answer = _child.stdout.readline()
        except OSError:
            answer = b""
        if answer:
            return answer
        _child.kill()
        _child.wait()
        _child = None
    raise OSError("the service of csmcalc does not answer")


def _start() -> Any:
    # LibreOffice may point Python and the loader at libraries of its own.
    foreign = ("PYTHON", "LD_LIBRARY_PATH")
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if not key.startswith(foreign)},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _handed_in(cell: Any) -> Any:
    if isinstance(cell, (tuple, list)):
        return [_handed_in(inner) for inner in cell]
    # To the service a whole number is the code of an error; Calc's numbers are all floats.
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _handed_back(cell: Any) -> Any:
    if isinstance(cell, list):
        return tuple(_handed_back(inner) for inner in cell)
    if isinstance(cell, str) and cell.startswith(MARK):
        return error(cell[1:])
    return cell


if COMMAND:  # installed in a profile; elsewhere there is no LibreOffice
    import unohelper  # type: ignore[import-not-found]
    from com.sun.star.script.provider import XScript  # type: ignore[import-not-found]

    class Functions(unohelper.Base, XScript):  # type: ignore[misc]
        """What Basic holds on to."""

        def __init__(self, context: Any) -> None:
            self.context = context

        def invoke(self, request: Any, _indices: Any, _outputs: Any) -> Any:
            """A call as XScript has it: the name of the function, then its arguments."""
            return call(*request), (), ()

    g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816
    g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, (IMPLEMENTATION,))
