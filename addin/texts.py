"""Help texts as Excel takes them: one line, at most 255 characters."""

from __future__ import annotations

from csmcalc.catalog import Argument, Entry

_LIMIT = 255


def summary(entry: Entry) -> str:
    """What the function gives."""
    return _cut(entry.summary)


def argument_help(argument: Argument) -> str:
    """What the argument is, its unit and its default."""
    default = f"; default {argument.default_text}" if argument.default_text else ""
    return _cut(f"{argument.text}; {argument.unit}{default}")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LIMIT else f"{line[: _LIMIT - 3]}..."
