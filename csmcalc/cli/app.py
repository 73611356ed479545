"""`csmcalc`: the commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated

import typer

from csmcalc import __version__
from csmcalc.cli import functions, plan
from csmcalc.errors import CsmcalcError, TableError

app = typer.Typer(
    help="How many customer success managers do we need, and which customers should each own?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(plan.plan)
app.command()(plan.demo)
app.command("init-settings")(plan.init_settings)
app.command()(functions.functions)
app.command(context_settings=functions.CALL_SETTINGS)(functions.call)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"csmcalc {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error; works anywhere.")
    ] = False,
) -> None:
    """Options of csmcalc itself."""


_common.__doc__ = app.info.help


def main() -> None:
    """Run the command line; an error the user can mend is a message, without a traceback."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        app(arguments)
    except CsmcalcError as error:
        if debug:
            traceback.print_exc()
        _explain(error)
        sys.exit(error.exit_code)


def _explain(error: CsmcalcError) -> None:
    if isinstance(error, TableError):
        from csmcalc.cli.answers import show_problems

        show_problems(error)
    else:
        typer.echo(str(error), err=True)
