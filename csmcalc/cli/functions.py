"""`csmcalc functions` and `csmcalc call`: the catalogue in the terminal."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csmcalc.cli.printing import json_text
from csmcalc.errors import ExitCode, Fault, InputError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from csmcalc.catalog import Entry

CALL_SETTINGS = {"allow_interspersed_args": False, "ignore_unknown_options": True}
"""How `call` is registered: after the function's name a minus begins a number, not an option."""


def functions(
    name: Annotated[str, typer.Argument(help="A function, or a part of its name.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the functions with their arguments, defaults and units."""
    entries = _matching(name)
    if as_json:
        typer.echo(json_text([_plain(entry) for entry in entries]))
        return
    if len(entries) == 1:
        _print_entry(_console(), entries[0])
    else:
        _print_groups(_console(), entries)


def call(
    name: Annotated[str, typer.Argument(help="The function, such as CSM_RATIO.")],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            help="0.81, TRUE, text, 2026-09-01, a range [1,2,3], a table [[1,2],[3,4]], '' = blank."
        ),
    ] = None,
) -> None:
    """Print the value of a function, alone and with full precision."""
    from csmcalc.cli import notation

    entry = _entry(name)
    if arguments == ["--help"]:
        _print_entry(_console(), entry)
        return
    cells = [notation.read(text) for text in arguments or ()]
    _check_count(entry, len(cells))
    value = entry.function(*cells)
    if entry.unit == "date" and notation.holds_day(cells):
        value = _as_days(value)
    typer.echo(notation.write(value))
    faults = _faults(value)
    if faults:
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(ExitCode.FAULT)


# --- finding ---------------------------------------------------------------------------------


def _matching(part: str) -> Sequence[Entry]:
    from csmcalc.catalog import CATALOGUE, find

    exact = find(part)
    if exact:
        return [exact]
    found = [entry for entry in CATALOGUE if part.strip().upper() in entry.name]
    return found or [_entry(part)]


def _entry(name: str) -> Entry:
    from csmcalc.catalog import CATALOGUE, find

    entry = find(name)
    if entry:
        return entry
    names = [entry.name for entry in CATALOGUE]
    near = difflib.get_close_matches(name.upper(), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "`csmcalc functions` lists them"
    raise InputError(f"there is no function {name}; {hint}")


def _check_count(entry: Entry, count: int) -> None:
    required = sum(not argument.is_optional for argument in entry.arguments)
    if count < required:
        raise InputError(f"too few arguments: {count} given; {entry.signature}")
    if count > len(entry.arguments):
        raise InputError(f"too many arguments: {count} given; {entry.signature}")


# --- showing ---------------------------------------------------------------------------------


def _as_days(value: Any) -> Any:
    """Dates as they were asked for: who wrote ISO dates reads ISO dates."""
    import numpy as np

    from csmcalc.core.dates import day_of

    if not isinstance(value, np.ndarray):
        return day_of(value)
    days = value.astype(object)
    for place, cell in np.ndenumerate(days):
        days[place] = cell if isinstance(cell, Fault) else day_of(cell)
    return days


def _faults(value: Any) -> list[str]:
    import numpy as np

    if not isinstance(value, np.ndarray):
        return []
    return [
        f"{_place(place)}: {cell}"
        for place, cell in np.ndenumerate(value)
        if isinstance(cell, Fault)
    ]


def _place(place: tuple[int, ...]) -> str:
    if len(place) == 1:
        return f"item {place[0] + 1}"
    return f"row {place[0] + 1}, column {place[1] + 1}"


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "group": entry.group,
        "summary": entry.summary,
        "arguments": [
            {
                "name": argument.name,
                "text": argument.text,
                "unit": argument.unit,
                "kind": argument.kind,
                "default": argument.default,
                "optional": argument.is_optional,
                "range": argument.is_range,
            }
            for argument in entry.arguments
        ],
        "returns": entry.returns,
        "unit": entry.unit,
        "spills": entry.spills,
    }


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False)


def _print_groups(console: Console, entries: Sequence[Entry]) -> None:
    from csmcalc.catalog import CATALOGUE

    width = max(len(entry.name) for entry in CATALOGUE)
    for group in dict.fromkeys(entry.group for entry in entries):
        table = _table("Function", "Arguments", "Gives", first_width=width)
        for entry in entries:
            if entry.group == group:
                arguments = ", ".join(argument.signature for argument in entry.arguments)
                table.add_row(entry.name, arguments, entry.summary)
        console.print(group, style="bold")
        console.print(table)
    console.print("[brackets]: optional, with the default. More: csmcalc functions NAME")


def _print_entry(console: Console, entry: Entry) -> None:
    table = _table("Argument", "Default", "Unit", "Meaning")
    for argument in entry.arguments:
        default = argument.default_text or ("none" if argument.is_optional else "")
        meaning = f"range: {argument.text}" if argument.is_range else argument.text
        table.add_row(argument.name, default, argument.unit, meaning)
    console.print(entry.signature, style="bold")
    console.print(entry.summary, entry.equation, "", sep="\n\n", end="")
    console.print(table)
    console.print(f"Returns: {entry.returns}; {entry.unit}.")
    console.print(f"Errors: {entry.errors}")
    console.print(f"Source: {entry.source}", entry.example, sep="\n\n")


def _table(first: str, *others: str, first_width: int | None = None) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=bool(first_width))
    table.add_column(first, no_wrap=True, style="bold", width=first_width)
    for header in others:
        table.add_column(header, ratio=1 if first_width else None)
    return table
