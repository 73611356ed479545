"""What a column header says once case, blanks, punctuation and units are set aside."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from csmcalc.io.cells.currencies import CODES, SYMBOLS

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[^\W_]+")
_EXPORT_PREFIX = re.compile(r"^(?:property[_ ]|properties\.|account:\s*|company:\s*)", re.I)
_CUSTOM_SUFFIX = re.compile(r"__p?c$", re.I)
LONGEST_HEADER = 400
_CODE_WITH_SCALE = re.compile(r"^([kmt])([a-z]{3})$|^([a-z]{3})([km])$")

_SCALES = {
    1e3: ("k", "thousand", "thousands", "tsd", "000", "000s", "1000", "milliers"),
    1e6: ("m", "mn", "mm", "mio", "mil", "million", "millions", "millionen"),
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words}
_SIGNS = re.compile(
    r"(?<![^\W_])[kKmM]?(?:" + "|".join(map(re.escape, SYMBOLS)) + r")[kKmM]?(?![^\W\d_])"
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header taken apart: what it names, and the units it states."""

    key: str
    currency: str | None = None
    scale: float = 1.0
    percent: bool = False
    unit: str = ""


@lru_cache(maxsize=4096)
def understood(header: str) -> Header:
    """Take a header apart.

    >>> understood("ARR (USD)").key, understood("arr_eur").currency, understood("ARR__c").key
    ('arr', 'EUR', 'arr')
    >>> understood("Annual Recurring Revenue, k€")
    Header(key='annualrecurringrevenue', currency='EUR', scale=1000.0, percent=False, unit='')
    """
    text = unicodedata.normalize("NFKC", header).strip()[:LONGEST_HEADER]
    text = _CUSTOM_SUFFIX.sub("", _EXPORT_PREFIX.sub("", text))
    bracketed = " ".join(_BRACKETS.findall(text))
    signs, bare = _signs_apart(_BRACKETS.sub(" ", text))
    words, trailing = _units_apart(_words(bare))
    bracket_signs, bracket_bare = _signs_apart(bracketed)
    units = [*signs, *trailing, *bracket_signs, *_words(bracket_bare)]
    return Header(
        key="".join(words),
        currency=next(filter(None, map(_currency, units)), None),
        scale=next(filter(None, map(_scale, units)), 1.0),
        percent="%" in text or not {"pct", "percent"}.isdisjoint(units),
        unit=" ".join(_words(bracketed)),
    )


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


def _units_apart(words: list[str]) -> tuple[list[str], list[str]]:
    """Units at the end or the front of a header: "arr usd", "usd arr", "arr in k eur"."""
    units: list[str] = []
    while len(words) > 1 and (_is_unit(words[-1]) or (units and words[-1] in {"in", "en"})):
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
