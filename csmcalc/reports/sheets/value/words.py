"""What the value view says in words, and that it no longer holds once an input was changed."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.sheets.value.names import FRESH, years_of
from csmcalc.reports.wording import Phrase, money, number, phrase, when


def stale_or(words: Phrase | str, *, short: bool = False) -> Phrase:
    """Words that hold while the inputs are those of the optimum, else that they do not."""
    stale = "stale: run csmcalc again"
    if not short:
        stale = (
            "The value view is stale: an input was changed. Put it in the settings file or "
            "the list and run csmcalc plan again."
        )
    return when(FRESH, True, words, stale)


def sentence(plan: Plan) -> Phrase:
    """What following the rule would lose, in money."""
    chosen, currency = plan.value.chosen, plan.book.currency
    best = chosen.optimum
    rule = chosen.rules[0]
    if best.csms == 0:
        return stale_or(
            f"Over {years_of(chosen.years)} no CSM pays for itself: what the customers bring does "
            "not carry more service than none."
        )
    start = phrase(
        f"Over {years_of(chosen.years)} the customers are worth most with ",
        number("csms_value", best.csms),
        f" CSM{'' if best.csms == 1 else 's'} ({best.csms_low}-{best.csms_high} are within 1 %). ",
    )
    if rule.loss is None:
        return stale_or(phrase(start, f"The rule's {rule.csms} could not give the minimum hours."))
    if rule.csms == best.csms:
        return stale_or(phrase(start, "The ARR rule asks for as many."))
    apart = abs(rule.csms - best.csms)
    people = f"{apart:,} CSM{'' if apart == 1 else 's'} "
    why = (
        "more than their work repays." if rule.csms > best.csms else "fewer than repay their cost."
    )
    return stale_or(
        phrase(
            start,
            "Following the ARR rule would lose ",
            money("value_rule_loss", rule.loss, currency),
            f": {people}{why}",
        )
    )
