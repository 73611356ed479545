"""How sheets speak of the list: in words, or live where the list can be changed in the workbook."""

from __future__ import annotations

from csmcalc.plan.cells import AS_OF, CURRENCY
from csmcalc.plan.plan import Plan
from csmcalc.reports import theme
from csmcalc.reports.wording import Phrase, literal, month, phrase

SOURCE, SIGN = "list_source", "currency_sign"
"""The cells of a planning workbook that name the list, and the sign before its amounts."""


def source_of(plan: Plan) -> Phrase:
    """What the list is called."""
    return Phrase(SOURCE, plan.book.source) if plan.book.full else literal(plan.book.source)


def currency_of(plan: Plan) -> Phrase:
    """The currency of the list."""
    currency = plan.book.currency
    return Phrase(CURRENCY, currency) if plan.book.full else literal(currency)


def sign_of(plan: Plan) -> Phrase | str:
    """What `wording.money` is told: the currency, or its sign where that is live."""
    currency = plan.book.currency
    return Phrase(SIGN, theme.symbol(currency)) if plan.book.full else currency


def day_of(plan: Plan) -> Phrase:
    """The day of the plan."""
    day = plan.book.as_of
    if not plan.book.full:
        return literal(f"{day:%d %b %Y}")
    of_month = phrase(month(AS_OF, day), "-")
    return phrase(of_month, Phrase(f"RIGHT(0&DAY({AS_OF}),1+1)", f"{day:%d}"))
