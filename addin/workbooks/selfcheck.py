"""selfcheck.xlsm: whether the functions work on this computer, seen in ten seconds."""

from __future__ import annotations

from dataclasses import replace

from addin.project import vba_project
from addin.workbooks.guide import VERSION
from addin.workbooks.tests_sheet import FAILED, NOT_RUN, PASSED, TestsSheet
from csmcalc.catalog import CATALOGUE, groups
from csmcalc.reports.model import Cell, Column, Look, Report, Sheet, Table, Unit, Wash
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.render import render

_WIDTHS = (2, 28, 15, 15, 15, 15, 22)
_LAST = len(_WIDTHS)
_ANSWERS = 'LEFT(versions_answering,7)="csmcalc"'
_WORDS = (PASSED, FAILED, NOT_RUN)


def content() -> bytes:
    """The workbook."""
    tests = TestsSheet()
    sheets = (_summary(tests), tests.sheet())
    return render(
        Report(
            title="Do the functions of csmcalc work on this computer?",
            footer="csmcalc · self-check of the functions",
            currency="USD",
            sheets=sheets,
            macros=vba_project(len(sheets)),
        )
    )


def _summary(tests: TestsSheet) -> Sheet:
    page = Page("Summary", _WIDTHS)
    page.head(
        "Do the functions work on this computer?",
        f"{tests.count} tests of {len(CATALOGUE)} functions, computed when the workbook opens",
        Look.TITLE,
    )
    _cards(page)
    page.text(9, FIRST_COLUMN, _sentence(tests), Look.SENTENCE, span=_LAST - 1, lines=2)
    row = page.table(11, _by_group(tests)) + 1
    page.text(row, FIRST_COLUMN, "Versions", Look.CARD_NOTE)
    page.text(row, FIRST_COLUMN + 1, replace(VERSION, name="versions_answering"), Look.CARD_NOTE)
    return page.sheet(printed=(row, _LAST))


def _cards(page: Page) -> None:
    verdict = f'IF({_ANSWERS},IF(tests_failed=0,"{PASSED}","{FAILED}"),"{NOT_RUN}")'
    cards = (
        ("Verdict", Cell(NOT_RUN, verdict, coloured=_WORDS, name="verdict"), 2, 3),
        ("Passed", Cell(0.0, "tests_passed", Unit.FIGURE), 4, 5),
        ("Failed", Cell(0.0, "tests_failed", Unit.FIGURE), 6, _LAST),
    )
    for title, figure, first, last in cards:
        page.washes.append(Wash(5, first, 7, last, title == "Verdict"))
        page.text(5, first, title, Look.CARD_LABEL)
        page.text(6, first, figure, Look.CARD_FIGURE, span=last - first + 1)
    page.heights.update({5: 20, 6: 38, 7: 8})


def _sentence(tests: TestsSheet) -> Cell:
    silent = (
        "The functions do not answer: choose Enable Content. If this stays, run  csmcalc addin "
        "doctor  in a terminal."
    )
    good = "Every function gives in this workbook what the library gives."
    bad = f'"The first that failed is "&{tests.failed_name}&". See the sheet Tests."'
    return Cell(silent, f'IF({_ANSWERS},IF(tests_failed=0,"{good}",{bad}),"{silent}")')


def _by_group(tests: TestsSheet) -> Table:
    functions = {group: len(entries) for group, entries in groups().items()}
    rows = []
    for group, (_, _, count) in tests.groups.items():
        passed = f'COUNTIF({tests.verdicts(group)},"{PASSED}")'
        failed = f'COUNTIF({tests.verdicts(group)},"{FAILED}")'
        verdict = f'IF([@Failed]>0,"{FAILED}",IF({_ANSWERS},"{PASSED}","{NOT_RUN}"))'
        cells = (
            Cell(group, look=Look.STRONG),
            Cell(functions.get(group), unit=Unit.FIGURE),
            Cell(count, unit=Unit.FIGURE),
            Cell(0.0, passed, Unit.FIGURE),
            Cell(0.0, failed, Unit.FIGURE),
            Cell(NOT_RUN, verdict, coloured=_WORDS),
        )
        rows.append(cells)
    columns = (
        Column("Group"),
        Column("Functions", Unit.FIGURE),
        Column("Tests", Unit.FIGURE),
        Column("Passed", Unit.FIGURE),
        Column("Failed", Unit.FIGURE),
        Column("Verdict"),
    )
    return Table("Groups", columns, tuple(rows), _total(tests))


def _total(tests: TestsSheet) -> tuple[Cell, ...]:
    def sums(heading: str, name: str | None, value: float) -> Cell:
        return Cell(value, f"SUM(Groups[{heading}])", Unit.FIGURE, Look.TOTAL, name)

    return (
        Cell("Total", look=Look.TOTAL),
        sums("Functions", None, float(len(CATALOGUE))),
        sums("Tests", None, float(tests.count)),
        sums("Passed", "tests_passed", 0.0),
        sums("Failed", "tests_failed", 0.0),
        Cell(NOT_RUN, "verdict", look=Look.TOTAL, coloured=_WORDS),
    )
