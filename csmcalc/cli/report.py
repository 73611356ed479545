"""`csmcalc report`: one list, a report for each of its slices."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.reading import Reading, reads_a_list, working
from csmcalc.cli.source import Source, settings_told, source_of
from csmcalc.cli.template import (
    LARGEST_PART,
    LARGEST_TOTAL,
    LargestPart,
    LargestTotal,
    limits_of,
)
from csmcalc.errors import ExitCode, InputError
from csmcalc.io.phrases import counted

if TYPE_CHECKING:
    from csmcalc.batch.begin import Prepared
    from csmcalc.batch.folder import RunFolder
    from csmcalc.batch.manifest import Entry
    from csmcalc.batch.run import Outcome
    from csmcalc.io.options import ReadOptions
    from csmcalc.io.raw import RawTable
    from csmcalc.reports.template import Template

_SHOWN = 20
_LARGE = 64_000_000


@reads_a_list
def report(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[TEMPLATE] DATA",
            help="The template (.xlsx, .xlsm; not with --plan), then the list: CSV, XLSX, Parquet, "
            "SQLite, or a database URL with --sql.",
        ),
    ],
    by: Annotated[
        str, typer.Option(help="One report for each owner, region, or value of any column.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder of the run, new or empty.")
    ],
    plan: Annotated[
        bool, typer.Option("--plan", help="The full plan of each slice, and index.xlsx.")
    ] = False,
    scenarios: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|all", help="The months too, a report for each; repeat it; with --plan."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN", help='Names of the reports, such as "{owner}-{month}.xlsx".'
        ),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file (TOML), with --plan.")
    ] = None,
    sql: Annotated[str | None, typer.Option(metavar="QUERY", help="Query of a database.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Processes; as many as processors if left out."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run that was begun in the folder.")
    ] = False,
    largest_part: LargestPart = LARGEST_PART,
    largest_total: LargestTotal = LARGEST_TOTAL,
    *,
    reading: Reading,
) -> None:
    """One report for each slice of a list: a template filled, or the plan (--plan)."""
    told = bool(settings or reading.assignments)
    template, data = _arguments(what, plan=plan, settings=told, scenarios=scenarios)
    from csmcalc.batch.folder import run_folder
    from csmcalc.batch.pool import warm_up

    with _ended_like_interrupted(), run_folder(output, resume=resume) as folder:
        begun = folder.record.inputs.get("as_of") if folder.record else None
        source, table = _list(data, sql, settings, reading, begun)
        if jobs != 1:
            warm_up(much=template is not None and _is_large(data))
        if template is None:
            from csmcalc.batch.begin import prepare_plans

            with working("Reading the list"), source.citing():
                options, chosen = source.options, source.settings
                ready = prepare_plans(
                    table,
                    options,
                    chosen,
                    by,
                    name,
                    reading.subscriptions,
                    scenarios or (),
                    every_segment=source.given is not None,
                    members=source.members(),
                )
            _plans(folder, ready, by, jobs)
        else:
            from csmcalc.batch.template import read_once

            read = read_once(template, limits_of(largest_part, largest_total))
            _stamps(folder, template, read, table, source.options, by, name, jobs)


def _arguments(
    what: list[str], *, plan: bool, settings: bool, scenarios: list[str] | None
) -> tuple[Path | None, str]:
    if plan:
        if len(what) != 1:
            raise InputError("csmcalc report --plan takes one list: csmcalc report --plan DATA ...")
        return None, what[0]
    if settings:
        raise InputError("--settings and --set are those of plans; add --plan, or leave them out")
    if scenarios:
        raise InputError("--scenarios are those of plans; add --plan, or leave them out")
    if len(what) != 2:
        raise InputError(
            "csmcalc report takes a template and a list: csmcalc report TEMPLATE DATA ...; the "
            "plan of each slice needs no template: csmcalc report --plan DATA ..."
        )
    return Path(what[0]), what[1]


def _is_large(data: str) -> bool:
    """Whether a list has some million cells."""
    try:
        return Path(data).stat().st_size > _LARGE
    except OSError:
        return False


def _list(
    data: str, sql: str | None, settings: Path | None, reading: Reading, begun: str | None
) -> tuple[Source, Callable[[], RawTable]]:
    """The list that is sliced, and its rows."""
    from csmcalc.io.sql import is_database

    if is_database(data):
        chosen = settings_told(settings, reading)
        options = reading.options(chosen.money.currency, begun)
        source = Source(Path(data), chosen, options, reading.subscriptions, None)
        return source, _table(data, sql, options)
    source = source_of(Path(data), settings, reading, begun)
    if source.given is None:
        return source, _table(data, sql, source.options)
    if sql is not None:
        raise InputError(f"{data}: is no database; leave --sql out, or name a database")
    return source, source.given.table


def _table(data: str, sql: str | None, options: ReadOptions) -> Callable[[], RawTable]:
    from csmcalc.io.files.tables import read_table
    from csmcalc.io.sql import is_database, read_sql

    if is_database(data):
        if sql is None:
            raise InputError(
                f"{data.partition('://')[0]}{'://...' if '://' in data else ''}: is a database; "
                'say what to read from it with --sql "select ..."'
            )
        if options.sheet or options.table or options.cells:
            raise InputError("--sheet, --table and --range are for Excel workbooks; leave them out")
        return lambda: read_sql(data, sql)
    if sql is not None:
        raise InputError(f"{data}: is no database; leave --sql out, or name a database")
    return lambda: read_table(Path(data), options)


# --- the two kinds of run --------------------------------------------------------------------


def _plans(folder: RunFolder, ready: Prepared, by: str, jobs: int | None) -> None:
    from csmcalc.batch.index import deliver_index, readable

    outcome = _work(folder, ready, jobs, readable)
    with working("Writing the index"):
        entries = deliver_index(folder, ready, outcome, by)
    _sum_up(folder, ready, outcome, [entry.file for entry in entries])


def _stamps(
    folder: RunFolder,
    path: Path,
    read: tuple[Template, bytes],
    table: Callable[[], RawTable],
    options: ReadOptions,
    by: str,
    name: str | None,
    jobs: int | None,
) -> None:
    from csmcalc.batch.begin import prepare_stamps
    from csmcalc.batch.template import still_the_same

    template, content = read
    with working("Reading the list"):
        ready = prepare_stamps(table, options, template, content, by, name)
    outcome = _work(folder, ready, jobs)
    changed = (
        ""
        if still_the_same(path, content)
        else (
            f"{path} was changed while the run was going: all reports are of the template as it "
            "was at the beginning; --resume makes them anew from the new one"
        )
    )
    _sum_up(folder, ready, outcome, [], changed)


def _work(
    folder: RunFolder,
    ready: Prepared,
    jobs: int | None,
    readable: Callable[[Entry], bool] = lambda _: True,
) -> Outcome:
    from csmcalc.batch.begin import FIXED
    from csmcalc.batch.run import Run

    with _progress(len(ready.jobs)) as tick:
        run = Run(folder, ready.inputs, FIXED, jobs, tick, readable)
        return run.work(ready.jobs, ready.source, ready.maker)


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[Entry], None]]:
    """A bar with the rate and the time that remains, on a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("Reports"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    with bar:
        task = bar.add_task("reports", total=total, rate="")

        def tick(_: Entry) -> None:
            speed = bar.tasks[task].speed
            bar.update(task, advance=1, rate=f"{speed:,.1f}/s" if speed else "")

        yield tick


@contextlib.contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """A polite end from outside (SIGTERM) tidies up as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("What is delivered stays; --resume makes the rest.", err=True)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _sum_up(
    folder: RunFolder, ready: Prepared, outcome: Outcome, others: list[str], changed: str = ""
) -> None:
    """What was delivered, what was not and why; exit code 3 where something was not."""
    from rich.markup import escape

    from csmcalc.batch.manifest import DONE, FAILED, MANIFEST
    from csmcalc.cli.answers import console

    out = console()
    for note in (*ready.notes, *(ready.whole.book.notes if ready.whole else ())):
        out.print(f"  [dim]note[/] {escape(note)}", soft_wrap=True)
    if outcome.changed:
        out.print(f"  [yellow]LOOK[/] Not as when the run was begun: {_names(outcome.changed)}")
    if outcome.rewritten:
        out.print(
            f"  [yellow]LOOK[/] Changed since their delivery, and made anew: "
            f"{escape(_names(outcome.rewritten))}",
            soft_wrap=True,
        )
    if changed:
        out.print(f"  [yellow]LOOK[/] {escape(changed)}", soft_wrap=True)
    for label in list(dict.fromkeys(job.slice for job in ready.empty))[:_SHOWN]:
        out.print(f"  [dim]note[/] {escape(label)}: no account to plan, so no report")
    failed = outcome.having(FAILED)
    for entry in failed[:_SHOWN]:
        about = f"{entry.slice}, {entry.scenario}" if entry.scenario else entry.slice
        out.print(f"  [red]FAILED[/] {escape(about)}: {escape(entry.error)}", soft_wrap=True)
    if len(failed) > _SHOWN:
        out.print(f"  and {len(failed) - _SHOWN:,} more failed; see {folder.path / MANIFEST}")
    done = len(outcome.having(DONE))
    new = f", {outcome.kept:,} of them from before" if outcome.kept else ""
    besides = f" and {_names(tuple(others))}" if others else ""
    every = counted(len(ready.jobs), "report")
    out.print(
        f"\nDelivered: {done:,} of {every}{new}{besides} in {folder.path}",
        soft_wrap=True,
    )
    if failed:
        out.print("Mend what is wrong and run again with --resume: only what is missing is made.")
        raise typer.Exit(ExitCode.PARTLY_DONE if done else ExitCode.BAD_INPUT)
    if ready.whole and ready.whole.book.problems:
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _names(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"
