"""`csmcalc fill`: a planning workbook filled from a list, or brought up to date."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.reading import (
    READING_A_LIST,
    CsmColumns,
    Reading,
    columns_told,
    reads_a_list,
    working,
)
from csmcalc.cli.source import settings_told
from csmcalc.cli.writing import spare
from csmcalc.errors import ExitCode, InputError

if TYPE_CHECKING:
    from csmcalc.plan.settings import Settings
    from csmcalc.planning.fill import Made
    from csmcalc.planning.given import Given
    from csmcalc.planning.inputs import Inputs
    from csmcalc.planning.listed import Listed
    from csmcalc.portfolio.book import Book
    from csmcalc.reports.sheets.planning.filled import Member

_SHOWN = 5


@reads_a_list
def fill(
    what: Annotated[
        list[Path],
        typer.Argument(
            metavar="WORKBOOK [CUSTOMERS]",
            help="The planning workbook as it ships (`csmcalc template new`) or your own copy, "
            "then the customer list; with --update the workbook alone.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Workbook to write; with --update the same if left out."
        ),
    ] = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update",
            help="Compute the answers anew from the workbook's own inputs and customers.",
        ),
    ] = False,
    csms: Annotated[
        Path | None, typer.Option(help="CSM list for Books; the owners in the list if left out.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file (TOML); wins over the workbook's inputs.")
    ] = None,
    *,
    reading: Reading,
    csm_column: CsmColumns = None,
) -> None:
    """Fill the planning workbook from a list, without Excel; or compute its answers anew.

    Colours, columns, sheets, formulas and macros of your own stay; so do the inputs, which are the
    settings of the plan.
    """
    columns = columns_told(csm_column or [], "--csm-column")
    with _without_tidying():
        if update:
            _update(what, output, csms, settings, reading)
        else:
            _fill(what, output, csms, settings, reading, columns)


_MORE = 200_000
"""Objects made after a fill from which on Python looks for garbage again."""


@contextlib.contextmanager
def _without_tidying() -> Iterator[None]:
    """Looking for circles of objects would take a tenth of the time, and there are hardly any."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # All that was made would be looked through at once, and the program ends now.
            made, (most, *older) = gc.get_count()[0], gc.get_threshold()
            gc.set_threshold(max(most, made + _MORE), *older)
            gc.enable()


# --- fill ------------------------------------------------------------------------------------


def _fill(
    what: Sequence[Path],
    output: Path | None,
    csms: Path | None,
    settings: Path | None,
    reading: Reading,
    csm_columns: dict[str, str],
) -> None:
    if len(what) != 2 or output is None:
        raise InputError(
            "csmcalc fill takes a planning workbook, a list and the workbook to write: csmcalc "
            "fill my_plan.xlsx customers.csv -o filled.xlsx; with --update the workbook alone"
        )
    template, customers = what
    _check_target(output, template)
    spare(output, template, customers, reading.subscriptions, settings, csms)
    from csmcalc.plan.cells import CSMS, CUSTOMERS
    from csmcalc.planning.damage import Damage
    from csmcalc.planning.given import look_at

    with working("Looking at the workbook"):
        given = look_at(template, (CUSTOMERS, CSMS))
        from csmcalc.planning.customers import team_of

        damage = Damage(given.opened.source)
        team = team_of(given.opened, damage)
        damage.refuse()
    chosen = settings_told(settings, reading, given.inputs.settings)
    with working(READING_A_LIST):
        listed = _list(customers, given, reading)
    grow = csms is not None or not any(team)
    if csms is not None:
        team = _team(csms, chosen, reading, csm_columns)
    with working("Planning and filling"):
        from csmcalc.planning.fill import fill

        book = listed.book
        inputs = _inputs(chosen, book)
        made = fill(
            given.opened,
            given.inputs,
            inputs,
            book,
            team,
            grow_team=grow,
            extra=listed.extra,
            status=listed.status,
        )
    _deliver(made, book, output, listed.looks())


