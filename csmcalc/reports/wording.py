"""Sentences with live numbers: text as a formula, beside the words it shows today.

    phrase("The workload asks for ", whole("csms_workload", 54), " CSMs.")

is the formula `"The workload asks for "&FIXED(csms_workload,0)&" CSMs."` and its value. FIXED
follows the reader's own decimal mark, where the codes of TEXT would not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from csmcalc.reports import theme

_ALL_DIGITS = Context(prec=400)
_SHORT = ((10_000.0, 1e3, "k", 0), (950_000.0, 1e6, "M", 1), (10e9, 1e9, "B", 1))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as a formula and as they read now."""

    formula: str
    value: str

    @property
    def is_fixed(self) -> bool:
        """Whether they say the same whatever changes."""
        return self.formula == _quoted(self.value)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def phrase(*parts: Phrase | str) -> Phrase:
    """Parts put together in a row; fixed words beside each other become one."""
    pieces: list[Phrase] = []
    for part in parts:
        piece = literal(part) if isinstance(part, str) else part
        if piece.is_fixed and pieces and pieces[-1].is_fixed:
            piece = literal(pieces.pop().value + piece.value)
        if piece.value or not piece.is_fixed:
            pieces.append(piece)
    if not pieces:
        return literal("")
    return Phrase("&".join(p.formula for p in pieces), "".join(p.value for p in pieces))


def literal(words: str) -> Phrase:
    """Fixed words."""
    return Phrase(_quoted(words), words)


def number(expression: str, value: float, decimals: int = 0) -> Phrase:
    """A number with the reader's marks for thousands and decimals."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP, _ALL_DIGITS)
    if rounded == 0:
        rounded = abs(rounded)  # no "-0"
    return Phrase(f"FIXED({expression},{decimals})", f"{rounded:,}")


def counted(expression: str, value: float, one: str, many: str | None = None) -> Phrase:
    """A count with its noun, or noun and verb, in the right number."""
    words = when(f"{expression}=1", value == 1, f" {one}", f" {many or f'{one}s'}")
    return phrase(number(expression, value), words)


def share(expression: str, value: float, decimals: int = 0) -> Phrase:
    """A share in per cent."""
    return phrase(number(f"100*({expression})", 100 * value, decimals), " %")


def money(expression: str, value: float, currency: str | Phrase) -> Phrase:
    """An amount, short: millions with one decimal, thousands from ten thousand, else whole.

    A minus stands before the sign. `currency` is its code, or the sign itself where that is live.
    """
    size, amount = abs(value), f"ABS({expression})"
    shown = number(amount, size)
    for least, unit, mark, decimals in _SHORT:
        scaled = phrase(number(f"{amount}/{unit:.0f}", size / unit, decimals), mark)
        shown = when(f"{amount}>={least:.0f}", size >= least, scaled, shown)
    below = float(number(expression, value).value.replace(",", "")) < 0
    minus = when(f"ROUND({expression},0)<0", below, "-", "")
    sign = theme.symbol(currency) if isinstance(currency, str) else currency
    return phrase(minus, sign, shown)


def month(expression: str, day: dt.date) -> Phrase:
    """The month of a day, as 2027-03: the codes of TEXT differ from one Excel to another."""
    words = f'YEAR({expression})&"-"&RIGHT(0&MONTH({expression}),1+1)'
    return Phrase(words, f"{day:%Y-%m}")


def when(condition: str, holds: bool, then: Phrase | str, otherwise: Phrase | str) -> Phrase:
    """One of two wordings, chosen by a condition."""
    yes, no = (literal(p) if isinstance(p, str) else p for p in (then, otherwise))
    formula = f"IF({condition},{yes.formula},{no.formula})"
    return Phrase(formula, yes.value if holds else no.value)
