"""How a list is to be read: the options that all commands with a list share, declared once."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csmcalc.errors import InputError

if TYPE_CHECKING:
    from csmcalc.io.options import ReadOptions


READING_A_LIST = "Reading the list"
"""What a terminal is told while a list is read."""


CustomerList = Annotated[
    Path,
    typer.Argument(help="Customer list: CSV, XLSX or Parquet; or a filled planning workbook."),
]

CsmColumns = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=HEADER",
        help='Say which column of the CSM list holds a field, such as hours="Capacity".',
    ),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading options as given on the command line."""

    column: list[str]
    subscriptions: Path | None
    as_of: str | None
    currency: str | None
    sheet: str | None
    table: str | None
    cells: str | None
    decimal: str | None
    dates: str | None
    skip_bad_rows: bool
    deal_term_months: int
    assignments: list[str]

    def options(self, default_currency: str, as_of: str | None = None) -> ReadOptions:
        """As the readers want them; `as_of` is the day where none is given."""
        from csmcalc.io.options import ReadOptions

        return ReadOptions(
            columns=columns_told(self.column),
            sheet=self.sheet,
            table=self.table,
            cells=self.cells,
            as_of=_day(self.as_of or as_of),
            currency=self.currency,
            default_currency=default_currency,
            decimal=self.decimal,
            date_order=self.dates,
            skip_bad_rows=self.skip_bad_rows,
            deal_term_months=self.deal_term_months,
        )


def _declared(
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="FIELD=HEADER",
            help='Say which column holds a field, such as arr="ARR (USD)". May be repeated.',
        ),
    ] = None,
    subscriptions: Annotated[
        Path | None,
        typer.Option(help="Subscriptions or won deals to add up to the ARR of each account."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of the plan, YYYY-MM-DD; today if left out."),
    ] = None,
    currency: Annotated[str | None, typer.Option(help="Currency of the list, such as EUR.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of the workbook to read.")] = None,
    table: Annotated[str | None, typer.Option(help="Excel table to read.")] = None,
    cells: Annotated[
        str | None, typer.Option("--range", help="Range to read, such as 'Sheet1!B4:K90'.")
    ] = None,
    decimal: Annotated[
        str | None,
        typer.Option(metavar="[.|,]", help="Decimal sign of numbers written as text."),
    ] = None,
    dates: Annotated[
        str | None,
        typer.Option(metavar="[dmy|mdy]", help="Order of dates such as 03/04/2026."),
    ] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave bad rows out and list them.")
    ] = False,
    deal_term_months: Annotated[
        int, typer.Option(min=1, help="Months a won deal without an end brings revenue.")
    ] = 12,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SECTION.NAME=VALUE",
            help="One setting, such as capacity.pto=200; wins over --settings. May be repeated.",
        ),
    ] = None,
) -> Reading:
    return Reading(
        column=column or [],
        subscriptions=subscriptions,
        as_of=as_of,
        currency=currency,
        sheet=sheet,
        table=table,
        cells=cells,
        decimal=decimal,
        dates=dates,
        skip_bad_rows=skip_bad_rows,
        deal_term_months=deal_term_months,
        assignments=assignments or [],
    )


@functools.cache
def _shared() -> Mapping[str, inspect.Parameter]:
    """The reading options by name; every command with a list has them."""
    return inspect.signature(_declared, eval_str=True).parameters


def reads_a_list(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the reading options in place of its parameter `reading`."""
    own = inspect.signature(command, eval_str=True)
    shared = _shared()

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        reading = _declared(**{name: given.pop(name) for name in shared})
        command(**given, reading=reading)

    parameters = []
    for name, parameter in own.parameters.items():
        parameters += list(shared.values()) if name == "reading" else [parameter]
    merged = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in parameters]
    with_options.__signature__ = own.replace(parameters=merged)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in merged} | {"return": None}
    del with_options.__wrapped__
    return with_options


def columns_told(told: list[str], option: str = "--column") -> dict[str, str]:
    """Header by field, as given on the command line."""
    columns = {}
    for pair in told:
        field, sign, header = pair.partition("=")
        if not sign or not field.strip():
            raise InputError(f'{option} {pair}: write FIELD=HEADER, such as arr="ARR (USD)"')
        if field.strip() in columns:
            raise InputError(f"{option} {pair}: {field.strip()} is named twice; name one column")
        columns[field.strip()] = header.strip()
    return columns


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.date.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--as-of {text}: write a day as YYYY-MM-DD") from None


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Say on a terminal what takes its time; what is done then is said through what is given."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(f"{what} ...") as status:
        yield lambda now: status.update(f"{now} ...")
