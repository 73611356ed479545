"""Formulas that reach out of their workbook: to programs, to the web, to other files."""

from __future__ import annotations

import re
from collections.abc import Collection

_FUNCTIONS = (
    *("WEBSERVICE", "IMAGE", "STOCKHISTORY", "TRANSLATE", "DETECTLANGUAGE", "COPILOT", "RTD"),
    *("DDE", "CALL", "REGISTER", "REGISTER.ID", "EXEC", "INITIATE", "SQL.REQUEST"),
)
_CALLS = re.compile(
    rf"(?<![\w.])(?:_xl\w+\.)*(?:{'|'.join(map(re.escape, _FUNCTIONS))})\s*\("
    r"|[\w.]\s*\|(?:'[^']*'|[\w.]+)!",
    re.IGNORECASE,
)
_CALLED = (*_FUNCTIONS, "|")
"""A formula of plain letters without any of these holds no such call."""
_TOKEN = re.compile(
    r'"(?:[^"]|"")*+"'  # words
    r"|(?P<brackets>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*+\])*+\]?)(?P<sheet>[\w.:]*+!)?"
    r"|'(?P<quoted>(?:[^']|'')*+)'(?P<mark>[!#])?"
    r"|(?<![\w.])(?P<plain>[^\W\d][\w.]*+)!"
)
"""What a formula names: columns of a table in brackets, sheets with and without quotes.

Nothing is tried twice (`*+`), so that a formula made to be slow is not.
"""
_NO_SHEET = re.compile(r"[\[\]\\/?*]")
"""Signs of a path or an address; no name of a sheet has them."""
_FILE = re.compile(r".+\.\w{2,5}")
_ITSELF = "[0]"


def calls_out(formula: str, sheets: Collection[str] = ()) -> bool:
    """Whether a formula starts programs or reaches out of a workbook of some sheets.

    >>> calls_out('_xlfn.WEBSERVICE("http://x/"&A1)'), calls_out('IF(A1="RTD(",1,2)')
    (True, False)
    >>> calls_out("b.xlsx!Rate"), calls_out("b.xlsx!Rate", ["b.xlsx"])
    (True, False)
    """
    if _may_call(formula) and _CALLS.search(_TOKEN.sub(_without_words, formula)):
        return True
    if "!" not in formula and "'#" not in formula:
        return False
    return any(_is_of_another(found, sheets) for found in _TOKEN.finditer(formula))


def _may_call(formula: str) -> bool:
    if not formula.isascii():
        return True
    capitals = formula.upper()
    for sign in _CALLED:  # noqa: SIM110 - any() would take twice as long, for every formula
        if sign in capitals:
            return True
    return False


def _without_words(found: re.Match[str]) -> str:
    return found[0] if found["quoted"] is not None or found["plain"] else " "


def _is_of_another(found: re.Match[str], sheets: Collection[str]) -> bool:
    """Whether a sheet or a name is of another workbook, by its number, name, path or address."""
    if found["brackets"]:
        return bool(found["sheet"]) and found["brackets"] != _ITSELF
    quoted = found["quoted"] if found["mark"] else ""
    name = (quoted or found["plain"] or "").replace("''", "'")
    if _NO_SHEET.search(name):
        return True
    return bool(_FILE.fullmatch(name)) and name.casefold() not in sheets
