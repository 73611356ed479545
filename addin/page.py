"""docs/FUNCTIONS.md: every function with arguments, equation, errors and an example."""

from __future__ import annotations

from csmcalc.catalog import Entry, groups


def content() -> bytes:
    """The page's text."""
    lines = ["# Functions", "", "Written by `python -m addin.build` from the catalogue.", ""]
    for group, entries in groups().items():
        lines += [f"## {group}", ""]
        for entry in entries:
            lines += _section(entry)
    return ("\n".join(lines).rstrip() + "\n").encode()


def _section(entry: Entry) -> list[str]:
    lines = [f"### {entry.name}", "", f"`{entry.signature}`", "", entry.summary, ""]
    if entry.equation:
        lines += [entry.equation, ""]
    lines += ["| argument | meaning | unit |", "|---|---|---|"]
    for argument in entry.arguments:
        lines.append(f"| `{argument.signature}` | {argument.text} | {argument.unit} |")
    lines += ["", f"Returns {entry.returns} ({entry.unit}). {entry.errors}", ""]
    return [*lines, "```python", entry.example, "```", ""]
