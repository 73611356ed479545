"""The index workbook of a run: every slice beside the whole."""

from __future__ import annotations

import hashlib
import time

from csmcalc.batch.begin import INDEX, Prepared
from csmcalc.batch.folder import RunFolder, flush, write_part, writing
from csmcalc.batch.makers import BookSource
from csmcalc.batch.manifest import DONE, Entry
from csmcalc.batch.run import Outcome, RunStoppedError, record
from csmcalc.batch.slices import digest_of
from csmcalc.errors import WorkbookError
from csmcalc.plan.slices import Figures, nothing_planned
from csmcalc.reports.render import render
from csmcalc.reports.sheets.index import SliceLine, index_report


def deliver_index(folder: RunFolder, ready: Prepared, outcome: Outcome, by: str) -> list[Entry]:
    """Write the index, unless it is there already as it would be written."""
    whole, source = ready.whole, ready.source
    assert whole is not None
    assert isinstance(source, BookSource)
    by_slice = {entry.slice: entry for entry in outcome.entries}
    empty = {job.slice: job for job in ready.empty}
    lines = []
    for label in source.planned.labels:
        if label in empty:
            figures = nothing_planned(source.slice(empty[label].position))
            lines.append(SliceLine(label, "", "nothing to plan", figures))
        else:
            lines.append(_line(by_slice[label]))
    key = digest_of(sorted(ready.inputs.items()), lines)
    before = folder.record.entries.get(INDEX) if folder.record else None
    if before and before.key == key and folder.digest(INDEX) == before.sha256:
        return [before]
    begun = time.perf_counter()
    content = render(index_report(whole, lines, by))
    try:
        with writing(folder.path / INDEX):
            part = write_part(folder.scratch, 0, content)
            flush([part])
            part.replace(folder.path / INDEX)
    except WorkbookError as stop:
        done = len(outcome.having(DONE))
        raise RunStoppedError(str(stop), done, len(outcome.entries)) from stop
    seconds = round(time.perf_counter() - begun, 6)
    sha256 = hashlib.sha256(content).hexdigest()
    entry = Entry(key, INDEX, "", DONE, len(whole.accounts), sha256, seconds)
    record(folder, [entry])
    return [entry]


def _line(entry: Entry) -> SliceLine:
    if entry.status == DONE:
        return SliceLine(entry.slice, entry.file, "done", Figures.of_plain(entry.figures))
    return SliceLine(entry.slice, "", f"failed: {entry.error}", None)
