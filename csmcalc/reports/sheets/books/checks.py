"""Checks of books: that they add up and keep the rules, then what practice would look at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csmcalc.io.phrases import counted
from csmcalc.plan.checks import CENT, Check
from csmcalc.portfolio.books.answers import strangers
from csmcalc.portfolio.books.weights import RENEWAL_SHARE
from csmcalc.portfolio.books.words import stranger_words
from csmcalc.reports.model import Cell, Sheet
from csmcalc.reports.sheets.books.handover import MOST_CUSTOMERS, MOST_SHEETS, has_sheets
from csmcalc.reports.sheets.books.rules import ORIGINS
from csmcalc.reports.sheets.books.shown import Load, Shown
from csmcalc.reports.sheets.books.table import by_month
from csmcalc.reports.sheets.books.terms import moved_share
from csmcalc.reports.sheets.checks import sheet_of_checks
from csmcalc.reports.sheets.origin import is_fresh

_ROUNDING = 1e-6
_CLOSE = 0.02
"""A proven gap that asks for no look, as a share of the points."""
_NEAR = 0.2
"""And in points, where these are so few that a share says nothing."""
_CONTINUITY = 0.8
_RISKY = 2.0
"""Practice: at least 80 % of ARR stays, no book carries more than twice the mean risk."""

_CONDITIONS = {
    "one_csm": 'AND(SUMPRODUCT(--(Customers[CSM]<>""))=ROWS(Customers[CSM]),'
    "SUM(Books[Customers])=ROWS(Customers[CSM]))",
    "arr_ties": f"ABS(SUM(Books[ARR])-SUM(Customers[ARR]))<={CENT}",
    "capacity": f"SUMPRODUCT(--(Books[Hours]>Books[Capacity]*(1+{_ROUNDING:.6f})))=0",
    "fresh": is_fresh(ORIGINS),
    "proven": f"OR(gap<={_NEAR},gap_share<={_CLOSE})",
    "away_hours": "SUMPRODUCT(--(ABS(Loads[Hours]-Loads[Hours target])"
    f">tolerance*Loads[Hours target]*(1+{_ROUNDING:.6f})))=0",
    "away_arr": "SUMPRODUCT(--(ABS(Loads[ARR]-Loads[ARR target])"
    f">tolerance*Loads[ARR target]*(1+{_ROUNDING:.6f})))=0",
    "away_customers": "SUMPRODUCT(--(ABS(Loads[Customers]-Loads[Customers target])"
    f">tolerance*Loads[Customers target]*(1+{_ROUNDING:.6f})))=0",
    "risk": f"MAX(Loads[Risk])<={_RISKY:g}*AVERAGE(Loads[Risk])*(1+{_ROUNDING:.6f})",
    "renewals": f"MAX(Renewals[Largest])<={RENEWAL_SHARE}*(1+{_ROUNDING:.6f})",
}


def checks_of_books(shown: Shown) -> tuple[Check, ...]:
    """All checks of books."""
    return (*_arithmetic(shown), *_practice(shown), *_files(shown))


def books_checks_sheet(shown: Shown, checks: tuple[Check, ...]) -> Sheet:
    """The sheet of checks."""
    conditions = {**_CONDITIONS}
    if shown.has_owners:
        conditions["continuity"] = f"{moved_share(shown)}<={1 - _CONTINUITY:.1f}"
    return sheet_of_checks(checks, conditions, lambda check: finding_of(check, conditions))


def finding_of(check: Check, conditions: dict[str, str] | None = None) -> Cell:
    """The words of a check's answer, live where cells decide it."""
    holds = (conditions or _CONDITIONS).get(check.key)
    if not holds:
        return Cell(check.finding)
    fine, look = (words.replace('"', '""') for words in (check.fine, check.look))
    return Cell(check.finding, f'IF({holds},"{fine}","{look}")')


