"""What many reports cost: a template filled 10,000 times, plans slice by slice, reading a million.

    python -m benchmarks.batch [REPORTS] [ROWS] [PLANS]

Targets: 10,000 reports of 50 rows in 2 s on two cores, reading not included; reading 1,000,000
customers, segmenting and grouping at most 1.5 times pandas reading them as text; 60 MB beside the
list for a batch with a report of a million rows. That the rows of all reports
are the rows of the list is checked first. Beside each figure stands what the disk alone takes: the
same files written one by one, each forced to the disk.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from benchmarks.child import added_megabytes
from benchmarks.plan import customers
from csmcalc.batch.begin import FIXED, prepare_plans, prepare_stamps
from csmcalc.batch.folder import run_folder
from csmcalc.batch.pool import warm_up
from csmcalc.batch.run import Run, processors
from csmcalc.batch.template import read_once
from csmcalc.io.customers import read_customers
from csmcalc.io.files.tables import read_table
from csmcalc.io.options import ReadOptions
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.reports.template import Limits

AS_OF = dt.date(2026, 9, 30)
OPTIONS = ReadOptions(as_of=AS_OF)
SECONDS, RATIO, MEGABYTES = 2.0, 1.5, 60


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def cpu_of(work: Callable[[], object]) -> tuple[float, Any]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def template(path: Path, headings: list[str]) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Accounts"
    sheet["A1"] = "Accounts of {{owner}}, {{month}}"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([])
    sheet.append(headings)
    sheet.append([None] * len(headings))
    last = chr(ord("A") + len(headings) - 1)
    sheet.add_table(Table(displayName="Accounts", ref=f"A3:{last}4"))
    book.save(path)


def rows_of(folder: Path) -> int:
    rows = 0
    for path in folder.glob("*.xlsx"):
        lines = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        rows += len(lines) - 3
    return rows


def stamps(folder: Path, reports: int, rows: int) -> None:
    made = customers(reports * rows)
    made["Owner"] = [f"CSM {n % reports:05d}" for n in range(len(made))]
    made["ARR"] = made["ARR"].str.replace("[$,]", "", regex=True)
    source, form = folder / "list.csv", folder / "template.xlsx"
    made.to_csv(source, index=False)
    template(form, list(made))
    compiled, content = read_once(form, Limits())
    warm_up()
    reading, ready = timed(
        lambda: prepare_stamps(
            lambda: read_table(source, OPTIONS), OPTIONS, compiled, content, "Owner", None
        )
    )
    print(f"reading and slicing {len(made):,} rows: {reading:.2f} s")
    for jobs in (1, processors()):
        out = folder / f"out{jobs}"
        with run_folder(out, resume=False) as held:
            run = Run(held, ready.inputs, FIXED, jobs)
            seconds, _ = timed(lambda run=run: run.work(ready.jobs, ready.source, ready.maker))
        assert rows_of(out) == len(made), "rows were lost"
        disk = writing(out, folder / f"disk{jobs}")
        verdict = "ok" if seconds <= SECONDS else "MISSED"
        print(
            f"{reports:,} reports of {rows} rows, {jobs} process(es): {seconds:.2f} s {verdict} "
            f"({1000 * seconds / reports:.3f} ms each; the disk alone {disk:.2f} s)"
        )


def writing(reports: Path, folder: Path) -> float:
    """Seconds to write the same files, each forced to the disk."""
    contents = [path.read_bytes() for path in reports.glob("*.xlsx")]
    folder.mkdir()

    def write() -> None:
        for number, content in enumerate(contents):
            with (folder / str(number)).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())

    return timed(write)[0]


def plans(folder: Path, count: int) -> None:
    made = customers(count * 50)
    made["Owner"] = [f"CSM {n % count:05d}" for n in range(len(made))]
    source = folder / "plans.csv"
    made.to_csv(source, index=False)
    warm_up()
    reading, ready = timed(
        lambda: prepare_plans(
            lambda: read_table(source, OPTIONS), OPTIONS, Settings(), "owner", None
        )
    )
    for jobs in (1, processors()):
        with run_folder(folder / f"plans{jobs}", resume=False) as held:
            run = Run(held, ready.inputs, FIXED, jobs)
            seconds, _ = timed(lambda run=run: run.work(ready.jobs, ready.source, ready.maker))
        print(
            f"{count:,} plans of 50 accounts, {jobs} process(es): {seconds:.2f} s "
            f"({1000 * seconds / count:.0f} ms each; reading and planning the whole {reading:.2f})"
        )


def million(folder: Path, count: int = 1_000_000) -> None:
    source = folder / "million.csv"
    customers(count).to_csv(source, index=False)
    pandas, _ = cpu_of(lambda: pd.read_csv(source, dtype=str))
    alone, book = cpu_of(lambda: read_customers(source, OPTIONS))
    planned, plan = cpu_of(lambda: make_plan(book, Settings()))
    grouped, table = cpu_of(lambda: plan.accounts.groupby(["owner", "segment"])["arr"].sum())
    assert abs(np.sum(table.to_numpy()) - plan.arr) < 0.01
    ratio = (alone + planned + grouped) / pandas
    verdict = "ok" if ratio <= RATIO else "MISSED"
    print(
        f"{count:,} customers, CPU: pandas reading them as text {pandas:.2f} s; reading, checking "
        f"and resolving {alone:.2f} s, planning and segmenting {planned:.2f} s, grouping "
        f"{grouped:.2f} s; {ratio:.1f} times the reader, target {RATIO} {verdict}"
    )


def one_report(folder: Path, rows: int = 1_000_000) -> None:
    """A batch whose one report has all rows, in a process of its own."""
    source, form = folder / "million.csv", folder / "form.xlsx"
    made = customers(rows).drop(columns="ARR").assign(Owner="Ann")
    made.to_csv(source, index=False)
    template(form, list(made))
    code = "import sys; from benchmarks.batch import one_batch; one_batch(*sys.argv[1:])"
    command = [sys.executable, "-c", code, str(source), str(form), str(folder / "one")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    cpu, added = map(float, done.stdout.split())
    assert rows_of(folder / "one") == rows, "rows were lost"
    verdict = "ok" if added <= MEGABYTES else "MISSED"
    print(
        f"a batch of one report of {rows:,} rows: {cpu:.1f} s CPU, added memory {added:.0f} MB, "
        f"target {MEGABYTES} MB {verdict}"
    )


def one_batch(source: str, form: str, out: str) -> None:
    """What it takes beside the list: seconds of the processor, megabytes."""
    compiled, content = read_once(Path(form), Limits())
    ready = prepare_stamps(
        lambda: read_table(Path(source), OPTIONS), OPTIONS, compiled, content, "Owner", None
    )
    with run_folder(Path(out), resume=False) as held:
        run = Run(held, ready.inputs, FIXED, 1)
        before = time.process_time()
        added = added_megabytes(lambda: run.work(ready.jobs, ready.source, ready.maker))
        print(time.process_time() - before, added)


def main() -> None:
    reports, rows, count = (int(n) for n in (*sys.argv[1:], 10_000, 50, 40)[:3])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stamps(folder, reports, rows)
        plans(folder, count)
        million(folder)
        one_report(folder)


if __name__ == "__main__":
    main()
