"""Checks: each OK or LOOK, live where an assumption can change it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from csmcalc.plan.cells import HEADINGS, PLANNED
from csmcalc.plan.checks import (
    CENT,
    Check,
    measured,
    of_tiers,
    own_assumptions,
    owns_response,
    part_of_team,
    slow_to_repay,
    unguarded,
)
from csmcalc.plan.plan import CONCENTRATION, Plan
from csmcalc.portfolio.segments import SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.amounts import people
from csmcalc.reports.sheets.said import currency_of, sign_of
from csmcalc.reports.sheets.value.names import FRESH
from csmcalc.reports.wording import Phrase, counted, literal, money, number, phrase, share, when

_WIDTHS = (2, 52, 10, 96, 6)
_LETTERS, _LINE = 105, 13.5
"""Letters of a finding that fit on a line, and the height of each further one."""
_WORDS = ("OK", "LOOK")
_UNGUARDED = 'COUNTIF(Customers[Margin guard],"LOOK")'
_SLOW = 'COUNTIF(Customers[Strict guard],"LOOK")'
_COUNTS = [f'COUNTIF(Customers[Segment],"{name}")' for name in SEGMENTS]

HOLDS = {
    "arr_ties": f"ABS(arr_in_file-arr_left_out-arr_planned)<={CENT}",
    "segments_add": "AND(SUM(Segments[Accounts])=accounts_planned,"
    f"ABS(SUM(Segments[ARR])-arr_planned)<={CENT})",
    "tiers_add": "AND(SUM(BuildUp[Accounts])=accounts_planned,"
    "ABS(SUM(BuildUp[Planned hours])-hours_planned)<=whole_tolerance*hours_planned)",
    "workload_covered": "csms_workload*effective_hours>=hours_planned"
    "-whole_tolerance*MAX(hours_planned,effective_hours)",
    "bridge_closes": "ABS(bridge_start-bridge_churn-bridge_contraction+bridge_expansion"
    f"+bridge_new+bridge_untold-arr_planned)<={CENT}",
    "guard_total": "SUM(Customers[Cost to serve])<arr_planned*max_share*(1-tie_tolerance)",
    "guard_accounts": f"{_UNGUARDED}=0",
    "strict_guard": f"{_SLOW}=0",
    "value_fresh": FRESH,
    "concentration": f"MAX({','.join(_COUNTS)})<={CONCENTRATION}*({'+'.join(_COUNTS)})",
    "team_covers": "AND(csms_today>0,csms_today>=hours_planned/effective_hours*(1-tie_tolerance))",
}
"""Conditions of the checks that follow from cells; the others follow from the list alone."""


def conditions_of(plan: Plan) -> dict[str, str]:
    """Conditions in cells, by key of the check; it has none where it follows from the list alone.

    They are `HOLDS`, and those whose formula depends on the book or the settings.
    """
    holds = {
        **HOLDS,
        "currency": f"OR(currency={currency_of(plan).formula},exchange_rate<>1)",
        "own_assumptions": f"AND({','.join(condition for condition, _ in _owned(plan))})",
        "tiers_rise": _tiers_rise(len(plan.settings.tiers)),
    }
    if plan.book.full:
        holds |= {
            "arr_ties": f'OR(arr_in_file="",{HOLDS["arr_ties"]})',
            "guard_total": f"OR(accounts_planned=0,{HOLDS['guard_total']})",
            "tiers_rise": _TIERS_RISE,
            "value_proven": "value_gap<=proven",
            "churn_told": _CHURN_TOLD,
        }
    return holds


def _owned(plan: Plan) -> Iterator[tuple[str, str]]:
    """Whether a key assumption is one's own, as a condition, and what it is called."""
    measures = {"gross_margin": _OWN_MARGIN, "hours": _OWN_HOURS}
    if plan.book.full:
        told = f'COUNTIFS(Customers[In plan],"{PLANNED}",Customers[{{}}],"")=0'
        for field, own in measures.items():
            everywhere = f"AND(accounts_planned>0,{told.format(HEADINGS[field])})"
            measures[field] = f"OR({own},{everywhere})"
        response = "OR(response_fitted,ABS(response_points-default_response)>whole_tolerance)"
    else:
        measures |= {field: "TRUE" for field in measures if measured(plan, field)}
        response = "TRUE" if owns_response(plan) else "FALSE"
    yield measures["gross_margin"], "gross margin"
    yield _OWN_PAY, "earnings of a CSM"
    yield measures["hours"], "hours of the tiers"
    yield response, _response(plan)


