"""The process behind the cells of LibreOffice: a call a line in, its value a line out, as JSON.

python -E -m csmcalc.excel.libreoffice.service
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO

from csmcalc import __version__
from csmcalc.errors import FaultKind
from csmcalc.excel import bridge

LAST_ERROR, VERSION = "CSM_LAST_ERROR", "CSM_VERSION"
"""The functions that are no formulas: the reason of the last error, and what answers."""


def serve(calls: Iterable[bytes], answers: BinaryIO) -> None:
    """Answer every call in order, until the caller goes away."""
    defect = ""
    for line in calls:
        name, arguments = json.loads(line)
        value: Any
        try:
            if name == LAST_ERROR:
                value, defect = defect or bridge.last_error(), ""
            elif name == VERSION:
                value = f"csmcalc {__version__}, LibreOffice"
            else:
                value = bridge.call(name, *arguments)
            answer = json.dumps(value, allow_nan=False)
        except Exception as error:  # a defect of ours must not end the service for other cells
            defect = f"{name}: {type(error).__name__}: {error}; please report this"
            answer = json.dumps(bridge.MARK + FaultKind.VALUE)
        answers.write(answer.encode("ascii") + b"\n")
        answers.flush()


def main() -> None:
    """Serve on a pipe; what anything else prints goes to the error output."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(iter(sys.stdin.buffer.readline, b""), answers)


if __name__ == "__main__":
    main()
