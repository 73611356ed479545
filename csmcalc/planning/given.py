"""A planning workbook in place of a list: looked at whole, then its inputs and customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from csmcalc.errors import CsmcalcError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.io.files.package import open_package
from csmcalc.io.files.tables import LARGEST
from csmcalc.io.raw import RawTable
from csmcalc.plan.cells import CUSTOMERS
from csmcalc.plan.full import empty_book
from csmcalc.planning import SUFFIXES
from csmcalc.planning.answers import lists_of
from csmcalc.planning.cited import citing
from csmcalc.planning.customers import customers_table, has_customers
from csmcalc.planning.damage import Damage
from csmcalc.planning.fill import Planned, planned, report_of
from csmcalc.planning.inputs import Inputs
from csmcalc.planning.opened import Opened, is_planning, open_planning
from csmcalc.planning.placing import placed
from csmcalc.planning.reading import read_inputs
from csmcalc.planning.statuses import check_statuses
from csmcalc.planning.structure import check_structure, check_version
from csmcalc.portfolio.books.team import CSM_FIELDS
from csmcalc.reports.template import folded

TEAM_COLUMNS = {field.name: field.title for field in CSM_FIELDS}
"""What the columns of the team are called in a planning workbook."""


@dataclass(frozen=True)
class Given:
    """A workbook that was looked at, its inputs, and columns that somebody added to Customers."""

    opened: Opened
    inputs: Inputs
    added: tuple[str, ...] = ()

    @cached_property
    def is_filled(self) -> bool:
        """Whether anybody filled a row of Customers."""
        return has_customers(self.opened)

    def table(self) -> RawTable:
        """The customers as they were typed or pasted, with the columns that somebody added."""
        return customers_table(self.opened, self.added)


def is_workbook(path: Path) -> bool:
    """Whether a file is a planning workbook; what cannot be opened is not, whatever else it is."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    try:
        names = open_package(path.name, read_bytes(path, LARGEST)).names
    except CsmcalcError:
        return False
    return is_planning(names)


def look_at(path: Path, growing: Collection[str] = ()) -> Given:
    """Open a planning workbook and read its inputs; `growing` are tables that are to take rows.

    Raises:
        WorkbookError: something in it is not as it should be; the message names sheet and cell.
    """
    opened = open_planning(path)
    check_version(opened)
    damage = Damage(opened.source)
    check_structure(opened, damage, growing)
    check_statuses(opened, damage)
    inputs = read_inputs(opened, damage)
    damage.refuse()
    assert inputs is not None
    return Given(opened, inputs)


def look_through(path: Path) -> Given:
    """The same of a workbook that is only read, every formula of its tables included.

    Raises:
        WorkbookError: something in it is not as it should be.
    """
    given = look_at(path)
    damage = Damage(given.opened.source)
    report = report_of(given.opened, _of_nobody(given), (), None)
    placed(given.opened, report, damage)
    damage.refuse()
    ours = {folded(one.heading) for one in lists_of(report)[CUSTOMERS].series}
    headings = given.opened.tables[CUSTOMERS].headings
    return replace(given, added=tuple(one for one in headings if folded(one) not in ours))


def _of_nobody(given: Given) -> Planned:
    """The plan of nobody by the workbook's inputs, but for what these say of single accounts."""
    inputs = given.inputs
    settings = replace(inputs.settings, minimum_service=())
    with citing(given.opened, inputs.settings, inputs.settings):
        return planned(
            empty_book(inputs.currency, inputs.as_of), replace(inputs, settings=settings)
        )
