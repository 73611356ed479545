"""Where answers of the engine stand: that they belong to other drivers once one was changed."""

from __future__ import annotations

from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Cell, Look
from csmcalc.reports.sheets.origin import is_fresh
from csmcalc.reports.wording import Phrase, literal, phrase, when

ORIGINS = "MonthInputs"
LIVE_CASE_ROW = "Live case"
MONTHS_FRESH = is_fresh(ORIGINS)
"""The condition that the drivers still are those that csmcalc's answers were computed from."""

CASES_FRESH = f'COUNTIFS({ORIGINS}[Same],"changed",{ORIGINS}[Input],"<>{LIVE_CASE_ROW}")=0'
"""The same for what stands for every case, whichever is live."""

STALE = "stale"


def again(timeline: Timeline) -> str:
    """What computes the answers anew."""
    return "csmcalc fill --update" if timeline.plan.book.full else "csmcalc timeline again"


def marked(words: Phrase | str, fresh: str = MONTHS_FRESH) -> Phrase:
    """A heading over answers of the engine, or over one row of them."""
    return phrase(words, when(fresh, True, "", " · stale since optimised"))


def state(fresh: str = MONTHS_FRESH, look: Look = Look.MUTED) -> Cell:
    """Beside answers of the engine: whether they are those of the drivers as they stand."""
    return Cell("as computed", f'IF({fresh},"as computed","{STALE}")', look=look, coloured=(STALE,))


def stale_first(timeline: Timeline, fresh: Phrase | str, stale: Phrase | str = "") -> Phrase:
    """A sentence on answers of the engine; once they are stale that, and what still holds."""
    warning = f"Stale since optimised: a driver was changed; run {again(timeline)}. "
    held = phrase(literal(warning), stale) if stale else literal(warning.rstrip())
    return when(MONTHS_FRESH, True, fresh, held)
