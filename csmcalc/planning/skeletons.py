"""Formulas without what moves in them: whether a cell still holds the one it came with."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = r'"(?:[^"]|"")*"'
_REPORTED = re.compile(rf"(?P<words>{_WORDS})|(?:[A-Za-z_]\w*)?\[@?[^\[\]]+\]|\{{\w+(?:\.\w+)?\}}")
_COLUMN = r"(?<![^\W\d])[^\W\d]\w*+\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
_CELLS = (
    r"(?<![\w.$])(?:'(?:[^']|'')+'!|\$?[^\W\d][\w.]*!)?"
    r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?(?![\w.(!\[])"
)
_STORED = re.compile(rf"(?P<words>{_WORDS})|{_COLUMN}|{_CELLS}")
_REFERENCES = re.compile(rf"(?:{_COLUMN}|{_CELLS})(?::(?:{_COLUMN}|{_CELLS}))*")
_LOOSE = re.compile(rf"(?P<words>{_WORDS})|\s+|_xl\w+\.|(?P<constant>TRUE|FALSE)\(\)")
_UNTIDY = re.compile(r"\s|_xl|E\(\)")
"""What a formula with anything loose in it has."""
_RANGE = re.compile(r"#(?::#)+")


def alike(formula: str, formula_of_report: str) -> bool:
    """Whether a formula of a file is that of a report but for its references.

    >>> alike("SUM($B$7:$C$9)-Sheet.x!C5", "SUM([ARR])-[@ACV]")
    True
    """
    skeleton = reported(formula_of_report)
    return _is_filled_in(skeleton, formula) or stored(formula) == skeleton


def _is_filled_in(skeleton: str, formula: str) -> bool:
    """Whether a formula is this with a reference for each #: most are, and it is soon told."""
    first, *others = skeleton.split("#")
    if not formula.startswith(first):
        return False
    at = len(first)
    for words in others:
        end = formula.find(words, at) if words else len(formula)
        found = _REFERENCES.match(formula, at)
        if found is None or found.end() != end:
            return False
        at = end + len(words)
    return at == len(formula)


@lru_cache(maxsize=4096)
def reported(formula: str) -> str:
    """A formula of a report, every reference to a column or a month as #.

    >>> reported('IF([@Status]="a b",COUNTIF(INDEX([Status],1):[@Status],x),{heads.before})')
    'IF(#="a b",COUNTIF(INDEX(#,1):#,x),#)'
    """
    return _tidy(_REPORTED.sub(lambda m: m["words"] or "#", formula))


def stored(formula: str) -> str:
    """The same of a formula as a file holds it.

    >>> stored("IF('Two words'!$B7=\\"a b\\",COUNTIF(INDEX(B$2:B$9, 1):$B7,x),Sheet.x!C5)")
    'IF(#="a b",COUNTIF(INDEX(#,1):#,x),#)'
    """
    if '"' not in formula:
        return _tidy(_STORED.sub("#", formula))
    return _tidy(_STORED.sub(lambda m: m["words"] or "#", formula))


def _tidy(formula: str) -> str:
    if _UNTIDY.search(formula):
        formula = _LOOSE.sub(lambda m: m["words"] or m["constant"] or "", formula)
    return _RANGE.sub("#", formula) if "#:#" in formula else formula
