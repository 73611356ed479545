"""`csmcalc optimise`: how many CSMs the customers are worth, with the proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csmcalc.cli.printing import json_text
from csmcalc.cli.reading import CustomerList, Reading, reads_a_list, working
from csmcalc.cli.source import source_of
from csmcalc.cli.writing import spare
from csmcalc.errors import ExitCode, InputError

if TYPE_CHECKING:
    from csmcalc.plan.plan import Plan


@reads_a_list
def optimise(
    customers: CustomerList,
    csms: Annotated[
        int | None,
        typer.Option(min=0, help="What this headcount is worth, instead of the best one."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write with the hours of each account (.csv)."),
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    *,
    reading: Reading,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answers as JSON on standard output.")
    ] = False,
) -> None:
    """How many CSMs maximise the value of all customers, what the rules lose, and the proof."""
    target = _target(output)
    spare(target, customers, reading.subscriptions, settings)
    source = source_of(customers, settings, reading)
    chosen, book = source.settings, source.book()
    with working("Weighing every headcount"), source.citing():
        from csmcalc.plan.plan import make_plan
        from csmcalc.plan.value_digest import value_digest

        made = make_plan(book, chosen)
        found = value_digest(made, csms)
    if target:
        _write(made, found["csms"], target)
    if as_json:
        typer.echo(json_text(found))
    else:
        from csmcalc.cli.value_answers import show_value

        show_value(made, found, target)
    if book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _target(output: Path | None) -> Path | None:
    from csmcalc.reports.files import check_writable

    if output is not None:
        if output.suffix.lower() != ".csv":
            raise InputError(f"{output}: hours are written as CSV; name it {output.stem}.csv")
        check_writable(output)
    return output


_COLUMNS = (
    ("hours", "best_hours"),
    ("level", "service_level"),
    ("none", "retention_no_service"),
    ("retention", "retention"),
    ("value", "value"),
)


def _write(plan: Plan, csms: int, target: Path) -> None:
    """The hours and service level of each account at a headcount."""
    from csmcalc.reports.files import table_csv, write_whole

    given, accounts = plan.value.accounts_at(csms), plan.accounts
    columns: list[Any] = [accounts[name] for name in _KNOWN]
    columns += [given[name] for name, _ in _COLUMNS]
    headings = (*_KNOWN, *(heading for _, heading in _COLUMNS))
    write_whole(target, table_csv(headings, zip(*(c.tolist() for c in columns), strict=True)))


_KNOWN = ("id", "name", "tier", "segment", "arr", "planned_hours")
