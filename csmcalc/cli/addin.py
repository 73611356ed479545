"""`csmcalc addin`: the functions put into Excel and LibreOffice, and what stands in their way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
