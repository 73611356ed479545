"""Sources: published ranges for orientation, and where each default comes from."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table
from csmcalc.reports.page import Page
from csmcalc.reports.sheets.assumptions import sentence
from csmcalc.reports.sheets.headcount import ORIENTATION, benchmarks_table
from csmcalc.reports.sheets.planning.inputs import raise_rows

_WIDTHS = (2, 34, 18, 18, 18, 18, 22, 26, 64)
_READ = (
    (
        "The ratio every customer success management lead should know",
        "Jodi Schechter, 24 July 2015",
        "$2M of ARR a CSM; $1M while hiring in arrears; heavy service in the first 90 days",
    ),
    (
        "How many customer success managers you really need",
        "the second article this workbook follows",
        "segments, cost of service below revenue, as many CSMs as maximise customers' value",
    ),
    (
        "Customer success skills (gaintrace)",
        "https://github.com/gaintrace/customer-success-skills",
        "effective hours, complexity, share of margin that service may cost",
    ),
    (
        "Dear SaaStr: At $20,000 ACV, How Many Customers Should Each CSM Have?",
        "https://www.saastr.com/dear-saastr-at-20000-acv-how-many-customers-should-each-customer-"
        "success-manager-have",
        "50 to 100 customers a CSM at $20k ACV",
    ),
    (
        "Hedley, Strategy and the business portfolio, Long Range Planning",
        "1977",
        "growth cut at 10 % a year in the original matrix",
    ),
    (
        "csmcalc, docs/model.md",
        "comes with the package",
        "what is judged in the value view, and how far to trust it",
    ),
)
_MEASURES = (
    ("CS and support, of ARR", "about 9 %, published median"),
    ("CS alone, of revenue", "about 7 %"),
    ("NRR and GRR", "101 % and 88 %, published medians"),
    ("Subscription gross margin", "81 %"),
    ("Ramp of a CSM", "3 to 9 months"),
    ("Time to hire", "3 to 6 months"),
)


def sources_sheet(plan: Plan) -> Sheet:
    """The sheet of all sources."""
    page = Page("Sources", _WIDTHS)
    row = page.head(
        "Where do benchmarks and defaults come from?",
        "Orientation, not measurement: no public benchmark of ARR per CSM was measured; replace "
        "defaults by your own figures",
    )
    row = page.section(row, ORIENTATION)
    row = page.table(row, benchmarks_table()) + 1
    row = page.section(row, "Other published figures")
    row = page.table(row, _measures()) + 1
    row = page.section(row, "What to read; addresses are text")
    row = page.table(row, _read()) + 1
    page.breaks.append(row - 1)
    row = page.section(row, "Where each default comes from")
    defaults = _defaults(plan)
    raise_rows(page, row, defaults, {"Of": 125})
    row = page.table(row, defaults)
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def _measures() -> Table:
    rows = tuple((Cell(what), Cell(much, look=Look.MUTED)) for what, much in _MEASURES)
    return Table("Measures", (Column("Figure"), Column("Published", span=3)), rows)


def _read() -> Table:
    rows = tuple(
        (Cell(title), Cell(where, look=Look.MUTED), Cell(what, look=Look.MUTED))
        for title, where, what in _READ
    )
    columns = (Column("Source", span=3), Column("Where", span=4), Column("What it says"))
    return Table("Reading", columns, rows)


def _defaults(plan: Plan) -> Table:
    by_source: dict[str, list[str]] = {}
    for _, declared, _ in plan.settings.entries():
        by_source.setdefault(declared.source, []).append(declared.title)
    rows = tuple(
        (Cell(sentence(source)), Cell(", ".join(titles), look=Look.MUTED))
        for source, titles in by_source.items()
    )
    return Table("Defaults", (Column("Source", span=4), Column("Of", span=4)), rows)