def _arithmetic(shown: Shown) -> Iterator[Check]:
    assigned = shown.made.assigned
    yield Check(
        "one_csm",
        "Every customer has one CSM of the team",
        len(assigned.owner) == len(shown.task.customers),
        "Counted customer by customer",
        "A customer has no CSM, or one who is not in the team",
    )
    yield Check(
        "arr_ties",
        "The books add up to the list",
        abs(float(shown.books["arr"].sum()) - float(shown.task.customers["arr"].sum())) <= CENT,
        "ARR to the cent",
        "The ARR of the books does not add up to the customers",
    )
    over = shown.books["hours"] > shown.books["capacity"] * (1 + _ROUNDING)
    yield Check(
        "capacity",
        "No book has more hours than its CSM",
        not bool(over.any()),
        "Hours are within capacity everywhere",
        "A book has more hours than its CSM's capacity",
    )
    yield Check(
        "rules",
        "Every hard rule is kept",
        not assigned.verdict.violations,
        f"An independent check of {counted(len(shown.task.rules), 'rule')}, of skills and "
        "capacity, and of the points",
        "The independent check found a rule that is broken",
    )
    yield Check(
        "fresh",
        "The books stand as they were computed",
        True,
        "Nothing was changed since",
        "A cell was changed by hand since: run csmcalc assign again for the best books",
    )
    yield Check(
        "proven",
        "The books are proven to be the best, or close",
        assigned.gap <= _NEAR or assigned.gap_share <= _CLOSE,
        "No books that keep every rule have clearly fewer points",
        "Better books may exist: the gap to the bound is larger than 2 %; give more --seconds",
    )


def _practice(shown: Shown) -> Iterator[Check]:
    tolerance = shown.made.plan.settings.books.tolerance
    loads = {load.name: load for load in shown.loads}
    for name, title in (("hours", "Hours"), ("arr", "ARR"), ("customers", "Customers")):
        if name in loads:
            verb = "is" if name == "arr" else "are"
            weighed = "" if shown.weight(name) else " (not weighed)"
            yield Check(
                f"away_{name}",
                f"{title} of every book {verb} near the target",
                _off(loads[name], tolerance) == 0,
                f"Within {100 * tolerance:g} %",
                f"{title} of a book {verb} more than {100 * tolerance:g} % off the target"
                f"{weighed}: see Rules for the reason",
            )
    if "risk" in loads:
        risk = loads["risk"].now / shown.share
        yield Check(
            "risk",
            "No book carries more than twice the mean risk",
            bool(risk.max() <= _RISKY * risk.mean() * (1 + _ROUNDING)),
            "Risk is spread",
            "A book carries more than twice the mean risk",
        )
    if shown.months.any():
        arr = shown.books["arr"].to_numpy(dtype=float)
        largest = by_month(shown).max(axis=1) / np.where(arr > 0, arr, 1.0)
        yield Check(
            "renewals",
            "No month holds more than 20 % of a book's renewals",
            bool(largest.max() <= RENEWAL_SHARE * (1 + _ROUNDING)),
            "Renewals are spread over the year",
            "More than 20 % of a book renews in one month: see Books",
        )
    if shown.has_owners:
        yield Check(
            "continuity",
            "At least 80 % of what is owned stays",
            moved_now(shown) <= 1 - _CONTINUITY,
            "Most customers keep their CSM",
            "More than 20 % of what is owned changes hands: raise [books] continuity, or add the "
            "rule: keep at least 80% of arr with today's owner",
        )


def _off(load: Load, tolerance: float) -> int:
    return int((np.abs(load.now - load.target) > tolerance * load.target * (1 + _ROUNDING)).sum())


def moved_now(shown: Shown) -> float:
    """Of all that has an owner in the team, the share that goes to another."""
    counted = np.where(shown.task.today >= 0, shown.task.changing, 0.0)
    moved = counted[shown.task.today != shown.now].sum()
    return float(moved / counted.sum()) if counted.sum() else 0.0


def _files(shown: Shown) -> Iterator[Check]:
    if not has_sheets(shown):
        yield Check(
            "sheets",
            "Every CSM has a sheet to be handed over",
            False,
            "",
            f"More than {MOST_SHEETS} CSMs or {MOST_CUSTOMERS:,} customers have no sheets of their "
            "own: filter Customers by CSM instead",
        )
    unknown = strangers(shown.task)
    yield Check(
        "owners",
        "Every owner in the list is in the CSM list",
        not unknown,
        "No customer counts as without an owner for a name nobody knows",
        stranger_words(unknown),
    )
    problems = len(shown.made.plan.book.problems)
    yield Check(
        "rows",
        "Every row of the list could be read",
        problems == 0,
        "No row was left out for an error",
        f"{counted(problems, 'cell')} could not be used and the rows left out, see Problems",
    )
