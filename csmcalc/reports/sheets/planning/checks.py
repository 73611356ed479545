"""Checks: the one place that says whether the workbook holds together, and what deserves a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from csmcalc.plan.cells import CURRENCY, PLANNED
from csmcalc.plan.checks import checks_of
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.retention import is_untold
from csmcalc.portfolio.segments import NO_VERDICT
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.checks import conditions_of, finding_of
from csmcalc.reports.sheets.letters import criterion
from csmcalc.reports.sheets.origin import put_origins
from csmcalc.reports.sheets.planning.books import Carried
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.planning.functions import FAULTY, differing
from csmcalc.reports.sheets.planning.inputs import raise_rows
from csmcalc.reports.sheets.timeline.checks import month_checks, month_origins
from csmcalc.reports.sheets.value.origins import origins_table
from csmcalc.reports.wording import Phrase, counted, literal, phrase, when

_WIDTHS = (2, 66, 14, 50, 50, 38, 6)
"""So wide that a printed page holds all checks."""
_WORDS = ("OK", "LOOK")
_OF_THE_PLAN = (
    "arr_ties",
    "segments_add",
    "tiers_add",
    "workload_covered",
    "tiers_rise",
    "bridge_closes",
    "churn_told",
    "currency",
    "guard_total",
    "guard_accounts",
    "strict_guard",
    "concentration",
    "team_covers",
    "value_proven",
    "own_assumptions",
    "value_fresh",
)
"""Checks that a plan's report has too; the others there follow from how a list was read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: its title, whether it holds, the condition in cells, the words for its answer."""

    title: str
    ok: bool
    holds: str
    finding: Phrase


def all_checks(filled: Filled, carried: Carried) -> tuple[Checked, ...]:
    """Every check, in the order in which they are listed."""
    plan = filled.plan
    known = {check.key: check for check in checks_of(plan)}
    conditions = conditions_of(plan)
    found = []
    for key in _OF_THE_PLAN:
        check, holds = known[key], conditions[key]
        cell = finding_of(plan, check, conditions)
        words = Phrase(cell.formula, str(cell.value)) if cell.formula else literal(str(cell.value))
        found.append(Checked(check.title, check.ok, holds, words))
    months = (
        Checked(t, ok, holds or "TRUE", f) for t, ok, holds, f in month_checks(filled.timeline)
    )
    own = (*_of_customers(plan, filled.unknown_statuses), *_of_books(carried), *_of_inputs(plan))
    return (*found, *own, *months, *_of_functions(filled))


def _counted(condition: str, count: int, fine: str, one: str, many: str) -> Phrase:
    """Words for a number that should be none: how many accounts there are, and what of them."""
    words = counted(condition, count, f"account {one}", f"accounts {many}")
    return when(f"{condition}=0", count == 0, fine, words)


def _of_customers(plan: Plan, unread: int) -> Iterator[Checked]:
    accounts = plan.accounts
    unknown = int((accounts["segment"] == NO_VERDICT).sum())
    these = f'COUNTIF(Customers[Segment],"{NO_VERDICT}")'
    words = "without growth and so without a verdict"
    yield Checked(
        "Growth of every account is known",
        unknown == 0,
        f"{these}=0",
        _counted(these, unknown, "Growth rate, prior ARR or potential", words, words),
    )
    unstarted = int(accounts["days"].isna().sum())
    these = f'COUNTIFS(Customers[In plan],"{PLANNED}",Customers[Days as customer],"")'
    words = "without a start: no onboarding is planned"
    yield Checked(
        "Onboarding is known",
        unstarted == 0,
        f"{these}=0",
        _counted(these, unstarted, "Start or tenure of every account", words, words),
    )
    untold = int(is_untold(plan.book.customers["prior_arr"], accounts["days"]).sum())
    these = (
        f'COUNTIFS(Customers[In plan],"{PLANNED}",Customers[Prior ARR],"",'
        'Customers[Days as customer],">"&days_per_year)'
    )
    words = "older than a year without a prior ARR: outside the retention"
    yield Checked(
        "The prior ARR of every account older than a year is told",
        untold == 0,
        f"{these}=0",
        _counted(these, untold, "From the list", words, words),
    )
    known = f"COUNTIF(Customers[Status],{criterion('Statuses[Status]')})"
    strange = f'COUNTIF(Customers[Status],"?*")-SUMPRODUCT((Statuses[Status]<>"")*{known})'
    yield Checked(
        "Every word of the Status column is known",
        unread == 0,
        f"({strange})=0",
        _counted(f"({strange})", unread, "See Inputs", _UNKNOWN, _UNKNOWN),
    )
    other = f'COUNTIFS(Customers[Currency],"?*",Customers[Currency],"<>"&{CURRENCY})'
    yield Checked(
        "All amounts are in one currency",
        True,
        f"{other}=0",
        _counted(other, 0, "That of the list", "in another currency", "in other currencies"),
    )


_UNKNOWN = "with a status that is not on Inputs: counted as customers"