def _response(plan: Plan) -> str:
    """The response to service, with its tiers where only some keep their default."""
    return f"response to service{of_tiers(plan)}".replace('"', '""')


_OWN_MARGIN = "gross_margin<>default_gross_margin"
_OWN_PAY = "ote<>default_ote"
_OWN_HOURS = 'COUNTIF(Tiers[Status],"set")>0'


def _falls(column: str) -> str:
    """Where a column of tiers does not rise from one to the next; rows without a tier do not count.

    The last but one row is that before the number of rows, not a number of its own.
    """
    lower = f"INDEX({column},1):INDEX({column},ROWS({column})-1)"
    upper = f"INDEX({column},1+1):INDEX({column},ROWS({column}))"
    return f"SUMPRODUCT(--ISNUMBER({upper}),--({lower}>={upper}))"


_CHURN_TOLD = (
    "OR(NOT(timeline_rates_from_list),bridge_start<=0,bridge_churn>0,"
    "COUNT(GrowthBySegment[Churn])=ROWS(GrowthBySegment[Churn]))"
)
_TIERS_RISE = f"{_falls('Tiers[Hours a year]')}+{_falls('Minimums[Minimum ARR]')}=0"


def _tiers_rise(count: int) -> str:
    """Each tier against the next: two ranges one apart, as pairs would outgrow a formula."""
    if count < 2:
        return "TRUE"
    falls = [
        f"SUMPRODUCT(--(INDEX({column},1):INDEX({column},{count - 1})"
        f">=INDEX({column},2):INDEX({column},{count})))"
        for column in ("Tiers[Hours a year]", "Minimums[Minimum ARR]")
    ]
    return f"{'+'.join(falls)}=0"


def _accounts(expression: str, count: int) -> Phrase:
    """A number of accounts in words, live."""
    return counted(expression, count, "account")


def _total(plan: Plan) -> Phrase:
    return phrase(
        "In total, support + success fail the margin guard: they are not below ", _most(plan)
    )


def _most(plan: Plan) -> Phrase:
    return phrase(share("max_share", plan.settings.margin.max_share), " of ARR")


def _unguarded(plan: Plan) -> Phrase:
    count = unguarded(plan)
    return phrase(
        _accounts(_UNGUARDED, count),
        when(f"{_UNGUARDED}=1", count == 1, " fails", " fail"),
        " the margin guard: support + success not below ",
        _most(plan),
    )


def _slow(plan: Plan) -> Phrase:
    count = slow_to_repay(plan)
    return phrase(
        _accounts(_SLOW, count),
        when(f"{_SLOW}=1", count == 1, " does", " do"),
        " not repay the CAC within the target",
    )


def _short(plan: Plan) -> Phrase:
    today, workload = plan.view("today"), plan.view("workload")
    short = phrase(
        "Today's team of ",
        people("csms_today", today.csms),
        " is ",
        number("hours_planned/effective_hours-csms_today", workload.exact - today.csms, 1),
        f" CSMs short of the workload{part_of_team(plan)}",
    )
    told = "owners on Customers, or CSMs today on Inputs"
    told = told if plan.book.full else "an owner column or [team] csms"
    unknown = f"How many CSMs there are today is not known: give {told}"
    return when("csms_today>0", today.csms > 0, short, unknown)


