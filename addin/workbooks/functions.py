"""csm_functions.xlsm: the reference, and what a workbook of one's own starts from."""

from __future__ import annotations

from addin.project import vba_project
from addin.workbooks.guide import guide_sheet
from addin.workbooks.intellisense import intellisense_sheet
from addin.workbooks.reference import GroupSheet
from csmcalc.catalog import groups
from csmcalc.reports.model import Report
from csmcalc.reports.render import render


def content() -> bytes:
    """The workbook."""
    made = [GroupSheet(group, entries) for group, entries in groups().items()]
    sheets = [one.sheet() for one in made]
    places = {
        name: (sheet.name, row)
        for one, sheet in zip(made, sheets, strict=True)
        for name, row in one.rows.items()
    }
    sheets = [guide_sheet(places), *sheets, intellisense_sheet()]
    return render(
        Report(
            title="The functions of csmcalc",
            footer="csmcalc · the functions, each with an example",
            currency="USD",
            sheets=tuple(sheets),
            macros=vba_project(len(sheets)),
        )
    )
