"""What is printed, in letters that the output can hold."""

from __future__ import annotations

import io
import json
import sys
from typing import Any


def print_anything() -> None:
    """Let no terminal's encoding stop the work: what it cannot show is shown as its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def json_text(content: Any) -> str:
    """JSON, with letters beyond ASCII where the output takes all of them."""
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    return json.dumps(content, indent=2, ensure_ascii=not unicode, allow_nan=False)
