"""The sheet from which Excel-DNA's IntelliSense add-in shows help while a formula is typed.

Its format: FunctionInfo in A1; then a row for each function with name, description, help topic
and, for each argument, name and description. The used range must begin in A1.
"""

from __future__ import annotations

from addin.texts import argument_help, summary
from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.reports.model import Look, Sheet
from csmcalc.reports.page import Page

NAME = "_IntelliSense_"
_FORMAT = ("FunctionInfo", "1.0")


def intellisense_sheet() -> Sheet:
    """The sheet, hidden from people."""
    page = Page(NAME, (24, 60))
    for row, texts in enumerate([list(_FORMAT), *map(_row, CATALOGUE)], start=1):
        for column, text in enumerate(texts, start=1):
            if text:
                page.text(row, column, text, Look.BODY)
    return page.sheet(hidden=True)


def _row(entry: Entry) -> list[str]:
    no_topic = ""
    texts = [entry.name, summary(entry), no_topic]
    for argument in entry.arguments:
        texts += [argument.name, argument_help(argument)]
    return texts
