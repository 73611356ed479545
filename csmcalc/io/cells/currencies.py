"""Currencies: ISO codes, and the signs people write instead of them."""

from __future__ import annotations

import re

CODES = frozenset(
    {
        *("AED", "ARS", "AUD", "BDT", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP"),
        *("CNY", "COP", "CRC", "CZK", "DKK", "DOP", "EGP", "EUR", "GBP", "GEL"),
        *("GHS", "GTQ", "HKD", "HRK", "HUF", "IDR", "ILS", "INR", "ISK", "JOD"),
        *("JPY", "KES", "KRW", "KWD", "KZT", "LKR", "MAD", "MXN", "MYR", "NGN"),
        *("NOK", "NZD", "OMR", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD"),
        *("RUB", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TWD", "TZS", "UAH"),
        *("UGX", "USD", "UYU", "UZS", "VND", "XAF", "XOF", "ZAR", "ZMW"),
    }
)
"""The ISO 4217 codes a customer list may name."""

SYMBOLS = {
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "R$": "BRL",
    "MX$": "MXN",
    "$": "$",
    "€": "EUR",
    "£": "GBP",
    "¥": "¥",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "₫": "VND",
    "zł": "PLN",
    "Kč": "CZK",
}
"""Signs, the longer first; one that several currencies share stands for itself."""

SHARED_SIGNS = {
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
"""Signs of several currencies; the first is meant until something else in the list says more."""

WORDS = {
    "kr": "kr",
    "kr.": "kr",
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "$",
    "dollars": "$",
    "pound": "GBP",
} | {
    "pounds": "GBP",
    "sterling": "GBP",
    "fr.": "CHF",
    "sfr.": "CHF",
}
"""Words for a currency, in lower case."""


_NAMES = {
    "us dollar": "USD",
    "us dollars": "USD",
    "u.s. dollar": "USD",
    "british pound": "GBP",
    "pound sterling": "GBP",
    "yen": "JPY",
    "japanese yen": "JPY",
    "swiss franc": "CHF",
    "canadian dollar": "CAD",
    "australian dollar": "AUD",
    "indian rupee": "INR",
}
"""Names of currencies that stand in a column of their own, in lower case."""
_DESCRIBED = re.compile(r"([A-Z]{3})\s*(?:[-–:]\s|\().*")


def currency_code(text: str) -> str | None:
    """The currency that a code, sign or word stands for; None when it is none of them.

    >>> [currency_code(text) for text in ("eur", "£", "Pounds", "$", "points")]
    ['EUR', 'GBP', 'GBP', '$', None]
    >>> currency_code("USD - U.S. Dollar"), currency_code("US Dollar")
    ('USD', 'USD')
    """
    word = text.strip()
    described = _DESCRIBED.fullmatch(word)
    code = described[1] if described else word.upper()
    if code in CODES:
        return code
    return SYMBOLS.get(word) or WORDS.get(word.lower()) or _NAMES.get(word.lower())


def one_currency(sign: str) -> str:
    """The ISO code meant by a code or a shared sign.

    >>> one_currency("$"), one_currency("EUR")
    ('USD', 'EUR')
    """
    return SHARED_SIGNS[sign][0] if sign in SHARED_SIGNS else sign


def agree(sign: str, code: str) -> bool:
    """Whether an amount written with a sign can be in a currency.

    >>> agree("$", "CAD"), agree("USD", "CAD")
    (True, False)
    """
    return sign == code or code in SHARED_SIGNS.get(sign, ())
