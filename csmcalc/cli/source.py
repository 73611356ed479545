"""What a command plans: a list of customers, or a planning workbook with settings of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csmcalc.cli.reading import READING_A_LIST, Reading, working
from csmcalc.errors import InputError

if TYPE_CHECKING:
    from csmcalc.io.options import ReadOptions
    from csmcalc.plan.settings import Settings
    from csmcalc.planning.given import Given
    from csmcalc.portfolio.book import Book


@dataclass(frozen=True, slots=True)
class Source:
    """A list that was named, how it is read, and the settings to plan it by."""

    path: Path
    settings: Settings
    options: ReadOptions
    subscriptions: Path | None
    given: Given | None

    def citing(self) -> AbstractContextManager[None]:
        """Errors of planning name the cell of a planning workbook that they are about."""
        if self.given is None:
            return nullcontext()
        from csmcalc.planning.cited import citing

        return citing(self.given.opened, self.given.inputs.settings, self.settings)

    def members(self) -> tuple[str, ...] | None:
        """The team that a planning workbook names; None where none is named."""
        if self.given is None:
            return None
        from csmcalc.planning.customers import members_of

        return members_of(self.given.opened)

    def book(self) -> Book:
        """The customers."""
        with working(READING_A_LIST):
            if self.given is not None:
                from csmcalc.planning.customers import book_of

                return book_of(self.given.opened, self.options, self.subscriptions)
            from csmcalc.io.customers import read_customers

            return read_customers(self.path, self.options, self.subscriptions)


def source_of(
    customers: Path, settings: Path | None, reading: Reading, as_of: str | None = None
) -> Source:
    """A list with its settings; options win over what a planning workbook tells itself.

    `as_of` is the day where neither the options nor the workbook tell one.
    """
    with working(READING_A_LIST):
        given = _workbook(customers, reading)
    base = given.inputs.settings if given else None
    chosen = settings_told(settings, reading, base)
    if given is None:
        options = reading.options(chosen.money.currency, as_of)
    else:
        from csmcalc.planning.customers import options_of

        day = str(given.inputs.as_of)
        options = options_of(reading.options(chosen.money.currency, day), given.inputs)
    return Source(customers, chosen, options, reading.subscriptions, given)


def settings_told(path: Path | None, reading: Reading, base: Settings | None = None) -> Settings:
    """Settings from the defaults or a workbook, a settings file, and --set; the later wins."""
    from csmcalc.io.settings import read_settings, with_assignments
    from csmcalc.plan.settings import Settings

    chosen = base or Settings()
    if path is not None:
        chosen = read_settings(path, chosen)
    return with_assignments(chosen, reading.assignments)


def _workbook(customers: Path, reading: Reading) -> Given | None:
    """The planning workbook that stands in place of a list, if it is one."""
    from csmcalc.planning import SUFFIXES

    if customers.suffix.lower() not in SUFFIXES:
        return None
    from csmcalc.planning.given import is_workbook, look_through

    if not is_workbook(customers):
        return None
    refuse_list_options(customers, reading)
    return look_through(customers)


def refuse_list_options(workbook: Path, reading: Reading) -> None:
    """Options that say where a list stands mean nothing for a planning workbook."""
    for option, value in (
        ("--sheet", reading.sheet),
        ("--table", reading.table),
        ("--range", reading.cells),
        ("--column", reading.column),
        ("--skip-bad-rows", reading.skip_bad_rows),
    ):
        if value:
            raise InputError(
                f"{workbook}: is a planning workbook, and {option} is for other lists; leave it "
                "out: the customers are those of its table Customers"
            )
