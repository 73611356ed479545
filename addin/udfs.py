"""The module that xlwings loads: one decorated function for every entry of the catalogue."""

from __future__ import annotations

from addin.texts import argument_help, summary
from csmcalc.catalog import CATALOGUE, Entry

_HEAD = '''\
"""The functions as xlwings calls them. Written by python -m addin.build; do not edit."""

# mypy: ignore-errors
import xlwings as xw

from csmcalc import __version__
from csmcalc.excel.bridge import call, last_error, rows_of


@xw.func(category="csmcalc")
@xw.ret("raw")
def CSM_LAST_ERROR():
    """The reason of the last error a function gave, empty when there was none."""
    return rows_of(last_error())


@xw.func(category="csmcalc")
@xw.ret("raw")
def CSM_VERSION():
    """The versions of csmcalc and of xlwings that answer."""
    return rows_of(f"csmcalc {__version__}, xlwings {xw.__version__}")
'''


def content() -> bytes:
    """The module's text."""
    return "\n\n".join([_HEAD, *map(_function, CATALOGUE)]).encode()


def _function(entry: Entry) -> str:
    names = [argument.name for argument in entry.arguments]
    head = ", ".join(
        f"{argument.name}=None" if argument.is_optional else argument.name
        for argument in entry.arguments
    )
    lines = [f'@xw.func(category="csmcalc {entry.group}")']
    lines += [
        f'@xw.arg("{argument.name}", "raw", doc={argument_help(argument)!r})'
        for argument in entry.arguments
    ]
    lines += ['@xw.ret("raw")', f"def {entry.name}({head}):", f"    {summary(entry)!r}"]
    lines += [f"    return rows_of(call({', '.join([repr(entry.name), *names])}))", ""]
    return "\n".join(lines)