def _check_target(output: Path, template: Path) -> None:
    from csmcalc.reports.files import check_writable

    if output.suffix.lower() != template.suffix.lower():
        raise InputError(
            f"{output}: is filled from {template.name}; name it {output.stem}{template.suffix}"
        )
    check_writable(output)


def _list(customers: Path, given: Given, reading: Reading) -> Listed:
    """The list; the workbook tells the day and the currency where the options do not."""
    from csmcalc.planning.listed import is_new, read_list

    day = None if is_new(given) else str(given.inputs.as_of)
    options = reading.options(given.inputs.currency, day)
    return read_list(customers, given, options, reading.subscriptions)


def _inputs(chosen: Settings, book: Book) -> Inputs:
    from csmcalc.planning.inputs import Inputs

    return Inputs(chosen, book.as_of, book.currency)


def _team(
    path: Path, settings: Settings, reading: Reading, columns: dict[str, str]
) -> list[Member | None]:
    from csmcalc.io.csms import read_csms
    from csmcalc.io.options import ReadOptions
    from csmcalc.plan.rates import rates_of
    from csmcalc.planning.customers import member_of

    options = ReadOptions(columns=columns, decimal=reading.decimal)
    return [member_of(csm) for csm in read_csms(path, rates_of(settings).effective_hours, options)]


# --- update ----------------------------------------------------------------------------------


def _update(
    what: Sequence[Path],
    output: Path | None,
    csms: Path | None,
    settings: Path | None,
    reading: Reading,
) -> None:
    if len(what) != 1:
        raise InputError(
            "csmcalc fill --update takes the workbook alone: its customers are those that stand in "
            "it; csmcalc fill WORKBOOK CUSTOMERS -o OUT fills in a list"
        )
    if csms is not None:
        raise InputError("--csms is for a new list; with --update the team is that of Books")
    target = output or what[0]
    _check_target(target, what[0])
    from csmcalc.cli.source import refuse_list_options
    from csmcalc.planning.damage import Damage
    from csmcalc.planning.given import look_at

    refuse_list_options(what[0], reading)
    with working("Looking at the workbook"):
        given = look_at(what[0])
        from csmcalc.planning.customers import team_of

        damage = Damage(given.opened.source)
        team = team_of(given.opened, damage)
        damage.refuse()
        book = _own_book(given, reading)
    chosen = settings_told(settings, reading, given.inputs.settings)
    with working("Planning"):
        from csmcalc.planning.update import update

        made = update(given.opened, given.inputs, _inputs(chosen, book), book, team)
    _deliver(made, book, target)


def _own_book(given: Given, reading: Reading) -> Book:
    from csmcalc.plan.full import empty_book
    from csmcalc.planning.customers import book_of, options_of

    options = options_of(
        reading.options(given.inputs.currency, str(given.inputs.as_of)), given.inputs
    )
    if not given.is_filled:
        return empty_book(options.currency or given.inputs.currency, options.as_of)
    return book_of(given.opened, options, reading.subscriptions)


# --- both ------------------------------------------------------------------------------------


def _deliver(made: Made, book: Book, target: Path, looks: Sequence[str] = ()) -> None:
    from rich.markup import escape

    from csmcalc.cli.answers import console, show_answers
    from csmcalc.reports.files import problems_beside, problems_csv, write_together

    contents = {target: made.content}
    if book.problems:
        contents[problems_beside(target)] = problems_csv(book.problems)
    write_together(contents)
    show_answers(made.timeline.plan, target)
    for look in looks:
        console().print(f"  [yellow]LOOK[/] {look}", soft_wrap=True)
    for what, cells in (
        ("Formulas of your own in place of the workbook's, computed when it is opened", made.own),
        ("Your own formulas over what has changed, computed when it is opened", made.later),
    ):
        if cells:
            more = f" and {len(cells) - _SHOWN:,} more" if len(cells) > _SHOWN else ""
            shown = f"{what}: {', '.join(cells[:_SHOWN])}{more}"
            console().print(f"  [yellow]LOOK[/] {escape(shown)}", soft_wrap=True)
    if book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)
