"""Guide: what this workbook is, how to use it, what the colours mean, what stands where."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.plan.cells import TEMPLATE, VERSION
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.looks import master_check
from csmcalc.reports.sheets.planning.checks import Checked
from csmcalc.reports.sheets.planning.filled import Filled
from csmcalc.reports.sheets.said import source_of
from csmcalc.reports.sheets.timeline.stale import MONTHS_FRESH
from csmcalc.reports.sheets.value.names import FRESH
from csmcalc.reports.wording import Phrase, phrase, when

_WIDTHS = (2, 26, 60, 60)
_STEPS = (
    (
        "Without csmcalc",
        "Paste a CRM export into the blue columns of Customers, set day and currency on Inputs, "
        "list the team on Books. Segments, Headcount, Timeline and Books follow.",
    ),
    (
        "With csmcalc",
        "csmcalc fill my_plan.xlsx customers.csv -o filled.xlsx reads any list and fills this "
        "workbook, with what only csmcalc can find: optimum, percentiles, hiring plan.",
    ),
    (
        "After changes",
        "csmcalc fill --update filled.xlsx computes its answers again from what stands here, and "
        "leaves all else as it is. csmcalc plan filled.xlsx plans from this workbook.",
    ),
    (
        "Your own copy",
        "Colours, columns of your own, further sheets and other names of sheets are kept. Do not "
        "rename tables, headings or named cells.",
    ),
)
_SHEETS = (
    ("Summary", "result", "how many CSMs, what each answer costs, what needs a look"),
    ("Inputs", "input", "every assumption with unit, status and source; tables of judgement"),
    ("Scenarios", "input", "the cases and the live one; what csmcalc found for each"),
    ("Customers", "input", "the list on the left; what follows for each customer to the right"),
    ("Segments", "result", "the BCG matrix, and what each segment brings and costs"),
    ("Headcount", "result", "by the rule, by the workload, by the value; the workload built up"),
    ("Value", "result", "found by csmcalc: the best headcount, the curve, the proof, the risk"),
    ("Timeline", "working", "customers, ARR, team and cost by month, one formula a row"),
    ("Hiring", "result", "the policies side by side, requisitions and their months"),
    ("Sensitivity", "result", "found by csmcalc: what moves the plan, and what it would take"),
    ("Books", "input", "the team, what each CSM can carry, and what each carries"),
    ("Workings", "working", "what lies between inputs and results"),
    ("Checks", "check", "whether all holds together, and what csmcalc computed from"),
    ("Change log", "input", "who changed what, when and why"),
    ("Sources", "source", "benchmarks for orientation, and where defaults come from"),
)
_FUNCTIONS = ("Functions", "check", "formulas of this workbook beside the functions of csmcalc")


def guide_sheet(filled: Filled, checks: Sequence[Checked]) -> Sheet:
    """The first sheet."""
    page = Page("Guide", _WIDTHS)
    row = page.head(
        "How many customer success managers, and when?",
        "A planning workbook: it recalculates without csmcalc, and csmcalc reads it back",
        Look.TITLE,
    )
    row = page.table(row, _status(filled, checks)) + 1
    row = page.section(row, "How to use it")
    rows = tuple(
        (Cell(name, look=Look.STRONG), Cell(text, look=Look.MUTED)) for name, text in _STEPS
    )
    for at in range(row + 1, row + 1 + len(rows)):
        page.heights[at] = theme.LIST_HEADER_HEIGHT
    row = page.table(row, Table("Steps", (Column("When"), Column("What", span=2)), rows)) + 1
    row = page.section(row, "Colours")
    row = page.table(row, _legend()) + 1
    row = page.section(row, "Sheets")
    listed = (*_SHEETS, *((_FUNCTIONS,) if filled.functions else ()))
    lines = tuple(
        (Cell(name, look=Look.STRONG), Cell(what), Cell(kind, look=Look.MUTED))
        for name, kind, what in listed
    )
    columns = (Column("Sheet"), Column("What stands there"), Column("Kind"))
    row = page.table(row, Table("Sheets", columns, lines))
    return page.sheet(printed=(row, len(_WIDTHS)))


def _status(filled: Filled, checks: Sequence[Checked]) -> Table:
    """Whether the workbook holds together, what it was filled with, which template it is."""
    words = master_check(len(checks), sum(not check.ok for check in checks))
    none = filled.computed is None
    day = "" if filled.computed is None else filled.computed.isoformat()
    on = 'YEAR(computed_on)&"-"&RIGHT(0&MONTH(computed_on),1+1)&"-"&RIGHT(0&DAY(computed_on),1+1)'
    fresh = f"AND({FRESH},{MONTHS_FRESH})"
    state = when(fresh, True, "as the inputs stand", "stale: an input was changed since")
    computed = when(
        'computed_on=""',
        none,
        "Not yet: run csmcalc fill",
        phrase("Computed on ", Phrase(on, day), ", ", state),
    )
    source = source_of(filled.plan)
    listed = when(f'{source.formula}=""', source.value == "", "None was filled in", source)
    rows = (
        (Cell("Master check"), Cell(words.value, words.formula, look=Look.STRONG)),
        (Cell("csmcalc's answers"), Cell(computed.value, computed.formula)),
        (Cell("Customer list"), Cell(listed.value, listed.formula)),
        (Cell("Template version"), Cell(VERSION, TEMPLATE)),
    )
    return Table("Status", (Column("State"), Column("Now", span=2)), rows)


def _legend() -> Table:
    samples = (
        (Look.INPUT, None, "An input: type over it. Every one says what may be typed."),
        (Look.BODY, None, "A formula: it follows from inputs and customers."),
        (Look.LINK, None, "A link to another sheet."),
        (Look.FOUND, None, "Found by csmcalc and written when the workbook is filled."),
        (
            Look.STRONG,
            theme.OK,
            "OK, and LOOK where something deserves one: words, not colour alone.",
        ),
    )
    words = ("1,000", "1,000", "1,000", "1,000", "OK")
    rows = tuple(
        (Cell(word, look=look, colour=colour), Cell(text))
        for word, (look, colour, text) in zip(words, samples, strict=True)
    )
    return Table("Legend", (Column("Looks like"), Column("Is", span=2)), rows)
