"""`csmcalc assign`: from a customer list and a CSM list to books with a proof."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.printing import json_text
from csmcalc.cli.reading import (
    CsmColumns,
    CustomerList,
    Reading,
    columns_told,
    reads_a_list,
    working,
)
from csmcalc.cli.source import Source, source_of
from csmcalc.cli.writing import spare, workbook_target
from csmcalc.errors import ExitCode, InputError, TableError

if TYPE_CHECKING:
    from csmcalc.plan.books import BookPlan
    from csmcalc.plan.plan import Plan
    from csmcalc.plan.settings import Settings
    from csmcalc.portfolio.book import Book
    from csmcalc.portfolio.books.task import Task
    from csmcalc.portfolio.books.team import Csm

DEFAULT_SECONDS = 20.0
_SHORTEST = 0.05


@reads_a_list
def assign(
    customers: CustomerList,
    csms: Annotated[
        Path | None,
        typer.Option(
            help="CSM list: name, hours or FTE, and what each serves; a planning workbook has its "
            "own."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Workbook to write (.xlsx).")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    *,
    reading: Reading,
    csm_column: CsmColumns = None,
    csm_sheet: Annotated[
        str | None, typer.Option(help="Sheet of the CSM list's workbook to read.")
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(help="A hard rule beside those of the settings. May be repeated."),
    ] = None,
    leaves: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="What if this CSM leaves?")
    ] = None,
    joins: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CSM", help='What if one joins, such as "Dana Wolf, ramp=0.4, region=EMEA"?'
        ),
    ] = None,
    fewest_moves: Annotated[
        bool, typer.Option("--fewest-moves", help="Move as little as the hard rules allow.")
    ] = False,
    seconds: Annotated[
        float | None,
        typer.Option(help=f"Time for the search; {DEFAULT_SECONDS:g} if left out."),
    ] = None,
    work: Annotated[
        int | None, typer.Option(help="Steps of search instead of time: repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answers as JSON on standard output.")
    ] = False,
) -> None:
    """Give every customer to a CSM: balanced books, every rule kept, the gap to the best proven."""
    _check_search(seconds, work, seed)
    target = _target(output, customers, as_json)
    spare(target, customers, csms, reading.subscriptions, settings)
    source = source_of(customers, settings, reading)
    chosen = source.settings
    if rule:
        chosen = chosen.replace("books", rules=(*chosen.books.rules, *rule))
    book = source.book()
    with source.citing():
        plan = _planned(book, chosen)
    team = _team(csms, source, plan, reading, csm_column or [], csm_sheet)
    with source.citing():
        task, asked, note = _asked(plan, team, leaves or [], joins or [], fewest_moves=fewest_moves)
    from csmcalc.portfolio.books.engine.keyboard import keyboard

    with keyboard() as keys:
        with working("Assigning (Ctrl-C takes the best so far)") as now, source.citing():
            from csmcalc.plan.books import make_books

            keys.told = lambda: now("Ending with the best so far (Ctrl-C again ends at once)")
            limit = (seconds or DEFAULT_SECONDS) if work is None else None
            made = make_books(plan, task, limit, seed, work or 1, asked)
        keys.searching = False
        _deliver(made, note, target, as_json)


# --- the steps -------------------------------------------------------------------------------


def _check_search(seconds: float | None, work: int | None, seed: int) -> None:
    """Refuse a search that cannot be."""
    if seconds is not None and work is not None:
        raise InputError("--seconds and --work exclude each other; give one of them")
    if seconds is not None and not (math.isfinite(seconds) and seconds >= _SHORTEST):
        raise InputError(
            f"--seconds is {seconds:g}; write a number of seconds of at least {_SHORTEST:g}, such "
            f"as {DEFAULT_SECONDS:g}"
        )
    if work is not None and work < 1:
        raise InputError(f"--work is {work}; write a whole number of steps of at least 1")
    if seed < 0:
        raise InputError(f"--seed is {seed}; write a whole number of at least 0")


def _target(output: Path | None, customers: Path, as_json: bool) -> Path | None:
    """A workbook, or a CSV with the owners alone."""
    from csmcalc.reports.files import check_writable

    if output is None or output.suffix.lower() != ".csv":
        if output is not None and output.suffix.lower() != ".xlsx":
            name = output.with_suffix("").name or "books"
            raise InputError(
                f"{output}: books are written as an Excel workbook, or their owners alone as CSV; "
                f"name it {name}.xlsx or {name}.csv"
            )
        return workbook_target(output, customers, "books", as_json)
    check_writable(output)
    return output


def _planned(book: Book, chosen: Settings) -> Plan:
    with working("Planning"):
        from csmcalc.plan.plan import make_plan

        return make_plan(book, chosen)


def _team(
    path: Path | None,
    source: Source,
    plan: Plan,
    reading: Reading,
    columns: list[str],
    sheet: str | None,
) -> tuple[Csm, ...]:
    """The CSMs of a file, or those of the planning workbook that is planned from."""
    from csmcalc.io.csms import read_csms
    from csmcalc.io.options import ReadOptions

    told, table = columns_told(columns, "--csm-column"), None
    if path is None:
        if source.given is None:
            raise InputError("name the CSM list with --csms; a planning workbook has its own")
        from csmcalc.planning.given import TEAM_COLUMNS

        path, told, table = source.path, {**TEAM_COLUMNS, **told}, "Csms"
    options = ReadOptions(
        columns=told,
        sheet=sheet,
        table=table,
        decimal=reading.decimal,
        default_currency=plan.book.currency,
    )
    try:
        return read_csms(path, plan.rates.effective_hours, options)
    except TableError:
        raise
    except InputError as error:
        raise InputError(_of_csms(str(error))) from None


def _of_csms(message: str) -> str:
    """A message about a list, with the names that its options have for the CSM list."""
    for option in ("--column", "--sheet"):
        message = message.replace(option, f"--csm-{option[2:]}")
    return message


def _asked(
    plan: Plan, team: tuple[Csm, ...], leaving: list[str], joining: list[str], *, fewest_moves: bool
) -> tuple[Task, list[str], str]:
    """The question with its what-ifs, these in words, and a note on owners nobody knows."""
    from csmcalc.plan.books import task_of
    from csmcalc.portfolio.books import whatif
    from csmcalc.portfolio.books.answers import strangers
    from csmcalc.portfolio.books.words import stranger_words

    joined = [whatif.csm_from(text, plan.rates.effective_hours) for text in joining]
    for csm in joined:
        whatif.check_new(csm, (one.name for one in team))
    task = task_of(plan, (*team, *joined))
    note = stranger_words(strangers(task))
    asked = []
    for name in leaving:
        rules = whatif.held_without(task, name)
        held = "".join(f', rule "{rule}" then holds by itself' for rule in rules)
        task = whatif.leaves(task, name)
        asked.append(f"{name} leaves{held}")
    asked += [f"{csm.name} joins with {csm.share:,.0f} hours now" for csm in joined]
    if fewest_moves:
        by = plan.settings.books.continuity_by
        task = whatif.moving_least(task, by)
        asked.append(
            f"as {'few customers' if by == 'customers' else 'little ARR'} moves as the rules allow"
        )
    return task, asked, note


def _deliver(made: BookPlan, note: str, target: Path | None, as_json: bool) -> None:
    """Check once more, write, say what was found."""
    from csmcalc.plan.books_digest import books_digest
    from csmcalc.portfolio.books.assign import refuse_violations
    from csmcalc.portfolio.books.check import check

    refuse_violations(check(made.task, made.assigned.owner))
    if target:
        with working("Writing the books"):
            _write(made, target)
    if as_json:
        digest = books_digest(made)
        digest["notes"] += [note] if note else []
        typer.echo(json_text(digest))
    else:
        from csmcalc.cli.book_answers import show_books

        assert target
        show_books(made, target, note)
    if made.plan.book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _write(made: BookPlan, target: Path) -> None:
    from csmcalc.reports.files import problems_beside, problems_csv, table_csv, write_together

    if target.suffix.lower() == ".csv":
        task = made.task
        names = zip(task.customers["id"], task.customers["name"], made.assigned.owner, strict=True)
        contents = {target: table_csv(("id", "name", "csm"), names)}
    else:
        from csmcalc.reports.books_report import books_report
        from csmcalc.reports.render import render

        contents = {target: render(books_report(made))}
    if made.plan.book.problems:
        contents[problems_beside(target)] = problems_csv(made.plan.book.problems)
    write_together(contents)
