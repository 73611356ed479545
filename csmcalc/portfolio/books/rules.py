"""Hard rules as text: what must hold of every answer.

    balance arr within 10%                      keep owner for tier = strategic
    customers at most 60 per CSM                keep at least 80% of arr with today's owner
    hours at most 90% of capacity               assign region = DACH to Ana Silva, Ben Carter
    renewals per month at most 20% of a book    keep id = AC-1001 from Ben Carter

A condition compares a column: `tier = strategic`, `arr > 50000`, `region in EMEA, APAC`; several
are joined by `and`. What stands in quotes is one word: `segment = "R and D"`. A word that is not
known stops with the nearest one that is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from csmcalc.core.words import split_at_commas
from csmcalc.errors import InputError
from csmcalc.portfolio.books.conditions import Condition, conditions, number_of, suggest

MEASURES = ("hours", "arr", "risk", "customers")
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

_QUOTES = str.maketrans("\u201c\u201d\u201e", '"""')
"""As word processors write them, and as they are read."""

_WORDS, _NAMES = r'(?:"[^"]*"|[^"])+?', r'(?:"[^"]*"|[^"=<>])+'
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
    line = re.sub(r"\s+", " ", text.strip()).rstrip(".;").translate(_QUOTES)
    if line.count('"') % 2:
        raise InputError(
            f'rule "{text}": a quotation mark is not closed; write "..." around a name'
        )
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
        rf"keep (?:at least )?{_PERCENT} of (.+?)(?: with (?:today\W?s|the same|their|its) owner)?",
        line,
        re.I,
    )
    if not found:
        return None
    measure = _measure(line, found[2], ("arr", "customers"))
    return KeepShare(line, measure, _share(line, found[1]))


def _keep_owner(line: str) -> AnyRule | None:
    found = re.fullmatch(r"keep owners?(?: for (.+))?", line, re.I)
    return KeepOwner(line, conditions(line, found[1]) if found[1] else ()) if found else None


def _assign(line: str) -> AnyRule | None:
    found = re.fullmatch(rf"(assign|pin|keep) ({_WORDS}) (to|from) ({_NAMES})", line, re.I)
    if not found or (found[1].casefold() == "keep") != (found[3].casefold() == "from"):
        return None
    csms = tuple(split_at_commas(found[4]))
    return Assign(line, conditions(line, found[2]), csms, away=found[3].casefold() == "from")


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
        line, _measure(line, found[1]), found[2].casefold() == "at most", number_of(line, found[3])
    )


def _measure(line: str, word: str, known: Sequence[str] = MEASURES) -> str:
    plain = {"workload": "hours", "accounts": "customers", "count": "customers"}.get(
        word.casefold(), word.casefold()
    )
    if plain not in known:
        raise InputError(f'rule "{line}": "{word}" is not known{suggest(plain, known)}')
    return plain


def _share(line: str, percent: str) -> float:
    share = float(percent) / 100
    if not 0 <= share <= 1:
        raise InputError(f'rule "{line}": {percent}% is not allowed; write 0% to 100%')
    return share
