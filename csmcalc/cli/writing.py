"""Where a command's workbook goes."""

from __future__ import annotations

from pathlib import Path

from csmcalc.errors import InputError


def workbook_target(output: Path | None, customers: Path, what: str, as_json: bool) -> Path | None:
    """The workbook to write: as told, else named after the list in the working folder.

    With JSON and no name there is none. What cannot be written is refused before the work.
    """
    from csmcalc.reports.files import check_writable

    if output is None:
        if as_json:
            return None
        output = Path(f"{customers.stem}-{what}.xlsx")
    if output.suffix.lower() != ".xlsx":
        name = output.stem.lstrip(".") if output.suffix else output.name
        raise InputError(f"{output}: the {what} is an Excel workbook; name it {name or what}.xlsx")
    check_writable(output)
    return output


def spare(target: Path | None, *inputs: Path | None) -> None:
    """Refuse to write over what is read: the list would be gone."""
    from csmcalc.reports.files import problems_beside

    for written in (target, problems_beside(target)) if target else ():
        for read in filter(None, inputs):
            if written.exists() and read.exists() and written.samefile(read):
                raise InputError(f"{read}: would be overwritten; name another file with -o")
