"""Who counts as a customer by the workbook's own words: those of its table Statuses on Inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from csmcalc.io.cells.content import shown
from csmcalc.io.cells.words import state_of
from csmcalc.io.naming.recognise import recognise
from csmcalc.io.naming.vocabulary import PREFIX
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable
from csmcalc.io.values.columns import text_column
from csmcalc.plan.cells import PLANNED
from csmcalc.planning.damage import Damage
from csmcalc.planning.opened import Failed, Opened
from csmcalc.planning.places import place
from csmcalc.planning.typed import blanks_around
from csmcalc.portfolio.book import Reason

STATUS = "status"
_STATUSES = "Statuses"
_ACTIVE = "active"
_READ_AS: Mapping[str, str] = {PLANNED: _ACTIVE, Reason.PROSPECT.value: "prospect"}
"""By what word the reader of lists knows what a word counts as, where by another."""
COUNTS = (
    PLANNED,
    *(one.value for one in (Reason.CHURNED, Reason.TRIAL, Reason.PROSPECT, Reason.DELETED)),
)
"""What a word may count as."""
_NO_WORD = (None, Reason.NO_REVENUE)
"""Reasons for which no word is needed."""


@dataclass(frozen=True, slots=True)
class Statuses:
    """Each word of the workbook's list, and what it counts as."""

    counts: Mapping[str, str]

    def in_workbook(self, word: Any) -> str:
        """What the workbook's formulas count a word as."""
        return self.counts.get(_plain(word), PLANNED)

    def in_list(self, word: Any) -> str:
        """The same of a word of a list, which the reader of lists may know where they do not."""
        state = state_of(word.strip()) if isinstance(word, str) and word.strip() else None
        if _plain(word) in self.counts or state is None:
            return self.in_workbook(word)
        reason = Reason.PROSPECT.value if state.value == "prospect" else state.value
        return self.counts.get(reason, PLANNED if reason == _ACTIVE else reason)

    def word_for(self, word: Any, counted: str) -> Any:
        """What is written beside a customer: the list's own word where it counts as that."""
        if self.in_workbook(word) == counted:
            return word if _plain(word) else None
        words = [own for own, counts in self.counts.items() if counts == counted]
        return counted if counted in words else next(iter(words), None)

    def unknown(self, words: Iterable[Any]) -> int:
        """How many of these are words that the workbook does not know."""
        return sum(bool(_plain(word)) and _plain(word) not in self.counts for word in words)


def statuses_of(opened: Opened) -> Statuses:
    """The words that stand in a workbook."""
    area = opened.area(_STATUSES)
    if area is None:
        return Statuses({})
    rows = range(area.top + 1, area.bottom + 1)
    pairs = [[opened.value(area.sheet, row, area.left + at) for at in (0, 1)] for row in rows]
    return Statuses(
        {
            _plain(word): _plain(counts)
            for word, counts in pairs
            if isinstance(word, str) and isinstance(counts, str)
        }
    )


def check_statuses(opened: Opened, damage: Damage) -> None:
    """Note words of the table Statuses that nothing counts as, or that formulas read otherwise."""
    area = opened.area(_STATUSES)
    if area is None:
        return
    seen: dict[str, str] = {}
    for row in range(area.top + 1, area.bottom + 1):
        word, counts = (opened.value(area.sheet, row, area.left + at) for at in (0, 1))
        where, beside = (place(area.sheet, row, area.left + at) for at in (0, 1))
        if word not in (None, ""):
            wrong = _wrong_word(word, seen)
            if wrong:
                damage.add(f"{where} (Status) {wrong}")
            else:
                seen[_plain(word)] = where
        if word not in (None, "") or counts not in (None, ""):
            wrong = _wrong_count(counts)
            if wrong:
                damage.add(f"{beside} (Counts as) {wrong}")


def _wrong_word(word: Any, seen: Mapping[str, str]) -> str:
    if isinstance(word, Failed):
        return f"holds {word.word}; type a word, or empty its row"
    if not isinstance(word, str):
        return f"is {shown(word)}, which is no word; type a word, or empty its row"
    if word != word.strip():
        return blanks_around(word)
    first = seen.get(_plain(word))
    return f'is "{word}", as is {first}; each word counts as one thing: keep one' if first else ""


def _wrong_count(counts: Any) -> str:
    if isinstance(counts, str) and counts.casefold() in COUNTS:
        return ""
    said = counts.word if isinstance(counts, Failed) else shown(counts)
    now = f'"{said}"' if isinstance(counts, str) and said else said or "empty"
    return f"is {now}; type {', '.join(COUNTS[:-1])} or {COUNTS[-1]}"


def counted(raw: RawTable, at: int | None, counts: Callable[[Any], str]) -> RawTable:
    """A table with the words of its status column such that its reader counts them so."""
    if at is None:
        return raw
    meant = {word: _for_reader(word, counts) for word in pd.unique(raw.cells[at])}
    words = [meant[word] for word in raw.cells[at]]
    cells = raw.cells.copy()
    cells[at] = pd.Series(words, dtype=object)
    return replace(raw, cells=cells)


def status_column(raw: RawTable, options: ReadOptions) -> int | None:
    """Where a list has its status words."""
    told = {f: h for f, h in options.columns.items() if not f.startswith(PREFIX)}
    columns = recognise(raw.source, raw.headers, told, as_of=options.as_of)
    found = columns.by_field.get(STATUS)
    return None if found is None else found.index


def words_of(raw: RawTable, at: int | None) -> Mapping[int, Any]:
    """The status word of each row of a list."""
    if at is None:
        return {}
    return dict(zip(raw.rows.tolist(), text_column(raw.column(at)), strict=True))


@dataclass(frozen=True, slots=True)
class StatusColumn:
    """The status column of a workbook that is filled from a list, by the words of its rows."""

    statuses: Statuses
    words: Mapping[int, Any]

    def __call__(self, rows: Sequence[int], reasons: Sequence[Any]) -> list[Any]:
        """What is written into each row, so that it counts there as here; None for nothing."""
        word_for = cache(self.statuses.word_for)
        return [
            word_for(self.words.get(row), PLANNED if reason in _NO_WORD else str(reason))
            for row, reason in zip(rows, reasons, strict=True)
        ]


def _for_reader(word: Any, counts: Callable[[Any], str]) -> Any:
    if not _plain(word):
        return word
    wanted = counts(word)
    known = state_of(word.strip()) if isinstance(word, str) else None
    now = known.value if known else _ACTIVE
    meant = _READ_AS.get(wanted, wanted)
    return word if now == meant else meant


def _plain(word: Any) -> str:
    return word.strip().casefold() if isinstance(word, str) else ""
