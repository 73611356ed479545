"""What the value view says in words, and that it no longer holds once an input was changed."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.sheets.said import sign_of
from csmcalc.reports.sheets.value.names import FRESH, horizon_of
from csmcalc.reports.wording import Phrase, counted, money, number, phrase, when

_AGAIN = {
    False: "Put it in the settings file or the list and run csmcalc plan again.",
    True: "Run csmcalc fill --update with this workbook.",
}
"""What to do about it: in a report, and in a workbook that is filled again."""


def stale_or(words: Phrase | str, *, full: bool = False) -> Phrase:
    """A sentence that holds while the inputs are those of the optimum, else that it does not."""
    stale = f"The value view is stale: an input was changed. {_AGAIN[full]}"
    return when(FRESH, True, words, stale)


def fresh_or(words: Phrase | str) -> Phrase:
    """The same for a few words."""
    return when(FRESH, True, words, "stale: run csmcalc again")


def range_of(plan: Plan) -> Phrase:
    """The headcounts within 1 % of the best."""
    best = plan.value.chosen.optimum
    low, high = number("value_low", best.csms_low), number("value_high", best.csms_high)
    return when("value_low=value_high", is_alone(plan), low, phrase(low, "-", high))


def is_alone(plan: Plan) -> bool:
    """Whether no other headcount is as good as the best."""
    best = plan.value.chosen.optimum
    return best.csms_low == best.csms_high


def csms_of(expression: str, count: int) -> Phrase:
    """A number of CSMs in words."""
    return counted(expression, count, "CSM")


def sentence(plan: Plan) -> Phrase:
    """What following the rule would lose, in money."""
    csms = plan.value.chosen.optimum.csms
    nobody = phrase(
        "Over ",
        horizon_of(plan),
        " no CSM pays for itself: what the customers bring does not carry more service than none.",
    )
    words = when("csms_value=0", csms == 0, nobody, phrase(_best(plan), _rule(plan)))
    return stale_or(words, full=plan.book.full)


def _best(plan: Plan) -> Phrase:
    return phrase(
        "Over ",
        horizon_of(plan),
        " the customers are worth most with ",
        csms_of("csms_value", plan.value.chosen.optimum.csms),
        " (",
        range_of(plan),
        when("value_low=value_high", is_alone(plan), " alone is", " are"),
        " within 1 %). ",
    )


def _rule(plan: Plan) -> Phrase:
    best, rule = plan.value.chosen.optimum, plan.value.chosen.rules[0]
    impossible = phrase(
        "The rule's ", number("csms_rule", rule.csms), " could not give the minimum hours."
    )
    loses = phrase(
        "Following the ARR rule would lose ",
        money("N(value_rule_loss)", rule.loss or 0.0, sign_of(plan)),
        ": ",
        csms_of("ABS(csms_rule-csms_value)", abs(rule.csms - best.csms)),
        when(
            "csms_rule>csms_value",
            rule.csms > best.csms,
            " more than their work repays.",
            " fewer than repay their cost.",
        ),
    )
    alike = "The ARR rule asks for as many."
    told = when("csms_rule=csms_value", rule.csms == best.csms, alike, loses)
    return when("ISNUMBER(value_rule_loss)", rule.loss is not None, told, impossible)
