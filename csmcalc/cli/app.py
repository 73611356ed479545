"""`csmcalc`: the commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import traceback
from typing import Annotated

import typer

from csmcalc import __version__
from csmcalc.cli import assign, fill, functions, optimise, plan, report, timeline
from csmcalc.cli.addin import addin
from csmcalc.cli.printing import print_anything
from csmcalc.cli.template import template
from csmcalc.errors import CsmcalcError, ExitCode, TableError

app = typer.Typer(
    help="How many customer success managers do we need, and which customers should each own?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(plan.plan)
app.command()(plan.demo)
app.command()(optimise.optimise)
app.command()(timeline.timeline)
app.command()(assign.assign)
app.command()(report.report)
app.command()(fill.fill)
app.command("init-settings")(plan.init_settings)
app.command()(functions.functions)
app.command(context_settings=functions.CALL_SETTINGS)(functions.call)
app.add_typer(addin, name="addin")
app.add_typer(template, name="template")


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


def run() -> None:
    """The program: `main`, and then the end at once.

    Python would first take every object apart: a quarter of a second after a long list.
    """
    code: int | str | None = ExitCode.OK
    # Sums of 50,000 products are not worth a second thread, which would wait for more at full load.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        main()
    except SystemExit as end:
        code = end.code
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done
    if not isinstance(code, int):  # a message, which Python prints
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def main() -> None:
    """Run the command line; an error the user can mend is a message, without a traceback."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    print_anything()
    gc.set_threshold(_ALLOCATIONS)
    try:
        try:
            app(arguments)
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except KeyboardInterrupt:  # before typer listens, or after
        _say(_WHOLE)
        sys.exit(_INTERRUPTED)
    except SystemExit as end:
        if end.code == _INTERRUPTED:
            _say(_WHOLE)
        raise
    except BrokenPipeError:
        _drop_output()
        sys.exit(ExitCode.FAULT)
    except (CsmcalcError, OSError, MemoryError) as error:
        if debug:
            traceback.print_exc()
        sys.exit(_explain(error))


_ALLOCATIONS = 200_000
"""Objects from which on Python looks for garbage: plans are made of many that all stay."""

_INTERRUPTED = 130
"""What a shell expects after Ctrl-C; typer ends with it."""

_WHOLE = "Interrupted. Files are written whole or not at all."


def _explain(error: CsmcalcError | OSError | MemoryError) -> ExitCode:
    """Say what is wrong; the exit code."""
    if isinstance(error, TableError):
        from csmcalc.cli.answers import show_problems

        show_problems(error)
    elif isinstance(error, MemoryError):
        _say("There is not enough memory for this list; export only the columns that are needed.")
    elif isinstance(error, OSError):
        # Files have their own messages: what is left is the terminal, or what stands in its place.
        _say(f"The output cannot be printed: {error.strerror or error}")
        _drop_output()
    else:
        _say(str(error))
    return error.exit_code if isinstance(error, CsmcalcError) else ExitCode.BAD_INPUT


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _drop_output() -> None:
    """Python would try once more at its end, and complain."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
