"""What was typed or pasted into Customers as the workbook's formulas do not read it.

csmcalc would read "1,250,000" as a number and " Churned " as churned, and the formulas would not:
the two would plan different customers.
"""

from __future__ import annotations

from typing import Any

from csmcalc.io.cells.content import FAILED, NO_RESULT
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable
from csmcalc.planning.damage import Damage
from csmcalc.planning.places import place
from csmcalc.portfolio.book import FIELDS, Field, Kind
from csmcalc.reports.sheets.planning.customers import heading_of
from csmcalc.reports.template import folded
from csmcalc.reports.template.tables import ExcelTable

_WANTED = {Kind.DATE: "date"}
_FILL = "run `csmcalc fill` with the list it comes from"


def check_typed(table: ExcelTable, raw: RawTable, damage: Damage) -> None:
    """Note texts where numbers and dates belong, and blanks around words; one for each column."""
    columns = {folded(heading): at for at, heading in enumerate(table.headings)}
    there = {folded(header): at for at, header in enumerate(raw.headers)}
    for field in FIELDS:
        heading = folded(heading_of(field))
        if heading not in there or heading not in columns:
            continue
        cells = raw.column(there[heading])
        texts = enumerate(cells) if cells.dtype.kind not in "fiubM" else ()
        found = [(at, cell) for at, cell in texts if _is_misread(field, cell)]
        if found:
            row = int(raw.rows[found[0][0]])
            where = place(table.sheet.name, row, table.box.left + columns[heading])
            damage.add(f"{where} ({heading_of(field)}) {_words(field, found[0][1], len(found))}")


def blanks_around(value: str, more: int = 0) -> str:
    """What is said of a word with blanks around it."""
    also = _also(more)
    if not value.strip():
        return f"holds blanks alone{also}; empty the cell"
    return (
        f'holds "{value}"{also} with blanks around the word, which formulas take for another word; '
        f'type "{value.strip()}"'
    )


def _also(more: int) -> str:
    return f" (and {counted(more, 'more cell')} of the column)" if more else ""


def _is_misread(field: Field, cell: Any) -> bool:
    if not isinstance(cell, str) or not cell:
        return False
    return field.kind is not Kind.TEXT or cell != cell.strip() or cell in FAILED


def _words(field: Field, value: str, count: int) -> str:
    more = count - 1
    if value.strip() == NO_RESULT:
        return (
            f"holds a formula without a result{_also(more)}; let Excel or LibreOffice compute it "
            "and save again, or type the value"
        )
    if value.strip() in FAILED:
        return f"shows {value.strip()}{_also(more)}; correct its formula, or empty the cell"
    if field.kind is Kind.TEXT or not value.strip():
        return f"{blanks_around(value, more)}, or {_FILL}"
    wanted = _WANTED.get(field.kind, "number")
    also = _also(more)
    return (
        f'holds the text "{value}"{also}, which formulas do not take for a {wanted}; type the '
        f"{wanted}, or {_FILL}"
    )
