"""Rules: what had to hold and what it costs, what was weighed, the proof, what is over and why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.portfolio.books import answers
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.books.shown import HEADINGS, Shown
from csmcalc.reports.sheets.books.terms import TITLES, terms_of
from csmcalc.reports.sheets.origin import Origin, origin_table

_WIDTHS = (22, 16, 16, 16, 60)
_MOST_OVER = 40
ORIGINS = "BooksOrigins"
_PLACES = "ROW(Customers[CSM])-MIN(ROW(Customers[CSM]))+1"
OWNERS = f"SUMPRODUCT(MATCH(Customers[CSM],Books[CSM],0)*({_PLACES}))"
"""A number that changes with any customer's CSM."""


def rules_sheet(shown: Shown) -> Sheet:
    """The sheet of rules, weights and proof."""
    page = Page("Rules", (2, max(30, shown.name_width), *_WIDTHS))
    row = page.head(
        "What had to hold, what was weighed, and how good the answer is",
        "A point is one per cent of mean distance from target, times its weight",
    )
    row = page.section(row, "Hard rules: every one is kept; what dropping one would gain")
    row = page.table(row, _hard(shown)) + 1
    row = page.section(row, "Weighed: the terms of the objective, worked out from the cells")
    row = page.table(row, _terms(shown)) + 1
    row = page.section(row, "The proof")
    row = page.table(row, proof_table(shown)) + 1
    over = answers.over(shown.made.assigned, shown.made.plan.settings.books.tolerance)
    if over:
        more = f"; the first {_MOST_OVER} of {len(over):,}" if len(over) > _MOST_OVER else ""
        row = page.section(row, f"Above target by more than the tolerance, and why{more}")
        row = page.table(row, _over(over[:_MOST_OVER])) + 1
    row = page.section(row, "Computed from; after a change the books hold, but are no longer best")
    row = page.table(row, origin_table(ORIGINS, list(_origins(shown)))) + 1
    row = page.section(row, "Tolerances")
    row = page.table(row, _tolerances(shown))
    return page.sheet(printed=(row, len(page.widths)), one_page=False)


def _hard(shown: Shown) -> Table:
    costs = {cost.rule: cost for cost in shown.made.rule_costs}
    columns = (
        Column("Rule", span=2),
        Column("Kept"),
        Column("Costs, points", Unit.HOURS),
        Column("at most, points", Unit.HOURS),
    )
    always = ("hours of a book at most its CSM's capacity", "every customer to a CSM who serves it")
    rows = []
    for text in (*always, *(rule.text for rule in shown.task.rules)):
        cost = costs.get(text)
        gains = (cost.gain, cost.up_to) if cost else ("", "")
        cells = (Cell(gain, unit=Unit.HOURS) for gain in gains)
        rows.append((Cell(text, look=Look.STRONG), Cell("yes"), *cells))
    return Table("HardRules", columns, tuple(rows))


def _terms(shown: Shown) -> Table:
    columns = (
        Column("Term", span=2),
        Column("Weight", Unit.PLAIN),
        Column("Measured", Unit.SHARE),
        Column("Points", Unit.HOURS),
    )
    rows = tuple(
        (
            Cell(TITLES[term.name], look=Look.STRONG),
            Cell(term.weight, unit=Unit.PLAIN),
            Cell(term.measure, term.formula, Unit.SHARE),
            Cell(term.points, "100*[@Weight]*[@Measured]", Unit.HOURS),
        )
        for term in terms_of(shown)
    )
    if not rows:
        rows = ((Cell("Nothing is weighed"), Cell(0.0), Cell(0.0), Cell(0.0)),)
    value = shown.made.assigned.value
    total = (
        Cell("Total", look=Look.TOTAL),
        Cell(None, look=Look.TOTAL),
        Cell(None, look=Look.TOTAL),
        Cell(value, "SUM([Points])", Unit.HOURS, Look.TOTAL, "points"),
    )
    return Table("Terms", columns, rows, total)


def proof_table(shown: Shown) -> Table:
    """Value, bound and gap; what bounds a book of zero points is not put in per cent."""
    assigned = shown.made.assigned
    ended = ", when it was interrupted" if assigned.interrupted else ""
    lines = (
        ("Points of these books", assigned.value, "points", Unit.PLAIN, None),
        ("No books have fewer than", assigned.bound, None, Unit.PLAIN, "bound"),
        ("Gap, points", assigned.gap, "MAX(0,points-bound)", Unit.PLAIN, "gap"),
        (
            "Gap, per cent",
            assigned.gap_share,
            "IF(points>0,gap/points,0)",
            Unit.SHARE,
            "gap_share",
        ),
        (f"Seconds of search{ended}", round(assigned.seconds, 1), None, Unit.PLAIN, None),
    )
    rows = tuple(
        (
            Cell(title, look=Look.STRONG),
            Cell(float(value), formula, Unit.HOURS if unit is Unit.PLAIN else unit, name=name),
        )
        for title, value, formula, unit, name in lines
    )
    return Table("Proof", (Column("Proof", span=2), Column("At", Unit.PLAIN)), rows)


def _over(over: list[answers.Over]) -> Table:
    columns = (
        Column("CSM"),
        Column("Load"),
        Column("Above target", Unit.SHARE),
        Column("Why", span=3),
    )
    rows = tuple(
        (
            Cell(one.csm, look=Look.STRONG),
            Cell(HEADINGS.get(one.load, one.load)),
            Cell(one.above, unit=Unit.SHARE),
            Cell(one.why, look=Look.MUTED),
        )
        for one in over
    )
    return Table("Over", columns, rows)


def checksum(shown: Shown) -> float:
    """What `OWNERS` comes to."""
    places = shown.now[shown.order] + 1
    return float((places * np.arange(1, len(places) + 1)).sum())


def _origins(shown: Shown) -> Iterator[Origin]:
    frame = shown.task.customers
    yield Origin("Customers", float(len(frame)), "ROWS(Customers[CSM])", Unit.COUNT)
    yield Origin("ARR", float(frame["arr"].sum()), "SUM(Customers[ARR])", Unit.MONEY)
    yield Origin("Hours", float(frame["hours"].sum()), "SUM(Customers[Hours])", Unit.HOURS)
    for load in shown.loads:
        if load.name == "risk":
            yield Origin("Risk", float(load.size.sum()), "SUM(Customers[Risk])", load.unit)
    capacity = sum(csm.hours for csm in shown.task.team)
    yield Origin("Capacity in hours", float(capacity), "SUM(Books[Capacity])", Unit.HOURS)
    yield Origin("Who has whom", checksum(shown), OWNERS, Unit.COUNT)


def _tolerances(shown: Shown) -> Table:
    tolerance = shown.made.plan.settings.books.tolerance
    rows = (
        (
            Cell("A load is named when it is off by"),
            Cell(tolerance, unit=Unit.SHARE, name="tolerance"),
        ),
        (
            Cell("Numbers are the same within"),
            Cell(WHOLE_TOLERANCE, unit=Unit.TINY, name="whole_tolerance"),
        ),
    )
    return Table("Tolerances", (Column("Tolerance", span=2), Column("At", Unit.PLAIN)), rows)
