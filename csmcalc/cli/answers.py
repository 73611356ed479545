"""What the terminal shows of a plan, and of a list that cannot be planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from csmcalc.errors import TableError
from csmcalc.io.problems import MOST_OF_A_KIND
from csmcalc.plan.checks import accounts_of, checks_of
from csmcalc.plan.plan import Plan
from csmcalc.reports.files import problems_beside
from csmcalc.reports.theme import symbol

_PROBLEMS_SHOWN = 200
_NARROW, _NARROWEST = 100, 72
"""Columns of a page and of a terminal; narrower ones would cut amounts short."""


def console(*, err: bool = False) -> Console:
    """A console that does not squeeze tables when the output is piped."""
    made = Console(stderr=err, highlight=False, soft_wrap=False)
    made.width = max(made.width, _NARROWEST if made.is_terminal else _NARROW)
    return made


def show_answers(plan: Plan, workbook: Path) -> None:
    """How the list was read, every view, and what wants a look."""
    out = console()
    out.print(_recognised(plan))
    for note in plan.book.notes:
        out.print(f"  [dim]note[/] {escape(note)}")
    out.print(_views(plan))
    for check in checks_of(plan):
        if not check.ok and check.key != "notes":
            out.print(f"  [yellow]LOOK[/] {escape(check.finding)}")
    beside = ""
    if plan.book.problems:
        beside = f" and {problems_beside(workbook)}"
    out.print(f"\nWritten: {workbook}{beside}", soft_wrap=True)


def _recognised(plan: Plan) -> Table:
    book = plan.book
    table = Table(box=SIMPLE_HEAD, title=escape(book.source), title_justify="left")
    table.add_column("Column")
    table.add_column("read as")
    for column in book.recognised:
        table.add_row(escape(column.header), escape(f"{column.title} ({column.how})"))
    if book.unused:
        shown = ", ".join(book.unused[:12]) + (" ..." if len(book.unused) > 12 else "")
        table.add_row(escape(shown), "not used", style="dim")
    return table


def money_in(currency: str) -> Callable[[float], str]:
    """How amounts of a currency are written."""

    def money(amount: float) -> str:
        return f"{'-' if amount < 0 else ''}{symbol(currency)}{abs(amount):,.0f}"

    return money


def _views(plan: Plan) -> Table:
    left = plan.book.excluded
    money = money_in(plan.book.currency)
    title = f"{accounts_of(len(plan.accounts))} planned, {money(plan.arr)} ARR"
    if len(left):
        title += f"; {len(left):,} left out, {money(float(left['arr'].sum()))}"
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("View")
    for heading in ("Demand", "CSMs", "ARR per CSM", "CSM cost a year"):
        table.add_column(heading, justify="right", overflow="fold")
    for view in plan.views:
        if view.key == "today" and not view.csms:
            continue
        each = money(plan.arr / view.csms) if view.csms else "-"
        people = f"[bold]{view.csms:,}[/]"
        table.add_row(view.title, f"{view.exact:,.1f}", people, each, money(view.cost))
    return table


def show_problems(error: TableError) -> None:
    """Every problem of a list: where, what, and what to do."""
    err = console(err=True)
    table = Table(box=SIMPLE_HEAD, title=escape(str(error)), title_justify="left")
    in_cells = any(problem.cell for problem in error.problems)
    table.add_column("Cell" if in_cells else "Row", overflow="fold", no_wrap=in_cells)
    for heading in ("Column", "Value", "What is wrong", "What to do"):
        table.add_column(heading, overflow="fold")
    for problem in error.problems[:_PROBLEMS_SHOWN]:
        row = problem.cell or ("" if problem.row is None else str(problem.row))
        cells = (problem.column, problem.value, problem.wrong, problem.remedy)
        table.add_row(row, *(escape(cell) for cell in cells))
    err.print(table)
    count = sum(problem.count for problem in error.problems)
    if count > _PROBLEMS_SHOWN:
        err.print(escape(f"These are the first. In all: {_by_column(error)}."))
        if error.skippable:
            err.print(f"--skip-bad-rows lists them in a CSV, at most {MOST_OF_A_KIND:,} of a kind.")
    or_skip = ", or leave these rows out with --skip-bad-rows" if error.skippable else ""
    what = "these cells" if in_cells else f"the list{or_skip}"
    err.print(f"Nothing was written. Mend {what}.")


def _by_column(error: TableError) -> str:
    counts: Counter[str] = Counter()
    for problem in error.problems:
        counts[problem.column or "whole rows"] += problem.count
    return ", ".join(f"{column} {count:,}" for column, count in counts.most_common())
