"""`csmcalc addin`: the functions put into Excel and LibreOffice, and what stands in their way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.printing import json_text
from csmcalc.errors import ExitCode

if TYPE_CHECKING:
    from csmcalc.excel.windows.doctor import Finding

addin = typer.Typer(
    help="The functions in the cells of Excel and LibreOffice.", no_args_is_help=True
)


@addin.command()
def libreoffice(
    profile: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Profile to change; the user's own if left out."),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the functions out.")] = False,
) -> None:
    """Put the functions into LibreOffice Calc; repeat it after an update of csmcalc."""
    from csmcalc.excel.libreoffice import profile as profiles

    chosen = profile or profiles.default_profile()
    if not remove:
        count = profiles.install(chosen)
        typer.echo(f"{count} functions installed in {chosen}. Start LibreOffice and try")
        typer.echo("  =CSM_RATIO(30000000)    which gives 15")
    elif profiles.remove(chosen):
        typer.echo(f"The functions are removed from {chosen}.")
    else:
        typer.echo(f"The functions are not installed in {chosen}; nothing was changed.")


Folder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the workbooks; a local one if left out."),
]


@addin.command()
def install(folder: Folder = None) -> None:
    """Put the workbooks with functions in place for Excel on Windows."""
    from csmcalc.excel.windows import install as windows
    from csmcalc.excel.windows.system import this_system

    system = this_system()
    for path in windows.install(system, folder or windows.default_folder(system)):
        typer.echo(f"Written: {path}")
    typer.echo("Open selfcheck.xlsm: every test must be TRUE. If not: csmcalc addin doctor")


@addin.command()
def uninstall(folder: Folder = None) -> None:
    """Remove what `install` wrote, and nothing else."""
    from csmcalc.excel.windows import install as windows
    from csmcalc.excel.windows.system import this_system

    system = this_system()
    chosen = folder or windows.default_folder(system)
    removed, kept = windows.uninstall(chosen)
    for path in removed:
        typer.echo(f"Removed: {path}")
    for path in kept:
        typer.echo(f"Kept, for it was changed since: {path}")
    if not removed and not kept:
        typer.echo(f"Nothing is installed in {chosen}; nothing was changed.")


@addin.command()
def doctor(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Look for what keeps Excel from the functions, and say what to do."""
    from dataclasses import asdict

    from csmcalc.excel.windows import doctor as windows
    from csmcalc.excel.windows.install import default_folder
    from csmcalc.excel.windows.system import this_system

    system = this_system()
    found = windows.findings(system, folder or default_folder(system))
    if as_json:
        typer.echo(json_text([asdict(finding) for finding in found]))
    else:
        _show(found)
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(ExitCode.FAULT)


def _show(found: list[Finding]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    table = Table("", "Looked at", "Found", box=SIMPLE_HEAD)
    for finding in found:
        table.add_row(finding.state, finding.what, escape(finding.found))
    console.print(table)
    # Outside the table, so that a command can be copied in one piece.
    for finding in found:
        if finding.remedy:
            console.print(f"{finding.what}: {escape(finding.remedy)}", soft_wrap=True)
