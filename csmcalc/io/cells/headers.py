"""What a column header says once case, blanks, punctuation and units are set aside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from csmcalc.io.cells.currencies import CODES, SYMBOLS

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[^\W_]+")
_EXPORT_PREFIX = re.compile(
    r"^(?:property[_ ]|properties\."
    r"|(?:account|company|customer|opportunity|subscription|contract):\s*"
    r"|(?:organi[sz]ation|deal|account|company)\s+-\s+(?!id$|name$))",
    re.I,
)
_CUSTOM_SUFFIX = re.compile(r"__p?c$", re.I)
LONGEST_HEADER = 400
_CODE_WITH_SCALE = re.compile(r"^([kmt])([a-z]{3})$|^([a-z]{3})([km])$")

_SCALES = {
    1e3: ("k", "thousand", "thousands", "tsd", "tausend", "000", "000s", "1000", "milliers"),
    1e6: ("m", "mn", "mm", "mio", "mil", "million", "millions", "millionen"),
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words}
_SIGNS = re.compile(
    r"(?<![^\W_])[kKmMtT]?(?:" + "|".join(map(re.escape, SYMBOLS)) + r")[kKmM]?(?![^\W\d_])"
)
_WITH_CURRENCY = {"t": "tsd"}
"""Scales that are none without a currency beside them."""

MONTHLY = frozenset({"month", "months", "monthly", "monat", "monatlich", "mois"})
YEARLY = frozenset(
    {"year", "yr", "yearly", "annum", "annual", "annualised", "annualized", "yoy", "yo"}
)
YEARS = frozenset({"year", "years", "yr", "yrs", "jahre", "ans"})
PERIODS = (
    MONTHLY
    | YEARLY
    | YEARS
    | {"day", "days", "daily", "week", "weeks", "weekly"}
    | {"quarter", "quarters", "quarterly", "qoq", "qo", "mom", "mo"}
)
"""Words of time in brackets: `tenure (months)`, `support cost (monthly)`, `growth (QoQ)`.

What is written in humps is two words by then: "qo q".
"""

_SAYS_NOTHING = frozenset(
    {
        *(
            "in",
            "en",
            "of",
            "per",
            "a",
            "p",
            "the",
            "all",
            "amount",
            "amounts",
            "value",
            "currency",
        ),
        *(
            "converted",
            "total",
            "sum",
            "net",
            "current",
            "today",
            "now",
            "latest",
            "actual",
            "live",
        ),
        *("active", "recurring", "contracted", "committed", "excl", "ex", "vat", "tax"),
    }
)
"""Words in brackets that leave the meaning of an amount as it is."""
_NO_REMARK = _SAYS_NOTHING | PERIODS


@dataclass(frozen=True, slots=True)
class Header:
    """A header taken apart: what it names, and the units it states.

    Attributes:
        key: the words, joined; what stands in brackets is left out.
        unit: the words in brackets.
        remark: those of them that are no unit and may change the meaning: `ARR (target)`.
    """

    key: str
    currency: str | None = None
    scale: float = 1.0
    percent: bool = False
    unit: str = ""
    remark: str = ""

    @property
    def whole(self) -> Header:
        """The same with what stands in brackets as part of the name."""
        return replace(self, key=self.key + "".join(self.unit.split()), unit="", remark="")


@lru_cache(maxsize=4096)
def understood(header: str) -> Header:
    """Take a header apart.

    >>> understood("ARR (USD)").key, understood("arr_eur").currency, understood("ARR__c").key
    ('arr', 'EUR', 'arr')
    >>> understood("ARR, k€")
    Header(key='arr', currency='EUR', scale=1000.0, percent=False, unit='', remark='')
    """
    text = unicodedata.normalize("NFKC", header).strip()[:LONGEST_HEADER]
    text = _CUSTOM_SUFFIX.sub("", _EXPORT_PREFIX.sub("", text))
    bracketed = " ".join(_BRACKETS.findall(text))
    signs, bare = _signs_apart(_BRACKETS.sub(" ", text))
    words, trailing = _units_apart(_words(bare), bool(signs))
    bracket_signs, bracket_bare = _signs_apart(bracketed)
    inside = _words(bracket_bare)
    units = [*signs, *trailing, *bracket_signs, *inside]
    if any(map(_currency, units)):
        units = [_WITH_CURRENCY.get(unit, unit) for unit in units]
        inside = [_WITH_CURRENCY.get(word, word) for word in inside]
    return Header(
        key="".join(words),
        currency=next(filter(None, map(_currency, units)), None),
        scale=next(filter(None, map(_scale, units)), 1.0),
        percent="%" in text or not {"pct", "percent"}.isdisjoint(units),
        unit=" ".join(_words(bracketed)),
        remark=" ".join(word for word in inside if _remarks(word)),
    )


def _remarks(word: str) -> bool:
    """Whether a word in brackets may change the meaning; the "2" of a header that repeats does not.

    >>> _remarks("target"), _remarks("usd"), _remarks("2"), _remarks("2024")
    (True, False, False, True)
    """
    numbered = word.isdecimal() and len(word) == 1
    return not (numbered or _is_unit(word) or word in _NO_REMARK)


def _words(text: str) -> list[str]:
    return _WORDS.findall(without_accents(_CAMEL.sub(" ", text)))


def without_accents(text: str) -> str:
    """A text with case and accents set aside.

    >>> without_accents("Währung"), without_accents("Déc.")
    ('wahrung', 'dec.')
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _signs_apart(text: str) -> tuple[list[str], str]:
    """Currency signs, a scale glued to them ("k€", "$M") split off, and the text without them."""
    units: list[str] = []
    for glued in _SIGNS.findall(text):
        sign = next(sign for sign in SYMBOLS if sign in glued)
        units += [sign, *filter(None, glued.replace(sign, "").casefold())]
    return units, _SIGNS.sub(" ", text)


def _units_apart(words: list[str], with_sign: bool) -> tuple[list[str], list[str]]:
    """Units at the end or the front of a header: "arr usd", "usd arr", "arr in k eur".

    `with_sign` tells that a sign was there already: "arr in €".
    """
    units: list[str] = []
    joining = {"in", "en"}
    while len(words) > 1:
        joins = words[-1] in joining and (with_sign or bool(units))
        if not (joins or _is_unit(words[-1])):
            break
        units.append(words.pop())
    if len(words) > 1 and _currency(words[0]):
        units.append(words.pop(0))
    return words, units


def _is_unit(word: str) -> bool:
    return bool(_currency(word) or _scale(word)) or word in {"pct", "percent"}


def _currency(word: str) -> str | None:
    if word in SYMBOLS:
        return SYMBOLS[word]
    if word.upper() in CODES:
        return word.upper()
    match = _CODE_WITH_SCALE.match(word)
    code = (match.group(2) or match.group(3)).upper() if match else ""
    return code if code in CODES else None


def _scale(word: str) -> float | None:
    if word in _SCALE_OF:
        return _SCALE_OF[word]
    match = _CODE_WITH_SCALE.match(word)
    if match is None or _currency(word) is None:
        return None
    return 1e6 if (match.group(1) or match.group(4)) == "m" else 1e3
