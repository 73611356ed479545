"""`csmcalc template`: a new planning workbook; what binds to what in a template of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csmcalc.cli.printing import json_text
from csmcalc.errors import ExitCode
from csmcalc.io.phrases import counted

if TYPE_CHECKING:
    from csmcalc.reports.template import Finding, Limits, Template

template = typer.Typer(help="A planning workbook to fill; a look at a template of your own.")

_MEGABYTE = 10**6
LargestPart = Annotated[
    int, typer.Option("--largest-part", min=1, metavar="MB", help="Largest part, unpacked.")
]
LargestTotal = Annotated[
    int,
    typer.Option(
        "--largest-total", min=1, metavar="MB", help="Largest size of all parts, unpacked."
    ),
]
LARGEST_PART, LARGEST_TOTAL = 1_000, 4_000


def limits_of(largest_part: int, largest_total: int) -> Limits:
    """What a template may unpack to."""
    from csmcalc.reports.template import Limits

    return Limits(part=largest_part * _MEGABYTE, total=largest_total * _MEGABYTE)


@template.callback()
def _template() -> None:
    """A planning workbook to fill; a look at a template of your own."""


@template.command()
def new(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Workbook to write.")
    ] = Path("csm_planning.xlsx"),
    functions: Annotated[
        bool,
        typer.Option("--functions", help="With the functions of csmcalc, for Excel: an .xlsm."),
    ] = False,
) -> None:
    """Write a new planning workbook: inputs, scenarios, customers, books and what follows.

    It recalculates without csmcalc; csmcalc fill fills it from a list.
    """
    from csmcalc.reports.planning.shipped import write_new

    written = write_new(output, functions=functions)
    typer.echo(f"Written: {written}")
    if functions:
        typer.echo("Its functions need csmcalc addin install; keep it in the folder named there.")
    typer.echo(f"Next: open it, or  csmcalc fill {written} CUSTOMERS -o filled{written.suffix}")


@template.command()
def check(
    file: Annotated[Path, typer.Argument(help="Template: an Excel workbook (.xlsx or .xlsm).")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as JSON on standard output.")
    ] = False,
    largest_part: LargestPart = LARGEST_PART,
    largest_total: LargestTotal = LARGEST_TOTAL,
) -> None:
    """Check a template: which tables and names take data, what is refused and where.

    Exit code 3 when something is refused and the rest can be filled, 2 when nothing takes data.
    """
    from csmcalc.reports.template import FindingKind, compile_template

    compiled = compile_template(file, limits_of(largest_part, largest_total))
    if as_json:
        typer.echo(json_text(_described(compiled)))
    else:
        _show(compiled)
    if not _takes_data(compiled):
        raise typer.Exit(ExitCode.BAD_INPUT)
    if any(finding.kind is FindingKind.REFUSED for finding in compiled.findings):
        raise typer.Exit(ExitCode.PARTLY_DONE)


def _described(compiled: Template) -> dict[str, object]:
    return {
        "template": compiled.source,
        "tables": [
            {
                "name": table.name,
                "sheet": table.sheet,
                "columns": list(table.headings),
                "computed": sorted(table.computed),
                "refused": table.refusal or None,
            }
            for table in compiled.tables.values()
        ],
        "names": list(compiled.names),
        "findings": [
            {"kind": finding.kind.value, "place": finding.place, "what": finding.what}
            for finding in compiled.findings
        ],
    }


_MOST_SHOWN = 100


def _show(compiled: Template) -> None:
    from csmcalc.reports.template import FindingKind

    typer.echo(f"{compiled.source}: {_summary(compiled)}")
    for kind in FindingKind:
        found = [finding for finding in compiled.findings if finding.kind is kind]
        if found:
            typer.echo(f"\n{_TITLES[kind.value]}")
        for finding in found[:_MOST_SHOWN]:
            typer.echo(f"  {_line(finding)}")
        if len(found) > _MOST_SHOWN:
            typer.echo(f"  and {len(found) - _MOST_SHOWN:,} more; --json lists all")


def _takes_data(compiled: Template) -> bool:
    tables = compiled.tables.values()
    return bool(compiled.names) or any(not table.refusal for table in tables)


def _summary(compiled: Template) -> str:
    filled = [table for table in compiled.tables.values() if not table.refusal]
    if not _takes_data(compiled):
        return (
            "nothing in it takes data: make a range a table (Insert, Table), give a cell a name, "
            "or write {{name}} into a text"
        )
    return (
        f"{len(filled)} of {counted(len(compiled.tables), 'table')} and "
        f"{counted(len(compiled.names), 'name')} bind"
    )


def _line(finding: Finding) -> str:
    return f"{finding.place}: {finding.what}"


_TITLES = {
    "table": "Tables that take rows, by heading",
    "name": "Names that take a value",
    "text": "Texts that show a value",
    "refused": "Refused",
    "uncomputed": "Formulas without a value until Excel or LibreOffice opens the report",
    "not kept": "Not kept",
    "note": "Worth knowing",
}
