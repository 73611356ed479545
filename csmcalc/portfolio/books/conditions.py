"""The conditions of a rule: which customers it means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.core.words import plain_word, split_at_commas
from csmcalc.errors import InputError

Mask = NDArray[np.bool_]

_NEXT = "\x00"

_TEXTUAL = ("id", "name", "tier", "category", "segment", "region", "language", "skill", "owner")
_NUMERIC = ("arr", "hours", "risk", "growth", "potential", "health", "cac")


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a column: every one of a rule must hold."""

    column: str
    sign: str
    values: tuple[str, ...]


def number_of(line: str, text: str) -> float:
    """A number; what could be a decimal comma or dots between thousands is not guessed."""
    factor = {"k": 1e3, "m": 1e6}.get(text[-1].casefold(), 1.0)
    plain = text.rstrip("kKmM ")
    if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", plain):
        raise InputError(
            f'rule "{line}": "{text}" is not a number; write 1.5 with a point, thousands as '
            "2500000, 2,500,000 or 2.5M"
        )
    if re.fullmatch(r"\d{1,3}\.\d{3}", plain) and factor == 1.0:
        raise InputError(
            f'rule "{line}": "{text}" may mean {plain.replace(".", "")} or {float(plain):g}; write '
            f"{plain.replace('.', '')} or {float(plain):g}"
        )
    return float(plain.replace(",", "")) * factor


def _signed(line: str, text: str) -> float:
    return -number_of(line, text[1:]) if text[:1] == "-" and text[1:] else number_of(line, text)


def suggest(word: str, known: Sequence[str]) -> str:
    """What to say of a word that is not known."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f'; did you mean "{near[0]}"?' if near else f"; known are {', '.join(known)}"


def conditions(line: str, text: str) -> tuple[Condition, ...]:
    """The conditions of a text, which the rule's line has after `for` or `assign`."""
    parts = re.split(r'("[^"]*")|\band\b', text, flags=re.I)
    # every other part is what stood in quotes, or nothing at an `and`
    joined = "".join(_NEXT if quoted is None else quoted for quoted in parts)
    texts = [part.strip() for part in joined.split(_NEXT)]
    found = tuple(_condition(line, part) for part in texts)
    _both(line, found)
    bare = next((part for part in texts if part and not re.search('[<>="]| in ', part)), None)
    if bare is not None and len(found) > 1:
        raise InputError(
            f'rule "{line}": "{bare}" is no condition; put a name with "and" in it in quotes, '
            'such as segment = "R and D"'
        )
    return found


def _both(line: str, found: Sequence[Condition]) -> None:
    """Refuse a customer who would have to be two at once: `A3 and A4` means `id in A3, A4`."""
    equal = [one for one in found if one.sign == "="]
    for at, one in enumerate(equal):
        for other in equal[:at]:
            if one.column == other.column and plain_word(one.values[0]) != plain_word(
                other.values[0]
            ):
                both = ", ".join(_quoted(value) for value in (*other.values, *one.values))
                raise InputError(
                    f'rule "{line}": no customer has two values of {one.column}; write '
                    f"{one.column} in {both}, or one value in quotes"
                )


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[,=<>]|\b(and|to|from)\b", value, re.I) else value


def _condition(line: str, text: str) -> Condition:
    found = re.fullmatch(r"(\w+)\s*(<=|>=|!=|=|<|>|in\b)\s*(.+)", text, re.I)
    if not found:
        quoted = re.fullmatch(r'"?([^"]+)"?', text)
        if quoted and not re.search(r"[<>=]", text):
            return Condition("id", "=", (quoted[1].strip(),))
        raise InputError(
            f'rule "{line}": "{text}" is no condition; write for example "tier = strategic"'
        )
    column = found[1].casefold()
    known = sorted({*_TEXTUAL, *_NUMERIC})
    if column not in known:
        raise InputError(f'rule "{line}": column "{found[1]}" is not known{suggest(column, known)}')
    sign = found[2].casefold()
    values = tuple(split_at_commas(found[3])) if sign == "in" else (found[3].strip().strip('"'),)
    if sign in ("<", ">", "<=", ">="):
        if column not in _NUMERIC:
            raise InputError(
                f'rule "{line}": {column} is text and has no {sign}; write {column} = ...'
            )
        _signed(line, values[0])
    return Condition(column, sign, values)


def matching(line: str, where: Sequence[Condition], customers: pd.DataFrame) -> Mask:
    """The customers for which all conditions of a rule hold; errors name its line."""
    keep = np.ones(len(customers), dtype=bool)
    for one in where:
        keep &= _holds(line, one, customers)
    return keep


def _holds(line: str, one: Condition, customers: pd.DataFrame) -> Mask:
    if one.column not in customers:
        raise InputError(
            f'rule "{line}": the customer list has no column "{one.column}"; it has '
            f"{', '.join(c for c in customers if c in {*_TEXTUAL, *_NUMERIC})}"
        )
    cells = customers[one.column]
    if one.sign in ("<", ">", "<=", ">="):
        limit = _signed(line, one.values[0])
        numbers = pd.to_numeric(cells, errors="coerce")
        words = cells[numbers.isna() & cells.notna()]
        if len(words):
            raise InputError(
                f'rule "{line}": {one.column} is "{words.iloc[0]}" for a customer, no number '
                f"to compare; write {one.column} = {words.iloc[0]}"
            )
        answers: dict[str, Any] = {
            "<": numbers < limit, ">": numbers > limit,
            "<=": numbers <= limit, ">=": numbers >= limit,
        }  # fmt: skip
        return np.asarray(answers[one.sign], dtype=bool)
    plain = cells.map(lambda cell: plain_word(str(cell)), na_action="ignore")
    wanted = [plain_word(value) for value in one.values]
    there = set(plain.dropna())
    if one.column == "id":
        names = customers["name"].map(lambda cell: plain_word(str(cell)), na_action="ignore")
        plain = plain.where(plain.isin(wanted), names)
        there |= set(names.dropna())
    for value, word in zip(one.values, wanted, strict=True):
        if word not in there:
            known = sorted({str(cell) for cell in cells.dropna()})
            hint = suggest(value, known) if len(known) < 30 else ""
            raise InputError(f'rule "{line}": no customer has {one.column} "{value}"{hint}')
    found = np.asarray(plain.isin(wanted), dtype=bool)
    return ~found if one.sign == "!=" else found
