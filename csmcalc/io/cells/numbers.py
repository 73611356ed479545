"""Numbers and money as people write them: `$1,234.50`, `1.234,50 €`, `(120)`, `12%`, `1.2M`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from csmcalc.io.cells.currencies import CODES, SYMBOLS, WORDS, agree, currency_code

_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‑": "-", "﹣": "-", "－": "-"})
_SPACES_IN_NUMBER = re.compile(r"(?<=\d)[\s'’`´](?=\d{3}(?!\d))")
_SUFFIXES = {
    "k": 1e3,
    "tsd": 1e3,
    "tsd.": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "mio.": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "mrd": 1e9,
    "mrd.": 1e9,
    "billion": 1e9,
}
_CURRENCY_WORDS = sorted({*SYMBOLS, *CODES, *WORDS}, key=len, reverse=True)
_CURRENCY = re.compile("|".join(map(re.escape, _CURRENCY_WORDS)), re.I)
_CORE = re.compile(r"\d[\d.,]*|[.,]\d+")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,2}", re.I)
_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN_LETTERS = {
    letters
    for word in (*_CURRENCY_WORDS, *_SUFFIXES, "e")
    for letters in _LETTERS.findall(word.lower())
}
"""The letters that can stand in a number: whatever holds others needs no closer look."""

_COMMON = re.compile(r"(-?)([$€£]?)([0-9][0-9.,]{0,24})(%?)")
_FRAMED = re.compile(r"([^0-9]*(?<![.,]))([0-9](?:[0-9.,]*[0-9])?)(?![.,])([^0-9]*)")
_COMMON_SIGNS = {sign: SYMBOLS[sign] for sign in "$€£"}
_TIMES = re.compile(r"^[x×]\s*(?=[\d.,])|(?<=[\d.,])\s*[x×]$", re.I)
LONGEST = 64

MISSING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "n.a.", "nan", "null", "none", "nil", "(blank)", "<na>", "."}
)
"""What people and programs write, in lower case, where there is no number or date."""


class Written(NamedTuple):
    """A number taken apart, before its decimal sign is settled.

    Attributes:
        core: digits and separators alone.
        factor: sign and k / M suffix.
        currency: the currency written beside it, an ISO code or a shared sign.
        percent: whether it carries a percent sign.
        sign_first: whether the currency stands before the number; None without one.
    """

    core: str
    factor: float
    currency: str | None = None
    percent: bool = False
    sign_first: bool | None = None


def without_times(text: str) -> str:
    """A multiple without the sign that says so.

    >>> without_times("10x"), without_times("× 2.5"), without_times("10 boxes")
    ('10', '2.5', '10 boxes')
    """
    return _TIMES.sub("", text.strip(), count=1)


def take_apart(text: str) -> Written | None:
    """A number taken apart; None where the text is no number.

    >>> take_apart("($1,234.50)")
    Written(core='1,234.50', factor=-1.0, currency='$', percent=False, sign_first=True)
    >>> take_apart("1 234,50 €").core, take_apart("5k").factor, take_apart("five")
    ('1234,50', 1000.0, None)
    """
    if common := _COMMON.fullmatch(text):
        minus, sign, core, percent = common.groups()
        currency = _COMMON_SIGNS[sign] if sign else None
        return Written(core, -1.0 if minus else 1.0, currency, bool(percent), bool(sign) or None)
    if len(text) > LONGEST:
        return None
    framed = _FRAMED.fullmatch(text)
    if framed is None:
        return _taken_apart(text)
    around = _around(framed[1], framed[3])
    if around and around.core != "1":
        return _taken_apart(text)
    return around and around._replace(core=framed[2])


@lru_cache(maxsize=4096)
def _around(before: str, after: str) -> Written | None:
    """What stands around the digits of a number; a column of amounts has few such frames."""
    return _taken_apart(f"{before}1{after}")


def _taken_apart(text: str) -> Written | None:
    rest = unicodedata.normalize("NFKC", text).translate(_MINUS).strip()
    if not _KNOWN_LETTERS.issuperset(_LETTERS.findall(rest.lower())):
        return None
    rest, factor = _without_brackets(rest)
    rest, currency, sign_first = _without_currency(rest)
    rest, percent = (rest[:-1].rstrip(), True) if rest.endswith("%") else (rest, False)
    rest, negative = _without_minus(rest)
    if negative and factor < 0:
        return None
    rest, scale = _without_suffix(_SPACES_IN_NUMBER.sub("", rest))
    if _SCIENTIFIC.fullmatch(rest):
        rest = format(Decimal(rest), "f")
    if currency and negative and not rest:
        # Accounting formats show zero as a dash behind the currency sign.
        rest, negative = "0", False
    if not _CORE.fullmatch(rest):
        return None
    factor *= -scale if negative else scale
    return Written(rest, factor, currency, percent, sign_first)


def _without_brackets(text: str) -> tuple[str, float]:
    """Accountants' negative: (120)."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), -1.0
    if text.endswith(")") and "(" in text and _CURRENCY.fullmatch(text[: text.index("(")].strip()):
        return text.replace("(", "", 1)[:-1].strip(), -1.0
    return text, 1.0