def _of_books(carried: Carried) -> Iterator[Checked]:
    owned = carried.owned[0]
    missing = int(len(carried.plan.accounts) - owned)
    words = "without an owner"
    yield Checked(
        "Every planned customer has an owner",
        missing == 0,
        "owners_missing=0",
        _counted("owners_missing", missing, "Each exactly one", words, words),
    )
    strange = int(owned - sum(carried.of("accounts")))
    words = "with an owner who is not on Books"
    yield Checked(
        "Every owner is in the team on Books",
        strange == 0,
        "owners_unknown=0",
        _counted("owners_unknown", strange, "By name", words, words),
    )
    hours, capacity = carried.of("planned_hours"), carried.capacity
    over = sum(h > c * (1 + 1e-12) for h, c in zip(hours, capacity, strict=True))
    full = 'COUNTIF(Csms[Room],"LOOK")'
    some = phrase(counted(full, over, "book has", "books have"), " more hours than its CSM")
    yield Checked(
        "No book has more hours than its CSM can give",
        over == 0,
        f"{full}=0",
        when(f"{full}=0", over == 0, "Hours planned within capacity", some),
    )


def _of_inputs(plan: Plan) -> Iterator[Checked]:
    falling = (
        "SUMPRODUCT(--(JudgedResponse[Saturated]>0),"
        "--((JudgedResponse[No service]>=JudgedResponse[Today])"
        "+(JudgedResponse[Today]>=JudgedResponse[Saturated])>0))"
    )
    yield Checked(
        "Judged net retention rises: no service, today, saturated",
        True,
        f"{falling}=0",
        when(f"{falling}=0", True, "In every row", "A row on Inputs does not rise"),
    )
    above = (
        'SUMPRODUCT(--(JudgedResponse[Most hours]<>""),'
        "--(JudgedResponse[Fewest hours]>JudgedResponse[Most hours]))"
        "+SUMPRODUCT(--(SegmentRules[Floor]>SegmentRules[Cap]))"
    )
    yield Checked(
        "No floor of hours stands above its cap",
        True,
        f"{above}=0",
        when(f"{above}=0", True, "In every row", "A row on Inputs has its floor above its cap"),
    )
    heads = np.array([view.csms for view in plan.views])
    yield Checked(
        "No headcount is negative",
        bool((heads >= 0).all()),
        "MIN(Views[CSMs])>=0",
        when("MIN(Views[CSMs])>=0", True, "In every view", "A view is below zero"),
    )


def _of_functions(filled: Filled) -> Iterator[Checked]:
    if filled.functions:
        fine = differing(filled) == 0
        yield Checked("Functions and formulas agree", fine, f"{FAULTY}=0", _of_answers(filled))


def _of_answers(filled: Filled) -> Phrase:
    """What the functions say; these words hold where they do not answer, too.

    LibreOffice keeps words that it was given: only the sheet Functions is found anew there.
    """
    differ = counted(FAULTY, differing(filled), "figure differs", "figures differ")
    some = phrase(differ, ", see Functions")
    return when(f"{FAULTY}=0", differing(filled) == 0, "No figure differs, see Functions", some)


def checks_sheet(filled: Filled, checks: tuple[Checked, ...]) -> Sheet:
    """The sheet of all checks, and what csmcalc's answers were computed from."""
    page = Page("Checks", _WIDTHS)
    row = page.head(
        "Checks",
        "OK: as it should be · LOOK: true, and worth a look before deciding · the master check on "
        "Guide and Summary counts them",
    )
    columns = (
        Column("Check"),
        Column("Status"),
        Column("Finding", span=3),
        Column("No", Unit.COUNT),
    )
    rows = []
    looks = 0
    for check in checks:
        looks += not check.ok
        rows.append(_row(check, looks))
    row = page.table(row, Table("Checks", columns, tuple(rows))) + 1
    title = "The value view was computed from; a change turns it stale"
    row = _origins(page, row, title, origins_table(filled.plan)) + 1
    title = "Hiring, cases and sensitivities were computed from"
    row = _origins(page, row, title, month_origins(filled.timeline))
    page.text(row + 1, FIRST_COLUMN, "Run csmcalc fill --update to compute again.", Look.REMARK)
    return page.sheet(printed=(row + 1, len(_WIDTHS)), one_page=False, frozen=(5, 0))


def _origins(page: Page, row: int, title: str, table: Table) -> int:
    """What an answer was computed from; lists of words are long."""
    raise_rows(page, row + 1, table, {"As computed": 50, "Now": 50})
    return put_origins(page, row, title, table)


def _row(check: Checked, looks: int) -> tuple[Cell, ...]:
    status = f'IF({check.holds},"OK","LOOK")'
    word = "OK" if check.ok else "LOOK"
    finding, fixed = check.finding, check.finding.is_fixed
    running = 'IF([@Status]="LOOK",COUNTIF(INDEX([Status],1):[@Status],"LOOK"),"")'
    return (
        Cell(check.title),
        Cell(word, status, look=Look.STRONG, coloured=_WORDS),
        Cell(finding.value, None if fixed else finding.formula, look=Look.MUTED),
        Cell("" if check.ok else float(looks), running, Unit.COUNT, Look.MUTED),
    )
