"""How cells and ranges are written on the command line: `[1,,3]`, `TRUE`, `#N/A`, `2026-09-01`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import deque
from typing import Any

import numpy as np

from csmcalc.core.arguments import plain_number
from csmcalc.errors import Fault, FaultKind, InputError

_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf(inity)?)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?")
_TOKEN = re.compile(r'\[|\]|,|"(?:[^"\\]|\\.)*"|[^\[\],"]+')
_FLAGS = {"TRUE": True, "FALSE": False}
_ERRORS = {str(kind): kind for kind in FaultKind}


def read(text: str) -> Any:
    """A cell, or the list or lists of a range.

    >>> read("-0.2"), read("[1,,high]"), read("[[1,2],[3,4]]"), read("")
    (-0.2, [1.0, None, 'high'], [[1.0, 2.0], [3.0, 4.0]], None)
    """
    text = text.strip()
    return _read_range(text) if text.startswith("[") else _read_cell(text)


def write(value: Any) -> str:
    """A value as `read` would read it; text that stands alone is left plain.

    >>> write(15.0), write(np.array([0.5, 2.0])), write("Star"), write(np.array(["Star"]))
    ('15', '[0.5,2]', 'Star', '["Star"]')
    """
    return value if isinstance(value, str) else _write_cell(value)


def holds_day(cell: Any) -> bool:
    """Whether a date is among what was read."""
    if isinstance(cell, list):
        return any(holds_day(content) for content in cell)
    return isinstance(cell, dt.date)


def _read_cell(text: str) -> Any:
    if text in ("", "null"):
        return None
    if _NUMBER.fullmatch(text):
        return float(text)
    if text.upper() in _FLAGS:
        return _FLAGS[text.upper()]
    if text.upper() in _ERRORS:
        return Fault(_ERRORS[text.upper()], "an argument holds this error; it is passed on")
    if _DAY.fullmatch(text):
        return _read_day(text)
    if text.startswith('"') and text.endswith('"'):
        return _read_quoted(text)
    return text


def _read_day(text: str) -> dt.date | str:
    try:
        day = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return day if len(text) > len("2026-09-01") else day.date()


def _read_quoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except json.JSONDecodeError:
        return text


def _read_range(text: str) -> list[Any]:
    tokens = deque(_TOKEN.findall(text))
    if "".join(tokens) != text:
        raise InputError(f"{text}: a quotation mark is not closed")
    tokens.popleft()
    cells = _read_cells(tokens, text)
    if tokens:
        raise InputError(f"{text}: something follows the closing bracket")
    rows = [cell for cell in cells if isinstance(cell, list)]
    if not rows:
        return cells
    if len(rows) < len(cells) or any(isinstance(cell, list) for row in rows for cell in row):
        raise InputError(f"{text}: write a table as rows of cells, such as [[1,2],[3,4]]")
    if not rows[0] and not any(rows):
        raise InputError(f"{text}: the table is empty; write its rows, such as [[1,2],[3,4]]")
    if len({len(row) for row in rows}) > 1:
        raise InputError(f"{text}: the rows are of unequal length; leave a blank between commas")
    return cells


def _read_cells(tokens: deque[str], text: str) -> list[Any]:
    """The cells up to the closing bracket, with nothing between commas for a blank."""
    cells: list[Any] = []
    held: list[Any] = []
    while tokens:
        token = tokens.popleft()
        if token in (",", "]"):
            if held or cells or token == ",":
                cells.append(held.pop() if held else None)
            if token == "]":
                return cells
        elif held and token.strip():
            raise InputError(f"{text}: a comma is missing between two cells")
        elif token == "[":
            held.append(_read_cells(tokens, text))
        elif token.strip():
            held.append(_read_cell(token.strip()))
    raise InputError(f"{text}: the closing bracket is missing")


def _write_cell(cell: Any) -> str:
    if isinstance(cell, np.ndarray):
        return f"[{','.join(_write_cell(content) for content in cell)}]"
    if isinstance(cell, (bool, np.bool_)):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        return json.dumps(str(cell), ensure_ascii=False)
    if isinstance(cell, Fault):
        return str(cell.kind)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return plain_number(cell)
