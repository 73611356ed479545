"""What the reports of a run are called: safe on every system, each name once."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from pathvalidate import sanitize_filename

from csmcalc.errors import InputError
from csmcalc.reports.template import folded

WITHOUT = "without"
"""The name of the slice whose cells are empty begins so: "without owner"."""

_LONGEST = 180
"""Bytes of a name: file systems allow 255, and a temporary name or a copy needs some of them."""

_SHOWN = 5


_PIECE = re.compile(r"(?P<literal>[^{}]+|\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<lone>[{}])")


class NamePattern:
    """A pattern such as `{owner}-{month}.xlsx`, checked before the first report is made."""

    def __init__(self, pattern: str, by: str, suffix: str, scenarios: Sequence[str] = ()) -> None:
        """Check that a pattern names files of its own, one for each slice and scenario."""
        self.pattern, self.by, self.suffix = pattern, by, suffix
        self.values = [*_OF_THE_DAY, *(["scenario"] if scenarios else [])]
        self.pieces = list(self._pieces())
        if "/" in pattern or "\\" in pattern:
            raise InputError(
                f'--name "{pattern}": reports stand in the run folder itself; leave the / out'
            )
        if not pattern.lower().endswith(suffix):
            raise InputError(f'--name "{pattern}": the reports are {suffix} files; end it so')
        if _SLICE not in self.pieces:
            raise InputError(
                f'--name "{pattern}": every report would have the same name; write {{slice}} in it'
            )
        if len(scenarios) > 1 and ("", "scenario") not in self.pieces:
            raise InputError(
                f'--name "{pattern}": the scenarios of a slice would have the same name; write '
                "{scenario} in it"
            )

    def _pieces(self) -> Iterator[tuple[str, str]]:
        """Literal text and fields in turn; what the slices are cut by means the slice."""
        for match in _PIECE.finditer(self.pattern):
            if match["lone"]:
                raise InputError(
                    f'--name "{self.pattern}": a {match["lone"]} stands alone; write it twice to '
                    "have one in the names"
                )
            if match["field"] is None:
                text = match["literal"]
                yield text[0] if text in ("{{", "}}") else text, ""
            elif folded(match["field"]) in (folded(self.by), "slice"):
                yield _SLICE
            elif match["field"] in self.values:
                yield "", match["field"]
            else:
                fields = dict.fromkeys([self.by, "slice", *self.values])
                wanted = ", ".join(f"{{{field}}}" for field in fields)
                raise InputError(
                    f'--name "{self.pattern}": what stands in braces can be {wanted} and nothing '
                    "else"
                )

    def name(self, label: str, as_of: dt.date, scenario: str = "") -> str:
        """The name of one slice's report."""
        values = {field: f"{as_of:{form}}" for field, form in _OF_THE_DAY.items()}
        values |= {"slice": label, "scenario": scenario}
        filled = "".join(values[field] if field else text for text, field in self.pieces)
        return safe_name(filled[: -len(self.suffix)], self.suffix)


_SLICE = "", "slice"
_OF_THE_DAY = {"month": "%Y-%m", "date": "%Y-%m-%d", "year": "%Y"}


def safe_name(stem: str, suffix: str) -> str:
    """A name that any system takes, inside any folder.

    >>> safe_name("../../etc/passwd", ".xlsx"), safe_name("CON", ".xlsx"), safe_name("A:B", ".xlsx")
    ('_._.._etc_passwd.xlsx', 'CON_.xlsx', 'A_B.xlsx')
    """
    text = unicodedata.normalize("NFC", stem)
    visible = "".join("_" if _unseen(letter) else letter for letter in text).strip(" ")
    clean = sanitize_filename(visible, "_", platform="universal", max_len=10_000).rstrip(". ")
    # A leading dot hides a file, a leading ~$ is what Excel calls the locks of open ones.
    if clean.startswith(("~$", ".")):
        clean = f"_{clean[1:]}"
    clean = clean or "_"
    encoded = clean.encode("utf-8")
    if len(encoded) > _LONGEST:
        mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        clean = f"{encoded[: _LONGEST - 9].decode('utf-8', 'ignore').rstrip('. ')}~{mark}"
    return clean + suffix


def _unseen(letter: str) -> bool:
    """Control characters, and those that turn the direction of what follows."""
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def check_collisions(names: Sequence[str], labels: Sequence[str], taken: Mapping[str, str]) -> None:
    """Refuse reports that would overwrite one another, here or on another system.

    `labels` say what each is about; `taken` are names that the run folder needs for itself, and
    what for.
    """
    seen = {compared(name): what for name, what in taken.items()}
    clashes, own = [], False
    for name, label in zip(names, labels, strict=True):
        key, about = compared(name), f'"{label}"'
        if key in seen:
            clashes.append(f"{seen[key]} and {about} would both be {name}")
            own |= seen[key] in taken.values()
        seen.setdefault(key, about)
    if clashes:
        rest = f"; and {len(clashes) - _SHOWN:,} more" if len(clashes) > _SHOWN else ""
        remedy = (
            'give the reports names of their own, such as --name "{slice} report.xlsx"'
            if own
            else "spell what is the same alike in the list, and what is not so that more than "
            "capitals, accents and signs tell it apart"
        )
        raise InputError(f"{'; '.join(clashes[:_SHOWN])}{rest}: {remedy}")


def compared(name: str) -> str:
    """How file systems that ignore case and spelling compare names."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
