"""List: how the customer list was read, column by column, and what to know about it."""

from __future__ import annotations

from csmcalc.plan.plan import Plan
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table
from csmcalc.reports.page import FIRST_COLUMN, Page

_WIDTHS = (2, 38, 30, 40, 60)


def list_sheet(plan: Plan) -> Sheet:
    """The sheet that ties the plan to its source."""
    book = plan.book
    page = Page("List", _WIDTHS)
    row = page.head(
        "How the list was read",
        f"{book.source} · as of {book.as_of:%d %b %Y} · amounts in {book.currency}",
    )
    rows = tuple(
        (
            Cell(column.header, look=Look.STRONG),
            Cell(column.title),
            Cell(column.how, look=Look.MUTED),
        )
        for column in book.recognised
    )
    columns = (Column("Column of the file"), Column("Read as"), Column("How"))
    row = page.table(row, Table("Recognised", columns, rows)) + 1
    if book.notes:
        row = page.section(row, "To know")
        for note in book.notes:
            page.text(row, FIRST_COLUMN, f"·  {note}", Look.SENTENCE, span=4, lines=_lines(note))
            row += 1
        row += 1
    if book.unused:
        row = page.section(row, "Not used")
        words = ", ".join(book.unused)
        page.text(row, FIRST_COLUMN, words, Look.REMARK, span=4, lines=_lines(words))
        row += 1
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False)


def _lines(words: str) -> int:
    return 1 + len(words) // 160
