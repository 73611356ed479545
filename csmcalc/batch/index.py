"""The index workbook of a run: every slice beside the whole."""

from __future__ import annotations

import time

from csmcalc.batch.begin import INDEX, Prepared
from csmcalc.batch.folder import RunFolder, flush, write_part, writing
from csmcalc.batch.makers import BookSource, PlanMaker
from csmcalc.batch.manifest import DONE, Entry
from csmcalc.batch.run import Outcome, RunStoppedError, record
from csmcalc.batch.slices import digest_of
from csmcalc.errors import WorkbookError
from csmcalc.plan.plan import Plan
from csmcalc.plan.slices import Figures, nothing_planned, numbers
from csmcalc.plan.timeline.digest import Ending, ending_of
from csmcalc.plan.timeline.timeline import make_timeline
from csmcalc.reports.render import render
from csmcalc.reports.sheets.index import SliceLine, index_report
from csmcalc.reports.sheets.index_scenarios import CaseLine


def deliver_index(folder: RunFolder, ready: Prepared, outcome: Outcome, by: str) -> list[Entry]:
    """Write the index, unless it is there already as it would be written."""
    whole, source, maker = ready.whole, ready.source, ready.maker
    assert whole is not None
    assert isinstance(source, BookSource)
    assert isinstance(maker, PlanMaker)
    by_slice: dict[str, list[Entry]] = {}
    for entry in outcome.entries:
        by_slice.setdefault(entry.slice, []).append(entry)
    empty = {job.slice: job for job in ready.empty}
    lines = []
    for label in source.planned.labels:
        if label in empty:
            figures = nothing_planned(source.slice(empty[label].position))
            lines.append(SliceLine(label, "", "nothing to plan", figures))
        else:
            lines.append(_line(by_slice[label]))
    # The index holds the plan of the whole list too: all that the reports are made of counts.
    made_of = [job.key for job in (*ready.jobs, *ready.empty)], whole.book.problems
    key = digest_of(sorted(ready.inputs.items()), lines, made_of)
    before = folder.record.entries.get(INDEX) if folder.record else None
    if before and before.key == key and folder.digest(INDEX) == before.sha256:
        return [before]
    begun = time.perf_counter()
    endings = _endings(whole, lines, every_segment=maker.every_segment)
    content = render(index_report(whole, lines, by, endings))
    try:
        with writing(folder.path / INDEX):
            part, sha256 = write_part(folder.scratch, 0, content)
            flush([part])
            part.replace(folder.path / INDEX)
    except WorkbookError as stop:
        done = len(outcome.having(DONE))
        raise RunStoppedError(str(stop), done, len(outcome.entries)) from stop
    seconds = round(time.perf_counter() - begun, 6)
    entry = Entry(key, INDEX, "", DONE, len(whole.accounts), sha256, seconds)
    record(folder, [entry])
    return [entry]


def _endings(whole: Plan, lines: list[SliceLine], *, every_segment: bool) -> dict[str, Ending]:
    """How the months of the whole list end in each scenario of a run."""
    scenarios = dict.fromkeys(case.scenario for line in lines for case in line.cases)
    return {
        name: ending_of(make_timeline(whole, scenario=name, every_segment=every_segment))
        for name in scenarios
    }


def readable(entry: Entry) -> bool:
    """Whether the figures recorded of a report are there, as this program records them."""
    try:
        _line([entry])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def _line(entries: list[Entry]) -> SliceLine:
    """A slice by its reports; its plan is the same in all of them."""
    first = next((entry for entry in entries if entry.status == DONE), entries[0])
    cases = tuple(_case(entry) for entry in entries if entry.scenario)
    figures = Figures.of_plain(first.figures["plan"]) if first.status == DONE else None
    return SliceLine(first.slice, _file(first), _status(first), figures, cases)


def _case(entry: Entry) -> CaseLine:
    ending = Ending(**numbers(entry.figures["months"])) if entry.status == DONE else None
    return CaseLine(entry.slice, entry.scenario, _file(entry), _status(entry), ending)


def _file(entry: Entry) -> str:
    return entry.file if entry.status == DONE else ""


def _status(entry: Entry) -> str:
    return "done" if entry.status == DONE else f"failed: {entry.error}"
