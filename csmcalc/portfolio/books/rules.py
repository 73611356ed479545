"""Hard rules as text: what must hold of every answer.

    balance arr within 10%                      keep owner for tier = strategic
    customers at most 60 per CSM                keep at least 80% of arr with today's owner
    hours at most 90% of capacity               assign region = DACH to Ana Silva, Ben Carter
    renewals per month at most 20% of a book    keep id = AC-1001 from Ben Carter

A condition compares a column: `tier = strategic`, `arr > 50000`, `region in EMEA, APAC`; several
are joined by `and`. A word that is not known stops with the nearest one that is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csmcalc.core.words import plain_word, split_at_commas
from csmcalc.errors import InputError

Mask = NDArray[np.bool_]

MEASURES = ("hours", "arr", "risk", "customers")
_TEXTUAL = ("id", "name", "tier", "category", "segment", "region", "language", "skill", "owner")
_NUMERIC = ("arr", "hours", "risk", "growth", "potential", "health", "cac")
_FORMS = (
    "balance arr within 10%",
    "customers at most 60 per CSM",
    "hours at most 90% of capacity",
    "renewals per month at most 20% of a book",
    "keep owner for tier = strategic",
    "keep at least 80% of arr with today's owner",
    "assign region = DACH to Ana Silva",
    "keep id = AC-1001 from Ben Carter",
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a column: every one of a rule must hold."""

    column: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Balance(Rule):
    """Every book's load within a share of its target."""

    measure: str
    within: float


@dataclass(frozen=True, slots=True)
class Limit(Rule):
    """Every book's load at most (or at least) an amount, or a share of the capacity in hours."""

    measure: str
    at_most: bool
    amount: float
    of_capacity: bool = False


@dataclass(frozen=True, slots=True)
class MonthlyRenewals(Rule):
    """At most a share of a book's ARR renews in any calendar month."""

    share: float


@dataclass(frozen=True, slots=True)
class KeepOwner(Rule):
    """Customers that stay with today's owner; without a condition all."""

    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class KeepShare(Rule):
    """At least a share of the ARR or of the customers that have an owner stays with it."""

    measure: str
    share: float


@dataclass(frozen=True, slots=True)
class Assign(Rule):
    """Customers that go to one of the named CSMs, or (`away`) to none of them."""

    where: tuple[Condition, ...]
    csms: tuple[str, ...]
    away: bool = False


AnyRule = Balance | Limit | MonthlyRenewals | KeepOwner | KeepShare | Assign

_NUMBER = r"([0-9][0-9.,]*\s*[kKmM]?)"
_PERCENT = r"([0-9]+(?:\.[0-9]+)?)\s*(?:%|per ?cent)"


def parse_rules(lines: Iterable[str]) -> tuple[AnyRule, ...]:
    """The rules of a text, a line each; empty lines and those with a # are passed over."""
    texts = (line.strip() for line in lines)
    return tuple(parse_rule(text) for text in texts if text and not text.startswith("#"))


def parse_rule(text: str) -> AnyRule:
    """One rule.

    >>> parse_rule("balance arr within 10%").within
    0.1
    >>> parse_rule("arr at most 2.5M per CSM").amount
    2500000.0
    """
    line = re.sub(r"\s+", " ", text.strip()).rstrip(".;")
    for parse in (_balance, _renewals, _keep_share, _keep_owner, _assign, _limit):
        rule = parse(line)
        if rule is not None:
            return rule
    near = difflib.get_close_matches(line.casefold(), [f.casefold() for f in _FORMS], 1, 0.4)
    form = next((f for f in _FORMS if near and f.casefold() == near[0]), _FORMS[0])
    raise InputError(f'rule "{text}": not understood; write for example "{form}"')


def _balance(line: str) -> AnyRule | None:
    found = re.fullmatch(rf"balance (.+?) within {_PERCENT}", line, re.I)
    if not found:
        return None
    return Balance(line, _measure(line, found[1]), _share(line, found[2]))


def _renewals(line: str) -> AnyRule | None:
    found = re.fullmatch(
        rf"renewals (?:per|a|in one|in a) month at most {_PERCENT}(?: of (?:a|each|the) book)?",
        line,
        re.I,
    )
    return MonthlyRenewals(line, _share(line, found[1])) if found else None


