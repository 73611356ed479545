"""What the terminal shows of books."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from csmcalc.cli.answers import console, money_in
from csmcalc.plan.books import BookPlan
from csmcalc.portfolio.books import answers
from csmcalc.portfolio.books.words import asked_words, ended_words, proof_words

_CSMS_SHOWN = 40
_OVER_SHOWN = 5


def show_books(made: BookPlan, written: Path, note: str = "") -> None:
    """The books, how even they are, what they rest on."""
    out = console()
    for said in made.plan.book.notes:
        out.print(f"  [dim]note[/] {escape(said)}")
    out.print(_books(made))
    out.print(_balance(made))
    if note:
        out.print(f"  [yellow]LOOK[/] {escape(note)}")
    for one in answers.over(made.assigned, made.plan.settings.books.tolerance)[:_OVER_SHOWN]:
        load = answers.WORDS.get(one.load, one.load)
        words = f"{one.csm}: {load} {one.above:+.0%} of target: {one.why}"
        out.print(f"  [yellow]LOOK[/] {escape(words)}")
    for cost in made.rule_costs:
        out.print(f"  [dim]rule[/] {escape(cost.rule)}: costs {cost.gain:.2f} points")
    if made.asked:
        out.print(f"  {escape(asked_words(made.asked))}")
    out.print(f"  {proof_words(made.assigned)}")
    if made.assigned.interrupted:
        out.print(f"  {ended_words(made.assigned)}")
    out.print(f"\nWritten: {escape(str(written))}", soft_wrap=True)


def _books(made: BookPlan) -> Table:
    money = money_in(made.plan.book.currency)
    books = answers.books(made.task, made.assigned.owner)
    moves = answers.moves(made.assigned)
    title = (
        f"{_counted(len(made.task.customers), 'customer')}, {_counted(len(books), 'CSM')}; "
        f"{_counted(len(moves), 'customer')} to hand over"
    )
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("CSM")
    for heading in ("Customers", "ARR", "Hours", "of capacity"):
        table.add_column(heading, justify="right", overflow="fold")
    for line in books.head(_CSMS_SHOWN).to_dict("records"):
        cells = (money(line["arr"]), f"{line['hours']:,.0f}", f"{line['utilisation']:.0%}")
        table.add_row(escape(line["csm"]), f"{line['customers']:,}", *cells)
    if len(books) > _CSMS_SHOWN:
        table.add_row(f"and {len(books) - _CSMS_SHOWN:,} more", "", "", "", "", style="dim")
    return table


def _balance(made: BookPlan) -> Table:
    task = made.task
    today = answers.balance(task, answers.owners_today(task)).set_index("load")
    after = answers.balance(task, list(made.assigned.owner)).set_index("load")
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Spread of the books")
    for heading in ("CV today", "CV", "max/min today", "max/min"):
        table.add_column(heading, justify="right")
    for load in after.index:
        cells = [_figure(frame.loc[load, "cv"], ".1%") for frame in (today, after)]
        cells += [_figure(frame.loc[load, "max_min"], ".2f") for frame in (today, after)]
        table.add_row(escape(answers.WORDS.get(load, load)), *cells)
    return table


def _figure(number: float, form: str) -> str:
    """A figure, or a dash where a book is empty or nobody owns anything."""
    return format(number, form) if np.isfinite(number) else "-"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