def _unproven(plan: Plan) -> Phrase:
    best = plan.value.chosen.optimum
    more = money("value_bound-value_net", best.bound - best.net_value, sign_of(plan))
    return phrase(
        "A better answer than the value view's may exist: up to ", more, " more net value"
    )


def _one_to_one(plan: Plan) -> Phrase:
    return phrase(
        "Targets and pay in ",
        Phrase("currency", plan.settings.money.currency),
        " are taken one to one as ",
        currency_of(plan),
        (
            ": set their exchange rate, or their currency, on Inputs"
            if plan.book.full
            else ": set [money] exchange_rate, or currency if they are meant in it"
        ),
    )


def _published(plan: Plan) -> Phrase:
    """The key assumptions that still stand at their default, one after the other."""
    listed = "&".join(f'IF({own},""," {name},")' for own, name in _owned(plan) if own != "TRUE")
    formula = f'"{_PUBLISHED.rstrip()}"&LEFT({listed},MAX(0,LEN({listed})-1))'
    return Phrase(formula, own_assumptions(plan).look)


def _nobody_left(_: Plan) -> Phrase:
    return literal(
        "No customer has left in this list: churn is taken as 0; add those gone, or turn off "
        "Rates from the list"
    )


_PUBLISHED = "Published defaults, not yet yours: "

_LIVE_LOOKS: dict[str, Callable[[Plan], Phrase]] = {
    "currency": _one_to_one,
    "guard_total": _total,
    "guard_accounts": _unguarded,
    "strict_guard": _slow,
    "team_covers": _short,
    "own_assumptions": _published,
    "value_proven": _unproven,
    "churn_told": _nobody_left,
}
"""Wordings that follow from cells."""


def checks_sheet(plan: Plan, checks: tuple[Check, ...]) -> Sheet:
    """The sheet of all checks of a plan."""
    conditions = conditions_of(plan)
    return sheet_of_checks(checks, conditions, lambda check: finding_of(plan, check, conditions))


def sheet_of_checks(
    checks: Sequence[Check], conditions: Mapping[str, str], finding: Callable[[Check], Cell]
) -> Sheet:
    """A sheet of checks; those with a condition are live."""
    page = Page("Checks", _WIDTHS)
    row = page.head("Checks", "OK: as it should be · LOOK: true, and worth a look before deciding")
    columns = (Column("Check"), Column("Status"), Column("Finding"), Column("No", Unit.COUNT))
    looks = 0
    rows = []
    for at, check in enumerate(checks, start=row + 1):
        looks += not check.ok
        found = finding(check)
        lines = math.ceil(len(str(found.value)) / _LETTERS)
        if lines > 1:
            found = replace(found, look=Look.PROSE)
            page.heights[at] = theme.ROW_HEIGHT + _LINE * (lines - 1)
        rows.append(_row(check, looks, conditions.get(check.key), found))
    row = page.table(row, Table("Checks", columns, tuple(rows)))
    return page.sheet(printed=(row, len(_WIDTHS)))


def _row(check: Check, looks: int, holds: str | None, finding: Cell) -> tuple[Cell, ...]:
    status = Cell(
        "OK" if check.ok else "LOOK",
        holds and f'IF({holds},"OK","LOOK")',
        look=Look.STRONG,
        coloured=_WORDS,
    )
    running = Cell(
        "" if check.ok else float(looks),
        'IF([@Status]="LOOK",COUNTIF(INDEX([Status],1):[@Status],"LOOK"),"")',
        Unit.COUNT,
        Look.MUTED,
    )
    return Cell(check.title), status, finding, running


def finding_of(plan: Plan, check: Check, conditions: Mapping[str, str]) -> Cell:
    """The words of a check's answer, live where cells decide it."""
    holds = conditions.get(check.key)
    if not holds:
        return Cell(check.finding)
    live = _LIVE_LOOKS.get(check.key)
    look = check.look.replace("csmcalc plan again", "csmcalc fill --update")
    look = look if plan.book.full else check.look
    words = when(holds, check.ok, check.fine, live(plan) if live else look)
    return Cell(words.value, words.formula)
