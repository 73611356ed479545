"""`csmcalc plan`, `demo` and `init-settings`: from a customer list to a workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.printing import json_text
from csmcalc.cli.reading import READING_A_LIST, CustomerList, Reading, reads_a_list, working
from csmcalc.cli.source import source_of
from csmcalc.cli.writing import spare, workbook_target
from csmcalc.errors import ExitCode, InputError

if TYPE_CHECKING:
    from csmcalc.plan.plan import Plan
    from csmcalc.plan.settings import Settings
    from csmcalc.portfolio.book import Book

DEMO_AS_OF = dt.date(2026, 9, 30)


@reads_a_list
def plan(
    customers: CustomerList,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Workbook to write (.xlsx).")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    *,
    reading: Reading,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answers as JSON on standard output.")
    ] = False,
) -> None:
    """Plan a customer list: how many CSMs, which segments, what margin; write the workbook."""
    target = workbook_target(output, customers, "plan", as_json)
    spare(target, customers, reading.subscriptions, settings)
    source = source_of(customers, settings, reading)
    book = source.book()
    with source.citing():
        _deliver(book, source.settings, target, as_json)


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Workbook to write (.xlsx).")
    ] = Path("csmcalc-demo.xlsx"),
) -> None:
    """Plan the small customer book that comes with the package."""
    from importlib.resources import as_file, files

    from csmcalc.io.options import ReadOptions

    with working(READING_A_LIST):
        from csmcalc.io.customers import read_customers

        with as_file(files("csmcalc") / "data" / "demo_customers.csv") as path:
            book = read_customers(path, ReadOptions(as_of=DEMO_AS_OF))
    from csmcalc.plan.settings import Settings

    _deliver(book, Settings(), workbook_target(output, output, "plan", False), False)


def init_settings(
    path: Annotated[Path, typer.Argument(help="Settings file to write, such as plan.toml.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a commented settings file with every default, its unit and its source."""
    from csmcalc.io.settings import settings_text
    from csmcalc.reports.files import write_whole

    if path.exists() and not force:
        raise InputError(f"{path}: exists already; --force overwrites it")
    write_whole(path, settings_text().encode("utf-8"))
    typer.echo(f"{path}: written; change what you know better, then csmcalc plan --settings {path}")


# --- the steps -------------------------------------------------------------------------------


def _deliver(book: Book, settings: Settings, target: Path | None, as_json: bool) -> None:
    """Plan a book, write its workbook, say what was found."""
    from csmcalc.plan.digest import digest
    from csmcalc.plan.plan import make_plan

    with working("Planning"):
        made = make_plan(book, settings)
    if target:
        with working("Writing the workbook"):
            _write(made, target)
    if as_json:
        typer.echo(json_text(digest(made)))
    else:
        from csmcalc.cli.answers import show_answers

        assert target
        show_answers(made, target)
    if made.book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _write(made: Plan, target: Path) -> None:
    from csmcalc.reports.files import problems_beside, problems_csv, write_together
    from csmcalc.reports.plan_report import plan_report
    from csmcalc.reports.render import render

    contents = {target: render(plan_report(made))}
    if made.book.problems:
        contents[problems_beside(target)] = problems_csv(made.book.problems)
    write_together(contents)
