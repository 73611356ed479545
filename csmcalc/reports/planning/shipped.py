"""The planning workbooks that come with the package, without customers."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from csmcalc.errors import InputError
from csmcalc.reports.files import check_writable, write_whole

FOLDER = "data/planning"
"""Where they stand in the package."""

WITHOUT, WITH_FUNCTIONS = "csm_planning.xlsx", "csm_planning.xlsm"


def shipped(*, functions: bool) -> bytes:
    """The planning workbook, with or without the functions of csmcalc in it."""
    name = WITH_FUNCTIONS if functions else WITHOUT
    return (resources.files("csmcalc") / FOLDER / name).read_bytes()


def write_new(path: Path, *, functions: bool) -> Path:
    """A new planning workbook under a name that is still free; its path.

    Raises:
        InputError: the name is taken, or its suffix is not that of the workbook.
    """
    suffix = Path(WITH_FUNCTIONS if functions else WITHOUT).suffix
    if path.suffix.lower() != suffix:
        other = ".xlsx" if functions else ".xlsm"
        why = "with the functions is" if functions else "without --functions is"
        if path.suffix.lower() == other:
            hint = "drop --functions" if functions else "add --functions"
            raise InputError(f"{path}: a workbook {why} {suffix}; name it so, or {hint}")
        raise InputError(
            f"{path}: a workbook {why} {suffix}; name it {path.stem or 'my_plan'}{suffix}"
        )
    if path.exists():
        raise InputError(
            f"{path}: is already there; choose another name with -o, or remove it first"
        )
    check_writable(path)
    write_whole(path, shipped(functions=functions))
    return path
