"""What an input cell lets a person type, and what it says when something else is typed."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation

from csmcalc.reports.model import Allowed

_LONGEST_ERROR = 255
_LONGEST_TITLE = 32
_MOST, _LEAST = 1e300, -1e300


def validation(coordinate: str, allowed: Allowed, choices: str | None) -> DataValidation:
    """The rule of a cell or a range; `choices` is the address of the cells that list them."""
    rule = _rule(allowed, choices)
    rule.errorTitle = "Not allowed"
    rule.error = f"It must be {allowed.words}."[:_LONGEST_ERROR]
    rule.showErrorMessage = True
    if allowed.help:
        rule.promptTitle = allowed.title[:_LONGEST_TITLE] or None
        rule.prompt = allowed.help[:_LONGEST_ERROR]
        rule.showInputMessage = True
    rule.add(coordinate)
    return rule


def _rule(allowed: Allowed, choices: str | None) -> DataValidation:
    if choices:
        return DataValidation(type="list", formula1=choices)
    if allowed.choices:
        return DataValidation(type="list", formula1=f'"{",".join(allowed.choices)}"')
    if allowed.letters:
        return DataValidation(type="textLength", operator="equal", formula1=str(allowed.letters))
    if allowed.longest:
        longest = str(allowed.longest)
        return DataValidation(type="textLength", operator="lessThanOrEqual", formula1=longest)
    if allowed.at_least or allowed.at_most:
        return _beside_another(allowed)
    kind = "date" if allowed.day else "whole" if allowed.whole else "decimal"
    low = _LEAST if allowed.low is None else allowed.low
    if allowed.above_low and allowed.high is None:
        return DataValidation(type=kind, operator="greaterThan", formula1=f"{low:.15g}")
    high = _MOST if allowed.high is None else allowed.high
    if allowed.above_low:
        # Excel knows no half-open interval: the smallest step above the limit closes it.
        low += 1e-9
    return DataValidation(
        type=kind, operator="between", formula1=f"{low:.15g}", formula2=f"{high:.15g}"
    )


def _beside_another(allowed: Allowed) -> DataValidation:
    """A number between limits and what other cells hold; an empty one is no limit."""
    low = f"{_LEAST if allowed.low is None else allowed.low:.15g}"
    high = f"{_MOST if allowed.high is None else allowed.high:.15g}"
    if allowed.at_least:
        low = f"MAX({low},{allowed.at_least})"
    if allowed.at_most:
        high = f'IF({allowed.at_most}="",{high},{allowed.at_most})'
    return DataValidation(type="decimal", operator="between", formula1=low, formula2=high)
