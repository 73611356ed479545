"""How notes and messages write counts, amounts and lists of words."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_WORD = 60


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun, or noun and verb, in the right number.

    >>> counted(1, "account"), counted(2000, "account"), counted(1, "row is", "rows are")
    ('1 account', '2,000 accounts', '1 row is')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def amount(value: float, currency: str | None) -> str:
    """An amount in whole units, with its currency where that is known.

    >>> amount(121915296.4, "USD"), amount(1234.5, None)
    ('USD 121,915,296', '1,234')
    """
    return f"{currency} {value:,.0f}" if currency else f"{value:,.0f}"


def listed(words: Sequence[str], most: int = 40) -> str:
    """Words as a message lists them, long ones and many of them cut.

    >>> listed(["a", "b", "c"], 2)
    '"a", "b" and 1 more'
    """
    shown = [f'"{_cut(word)}"' for word in words[:most] if word]
    rest = len(words) - most
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")


def _cut(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else word[: _LONGEST_WORD - 1] + "…"
