"""`csmcalc timeline`: the plan over time, when to hire, scenarios and sensitivities."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.printing import json_text
from csmcalc.cli.reading import CustomerList, Reading, reads_a_list, working
from csmcalc.cli.source import source_of
from csmcalc.cli.writing import spare, workbook_target
from csmcalc.errors import ExitCode

if TYPE_CHECKING:
    from csmcalc.plan.timeline.timeline import Timeline

ALL = "all"


@reads_a_list
def timeline(
    customers: CustomerList,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Workbook to write (.xlsx).")
    ] = None,
    settings: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    months: Annotated[int | None, typer.Option(min=1, max=60, help="Months to plan.")] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="[ahead|arrears|level|optimal]", help="When to hire.")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME|all", help="The live scenario; all prints every one as JSON."),
    ] = None,
    *,
    reading: Reading,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every month as JSON on standard output.")
    ] = False,
) -> None:
    """Plan the months: customers, ARR, the team they need, whom to hire when, what if."""
    target = workbook_target(output, customers, "timeline", as_json)
    spare(target, customers, reading.subscriptions, settings)
    source = source_of(customers, settings, reading)
    chosen, book = source.settings, source.book()
    with working("Planning the months"), source.citing():
        from csmcalc.plan.plan import make_plan
        from csmcalc.plan.timeline.timeline import make_timeline

        live = None if scenario == ALL else scenario
        made = make_timeline(
            make_plan(book, chosen),
            months=months,
            policy=policy,
            scenario=live,
            every_segment=source.given is not None,  # as the months of the workbook have them
        )
    if target:
        with working("Writing the workbook"):
            _write(made, target)
    if as_json:
        from csmcalc.plan.timeline.digest import timeline_digest

        names = made.frame.cases.names if scenario == ALL else (made.live,)
        typer.echo(json_text(timeline_digest(made, names)))
    else:
        from csmcalc.cli.timeline_answers import show_timeline

        show_timeline(made, target)
    if book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _write(made: Timeline, target: Path) -> None:
    from csmcalc.reports.files import write_whole
    from csmcalc.reports.render import render
    from csmcalc.reports.timeline_report import timeline_report

    write_whole(target, render(timeline_report(made)))