def _without_minus(text: str) -> tuple[str, bool]:
    """A minus before or, as accounting systems print it, after the number."""
    if text.startswith("-"):
        return text[1:].lstrip(), True
    if text.endswith("-"):
        return text[:-1].rstrip(), True
    return text.removeprefix("+").lstrip(), False


def _without_currency(text: str) -> tuple[str, str | None, bool | None]:
    """The currency signs, codes or words at the ends; of "$5 CAD" the code is the surer one."""
    code: str | None = None
    first: bool | None = None
    for _ in range(2):
        match = _outer_currency(text)
        if match is None:
            break
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        named = currency_code(match.group()) or ""
        if code is not None and not (agree(code, named) or agree(named, code)):
            break
        code = named if code is None or match.group().upper() in CODES else code
        first = not before.strip("-+ ") if first is None else first
        text = before + after
    return text, code, first


def _outer_currency(text: str) -> re.Match[str] | None:
    """A currency with nothing but a minus between it and one end, and not part of a word."""
    for match in _CURRENCY.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        in_word = (before[-1:].isalpha() and match.group()[:1].isalpha()) or (
            after[:1].isalpha() and match.group()[-1:].isalpha()
        )
        if not in_word and not (before.strip("-+ ") and after.strip("-+ ")):
            return match
    return None


def _without_suffix(text: str) -> tuple[str, float]:
    head = text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.")
    suffix = text[len(head) :]
    if suffix.startswith(".") or not head:
        return text, 1.0
    scale = _SUFFIXES.get(suffix.lower())
    return (head.rstrip(), scale) if scale else (text, 1.0)


_GROUPED = {
    ".": re.compile(r"\d{1,3}(?:\.\d{2,3})*\.\d{3}(?:,\d*)?|\d*(?:,\d*)?"),
    ",": re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?|\d*(?:\.\d*)?"),
}
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def decimal_sign(core: str) -> str | None:
    """The decimal sign a number proves by itself: `.`, `,`, `?` where both fit, None without any.

    >>> [decimal_sign(core) for core in ("1,234.5", "1.234.567", "0.125", "1.234", "1234")]
    ['.', ',', '.', '?', None]
    """
    dots, commas = core.count("."), core.count(",")
    if not dots and not commas:
        return None
    if dots and commas:
        return "." if core.rindex(".") > core.rindex(",") else ","
    if dots + commas > 1:
        return "," if dots else "."
    if _AMBIGUOUS.fullmatch(core):
        return "?"
    return "." if dots else ","


def number_of(written: Written, decimal: str) -> float | None:
    """The number, its decimal sign being settled; None where its groups do not fit that sign."""
    grouping = "," if decimal == "." else "."
    if not _GROUPED[grouping].fullmatch(written.core):
        return None
    digits = written.core.replace(grouping, "").replace(decimal, ".")
    number = float(digits) * written.factor
    return number / 100 if written.percent else number


def proven_signs(cores: Iterable[str]) -> set[str]:
    """All decimal signs that a column's numbers prove, `?` among them where one stays open."""
    return {sign for sign in map(decimal_sign, cores) if sign}
