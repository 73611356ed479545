"""`csmcalc assign`: from a customer list and a CSM list to books with a proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from csmcalc.cli.printing import json_text
from csmcalc.cli.reading import Reading, columns_told, read_settings, reads_a_list, working
from csmcalc.errors import ExitCode, InputError

if TYPE_CHECKING:
    from csmcalc.plan.books import BookPlan
    from csmcalc.plan.plan import Plan
    from csmcalc.portfolio.books.task import Task
    from csmcalc.portfolio.books.team import Csm

DEFAULT_SECONDS = 20.0


@reads_a_list
def assign(
    customers: Annotated[Path, typer.Argument(help="Customer list: CSV, XLSX or Parquet.")],
    csms: Annotated[
        Path, typer.Option(help="CSM list: name, hours or FTE, and what each serves.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Workbook to write (.xlsx).")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    *,
    reading: Reading,
    csm_column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=HEADER",
            help='Say which column of the CSM list holds a field, such as hours="Capacity".',
        ),
    ] = None,
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
        typer.Option(min=0.05, help=f"Time for the search; {DEFAULT_SECONDS:g} if left out."),
    ] = None,
    work: Annotated[
        int | None, typer.Option(min=1, help="Steps of search instead of time: repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the answers as JSON on standard output.")
    ] = False,
) -> None:
    """Give every customer to a CSM: balanced books, every rule kept, the gap to the best proven."""
    from csmcalc.cli.plan import target_of

    if seconds is not None and work is not None:
        raise InputError("--seconds and --work exclude each other; give one of them")
    target = target_of(output, customers, as_json, "books")
    chosen = read_settings(settings)
    if rule:
        chosen = chosen.replace("books", rules=(*chosen.books.rules, *rule))
    plan = _planned(customers, chosen, reading)
    team = _team(csms, plan, reading, csm_column or [], csm_sheet)
    task, asked = _asked(plan, team, leaves or [], joins or [], fewest_moves=fewest_moves)
    made = _made(plan, task, seconds, work, seed, asked)
    _deliver(made, target, as_json)


# --- the steps -------------------------------------------------------------------------------


def _planned(customers: Path, chosen: Settings, reading: Reading) -> Plan:
    options = reading.options(chosen.money.currency)
    with working("Reading the lists"):
        from csmcalc.io.customers import read_customers
        from csmcalc.plan.plan import make_plan

        return make_plan(read_customers(customers, options, reading.subscriptions), chosen)


def _team(
    path: Path, plan: Plan, reading: Reading, columns: list[str], sheet: str | None
) -> tuple[Csm, ...]:
    from csmcalc.io.csms import read_csms
    from csmcalc.io.options import ReadOptions

    options = ReadOptions(
        columns=columns_told(columns, "--csm-column"),
        sheet=sheet,
        decimal=reading.decimal,
        default_currency=plan.book.currency,
    )
    return read_csms(path, plan.rates.effective_hours, options)


def _asked(
    plan: Plan, team: tuple[Csm, ...], leaving: list[str], joining: list[str], *, fewest_moves: bool
) -> tuple[Task, list[str]]:
    """The question with all its what-ifs, and these in words."""
    from csmcalc.plan.books import task_of
    from csmcalc.portfolio.books import whatif

    asked = []
    task = task_of(plan, team)
    ...