def _keep_share(line: str) -> AnyRule | None:
    found = re.fullmatch(
        rf"keep (?:at least )?{_PERCENT} of (.+?)(?: with (?:today'?s|the same|their|its) owner)?",
        line,
        re.I,
    )
    if not found:
        return None
    measure = _measure(line, found[2], ("arr", "customers"))
    return KeepShare(line, measure, _share(line, found[1]))


def _keep_owner(line: str) -> AnyRule | None:
    found = re.fullmatch(r"keep owners?(?: for (.+))?", line, re.I)
    return KeepOwner(line, _conditions(line, found[1]) if found[1] else ()) if found else None


def _assign(line: str) -> AnyRule | None:
    found = re.fullmatch(r"(assign|pin|keep) (.+?) (to|from) ([^=<>]+)", line, re.I)
    if not found or (found[1].casefold() == "keep") != (found[3].casefold() == "from"):
        return None
    csms = tuple(split_at_commas(found[4]))
    return Assign(line, _conditions(line, found[2]), csms, away=found[3].casefold() == "from")


def _limit(line: str) -> AnyRule | None:
    found = re.fullmatch(rf"(\w+) (at most|at least) {_PERCENT} of capacity", line, re.I)
    if found:
        measure = _measure(line, found[1], ("hours",))
        return Limit(line, measure, found[2].casefold() == "at most", _share(line, found[3]), True)
    found = re.fullmatch(
        rf"(\w+) (at most|at least) {_NUMBER}(?: (?:per|a|for each) (?:csm|book))?", line, re.I
    )
    if not found:
        return None
    return Limit(
        line, _measure(line, found[1]), found[2].casefold() == "at most", _number(line, found[3])
    )


def _measure(line: str, word: str, known: Sequence[str] = MEASURES) -> str:
    plain = {"workload": "hours", "accounts": "customers", "count": "customers"}.get(
        word.casefold(), word.casefold()
    )
    if plain not in known:
        raise InputError(f'rule "{line}": "{word}" is not known{_suggest(plain, known)}')
    return plain


def _share(line: str, percent: str) -> float:
    share = float(percent) / 100
    if not 0 <= share <= 1:
        raise InputError(f'rule "{line}": {percent}% is not allowed; write 0% to 100%')
    return share


def _number(line: str, text: str) -> float:
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
    return -_number(line, text[1:]) if text[:1] == "-" and text[1:] else _number(line, text)


def _suggest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f'; did you mean "{near[0]}"?' if near else f"; known are {', '.join(known)}"


def _conditions(line: str, text: str) -> tuple[Condition, ...]:
    return tuple(_condition(line, part.strip()) for part in re.split(r"\band\b", text, flags=re.I))


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
        raise InputError(
            f'rule "{line}": column "{found[1]}" is not known{_suggest(column, known)}'
        )
    sign = found[2].casefold()
    values = tuple(split_at_commas(found[3])) if sign == "in" else (found[3].strip().strip('"'),)
    if sign in ("<", ">", "<=", ">="):
        if column not in _NUMERIC:
            raise InputError(
                f'rule "{line}": {column} is text and has no {sign}; write {column} = ...'
            )
        _signed(line, values[0])
    return Condition(column, sign, values)


def matching(rule: AnyRule, conditions: Sequence[Condition], customers: pd.DataFrame) -> Mask:
    """The customers for which all conditions of a rule hold."""
    keep = np.ones(len(customers), dtype=bool)
    for one in conditions:
        keep &= _holds(rule, one, customers)
    return keep


def _holds(rule: AnyRule, one: Condition, customers: pd.DataFrame) -> Mask:
    if one.column not in customers:
        raise InputError(
            f'rule "{rule.text}": the customer list has no column "{one.column}"; it has '
            f"{', '.join(c for c in customers if c in {*_TEXTUAL, *_NUMERIC})}"
        )
    cells = customers[one.column]
    if one.sign in ("<", ">", "<=", ">="):
        limit = _signed(rule.text, one.values[0])
        numbers = pd.to_numeric(cells, errors="coerce")
        words = cells[numbers.isna() & cells.notna()]
        if len(words):
            raise InputError(
                f'rule "{rule.text}": {one.column} is "{words.iloc[0]}" for a customer, no number '
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
            hint = _suggest(value, known) if len(known) < 30 else ""
            raise InputError(f'rule "{rule.text}": no customer has {one.column} "{value}"{hint}')
    found = np.asarray(plain.isin(wanted), dtype=bool)
    return ~found if one.sign == "!=" else found
