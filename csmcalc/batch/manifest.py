"""The record of a run: a line of JSON for each report, appended once the report is in its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from csmcalc.errors import InputError

MANIFEST = "manifest.jsonl"
DONE, FAILED = "done", "failed"
_OPTIONAL = ("sha256", "error", "figures", "scenario")


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one report.

    Attributes:
        key: tells the job: its inputs, settings, program version and name, all in one digest.
        file: the name of the report in the run folder.
        slice: what the report is about.
        status: done or failed.
        rows: rows of the list in it.
        sha256: digest of the file; "" where there is none.
        seconds: time it took.
        error: why it failed.
        figures: what an index needs of it.
        scenario: the live scenario of its months; "" where it has none.
    """

    key: str
    file: str
    slice: str
    status: str
    rows: int
    sha256: str = ""
    seconds: float = 0.0
    error: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    scenario: str = ""


_NAMES = tuple(one.name for one in fields(Entry))


@dataclass(frozen=True, slots=True)
class Record:
    """The content of a manifest: what the run was begun with, and the last entry of each file."""

    inputs: Mapping[str, str]
    entries: Mapping[str, Entry]


class Manifest:
    """A manifest open for appending; a line is written whole or taken back."""

    def __init__(self, folder: Path) -> None:
        """Open or create the manifest of a folder, and cut off a line that was never finished."""
        self.path = folder / MANIFEST
        self._handle = os.open(
            self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666
        )
        content = self.path.read_bytes()
        self._end = content.rfind(b"\n") + 1
        if self._end < len(content):
            os.ftruncate(self._handle, self._end)

    def begin(self, inputs: Mapping[str, str]) -> None:
        """Say what the reports that follow are made from."""
        self._append([{"run": dict(inputs)}])

    def add(self, entries: Iterable[Entry]) -> None:
        """Record reports that are in their places."""
        self._append([_plain(entry) for entry in entries])

    def _append(self, lines: list[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        content = text.encode("utf-8", "surrogatepass")
        try:
            os.lseek(self._handle, self._end, os.SEEK_SET)
            written = 0
            while written < len(content):
                written += os.write(self._handle, content[written:])
            os.fsync(self._handle)
        except BaseException:
            os.ftruncate(self._handle, self._end)
            raise
        self._end += len(content)

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def read_manifest(folder: Path) -> Record | None:
    """The record of a folder's run; None where there is none, or none that was ever begun."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    inputs: Mapping[str, str] | None = None
    entries: dict[str, Entry] = {}
    for number, line in enumerate(_whole_lines(path), start=1):
        try:
            content = json.loads(line)
            if "run" in content:
                inputs = {str(key): str(value) for key, value in content["run"].items()}
            else:
                entry = _entry(content)
                entries[entry.file] = entry
        except (ValueError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path}: line {number} is no record of a report ({error}); begin again in a new "
                "folder"
            ) from None
    return None if inputs is None else Record(inputs, entries)


def _entry(content: Mapping[str, Any]) -> Entry:
    """An entry whose values are what they should be."""
    entry = Entry(**content)
    for name in _NAMES:
        value, kind = getattr(entry, name), _KINDS.get(name, str)
        if isinstance(value, bool) or not isinstance(value, kind):
            raise TypeError(f"{name} cannot be {value!r}")
    if entry.status not in (DONE, FAILED):
        raise ValueError(f"status cannot be {entry.status!r}")
    return entry


_KINDS: Mapping[str, Any] = {"rows": int, "seconds": (int, float), "figures": dict}
"""Types of an entry's values; all others are text."""


def _whole_lines(path: Path) -> Iterator[str]:
    content = path.read_bytes().decode("utf-8", "surrogateescape")
    # What follows the last line break was being written when the run ended.
    yield from content.split("\n")[:-1]


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry as JSON carries it, without what it leaves empty."""
    content = {name: getattr(entry, name) for name in _NAMES}
    return {k: v for k, v in content.items() if k not in _OPTIONAL or v not in ("", {})}
