"""A change of the template is told by its version: old copies say so once, and what to do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from csmcalc.plan.cells import VERSION
from csmcalc.plan.full import empty_book
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.planning.answers import answers_of, blocks_of, lists_of
from csmcalc.planning.shipped import SHIPPED_DAY
from csmcalc.reports.model import Report
from csmcalc.reports.planning.report import planning_report
from csmcalc.reports.sheets.planning.filled import Filled

SHAPE = (4, "9b32dde4f3fe20e7")
"""The version, and a digest of what makes it: raise one with the other."""


def shape_of(report: Report) -> Iterator[str]:
    """All by which csmcalc finds its cells again, and the formulas that it expects in them."""
    for block in blocks_of(report):
        yield f"{block.sheet} {block.name} {block.height} {block.width} {block.headings}"
    for answer in answers_of(report):
        yield f"{answer.block} {answer.down} {answer.across} {answer.name} {answer.formula}"
    for name, block in lists_of(report).items():
        yield from (f"{name} {series.heading} {series.formula}" for series in block.series)


def test_the_version_is_that_of_the_shape() -> None:
    nobody = make_timeline(make_plan(empty_book("USD", SHIPPED_DAY), Settings()))
    report = planning_report(Filled(nobody, functions=True))
    digest = hashlib.sha256("\n".join(shape_of(report)).encode()).hexdigest()[:16]
    assert (VERSION, digest) == SHAPE, (
        "names, formulas or shape of the planning workbook changed: raise VERSION in plan/cells.py "
        "if a workbook of the last version has been given to anybody, and write its shape here"
    )
